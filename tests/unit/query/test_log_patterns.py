"""Templates of log lines: that each line fits its own, and that counts add up."""

import re
from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_log, block_of
from vedette.model.json_value import JsonObject
from vedette.model.question import Aggregate, Dataset, Function, RowQuestion, TimeRange
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.line_clusters import Line, cluster_lines, first_words
from vedette.query.log_patterns import PatternRequest, ask_log_patterns, query_of

HOUR = TimeRange(NOON_NS, NOON_NS + 3_600 * SECOND_NS)
WORDS = st.sampled_from(
    ["order", "failed", "17", "4242", "a\\b", "100%", "it*s", '"x"', "<*>", "é"]
)
BODIES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


def telemetry(*lines: Mapping[str, object]) -> MemoryTelemetry:
    memory = MemoryTelemetry()
    rows = [a_log(number + 1, **line) for number, line in enumerate(lines)]
    memory.put([block_of("logs", rows)], token="1")
    return memory


def ask(memory: MemoryTelemetry, search: str = "", lines: int = 500) -> JsonObject:
    request = PatternRequest(search, {1: "web"}, HOUR, now_ns=HOUR.end_ns, lines_per_step_max=lines)
    return ask_log_patterns(memory, request)


def shown(answer: JsonObject) -> dict[object, object]:
    patterns = answer["patterns"]
    assert isinstance(patterns, list)
    return {each["pattern"]: each["count"] for each in patterns if isinstance(each, dict)}


def test_numbers_and_single_words_become_placeholders() -> None:
    memory = telemetry(
        *({"body": f"order {number} of anna was shipped"} for number in range(3)),
        {"body": "order 8 of bert was shipped"},
        {"body": "connection lost"},
    )

    assert shown(ask(memory)) == {"order <number> of <*> was shipped": 4, "connection lost": 1}


def test_a_template_that_the_sender_says_is_believed() -> None:
    memory = telemetry(
        {"body": "Anna * signed in", "template": "%s * signed in"},
        {"body": "Bert * signed in", "template": "%s * signed in"},
        {"body": "Anna signed out", "template": "%s signed out"},
    )
    answer = ask(memory)

    assert shown(answer) == {"%s * signed in": 2, "%s signed out": 1}
    assert isinstance(answer["patterns"], list)
    first = answer["patterns"][0]
    assert isinstance(first, dict)
    assert first["query"] == 'message.template:"%s \\* signed in"'


def test_of_many_lines_a_sample_is_looked_at_and_counts_are_estimated() -> None:
    half = HOUR.start_ns + 1_800 * SECOND_NS
    memory = telemetry(
        *({"body": f"tick {number}", "time": HOUR.start_ns + number} for number in range(40)),
        *({"body": f"tock {number}", "time": half + number} for number in range(3)),
    )

    answer = ask(memory, lines=10)

    assert (answer["total"], answer["sampled"]) == (43, 13)
    assert shown(answer) == {"tick <number>": 40, "tock <number>": 3}
    assert isinstance(answer["patterns"], list)
    first, second = answer["patterns"]
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["trend"] == [40, *[0] * 19]
    assert second["trend"] == [*[0] * 10, 3, *[0] * 9]


def test_only_lines_of_the_search_and_no_lines_at_all() -> None:
    memory = telemetry({"body": "a"}, {"body": "b", "severity": "error"})

    assert shown(ask(memory, "severity:error")) == {"b": 1}
    assert ask(memory, "nothing")["patterns"] == []


@given(st.lists(BODIES, max_size=12))
def test_every_line_is_counted_once_and_fits_a_template(bodies: list[str]) -> None:
    clusters = cluster_lines(Line(body, 0, 1.0) for body in bodies)

    assert sum(cluster.sampled_count for cluster in clusters) == len(bodies)
    forms = [
        re.compile(
            ".+".join(re.escape(part) for part in re.split(r"<[a-z_0-9*]+>", cluster.pattern)),
            re.DOTALL,
        )
        for cluster in clusters
    ]
    for body in bodies:
        assert any(form.fullmatch(first_words(body)) for form in forms), (body, clusters)


@given(st.lists(BODIES, min_size=1, max_size=8))
def test_the_search_of_a_template_finds_its_lines(bodies: list[str]) -> None:
    memory = telemetry(*({"body": body} for body in bodies))
    found: Counter[str] = Counter()
    for cluster in cluster_lines(Line(body, 0, 1.0) for body in bodies):
        context = search_context(meaning_of("logs"), {1: "web"}, NOON_NS)
        answer = memory.rows(
            RowQuestion(
                dataset=Dataset.LOGS,
                project_ids=(1,),
                time_range=HOUR,
                selected=(Aggregate(Function.COUNT),),
                where=read_condition(query_of(cluster), context),
            )
        )
        count = answer.columns[0][0]
        assert isinstance(count, int)
        assert count >= cluster.sampled_count, (query_of(cluster), bodies)
        found[cluster.pattern] += count
