//! A quick look whether our own rules could find anything in a text.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use super::keys::PARTS;

/// So many digits, with at most one mark between two of them, as the shortest number we look for.
const DIGITS_MIN: u32 = 9;

/// The shortest text in which anything is found.
const BYTES_MIN: usize = 6;

/// Besides parts of names: what the patterns of `patterns.rs` begin with.
const WORDS: [&str; 29] = [
    "auth",
    "token",
    "otp",
    "ssn",
    "cookie",
    "passcode",
    "cvc",
    "pwd",
    "bearer",
    "-----begin",
    "/home/",
    "/users/",
    "\\users\\",
    "settings\\",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "xox",
    "sk_live_",
    "rk_live_",
    "aiza",
    "eyj",
    "sntry",
    "glpat-",
];

/// What is looked for.
#[derive(Debug)]
pub(super) struct Suspicion {
    words: AhoCorasick,
}

impl Suspicion {
    /// `fields` are the parts of names that a project added.
    pub(super) fn new(fields: &[String]) -> Result<Self, BuildError> {
        let fields = fields.iter().map(String::as_str);
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(PARTS.iter().chain(&WORDS).copied().chain(fields))?;
        Ok(Self { words })
    }

    /// Tells whether a text must be looked at closely. A needless yes costs time, a wrong no would
    /// cost secrets: whatever a rule of ours can find must make this true.
    pub(super) fn arises(&self, text: &str) -> bool {
        text.len() >= BYTES_MIN && (has_numbers_or_signs(text) || self.words.is_match(text))
    }
}

fn has_numbers_or_signs(text: &str) -> bool {
    let (mut digits, mut is_marked) = (0_u32, false);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                (digits, is_marked) = (digits + 1, false);
                if digits >= DIGITS_MIN {
                    return true;
                }
            }
            b' ' | b'-' if digits > 0 && !is_marked => is_marked = true,
            b'@' => return true,
            _ => digits = 0,
        }
    }
    false
}
