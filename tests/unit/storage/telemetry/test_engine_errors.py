"""What the engine's failures mean in the words of the port."""

import pytest

from vedette.storage.telemetry.engine_errors import (
    failure_of_insert,
    failure_of_opening,
    failure_of_question,
)
from vedette.storage.telemetry.port import (
    QuestionRefused,
    StoreRefused,
    StoreUnreachable,
    TelemetryError,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Code: 241. DB::Exception: memory limit exceeded", StoreUnreachable),
        ("Code: 252. DB::Exception: Too many parts (3000)", StoreUnreachable),
        ("Code: 243. DB::Exception: Cannot reserve 1 MiB, not enough space", StoreUnreachable),
        (
            "Code: 75. DB::Exception: No space left on device",
            StoreUnreachable,
        ),
        ("Code: 1001. DB::Exception: std::exception", StoreUnreachable),
        ("the connection is gone", StoreUnreachable),
        ("Code: 33. DB::Exception: Cannot read all data", StoreRefused),
        ("Code: 60. DB::Exception: Unknown table", StoreRefused),
        ("Code: 117. DB::Exception: Unknown field found", StoreRefused),
    ],
)
def test_a_failed_insert_is_tried_again_or_refused(text: str, kind: type[TelemetryError]) -> None:
    failure = failure_of_insert(RuntimeError(text), table="spans")

    assert type(failure) is kind
    assert "rows of spans" in str(failure)


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("Code: 159. DB::Exception: Timeout exceeded", QuestionRefused, "takes too long"),
        ("Code: 158. DB::Exception: Limit for rows", QuestionRefused, "too many rows"),
        ("Code: 241. DB::Exception: memory limit", QuestionRefused, "too much memory"),
        ("Code: 236. DB::Exception: Aborted", StoreUnreachable, "does not answer"),
        ("no code", StoreUnreachable, "does not answer"),
        ("Code: 47. DB::Exception: Unknown identifier", TelemetryError, "of ours"),
    ],
)
def test_a_failed_question_says_whose_fault_it_is(
    text: str, kind: type[TelemetryError], says: str
) -> None:
    failure = failure_of_question(RuntimeError(text))

    assert type(failure) is kind
    assert says in str(failure)


def test_a_sentence_of_the_engine_stands_on_one_line_and_is_not_endless() -> None:
    failure = failure_of_question(RuntimeError("Code: 1.\n\n" + "long " * 1_000))

    assert "\n" not in str(failure)
    assert len(str(failure)) < 700


def test_the_asker_does_not_see_the_engine_s_words() -> None:
    failure = failure_of_question(RuntimeError("Code: 159. DB::Exception: secret SQL"))

    assert "secret" not in str(failure)


def test_another_folder_in_the_same_process_is_named() -> None:
    failure = failure_of_opening(
        RuntimeError("EmbeddedServer already initialized with path '/a', cannot connect")
    )

    assert str(failure) == (
        "this process keeps its telemetry in /a already: it can hold one folder only"
    )
