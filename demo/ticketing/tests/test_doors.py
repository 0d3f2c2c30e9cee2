"""Who may see what; forms from elsewhere; roles of the databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest

from ticketing.platform.seed import ADMIN_EMAIL, GATE_EMAIL

if TYPE_CHECKING:
    from ticketing.platform.layout import Layout
    from ticketing.scenario_visitor import Visitor

pytestmark = pytest.mark.platform
ADMIN_PATHS = [
    "/admin",
    "/admin/traces",
    f"/admin/traces/{'a' * 32}",
    "/admin/orders",
    "/admin/faults",
]


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_strangers_are_sent_to_the_sign_in_form(layout: Layout, path: str) -> None:
    answer = httpx.get(layout.url("pass-lounge") + path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?then=/admin")


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_people_of_the_gate_are_not_admins(layout: Layout, path: str) -> None:
    with httpx.Client(base_url=layout.url("pass-lounge"), timeout=20) as client:
        form = {"email": GATE_EMAIL, "password": layout.secrets.gate_password}
        client.post("/sign-in", data=form)

        assert client.get(path).status_code == 403


def test_a_session_ends_when_its_owner_signs_out(layout: Layout) -> None:
    with httpx.Client(base_url=layout.url("pass-lounge"), timeout=20) as client:
        form = {"email": ADMIN_EMAIL, "password": layout.secrets.admin_password}
        client.post("/sign-in", data=form)
        token = client.cookies["lounge_session"]
        assert client.get("/admin/orders").status_code == 200

        client.post("/sign-out")
        client.cookies.set("lounge_session", token)

        assert client.get("/admin/orders").status_code == 303


def test_after_five_wrong_passwords_nobody_may_try(layout: Layout) -> None:
    url = layout.url("pass-lounge") + "/sign-in"
    form = {"email": "guess@example.org", "password": "wrong"}

    statuses = [httpx.post(url, data=form, timeout=20).status_code for _ in range(6)]

    assert statuses == [401] * 5 + [429]


@pytest.mark.parametrize(
    "then", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(layout: Layout, then: str) -> None:
    form = {"email": ADMIN_EMAIL, "password": layout.secrets.admin_password, "then": then}

    answer = httpx.post(layout.url("pass-lounge") + "/sign-in", data=form, timeout=20)

    assert answer.headers["location"] == "/admin/traces"


def test_a_form_of_another_site_is_refused(layout: Layout, visitor: Visitor) -> None:
    answer = httpx.post(
        layout.url("pass-lounge") + "/admin/faults",
        data={"name": "printer-jam"},
        headers={"origin": "https://example.org"},
        cookies=dict(visitor._signed_in().cookies),
    )

    assert answer.status_code == 403


def test_every_answer_has_its_safety_headers(layout: Layout) -> None:
    for site in ("pass-lounge", "gate-scanner", "nights"):
        headers = httpx.get(layout.url(site) + "/nothing-here").headers

        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/?page=0", "/?page=-1", "/?page=999999", "/?page=x", "/?page=²"])
def test_any_page_number_shows_a_page(layout: Layout, path: str) -> None:
    assert httpx.get(layout.url("pass-lounge") + path).status_code == 200


@pytest.mark.parametrize(
    "query", ["service=x%00y", "search=%25", "search='%3B--", "status=x&duration=y", "search=%F0"]
)
def test_any_filter_shows_a_list(visitor: Visitor, query: str) -> None:
    assert visitor.admin_get(f"/admin/traces?{query}").status_code == 200


def test_a_trace_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert visitor.admin_get(f"/admin/traces/{'a' * 32}").status_code == 404
    assert visitor.admin_get("/admin/traces/nonsense").status_code == 404


FORBIDDEN = {
    ("shop", "ticketing_gate", "gate"): [
        "SELECT * FROM orders",
        "UPDATE events SET tickets_left = 0",
    ],
    ("shop", "ticketing_lounge", "lounge"): ["SELECT * FROM gate_tickets", "DROP TABLE orders"],
    ("journal", "ticketing_trace_writer", "trace_writer"): ["SELECT * FROM traces"],
    ("journal", "ticketing_trace_reader", "trace_reader"): [
        "DELETE FROM traces",
        "INSERT INTO scan_logs (scan_id) VALUES (gen_random_uuid())",
        "SELECT * FROM maintain_traces(1)",
    ],
    ("journal", "ticketing_keeper", "keeper"): ["SELECT * FROM traces", "DROP TABLE traces"],
    ("journal", "ticketing_scan_writer", "scan_writer"): [
        "SELECT * FROM scan_logs",
        "SELECT * FROM traces",
    ],
}


@pytest.mark.parametrize(
    ("place", "statements"), FORBIDDEN.items(), ids=[role for _server, role, _secret in FORBIDDEN]
)
def test_a_role_cannot_do_what_its_site_does_not(
    layout: Layout, place: tuple[str, str, str], statements: list[str]
) -> None:
    server_name, role, secret = place
    server = layout.shop if server_name == "shop" else layout.journal
    url = server.url("postgres", role, getattr(layout.secrets, secret))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
