"""What logs say, in few lines: templates with how often, how much of all, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Condition,
    Dataset,
    Field,
    Function,
    Order,
    RowQuestion,
    TimeRange,
    TimeStep,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.line_clusters import Cluster, Line, cluster_lines
from vedette.query.time_range import AHEAD_NS
from vedette.storage.telemetry.port import TelemetryReader

PATTERN_COUNT_DEFAULT: Final = 50
PATTERN_COUNT_MAX: Final = 500
STEP_COUNT: Final = 20
LINES_PER_STEP_MAX: Final = 500
"""Of each step of time, the newest: together the sample."""
_NEWEST: Final = (Order(Field("timestamp"), is_descending=True), Order(Field("id")))
_PLACEHOLDER: Final = re.compile(r"<[a-z_0-9*]+>")
_MEASURE: Final = (
    "of each step of time its newest lines are looked at; counts and shares are estimated from"
    " these and from how many lines the step has"
)


@dataclass(frozen=True, slots=True)
class PatternRequest:
    """Which lines, in the asker's words."""

    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    where: Condition | None = None
    pattern_count_max: int = PATTERN_COUNT_DEFAULT
    lines_per_step_max: int = LINES_PER_STEP_MAX


def ask_log_patterns(reader: TelemetryReader, request: PatternRequest) -> JsonObject:
    """Return the templates of the lines, most frequent first.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    asking = _Asking(reader, request)
    totals = asking.totals()
    lines = [line for step, total in sorted(totals.items()) for line in asking.sample(step, total)]
    clusters = cluster_lines(lines)
    total = sum(totals.values())
    shown = clusters[: request.pattern_count_max]
    return {
        "total": total,
        "sampled": len(lines),
        "measure": _MEASURE,
        "interval": asking.length_ns // 1_000_000,
        "times": [asking.start_ns(step) // 1_000_000 for step in range(asking.step_count)],
        "patternCount": len(clusters),
        "isCut": len(clusters) > len(shown),
        "patterns": [_shape(each, total, asking.step_count) for each in shown],
    }


def _shape(cluster: Cluster, total: int, step_count: int) -> JsonValue:
    return {
        "pattern": cluster.pattern,
        "isTemplate": cluster.is_named,
        "count": round(cluster.weight),
        "share": cluster.weight / total if total else 0.0,
        "sampled": cluster.sampled_count,
        "example": cluster.example,
        "severities": {
            name: round(weight)
            for name, weight in sorted(cluster.severities.items(), key=lambda each: -each[1])
        },
        "trend": [round(cluster.weights.get(step, 0.0)) for step in range(step_count)],
        "query": query_of(cluster),
    }


def query_of(cluster: Cluster) -> str:
    """Return a search that finds the lines of a cluster, and may find a few others."""
    if cluster.is_named:
        return f"message.template:{_quoted(_plain(cluster.pattern))}"
    # Words may have stood further apart than one space.
    parts = _PLACEHOLDER.sub(" ", cluster.pattern).split()
    return f"message:{_quoted('*'.join(['', *map(_plain, parts), '']) if parts else '*')}"


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


class _Asking:
    """One request on its way."""

    def __init__(self, reader: TelemetryReader, request: PatternRequest) -> None:
        self._reader = reader
        self._request = request
        context = search_context(meaning_of("logs"), request.project_slugs, request.now_ns)
        searched = read_condition(request.search, context)
        self._where = searched if request.where is None else AllOf((request.where, searched))
        start_ns, end_ns = request.time_range.start_ns, request.time_range.end_ns
        if request.now_ns < end_ns <= request.now_ns + AHEAD_NS:
            end_ns = max(request.now_ns, start_ns + 1)
        self._start_ns = start_ns
        self.length_ns = max(1, -((start_ns - end_ns) // STEP_COUNT))
        # What runs ahead of our clock may fill a step more.
        self.step_count = -((start_ns - request.time_range.end_ns) // self.length_ns)
        self.step_count = min(self.step_count, STEP_COUNT + 1)

    def start_ns(self, step: int) -> int:
        """Return where a step starts."""
        return self._start_ns + step * self.length_ns

    def totals(self) -> dict[int, int]:
        """Return how many lines each step has; the last one takes whatever lies ahead."""
        answer = self._reader.rows(
            RowQuestion(
                dataset=Dataset.LOGS,
                project_ids=tuple(self._request.project_slugs),
                time_range=self._request.time_range,
                selected=(TimeStep(self.length_ns, self._start_ns), Aggregate(Function.COUNT)),
                where=self._where,
                row_count_max=10_000,
            )
        )
        totals: dict[int, int] = {}
        for time_ns, count in zip(*answer.columns, strict=True):
            step = (int(str(time_ns)) - self._start_ns) // self.length_ns
            step = min(step, self.step_count - 1)
            totals[step] = totals.get(step, 0) + int(str(count))
        return totals

    def sample(self, step: int, total: int) -> list[Line]:
        """Return the lines of a step that are looked at."""
        is_last = step == self.step_count - 1
        end_ns = self._request.time_range.end_ns if is_last else self.start_ns(step + 1)
        answer = self._reader.rows(
            RowQuestion(
                dataset=Dataset.LOGS,
                project_ids=tuple(self._request.project_slugs),
                time_range=TimeRange(self.start_ns(step), end_ns),
                selected=(Field("message"), Field("message.template"), Field("severity")),
                where=self._where,
                order=_NEWEST,
                row_count_max=self._request.lines_per_step_max,
            )
        )
        if not answer.row_count:
            return []
        # Lines may have come in since they were counted.
        weight = max(total, answer.row_count) / answer.row_count if answer.was_cut else 1.0
        return [
            Line(str(body), step, weight, str(template), str(severity))
            for body, template, severity in zip(*answer.columns, strict=True)
        ]
