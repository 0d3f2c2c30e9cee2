//! The patterns that are always the same, under the names that Sentry's rules have.

use super::checks::{always, is_address, is_card, is_iban, is_imei};

/// A pattern, the groups of it that are taken out (0: all of it), and what else must be true.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) pattern: &'static str,
    pub(super) groups: &'static [usize],
    pub(super) check: fn(&str) -> bool,
}

/// All but the pairs of names and values, which need more than a pattern.
pub(super) const BUILTINS: [Builtin; 13] = [
    Builtin {
        name: "pemkey",
        pattern: r"(?s)-----BEGIN[A-Z0-9 ]{1,60}(?:PRIVATE|PUBLIC) KEY-----\s*(.+?)\s*(?:-----END|\z)",
        groups: &[1],
        check: always,
    },
    Builtin {
        name: "urlauth",
        pattern: r#"://[^\s/?#@:"']*:([^\s/?#@"']+)@"#,
        groups: &[1],
        check: always,
    },
    Builtin {
        name: "bearer",
        pattern: r"(?i)(?-u:\b)bearer[ \t]+([a-z0-9._~+/-]{8,}=*)",
        groups: &[1],
        check: always,
    },
    Builtin {
        name: "apikey",
        pattern: concat!(
            r"(?-u:\b)(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}",
            r"|github_pat_[A-Za-z0-9_]{30,}|xox[a-z]-[A-Za-z0-9-]{10,}|[sr]k_live_[A-Za-z0-9]{16,}",
            r"|AIza[A-Za-z0-9_-]{35}|sntry[su]_[A-Za-z0-9_=+/-]{20,}|glpat-[A-Za-z0-9_-]{20,}",
            r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)"
        ),
        groups: &[0],
        check: always,
    },
    Builtin {
        name: "creditcard",
        pattern: r"(?-u:\b)[0-9](?:[ -]?[0-9]){12,18}(?-u:\b)",
        groups: &[0],
        check: is_card,
    },
    Builtin {
        name: "iban",
        pattern: r"(?-u:\b)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,29}(?-u:\b)",
        groups: &[0],
        check: is_iban,
    },
    Builtin {
        name: "usssn",
        pattern: r"(?-u:\b)[0-9]{3}-[0-9]{2}-[0-9]{4}(?-u:\b)",
        groups: &[0],
        check: always,
    },
    Builtin {
        name: "userpath",
        pattern: r#"(?:/home/|/Users/|\\(?i:users|documents and settings)\\)\\?([^/\\\s"'<>:]+)"#,
        groups: &[1],
        check: always,
    },
    Builtin {
        name: "email",
        pattern: concat!(
            r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})",
            r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))+"
        ),
        groups: &[0],
        check: always,
    },
    Builtin {
        name: "ip",
        pattern: concat!(
            r"(?i)(?-u:\b)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?-u:\b)",
            r"|(?:[0-9a-f]{0,4}:){2,7}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-f]{0,4})"
        ),
        groups: &[0],
        check: is_address,
    },
    Builtin {
        name: "imei",
        pattern: r"(?-u:\b)[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9](?-u:\b)",
        groups: &[0],
        check: is_imei,
    },
    Builtin {
        name: "mac",
        pattern: r"(?i)(?-u:\b)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?-u:\b)",
        groups: &[0],
        check: always,
    },
    Builtin {
        name: "uuid",
        pattern: r"(?i)(?-u:\b)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?-u:\b)",
        groups: &[0],
        check: always,
    },
];
