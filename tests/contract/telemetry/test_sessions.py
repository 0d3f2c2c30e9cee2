"""Sums over sessions, on every adapter; and the engine against plain Python."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.telemetry.asking import ALL_TIME
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, block_of, row_of
from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.model.question import TimeRange
from vedette.model.session_question import SessionFilter, SessionGroup, SessionQuestion
from vedette.storage.telemetry.chdb_store import ChdbTelemetry
from vedette.storage.telemetry.port import QuestionRefused, Telemetry
from vedette.storage.telemetry.session_port import SESSION_SUMS

NOON_MS = NOON_NS // 1_000_000
HOUR_S = 3_600
TOKENS = count()


def an_update(session_id: str, sequence: int, **given: object) -> dict[str, object]:
    """Return one update of one session."""
    facts = {"status": "ok", "release": "a@1.0", "is_init": sequence == 1}
    return _row(session_id=session_id, sequence=sequence, **(facts | given))


def many(**given: object) -> dict[str, object]:
    """Return an aggregate."""
    return _row(**({"release": "a@1.0", "is_init": True} | given))


def _row(**given: object) -> dict[str, object]:
    facts = {"project_id": 1, "started": NOON_MS, "received_at": NOON_MS}
    return row_of("sessions", **(facts | given))


def put(telemetry: Telemetry, *rows: dict[str, object]) -> None:
    telemetry.put([block_of("sessions", rows)], token=f"t{next(TOKENS)}")


def sums(telemetry: Telemetry, *names: str, **facts: object) -> list[JsonValue]:
    """Return the named sums over everything."""
    question = SessionQuestion((1,), ALL_TIME, **facts)  # type: ignore[arg-type] # given by name
    rows = telemetry.sessions(question).rows()
    return [rows[0][name] for name in names] if rows else []


def test_a_session_counts_once_and_its_last_update_wins(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_update("s", 1, distinct_id="kim"),
        an_update("s", 3, status="crashed", error_count=1),
        an_update("s", 2, error_count=1),
        an_update("t", 1),
        an_update("t", 2, status="exited", duration_s=4.0),
    )

    names = ("sessions", "errored", "crashed", "users", "users_crashed", "duration_p50")
    assert sums(telemetry, *names) == [2, 1, 1, 1, 1, 4.0]


def test_an_end_wins_over_an_update_of_the_same_number(telemetry: Telemetry) -> None:
    put(telemetry, an_update("s", 5, status="unhandled"), an_update("s", 5, status="ok"))

    assert sums(telemetry, "sessions", "errored", "unhandled", "crashed") == [1, 1, 1, 0]


def test_aggregates_count_for_as_many_as_they_say(telemetry: Telemetry) -> None:
    put(
        telemetry,
        many(exited_count=10, errored_count=2, crashed_count=1, abnormal_count=1),
        many(exited_count=1, unhandled_count=3, distinct_id="kim"),
        an_update("s", 1, distinct_id="kim"),
    )

    names = ("sessions", "errored", "crashed", "abnormal", "unhandled", "users", "users_unhandled")
    assert sums(telemetry, *names) == [19, 7, 1, 1, 3, 1, 1]


def test_people_are_counted_once_over_groups_and_time(telemetry: Telemetry) -> None:
    put(
        telemetry,
        *(
            an_update(f"s{number}", 1, distinct_id="kim", started=NOON_MS + number * 3_600_000)
            for number in range(3)
        ),
    )
    by_hour = telemetry.sessions(SessionQuestion((1,), ALL_TIME, interval_s=HOUR_S))

    assert sums(telemetry, "sessions", "users") == [3, 1]
    assert [(row["time"], row["users"]) for row in by_hour.rows()] == [
        (NOON_NS + number * HOUR_S * SECOND_NS, 1) for number in range(3)
    ]


def test_sessions_are_those_of_project_and_time(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_update("s", 1, project_id=2),
        an_update("t", 1, started=NOON_MS - 1),
        an_update("u", 1, started=NOON_MS),
        an_update("v", 1, started=NOON_MS + 1_000),
    )
    second = TimeRange(NOON_NS, NOON_NS + SECOND_NS)

    answer = telemetry.sessions(SessionQuestion((1,), second))

    assert [row["sessions"] for row in answer.rows()] == [1]
    assert telemetry.sessions(SessionQuestion((), second)).row_count == 0
    assert telemetry.sessions(SessionQuestion((99,), second)).row_count == 0


def test_sessions_are_grouped_with_most_first(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_update("s", 1),
        an_update("t", 1, release="b@2.0", environment="staging"),
        many(release="b@2.0", environment="staging", exited_count=4),
    )

    answer = telemetry.sessions(
        SessionQuestion(
            (1,),
            ALL_TIME,
            (SessionGroup.PROJECT, SessionGroup.RELEASE, SessionGroup.ENVIRONMENT),
            row_count_max=1,
        )
    )

    assert answer.names == ("project", "release", "environment", *SESSION_SUMS)
    assert [column[0] for column in answer.columns[:4]] == [1, "b@2.0", "staging", 5]
    assert answer.was_cut


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (SessionFilter(SessionGroup.RELEASE, texts=("a@1.0",)), 1),
        (SessionFilter(SessionGroup.RELEASE, texts=("a@1.0",), is_negated=True), 2),
        (SessionFilter(SessionGroup.RELEASE, patterns=("B@*",)), 1),
        (SessionFilter(SessionGroup.RELEASE, patterns=("%*",)), 1),
        (SessionFilter(SessionGroup.ENVIRONMENT, texts=("", "x")), 3),
        (SessionFilter(SessionGroup.ENVIRONMENT, texts=("'; --",)), 0),
    ],
)
def test_sessions_are_held_to_releases_and_environments(
    telemetry: Telemetry, given: SessionFilter, expected: int
) -> None:
    put(
        telemetry,
        an_update("s", 1),
        an_update("t", 1, release="b@2.0"),
        an_update("u", 1, release="%d\\"),
    )

    assert sums(telemetry, "sessions", filters=(given,)) == ([expected] if expected else [])


def test_an_interval_below_a_minute_is_refused(telemetry: Telemetry) -> None:
    with pytest.raises(QuestionRefused):
        telemetry.sessions(SessionQuestion((1,), ALL_TIME, interval_s=59))


ROWS = st.one_of(
    st.builds(
        an_update,
        st.sampled_from(["s", "t", "u"]),
        st.integers(1, 4),
        project_id=st.sampled_from([1, 2]),
        release=st.sampled_from(["a@1.0", "b"]),
        environment=st.sampled_from(["", "prod"]),
        status=st.sampled_from(["ok", "exited", "crashed", "abnormal", "errored", "unhandled"]),
        error_count=st.integers(0, 2),
        distinct_id=st.sampled_from(["", "kim", "lee"]),
        started=st.sampled_from([NOON_MS, NOON_MS + 4_000_000]),
        received_at=st.integers(NOON_MS, NOON_MS + 2),
        duration_s=st.just(0.0),
    ),
    st.builds(
        many,
        project_id=st.sampled_from([1, 2]),
        release=st.sampled_from(["a@1.0", "b"]),
        distinct_id=st.sampled_from(["", "kim", "ola"]),
        started=st.sampled_from([NOON_MS, NOON_MS + 4_000_000]),
        exited_count=st.integers(0, 3),
        errored_count=st.integers(0, 2),
        crashed_count=st.integers(0, 2),
        abnormal_count=st.integers(0, 1),
        unhandled_count=st.integers(0, 1),
    ),
)
QUESTIONS = st.builds(
    SessionQuestion,
    st.sampled_from([(1,), (1, 2)]),
    st.just(ALL_TIME),
    st.lists(st.sampled_from(list(SessionGroup)), unique=True).map(tuple),
    st.sampled_from([None, HOUR_S]),
)


@pytest.fixture
def engine(open_engine: Callable[[], ChdbTelemetry]) -> ChdbTelemetry:
    return open_engine()


def lines(answer: Answer) -> list[str]:
    return sorted(map(repr, zip(*answer.columns, strict=True)))


@given(rows=st.lists(ROWS, min_size=1, max_size=12), question=QUESTIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_the_engine_sums_as_plain_python_does(
    engine: ChdbTelemetry, rows: list[dict[str, object]], question: SessionQuestion
) -> None:
    judge = MemoryTelemetry()
    engine._engine.order("TRUNCATE TABLE sessions")
    for store in (judge, engine):
        put(store, *rows)

    assert lines(engine.sessions(question)) == lines(judge.sessions(question))
