"""Releases in SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    delete,
    exists,
    func,
    select,
    update,
)

from vedette.model.release import (
    Release,
    ReleaseChange,
    ReleaseInEnvironment,
    ReleaseInProject,
    ReleaseOrder,
    ReleaseQuestion,
    ReleaseSeen,
    ReleaseStatus,
)
from vedette.model.release_version import parse_version, semver_key
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables import projects
from vedette.storage.metadata.tables_releases import (
    environments,
    release_commits,
    release_environments,
    release_projects,
    releases,
)
from vedette.storage.metadata.upsert import earlier, later, upsert

_RELEASE: Final = (
    releases.c.release_id,
    releases.c.organization_id,
    releases.c.version,
    releases.c.status,
    releases.c.ref,
    releases.c.url,
    releases.c.created_ns,
    releases.c.started_ns,
    releases.c.released_ns,
)
_DATE: Final = func.coalesce(releases.c.released_ns, releases.c.created_ns)


Key = TypeVar("Key", tuple[int, int], tuple[int, int, str])


@dataclass(frozen=True, slots=True)
class _Sighting:
    release_id: int
    project_id: int
    environment: str
    first_ns: int
    last_ns: int


class SqlReleases:
    """The Releases face of the metadata, without deploys and environments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def see_releases(self, seen: Sequence[ReleaseSeen], *, now_ns: int) -> None:
        """Remember that these releases and environments were seen."""
        if not seen:
            return
        with self._database.writing() as connection:
            owners = _organizations_of(connection, {each.project_id for each in seen})
            known = [each for each in seen if each.project_id in owners]
            _see_environments(connection, known)
            named = [each for each in known if each.version]
            ids = _make_known(connection, named, owners, now_ns)
            facts = [
                _Sighting(
                    ids[owners[each.project_id], rules.keepable(each.version)],
                    each.project_id,
                    rules.keepable(each.environment),
                    each.first_ns,
                    each.last_ns,
                )
                for each in named
            ]
            _see_in_projects(connection, facts)
            _see_in_environments(connection, facts)

    def releases(self, question: ReleaseQuestion) -> Sequence[Release]:
        """Return releases, latest first, one more than asked for if there is one."""
        order: list[ColumnElement[object]] = [_DATE.desc(), releases.c.release_id.desc()]
        if question.order is ReleaseOrder.SEMVER:
            order.insert(0, releases.c.semver_key.desc())
        statement = (
            select(*_RELEASE)
            .where(*_conditions(question))
            .order_by(*order)
            .limit(question.row_count_max + 1)
            .offset(question.row_offset)
        )
        with self._database.reading() as connection:
            return _whole(connection, statement, project_ids=question.project_ids)

    def release(self, organization_id: int, version: str) -> Release | None:
        """Return one release with all its projects and environments; None if there is none."""
        found = self.releases_of_versions(organization_id, [version])
        return found[0] if found else None

    def releases_of_versions(
        self, organization_id: int, versions: Sequence[str]
    ) -> Sequence[Release]:
        """Return those of these versions that are known, in no order, as `release` does."""
        statement = select(*_RELEASE).where(
            releases.c.organization_id == rules.row_id(organization_id),
            releases.c.version.in_(_findable(versions)),
        )
        with self._database.reading() as connection:
            return _whole(connection, statement)

    def create_release(
        self, *, organization_id: int, version: str, change: ReleaseChange, now_ns: int
    ) -> tuple[Release, bool]:
        """Make a release, or change the one that is there; tell whether it was made."""
        version = rules.keepable(version)
        organization_id = rules.row_id(organization_id)
        is_it = (releases.c.organization_id == organization_id, releases.c.version == version)
        changes = _changes(change)
        with self._database.writing(owner=f"no organization {organization_id}") as connection:
            owners = _organizations_of(connection, set(change.project_ids))
            for project_id in change.project_ids:
                if owners.get(project_id) != organization_id:
                    raise OwnerMissing(f"no project {project_id}")
            is_new = connection.execute(select(releases.c.release_id).where(*is_it)).first() is None
            upsert(
                connection,
                releases,
                [_new_release(organization_id, version, now_ns)],
                key=("organization_id", "version"),
            )
            if changes:
                connection.execute(update(releases).where(*is_it).values(changes))
            release_id = connection.execute(
                select(releases.c.release_id).where(*is_it)
            ).scalar_one()
            bonds = [{"release_id": release_id, "project_id": each} for each in change.project_ids]
            upsert(connection, release_projects, bonds, key=("release_id", "project_id"))
            [release] = _whole(connection, select(*_RELEASE).where(*is_it))
            return release, is_new

    def delete_release(self, release_id: int) -> None:
        """Forget a release; an unknown id changes nothing."""
        with self._database.writing() as connection:
            connection.execute(
                delete(releases).where(releases.c.release_id == rules.row_id(release_id))
            )


