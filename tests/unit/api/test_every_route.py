"""What holds for every route, found by looking at the routes themselves."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from tests.unit.api.read_server import ReadServer
from vedette.api.app import all_routes
from vedette.api.policy import ALL_SCOPES, scopes_of_role, scopes_of_token
from vedette.api.schema_document import schema_bytes, scopes_of_route
from vedette.model.person import Role

ROUTES = all_routes()
OPERATIONS = [(method, route) for route in ROUTES for method in sorted(route.methods or ())]
OPEN = {
    "/healthz",
    "/readyz",
    "/api/openapi.json",
    "/api/docs",
    "/api/0/",
    "/auth/login",
    "/auth/login/{secret}",
}
"""Answered to nobody in particular; all else asks who it is."""

OURS = {
    "organization": "default",
    "project": "web",
    "team": "default",
    "key_id": "ab" * 16,
    "file_id": "1",
    "key": "span.op",
    "event_id": "1" * 32,
    "attachment_id": "1" * 32,
    "issue_id": "1",
    "short_id": "WEB-1",
    "comment_id": "3",
    "kind": "slow_query",
    "trace_id": "1" * 32,
    "span_id": "1" * 16,
    "member_id": "1",
    "version": "web@1.0",
    "environment": "production",
    "filter_id": "localhost",
    "service": "shop",
    "log_id": "1" * 32,
}
UNKNOWN = {
    "organization": ["others-still", "99", "0", "-1"],
    "project": ["theirs", "2", "99", "*", "web%00"],
    "team": ["others", "99"],
    "key_id": ["cd" * 16, "99", "x"],
    "file_id": ["99", "0", "-1", "x", "9" * 40],
    # A service is whatever calls itself so: one that is unknown has no figures.
    "service": [],
    "issue_id": ["2", "99", "0", "-1", "x", "THEIRS-1", "WEB-99", "WEB-", "9" * 30],
    "kind": ["no_such_fault", "enabled", "0"],
    "comment_id": ["1", "99", "x", "9" * 30],
    "short_id": ["THEIRS-1", "WEB-99", "WEB-", "web", "2"],
    "event_id": ["f" * 32, "f", "latest", "0" * 32],
    "log_id": ["f" * 32, "f", "0" * 32],
    "attachment_id": ["f" * 32, "1", "x"],
    "trace_id": ["f" * 32, "f", "0" * 32],
    "filter_id": ["x", "filters:localhost", "1"],
    "span_id": ["f" * 16, "f" * 32, "0" * 16],
    "member_id": ["99", "0", "-1", "x", "9" * 40],
    "version": ["theirs@1.0", "none", "0", "web@1.0%00", "9" * 300],
    "environment": ["theirs-only", "0", "production%00", "9" * 300],
}
NO_ID = {"key", "secret"}
"""Parameters that are no ids: a name that nothing has is a question with no answer."""
NOT_HERE = {"event_id", "attachment_id", "trace_id", "span_id", "file_id", "log_id"}
"""Of things that the read door of these tests has none of."""
MADE_BY_NAME = {"version": ("/files/", "/assemble/")}
"""What is made by naming it, where a POST ends so: a release by the files that are sent for it."""
EVENT_STREAMS = {"/api/v1/tail"}
"""Answers that are no JSON, unless something is wrong."""
HOSTILE = [
    "'; DROP TABLE spans; --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{organization:String}",
    "\x00",
    "\r\nSet-Cookie: a=b",
    "9" * 400,
    "-1",
    "1e400",
    "٣",
    'a:[("*\\',
    "count(",
    "🎉" * 200,
    "a" * 20_000,
]


def address(route: APIRoute | str, **values: str) -> str:
    path = route if isinstance(route, str) else route.path_format
    return re.sub(r"\{(\w+)\}", lambda found: (OURS | values)[found[1]], path)


def named(operation: tuple[str, APIRoute]) -> str:
    return f"{operation[0]} {operation[1].path_format}"


guarded = pytest.mark.parametrize(
    ("method", "route"),
    [pytest.param(*one, id=named(one)) for one in OPERATIONS if one[1].path not in OPEN],
)


@guarded
def test_nobody_is_told_to_show_who_they_are(
    shared: ReadServer, method: str, route: APIRoute
) -> None:
    answer = shared.ask(address(route), method=method)

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}
    assert shared.telemetry.asked == []


@guarded
@pytest.mark.parametrize("secret", ["wrong", "x" * 5_000, "sntryu_" + "0" * 64])
def test_an_unknown_token_is_nobody(
    shared: ReadServer, method: str, route: APIRoute, secret: str
) -> None:
    answer = shared.ask(
        address(route), method=method, headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 401


def test_every_id_in_a_path_has_samples_here() -> None:
    for method, route in OPERATIONS:
        for name in re.findall(r"\{(\w+)\}", route.path_format):
            assert name in NO_ID or (name in OURS and name in UNKNOWN), (
                f"{method} {route.path_format} has {{{name}}}: give OURS one that is there, and"
                " UNKNOWN some that are another organization's, another project's, or nobody's"
            )


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, id=route.path_format)
        for method, route in OPERATIONS
        if method == "GET"
        and route.path_format not in OPEN
        and not NOT_HERE & set(re.findall(r"\{(\w+)\}", route.path_format))
    ],
)
def test_what_is_ours_is_found(shared: ReadServer, route: APIRoute) -> None:
    assert shared.get(address(route)).status_code != 404


@pytest.mark.parametrize(
    ("method", "route", "name", "value"),
    [
        pytest.param(*one, name, value, id=f"{named(one)} {name}={value}")
        for one in OPERATIONS
        for name in re.findall(r"\{(\w+)\}", one[1].path_format)
        if not (one[0] == "POST" and one[1].path.endswith(MADE_BY_NAME.get(name, ("-",))))
        for value in UNKNOWN.get(name, ())
    ],
)
def test_whatever_is_unknown_or_anothers_is_not_found(
    shared: ReadServer, method: str, route: APIRoute, name: str, value: str
) -> None:
    answer = shared.ask(
        address(route, **{name: value}),
        method=method,
        headers=shared.token(),
        json={"isActive": False, "name": "x", "text": "x"},
    )

    assert answer.status_code == 404
    assert answer.json() == {"detail": "The requested resource does not exist"}
    assert all(key.is_active for key in shared.metadata.active_keys())


@guarded
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_exactly_what_its_scopes_open(
    server: ReadServer, method: str, route: APIRoute, role: Role
) -> None:
    may = set(scopes_of_route(route) or ()) <= scopes_of_role(role)
    by_token = server.ask(address(route), method=method, headers=server.token(role))
    headers = server.session(role) | {"Origin": server.state.url}
    by_session = server.ask(address(route), method=method, headers=headers)

    assert (by_token.status_code == 403) is not may
    assert (by_session.status_code == 403) is not may


@guarded
def test_a_token_opens_exactly_what_it_was_made_for(
    server: ReadServer, method: str, route: APIRoute
) -> None:
    needed = set(scopes_of_route(route) or ())
    others = frozenset(
        scope
        for scope in ALL_SCOPES
        if not needed & scopes_of_token(Role.OWNER, frozenset({scope}))
    )

    for scopes, may in ((frozenset(needed), True), (others, not needed), (frozenset(), not needed)):
        answer = server.ask(address(route), method=method, headers=server.token(Role.OWNER, scopes))

        assert (answer.status_code == 403) is not may


@guarded
def test_a_write_in_the_name_of_a_session_must_come_from_our_own_pages(
    shared: ReadServer, method: str, route: APIRoute
) -> None:
    is_write = method not in {"GET", "HEAD"}
    for origin in ({}, {"Origin": "https://evil.test"}, {"Origin": "null"}):
        answer = shared.ask(address(route), method=method, headers=shared.session() | origin)

        assert (answer.status_code == 403) is is_write


PARAMETERS = {
    path: [parameter["name"] for parameter in methods["get"].get("parameters", ())]
    for path, methods in json.loads(schema_bytes(ROUTES))["paths"].items()
    if "get" in methods and path not in OPEN
}


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        pytest.param(path, parameter, id=f"{path} {parameter}")
        for path, parameters in PARAMETERS.items()
        for parameter in parameters
    ],
)
def test_no_text_in_any_parameter_breaks_a_route(
    shared: ReadServer, path: str, parameter: str
) -> None:
    rest = "" if parameter == "field" else f"&field={'sum(quantity)' if 'stats' in path else 'id'}"
    for text in HOSTILE:
        if f"{{{parameter}}}" in path:
            asked = address(path, **{parameter: quote(text[:2_000], safe="")})
        else:
            asked = f"{address(path)}?{parameter}={quote(text)}{rest}&itemType=spans"
        answer = shared.ask(asked, headers=shared.token())

        assert answer.status_code in {200, 400, 404}, (text, answer.text)
        assert "set-cookie" not in answer.headers
        is_stream = path in EVENT_STREAMS and answer.status_code == 200
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind == ("text/event-stream" if is_stream else "application/json")


@pytest.mark.parametrize(
    ("method", "route"), [pytest.param(*one, id=named(one)) for one in OPERATIONS]
)
def test_every_answer_keeps_browsers_careful(
    shared: ReadServer, method: str, route: APIRoute
) -> None:
    path = address(route, secret="x")

    answer = shared.ask(path, method=method, headers={"Origin": "https://evil.test"})

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("method", "route"), [pytest.param(*one, id=named(one)) for one in OPERATIONS]
)
def test_a_last_slash_changes_nothing_and_never_redirects(
    server: ReadServer,
    another_server: Callable[[], ReadServer],
    method: str,
    route: APIRoute,
) -> None:
    path = address(route, secret="x").rstrip("/")
    headers = server.token()

    with_slash = server.ask(f"{path}/", method=method, headers=headers)
    if method not in {"GET", "HEAD"}:
        server = another_server()  # what was done once may not be there to be done again
        headers = server.token()
    without_slash = server.ask(path, method=method, headers=headers)

    assert with_slash.status_code == without_slash.status_code
    assert with_slash.status_code // 100 != 3


def test_every_route_that_is_not_open_asks_for_somebody() -> None:
    assert {route.path for route in ROUTES if scopes_of_route(route) is None} == OPEN


def test_head_is_answered_like_get_without_a_body(shared: ReadServer) -> None:
    answer = shared.ask("/healthz", method="HEAD")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "14"


def test_another_method_is_not_allowed(shared: ReadServer) -> None:
    answer = shared.ask("/api/0/organizations/", method="PATCH", headers=shared.token())

    assert answer.status_code == 405
    assert answer.json() == {"detail": 'Method "PATCH" not allowed.'}


def test_an_unknown_path_is_not_found(shared: ReadServer) -> None:
    answer = shared.get("/api/0/nothing/here")

    assert answer.status_code == 404
    assert answer.json() == {"detail": "The requested resource does not exist"}
