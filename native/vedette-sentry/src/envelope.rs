//! What is known of an item besides its payload: the envelope it came in and who sent it.

use crate::attributes::{Attributes, Value};
use crate::ids::id;
use crate::json::{Arena, Json, read};
use crate::time::unix_ns;

/// A smaller difference between the two clocks is taken for the time on the way.
const DRIFT_NS_MIN: i64 = 55 * 60 * 1_000_000_000;

/// The envelope of an item, as the door saw it. All of it may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    /// The envelope header's `trace`: what the head of the trace decided for all of it.
    pub(crate) trace: Json<'a>,
    /// The envelope header's `sdk`.
    pub(crate) sdk: Json<'a>,
    /// Address of the client, "" if it is not known.
    pub(crate) client_address: &'a str,
    /// The client's User-Agent, "" if it sent none.
    pub(crate) user_agent: &'a str,
    /// Name of the service if the item does not say.
    pub(crate) service: &'a str,
    /// What to add to the sender's times.
    pub(crate) drift_ns: i64,
}

impl<'a> Envelope<'a> {
    /// Read the context that the caller made; what cannot be read is missing.
    pub(crate) fn read(context: &'a [u8], received_ns: i64, arena: &'a Arena) -> Self {
        let context = read(context, arena).unwrap_or(Json::Null);
        Self {
            trace: context.get("dsc"),
            sdk: context.get("sdk"),
            client_address: context.get("client_address").text().unwrap_or_default(),
            user_agent: context.get("user_agent").text().unwrap_or_default(),
            service: context.get("service").text().unwrap_or_default(),
            drift_ns: drift_ns(context.get("sent_at"), received_ns),
        }
    }

    /// The sender's time by the server's clock.
    pub(crate) fn time(&self, value: Json<'_>) -> Option<i64> {
        unix_ns(value).map(|time| time.saturating_add(self.drift_ns))
    }

    /// The share of traces that are kept, as the head of the trace says it.
    pub(crate) fn sample_rate(&self) -> Option<f32> {
        sample_rate(self.trace.get("sample_rate"))
    }

    /// The replay that ran while the trace began.
    pub(crate) fn replay_id(&self) -> Option<&'a str> {
        self.trace.get("replay_id").text()
    }

    /// The trace itself.
    pub(crate) fn trace_id(&self) -> Option<[u8; 16]> {
        id(self.trace.get("trace_id"))
    }

    /// Set what only the request tells of the sender, where a container asks for it.
    ///
    /// Containers without a version are older: they mark an address that is wanted by `{{auto}}`.
    pub(crate) fn infer(&self, wish: Wish, attributes: &mut Attributes<'a>) {
        let mut wants_address = wish.address;
        for name in ["client.address", "user.ip_address"] {
            if attributes.text(name).is_some_and(is_auto) {
                attributes.take(name);
                wants_address |= wish.is_old;
            }
        }
        if wants_address {
            attributes.set_text("client.address", Some(self.client_address));
        }
        if wish.user_agent {
            attributes.set_text("user_agent.original", Some(self.user_agent));
        }
    }
}

/// What a container wants to be inferred from the request that brought it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    is_old: bool,
    address: bool,
    user_agent: bool,
}

impl Wish {
    /// Read it from a container.
    pub(crate) fn of(container: Json<'_>) -> Self {
        let settings = container.get("ingest_settings");
        let is_auto = |name: &str| settings.get(name).text() == Some("auto");
        Self {
            is_old: container.get("version").is_null(),
            address: is_auto("infer_ip"),
            user_agent: is_auto("infer_user_agent"),
        }
    }
}

/// Whether an address stands for "the one you see".
pub(crate) fn is_auto(address: &str) -> bool {
    matches!(address, "{{auto}}" | "auto")
}

/// A share above 0 and up to 1; other numbers say nothing.
#[expect(clippy::cast_possible_truncation, reason = "the column has 32 bits")]
pub(crate) fn sample_rate(value: Json<'_>) -> Option<f32> {
    let rate = value.float()? as f32;
    (rate > 0.0 && rate <= 1.0).then_some(rate)
}

