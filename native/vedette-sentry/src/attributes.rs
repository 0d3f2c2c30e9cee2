//! Attributes: names with a text, a number or a boolean, gathered before they become a row.

use vedette_core::rows::{AttributeColumns, ResourceRows};

use crate::json::{Arena, Json, write};

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Text; lists and objects as JSON text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
}

impl<'a> Value<'a> {
    /// A JSON value as what it is; null is nothing.
    pub(crate) fn of(value: Json<'a>, arena: &'a Arena) -> Option<Self> {
        match value {
            Json::Null => None,
            Json::Bool(value) => Some(Self::Bool(value)),
            Json::Text(text) => Some(Self::Text(text)),
            Json::Number(text) => Some(number(text, value)),
            Json::List(_) | Json::Object(_) => Some(Self::Text(arena.keep(&write(&value)))),
        }
    }

    /// A value that stands beside the name of its type: `{"type": "integer", "value": 3}`.
    ///
    /// The type is believed where value and type can agree; else the value is kept as what it is.
    pub(crate) fn typed(given: Json<'a>, arena: &'a Arena) -> Option<Self> {
        if !given.is_object() {
            return Self::of(given, arena);
        }
        let value = given.get("value");
        match given.get("type") {
            Json::Text("string") => value
                .word()
                .map(Self::Text)
                .or_else(|| Self::of(value, arena)),
            Json::Text("integer" | "double") => match value {
                Json::Text(text) => Some(
                    value
                        .float()
                        .map_or(Self::Text(text), |_| number(text, value)),
                ),
                _ => Self::of(value, arena),
            },
            Json::Text("boolean") => value
                .bool()
                .map(Self::Bool)
                .or_else(|| Self::of(value, arena)),
            _ => Self::of(value, arena),
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A number, or its digits where the float of the column would change them (large ids).
fn number<'a>(text: &'a str, value: Json<'a>) -> Value<'a> {
    let is_exact = text.len() < 16
        || text
            .parse()
            .is_ok_and(|whole: i64| whole.unsigned_abs() <= EXACT_MAX);
    match value.float() {
        Some(float) if is_exact || text.contains(['.', 'e', 'E']) => Value::Number(float),
        _ => Value::Text(text),
    }
}

/// The largest whole number that a float of 64 bits tells from its neighbours.
const EXACT_MAX: u64 = 1 << 53;

/// How many attributes are looked at; the rows keep fewer, but some go to columns of their own.
const PAIR_COUNT_MAX: usize = 512;

/// The attributes of one row. A name that is set twice keeps its first value.
#[derive(Debug, Default)]
pub(crate) struct Attributes<'a> {
    pairs: Vec<(&'a str, Value<'a>)>,
}

impl<'a> Attributes<'a> {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            pairs: Vec::with_capacity(32),
        }
    }

    /// Forget all.
    pub(crate) fn clear(&mut self) {
        self.pairs.clear();
    }

    /// All of them.
    pub(crate) fn pairs(&self) -> &[(&'a str, Value<'a>)] {
        &self.pairs
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.pairs
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// The value of a name if it is a text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)
            .and_then(Value::text)
            .filter(|text| !text.is_empty())
    }

    /// The first of these names that has a text.
    pub(crate) fn first_text(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// Set a name that is known not to be set.
    pub(crate) fn push(&mut self, name: &'a str, value: Value<'a>) {
        if self.pairs.len() < PAIR_COUNT_MAX {
            self.pairs.push((name, value));
        }
    }

    /// Keep those pairs for which the answer is yes.
    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&'a str, Value<'a>) -> bool) {
        self.pairs.retain(|(name, value)| keeps(name, *value));
    }

    /// Write all into the columns of a row.
    pub(crate) fn put_into(&self, columns: &mut AttributeColumns) {
        for (name, value) in &self.pairs {
            let key = columns.key(name.as_bytes());
            match value {
                Value::Text(text) => columns.string_at(key, text.as_bytes()),
                Value::Number(number) => columns.number_at(key, *number),
                Value::Bool(value) => columns.boolean_at(key, *value),
            }
        }
    }

    /// Write all as a resource and give its id; 0 if there are none.
    pub(crate) fn put_as_resource(
        &self,
        rows: &mut ResourceRows,
        project_id: u32,
        received_ns: i64,
    ) -> u64 {
        if self.pairs.is_empty() {
            return 0;
        }
        for (name, value) in &self.pairs {
            match value {
                Value::Text(text) => rows.attribute_str(name, text),
                Value::Number(number) => rows.attribute_num(name.as_bytes(), *number),
                Value::Bool(value) => rows.attribute_bool(name.as_bytes(), *value),
            }
        }
        rows.finish_resource(project_id, received_ns)
    }

    /// Set a name if it is not set and there is a value.
    pub(crate) fn set(&mut self, name: &'a str, value: Option<Value<'a>>) {
        if let Some(value) = value
            && self.pairs.len() < PAIR_COUNT_MAX
            && !name.is_empty()
            && self.get(name).is_none()
        {
            self.push(name, value);
        }
    }

    /// Set a text if its name is not set and it is not empty.
    pub(crate) fn set_text(&mut self, name: &'a str, text: Option<&'a str>) {
        self.set(name, text.filter(|text| !text.is_empty()).map(Value::Text));
    }

    /// Take out a name and give its value.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let position = self.pairs.iter().position(|(known, _)| *known == name)?;
        Some(self.pairs.remove(position).1)
    }

    /// Set all members of an object that writes types beside values.
    pub(crate) fn set_typed(&mut self, object: Json<'a>, arena: &'a Arena) {
        for member in object.members().iter().rev() {
            self.set(member.key, Value::typed(member.value, arena));
        }
    }

    /// Set all members of an object (SDKs: `data`). The last of two equal keys wins.
    pub(crate) fn set_members(&mut self, object: Json<'a>, arena: &'a Arena) {
        for member in object.members().iter().rev() {
            self.set(member.key, Value::of(member.value, arena));
        }
    }

    /// Set all members of an object, each name behind a prefix.
    pub(crate) fn set_below(&mut self, prefix: &str, object: Json<'a>, arena: &'a Arena) {
        for member in object.members().iter().rev() {
            // What kind of context it is says nothing that its name does not.
            if member.key != "type"
                && let Some(value) = Value::of(member.value, arena)
            {
                self.set(arena.keep(&[prefix, member.key].concat()), Some(value));
            }
        }
    }

    /// Set all tags: an object, or a list of pairs or of `{"key": …, "value": …}`; always text.
    pub(crate) fn set_tags(&mut self, tags: Json<'a>) {
        for member in tags.members().iter().rev() {
            self.set_text(member.key, member.value.word());
        }
        if let Json::List(pairs) = tags {
            for pair in pairs.iter().rev() {
                let (key, value) = tag_pair(*pair);
                if let Some(key) = key.word() {
                    self.set_text(key, value.word());
                }
            }
        }
    }
}

/// Find one tag in either of its shapes.
pub(crate) fn tag<'a>(tags: Json<'a>, name: &str) -> Option<&'a str> {
    match tags {
        Json::List(pairs) => pairs.iter().rev().find_map(|pair| {
            let (key, value) = tag_pair(*pair);
            if key.word() == Some(name) {
                value.word()
            } else {
                None
            }
        }),
        _ => tags.get(name).word(),
    }
}

fn tag_pair(pair: Json<'_>) -> (Json<'_>, Json<'_>) {
    match pair {
        Json::List([key, value]) => (*key, *value),
        _ => (pair.get("key"), pair.get("value")),
    }
}
