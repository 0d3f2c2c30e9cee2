//! A quick look what our own rules could find in a text.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use super::keys::PARTS;

/// What a text gives reason to look for, one bit each.
pub(super) mod reason {
    pub(crate) const NAME: u8 = 1;
    pub(crate) const USER_AT_HOST: u8 = 2;
    pub(crate) const CARD: u8 = 4;
    pub(crate) const IBAN: u8 = 8;
    pub(crate) const SSN: u8 = 16;
    pub(crate) const KEY: u8 = 32;
    pub(crate) const PATH: u8 = 64;
    pub(crate) const BEARER: u8 = 128;
    pub(crate) const ANY: u8 = u8::MAX;
}

/// So many digits, with at most one mark between two of them, as the shortest number we look for.
const DIGITS_MIN: u32 = 9;
const CARD_DIGITS_MIN: u32 = 13;

/// The shortest text in which anything is found.
const BYTES_MIN: usize = 6;

/// The shortest of the keys that tell themselves by how they begin.
const KEY_BYTES_MIN: usize = 14;

/// Besides parts of names: what the patterns of `patterns.rs` begin with, and why it matters.
const WORDS: [(&str, u8); 29] = [
    ("auth", reason::NAME),
    ("token", reason::NAME),
    ("otp", reason::NAME),
    ("ssn", reason::NAME),
    ("cookie", reason::NAME),
    ("passcode", reason::NAME),
    ("cvc", reason::NAME),
    ("pwd", reason::NAME),
    ("bearer", reason::BEARER | reason::NAME),
    ("-----begin", reason::KEY),
    ("/home/", reason::PATH),
    ("/users/", reason::PATH),
    ("\\users\\", reason::PATH),
    ("settings\\", reason::PATH),
    ("akia", reason::KEY),
    ("asia", reason::KEY),
    ("ghp_", reason::KEY),
    ("gho_", reason::KEY),
    ("ghu_", reason::KEY),
    ("ghs_", reason::KEY),
    ("ghr_", reason::KEY),
    ("github_pat_", reason::KEY),
    ("xox", reason::KEY),
    ("sk_live_", reason::KEY),
    ("rk_live_", reason::KEY),
    ("aiza", reason::KEY),
    ("eyj", reason::KEY),
    ("sntry", reason::KEY),
    ("glpat-", reason::KEY),
];

/// What is looked for.
#[derive(Debug)]
pub(super) struct Suspicion {
    words: AhoCorasick,
}

impl Suspicion {
    /// `fields` are the parts of names that a project added.
    pub(super) fn new(fields: &[String]) -> Result<Self, BuildError> {
        let words = WORDS.iter().map(|(word, _)| *word);
        let names = PARTS.iter().copied();
        let fields = fields.iter().map(String::as_str);
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.chain(names).chain(fields))?;
        Ok(Self { words })
    }

    /// Returns what a text gives reason to look for. A needless reason costs time, a missing one
    /// would cost secrets: whatever a rule of ours can find must have its reason here.
    #[inline]
    pub(super) fn look(&self, text: &str) -> u8 {
        let bytes = text.as_bytes();
        if bytes.len() < BYTES_MIN {
            return 0;
        }
        let signs = signs_of(bytes);
        let mut reasons = 0;
        if signs & sign::AT != 0 {
            reasons |= reason::USER_AT_HOST;
        }
        if signs & sign::DIGIT != 0 {
            reasons |= numbers(bytes, signs);
        }
        // Without a mark that may stand between a name and a value only long words are keys.
        if signs & sign::MARKS != 0 || bytes.len() >= KEY_BYTES_MIN {
            reasons |= self.look_for_words(text, signs);
        }
        reasons
    }

    fn look_for_words(&self, text: &str, signs: u8) -> u8 {
        let mut reasons = 0;
        for found in self.words.find_overlapping_iter(text) {
            let place = found.pattern().as_usize();
            reasons |= WORDS
                .get(place)
                .map_or(reason::NAME, |(_, reasons)| *reasons);
        }
        if reasons & reason::NAME != 0 && signs & sign::BETWEEN == 0 && !has_is(text) {
            reasons &= !reason::NAME;
        }
        if reasons & reason::PATH != 0 && !has_home(text) {
            reasons &= !reason::PATH;
        }
        reasons
    }
}

/// Which bytes a text has, one bit for each kind.
mod sign {
    pub(super) const DIGIT: u8 = 1;
    pub(super) const AT: u8 = 2;
    /// Between a name and a value.
    pub(super) const BETWEEN: u8 = 4;
    pub(super) const SLASH: u8 = 8;
    pub(super) const SPACE: u8 = 16;
    pub(super) const CAPITAL: u8 = 32;
    pub(super) const DASH: u8 = 64;
    pub(super) const MARKS: u8 = BETWEEN | SLASH | SPACE;

    pub(super) const fn of(byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => DIGIT,
            b'@' => AT,
            b'=' | b':' => BETWEEN,
            b'/' | b'\\' => SLASH,
            b' ' | b'\t' => SPACE,
            b'A'..=b'Z' => CAPITAL,
            b'-' => DASH,
            _ => 0,
        }
    }
}

const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "a byte has 256 values"
        )]
        {
            signs[byte] = sign::of(byte as u8);
        }
        byte += 1;
    }
    signs
};

fn signs_of(bytes: &[u8]) -> u8 {
    let sign = |byte: &u8| SIGNS.get(usize::from(*byte)).copied().unwrap_or(0);
    bytes.iter().fold(0, |signs, byte| signs | sign(byte))
}

fn has_is(text: &str) -> bool {
    text.contains(" is") || text.contains("\tis")
}

/// `/users/` in lower case is part of many a route.
fn has_home(text: &str) -> bool {
    text.contains("/home/") || text.contains("/Users/") || text.contains('\\')
}

/// Two capitals and two digits, as account numbers begin.
fn has_country(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| match window {
        [first, second, third, fourth] => {
            third.is_ascii_digit()
                && fourth.is_ascii_digit()
                && first.is_ascii_uppercase()
                && second.is_ascii_uppercase()
        }
        _ => false,
    })
}

fn numbers(bytes: &[u8], signs: u8) -> u8 {
    if bytes.len() < DIGITS_MIN as usize {
        return 0;
    }
    let longest = longest_number(bytes);
    let mut reasons = 0;
    if longest >= CARD_DIGITS_MIN {
        reasons |= reason::CARD;
    }
    let is_parted = |window: &[u8]| matches!(window, [b'-', _, _, b'-']);
    if longest >= DIGITS_MIN && signs & sign::DASH != 0 && bytes.windows(4).any(is_parted) {
        reasons |= reason::SSN;
    }
    // Letters may stand among the digits, but the country stands before them.
    if signs & sign::CAPITAL != 0 && bytes.len() >= 15 && has_country(bytes) {
        reasons |= reason::IBAN;
    }
    reasons
}

/// The most digits in a row, with at most one mark between two of them.
fn longest_number(bytes: &[u8]) -> u32 {
    let (mut longest, mut digits, mut is_marked) = (0, 0_u32, false);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => (digits, is_marked) = (digits + 1, false),
            b' ' | b'-' if digits > 0 && !is_marked => is_marked = true,
            _ => {
                longest = longest.max(digits);
                digits = 0;
            }
        }
    }
    longest.max(digits)
}
