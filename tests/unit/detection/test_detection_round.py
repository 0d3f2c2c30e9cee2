"""Rounds: what is at fault becomes an issue, once, whatever happens in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from typing_extensions import override

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS
from tests.unit.detection.stored_traces import span_block
from tests.unit.pipeline.detectors.ground_truth import TRUTH
from tests.unit.pipeline.detectors.told_trace import ToldTrace
from vedette.detection.detection_round import JOURNAL_ID, DetectionRound
from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision, Issue
from vedette.model.question import Dataset, Field, RowQuestion, TimeRange
from vedette.pipeline.detectors.detector_options import option_name
from vedette.storage.metadata.port import MetadataUnreachable

SECOND_NS = 10**9
LOOP = TRUTH["n_plus_one_query"][0][0]


class FailingOnce(FreshMetadata):
    """Loses the answer of one write of issues."""

    is_failing = False

    @override
    def finish_with_issues(
        self,
        journal_id: str,
        finished: DigestRange,
        groups: Sequence[Any],
        decide: Callable[..., Decision],
    ) -> Sequence[Decision]:
        if self.is_failing and groups:
            self.is_failing = False
            raise MetadataUnreachable("away")
        return super().finish_with_issues(journal_id, finished, groups, decide)


@dataclass
class Place:
    """Stores, a clock that is moved, and rounds over them."""

    telemetry: MemoryTelemetry = field(default_factory=MemoryTelemetry)
    metadata: FailingOnce = field(default_factory=FailingOnce)
    clock: HandClock = field(default_factory=lambda: HandClock(wall_ns=NOON_NS))

    def __post_init__(self) -> None:
        organization = self.metadata.create_organization(slug="o", name="o", created_ns=0)
        self.project = self.metadata.create_project(
            organization_id=organization.organization_id,
            slug="shop",
            name="shop",
            platform="",
            created_ns=0,
        )
        self.round = DetectionRound(self.telemetry, self.metadata, self.clock)
        self.put_count = 0

    def receive(self, told: ToldTrace, number: int = 1, *, only: slice = slice(None)) -> None:
        """Let spans of a trace come in now."""
        self.put_count += 1
        block = span_block(
            told.spans[only], trace_number=number, received_ms=self.clock.now_ns() // 10**6
        )
        self.telemetry.put([block], token=str(self.put_count))

    def look(self) -> None:
        """Let two seconds go by, and look."""
        self.clock.move(2)
        while self.round.look(received_before_ns=self.clock.now_ns()):
            pass

    def issues(self) -> dict[str, Issue]:
        """Return all issues by their kind."""
        found = (self.metadata.issue(number, project_ids=[1]) for number in range(1, 20))
        return {each.kind: each for each in found if each is not None}

    def finding_ids(self) -> list[object]:
        """Return what is stored."""
        answer = self.telemetry.rows(
            RowQuestion(
                dataset=Dataset.FINDINGS,
                project_ids=(1,),
                time_range=TimeRange(0, 2 * NOON_NS),
                selected=(Field("id"),),
            )
        )
        return [*answer.columns[0]]


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_fault_becomes_an_issue_and_is_told_once(place: Place) -> None:
    place.receive(LOOP)
    place.look()
    issue = place.issues()["n_plus_one_query"]
    assert (issue.category, issue.times_seen) == ("performance", 1)
    place.look()
    place.receive(LOOP, only=slice(3, 4))
    place.look()
    assert place.issues()["n_plus_one_query"].times_seen == 1
    assert len(place.finding_ids()) == 1


def test_the_same_fault_in_other_traces_is_the_same_issue(place: Place) -> None:
    for number in range(1, 4):
        place.receive(LOOP, number)
    place.look()
    assert [each.times_seen for each in place.issues().values()] == [3]


def test_a_trace_that_comes_in_parts_is_judged_as_a_whole(place: Place) -> None:
    place.receive(LOOP, only=slice(0, 5))
    place.look()
    assert place.issues() == {}
    place.receive(LOOP, only=slice(5, None))
    place.look()
    assert place.issues()["n_plus_one_query"].times_seen == 1


def test_a_round_that_was_cut_off_counts_once_when_it_is_repeated(place: Place) -> None:
    place.receive(LOOP)
    place.metadata.is_failing = True
    with pytest.raises(MetadataUnreachable):
        place.look()
    assert len(place.finding_ids()) == 1
    assert len(place.metadata.open_ranges(JOURNAL_ID)) == 1
    # As after a crash: other objects, the same stores.
    place.round = DetectionRound(place.telemetry, place.metadata, place.clock)
    place.look()
    assert place.issues()["n_plus_one_query"].times_seen == 1
    assert len(place.finding_ids()) == 1
    assert place.metadata.open_ranges(JOURNAL_ID) == []


def test_a_project_may_mute_a_detector_and_set_its_limits(place: Place) -> None:
    muted = option_name("n_plus_one_query", "enabled")
    place.metadata.set_options(project_id=1, changes={muted: False})
    place.receive(LOOP)
    place.look()
    assert place.issues() == {}
    limit = option_name("n_plus_one_query", "count_min")
    place.metadata.set_options(project_id=1, changes={muted: None, limit: 13})
    place.receive(LOOP, 2)
    place.look()
    assert place.issues() == {}
    place.metadata.set_options(project_id=1, changes={limit: 12})
    place.receive(LOOP, 3)
    place.look()
    assert place.issues()["n_plus_one_query"].times_seen == 1


def test_what_is_left_out_is_counted(place: Place) -> None:
    for number in range(1, 131):
        place.receive(LOOP, number)
    place.look()
    tally = place.round.tally
    assert (tally.trace_count, tally.not_looked_at_count) == (100, 30)
    assert place.issues()["n_plus_one_query"].times_seen == 100
