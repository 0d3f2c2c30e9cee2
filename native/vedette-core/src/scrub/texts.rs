//! Sets of rules for what stands in texts.

use std::fmt;

use regex::{Regex, RegexBuilder};

use super::keys::KeyRules;
use super::pairs::{Manner, Pairs};
use super::patterns::BUILTINS;
use super::suspect::{Suspicion, reason};

/// What a pattern may take when it is compiled: some thousand states.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// How many finds of one text are told.
const FOUND_COUNT_MAX: usize = 1_000;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextRule {
    /// One of ours, by name; `password` and `assignment` find values by the names before them.
    Builtin(&'static str),
    /// A regular expression, and the groups of it that are found (none: all of it).
    Pattern(String, Vec<usize>),
}

/// Our own rules that are on by default, the surest first.
pub(super) fn defaults() -> Vec<TextRule> {
    let names = [
        "pemkey",
        "urlauth",
        "bearer",
        "apikey",
        "password",
        "creditcard",
        "iban",
        "usssn",
        "userpath",
    ];
    names.into_iter().map(TextRule::Builtin).collect()
}

/// A place in a text, in bytes, and the rule that found it, by its place in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Found {
    pub rule: usize,
    pub start: usize,
    pub end: usize,
}

/// A pattern cannot be compiled.
#[derive(Debug)]
pub struct WrongPattern(String);

impl fmt::Display for WrongPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongPattern {}

#[derive(Debug)]
enum Finder {
    Pattern {
        pattern: Regex,
        groups: Vec<usize>,
        check: fn(&str) -> bool,
    },
    Pairs(Box<Pairs>),
}

/// Rules that are applied together. Earlier ones win where two find the same.
#[derive(Debug)]
pub struct TextRules {
    /// Each with the reasons that make it worth a try.
    finders: Vec<(u8, Finder)>,
    suspicion: Option<Suspicion>,
}

impl TextRules {
    /// Compiles the rules; `keys` judge the names of pairs.
    ///
    /// # Errors
    /// A pattern is none, is too large, or there is no rule of that name.
    pub fn new(rules: &[TextRule], keys: &KeyRules) -> Result<Self, WrongPattern> {
        let finders = rules
            .iter()
            .map(|rule| Ok((reasons_for(rule), finder(rule, keys)?)));
        let is_ours = rules.iter().all(is_found_by_suspicion);
        let suspicion = is_ours.then(|| Suspicion::new(keys.fields())).transpose();
        Ok(Self {
            finders: finders.collect::<Result<_, _>>()?,
            suspicion: suspicion.map_err(|error| WrongPattern(error.to_string()))?,
        })
    }

    /// Adds what is found in a text, in order and without overlaps.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        let reasons = match &self.suspicion {
            Some(suspicion) => suspicion.look(text),
            None => reason::ANY,
        };
        if reasons == 0 {
            return;
        }
        let begin = found.len();
        for (rule, (needed, finder)) in self.finders.iter().enumerate() {
            if reasons & needed == 0 {
                continue;
            }
            finder.find(text, |start, end| {
                if found.len() - begin < FOUND_COUNT_MAX {
                    found.push(Found { rule, start, end });
                }
            });
        }
        settle(found, begin);
    }
}

/// Puts what was found from `begin` on in order; of two that overlap the earlier rule's stays.
fn settle(found: &mut Vec<Found>, begin: usize) {
    let mut kept: Vec<Found> = Vec::new();
    for each in found.drain(begin..) {
        let overlaps = |other: &Found| each.start < other.end && other.start < each.end;
        if !kept.iter().any(overlaps) {
            kept.push(each);
        }
    }
    kept.sort_unstable_by_key(|each| each.start);
    found.append(&mut kept);
}

/// What the quick look must see for a rule to find anything.
fn reasons_for(rule: &TextRule) -> u8 {
    let TextRule::Builtin(name) = rule else {
        return reason::ANY;
    };
    match *name {
        "password" | "assignment" => reason::NAME,
        "urlauth" | "email" => reason::USER_AT_HOST,
        "creditcard" | "imei" => reason::CARD,
        "iban" => reason::IBAN,
        "usssn" => reason::SSN,
        "pemkey" | "apikey" => reason::KEY,
        "userpath" => reason::PATH,
        "bearer" => reason::BEARER,
        _ => reason::ANY,
    }
}

/// Whether the quick look knows what this rule finds.
fn is_found_by_suspicion(rule: &TextRule) -> bool {
    match rule {
        TextRule::Builtin(name) => !matches!(*name, "ip" | "mac" | "uuid"),
        TextRule::Pattern(..) => false,
    }
}

fn finder(rule: &TextRule, keys: &KeyRules) -> Result<Finder, WrongPattern> {
    let wrong = |error: regex::Error| WrongPattern(error.to_string());
    match rule {
        TextRule::Builtin("password") => {
            let pairs = Pairs::new(Manner::Loose, keys).map_err(wrong)?;
            Ok(Finder::Pairs(Box::new(pairs)))
        }
        TextRule::Builtin("assignment") => {
            let pairs = Pairs::new(Manner::Strict, keys).map_err(wrong)?;
            Ok(Finder::Pairs(Box::new(pairs)))
        }
        TextRule::Builtin(name) => {
            let builtin = BUILTINS.iter().find(|each| each.name == *name);
            let builtin = builtin.ok_or_else(|| WrongPattern(format!("no rule {name}")))?;
            Ok(Finder::Pattern {
                pattern: Regex::new(builtin.pattern).map_err(wrong)?,
                groups: builtin.groups.to_vec(),
                check: builtin.check,
            })
        }
        TextRule::Pattern(pattern, groups) => Ok(Finder::Pattern {
            pattern: RegexBuilder::new(pattern)
                .size_limit(PATTERN_BYTES_MAX)
                .dfa_size_limit(PATTERN_BYTES_MAX)
                .build()
                .map_err(wrong)?,
            groups: if groups.is_empty() {
                vec![0]
            } else {
                groups.clone()
            },
            check: super::checks::always,
        }),
    }
}

impl Finder {
    fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        match self {
            Self::Pairs(pairs) => pairs.find(text, found),
            Self::Pattern {
                pattern,
                groups,
                check,
            } => {
                if groups.as_slice() == [0] {
                    for place in pattern.find_iter(text) {
                        if place.start() < place.end() && check(place.as_str()) {
                            found(place.start(), place.end());
                        }
                    }
                    return;
                }
                for captures in pattern.captures_iter(text) {
                    let places = groups.iter().filter_map(|group| captures.get(*group));
                    for place in places.filter(|place| !place.is_empty()) {
                        if check(place.as_str()) {
                            found(place.start(), place.end());
                        }
                    }
                }
            }
        }
    }
}

/// The names of our own rules.
#[must_use]
pub fn builtin(name: &str) -> Option<TextRule> {
    let pairs = ["password", "assignment"].into_iter();
    let names = BUILTINS.iter().map(|each| each.name).chain(pairs);
    names
        .into_iter()
        .find(|each| *each == name)
        .map(TextRule::Builtin)
}
