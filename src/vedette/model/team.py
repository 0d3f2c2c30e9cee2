"""Teams: who looks after which projects."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """A name under which projects stand together."""

    team_id: int
    organization_id: int
    slug: str
    name: str
    created_ns: int
    project_ids: frozenset[int] = frozenset()
