"""Routes: the keys that may write to a project."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from msgspec import UNSET, UnsetType

from vedette.api.answer_forms import KeyForm
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.shapes import key_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.project import PUBLIC_KEY_BYTES, Project, ProjectKey, Quota

router = APIRouter(prefix="/api/0/projects/{organization}/{project}/keys", tags=["projects"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
Admins = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_ADMIN))]
Pages = Annotated[PageParameters, Query()]

NAME_LENGTH_MAX: Final = 200
WINDOW_S_MAX: Final = 366 * 86_400
COUNT_MAX: Final = 10**15


class RateLimit(msgspec.Struct):
    """At most so many items in each window."""

    count: int
    window: int


class NewKey(msgspec.Struct, rename="camel"):
    """The body that makes a key."""

    name: str = "Default"
    rate_limit: RateLimit | None = None


class KeyChange(msgspec.Struct, rename="camel"):
    """The body that changes a key; what it does not name stays."""

    name: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    rate_limit: RateLimit | UnsetType | None = UNSET
    """Null takes the limit away."""


@router.get("/", response_model=list[KeyForm])
async def list_keys(visit: Reads, project: str, parameters: Pages) -> Response:
    """The keys of a project, oldest first, inactive ones too."""
    found = visit.project(project)
    metadata, state = visit.door.services.metadata, visit.door.services.state
    keys, limits = await visit.look_up(
        lambda: (metadata.keys(found.project_id), _limits(metadata.quotas()))
    )
    public_url = state.public_url()
    return answer_list(
        keys,
        lambda key: key_shape(key, limits.get(key.key_id), public_url=public_url),
        visit.request,
        parameters.page(),
    )


@router.post("/", response_model=KeyForm, status_code=201, openapi_extra=described(NewKey))
async def create_key(visit: Writes, project: str, request: Request) -> Response:
    """Make a key."""
    found = visit.project(project)
    body = await read_body(request, NewKey)
    label = _checked(body.name.strip() or "Default")
    limit = _checked_limit(body.rate_limit)

    def make() -> ProjectKey:
        key = make_key(visit, found, label)
        if limit is not None:
            _set_limit(visit, key, limit)
        return key

    key = await visit.look_up(make)
    return await _answer(visit, key, status=201)


@router.get("/{key_id}/", response_model=KeyForm)
async def show_key(visit: Reads, project: str, key_id: str) -> Response:
    """One key."""
    return await _answer(visit, await _known(visit, project, key_id))


@router.put("/{key_id}/", response_model=KeyForm, openapi_extra=described(KeyChange))
async def change_key(visit: Writes, project: str, key_id: str, request: Request) -> Response:
    """Rename a key, switch it on or off, or limit what it may bring."""
    key = await _known(visit, project, key_id)
    body = await read_body(request, KeyChange)
    label = None if body.name is UNSET else _checked(body.name.strip())
    limit = None if body.rate_limit is UNSET else _checked_limit(body.rate_limit)
    metadata = visit.door.services.metadata

    def change() -> None:
        if label is not None:
            metadata.rename_key(key_id=key.key_id, label=label)
        if body.is_active is not UNSET:
            metadata.set_key_active(key_id=key.key_id, is_active=body.is_active)
        if body.rate_limit is not UNSET:
            _set_limit(visit, key, limit)

    await visit.look_up(change)
    return await _answer(visit, await _known(visit, project, key_id))


@router.delete("/{key_id}/", status_code=204)
async def delete_key(visit: Admins, project: str, key_id: str) -> Response:
    """Take a key away: whoever still sends with it is refused."""
    key = await _known(visit, project, key_id)
    metadata = visit.door.services.metadata
    await visit.look_up(lambda: metadata.delete_key(key.key_id))
    return Response(status_code=204)


def make_key(visit: OrganizationVisit, project: Project, label: str) -> ProjectKey:
    """Make a key. Asks the store: call it in a thread."""
    services = visit.door.services
    return services.metadata.create_key(
        project_id=project.project_id,
        public_key=services.ids.secret(PUBLIC_KEY_BYTES),
        label=label,
        created_ns=services.clock.now_ns(),
    )


async def _known(visit: OrganizationVisit, project: str, key_id: str) -> ProjectKey:
    found = visit.project(project)
    metadata = visit.door.services.metadata
    for key in await visit.look_up(lambda: metadata.keys(found.project_id)):
        if key_id in {key.public_key, str(key.key_id)}:
            return key
    raise not_found()


async def _answer(visit: OrganizationVisit, key: ProjectKey, *, status: int = 200) -> Response:
    metadata, state = visit.door.services.metadata, visit.door.services.state
    limits = await visit.look_up(lambda: _limits(metadata.quotas()))
    shape = key_shape(key, limits.get(key.key_id), public_url=state.public_url())
    return answer(shape, status=status)


def _limits(quotas: Sequence[Quota]) -> dict[int, Quota]:
    """Return the quotas of keys that count everything, by key."""
    return {
        each.key_id: each for each in quotas if each.key_id is not None and each.category is None
    }


def _set_limit(visit: OrganizationVisit, key: ProjectKey, limit: RateLimit | None) -> None:
    metadata = visit.door.services.metadata
    if limit is not None:
        metadata.set_quota(
            project_id=key.project_id,
            key_id=key.key_id,
            category=None,
            item_count_max=limit.count,
            window_s=limit.window,
        )
        return
    known = _limits(metadata.quotas()).get(key.key_id)
    if known is not None:
        metadata.delete_quota(known.quota_id)


def _checked_limit(limit: RateLimit | None) -> RateLimit | None:
    """Return a limit that means something; zeros mean none, as in Sentry's forms."""
    if limit is None or (limit.count == 0 and limit.window == 0):
        return None
    if not (0 <= limit.count <= COUNT_MAX and 1 <= limit.window <= WINDOW_S_MAX):
        raise wrong(f"rateLimit: a count of at least 0 in a window of 1 to {WINDOW_S_MAX} seconds.")
    return limit


def _checked(name: str) -> str:
    if not name or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise wrong(f"name must have 1 to {NAME_LENGTH_MAX} printable characters.")
    return name
