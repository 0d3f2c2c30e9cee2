"""A batch's sightings on their way to the metadata, where they become issues."""

from collections.abc import Sequence

from vedette.issues.on_sighting import on_sighting
from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision
from vedette.model.sighting import Sighting, grouped
from vedette.storage.metadata.issue_intake_port import IssueIntake


def take_in_sightings(
    intake: IssueIntake, journal_id: str, finished: DigestRange, sightings: Sequence[Sighting]
) -> Sequence[Decision]:
    """Finish a range of the journal, and let its sightings become issues, both or neither.

    Returns what was decided about issues that are new, came back, or left the archive.

    Raises:
        MetadataError: The store could not do it; nothing was changed, do it again.
    """
    return intake.finish_with_issues(journal_id, finished, grouped(sightings), on_sighting)
