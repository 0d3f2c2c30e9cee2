"""Releases, commits, deploys and environments as Sentry's clients expect them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vedette.api.shapes import user_shape
from vedette.model.commit import ChangedFile, Commit, Head, ReleaseCommits, Repository
from vedette.model.json_value import JsonObject
from vedette.model.person import User
from vedette.model.project import Project
from vedette.model.release import Deploy, Environment, IssuesOfRelease, Release, ReleaseInProject
from vedette.model.release_version import ParsedVersion, parse_version
from vedette.query.iso_time import iso_time
from vedette.query.release_health import (
    NO_HEALTH,
    Place,
    ReleaseHealth,
    health_shape,
    stages_shape,
)


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What is shown of releases besides what they are."""

    projects: Mapping[int, Project]
    commits: Mapping[int, ReleaseCommits]
    deploys: Mapping[int, Sequence[Deploy]]
    users: Mapping[str, User]
    """By address, in small letters."""
    health: Mapping[Place, ReleaseHealth]
    issues: Mapping[Place, IssuesOfRelease]
    now_ns: int
    with_health: bool = False
    with_stages: bool = False
    health_stat: str = "sessions"
    heads: Sequence[Head] | None = field(default=None)
    """Of one release that is shown alone."""


def release_shape(release: Release, facts: ReleaseFacts) -> JsonObject:
    """Return a release with everything about it."""
    parsed = parse_version(release.version)
    commits = facts.commits.get(release.release_id, ReleaseCommits(0, None, ()))
    deploys = facts.deploys.get(release.release_id, ())
    known = [each for each in release.projects if each.project_id in facts.projects]
    first = [each.first_event_ns for each in known if each.first_event_ns is not None]
    last = [each.last_event_ns for each in known if each.last_event_ns is not None]
    shape: JsonObject = {
        "id": str(release.release_id),
        "version": release.version,
        "shortVersion": parsed.short,
        "versionInfo": _version_info(parsed),
        "status": release.status.value,
        "ref": release.ref or None,
        "url": release.url or None,
        "dateCreated": iso_time(release.created_ns),
        "dateStarted": _time(release.started_ns),
        "dateReleased": _time(release.released_ns),
        "data": {},
        "newGroups": sum(_issues(each, release, facts).new_count for each in known),
        "owner": None,
        "commitCount": commits.commit_count,
        "lastCommit": None
        if commits.last_commit is None
        else commit_shape(commits.last_commit, facts.users),
        "deployCount": len(deploys),
        "lastDeploy": deploy_shape(deploys[0]) if deploys else None,
        "authors": [author_shape(name, email, facts.users) for name, email in commits.authors],
        "projects": [_project_shape(release, each, facts) for each in known],
        "firstEvent": _time(min(first, default=None)),
        "lastEvent": _time(max(last, default=None)),
        "currentProjectMeta": {},
        "userAgent": None,
    }
    if facts.heads is None:
        return shape
    refs = [{"repository": each.repository, "commit": each.sha} for each in facts.heads]
    return {**shape, "refs": refs}


def commit_shape(
    commit: Commit, users: Mapping[str, User], repository: Repository | None = None
) -> JsonObject:
    """Return a commit."""
    shape: JsonObject = {
        "id": commit.sha,
        "message": commit.message or None,
        "dateCreated": iso_time(commit.time_ns),
        "author": author_shape(commit.author_name, commit.author_email, users),
    }
    return shape if repository is None else {**shape, "repository": repository_shape(repository)}


def author_shape(name: str, email: str, users: Mapping[str, User]) -> JsonObject:
    """Return who wrote something: a person we know, or what the commit says."""
    known = users.get(email.lower())
    return {"name": name or email, "email": email} if known is None else user_shape(known)


def repository_shape(repository: Repository) -> JsonObject:
    """Return a repository."""
    provider = repository.provider or "unknown"
    return {
        "id": str(repository.repository_id),
        "name": repository.name,
        "url": repository.url or None,
        "provider": {"id": provider, "name": provider.title()},
        "status": "active",
        "dateCreated": iso_time(repository.created_ns),
        "integrationId": None,
        "externalSlug": None,
    }


def deploy_shape(deploy: Deploy) -> JsonObject:
    """Return a deploy."""
    return {
        "id": str(deploy.deploy_id),
        "environment": deploy.environment,
        "name": deploy.name or None,
        "url": deploy.url or None,
        "dateStarted": _time(deploy.started_ns),
        "dateFinished": iso_time(deploy.finished_ns),
    }


def environment_shape(environment: Environment) -> JsonObject:
    """Return an environment."""
    return {
        "id": str(environment.environment_id),
        "name": environment.name,
        "displayName": environment.name or "(No Environment)",
        "isHidden": environment.is_hidden,
    }


def commit_file_shape(
    changed: ChangedFile, repositories: Mapping[int, Repository], users: Mapping[str, User]
) -> JsonObject:
    """Return a file that a commit changed."""
    commit, repository = changed.commit, repositories[changed.commit.repository_id]
    return {
        "id": f"{commit.commit_id}-{changed.path}",
        "orgId": repository.organization_id,
        "author": author_shape(commit.author_name, commit.author_email, users),
        "commitMessage": commit.message or None,
        "filename": changed.path,
        "type": changed.kind.value,
        "repoName": repository.name,
    }


def _project_shape(
    release: Release, in_project: ReleaseInProject, facts: ReleaseFacts
) -> JsonObject:
    project = facts.projects[in_project.project_id]
    place = (project.project_id, release.version)
    health = facts.health.get(place)
    shape: JsonObject = {
        "id": project.project_id,
        "slug": project.slug,
        "name": project.name,
        "platform": project.platform or None,
        "platforms": [project.platform] if project.platform else [],
        "newGroups": _issues(in_project, release, facts).new_count,
        "regressedGroups": _issues(in_project, release, facts).regressed_count,
        "hasHealthData": health is not None,
        "firstEvent": _time(in_project.first_event_ns),
        "lastEvent": _time(in_project.last_event_ns),
    }
    if facts.with_health:
        shown = health_shape(health or NO_HEALTH, now_ns=facts.now_ns, stat=facts.health_stat)
        shape = {**shape, "healthData": shown}
    if facts.with_stages:
        shape = {**shape, "adoptionStages": stages_shape((health or NO_HEALTH).stages)}
    return shape


def _issues(in_project: ReleaseInProject, release: Release, facts: ReleaseFacts) -> IssuesOfRelease:
    return facts.issues.get((in_project.project_id, release.version), IssuesOfRelease(0, 0))


def _version_info(parsed: ParsedVersion) -> JsonObject:
    version: JsonObject = {"raw": parsed.version}
    if parsed.semver is not None:
        version = {
            **version,
            "major": parsed.semver.major,
            "minor": parsed.semver.minor,
            "patch": parsed.semver.patch,
            "pre": parsed.semver.prerelease or None,
            "buildCode": parsed.semver.build or None,
            "components": parsed.semver.component_count,
        }
    return {
        "package": parsed.package or None,
        "version": version,
        "description": parsed.description,
        "buildHash": parsed.build_hash or None,
    }


def _time(time_ns: int | None) -> str | None:
    return None if time_ns is None else iso_time(time_ns)
