"""Keys of a cache or key store looked up one by one, where one command could take them all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.model.question import AnyOf, Attribute, Compare, Field, Operator
from vedette.pipeline.detectors.calls import one_by_one
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import queries_by_segment, time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.queries import Query

KIND: Final = "repeated_key_lookup"
_READS: Final = frozenset({"get", "hget", "hgetall", "exists", "smembers", "ttl", "gets"})


@dataclass(frozen=True, slots=True)
class KeyLookupSettings:
    """When lookups are too many."""

    count_min: int = 10
    time_ms_min: float = 30.0


def find_repeated_lookups(tree: TraceTree, settings: KeyLookupSettings) -> Iterable[Finding]:
    """Return each command that one request sends for key after key."""
    for segment, queries in queries_by_segment(tree).items():
        runs: dict[tuple[int | None, str], list[Query]] = defaultdict(list)
        for query in queries:
            command = query.shape.split(" ", 1)[0]
            if query.is_key_store and command in _READS:
                runs[(tree.parents[query.place], command)].append(query)
        for (_, command), run in runs.items():
            alone = one_by_one(run)
            lost_ns = time_covered_ns(each.span for each in alone)
            if len(alone) >= settings.count_min and lost_ns >= settings.time_ms_min * 1e6:
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [each.span for each in alone],
                    title="Keys looked up one by one",
                    subject=command.upper(),
                    lost_ns=lost_ns - max(each.span.duration_ns for each in alone),
                    evidence={
                        "query": alone[0].text,
                        "count": len(alone),
                        "duration_ms": lost_ns / 1e6,
                    },
                )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Keys looked up one by one",
    explanation=Explanation(
        what="One request asks a key store for key after key, each time waiting for the answer.",
        why="The way there and back costs more than the lookup; it is paid for every key.",
        how="Ask for all keys at once (MGET, HMGET, a pipeline), or keep them with the request.",
    ),
    settings=KeyLookupSettings(),
    sign=Sign(
        where=AnyOf(
            (
                Compare(Field("span.op"), Operator.LIKE, ("db.redis*",)),
                Compare(Attribute("db.system"), Operator.IN, ("redis", "memcached", "valkey")),
            )
        ),
        count_min=5,
    ),
    find=find_repeated_lookups,
)
