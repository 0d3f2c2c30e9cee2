//! The account of a batch: what became of every item, by category.

use vedette_core::otlp::{Count, Fate};

/// Why an item was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It is no JSON, or not of a shape that has a meaning.
    Unreadable,
    /// Something without which it means nothing is missing: an id, a time.
    MissingField,
    /// It belongs to a health check, which the project does not keep.
    HealthCheck,
}

impl Lost {
    fn reason(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::MissingField => "missing_field",
            Self::HealthCheck => "filtered-transaction",
        }
    }

    fn fate(self) -> Fate {
        match self {
            Self::Unreadable | Self::MissingField => Fate::Invalid,
            Self::HealthCheck => Fate::Filtered,
        }
    }
}

/// The account. It has few entries per item, however much is in the items.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    counts: Vec<Count>,
}

impl Counts {
    /// Things that were kept; `source` is the item's place in the batch.
    pub(crate) fn accept(&mut self, source: usize, category: &'static str, quantity: usize) {
        self.add(source, category, Fate::Accepted, "", quantity);
    }

    /// Things that were not.
    pub(crate) fn lose(
        &mut self,
        source: usize,
        category: &'static str,
        lost: Lost,
        quantity: usize,
    ) {
        self.add(source, category, lost.fate(), lost.reason(), quantity);
    }

    fn add(
        &mut self,
        source: usize,
        category: &'static str,
        fate: Fate,
        reason: &'static str,
        quantity: usize,
    ) {
        if quantity == 0 {
            return;
        }
        let quantity = quantity as u64;
        // Items are read one after the other, so those of this one stand at the end.
        let mut of_item = self
            .counts
            .iter_mut()
            .rev()
            .take_while(|count| count.source == source);
        let same = of_item.find(|count| count.category == category && count.reason == reason);
        match same {
            Some(count) => count.quantity += quantity,
            None => self.counts.push(Count {
                source,
                category,
                fate,
                reason,
                quantity,
            }),
        }
    }

    /// How many things of a category of this item were kept so far.
    pub(crate) fn accepted(&self, source: usize, category: &'static str) -> u64 {
        let mut of_item = self
            .counts
            .iter()
            .rev()
            .take_while(|count| count.source == source);
        let kept = of_item.find(|count| count.category == category && count.fate == Fate::Accepted);
        kept.map_or(0, |count| count.quantity)
    }

    /// How many things of a category this item had in all so far.
    pub(crate) fn all(&self, source: usize, category: &'static str) -> u64 {
        let of_item = self
            .counts
            .iter()
            .rev()
            .take_while(|count| count.source == source);
        of_item
            .filter(|count| count.category == category)
            .map(|count| count.quantity)
            .sum()
    }

    /// All entries.
    pub(crate) fn into_vec(self) -> Vec<Count> {
        self.counts
    }
}
