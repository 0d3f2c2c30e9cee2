"""People, organizations, projects and keys as Sentry's clients expect them."""

from collections.abc import Mapping, Sequence

from vedette.api.asker import Asker
from vedette.api.project_settings import settings_shape
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.person import Token, User
from vedette.model.project import Organization, Project, ProjectKey, Quota
from vedette.model.team import Team
from vedette.query.iso_time import iso_time


def user_shape(user: User) -> JsonObject:
    """Return a person."""
    return {
        "id": str(user.user_id),
        "email": user.email,
        "username": user.email,
        "name": user.name or user.email,
        "isActive": user.is_active,
        "dateJoined": iso_time(user.created_ns),
        "role": user.role.value,
    }


def auth_shape(asker: Asker | None) -> JsonObject:
    """Return who asks and what they may do; nulls for nobody."""
    if asker is None:
        return {"version": "0", "user": None, "auth": None}
    return {
        "version": "0",
        "user": user_shape(asker.user),
        "auth": {"scopes": sorted(asker.scopes)},
    }


def organization_shape(organization: Organization, *, public_url: str) -> JsonObject:
    """Return an organization as it stands in lists."""
    return {
        "id": str(organization.organization_id),
        "slug": organization.slug,
        "name": organization.name,
        "dateCreated": iso_time(organization.created_ns),
        "status": {"id": "active", "name": "active"},
        "isEarlyAdopter": False,
        "require2FA": False,
        "requireEmailVerification": False,
        "features": [],
        "links": {"organizationUrl": public_url, "regionUrl": public_url},
    }


def team_shape(team: Team) -> JsonObject:
    """Return a team."""
    return _team_shape(str(team.team_id), team.slug, team.name, team.created_ns)


def everybody_shape(organization: Organization) -> JsonObject:
    """Return the team that is always there: everybody, with all projects.

    Clients address projects by team; people here belong to organizations only.
    """
    return _team_shape("0", organization.slug, organization.name, organization.created_ns)


def _team_shape(team_id: str, slug: str, name: str, created_ns: int) -> JsonObject:
    return {
        "id": team_id,
        "slug": slug,
        "name": name,
        "dateCreated": iso_time(created_ns),
        "isMember": True,
        "hasAccess": True,
    }


def project_shape(project: Project, organization: Organization) -> JsonObject:
    """Return a project as it stands in lists."""
    team = everybody_shape(organization)
    return {
        "id": str(project.project_id),
        "slug": project.slug,
        "name": project.name,
        "platform": project.platform or None,
        "dateCreated": iso_time(project.created_ns),
        "status": "active",
        "isMember": True,
        "hasAccess": True,
        "features": [],
        "team": team,
        "teams": [team],
    }


def member_shape(user: User) -> JsonObject:
    """Return a member of an organization."""
    return {
        "id": str(user.user_id),
        "email": user.email,
        "name": user.name or user.email,
        "role": user.role.value,
        "orgRole": user.role.value,
        "roleName": user.role.value.title(),
        "pending": False,
        "expired": False,
        "inviteStatus": "approved",
        "dateCreated": iso_time(user.created_ns),
        "user": user_shape(user),
    }


def token_shape(token: Token) -> JsonObject:
    """Return a token without its secret, which is kept nowhere."""
    last_used_ns = token.last_used_ns
    return {
        "id": str(token.token_id),
        "name": token.label,
        "scopes": sorted(token.scopes),
        "dateCreated": iso_time(token.created_ns),
        "dateLastUsed": None if last_used_ns is None else iso_time(last_used_ns),
        "expiresAt": None,
        "application": None,
    }


def key_shape(key: ProjectKey, limit: Quota | None, *, public_url: str) -> JsonObject:
    """Return a key with the addresses that contain it."""
    project_url = f"{public_url}/api/{key.project_id}"
    return {
        "id": key.public_key,
        "name": key.label,
        "label": key.label,
        "public": key.public_key,
        "projectId": key.project_id,
        "isActive": key.is_active,
        "dateCreated": iso_time(key.created_ns),
        "rateLimit": None
        if limit is None
        else {"window": limit.window_s, "count": limit.item_count_max},
        "dsn": {
            "public": key.dsn(public_url),
            "security": f"{project_url}/security/?sentry_key={key.public_key}",
            "csp": f"{project_url}/security/?sentry_key={key.public_key}",
            "otlp_traces": f"{project_url}/otlp/v1/traces",
            "otlp_logs": f"{project_url}/otlp/v1/logs",
            "otlp_metrics": f"{project_url}/otlp/v1/metrics",
        },
    }


def organization_details(
    organization: Organization,
    projects: Sequence[Project],
    teams: Sequence[Team],
    asker: Asker,
    *,
    public_url: str,
) -> JsonObject:
    """Return an organization with everything about it."""
    return {
        **organization_shape(organization, public_url=public_url),
        "access": sorted(asker.scopes),
        "role": asker.user.role.value,
        "teams": [everybody_shape(organization), *map(team_shape, teams)],
        "projects": [project_shape(project, organization) for project in projects],
    }


def project_details(
    project: Project,
    organization: Organization,
    asker: Asker,
    options: Mapping[str, JsonValue],
    *,
    public_url: str,
) -> JsonObject:
    """Return a project with everything about it."""
    return {
        **project_shape(project, organization),
        **settings_shape(options),
        "organization": organization_shape(organization, public_url=public_url),
        "access": sorted(asker.scopes),
    }
