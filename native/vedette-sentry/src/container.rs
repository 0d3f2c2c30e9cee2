//! What spans, logs and metrics of Sentry's second protocol share: the container around them, its
//! wishes, and attributes that say who sent them.

use vedette_core::rows::{ResourceRows, Source};

use crate::attributes::{Attributes, Value};
use crate::counts::Lost;
use crate::envelope::{Envelope, Wish, platform_of, set_sdk};
use crate::json::{Arena, Json};
use crate::own_words::{OwnWords, first};
use crate::sink::{Receipt, Sink};

/// What is read anew for every thing in a container, and what is not.
#[derive(Debug)]
pub(crate) struct Container<'a, 'e> {
    pub(crate) receipt: Receipt,
    pub(crate) envelope: &'e Envelope<'a>,
    pub(crate) arena: &'a Arena,
    /// Those of the thing that is being read.
    pub(crate) attributes: Attributes<'a>,
    wish: Wish,
    resource: Attributes<'a>,
    last: LastResource<'a>,
}

impl<'a, 'e> Container<'a, 'e> {
    /// Of a payload; null where there is no container around a thing.
    pub(crate) fn of(
        payload: Json<'a>,
        receipt: Receipt,
        envelope: &'e Envelope<'a>,
        arena: &'a Arena,
    ) -> Self {
        Self {
            receipt,
            envelope,
            arena,
            attributes: Attributes::new(),
            wish: Wish::of(payload),
            resource: Attributes::new(),
            last: LastResource::default(),
        }
    }

    /// Gather the attributes of the next thing, and take out of them what has its own place.
    pub(crate) fn gather(&mut self, attributes: Json<'a>) -> OwnWords<'a> {
        self.attributes.clear();
        self.attributes.set_typed(attributes, self.arena);
        self.take_words()
    }

    /// The same for attributes that were gathered.
    pub(crate) fn take_words(&mut self) -> OwnWords<'a> {
        self.resource.clear();
        let words = OwnWords::take(&mut self.attributes, &mut self.resource);
        self.envelope.infer(self.wish, &mut self.attributes);
        set_sdk(self.envelope.sdk, &mut self.resource);
        words
    }

    /// Who sent the thing: as it says itself, else as the envelope does.
    pub(crate) fn source(&self, words: &OwnWords<'a>, protocol: &'static str) -> Source<'a> {
        let trace = |name: &str| self.envelope.trace.get(name).text().unwrap_or_default();
        let sdk_name = first(&[
            words.sdk_name,
            self.envelope.sdk.get("name").text().unwrap_or_default(),
        ]);
        Source {
            service: first(&[words.service, self.envelope.service]),
            environment: first(&[words.environment, trace("environment")]),
            release: first(&[words.release, trace("release")]),
            platform: first(&[words.platform, platform_of(sdk_name)]),
            protocol,
            origin: words.origin,
            scope_name: "",
        }
    }

    /// The id of what the sender says of itself.
    pub(crate) fn resource_id(&mut self, rows: &mut ResourceRows) -> u64 {
        self.last.id_of(&self.resource, rows, self.receipt)
    }
}

/// Read every thing in a container. One that means nothing harms no other.
pub(crate) fn read_all<'a, R>(
    payload: Json<'a>,
    category: &'static str,
    receipt: Receipt,
    sink: &mut Sink<'_, R>,
    mut read: impl FnMut(Json<'a>, usize, &mut Sink<'_, R>) -> Result<(), Lost>,
) -> Result<(), Lost> {
    let Json::List(things) = payload.get("items") else {
        return Err(Lost::Unreadable);
    };
    for (place, thing) in things.iter().enumerate() {
        let result = if thing.is_object() {
            read(*thing, place, sink)
        } else {
            Err(Lost::Unreadable)
        };
        match result {
            Ok(()) => sink.counts.accept(receipt.source, category, 1),
            Err(lost) => sink.counts.lose(receipt.source, category, lost, 1),
        }
    }
    Ok(())
}

/// The resource that came last: the things in a container mostly share one.
#[derive(Debug, Default)]
struct LastResource<'a> {
    pairs: Vec<(&'a str, Value<'a>)>,
    resource_id: u64,
}

impl<'a> LastResource<'a> {
    fn id_of(
        &mut self,
        resource: &Attributes<'a>,
        rows: &mut ResourceRows,
        receipt: Receipt,
    ) -> u64 {
        if self.pairs != resource.pairs() {
            self.pairs.clear();
            self.pairs.extend_from_slice(resource.pairs());
            self.resource_id =
                resource.put_as_resource(rows, receipt.project_id, receipt.received_ns);
        }
        self.resource_id
    }
}
