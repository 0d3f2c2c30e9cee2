"""The OpenAPI document and the page that shows it."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

from tests.unit.api.read_server import ReadServer
from vedette.api.app import all_routes
from vedette.api.docs_page import docs_page
from vedette.api.schema_document import schema_bytes

KEPT = Path(__file__).parents[3] / "schema" / "openapi.json"


def test_the_kept_document_is_the_one_that_the_routes_make() -> None:
    # Write it anew with: python -m vedette.api.schema > schema/openapi.json
    assert KEPT.read_bytes() == schema_bytes(all_routes())


def test_the_document_is_open_to_all(server: ReadServer) -> None:
    answer = server.ask("/api/openapi.json")

    assert answer.content == KEPT.read_bytes()


def test_guarded_routes_name_their_scopes_and_open_ones_none() -> None:
    paths = json.loads(KEPT.read_bytes())["paths"]

    assert paths["/api/0/organizations/{organization}/events/"]["get"]["security"] == [
        {"token": ["event:read"]}
    ]
    assert "security" not in paths["/healthz"]["get"]


def test_every_path_stands_in_the_guide() -> None:
    guide = (KEPT.parents[1] / "docs" / "guide" / "api.md").read_text("utf-8")

    missing = [path for path in json.loads(KEPT.read_bytes())["paths"] if f"`{path}`" not in guide]

    assert missing == []


def test_the_page_shows_every_path_and_asks_no_other_host(server: ReadServer) -> None:
    answer = server.ask("/api/docs")

    assert answer.headers["content-type"].startswith("text/html")
    for path in json.loads(KEPT.read_bytes())["paths"]:
        assert path in answer.text
    assert "://" not in answer.text
    assert "<script" not in answer.text


def test_the_pages_policy_allows_its_own_style_alone() -> None:
    page = docs_page(b"{}")
    style = re.search(r"<style>(.*?)</style>", page.html, re.DOTALL)

    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy


def test_the_page_escapes_what_the_document_says() -> None:
    evil = {"paths": {"/<script>": {"get": {"description": "<img src=x>"}}}}

    page = docs_page(json.dumps(evil).encode())

    assert "<script>" not in page.html
    assert "<img" not in page.html
