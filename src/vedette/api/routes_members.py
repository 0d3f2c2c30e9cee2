"""Routes: the people of an organization, and what they may do."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import InvitedForm, MemberForm
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_allowed, not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.shapes import member_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.person import Role, User
from vedette.storage.metadata.port import AlreadyThere, LastOwner
from vedette.storage.secrets import hash_of_secret

router = APIRouter(prefix="/api/0/organizations/{organization}/members", tags=["who"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.MEMBER_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.MEMBER_WRITE))]
Admins = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.MEMBER_ADMIN))]
Pages = Annotated[PageParameters, Query()]

EMAIL_LENGTH_MAX: Final = 200
INVITATION_VALID_S: Final = 7 * 86_400
SECRET_BYTES: Final = 24


class NewMember(msgspec.Struct, rename="camel"):
    """The body that invites somebody."""

    email: str
    role: Role | None = None
    org_role: Role | None = None


class MemberChange(msgspec.Struct, rename="camel"):
    """The body that gives somebody another role."""

    role: Role | None = None
    org_role: Role | None = None


@router.get("/", response_model=list[MemberForm])
async def list_members(visit: Reads, parameters: Pages) -> Response:
    """The people of an organization, oldest first."""
    return answer_list(await _members(visit), member_shape, visit.request, parameters.page())


@router.post("/", response_model=InvitedForm, status_code=201, openapi_extra=described(NewMember))
async def invite_member(visit: Writes, request: Request) -> Response:
    """Invite somebody: `inviteLink` signs them in once, within a week."""
    body = await read_body(request, NewMember)
    email = body.email.strip()
    local, at, domain = email.partition("@")
    is_address = local and at and domain and email.isprintable() and " " not in email
    if not is_address or len(email) > EMAIL_LENGTH_MAX:
        raise wrong("email: Enter a valid email address.")
    role = body.org_role or body.role or Role.MEMBER
    _refuse_above_own(visit, role)
    services = visit.door.services
    secret, now_ns = services.ids.secret(SECRET_BYTES), services.clock.now_ns()

    def invite() -> User:
        user = services.metadata.create_user(email=email, name="", role=role, created_ns=now_ns)
        services.metadata.create_login(
            user_id=user.user_id,
            secret_hash=hash_of_secret(secret),
            expires_ns=now_ns + INVITATION_VALID_S * NANOSECONDS_PER_SECOND,
        )
        return user

    try:
        user = await visit.look_up(invite)
    except AlreadyThere as error:
        raise Refusal(409, f"The user {email} is already a member") from error
    link = f"{services.state.public_url()}/auth/login/{secret}"
    return answer({**member_shape(user), "inviteLink": link}, status=201)


@router.get("/{member_id}/", response_model=MemberForm)
async def show_member(visit: Reads, member_id: str) -> Response:
    """One person; `me` is whoever asks."""
    return answer(member_shape(await _known(visit, member_id)))


@router.put("/{member_id}/", response_model=MemberForm, openapi_extra=described(MemberChange))
async def change_member(visit: Writes, member_id: str, request: Request) -> Response:
    """Give somebody another role. The only owner stays one."""
    member = await _known(visit, member_id)
    body = await read_body(request, MemberChange)
    role = body.org_role or body.role
    if role is None:
        raise wrong("expected orgRole: owner, manager, member or reader.")
    _refuse_above_own(visit, role)
    _refuse_above_own(visit, member.role)
    metadata = visit.door.services.metadata
    try:
        changed = await visit.look_up(lambda: metadata.set_role(user_id=member.user_id, role=role))
    except LastOwner as error:
        raise _last_owner() from error
    return answer(member_shape(changed))


@router.delete("/{member_id}/", status_code=204)
async def remove_member(visit: Admins, member_id: str) -> Response:
    """Let somebody in no more, and revoke their tokens. The only owner stays."""
    member = await _known(visit, member_id)
    metadata = visit.door.services.metadata
    try:
        await visit.look_up(lambda: metadata.remove_user(member.user_id))
    except LastOwner as error:
        raise _last_owner() from error
    return Response(status_code=204)


async def _members(visit: OrganizationVisit) -> list[User]:
    users = await visit.look_up(visit.door.services.metadata.users)
    return [each for each in users if each.is_active]


async def _known(visit: OrganizationVisit, member_id: str) -> User:
    wanted = str(visit.asker.user.user_id) if member_id == "me" else member_id
    for user in await _members(visit):
        if str(user.user_id) == wanted:
            return user
    raise not_found()


def _refuse_above_own(visit: OrganizationVisit, role: Role) -> None:
    """Refuse to make, or to change, somebody who may do more than whoever asks."""
    if role is Role.OWNER and Scope.MEMBER_ADMIN not in visit.asker.scopes:
        raise not_allowed("You do not have permission to do this to an owner.")


def _last_owner() -> Refusal:
    return Refusal(409, "You cannot remove or demote the only remaining owner.")
