"""Live tails, asked of rows in memory."""

import pytest

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_log, a_span, an_error, block_of
from vedette.query.refusal import QuestionWrong
from vedette.query.tail import Look, Tail, TailRequest

NOON_MS = NOON_NS // 1_000_000


class Lines:
    """Log lines that come in one after the other."""

    def __init__(self) -> None:
        self.telemetry = MemoryTelemetry()
        self.count = 0

    def come(self, *bodies: str, received_ms: int = 0, **given: object) -> None:
        rows = []
        for body in bodies:
            self.count += 1
            at = NOON_MS + received_ms
            rows.append(a_log(self.count, body=body, received_at=at, **given))
        self.telemetry.put([block_of("logs", rows)], token=str(self.count))

    def tail(self, search: str = "", **given: object) -> Tail:
        request = {"dataset": "logs", "search": search, "project_slugs": {1: "web"}, **given}
        return Tail(
            self.telemetry,
            TailRequest(**{"now_ns": NOON_NS, **request}),  # type: ignore[arg-type] # what a test gives fits
        )


def shown(look: Look) -> list[object]:
    return [row["message"] for row in look.rows]


def test_what_was_there_before_is_not_shown_and_each_new_line_is_shown_once() -> None:
    lines = Lines()
    lines.come("old", received_ms=-1)
    tail = lines.tail()
    assert shown(tail.look(NOON_NS)) == []

    lines.come("one", received_ms=5)
    lines.come("two", received_ms=9)

    assert shown(tail.look(NOON_NS + SECOND_NS)) == ["one", "two"]
    assert shown(tail.look(NOON_NS + SECOND_NS)) == []


def test_a_line_that_becomes_readable_after_one_received_later_is_shown_too() -> None:
    lines = Lines()
    tail = lines.tail()
    lines.come("second", received_ms=50)
    assert shown(tail.look(NOON_NS)) == ["second"]

    lines.come("first", received_ms=20)

    assert shown(tail.look(NOON_NS)) == ["first"]


def test_lines_received_together_stand_as_they_were_written() -> None:
    lines = Lines()
    tail = lines.tail()
    lines.come("third", sequence=2, time=NOON_NS + 1)
    lines.come("second", sequence=1, time=NOON_NS + 1)
    lines.come("first", sequence=9)

    assert shown(tail.look(NOON_NS)) == ["first", "second", "third"]


def test_only_lines_of_the_search_and_of_the_seen_projects() -> None:
    lines = Lines()
    tail = lines.tail("severity:error payment")
    lines.come("payment failed", severity="error")
    lines.come("payment done", severity="info")
    lines.come("payment of theirs", severity="error", project_id=2)

    assert shown(tail.look(NOON_NS)) == ["payment failed"]


def test_under_pressure_the_newest_are_shown_and_the_others_counted() -> None:
    lines = Lines()
    tail = lines.tail(row_count_max=5)
    told, skipped = 0, 0
    for second in range(6):
        for number in range(second * 4):
            lines.come(f"{second}.{number}", received_ms=1_000 * second + number)
        look = tail.look(NOON_NS + second * SECOND_NS)
        told += len(look.rows)
        skipped += look.skipped_count
        assert len(look.rows) <= 5

    assert told + skipped == lines.count
    assert skipped > 0


def test_a_client_that_lost_its_connection_goes_on_where_it_was_but_not_from_long_ago() -> None:
    lines = Lines()
    lines.come("long ago", received_ms=-100_000)
    lines.come("missed", received_ms=-10_000)

    assert shown(lines.tail(resumed_ns=NOON_NS - 20 * SECOND_NS).look(NOON_NS)) == ["missed"]
    assert shown(lines.tail(resumed_ns=0).look(NOON_NS)) == ["missed"]
    assert shown(lines.tail(resumed_ns=NOON_NS * 2).look(NOON_NS)) == []


def test_spans_and_errors_have_tails_and_metrics_have_none() -> None:
    telemetry = MemoryTelemetry()
    tails = [
        Tail(telemetry, TailRequest(name, "", {1: "web"}, NOON_NS)) for name in ("spans", "errors")
    ]
    telemetry.put(
        [block_of("spans", [a_span(description="GET /", received_at=NOON_MS)])], token="1"
    )
    telemetry.put([block_of("errors", [an_error(title="broken", received_at=NOON_MS)])], token="2")

    looks = [each.look(NOON_NS) for each in tails]

    assert looks[0].rows[0]["span.description"] == "GET /"
    assert looks[1].rows[0]["title"] == "broken"
    with pytest.raises(QuestionWrong, match="dataset must be one of: logs, spans, errors"):
        Tail(telemetry, TailRequest("tracemetrics", "", {1: "web"}, NOON_NS))
