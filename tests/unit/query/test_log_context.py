"""The lines around one, asked of rows in memory."""

import pytest

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_log, block_of, trace_id
from vedette.model.json_value import JsonObject
from vedette.model.question import TimeRange
from vedette.query.log_context import ContextRequest, ask_log_context
from vedette.query.refusal import QuestionWrong

DAY = TimeRange(NOON_NS - 86_400 * SECOND_NS, NOON_NS + 86_400 * SECOND_NS)


def ask(telemetry: MemoryTelemetry, number: int, **given: object) -> JsonObject | None:
    request: dict[str, object] = {
        "log_id": trace_id(number).hex(),
        "project_slugs": {1: "web"},
        "time_range": DAY,
        **given,
    }
    return ask_log_context(telemetry, ContextRequest(**request))  # type: ignore[arg-type] # what a test gives fits


def telemetry(*lines: dict[str, object]) -> MemoryTelemetry:
    memory = MemoryTelemetry()
    rows = [
        a_log(number + 1, **{"service": "shop", "body": str(number + 1), **line})
        for number, line in enumerate(lines)
    ]
    memory.put([block_of("logs", rows)], token="1")
    return memory


def said(answer: JsonObject | None) -> tuple[list[object], object, list[object]]:
    assert answer is not None
    before, line, after = answer["before"], answer["line"], answer["after"]
    assert isinstance(before, list)
    assert isinstance(line, dict)
    assert isinstance(after, list)
    return (
        [each["message"] for each in before if isinstance(each, dict)],
        line["message"],
        [each["message"] for each in after if isinstance(each, dict)],
    )


def test_lines_stand_in_the_order_of_time_then_of_their_sequence() -> None:
    memory = telemetry(
        {"time": NOON_NS, "sequence": 2},
        {"time": NOON_NS, "sequence": 1},
        {"time": NOON_NS, "sequence": 3},
        {"time": NOON_NS - 1, "sequence": 9},
        {"time": NOON_NS + 3_600 * SECOND_NS},
        {"time": NOON_NS, "sequence": 2},
    )

    assert said(ask(memory, 1)) == (["4", "2"], "1", ["6", "3", "5"])


def test_no_more_than_is_wanted_and_that_there_is_more_is_said() -> None:
    lines: list[dict[str, object]] = [{"time": NOON_NS + number} for number in range(7)]
    memory = telemetry(*lines)

    answer = ask(memory, 4, before_count=2, after_count=3)

    assert said(answer) == (["2", "3"], "4", ["5", "6", "7"])
    assert answer is not None
    assert (answer["hasMoreBefore"], answer["hasMoreAfter"]) == (True, False)


def test_other_sources_are_left_out() -> None:
    here = {"attr_str": {"server.address": "a"}, "resource_id": 2**60 + 1}
    memory = telemetry(
        here,
        here,
        {**here, "resource_id": 2**60},
        {**here, "attr_str": {"server.address": "b"}},
        {"resource_id": 2**60 + 1},
        {**here, "service": "packing"},
        {**here, "project_id": 2},
    )

    answer = ask(memory, 1, project_slugs={1: "web", 2: "theirs"})

    assert said(answer) == ([], "1", ["2"])
    assert answer is not None
    assert answer["source"] == {
        "project": "web",
        "service": "shop",
        "resource": str(2**60 + 1),
        "server.address": "a",
    }


def test_a_trace_is_followed_across_services() -> None:
    memory = telemetry(
        {"trace_id": trace_id(7), "time": NOON_NS},
        {"trace_id": trace_id(7), "time": NOON_NS + 5, "service": "packing"},
        {"trace_id": trace_id(8), "time": NOON_NS + 6},
    )

    assert said(ask(memory, 1, by="trace")) == ([], "1", ["2"])


def test_a_line_without_a_trace_has_only_its_source() -> None:
    with pytest.raises(QuestionWrong, match="belongs to no trace"):
        ask(telemetry({}), 1, by="trace")


def test_a_line_of_others_is_not_there() -> None:
    memory = telemetry({"project_id": 2})

    assert ask(memory, 1) is None
    assert ask(memory, 1, project_slugs={}) is None
