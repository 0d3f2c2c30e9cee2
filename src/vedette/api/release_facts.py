"""Gather what is shown of releases from the stores."""

from collections.abc import Sequence
from dataclasses import dataclass

from vedette.api.refusal import not_found
from vedette.api.release_shapes import ReleaseFacts
from vedette.api.visit import OrganizationVisit
from vedette.model.person import User
from vedette.model.project import Project
from vedette.model.question import TimeRange
from vedette.model.release import Deploy, Release
from vedette.query.release_health import HealthRequest, ask_health


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which projects, and how much."""

    project_ids: tuple[int, ...]
    environments: tuple[str, ...]
    time_range: TimeRange
    """Of the figures of health."""
    with_health: bool = False
    with_stages: bool = False
    health_stat: str = "sessions"
    with_heads: bool = False


async def gather(
    visit: OrganizationVisit, releases: Sequence[Release], wanted: Wanted
) -> ReleaseFacts:
    """Return what is shown of these releases."""
    services = visit.door.services
    metadata, now_ns = services.metadata, services.clock.now_ns()
    ids = [each.release_id for each in releases]
    request = HealthRequest(
        project_ids=wanted.project_ids,
        versions=tuple(each.version for each in releases),
        environments=wanted.environments,
        time_range=wanted.time_range,
        now_ns=now_ns,
        with_stages=wanted.with_stages,
        with_series=wanted.with_health,
    )
    health = await visit.ask(lambda: ask_health(services.telemetry, request))
    return await visit.look_up(
        lambda: ReleaseFacts(
            projects={
                each.project_id: each
                for each in visit.projects
                if each.project_id in wanted.project_ids
            },
            commits=metadata.commits_of(ids),
            deploys=_by_release(metadata.deploys(ids)),
            users=users_by_address(visit),
            health=health,
            issues=metadata.issues_of_releases(
                project_ids=wanted.project_ids, versions=request.versions
            ),
            now_ns=now_ns,
            with_health=wanted.with_health,
            with_stages=wanted.with_stages,
            health_stat=wanted.health_stat,
            heads=metadata.heads(ids[0]) if wanted.with_heads and ids else None,
        )
    )


async def known_release(
    visit: OrganizationVisit, version: str, project: Project | None = None
) -> Release:
    """Return a release of the organization, or of one project of it.

    Raises:
        Refusal: There is none of this version.
    """
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    found = await visit.look_up(lambda: metadata.release(organization_id, version))
    if found is None or (project is not None and project.project_id not in found.project_ids):
        raise not_found()
    return found


def users_by_address(visit: OrganizationVisit) -> dict[str, User]:
    """Return everybody by address, in small letters. Asks the store: call it in a thread."""
    return {each.email.lower(): each for each in visit.door.services.metadata.users()}


def _by_release(deploys: Sequence[Deploy]) -> dict[int, list[Deploy]]:
    found: dict[int, list[Deploy]] = {}
    for each in deploys:
        found.setdefault(each.release_id, []).append(each)
    return found
