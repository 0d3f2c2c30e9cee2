//! Lines of source around a place, cut to what a person reads.

/// Lines before and after the one that is meant.
pub(crate) const AROUND_MAX: usize = 5;

/// Characters of a line that are kept; longer ones are cut around the column.
const LINE_CHARACTERS_MAX: usize = 200;
const CUT: &str = "{snip}";

/// Returns a line without its end, cut around a column (0 is the first) when it is too long.
pub(crate) fn shown(line: &str, column: usize) -> String {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.len() <= LINE_CHARACTERS_MAX {
        return line.to_owned();
    }
    let length = line.chars().count();
    if length <= LINE_CHARACTERS_MAX {
        return line.to_owned();
    }
    let first = column
        .min(length)
        .saturating_sub(LINE_CHARACTERS_MAX / 2)
        .min(length - LINE_CHARACTERS_MAX);
    let middle: String = line.chars().skip(first).take(LINE_CHARACTERS_MAX).collect();
    let before = if first > 0 { CUT } else { "" };
    let after = if first + LINE_CHARACTERS_MAX < length {
        CUT
    } else {
        ""
    };
    format!("{before}{middle}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_stays_as_it_is() {
        assert_eq!(shown("let a = 1;\r\n", 4), "let a = 1;");
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let line = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(5_000));
        let cut = shown(&line, 5_000);
        assert!(cut.contains("HERE"));
        assert!(cut.starts_with(CUT) && cut.ends_with(CUT));
        assert_eq!(cut.len(), LINE_CHARACTERS_MAX + 2 * CUT.len());
    }

    #[test]
    fn a_column_behind_the_end_shows_the_end() {
        let cut = shown(&"ä".repeat(1_000), usize::MAX);
        assert!(cut.starts_with(CUT) && cut.ends_with('ä'));
    }
}
