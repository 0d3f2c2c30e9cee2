"""Commits and repositories in SQL."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from vedette.model.commit import (
    ChangedFile,
    Commit,
    FileChange,
    FileChangeKind,
    Head,
    NewCommit,
    ReleaseCommits,
    Repository,
)
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables_releases import (
    commit_files,
    commits,
    release_commits,
    release_heads,
    releases,
    repositories,
)
from vedette.storage.metadata.upsert import upsert

_COMMIT: Final = tuple(commits.c)
_NAME_LENGTH_MAX: Final = rules.TEXT_LENGTH_MAX


class SqlCommits:
    """The Commits face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_commits(
        self, *, release_id: int, commits: Sequence[NewCommit], now_ns: int
    ) -> ReleaseCommits:
        """Replace the commits of a release, newest first; unknown repositories are made."""
        with self._database.writing() as connection:
            organization_id = _lock(connection, release_id)
            names = [each.repository for each in commits]
            repository_ids = _make_known(connection, organization_id, names, now_ns)
            ids = _store(connection, commits, repository_ids)
            # One that is named twice stands where it was named first.
            _replace_bonds(connection, release_id, list(dict.fromkeys(ids)))
            newest: dict[int, str] = {}
            for commit in commits:
                newest.setdefault(repository_ids[commit.repository], commit.sha)
            _replace_heads(connection, release_id, newest)
            return _summaries(connection, [release_id])[release_id]

    def set_heads(self, *, release_id: int, heads: Sequence[Head], now_ns: int) -> None:
        """Replace up to where a release goes in each repository."""
        with self._database.writing() as connection:
            organization_id = _lock(connection, release_id)
            names = [each.repository for each in heads]
            repository_ids = _make_known(connection, organization_id, names, now_ns)
            newest = {repository_ids[each.repository]: rules.keepable(each.sha) for each in heads}
            _replace_heads(connection, release_id, newest)
            found = [
                commit_id
                for head in heads
                for commit_id in _between(connection, repository_ids[head.repository], head)
            ]
            if found or not heads:
                _replace_bonds(connection, release_id, found)

    def heads(self, release_id: int) -> Sequence[Head]:
        """Return up to where a release goes, by the name of the repository."""
        question = (
            select(repositories.c.name, release_heads.c.sha)
            .join_from(release_heads, repositories)
            .where(release_heads.c.release_id == rules.row_id(release_id))
            .order_by(repositories.c.name)
        )
        with self._database.reading() as connection:
            return [Head(name, sha) for name, sha in connection.execute(question)]

    def commits(self, release_id: int) -> Sequence[tuple[Commit, Repository]]:
        """Return the commits of a release, newest first."""
        question = (
            select(*_COMMIT, *(column.label(f"of_{column.name}") for column in repositories.c))
            .join_from(release_commits, commits)
            .join(repositories)
            .where(release_commits.c.release_id == rules.row_id(release_id))
            .order_by(release_commits.c.position)
        )
        with self._database.reading() as connection:
            rows = connection.execute(question).mappings().all()
        return [
            (
                _commit(row),
                Repository(**{each.name: row[f"of_{each.name}"] for each in repositories.c}),
            )
            for row in rows
        ]

    def commits_of(self, release_ids: Sequence[int]) -> dict[int, ReleaseCommits]:
        """Return what lists show of the commits of these releases; all of them are in it."""
        with self._database.reading() as connection:
            return _summaries(connection, release_ids)

    def files(self, commit_id: int) -> Sequence[FileChange]:
        """Return the files of a commit by path."""
        question = (
            select(commit_files.c.path, commit_files.c.kind)
            .where(commit_files.c.commit_id == rules.row_id(commit_id))
            .order_by(commit_files.c.path)
        )
        with self._database.reading() as connection:
            return [
                FileChange(path, FileChangeKind(kind))
                for path, kind in connection.execute(question)
            ]

    def changed_files(
        self, *, release_ids: Sequence[int], base_names: Sequence[str] | None, row_count_max: int
    ) -> Sequence[ChangedFile]:
        """Return files that commits of these releases changed, newest first."""
        question = (
            select(*_COMMIT, release_commits.c.release_id, commit_files.c.path, commit_files.c.kind)
            .join_from(release_commits, commits)
            .join(commit_files)
            .where(release_commits.c.release_id.in_([rules.row_id(each) for each in release_ids]))
            .order_by(commits.c.time_ns.desc(), commits.c.commit_id.desc(), commit_files.c.path)
            .limit(row_count_max)
        )
        if base_names is not None:
            names = [rules.keepable(each) for each in base_names if len(each) <= _NAME_LENGTH_MAX]
            question = question.where(commit_files.c.base_name.in_(names))
        with self._database.reading() as connection:
            rows = connection.execute(question).mappings().all()
        return [
            ChangedFile(_commit(row), row["release_id"], row["path"], FileChangeKind(row["kind"]))
            for row in rows
        ]

    def repositories(self, organization_id: int) -> Sequence[Repository]:
        """Return the repositories of an organization, oldest first."""
        question = (
            select(repositories)
            .where(repositories.c.organization_id == rules.row_id(organization_id))
            .order_by(repositories.c.repository_id)
        )
        with self._database.reading() as connection:
            return [Repository(**row) for row in connection.execute(question).mappings()]

    def create_repository(
        self, *, organization_id: int, name: str, url: str, provider: str, created_ns: int
    ) -> Repository:
        """Add a repository."""
        facts = {
            "organization_id": rules.row_id(organization_id),
            "name": rules.keepable(name),
            "url": rules.keepable(url),
            "provider": rules.keepable(provider),
            "created_ns": created_ns,
        }
        with self._database.writing(
            taken=f"there is a repository {name!r}", owner=f"no organization {organization_id}"
        ) as connection:
            row = connection.execute(insert(repositories).values(facts).returning(repositories))
            return Repository(**row.mappings().one())


