//! What is found and what is left, over names and texts of all kinds.

use super::*;

fn keys() -> KeyRules {
    KeyRules::new(true, &["kundennummer".into()], &["auth_mode".into()])
}

fn scrubbed(text: &str) -> String {
    Scrubber::new(keys(), true)
        .map(|scrubber| scrubber.text(text).into_owned())
        .unwrap_or_default()
}

#[test]
fn names_say_what_must_not_be_kept() {
    let keys = keys();
    for name in [
        "password",
        "user_password",
        "PASSWD",
        "clientSecret",
        "X-Api-Key",
        "Authorization",
        "http.request.header.authorization",
        "oauth2",
        "access_token",
        "csrf_token",
        "otp",
        "a.otp",
        "cookie",
        "http.request.header.cookie",
        "Kundennummer_alt",
        "cvv2",
        "credentials",
    ] {
        assert_eq!(keys.verdict(name.as_bytes()), Verdict::Sensitive, "{name}");
    }
    for name in [
        "author",
        "authority",
        "co_author",
        "session.id",
        "name",
        "hotpot",
        "class_name",
        "keyword",
        "pass",
        "card",
        "",
    ] {
        assert!(!keys.verdict(name.as_bytes()).takes_text(), "{name}");
    }
    assert_eq!(keys.verdict(b"auth_mode"), Verdict::Harmless);
    assert_eq!(
        keys.verdict(b"gen_ai.usage.input_tokens"),
        Verdict::SensitiveText
    );
    assert_eq!(keys.cookie(b"sessionid__1"), Verdict::Sensitive);
    assert_eq!(keys.cookie(b"theme"), Verdict::Plain);
    assert_eq!(keys.verdict(&[0xff; 2_000]), Verdict::Plain);
}

#[test]
fn secrets_in_texts_are_taken_out_and_the_rest_stays() {
    for (text, expected) in [
        ("card 4111 1111 1111 1111 ok", "card [Filtered] ok"),
        ("amex 378282246310005", "amex [Filtered]"),
        ("no card 4111 1111 1111 1112", "no card 4111 1111 1111 1112"),
        ("order 1234567890123456", "order 1234567890123456"),
        ("iban GB29NWBK60161331926819!", "iban [Filtered]!"),
        (
            "iban GB29NWBK60161331926818!",
            "iban GB29NWBK60161331926818!",
        ),
        ("ssn 078-05-1120", "ssn [Filtered]"),
        (
            "postgres://bob:hunter2@db/x",
            "postgres://bob:[Filtered]@db/x",
        ),
        (
            "Authorization: Bearer abcdef123456",
            "Authorization: Bearer [Filtered]",
        ),
        (
            "sent bearer abcdef123456 along",
            "sent bearer [Filtered] along",
        ),
        ("at /home/alice/app.py", "at /home/[Filtered]/app.py"),
        (r"at C:\Users\Alice\x", r"at C:\Users\[Filtered]\x"),
        ("?a=1&token=abc&b=2", "?a=1&token=[Filtered]&b=2"),
        (
            r#"{"user":"bob","password":"hun\"ter"}"#,
            r#"{"user":"bob","password":"[Filtered]"}"#,
        ),
        (
            r#"{\"password\":\"x y\"}"#,
            r#"{\"password\":\"[Filtered]\"}"#,
        ),
        ("user: password=hunter2", "user: password=[Filtered]"),
        ("my password is hunter2", "my password is [Filtered]"),
        ("author: Tom", "author: Tom"),
        ("kundennummer=77", "kundennummer=[Filtered]"),
        (
            "client 203.0.113.9 and 2001:db8::1",
            "client [Filtered] and [Filtered]",
        ),
        ("at 12:30:45", "at 12:30:45"),
        ("key AKIAIOSFODNN7EXAMPLE", "key [Filtered]"),
        ("grün token=ä und so", "grün token=[Filtered] und so"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMII\nabc\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\n[Filtered]\n-----END RSA PRIVATE KEY-----",
        ),
    ] {
        assert_eq!(scrubbed(text), expected, "{text}");
    }
}

#[test]
fn a_pattern_may_take_groups_only_and_a_wrong_one_is_told() {
    let rule = TextRule::Pattern("id-([0-9]+)".into(), vec![1]);
    let mut found = Vec::new();
    if let Ok(rules) = TextRules::new(&[rule], &keys()) {
        rules.find("x id-12 id-3", &mut found);
    }
    let places: Vec<_> = found.iter().map(|each| (each.start, each.end)).collect();
    assert_eq!(places, [(5, 7), (11, 12)]);
    let wrong = TextRule::Pattern("(".into(), vec![]);
    assert!(TextRules::new(&[wrong], &keys()).is_err());
    let huge = TextRule::Pattern("(a{1000}){1000}".into(), vec![]);
    assert!(TextRules::new(&[huge], &keys()).is_err());
}

proptest::proptest! {
    #[test]
    fn the_quick_look_never_hides_what_the_rules_find(
        text in r#"([a-z=:&@/ \\"0-9-]|password|token|://|/home/|bearer |[0-9]{9}){0,12}"#
    ) {
        let keys = keys();
        let ours = texts::defaults();
        let mut closely = ours.clone();
        closely.push(TextRule::Pattern("a^".into(), vec![]));
        let found = |rules: &[TextRule]| {
            let mut found = Vec::new();
            TextRules::new(rules, &keys).map(|rules| rules.find(&text, &mut found)).is_ok().then_some(found)
        };
        proptest::prop_assert_eq!(found(&ours), found(&closely));
    }
}
