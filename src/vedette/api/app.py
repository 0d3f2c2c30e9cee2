"""The read door as an ASGI application."""

import functools
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.routing import APIRoute

from vedette.api import (
    routes_api_tokens,
    routes_artifacts,
    routes_attachments,
    routes_attributes,
    routes_committers,
    routes_detectors,
    routes_environments,
    routes_events,
    routes_explore,
    routes_feedback,
    routes_issue_changes,
    routes_issue_events,
    routes_issue_feed,
    routes_issues,
    routes_keys,
    routes_logs,
    routes_members,
    routes_metrics,
    routes_project_options,
    routes_projects,
    routes_release_details,
    routes_release_files,
    routes_release_parts,
    routes_releases,
    routes_rules_preview,
    routes_series,
    routes_server,
    routes_services,
    routes_sessions,
    routes_sign_in,
    routes_tail,
    routes_teams,
    routes_trace_lists,
    routes_traces,
    routes_uploads,
    routes_who,
)
from vedette.api.door import Door
from vedette.api.error_answers import answer_errors
from vedette.api.outer_layers import HeadLikeGet, OneSlashForm, SafeHeaders
from vedette.api.schema_document import schema_bytes

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from vedette.api.services import ApiServices

_ROUTERS = (
    routes_server.router,
    routes_sign_in.router,
    routes_who.router,
    routes_members.router,
    routes_teams.router,
    routes_api_tokens.router,
    routes_projects.router,
    routes_keys.router,
    routes_project_options.router,
    routes_detectors.router,
    routes_rules_preview.router,
    routes_issues.router,
    routes_issue_changes.router,
    routes_issue_feed.router,
    routes_issue_events.router,
    routes_issue_events.own_router,
    routes_events.router,
    routes_attachments.router,
    routes_feedback.router,
    routes_series.router,
    routes_explore.router,
    routes_explore.own_router,
    routes_logs.router,
    routes_metrics.router,
    routes_tail.router,
    # Before the routes of one trace, whose paths would match these too.
    routes_trace_lists.router,
    routes_trace_lists.own_router,
    routes_services.router,
    routes_traces.router,
    routes_traces.columns_router,
    routes_attributes.router,
    routes_uploads.router,
    routes_release_files.router,
    routes_artifacts.router,
    routes_committers.router,
    routes_sessions.router,
    routes_environments.router,
    routes_releases.router,
    routes_release_parts.router,
    # Last: its paths take whatever is left.
    routes_release_details.router,
)


class ReadDoor:
    """The read door; close it when the server stops."""

    def __init__(self, services: "ApiServices") -> None:
        """Prepare the routes; threads start with the first request."""
        app = _make_app()
        self._door = Door(services)
        app.state.door = self._door
        self._layers = SafeHeaders(OneSlashForm(HeadLikeGet(app)))

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        await self._layers(scope, receive, send)

    def close(self) -> None:
        """Take no more questions; those that run are not waited for."""
        self._door.close()


def make_api(services: "ApiServices") -> ReadDoor:
    """Return the read door."""
    return ReadDoor(services)


def all_routes() -> list[APIRoute]:
    """Return every route of the read door."""
    return [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _make_app() -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    answer_errors(app)
    for router in _ROUTERS:
        app.include_router(router)
    # Made when it is first asked for: it takes longer than starting should.
    app.state.make_schema = functools.cache(lambda: schema_bytes(all_routes()))
    return app