/// The platform, as events name it, of an SDK: `sentry.python.fastapi` is python.
pub(crate) fn platform_of(sdk_name: &str) -> &str {
    let mut words = sdk_name.split('.');
    if words.next() != Some("sentry") {
        return "";
    }
    match (words.next(), words.next()) {
        // The browser's platform is called javascript, that of the servers node.
        (Some("javascript"), Some("node" | "nestjs" | "bun" | "deno" | "aws-serverless")) => "node",
        (Some("rust"), _) => "native",
        (Some("dotnet"), _) => "csharp",
        (Some("java" | "kotlin"), _) => "java",
        (platform, _) => platform.unwrap_or_default(),
    }
}

/// How far the sender's clock lies behind ours, if it is too much for the way to explain.
fn drift_ns(sent_at: Json<'_>, received_ns: i64) -> i64 {
    let drift = unix_ns(sent_at).map_or(0, |sent| received_ns.saturating_sub(sent));
    if drift.saturating_abs() >= DRIFT_NS_MIN {
        drift
    } else {
        0
    }
}

/// Add what SDKs say of themselves.
pub(crate) fn set_sdk<'a>(sdk: Json<'a>, resource: &mut Attributes<'a>) {
    resource.set("sentry.sdk.name", sdk.get("name").word().map(Value::Text));
    resource.set(
        "sentry.sdk.version",
        sdk.get("version").word().map(Value::Text),
    );
}

#[cfg(test)]
mod tests {
    use super::{Attributes, Envelope, Wish, platform_of};
    use crate::attributes::Value;
    use crate::json::{Arena, Json, read};

    const HOUR_NS: i64 = 3_600_000_000_000;

    #[test]
    fn only_a_large_drift_moves_times() {
        let arena = Arena::new();
        for (received_ns, expected) in [
            (HOUR_NS * 3 / 4, 0),
            (HOUR_NS, HOUR_NS),
            (-HOUR_NS, -HOUR_NS),
        ] {
            let envelope = Envelope::read(
                br#"{"sent_at":"1970-01-01T00:00:00Z"}"#,
                received_ns,
                &arena,
            );
            assert_eq!(envelope.time(Json::Number("0")), Some(expected));
        }
        let without = Envelope::read(b"{}", HOUR_NS, &arena);
        assert_eq!(without.time(Json::Number("0")), Some(0));
    }

    #[test]
    fn a_context_that_cannot_be_read_is_an_empty_one() {
        let arena = Arena::new();
        let envelope = Envelope::read(b"{nonsense", 0, &arena);
        assert_eq!(
            (
                envelope.service,
                envelope.sample_rate(),
                envelope.trace_id()
            ),
            ("", None, None)
        );
    }

    #[test]
    fn the_address_is_inferred_only_where_it_is_wanted() {
        let arena = Arena::new();
        let envelope = Envelope::read(
            br#"{"client_address":"10.0.0.1","user_agent":"UA"}"#,
            0,
            &arena,
        );
        for (container, given, address, agent) in [
            (&br#"{"version":2,"ingest_settings":{"infer_ip":"auto","infer_user_agent":"auto"}}"#[..], None, Some("10.0.0.1"), Some("UA")),
            (br#"{"version":2,"ingest_settings":{"infer_ip":"never"}}"#, Some("{{auto}}"), None, None),
            (br#"{"version":2}"#, None, None, None),
            (br"{}", None, None, None),
            (br"{}", Some("{{auto}}"), Some("10.0.0.1"), None),
            (br"{}", Some("10.9.9.9"), Some("10.9.9.9"), None),
        ] {
            let mut attributes = Attributes::new();
            attributes.set_text("client.address", given);
            let wish = Wish::of(read(container, &arena).unwrap_or(Json::Null));
            envelope.infer(wish, &mut attributes);
            assert_eq!(attributes.get("client.address"), address.map(Value::Text));
            assert_eq!(attributes.get("user_agent.original"), agent.map(Value::Text));
        }
    }

    #[test]
    fn the_platform_is_read_from_the_name_of_the_sdk() {
        for (name, platform) in [
            ("sentry.python.fastapi", "python"),
            ("sentry.javascript.node", "node"),
            ("sentry.javascript.react", "javascript"),
            ("sentry.go", "go"),
            ("sentry.rust", "native"),
            ("other", ""),
            ("", ""),
        ] {
            assert_eq!(platform_of(name), platform, "{name}");
        }
    }
}
