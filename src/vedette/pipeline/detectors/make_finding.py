"""A finding about spans of one request or job: what all findings say in the same way."""

from collections.abc import Mapping, Sequence
from typing import Final

from vedette.model.finding import Finding
from vedette.model.json_value import JsonValue
from vedette.pipeline.detectors.route import route_of
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

SHOWN_COUNT_MAX: Final = 100
"""Spans that a finding names; the count says how many there were."""
TITLE_PART_MAX: Final = 200


def make_finding(  # noqa: PLR0913 - the parts of a finding, each by name
    kind: str,
    tree: TraceTree,
    segment: int,
    offenders: Sequence[SeenSpan],
    *,
    title: str,
    subject: str,
    lost_ns: int,
    with_route: bool = True,
    causes: Sequence[SeenSpan] = (),
    evidence: Mapping[str, JsonValue] | None = None,
) -> Finding:
    """Return a finding. `subject` is what is at fault, free of literals; the route goes with it."""
    first = offenders[0]
    route = route_of(tree.spans[segment])
    where = (route,) if with_route else ()
    return Finding(
        kind=kind,
        project_id=first.project_id,
        trace_id=tree.trace_id,
        shape=(first.service, *where, subject),
        title=f"{title}: {subject[:TITLE_PART_MAX]}",
        culprit=route,
        offender_span_ids=tuple(span.span_id for span in offenders[:SHOWN_COUNT_MAX]),
        cause_span_ids=tuple(span.span_id for span in causes[:SHOWN_COUNT_MAX]),
        time_ns=first.start_ns,
        time_lost_ns=max(0, lost_ns),
        service=first.service,
        environment=first.environment,
        release=first.release,
        platform=first.platform,
        evidence={
            "subject": subject,
            **(evidence or {}),
            "transaction": route,
            "code": first.text("code.filepath", "code.file.path") or None,
            "line": first.number("code.lineno", "code.line.number"),
            "function": first.text("code.function", "code.function.name") or None,
        },
    )
