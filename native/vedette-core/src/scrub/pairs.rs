//! Names with values inside a text: `password=…`, `"token": "…"`, `Authorization: Bearer …`.

use regex::Regex;

use super::keys::KeyRules;

/// How sure it must be that a name and a value belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Also `password: x` and `the password is x`.
    Loose,
    /// In prose a colon says little: only `password=x` and `"password": "x"`.
    Strict,
}

const NAME: &str = r#"([A-Za-z_][A-Za-z0-9_.-]{0,80}?)(\\{0,3}["'])?\]?"#;
const BETWEEN: &str = r"[ \t]{0,2}(=>|:=|=|:|[ \t]is)[ \t]{0,2}";
const VALUE: &str = concat!(
    r#"(?:\\{1,3}"([^"\\]*)|"((?:[^"\\]|\\.)*)|'((?:[^'\\]|\\.)*)"#,
    r#"|(?i:(?:bearer|basic|digest|token)[ ]+)?([^\s&;,"'<>(){}\[\]\\]+))"#,
);
/// Where the value may be, among the groups.
const VALUE_GROUPS: [usize; 4] = [4, 5, 6, 7];

#[derive(Debug)]
pub(super) struct Pairs {
    pair: Regex,
    manner: Manner,
    keys: KeyRules,
}

impl Pairs {
    pub(super) fn new(manner: Manner, keys: &KeyRules) -> Result<Self, regex::Error> {
        Ok(Self {
            pair: Regex::new(&[r"(?-u:\b)", NAME, BETWEEN, VALUE].concat())?,
            manner,
            keys: keys.clone(),
        })
    }

    /// Calls `found` with the place of every value whose name says that it must go.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let mut position = 0;
        while let Some(captures) = self.pair.captures_at(text, position) {
            let (Some(name), Some(between)) = (captures.get(1), captures.get(3)) else {
                return;
            };
            let value = VALUE_GROUPS.iter().find_map(|group| captures.get(*group));
            let is_quoted = captures.get(2).is_some();
            let is_sure =
                self.manner == Manner::Loose || between.as_str().contains('=') || is_quoted;
            match value.filter(|value| is_sure && !value.is_empty()) {
                Some(value) if self.keys.verdict(name.as_str().as_bytes()).takes_text() => {
                    found(value.start(), value.end());
                    position = value.end();
                }
                // What looked like a value may be the next name.
                _ => position = between.end(),
            }
        }
    }
}
