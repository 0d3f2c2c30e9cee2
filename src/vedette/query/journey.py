"""Journeys: traces that follow one another by links, found from any of them in both directions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.service_question import LinksQuestion
from vedette.query.iso_time import iso_time
from vedette.query.payload import whole
from vedette.query.trace_list import trace_summaries
from vedette.storage.telemetry.port import TelemetryReader

TRACE_COUNT_MAX: Final = 100
STEP_COUNT_MAX: Final = 20
"""Links behind one another that are followed."""
LINK_COUNT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """One trace went on in another."""

    from_trace: str
    from_span: str
    to_trace: str
    to_span: str


@dataclass(frozen=True, slots=True)
class Reached:
    """What can be reached from a trace."""

    distances: Mapping[str, int]
    """Steps to each trace; negative: it came before."""
    links: Sequence[tuple[Link, JsonObject]]
    """Each once, with what is known of the span that has it."""
    is_whole: bool
    """Whether nothing was left out."""


LinksOf = Callable[[tuple[str, ...]], tuple[Sequence[tuple[Link, JsonObject]], bool]]
"""Returns the links of some traces in both directions, and whether there are more."""


def follow(trace_id: str, links_of: LinksOf) -> Reached:
    """Follow links from a trace, the nearest traces first, up to the bounds of this file."""
    distances = {trace_id: 0}
    links: dict[Link, JsonObject] = {}
    frontier: tuple[str, ...] = (trace_id,)
    is_whole = True
    for _ in range(STEP_COUNT_MAX):
        found, was_cut = links_of(frontier)
        is_whole = is_whole and not was_cut
        reached: list[str] = []
        for link, about in found:
            ends = (link.from_trace, link.to_trace)
            known = [each for each in ends if each in distances]
            if not known:
                continue
            for new in ends:
                if new in distances:
                    continue
                if len(distances) >= TRACE_COUNT_MAX:
                    is_whole = False
                    continue
                step = 1 if new == link.to_trace else -1
                distances[new] = distances[known[0]] + step
                reached.append(new)
            if all(each in distances for each in ends):
                links.setdefault(link, about)
        if not reached:
            return Reached(distances, list(links.items()), is_whole)
        frontier = tuple(reached)
    return Reached(distances, list(links.items()), is_whole=False)


def ask_journey(
    reader: TelemetryReader, *, trace_id: str, project_slugs: Mapping[int, str]
) -> JsonObject | None:
    """Return the traces before and after a trace; None if nothing is known of it."""
    reached = follow(trace_id, _reading(reader, tuple(project_slugs)))
    summaries = trace_summaries(reader, tuple(reached.distances), project_slugs)
    if trace_id not in summaries and not reached.links:
        return None
    traces = [
        {
            "traceId": each,
            "distance": distance,
            # A trace of which only a link is known: its spans are gone, or were never sent.
            "isMissing": each not in summaries,
            **summaries.get(each, {}),
        }
        for each, distance in reached.distances.items()
    ]
    traces.sort(key=lambda each: (str(each.get("startTimestamp") or ""), str(each["traceId"])))
    return {
        "traceId": trace_id,
        "isWhole": reached.is_whole,
        "traces": traces,
        "links": [
            {
                "from": {"traceId": link.from_trace, "spanId": link.from_span},
                "to": {"traceId": link.to_trace, "spanId": link.to_span},
                **about,
            }
            for link, about in sorted(reached.links, key=lambda each: str(each[1]["timestamp"]))
        ],
    }


def _reading(reader: TelemetryReader, project_ids: tuple[int, ...]) -> LinksOf:
    def links_of(
        trace_ids: tuple[str, ...],
    ) -> tuple[Sequence[tuple[Link, JsonObject]], bool]:
        answer = reader.links(LinksQuestion(trace_ids, project_ids, LINK_COUNT_MAX))
        return [_link(row) for row in answer.rows()], answer.was_cut

    return links_of


def _link(row: Mapping[str, JsonValue]) -> tuple[Link, JsonObject]:
    here = (str(row["trace_id"]), str(row["span_id"]))
    other = (str(row["other_trace_id"]), str(row["other_span_id"]))
    ends = (*other, *here) if row["is_before"] else (*here, *other)
    return Link(*ends), {
        "timestamp": iso_time(whole(row["time"])),
        "service": row["service"],
        "op": row["op"],
        "name": row["name"],
        "kind": row["kind"],
    }
