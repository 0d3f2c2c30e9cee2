//! Find what must not be kept: by the names of values, and in texts.

mod checks;
mod keys;
mod pairs;
mod patterns;
mod suspect;
#[cfg(test)]
mod tests;
mod texts;

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

pub use keys::{KeyRules, Verdict};
pub use texts::{Found, TextRule, TextRules, WrongPattern, builtin};

/// What stands where something was taken out.
pub const FILTERED: &str = "[Filtered]";

/// The rules of attributes and texts that are rows, for one project.
#[derive(Debug)]
pub struct Scrubber {
    id: u32,
    keys: KeyRules,
    texts: TextRules,
}

impl Scrubber {
    /// Builds the rules that are always the same, with the project's own names.
    ///
    /// # Errors
    /// One of our own patterns is broken.
    pub fn new(keys: KeyRules, with_addresses: bool) -> Result<Self, WrongPattern> {
        static NEXT_ID: AtomicU32 = AtomicU32::new(1);
        let mut rules = if keys.with_defaults() {
            texts::defaults()
        } else {
            vec![TextRule::Builtin("password")]
        };
        if with_addresses {
            rules.push(TextRule::Builtin("ip"));
        }
        let texts = TextRules::new(&rules, &keys)?;
        Ok(Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            keys,
            texts,
        })
    }

    /// A number that no other scrubber of this process has.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Tells what a name says of its value.
    #[must_use]
    pub fn verdict(&self, key: &[u8]) -> Verdict {
        self.keys.verdict(key)
    }

    /// Returns the text without what must not be kept.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found = Vec::new();
        self.texts.find(text, &mut found);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut kept = String::with_capacity(text.len());
        let mut position = 0;
        for each in &found {
            kept.push_str(text.get(position..each.start).unwrap_or_default());
            kept.push_str(FILTERED);
            position = each.end;
        }
        kept.push_str(text.get(position..).unwrap_or_default());
        Cow::Owned(kept)
    }
}
