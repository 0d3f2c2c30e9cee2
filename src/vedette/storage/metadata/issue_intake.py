"""Sightings to issues, in SQL: read what is known of a batch's groups, decide, write it back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select, update

from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision, Issue, NewActivity
from vedette.model.sighting import GroupSeen
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_intake_port import DecideOnSighting
from vedette.storage.metadata.issue_rows import (
    issue_of_row,
    row_of_activity,
    row_of_issue,
)
from vedette.storage.metadata.ledger import finish_in
from vedette.storage.metadata.tables import projects
from vedette.storage.metadata.tables_issues import (
    discarded_hashes,
    issue_activities,
    issue_counters,
    issue_hashes,
    issues,
)
from vedette.storage.metadata.tables_releases import release_projects, releases
from vedette.storage.metadata.upsert import upsert

T = TypeVar("T")

CHUNK: Final = 1_000
"""Values in one list of a statement: both databases take many times as many."""


class SqlIssueIntake:
    """The IssueIntake face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def finish_with_issues(
        self,
        journal_id: str,
        finished: DigestRange,
        groups: Sequence[GroupSeen],
        decide: DecideOnSighting,
    ) -> Sequence[Decision]:
        """Finish a range and take its groups in; see the port."""
        journal_id = rules.keepable(journal_id)
        with self._database.writing(is_routine=True) as connection:
            if not finish_in(connection, journal_id, finished):
                return ()
            return take_groups(connection, groups, decide)

    def discarded_hashes(self) -> Mapping[int, frozenset[str]]:
        """Return the hashes of groups that are not to be kept."""
        found: dict[int, set[str]] = {}
        question = select(discarded_hashes.c.project_id, discarded_hashes.c.hash)
        with self._database.reading() as connection:
            for project_id, name in connection.execute(question):
                found.setdefault(project_id, set()).add(name)
        return {project_id: frozenset(some) for project_id, some in found.items()}


@dataclass
class _Slot:
    """An issue that a batch touches, between reading and writing."""

    issue: Issue
    activities: list[NewActivity] = field(default_factory=list)
    is_new: bool = False


def take_groups(
    connection: Connection, groups: Sequence[GroupSeen], decide: DecideOnSighting
) -> Sequence[Decision]:
    """Take groups in, within a transaction; see the port."""
    groups = _of_living_projects(connection, groups)
    if not groups:
        return ()
    project_ids = sorted({each.project_id for each in groups})
    last_numbers = hold_counters(connection, project_ids)
    slot_by_hash = _known_slots(connection, groups)
    groups = _not_discarded(connection, groups)
    ages = _ages(connection, groups, slot_by_hash.values())
    new_hashes: list[tuple[_Slot, int, str, str]] = []
    slots: dict[int, _Slot] = {}
    for group in groups:
        names = [(group.project_id, each) for each in group.hashes]
        slot = next((slot_by_hash[name] for name in names if name in slot_by_hash), None)
        decision = decide(slot.issue if slot else None, group, ages)
        if slot is None:
            last_numbers[group.project_id] += 1
            number = last_numbers[group.project_id]
            slot = _Slot(replace(decision.issue, number=number), is_new=True)
        else:
            slot.issue = decision.issue
        slot.activities += decision.activities
        slots[id(slot)] = slot
        for name in names:
            if name not in slot_by_hash:
                slot_by_hash[name] = slot
                new_hashes.append((slot, *name, group.hashes[0]))
    _write(connection, list(slots.values()), new_hashes)
    write_counters(connection, last_numbers)
    return [
        Decision(each.issue, tuple(each.activities))
        for each in slots.values()
        if each.is_new or each.activities
    ]


def _of_living_projects(connection: Connection, groups: Sequence[GroupSeen]) -> Sequence[GroupSeen]:
    wanted = {each.project_id for each in groups}
    living = {
        project_id
        for some in chunks(sorted(wanted))
        for project_id in connection.execute(
            select(projects.c.project_id).where(projects.c.project_id.in_(some))
        ).scalars()
    }
    return [each for each in groups if each.project_id in living]


def hold_counters(connection: Connection, project_ids: Sequence[int]) -> dict[int, int]:
    """Keep others from adding issues to these projects until the transaction ends."""
    missing = [{"project_id": each, "last_number": 0} for each in project_ids]
    upsert(connection, issue_counters, missing, key=["project_id"])
    question = (
        select(issue_counters)
        .where(issue_counters.c.project_id.in_(project_ids))
        .order_by(issue_counters.c.project_id)
        .with_for_update()
    )
    return {row.project_id: row.last_number for row in connection.execute(question)}


