//! The texts of rows without what must not be kept.

use std::borrow::Cow;
use std::sync::Arc;

use super::{AttributeColumns, KeyCode};
use crate::rows::VALUE_BYTES_MAX;
use crate::scrub::{Scrubber, Verdict};
use crate::text::clean_and_cut;

impl AttributeColumns {
    /// Scrubs what is added from now on with these rules; with none it is kept as it is.
    pub(in crate::rows) fn scrub_with(&mut self, scrubber: Option<&Arc<Scrubber>>) {
        self.scrubber = scrubber.cloned();
    }

    /// Returns a text as it may be kept.
    pub(in crate::rows) fn scrubbed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.scrubber {
            Some(scrubber) => scrubber.text(text),
            None => Cow::Borrowed(text),
        }
    }

    /// Returns a text as it may be kept, quickly if it is one of few.
    pub(in crate::rows) fn scrubbed_name<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let (Some(scrubber), false) = (&self.scrubber, text.is_empty()) else {
            return Cow::Borrowed(text);
        };
        let bytes = text.as_bytes();
        if self.clean_texts.has(scrubber, bytes, self.new_name_count) {
            return Cow::Borrowed(text);
        }
        let kept = scrubber.text(text);
        if matches!(kept, Cow::Borrowed(_)) {
            self.clean_texts.add(bytes, &mut self.new_name_count);
        }
        kept
    }

    /// Returns what the rules say of a name, which is found out once per name.
    #[inline]
    pub(super) fn verdict(&mut self, code: KeyCode) -> Verdict {
        let (Some(scrubber), Some(key)) = (&self.scrubber, self.keys.get_mut(code.0 as usize))
        else {
            return Verdict::Harmless;
        };
        if key.judged_by != scrubber.id() {
            key.judged_by = scrubber.id();
            key.verdict = scrubber.verdict(self.key_codes.text(code.0));
        }
        key.verdict
    }

    pub(super) fn put_scrubbed(&mut self, code: KeyCode, value: &[u8]) {
        let (Some(scrubber), Some(key)) = (&self.scrubber, self.keys.get_mut(code.0 as usize))
        else {
            return;
        };
        if self.clean_texts.has(scrubber, value, key.new_count) {
            return self.put_text(code, value);
        }
        let text = clean_and_cut(value, VALUE_BYTES_MAX);
        let kept = scrubber.text(&text);
        if matches!((&text, &kept), (Cow::Borrowed(_), Cow::Borrowed(_))) {
            self.clean_texts.add(value, &mut key.new_count);
        }
        self.put_text(code, kept.as_bytes());
    }
}