def _findable(texts: Iterable[str]) -> list[str]:
    """Return those that can be in the store at all."""
    return [rules.keepable(each) for each in texts if len(each) <= rules.TEXT_LENGTH_MAX]


def _conditions(question: ReleaseQuestion) -> list[ColumnElement[bool]]:
    ids = tuple(rules.row_id(each) for each in question.project_ids)
    is_of_projects = (
        release_projects.c.release_id == releases.c.release_id,
        release_projects.c.project_id.in_(ids),
    )
    found = [
        releases.c.organization_id == rules.row_id(question.organization_id),
        exists().where(*is_of_projects),
    ]
    if question.status is not None:
        found.append(releases.c.status == question.status)
    if question.text:
        part = rules.keepable(question.text).lower()
        found.append(func.lower(releases.c.version).contains(part, autoescape=True))
    if question.package is not None:
        found.append(releases.c.package == rules.keepable(question.package))
    if question.environments:
        names = _findable(question.environments)
        is_seen_there = (
            release_environments.c.release_id == releases.c.release_id,
            release_environments.c.project_id.in_(ids),
            release_environments.c.environment.in_(names),
        )
        found.append(exists().where(*is_seen_there))
    if question.before_ns is not None:
        found.append(question.before_ns >= _DATE)
    if question.with_commits is not None:
        bond = exists().where(release_commits.c.release_id == releases.c.release_id)
        found.append(bond if question.with_commits else ~bond)
    return found


def _changes(change: ReleaseChange) -> dict[str, object]:
    given = {
        "ref": None if change.ref is None else rules.keepable(change.ref),
        "url": None if change.url is None else rules.keepable(change.url),
        "status": change.status,
        "started_ns": change.started_ns,
        "released_ns": change.released_ns,
    }
    return {name: value for name, value in given.items() if value is not None}


def _organizations_of(connection: Connection, project_ids: set[int]) -> dict[int, int]:
    question = select(projects.c.project_id, projects.c.organization_id).where(
        projects.c.project_id.in_([rules.row_id(each) for each in project_ids])
    )
    return {project_id: owner for project_id, owner in connection.execute(question)}  # noqa: C416 - dict() of rows has no type


def _make_known(
    connection: Connection, seen: Sequence[ReleaseSeen], owners: Mapping[int, int], now_ns: int
) -> dict[tuple[int, str], int]:
    """Make the releases that are not there yet; return the ids of all."""
    first_ns: dict[tuple[int, str], int] = {}
    for each in seen:
        key = (owners[each.project_id], rules.keepable(each.version))
        # A sender's clock may be ahead: a release is not made in the future.
        first_ns[key] = min(first_ns.get(key, now_ns), each.first_ns)
    rows = [_new_release(*key, time_ns) for key, time_ns in sorted(first_ns.items())]
    upsert(connection, releases, rows, key=("organization_id", "version"))
    question = select(releases.c.organization_id, releases.c.version, releases.c.release_id).where(
        releases.c.organization_id.in_({owner for owner, _ in first_ns}),
        releases.c.version.in_({version for _, version in first_ns}),
    )
    return {(owner, version): found for owner, version, found in connection.execute(question)}


def _new_release(organization_id: int, version: str, created_ns: int) -> dict[str, object]:
    parsed = parse_version(version)
    return {
        "organization_id": organization_id,
        "version": version,
        "package": parsed.package,
        "semver_key": semver_key(parsed) or b"",
        "status": ReleaseStatus.OPEN,
        "ref": "",
        "url": "",
        "created_ns": created_ns,
    }


