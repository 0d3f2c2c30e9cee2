//! Texts in which nothing was found that must not be kept, so that each is looked at once.

use hashbrown::HashSet;

use crate::scrub::Scrubber;

/// Longer texts seldom come again.
const TEXT_BYTES_MAX: usize = 128;
/// When there are so many, all are forgotten.
const TEXT_COUNT_MAX: usize = 8_192;
/// A name whose texts were new so often has one of its own in each row: ids, times.
const NEW_COUNT_MAX: u16 = 512;

/// What one scrubber found harmless. Only whole texts are compared: a hash alone could err.
#[derive(Debug, Default)]
pub(super) struct CleanTexts {
    found_by: u32,
    texts: HashSet<Box<[u8]>, foldhash::fast::RandomState>,
}

impl CleanTexts {
    /// Tells whether the scrubber found nothing in this text before. `new_count` is how many texts
    /// of the same name were new.
    #[inline]
    pub(super) fn has(&mut self, scrubber: &Scrubber, text: &[u8], new_count: u16) -> bool {
        if !is_worth_keeping(text, new_count) {
            return false;
        }
        if self.found_by != scrubber.id() {
            self.texts.clear();
            self.found_by = scrubber.id();
        }
        self.texts.contains(text)
    }

    /// Notes that the scrubber asked about last found nothing in this text.
    pub(super) fn add(&mut self, text: &[u8], new_count: &mut u16) {
        if !is_worth_keeping(text, *new_count) {
            return;
        }
        *new_count += 1;
        if self.texts.len() >= TEXT_COUNT_MAX {
            self.texts.clear();
        }
        self.texts.insert(text.into());
    }
}

#[inline]
fn is_worth_keeping(text: &[u8], new_count: u16) -> bool {
    text.len() <= TEXT_BYTES_MAX && new_count < NEW_COUNT_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scrub::KeyRules;

    #[test]
    fn a_text_is_known_only_to_the_scrubber_that_found_nothing_in_it() {
        let scrubbers: Vec<_> = [false, true]
            .iter()
            .filter_map(|with_addresses| {
                Scrubber::new(KeyRules::new(true, &[], &[]), *with_addresses).ok()
            })
            .collect();
        let [one, other] = scrubbers.as_slice() else {
            unreachable!("our own patterns can be compiled")
        };
        let mut clean = CleanTexts::default();
        let mut new_count = 0;

        assert!(!clean.has(one, b"203.0.113.9", new_count));
        clean.add(b"203.0.113.9", &mut new_count);

        assert!(clean.has(one, b"203.0.113.9", new_count));
        assert!(!clean.has(other, b"203.0.113.9", new_count));
        assert!(!clean.has(one, b"203.0.113.9", new_count));
    }

    #[test]
    fn a_name_with_ever_new_texts_is_given_up() {
        let mut clean = CleanTexts::default();
        let mut new_count = 0;
        for number in 0..1_000 {
            clean.add(format!("id {number}").as_bytes(), &mut new_count);
        }
        assert_eq!(new_count, NEW_COUNT_MAX);
        assert_eq!(clean.texts.len(), usize::from(NEW_COUNT_MAX));
    }
}
