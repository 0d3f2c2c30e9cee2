//! Writing JSON text: attribute values that are structures, and the attributes of events.

use std::fmt::Write as _;

use crate::block::ROOM_BYTES_MAX;

/// Writes JSON into a text that is used again and again. It puts the commas itself.
#[derive(Debug, Default)]
pub struct JsonWriter {
    text: String,
    wants_comma: bool,
}

impl JsonWriter {
    /// Forgets what was written and keeps the room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(ROOM_BYTES_MAX);
        self.wants_comma = false;
    }

    /// Returns what was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Begins an object or a list: `open` is `{` or `[`.
    pub fn open(&mut self, open: char) {
        self.comma();
        self.text.push(open);
        self.wants_comma = false;
    }

    /// Ends what was begun: `close` is `}` or `]`.
    pub fn close(&mut self, close: char) {
        self.text.push(close);
        self.wants_comma = true;
    }

    /// Writes the name of the value that follows.
    pub fn key(&mut self, key: &str) {
        self.string(key);
        self.text.push(':');
        self.wants_comma = false;
    }

    /// Writes a text value.
    pub fn string(&mut self, value: &str) {
        self.comma();
        self.text.push('"');
        let mut rest = value;
        while let Some(at) = rest.find(needs_escape) {
            let (plain, special) = rest.split_at(at);
            self.text.push_str(plain);
            let mut characters = special.chars();
            if let Some(character) = characters.next() {
                self.escape(character);
            }
            rest = characters.as_str();
        }
        self.text.push_str(rest);
        self.text.push('"');
        self.wants_comma = true;
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: i64) {
        self.comma();
        // Writing into a String cannot fail.
        let _ = write!(self.text, "{value}");
        self.wants_comma = true;
    }

    /// Writes a number; what JSON cannot say (infinite, not a number) becomes null.
    pub fn number(&mut self, value: f64) {
        self.comma();
        if value.is_finite() {
            let _ = write!(self.text, "{value}");
        } else {
            self.text.push_str("null");
        }
        self.wants_comma = true;
    }

    /// Writes a value that is JSON text already.
    pub fn raw(&mut self, value: &str) {
        self.comma();
        self.text.push_str(value);
        self.wants_comma = true;
    }

    /// Writes true or false.
    pub fn boolean(&mut self, value: bool) {
        self.comma();
        self.text.push_str(if value { "true" } else { "false" });
        self.wants_comma = true;
    }

    /// Writes null.
    pub fn null(&mut self) {
        self.comma();
        self.text.push_str("null");
        self.wants_comma = true;
    }

    fn comma(&mut self) {
        if self.wants_comma {
            self.text.push(',');
        }
    }

    fn escape(&mut self, character: char) {
        match character {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            other => {
                let _ = write!(self.text, "\\u{:04x}", u32::from(other));
            }
        }
    }
}

fn needs_escape(character: char) -> bool {
    matches!(character, '"' | '\\' | '\u{0}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_escapes_stand_where_json_wants_them() {
        let mut writer = JsonWriter::default();
        writer.open('{');
        writer.key("a\"b");
        writer.open('[');
        writer.integer(1);
        writer.number(f64::NAN);
        writer.string("line\nend\u{1}");
        writer.close(']');
        writer.key("c");
        writer.boolean(true);
        writer.close('}');
        assert_eq!(
            writer.text(),
            "{\"a\\\"b\":[1,null,\"line\\nend\\u0001\"],\"c\":true}"
        );
    }
}