def _see_environments(connection: Connection, seen: Iterable[ReleaseSeen]) -> None:
    first_ns: dict[tuple[int, str], int] = {}
    for each in seen:
        key = (each.project_id, rules.keepable(each.environment))
        first_ns[key] = min(first_ns.get(key, each.first_ns), each.first_ns)
    rows = [
        {"project_id": project_id, "name": name, "is_hidden": False, "first_seen_ns": time_ns}
        for (project_id, name), time_ns in sorted(first_ns.items())
    ]
    upsert(connection, environments, rows, key=("project_id", "name"))


def _see_in_projects(connection: Connection, seen: Iterable[_Sighting]) -> None:
    spans = _widest(((each.release_id, each.project_id), each) for each in seen)
    upsert(
        connection,
        release_projects,
        [
            {
                "release_id": key[0],
                "project_id": key[1],
                "first_event_ns": first_ns,
                "last_event_ns": last_ns,
            }
            for key, (first_ns, last_ns) in spans
        ],
        key=("release_id", "project_id"),
        change=lambda old, new: {
            "first_event_ns": earlier(old.c.first_event_ns, new("first_event_ns")),
            "last_event_ns": later(old.c.last_event_ns, new("last_event_ns")),
        },
    )


def _see_in_environments(connection: Connection, seen: Iterable[_Sighting]) -> None:
    spans = _widest(((each.release_id, each.project_id, each.environment), each) for each in seen)
    upsert(
        connection,
        release_environments,
        [
            {
                "release_id": key[0],
                "project_id": key[1],
                "environment": key[2],
                "first_seen_ns": first_ns,
                "last_seen_ns": last_ns,
            }
            for key, (first_ns, last_ns) in spans
        ],
        key=("release_id", "project_id", "environment"),
        change=lambda old, new: {
            "first_seen_ns": earlier(old.c.first_seen_ns, new("first_seen_ns")),
            "last_seen_ns": later(old.c.last_seen_ns, new("last_seen_ns")),
        },
    )


def _widest(seen: Iterable[tuple[Key, _Sighting]]) -> list[tuple[Key, tuple[int, int]]]:
    """Return each key with the earliest and the latest moment, sorted by key.

    Sorted, so that two writers never wait for each other's rows.
    """
    spans: dict[Key, tuple[int, int]] = {}
    for key, each in seen:
        first_ns, last_ns = spans.get(key, (each.first_ns, each.last_ns))
        spans[key] = (min(first_ns, each.first_ns), max(last_ns, each.last_ns))
    return sorted(spans.items())


def _whole(
    connection: Connection,
    statement: Select[tuple[object, ...]],
    *,
    project_ids: Sequence[int] | None = None,
) -> list[Release]:
    """Return the releases that a statement finds, with their projects and environments."""
    rows = connection.execute(statement).mappings().all()
    ids = [row["release_id"] for row in rows]
    in_projects: dict[int, list[ReleaseInProject]] = {each: [] for each in ids}
    in_environments: dict[int, list[ReleaseInEnvironment]] = {each: [] for each in ids}
    for release_id, row in _parts(connection, release_projects, ids, project_ids):
        in_projects[release_id].append(
            ReleaseInProject(row["project_id"], row["first_event_ns"], row["last_event_ns"])
        )
    for release_id, row in _parts(connection, release_environments, ids, project_ids):
        in_environments[release_id].append(
            ReleaseInEnvironment(
                row["project_id"], row["environment"], row["first_seen_ns"], row["last_seen_ns"]
            )
        )
    return [
        _release(row, in_projects[row["release_id"]], in_environments[row["release_id"]])
        for row in rows
    ]


def _parts(
    connection: Connection,
    table: Table,
    release_ids: Sequence[int],
    project_ids: Sequence[int] | None,
) -> Iterator[tuple[int, RowMapping]]:
    question = select(table).where(table.c.release_id.in_(release_ids)).order_by(*table.primary_key)
    if project_ids is not None:
        question = question.where(table.c.project_id.in_(list(project_ids)))
    for row in connection.execute(question).mappings():
        yield row["release_id"], row


def _release(
    row: RowMapping,
    in_projects: Sequence[ReleaseInProject],
    in_environments: Sequence[ReleaseInEnvironment],
) -> Release:
    facts = {column.name: row[column] for column in _RELEASE}
    return Release(
        **{**facts, "status": ReleaseStatus(facts["status"])},
        projects=tuple(in_projects),
        environments=tuple(in_environments),
    )
