"""Every project of every organization, for those that ask about the whole server."""

from vedette.model.project import Project
from vedette.storage.metadata.port import Projects


def all_projects(projects: Projects) -> list[Project]:
    """Return all projects, by organization, oldest first."""
    return [
        project
        for organization in projects.organizations()
        for project in projects.projects(organization.organization_id)
    ]
