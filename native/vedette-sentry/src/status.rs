//! Status words of spans: a dozen words and numbers, three meanings.

use vedette_core::rows::SpanStatus;

use crate::json::Json;

/// A status with the word that says more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome<'a> {
    /// What the word means.
    pub(crate) status: SpanStatus,
    /// The word.
    pub(crate) text: &'a str,
}

/// The words by their gRPC number.
const BY_NUMBER: [&str; 17] = [
    "ok",
    "cancelled",
    "unknown_error",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal_error",
    "unavailable",
    "data_loss",
    "unauthenticated",
];

/// What the sender said: a word or a gRPC number. Nothing if nothing was said.
pub(crate) fn from_word(value: Json<'_>) -> Option<Outcome<'_>> {
    let word = match value {
        Json::Number(_) => BY_NUMBER
            .get(usize::try_from(value.unsigned()?).ok()?)
            .copied()?,
        _ => value.text()?,
    };
    Some(Outcome {
        status: meaning(word),
        text: word,
    })
}

/// Cancelled and unknown are neither good nor bad: failure rates leave them out.
fn meaning(word: &str) -> SpanStatus {
    match word {
        "ok" => SpanStatus::Ok,
        "unset" | "cancelled" | "unknown" => SpanStatus::Unset,
        _ => SpanStatus::Error,
    }
}

/// What an HTTP status says of the request.
pub(crate) fn from_http(http_status: u64) -> Option<Outcome<'static>> {
    let word = match http_status {
        200..=399 => "ok",
        401 => "unauthenticated",
        403 => "permission_denied",
        404 => "not_found",
        409 => "already_exists",
        413 => "failed_precondition",
        429 => "resource_exhausted",
        499 => "cancelled",
        400..=498 => "invalid_argument",
        501 => "unimplemented",
        503 => "unavailable",
        504 => "deadline_exceeded",
        500..=599 => "internal_error",
        _ => return None,
    };
    Some(Outcome {
        status: meaning(word),
        text: word,
    })
}

/// Whether it is one of the words that protocols share.
pub(crate) fn is_known(word: &str) -> bool {
    BY_NUMBER.contains(&word)
}

#[cfg(test)]
mod tests {
    use vedette_core::rows::SpanStatus;

    use super::{from_http, from_word};
    use crate::json::Json;

    #[test]
    fn words_and_numbers_mean_the_same() {
        for (given, status, text) in [
            (Json::Text("ok"), SpanStatus::Ok, "ok"),
            (Json::Number("0"), SpanStatus::Ok, "ok"),
            (Json::Number("5"), SpanStatus::Error, "not_found"),
            (
                Json::Text("internal_error"),
                SpanStatus::Error,
                "internal_error",
            ),
            (Json::Text("cancelled"), SpanStatus::Unset, "cancelled"),
            (Json::Text("my own"), SpanStatus::Error, "my own"),
        ] {
            let read = from_word(given).unwrap_or_default();
            assert_eq!((read.status, read.text), (status, text));
        }
        for nothing in [
            Json::Null,
            Json::Text(""),
            Json::Number("17"),
            Json::Bool(true),
        ] {
            assert_eq!(from_word(nothing), None);
        }
    }

    #[test]
    fn an_http_status_says_how_it_went() {
        let words = [
            204, 302, 400, 404, 418, 429, 499, 500, 502, 504, 100, 600, 0,
        ]
        .map(|code| from_http(code).map(|read| read.text));
        let expected = [
            Some("ok"),
            Some("ok"),
            Some("invalid_argument"),
            Some("not_found"),
            Some("invalid_argument"),
            Some("resource_exhausted"),
            Some("cancelled"),
            Some("internal_error"),
            Some("internal_error"),
            Some("deadline_exceeded"),
            None,
            None,
            None,
        ];
        assert_eq!(words, expected);
    }
}
