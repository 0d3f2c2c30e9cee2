"""One admitted request: who asks, and of which organization and projects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final, TypeVar

from fastapi import Request

from vedette.api.asker import (
    Asker,
    CredentialKind,
    recognise,
    refuse_foreign_origin,
    shown_by,
)
from vedette.api.door import Door, door_of
from vedette.api.known_askers import Directory
from vedette.api.refusal import not_allowed, not_found, not_signed_in
from vedette.model.project import Organization, Project

Result = TypeVar("Result")

_SAID_BY_PROXIES: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request whose sender may make it."""

    door: Door
    asker: Asker
    request: Request

    async def ask(self, question: Callable[[], Result]) -> Result:
        """Ask the telemetry store, in one of its threads, for as long as the client waits."""
        return await self.door.questions.run(question, has_left=self.request.is_disconnected)

    async def look_up(self, look: Callable[[], Result]) -> Result:
        """Ask the metadata store, in one of its threads."""
        return await self.door.lookups.run(look)

    async def directory(self) -> Directory:
        """Return all organizations with their projects, oldest first."""
        known = self.door.known
        found = known.directory()
        if found is None:
            state = known.state()
            metadata = self.door.services.metadata
            found = await self.look_up(
                lambda: [
                    (each, metadata.projects(each.organization_id))
                    for each in metadata.organizations()
                ]
            )
            known.remember_directory(found, state)
        return found

    async def all_projects(self, named: Sequence[str] = ()) -> dict[int, str]:
        """Return the slugs of all projects that the asker may see, or of the named ones, by id.

        Raises:
            Refusal: One that is named is unknown.
        """
        everything = [each for _, projects in await self.directory() for each in projects]
        if not named or "-1" in named:
            return {each.project_id: each.slug for each in everything}
        chosen = {
            each.project_id: each.slug
            for each in everything
            if each.slug in named or str(each.project_id) in named
        }
        if not all(name in chosen.values() or name in map(str, chosen) for name in named):
            raise not_found()
        return chosen


@dataclass(frozen=True, slots=True)
class OrganizationVisit(Visit):
    """The same, within one organization."""

    organization: Organization
    projects: Sequence[Project]
    """Those that the asker may see, oldest first."""

    def chosen_projects(self, named: Sequence[str]) -> dict[int, str]:
        """Return the named projects, all of them by default: their slugs by id.

        Raises:
            Refusal: One of them is unknown or belongs to others.
        """
        chosen = self.projects
        if named and "-1" not in named:
            chosen = [self.project(name) for name in named]
        return {project.project_id: project.slug for project in chosen}

    def project_of(self, project_id: int) -> Project:
        """Return the project of something that was found within this visit."""
        return next(each for each in self.projects if each.project_id == project_id)

    def project(self, slug_or_id: str) -> Project:
        """Return one project.

        Raises:
            Refusal: It is unknown or belongs to others.
        """
        for project in self.projects:
            if slug_or_id in {project.slug, str(project.project_id)}:
                return project
        raise not_found()


def is_of_this_machine(request: Request) -> bool:
    """Tell whether a request was made on this machine, and not by a proxy for somebody else."""
    if any(name in request.headers for name in _SAID_BY_PROXIES):
        return False
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


async def recognise_sender(request: Request) -> Asker | None:
    """Return who sent the request; None for nobody. Refuses credentials that are not valid."""
    door = door_of(request)
    shown = shown_by(request)
    if shown.bearer is None and shown.session is None:
        return None
    services = door.services
    asker = door.known.asker(shown)
    if asker is None:
        state = door.known.state()
        asker = await door.lookups.run(
            lambda: recognise(shown, people=services.metadata, clock=services.clock)
        )
        if asker is not None:
            door.known.remember_asker(shown, asker, state)
    if asker is not None and asker.kind is CredentialKind.SESSION:
        refuse_foreign_origin(request, public_url=services.state.public_url())
    return asker


class Admits:
    """A dependency that lets in whoever has a scope. Every route that is not public has one."""

    def __init__(self, scope: str | None) -> None:
        """Ask for this scope; None asks only for somebody we know."""
        self.scope = scope

    async def __call__(self, request: Request) -> Visit:
        """Return the visit, or refuse."""
        asker = await recognise_sender(request)
        if asker is None:
            raise not_signed_in()
        if self.scope is not None and self.scope not in asker.scopes:
            raise not_allowed()
        return Visit(door_of(request), asker, request)


class AdmitsThisMachine:
    """The same, and whoever asks from the machine that the server runs on."""

    def __init__(self, scope: str) -> None:
        """Ask others for this scope."""
        self.scope = scope

    async def __call__(self, request: Request) -> None:
        """Return, or refuse."""
        if not is_of_this_machine(request):
            await Admits(self.scope)(request)


class AdmitsToOrganization:
    """The same for routes whose path names an organization."""

    def __init__(self, scope: str) -> None:
        """Ask for this scope."""
        self.scope = scope

    async def __call__(self, request: Request, organization: str) -> OrganizationVisit:
        """Return the visit, or refuse."""
        visit = await Admits(self.scope)(request)
        for found, projects in await visit.directory():
            if organization in {found.slug, str(found.organization_id)}:
                return OrganizationVisit(visit.door, visit.asker, request, found, projects)
        raise not_found()
