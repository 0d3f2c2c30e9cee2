//! Command line: `--name value` pairs behind the command.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use crate::pack::Encoding;

/// Why a command could not be carried out; the text is for people.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) String);

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What was given.
pub(crate) struct Arguments {
    values: HashMap<String, String>,
}

impl Arguments {
    /// Reads pairs; a name without a value is a fault.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self, Fault> {
        let mut values = HashMap::new();
        let mut words = words;
        while let Some(word) = words.next() {
            let name = word
                .strip_prefix("--")
                .ok_or_else(|| Fault(format!("expected --name, found {word:?}")))?;
            let value = words
                .next()
                .ok_or_else(|| Fault(format!("--{name} needs a value")))?;
            values.insert(name.to_owned(), value);
        }
        Ok(Self { values })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, Fault> {
        self.values
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Fault(format!("--{name} is missing")))
    }

    pub(crate) fn text_or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.values.get(name).map_or(default, String::as_str)
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, Fault> {
        match self.values.get(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| Fault(format!("--{name} is {text:?}; expected a number"))),
        }
    }

    pub(crate) fn encoding(&self, name: &str) -> Result<Encoding, Fault> {
        let text = self.text_or(name, "plain");
        Encoding::read(text).ok_or_else(|| {
            Fault(format!(
                "--{name} is {text:?}; expected plain, zstd or gzip"
            ))
        })
    }
}
