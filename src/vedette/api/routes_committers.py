"""Routes: whose commits may have caused an event."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found
from vedette.api.release_facts import users_by_address
from vedette.api.release_forms import CommittersForm
from vedette.api.release_shapes import author_shape, commit_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.commit import ChangedFile, Repository
from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.model.json_value import JsonObject
from vedette.model.person import User
from vedette.model.project import Project
from vedette.model.release import ReleaseQuestion
from vedette.query.ask_events import ask_event
from vedette.query.payload import as_object
from vedette.query.suspect_commits import FramePath, Suspect, frames_of, suspects

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]

RELEASE_COUNT_MAX: Final = 10
"""The event's own release and those before it: what went in earlier has run well for long."""
RELEASE_AGE_NS_MAX: Final = 30 * 86_400 * NANOSECONDS_PER_SECOND
"""Older than the event's release by more than this is too old to be suspect."""
FILE_COUNT_MAX: Final = 10_000


@router.get(
    "/projects/{organization}/{project}/events/{event_id}/committers/",
    response_model=CommittersForm,
)
async def list_committers(visit: Reads, project: str, event_id: str) -> Response:
    """Who changed the files that the event's stack ran through, most suspect first."""
    found = visit.project(project)
    event = await _event(visit, found, event_id)
    version = as_object(event.get("release")).get("version")
    frames = frames_of(event)
    changed, repositories, users = await visit.look_up(
        lambda: _changed(visit, found, str(version or ""), frames)
    )
    ranked = suspects(frames, changed)
    return answer({"committers": list(_committers(ranked, repositories, users))})


async def _event(visit: OrganizationVisit, project: Project, event_id: str) -> JsonObject:
    known_id = read_hex_id(event_id, length=EVENT_ID_LENGTH)
    if known_id is None:
        raise not_found()
    services = visit.door.services
    event = await visit.ask(
        lambda: ask_event(
            services.telemetry,
            project_id=project.project_id,
            event_id=known_id,
            now_ns=services.clock.now_ns(),
            find_map=services.uploads.source_maps.find,
        )
    )
    if event is None:
        raise not_found()
    return event


def _changed(
    visit: OrganizationVisit, project: Project, version: str, frames: Iterable[FramePath]
) -> tuple[list[ChangedFile], dict[int, Repository], dict[str, User]]:
    """Return what the latest releases changed of the frames' files. Asks the store."""
    metadata = visit.door.services.metadata
    organization_id = visit.organization.organization_id
    release = metadata.release(organization_id, version) if version else None
    if release is None or project.project_id not in release.project_ids:
        raise Refusal(404, "Release not found")
    earlier = metadata.releases(
        ReleaseQuestion(
            organization_id=organization_id,
            project_ids=(project.project_id,),
            status=None,
            with_commits=True,
            before_ns=release.date_ns,
            row_count_max=RELEASE_COUNT_MAX,
        )
    )
    ids = [
        each.release_id
        for each in earlier[:RELEASE_COUNT_MAX]
        if each.date_ns >= release.date_ns - RELEASE_AGE_NS_MAX
    ]
    if not ids:
        raise Refusal(404, "No Commits found for Release")
    base_names = sorted({name for frame in frames for name in frame.base_names})
    changed = metadata.changed_files(
        release_ids=ids, base_names=base_names, row_count_max=FILE_COUNT_MAX
    )
    repositories = {each.repository_id: each for each in metadata.repositories(organization_id)}
    return list(changed), repositories, users_by_address(visit)


def _committers(
    ranked: Iterable[Suspect], repositories: Mapping[int, Repository], users: Mapping[str, User]
) -> Iterable[JsonObject]:
    """Return people in the order of their most suspect commit, each with all of theirs."""
    by_author: dict[str, list[Suspect]] = {}
    for suspect in ranked:
        by_author.setdefault(suspect.commit.author_email, []).append(suspect)
    for theirs in by_author.values():
        first = theirs[0].commit
        yield {
            "author": author_shape(first.author_name, first.author_email, users),
            "commits": [
                {
                    **commit_shape(each.commit, users, repositories[each.commit.repository_id]),
                    "score": each.score,
                    "suspectCommitType": "via commit in release",
                }
                for each in theirs
            ],
        }
