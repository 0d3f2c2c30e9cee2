//! How deeply JSON text is nested, told without reading it.

/// Returns how many brackets are open at the deepest place of `text`.
///
/// Brackets inside strings do not count. The text need not be JSON: the answer is then only a
/// number of brackets.
#[must_use]
pub fn json_depth(text: &[u8]) -> usize {
    let mut deepest = 0_usize;
    let mut open = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    for &byte in text {
        if in_string {
            if is_escaped {
                is_escaped = false;
            } else if byte == b'\\' {
                is_escaped = true;
            } else if byte == b'"' {
                in_string = false;
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::json_depth;

    #[test]
    fn brackets_outside_strings_are_counted() {
        for (text, depth) in [
            ("", 0),
            ("5", 0),
            ("[]", 1),
            (r#"{"a":[{}],"b":{}}"#, 3),
            (r#"{"[[[":"]]\"{{{"}"#, 1),
            ("]]][", 1),
        ] {
            assert_eq!(json_depth(text.as_bytes()), depth, "{text}");
        }
    }
}
