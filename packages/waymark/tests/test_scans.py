"""Scan spans have one set of names and attributes."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypedDict

import pytest
from tests.memory_exporter import recorded

from waymark import ScanMethod, scan_spans

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from typing_extensions import Unpack

    from waymark import ScanSpans, Tracer


SCAN = {"ticket_id": "T1", "scanner_id": "gate-3", "event_id": "open-air"}


class More(TypedDict, total=False):
    """What a test gives beside the ids."""

    scan_method: ScanMethod
    clock_ns: Callable[[], int]


def scan_with(tracer: Tracer, **more: Unpack[More]) -> AbstractContextManager[ScanSpans]:
    return scan_spans(tracer, ticket_id="T1", scanner_id="gate-3", event_id="open-air", **more)


def test_every_step_is_a_child_with_the_scan_s_attributes() -> None:
    ticks = count(0, 1_500_000)
    with recorded() as memory:
        with scan_with(
            memory.tracer, scan_method=ScanMethod.UPLOADED, clock_ns=lambda: next(ticks)
        ) as scan:
            for open_step in (scan.lookup, scan.status_update, scan.log_insert, scan.event_publish):
                with open_step():
                    pass

        root = memory.span("scan")
        attributes = {**SCAN, "scan_method": "uploaded"}
        assert dict(root.attributes or {}) == {**attributes, "duration_ms": 1.5}
        steps = [span for span in memory.spans() if span is not root]
        assert [step.name for step in steps] == [
            "scan.lookup-ticket",
            "scan.update-status",
            "scan.insert-log",
            "scan.publish-event",
        ]
        for step in steps:
            assert dict(step.attributes or {}) == attributes
            assert step.parent == root.context


def test_a_scan_that_fails_has_its_duration_too() -> None:
    with recorded() as memory:
        with pytest.raises(LookupError), scan_with(memory.tracer):
            raise LookupError("no such ticket")

        root = memory.span("scan")
        assert "duration_ms" in (root.attributes or {})
        assert root.status.description == "LookupError: no such ticket"
