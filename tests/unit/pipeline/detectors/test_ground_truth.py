"""Every detector finds what is at fault, and nothing else."""

from pathlib import Path
from typing import Final

import pytest

from tests.unit.pipeline.detectors.ground_truth import SEED, TRACES_PER_HOUR, TRUTH, truth_table
from tests.unit.pipeline.detectors.normal_day import normal_day
from tests.unit.pipeline.detectors.told_trace import ToldTrace
from vedette.pipeline.detectors.catalogue import DETECTORS

BY_KIND: Final = {each.kind: each for each in DETECTORS}
COUNT_MIN: Final = 3


def told(place: int) -> list[object]:
    return [
        pytest.param(kind, each, id=f"{kind}-{number}")
        for kind, both in sorted(TRUTH.items())
        for number, each in enumerate(both[place])
    ]


def test_every_detector_has_its_truth() -> None:
    assert set(TRUTH) == set(BY_KIND)
    assert all(len(each) >= COUNT_MIN for both in TRUTH.values() for each in both)


@pytest.mark.parametrize(("kind", "trace"), told(0))
def test_a_fault_is_found_and_named(kind: str, trace: ToldTrace) -> None:
    tree = trace.tree()
    found = list(BY_KIND[kind].find(tree, {}))
    assert found, "missed"
    ids = {span.span_id for span in tree.spans}
    for each in found:
        assert each.kind == kind
        assert each.offender_span_ids
        assert {*each.offender_span_ids, *each.cause_span_ids} <= ids
        assert each.time_lost_ns >= 0
        assert each.title
        assert each.culprit
        assert all(each.shape)


@pytest.mark.parametrize(("kind", "trace"), told(1))
def test_what_only_looks_like_it_is_not_found(kind: str, trace: ToldTrace) -> None:
    assert list(BY_KIND[kind].find(trace.tree(), {})) == []


def test_a_normal_day_has_no_finding() -> None:
    found = [
        finding.title
        for told_trace in normal_day(TRACES_PER_HOUR, SEED)
        for detector in DETECTORS
        for finding in detector.find(told_trace.tree(), {})
    ]
    assert found == []


def test_the_guide_shows_the_table_as_it_is() -> None:
    assert truth_table() in Path("docs/guide/detectors.md").read_text("utf-8")