def _lock(connection: Connection, release_id: int) -> int:
    """Keep other writers away from a release; return whose it is."""
    question = (
        select(releases.c.organization_id)
        .where(releases.c.release_id == rules.row_id(release_id))
        .with_for_update()
    )
    found: int | None = connection.execute(question).scalar_one_or_none()
    if found is None:
        raise OwnerMissing(f"no release {release_id}")
    return found


def _make_known(
    connection: Connection, organization_id: int, names: Sequence[str], now_ns: int
) -> dict[str, int]:
    """Make the repositories that are not there yet; return the ids of all by name."""
    kept = {name: rules.keepable(name) for name in names}
    rows = [
        {
            "organization_id": organization_id,
            "name": name,
            "url": "",
            "provider": "",
            "created_ns": now_ns,
        }
        for name in dict.fromkeys(kept.values())
    ]
    upsert(connection, repositories, rows, key=("organization_id", "name"))
    question = select(repositories.c.name, repositories.c.repository_id).where(
        repositories.c.organization_id == organization_id,
        repositories.c.name.in_(list(kept.values())),
    )
    ids: dict[str, int] = {name: found for name, found in connection.execute(question)}  # noqa: C416 - dict() of rows has no type
    return {name: ids[as_kept] for name, as_kept in kept.items()}


def _store(
    connection: Connection, sent: Sequence[NewCommit], repository_ids: Mapping[str, int]
) -> list[int]:
    """Store the commits and what they changed; return their ids in their order."""
    places = [(repository_ids[each.repository], rules.keepable(each.sha)) for each in sent]
    rows = {
        place: {
            "repository_id": place[0],
            "sha": place[1],
            "message": rules.keepable(each.message),
            "author_name": rules.keepable(each.author_name),
            "author_email": rules.keepable(each.author_email),
            "time_ns": each.time_ns,
        }
        for place, each in zip(places, sent, strict=True)
    }
    told = ("message", "author_name", "author_email", "time_ns")
    upsert(
        connection,
        commits,
        list(rows.values()),
        key=("repository_id", "sha"),
        change=lambda _, new: {name: new(name) for name in told},
    )
    question = select(commits.c.repository_id, commits.c.sha, commits.c.commit_id).where(
        commits.c.repository_id.in_({place[0] for place in places}),
        commits.c.sha.in_([place[1] for place in places]),
    )
    ids = {(owner, sha): found for owner, sha, found in connection.execute(question)}
    files = {
        (ids[place], path): _file_row(ids[place], path, change)
        for place, each in zip(places, sent, strict=True)
        for change in each.files or ()
        if (path := rules.keepable(change.path))
    }
    upsert(
        connection,
        commit_files,
        list(files.values()),
        key=("commit_id", "path"),
        change=lambda _, new: {"kind": new("kind")},
    )
    return [ids[place] for place in places]