def _known_slots(
    connection: Connection, groups: Sequence[GroupSeen]
) -> dict[tuple[int, str], _Slot]:
    issue_id_by_hash: dict[tuple[int, str], int] = {}
    for project_id, hashes in _hashes_by_project(groups).items():
        for some in chunks(hashes):
            question = select(issue_hashes.c.hash, issue_hashes.c.issue_id).where(
                issue_hashes.c.project_id == project_id, issue_hashes.c.hash.in_(some)
            )
            for name, issue_id in connection.execute(question):
                issue_id_by_hash[(project_id, name)] = issue_id
    slot_by_id = {
        row["issue_id"]: _Slot(issue_of_row(row))
        for some in chunks(sorted(set(issue_id_by_hash.values())))
        for row in connection.execute(
            select(issues)
            .where(issues.c.issue_id.in_(some))
            .order_by(issues.c.issue_id)
            .with_for_update()
        ).mappings()
    }
    return {name: slot_by_id[issue_id] for name, issue_id in issue_id_by_hash.items()}


def _not_discarded(connection: Connection, groups: Sequence[GroupSeen]) -> Sequence[GroupSeen]:
    """Leave out what somebody discarded while the batch was already on its way."""
    discarded = {
        (project_id, name)
        for project_id, hashes in _hashes_by_project(groups).items()
        for some in chunks(hashes)
        for name in connection.execute(
            select(discarded_hashes.c.hash).where(
                discarded_hashes.c.project_id == project_id, discarded_hashes.c.hash.in_(some)
            )
        ).scalars()
    }
    if not discarded:
        return groups
    return [each for each in groups if (each.project_id, each.hashes[0]) not in discarded]


def _ages(
    connection: Connection, groups: Sequence[GroupSeen], known: Iterable[_Slot]
) -> dict[tuple[int, str], int]:
    """Return since when the releases are there that may decide about a resolved issue."""
    resolutions = [(each.issue.project_id, each.issue.resolution) for each in known]
    project_ids = {owner for owner, each in resolutions if each and each.release}
    if not project_ids:
        return {}
    versions = {each.release for _, each in resolutions if each and each.release}
    for group in groups:
        if group.project_id in project_ids:
            versions.update(release for release, _ in group.releases if release)
    return release_ages(connection, sorted(project_ids), sorted(versions))


def release_ages(
    connection: Connection, project_ids: Sequence[int], versions: Sequence[str]
) -> dict[tuple[int, str], int]:
    """Return when these releases of these projects came out, or were first seen."""
    return {
        (project_id, version): age_ns
        for some in chunks(versions)
        for project_id, version, age_ns in connection.execute(
            select(
                release_projects.c.project_id,
                releases.c.version,
                func.coalesce(releases.c.released_ns, releases.c.created_ns),
            )
            .join(releases, releases.c.release_id == release_projects.c.release_id)
            .where(release_projects.c.project_id.in_(project_ids), releases.c.version.in_(some))
        )
    }


def _write(
    connection: Connection,
    slots: Sequence[_Slot],
    new_hashes: Sequence[tuple[_Slot, int, str, str]],
) -> None:
    new = [each for each in slots if each.is_new]
    known = [each for each in slots if not each.is_new]
    if new:
        ids = connection.execute(
            insert(issues).returning(issues.c.project_id, issues.c.number, issues.c.issue_id),
            [row_of_issue(each.issue) for each in new],
        )
        id_by_number = {(row.project_id, row.number): row.issue_id for row in ids}
        for each in new:
            issue_id = id_by_number[(each.issue.project_id, each.issue.number)]
            each.issue = replace(each.issue, issue_id=issue_id)
    if known:
        write_issues(connection, [each.issue for each in known])
    if new_hashes:
        connection.execute(
            insert(issue_hashes),
            [
                {
                    "project_id": project_id,
                    "hash": name,
                    "issue_id": slot.issue.issue_id,
                    "came_with": came_with,
                }
                for slot, project_id, name, came_with in new_hashes
            ],
        )
    write_activities(connection, [Decision(each.issue, tuple(each.activities)) for each in slots])


def write_issues(connection: Connection, changed: Sequence[Issue]) -> None:
    """Write every column of issues that are there."""
    columns = row_of_issue(changed[0]).keys()
    change = (
        update(issues)
        .where(issues.c.issue_id == bindparam("its_id"))
        .values({name: bindparam(f"its_{name}") for name in columns})
    )
    connection.execute(
        change,
        [
            {"its_id": each.issue_id}
            | {f"its_{name}": value for name, value in row_of_issue(each).items()}
            for each in changed
        ],
    )


def write_activities(connection: Connection, decisions: Sequence[Decision]) -> None:
    """Add to the feeds what decisions say."""
    rows = [
        row_of_activity(each.issue.issue_id, activity)
        for each in decisions
        for activity in each.activities
    ]
    if rows:
        connection.execute(insert(issue_activities), rows)


def write_counters(connection: Connection, last_numbers: dict[int, int]) -> None:
    """Write down how many issues these projects have had."""
    change = (
        update(issue_counters)
        .where(issue_counters.c.project_id == bindparam("its_id"))
        .values(last_number=bindparam("its_number"))
    )
    rows = [{"its_id": each, "its_number": last} for each, last in last_numbers.items()]
    connection.execute(change, rows)


def _hashes_by_project(groups: Sequence[GroupSeen]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for group in groups:
        found.setdefault(group.project_id, []).extend(group.hashes)
    return found


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Return the values in lists of at most so many."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some
