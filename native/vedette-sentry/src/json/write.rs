//! Write a tree as JSON text.

use vedette_core::json::JsonWriter;

use super::Json;

/// The tree as compact JSON text.
#[must_use]
pub fn write(value: &Json<'_>) -> String {
    let mut writer = JsonWriter::default();
    write_value(value, &mut writer);
    writer.text().to_owned()
}

/// Recursion is bounded by the depth to which trees are read.
fn write_value(value: &Json<'_>, writer: &mut JsonWriter) {
    match value {
        Json::Null => writer.null(),
        Json::Bool(value) => writer.boolean(*value),
        Json::Number(text) => write_number(text, writer),
        Json::Text(text) => writer.string(text),
        Json::List(elements) => {
            writer.open('[');
            for element in *elements {
                write_value(element, writer);
            }
            writer.close(']');
        }
        Json::Object(members) => {
            writer.open('{');
            for member in *members {
                writer.key(member.key);
                write_value(&member.value, writer);
            }
            writer.close('}');
        }
    }
}

/// Numbers were read leniently (`.5`, `5.`, `+5`, `007`); such are written as others expect them.
fn write_number(text: &str, writer: &mut JsonWriter) {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let is_strict = match digits {
        [b'0', next, ..] if next.is_ascii_digit() => false,
        [b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9'] => {
            !text.contains(".e") && !text.contains(".E")
        }
        _ => false,
    };
    if is_strict {
        writer.raw(text);
    } else {
        writer.number(text.parse().unwrap_or(f64::NAN));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::write;

    #[test]
    fn lenient_numbers_are_written_strictly() {
        for (given, expected) in [
            ("0", "0"),
            ("-0.5", "-0.5"),
            ("1e3", "1e3"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+5", "5"),
            ("007", "7"),
            ("5.e1", "50"),
            ("-00", "-0"),
            ("00e999", "0"),
            ("+9e999", "null"),
        ] {
            assert_eq!(write(&Json::Number(given)), expected);
        }
    }
}