def _file_row(commit_id: int, path: str, change: FileChange) -> dict[str, object]:
    base_name = path.replace("\\", "/").rpartition("/")[2]
    return {"commit_id": commit_id, "path": path, "base_name": base_name, "kind": change.kind}


def _between(connection: Connection, repository_id: int, head: Head) -> list[int]:
    """Return the known commits after the previous head up to the new one, newest first."""

    def time_of(sha: str) -> int | None:
        return connection.execute(
            select(commits.c.time_ns).where(
                commits.c.repository_id == repository_id, commits.c.sha == rules.keepable(sha)
            )
        ).scalar_one_or_none()

    last_ns = time_of(head.sha)
    if last_ns is None:
        return []
    first_ns = time_of(head.previous_sha) if head.previous_sha else None
    question = select(commits.c.commit_id).where(
        commits.c.repository_id == repository_id, commits.c.time_ns <= last_ns
    )
    if first_ns is None:
        question = question.where(commits.c.sha == rules.keepable(head.sha))
    else:
        question = question.where(commits.c.time_ns > first_ns)
    latest = question.order_by(commits.c.time_ns.desc(), commits.c.commit_id.desc())
    return list(connection.execute(latest.limit(COMMITS_BETWEEN_MAX)).scalars())


COMMITS_BETWEEN_MAX: Final = 1_000
"""A release that brings more is a first import, whose older commits nobody suspects."""


def _replace_bonds(connection: Connection, release_id: int, commit_ids: Sequence[int]) -> None:
    connection.execute(delete(release_commits).where(release_commits.c.release_id == release_id))
    rows = [
        {"release_id": release_id, "commit_id": commit_id, "position": position}
        for position, commit_id in enumerate(commit_ids)
    ]
    upsert(connection, release_commits, rows, key=("release_id", "commit_id"))


def _replace_heads(connection: Connection, release_id: int, newest: Mapping[int, str]) -> None:
    connection.execute(delete(release_heads).where(release_heads.c.release_id == release_id))
    rows = [
        {"release_id": release_id, "repository_id": repository_id, "sha": sha}
        for repository_id, sha in newest.items()
    ]
    upsert(connection, release_heads, rows, key=("release_id", "repository_id"))


def _summaries(connection: Connection, release_ids: Sequence[int]) -> dict[int, ReleaseCommits]:
    ids = [rules.row_id(each) for each in release_ids]
    counted = (
        select(release_commits.c.release_id, func.count())
        .where(release_commits.c.release_id.in_(ids))
        .group_by(release_commits.c.release_id)
    )
    counts: dict[int, int] = {each: count for each, count in connection.execute(counted)}  # noqa: C416 - dict() of rows has no type
    newest = (
        select(release_commits.c.release_id, *_COMMIT)
        .join_from(release_commits, commits)
        .where(release_commits.c.release_id.in_(ids), release_commits.c.position == 0)
    )
    last = {row["release_id"]: _commit(row) for row in connection.execute(newest).mappings()}
    named = (
        select(
            release_commits.c.release_id,
            commits.c.author_name,
            commits.c.author_email,
            func.min(release_commits.c.position).label("first"),
        )
        .join_from(release_commits, commits)
        .where(release_commits.c.release_id.in_(ids))
        .group_by(release_commits.c.release_id, commits.c.author_name, commits.c.author_email)
        .order_by("first")
    )
    authors: dict[int, list[tuple[str, str]]] = {}
    for release_id, name, email, _ in connection.execute(named):
        authors.setdefault(release_id, []).append((name, email))
    return {
        each: ReleaseCommits(counts.get(each, 0), last.get(each), tuple(authors.get(each, ())))
        for each in release_ids
    }


def _commit(row: RowMapping) -> Commit:
    return Commit(**{column.name: row[column] for column in _COMMIT})
