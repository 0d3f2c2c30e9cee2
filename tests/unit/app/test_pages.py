"""The built pages are served whole, pressed, and never in place of an answer of the doors."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from vedette.app.pages import Pages, is_page_address
from vedette.base.ids import RandomIds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "pages"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text('<html><meta nonce="{{nonce}}"></html>')
    (built / "assets" / "main-1a2b.js").write_text("plain")
    (built / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"plain", mtime=0))
    (built / "assets" / "main-1a2b.js.br").write_bytes(b"brotli")
    (built / "mark.svg").write_text("<svg/>")
    (built / ".key").write_text("not for the browser")
    (tmp_path / "secret.js").write_text("secret")
    return built


def ask(pages: Pages, path: str, method: str = "GET", encoding: str = "") -> dict[str, Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    headers = [(b"accept-encoding", encoding.encode())]
    scope: dict[str, object] = {"path": path, "method": method, "headers": headers}
    asyncio.run(pages(scope, receive, send))
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return {"status": sent[0]["status"], "body": sent[1]["body"], **fields}


def test_every_address_of_a_view_gets_the_page_with_a_fresh_nonce(folder: Path) -> None:
    pages = Pages(RandomIds(), folder)

    answers = [ask(pages, path) for path in ("/", "/traces/ab", "/issues/1?x=2")]

    policies = {answer["content-security-policy"] for answer in answers}
    assert len(policies) == 3
    for answer in answers:
        nonce = answer["body"].decode().split('"')[1]
        assert f"'nonce-{nonce}'" in answer["content-security-policy"]
        assert "script-src 'self';" in answer["content-security-policy"]
        assert answer["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip;q=1.0", "gzip", gzip.compress(b"plain", mtime=0)),
        ("", None, b"plain"),
    ],
)
def test_assets_come_in_the_best_form_that_is_accepted(
    folder: Path, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = ask(Pages(RandomIds(), folder), "/assets/main-1a2b.js", encoding=accepted)

    assert answer.get("content-encoding") == encoding
    assert answer["vary"] == "accept-encoding"
    assert "immutable" in answer["cache-control"]
    if encoding == "gzip":
        assert gzip.decompress(answer["body"]) == b"plain"
    else:
        assert answer["body"] == body


@pytest.mark.parametrize(
    "path", ["/assets/gone-1.js", "/assets/../index.html", "/assets/../../secret.js"]
)
def test_a_file_that_is_not_there_is_not_the_page(folder: Path, path: str) -> None:
    answer = ask(Pages(RandomIds(), folder), path)

    assert answer["status"] == 404
    assert b"secret" not in answer["body"]


@pytest.mark.parametrize("path", ["/../secret.js", "/.key", "/index.html", "//etc/passwd"])
def test_nothing_outside_of_the_pages_is_served(folder: Path, path: str) -> None:
    answer = ask(Pages(RandomIds(), folder), path)

    assert answer["content-type"].startswith("text/html")
    assert b"nonce" in answer["body"]


def test_head_has_the_length_and_no_body(folder: Path) -> None:
    answer = ask(Pages(RandomIds(), folder), "/mark.svg", method="HEAD")

    assert (answer["content-length"], answer["body"]) == ("6", b"")


def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    answer = ask(Pages(RandomIds(), tmp_path / "none"), "/")

    assert answer["status"] == 503
    assert b"make build" in answer["body"]


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        ("/", True),
        ("/traces", True),
        ("/apis", True),
        ("/api", False),
        ("/api/0/", False),
        ("/auth/login/x", False),
        ("/v1/traces", False),
        ("/healthz", False),
        ("/metrics", False),
    ],
)
def test_addresses_of_the_doors_are_never_pages(path: str, is_page: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_page_address(path) is is_page
