//! JSON as a tree of borrowed pieces, read leniently: what SDKs send is not always JSON.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Arena, DEPTH_MAX, Unreadable, read};
pub use write::write;

/// One JSON value. Everything borrows from the text or from the arena it was read into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`, and the numbers that JSON does not know (NaN, Infinity).
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written: 64 bits of float would lose nanoseconds and large integers.
    Number(&'a str),
    /// A string without its escapes.
    Text(&'a str),
    /// A list.
    List(&'a [Json<'a>]),
    /// An object in the order it was written; a key that stands twice is in it twice.
    Object(&'a [Member<'a>]),
}

/// A key of an object with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'a> {
    /// The key without its escapes.
    pub key: &'a str,
    /// The value.
    pub value: Json<'a>,
}

impl<'a> Json<'a> {
    /// The value under `key`, the last if it stands there twice; null if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Json<'a> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.key == key)
            .map_or(Json::Null, |member| member.value)
    }

    /// The members of an object; none for all else.
    #[must_use]
    pub fn members(&self) -> &'a [Member<'a>] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list, or of the list in `{"values": [...]}`; none for all else.
    #[must_use]
    pub fn elements(&self) -> &'a [Json<'a>] {
        match self {
            Json::List(elements) => elements,
            Json::Object(_) => match self.get("values") {
                Json::List(elements) => elements,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// The string, if it is one and not empty.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Json::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A string, a number or a boolean as text, if it is not empty.
    #[must_use]
    pub fn word(&self) -> Option<&'a str> {
        match self {
            Json::Text(text) | Json::Number(text) if !text.is_empty() => Some(text),
            Json::Bool(true) => Some("true"),
            Json::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// A finite number, also one that is written as a string.
    #[must_use]
    pub fn float(&self) -> Option<f64> {
        match self {
            Json::Number(text) => parse_float(text),
            Json::Text(text) => parse_float(text.trim()),
            _ => None,
        }
    }

    /// A whole number that is not negative, also one that is written as a float or a string.
    #[must_use]
    pub fn unsigned(&self) -> Option<u64> {
        if let Json::Number(text) | Json::Text(text) = self
            && let Ok(number) = text.trim().parse()
        {
            return Some(number);
        }
        let float = self.float()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was just checked"
        )]
        (0.0..9.0e15).contains(&float).then_some(float as u64)
    }

    /// A boolean, also one that is written as a string.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            Json::Text("true" | "True" | "1") => Some(true),
            Json::Text("false" | "False" | "0") => Some(false),
            _ => None,
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self, Json::Object(_))
    }

    /// Whether it is null or was not there.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }
}

/// Read decimal text as a finite float.
fn parse_float(text: &str) -> Option<f64> {
    // Short whole numbers are most of what comes, and cheaper this way.
    if text.len() < 10
        && let Ok(number) = text.parse::<i32>()
    {
        return Some(f64::from(number));
    }
    // Rust would read "nan", "inf" and "infinity" too.
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
