"""Changing and taking away projects, keys, members and teams: a face of the metadata store."""

from collections.abc import Sequence
from typing import Protocol

from vedette.model.person import Role, User
from vedette.model.project import Project, ProjectKey
from vedette.model.team import Team


class Administration(Protocol):
    """What owners and managers do. What holds for the metadata port holds here too."""

    def change_project(
        self,
        *,
        project_id: int,
        slug: str | None = None,
        name: str | None = None,
        platform: str | None = None,
    ) -> Project:
        """Change a project; None leaves a thing as it is.

        Raises:
            AlreadyThere: The slug is taken in its organization.
            OwnerMissing: There is no such project.
        """
        ...

    def delete_project(self, project_id: int) -> None:
        """Take a project away with all that belongs to it; an unknown id changes nothing."""
        ...

    def rename_key(self, *, key_id: int, label: str) -> ProjectKey:
        """Give a key another name.

        Raises:
            OwnerMissing: There is no such key.
        """
        ...

    def delete_key(self, key_id: int) -> None:
        """Take a key away with its quotas; an unknown id changes nothing."""
        ...

    def set_role(self, *, user_id: int, role: Role) -> User:
        """Give a person another role.

        Raises:
            LastOwner: No other owner would be left.
            OwnerMissing: There is no such person.
        """
        ...

    def remove_user(self, user_id: int) -> None:
        """Switch a person off and revoke their tokens and sessions; unknown: changes nothing.

        Raises:
            LastOwner: No other owner would be left.
        """
        ...

    def teams(self, organization_id: int) -> Sequence[Team]:
        """Return the teams of an organization, oldest first."""
        ...

    def create_team(self, *, organization_id: int, slug: str, name: str, created_ns: int) -> Team:
        """Add a team without projects.

        Raises:
            AlreadyThere: The slug is taken in this organization.
            OwnerMissing: There is no such organization.
        """
        ...

    def change_team(self, *, team_id: int, slug: str | None, name: str | None) -> Team:
        """Change a team; None leaves a thing as it is.

        Raises:
            AlreadyThere: The slug is taken in its organization.
            OwnerMissing: There is no such team.
        """
        ...

    def delete_team(self, team_id: int) -> None:
        """Take a team away; its projects stay. An unknown id changes nothing."""
        ...

    def set_team_project(self, *, team_id: int, project_id: int, is_in: bool) -> None:
        """Put a project of the same organization into a team, or take it out.

        Raises:
            OwnerMissing: There is no such team, or no such project in its organization.
        """
        ...
