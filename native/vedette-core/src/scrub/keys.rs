//! Which names say that their value must not be kept.

/// What the name of a value says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// The value may be kept, unless its text says otherwise.
    #[default]
    Plain,
    /// The value may be kept and need not be looked at.
    Harmless,
    /// The value must not be kept.
    Sensitive,
    /// A text must not be kept; a number says nothing (counts of tokens, lengths of passwords).
    SensitiveText,
}

impl Verdict {
    /// Tells whether a text of this name must go.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Sensitive | Self::SensitiveText)
    }
}

/// Parts of names, in lower case.
pub(super) const PARTS: [&str; 32] = [
    "password",
    "passwd",
    "passphrase",
    "mysql_pwd",
    "secret",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "privatekey",
    "credential",
    "two_factor",
    "two-factor",
    "card_number",
    "card-number",
    "cardnumber",
    "credit_card",
    "credit-card",
    "creditcard",
    "social_security",
    "csrf",
    "xsrf",
    "cvv",
    "phpsessid",
    "jsessionid",
    "sentrysid",
    "sessiontoken",
    "bearer",
];

/// Whole names, or the part of a name behind its last dot.
const WHOLE: [&str; 7] = [
    "otp",
    "ssn",
    "pwd_hash",
    "cookie",
    "set-cookie",
    "passcode",
    "cvc",
];

/// Names of cookies, before a `__1` that some add.
const COOKIES: [&str; 14] = [
    "sudo",
    "su",
    "session",
    "__session",
    "sessionid",
    "session_id",
    "user_session",
    "symfony",
    "fasthttpsessionid",
    "mysession",
    "irissessionid",
    "_vercel_jwt",
    "connect.sid",
    "sid",
];

/// Names of attributes whose values are words and numbers of instrumentations.
const HARMLESS: [&str; 27] = [
    "http.request.method",
    "http.method",
    "http.response.status_code",
    "http.status_code",
    "http.route",
    "http.scheme",
    "http.flavor",
    "url.scheme",
    "server.address",
    "server.port",
    "net.peer.name",
    "net.host.name",
    "db.name",
    "db.namespace",
    "db.collection.name",
    "db.sql.table",
    "db.system",
    "db.system.name",
    "db.operation",
    "db.operation.name",
    "rpc.system",
    "rpc.service",
    "rpc.method",
    "messaging.system",
    "messaging.operation",
    "messaging.destination.name",
    "peer.service",
];
const HARMLESS_BEGINNINGS: [&str; 16] = [
    "telemetry.",
    "process.runtime.",
    "sentry.sdk.",
    "os.",
    "host.",
    "code.",
    "thread.",
    "network.",
    "container.",
    "k8s.",
    "cloud.",
    "faas.",
    "service.",
    "deployment.",
    "otel.",
    "user_agent.",
];

/// Names looked at beyond this length are judged by their end.
const NAME_BYTES_MAX: usize = 512;

/// The names of one project.
#[derive(Debug, Clone)]
pub struct KeyRules {
    with_defaults: bool,
    fields: Vec<String>,
    safe: Vec<String>,
}

impl KeyRules {
    /// `fields` are parts of names that are sensitive too, `safe` are names that are not.
    #[must_use]
    pub fn new(with_defaults: bool, fields: &[String], safe: &[String]) -> Self {
        let lower = |names: &[String]| {
            let names = names.iter().map(|name| name.trim().to_lowercase());
            names.filter(|name| !name.is_empty()).collect()
        };
        Self {
            with_defaults,
            fields: lower(fields),
            safe: lower(safe),
        }
    }

    /// Tells whether our own names are among them.
    #[must_use]
    pub fn with_defaults(&self) -> bool {
        self.with_defaults
    }

    /// The parts of names that are sensitive besides our own.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Judges a name.
    #[must_use]
    pub fn verdict(&self, key: &[u8]) -> Verdict {
        let from = key.len().saturating_sub(NAME_BYTES_MAX);
        let key = String::from_utf8_lossy(key.get(from..).unwrap_or(key)).to_lowercase();
        let last = key.rsplit('.').next().unwrap_or(&key);
        if self.safe.iter().any(|safe| *safe == key || safe == last) {
            return Verdict::Harmless;
        }
        if self.fields.iter().any(|field| key.contains(field.as_str())) {
            return Verdict::Sensitive;
        }
        if !self.with_defaults {
            return Verdict::Plain;
        }
        by_default(&key, last)
    }

    /// Judges the name of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &[u8]) -> Verdict {
        let verdict = self.verdict(name);
        if verdict != Verdict::Plain || !self.with_defaults {
            return verdict;
        }
        let name = String::from_utf8_lossy(name).to_lowercase();
        let numbered = name.rsplit_once("__").filter(|(_, number)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        let plain = numbered.map_or(name.as_str(), |(plain, _)| plain);
        if COOKIES.contains(&plain) {
            Verdict::Sensitive
        } else {
            Verdict::Plain
        }
    }
}

fn by_default(key: &str, last: &str) -> Verdict {
    if WHOLE.contains(&last) || PARTS.iter().any(|part| key.contains(part)) {
        return Verdict::Sensitive;
    }
    if key
        .match_indices("auth")
        .any(|(at, _)| is_about_access(key, at))
    {
        return Verdict::Sensitive;
    }
    let mut tokens = key.match_indices("token").peekable();
    if tokens.peek().is_some() {
        let counts = tokens.all(|(at, _)| is_counted(key, at));
        return if counts {
            Verdict::SensitiveText
        } else {
            Verdict::Sensitive
        };
    }
    let is_harmless = HARMLESS.contains(&key)
        || HARMLESS_BEGINNINGS
            .iter()
            .any(|begin| key.starts_with(begin));
    if is_harmless {
        Verdict::Harmless
    } else {
        Verdict::Plain
    }
}

/// `auth`, `oauth`, `authorization`; but not `author` and `authority`.
fn is_about_access(key: &str, at: usize) -> bool {
    let rest = key.get(at + "auth".len()..).unwrap_or_default();
    !rest.starts_with("or") || rest.starts_with("oriz") || rest.starts_with("oris")
}

/// `tokens`, `token_count`: a number under such a name counts words.
fn is_counted(key: &str, at: usize) -> bool {
    let rest = key.get(at + "token".len()..).unwrap_or_default();
    ["s", "_count", "-count", "count", "_limit"]
        .iter()
        .any(|end| rest.starts_with(end))
}
