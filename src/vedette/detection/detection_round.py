"""One round: what came in since the last one is judged once, also over crashes."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from vedette.base.clock import Clock
from vedette.detection.finding_row import (
    SIGHTING_FIELDS,
    finding_id,
    finding_row,
    sighting_of,
)
from vedette.detection.judge import judge
from vedette.detection.project_book import BookSource, Page, ProjectBook
from vedette.detection.read_traces import read_traces
from vedette.detection.suspects import AHEAD_NS, LOOK_BACK_NS, ask_suspects, choose
from vedette.issues.take_in import take_in_sightings
from vedette.model.digest_range import DigestRange
from vedette.model.finding import Finding
from vedette.model.question import (
    ROW_COUNT_MAX,
    Compare,
    Dataset,
    Field,
    Operator,
    RowQuestion,
    TimeRange,
)
from vedette.model.sighting import Sighting
from vedette.pipeline.detectors.catalogue import DETECTORS
from vedette.pipeline.detectors.detector import Detector
from vedette.storage.metadata.issue_intake_port import IssueIntake
from vedette.storage.metadata.port import DigestLedger
from vedette.storage.telemetry.port import Telemetry
from vedette.storage.telemetry.tables.findings import WRITTEN_FINDINGS

logger = logging.getLogger(__name__)

JOURNAL_ID: Final = "detection"
TRACE_COUNT_MAX: Final = 100
"""Traces that one round reads."""
RANGE_MS_MAX: Final = 60_000
"""What has waited longer is judged in several rounds."""
GAP_MS_MAX: Final = 600_000
"""What has waited longer still is history: the server was down meanwhile, and took nothing in."""
FINDING_COUNT_MAX: Final = 2_000
"""Of one round; their ids are looked up in one question."""
_MS: Final = 1_000_000


class DetectionMetadata(DigestLedger, IssueIntake, BookSource, Protocol):
    """What a round needs of the metadata."""


@dataclass(slots=True)
class DetectionTally:
    """What was done since the start."""

    round_count: int = 0
    trace_count: int = 0
    """Traces that were read."""
    finding_count: int = 0
    not_looked_at_count: int = 0
    """Suspects whose traces were not read: there were too many in one round."""
    round_ms_last: float = 0.0


class DetectionRound:
    """Does rounds, one after the other."""

    def __init__(
        self,
        telemetry: Telemetry,
        metadata: DetectionMetadata,
        clock: Clock,
        detectors: Sequence[Detector] = DETECTORS,
    ) -> None:
        self._telemetry = telemetry
        self._metadata = metadata
        self._clock = clock
        self._detectors = detectors
        self._book = ProjectBook(metadata)
        self.tally = DetectionTally()

    def look(self, *, received_before_ns: int) -> bool:
        """Judge what was received before; true if there is still more to judge.

        Raises:
            TelemetryError: A store could not do it; look again.
            MetadataError: The same.
        """
        begun_s = self._clock.monotonic_s()
        until_ms = received_before_ns // _MS - 1
        for left_open in self._metadata.open_ranges(JOURNAL_ID):
            self._do(left_open)
        finished_ms = self._metadata.finished_up_to(JOURNAL_ID)
        # A new server has no history.
        gap_ms_max = GAP_MS_MAX if finished_ms else RANGE_MS_MAX
        first_ms = max(finished_ms + 1, until_ms - gap_ms_max)
        if first_ms > until_ms:
            return False
        planned = DigestRange(first_ms, min(until_ms, first_ms + RANGE_MS_MAX))
        self._metadata.plan(JOURNAL_ID, planned)
        self._do(planned)
        self.tally.round_ms_last = (self._clock.monotonic_s() - begun_s) * 1_000
        return planned.last_sequence < until_ms

    def _do(self, planned: DigestRange) -> None:
        page = self._book.read()
        findings: dict[str, Finding] = {}
        for project_ids in page.projects_by_organization.values():
            for finding in self._findings(planned, project_ids, page):
                if len(findings) < FINDING_COUNT_MAX:
                    findings.setdefault(finding_id(finding), finding)
        project_ids = tuple(
            sorted(each for some in page.projects_by_organization.values() for each in some)
        )
        sightings = self._keep(planned, findings, project_ids)
        take_in_sightings(self._metadata, JOURNAL_ID, planned, sightings)
        self.tally.round_count += 1
        self.tally.finding_count += len(sightings)

    def _findings(
        self, planned: DigestRange, project_ids: tuple[int, ...], page: Page
    ) -> list[Finding]:
        received = TimeRange(planned.first_sequence * _MS, (planned.last_sequence + 1) * _MS)
        suspects, was_cut = ask_suspects(self._telemetry, self._detectors, project_ids, received)
        if was_cut:
            logger.warning("more spans show signs than one round looks at")
        chosen = choose(suspects, trace_count_max=TRACE_COUNT_MAX)
        self.tally.not_looked_at_count += chosen.left_out_count
        self.tally.trace_count += len(chosen.kinds_by_trace)
        by_kind = {each.kind: each for each in self._detectors}
        found: list[Finding] = []
        for tree in read_traces(self._telemetry, [*chosen.kinds_by_trace], project_ids):
            kinds = chosen.kinds_by_trace.get(tree.trace_id, frozenset())
            found += judge(
                tree, [by_kind[each] for each in sorted(kinds)], page.settings_by_project
            )
        return found

    def _keep(
        self, planned: DigestRange, findings: dict[str, Finding], project_ids: tuple[int, ...]
    ) -> list[Sighting]:
        """Store findings that are new; return what this round has stored, now and before."""
        now_ns = self._clock.now_ns()
        number = planned.last_sequence
        known = self._known(tuple(findings), project_ids, now_ns)
        new = {each: finding for each, finding in findings.items() if each not in known}
        if new:
            rows = [
                finding_row(each, round_number=number, received_ns=now_ns) for each in new.values()
            ]
            # Of its content too: a round that is repeated may know more than it did.
            content = hashlib.blake2b("".join(sorted(new)).encode(), digest_size=8).hexdigest()
            token = f"{JOURNAL_ID}:{planned.first_sequence}-{number}:{content}"
            self._telemetry.put([WRITTEN_FINDINGS.pack(rows)], token=token)
        if not new and number not in known.values():
            return []
        return self._sightings(number, project_ids, now_ns)

    def _known(
        self, ids: tuple[str, ...], project_ids: tuple[int, ...], now_ns: int
    ) -> dict[str, int]:
        """Return those ids that are stored, each with the number of its round."""
        if not ids:
            return {}
        answer = self._telemetry.rows(
            RowQuestion(
                dataset=Dataset.FINDINGS,
                project_ids=project_ids,
                time_range=_times(now_ns),
                selected=(Field("id"), Field("round")),
                where=Compare(Field("id"), Operator.IN, ids),
                row_count_max=ROW_COUNT_MAX,
            )
        )
        rows = zip(*answer.columns, strict=True)
        return {str(each): number for each, number in rows if isinstance(number, int)}

    def _sightings(self, number: int, project_ids: tuple[int, ...], now_ns: int) -> list[Sighting]:
        answer = self._telemetry.rows(
            RowQuestion(
                dataset=Dataset.FINDINGS,
                project_ids=project_ids,
                time_range=_times(now_ns),
                selected=tuple(Field(name) for name in SIGHTING_FIELDS),
                where=Compare(Field("round"), Operator.EQUAL, (number,)),
                row_count_max=ROW_COUNT_MAX,
            )
        )
        return [sighting_of(row) for row in answer.rows()]


def _times(now_ns: int) -> TimeRange:
    """Return when findings of a round may have happened, also of one that waited for long."""
    # A trace may be longer than what its newest spans allow to look back; days are cheap here.
    return TimeRange(now_ns - 28 * LOOK_BACK_NS, now_ns + 2 * AHEAD_NS)
