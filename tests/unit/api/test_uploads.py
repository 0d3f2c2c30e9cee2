"""Uploads through the door: chunks, assembling, files of a release, lists."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence

import httpx
import pytest

from tests.unit.api.read_server import ReadServer
from tests.unit.storage.uploads.bundles import DEBUG_ID, MINIFIED, shop_bundle, source_map
from vedette.api.policy import Scope
from vedette.model.json_value import JsonValue
from vedette.model.person import Role
from vedette.storage.uploads.limits import (
    CHUNK_BYTES_MAX,
    CHUNKS_PER_REQUEST_MAX,
    REQUEST_BYTES_MAX,
)

ORG = "/api/0/organizations/default"
CHUNKS = f"{ORG}/chunk-upload/"
ASSEMBLE = f"{ORG}/artifactbundle/assemble/"
BUNDLES = "/api/0/projects/default/web/files/artifact-bundles/"
DIFS = "/api/0/projects/default/web/files/difs/assemble/"
DSYMS = "/api/0/projects/default/web/files/dsyms/"
FILES = "/api/0/projects/default/web/releases/shop@1/files/"
ORG_FILES = f"{ORG}/releases/shop@1/files/"

Part = tuple[str, tuple[str, bytes]]


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def send(
    server: ReadServer,
    path: str,
    parts: Sequence[Part],
    fields: Mapping[str, str | list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a form."""
    request = httpx.Request("POST", "http://x/", files=list(parts), data=dict(fields or {}))
    body = request.read()
    kind = {"Content-Type": request.headers["content-type"]}
    known = headers or server.token(Role.MEMBER, frozenset({Scope.ORG_CI}))
    return server.ask(path, method="POST", headers={**known, **kind}, content=body)


def send_chunks(server: ReadServer, *chunks: bytes) -> None:
    parts = [("file", (sha1(chunk), chunk)) for chunk in chunks]
    assert send(server, CHUNKS, parts).status_code == 200


def post(server: ReadServer, path: str, body: object) -> httpx.Response:
    return server.ask(path, method="POST", headers=server.token(), json=body)


def assembled(server: ReadServer, data: bytes, **more: JsonValue) -> JsonValue:
    """Upload a bundle in two chunks and assemble it."""
    chunks = [data[:200], data[200:]]
    send_chunks(server, *chunks)
    body = {"checksum": sha1(data), "chunks": [sha1(each) for each in chunks], "projects": ["web"]}
    answer = post(server, ASSEMBLE, body | more)
    assert answer.status_code == 200, answer.text
    result: JsonValue = answer.json()
    return result


def test_clients_are_told_how_to_cut_files(server: ReadServer) -> None:
    options = server.get(CHUNKS).json()

    assert options["url"] == f"http://vedette.test{CHUNKS}"
    assert options["chunkSize"] & (options["chunkSize"] - 1) == 0
    assert options["chunksPerRequest"] * options["chunkSize"] < options["maxRequestSize"]
    assert {"artifact_bundles_v2", "release_files", "debug_files"} <= set(options["accept"])


@pytest.mark.parametrize(
    ("client", "is_relative"),
    [
        ("sentry-cli/3.8.0", True),
        ("sentry-cli/2.22.3 linux", True),
        ("sentry-cli/1.69.0", False),
        ("sentry-cli/0.45.0", False),
    ],
)
def test_who_joins_addresses_gets_one_that_is_right_behind_any_proxy(
    server: ReadServer,
    client: str,
    is_relative: bool,  # noqa: FBT001 - a case of a table
) -> None:
    options = server.ask(CHUNKS, headers=server.token() | {"User-Agent": client}).json()

    expected = "organizations/default/chunk-upload/"
    assert options["url"] == (expected if is_relative else f"http://vedette.test/api/0/{expected}")


def test_a_bundle_is_there_once_its_chunks_are(server: ReadServer) -> None:
    data = shop_bundle(note="first")
    body = {
        "checksum": sha1(data),
        "chunks": [sha1(data[:200]), sha1(data[200:])],
        "projects": ["web"],
        "version": "shop@1",
        "dist": "ios",
    }

    before = post(server, ASSEMBLE, body).json()
    send_chunks(server, data[:200])
    half = post(server, ASSEMBLE, body).json()
    send_chunks(server, data[200:])
    after = post(server, ASSEMBLE, body).json()

    assert (before["state"], len(before["missingChunks"])) == ("not_found", 2)
    assert half["missingChunks"] == [sha1(data[200:])]
    assert after == {"state": "ok", "missingChunks": [], "detail": None}
    assert post(server, ASSEMBLE, body).json()["state"] == "ok"
    [bundle] = server.get(BUNDLES).json()
    assert bundle["associations"] == [{"release": "shop@1", "dist": "ios"}]
    assert bundle["fileCount"] == 2
    assert server.metadata.release(server.organization.organization_id, "shop@1") is not None


def test_chunks_may_come_packed(server: ReadServer) -> None:
    data = b"the same again " * 5_000
    part = ("file_gzip", (sha1(data), gzip.compress(data)))

    assert send(server, CHUNKS, [part]).status_code == 200
    assert server.metadata.chunks(server.organization.organization_id, [sha1(data)])


@pytest.mark.parametrize(
    ("part", "detail"),
    [
        pytest.param(
            ("file", ("../../etc/passwd", b"x")), "must be its SHA-1", id="a name that is none"
        ),
        pytest.param(("file", (sha1(b"y"), b"x")), "does not have the SHA-1", id="another content"),
        pytest.param(
            ("file_gzip", (sha1(b"x"), b"x")), "cannot be unpacked", id="not packed after all"
        ),
        pytest.param(
            ("file_gzip", (sha1(b"x"), gzip.compress(bytes(CHUNK_BYTES_MAX * 50)))),
            "cannot be unpacked",
            id="a bomb",
        ),
        pytest.param(
            ("file", (sha1(b"x"), bytes(CHUNK_BYTES_MAX + 1))), "larger than", id="too large"
        ),
    ],
)
def test_a_wrong_chunk_is_refused(server: ReadServer, part: Part, detail: str) -> None:
    answer = send(server, CHUNKS, [part])

    assert answer.status_code == 400
    assert detail in answer.json()["detail"]


def test_a_request_has_bounds(server: ReadServer) -> None:
    many = [("file", (sha1(b"x"), b"x"))] * (CHUNKS_PER_REQUEST_MAX + 1)
    large = [("file", (sha1(b"x"), bytes(CHUNK_BYTES_MAX)))] * CHUNKS_PER_REQUEST_MAX
    extra = {"more": "x" * (REQUEST_BYTES_MAX - CHUNK_BYTES_MAX * CHUNKS_PER_REQUEST_MAX)}

    assert send(server, CHUNKS, many).status_code == 400
    assert send(server, CHUNKS, large, extra).status_code == 413
    assert send(server, CHUNKS, [], {"more": "x" * 100_000}).status_code == 400
    assert post(server, CHUNKS, {}).status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"checksum": "x"}, 400),
        ({"chunks": []}, 400),
        ({"chunks": ["../x"]}, 400),
        ({"chunks": ["0" * 40] * 5_000}, 400),
        ({"chunks": 3}, 400),
        ({"projects": []}, 400),
        ({"projects": ["theirs"]}, 404),
        ({"projects": ["web", 2]}, 404),
        ({"version": "a\nb"}, 400),
        ({"dist": "x" * 100}, 400),
    ],
)
def test_assembling_wants_a_body_that_makes_sense(
    server: ReadServer, change: dict[str, object], status: int
) -> None:
    body = {"checksum": "0" * 40, "chunks": ["0" * 40], "projects": ["web"]}

    answer = post(server, ASSEMBLE, body | change)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_a_broken_bundle_is_an_error_with_its_reason(server: ReadServer) -> None:
    result = assembled(server, b"<html>" * 100)

    assert result == {
        "state": "error",
        "missingChunks": [],
        "detail": "The bundle is not a zip archive.",
    }


def test_chunks_of_another_organization_are_missing_here(server: ReadServer) -> None:
    data = shop_bundle(note="secret")
    send_chunks(server, data)
    body = {"checksum": sha1(data), "chunks": [sha1(data)], "projects": ["theirs"]}

    answer = post(server, "/api/0/organizations/others/artifactbundle/assemble/", body)

    assert answer.json()["state"] == "not_found"


def test_the_older_way_counts_in_the_projects_of_the_release(server: ReadServer) -> None:
    data = shop_bundle(note="older", debug_id="")
    send_chunks(server, data)
    body = {"checksum": sha1(data), "chunks": [sha1(data)]}

    answer = post(server, f"{ORG}/releases/shop@older/assemble/", body)

    assert answer.json()["state"] == "ok"
    own = server.project.project_id
    assert server.metadata.files_by_url(own, "shop@older", "", ["~/app.js"])


def test_debug_files_are_kept_and_listed(server: ReadServer) -> None:
    data = b"\x7fELF" + bytes(500)
    send_chunks(server, data)
    body = {
        sha1(data): {"name": "libshop.so", "debug_id": DEBUG_ID, "chunks": [sha1(data)]},
        "0" * 40: {"name": "gone.so", "chunks": ["1" * 40]},
    }

    answer = post(server, DIFS, body).json()

    assert answer["0" * 40]["missingChunks"] == ["1" * 40]
    assert answer["0" * 40]["dif"] is None
    dif = answer[sha1(data)]["dif"]
    assert (dif["debugId"], dif["symbolType"]) == (DEBUG_ID, "elf")
    assert server.get(DSYMS).json() == [dif]
    gone = f"{DSYMS}?id={dif['id']}"
    assert server.ask(gone, method="DELETE", headers=server.token()).status_code == 204
    assert server.ask(gone, method="DELETE", headers=server.token()).status_code == 404
    assert server.get(DSYMS).json() == []


def test_a_bundle_can_be_let_go(server: ReadServer) -> None:
    assembled(server, shop_bundle(note="to go"), version="shop@go")
    [bundle, *_] = server.get(BUNDLES).json()
    gone = f"{BUNDLES}?bundleId={bundle['bundleId']}"
    foreign = f"/api/0/projects/others/theirs/files/artifact-bundles/?bundleId={bundle['bundleId']}"

    assert server.ask(foreign, method="DELETE", headers=server.token()).status_code == 404
    assert server.ask(gone, method="DELETE", headers=server.token()).status_code == 204

    assert bundle["bundleId"] not in {each["bundleId"] for each in server.get(BUNDLES).json()}


def test_files_of_a_release_come_and_go(server: ReadServer) -> None:
    headers = ["Sourcemap: app.js.map", "X: y"]
    fields: dict[str, str | list[str]] = {"name": "~/app.js", "dist": "ios", "header": headers}
    made = send(server, FILES, [("file", ("app.js", MINIFIED))], fields)
    assert made.status_code == 201, made.text
    again = send(server, FILES, [("file", ("app.js", MINIFIED))], fields)
    other = send(server, ORG_FILES, [("file", ("app.js.map", source_map()))])

    listed = server.get(FILES).json()

    assert (again.status_code, other.status_code) == (409, 201)
    assert [each["name"] for each in listed] == ["app.js.map", "~/app.js"]
    shown = made.json()
    assert listed[1] == shown
    assert shown["headers"] == {"Sourcemap": "app.js.map"}
    assert (shown["dist"], shown["size"], shown["sha1"]) == ("ios", len(MINIFIED), sha1(MINIFIED))
    assert server.get(f"{FILES}?query=.map").json() == [listed[0]]
    assert server.get(f"{FILES}?checksum={sha1(MINIFIED)}").json() == [shown]
    one = f"{FILES}{shown['id']}/"
    assert server.get(one).json() == server.get(f"{ORG_FILES}{shown['id']}/").json() == shown
    assert server.ask(f"{one}?download=1", headers=server.token()).content == MINIFIED
    assert server.ask(one, method="DELETE", headers=server.token()).status_code == 204
    assert server.get(one).status_code == 404
    assert len(server.get(ORG_FILES).json()) == 1


def test_an_unknown_release_has_no_list_of_files(server: ReadServer) -> None:
    assert server.get(f"{ORG}/releases/unknown/files/").status_code == 404


@pytest.mark.parametrize(
    ("parts", "fields", "status"),
    [
        ([], {"name": "~/a.js"}, 400),
        ([("file", ("a.js", b"1"))], {"name": "x" * 2_000}, 400),
        ([("file", ("a.js", b"1"))], {"name": "a\nb"}, 400),
        ([("file", ("a.js", b"1"))], {"dist": "x" * 100}, 400),
        ([("file", ("a.js", b"1"))], {"header": "none"}, 400),
        ([("file", ("a.js", b"1")), ("file", ("b.js", b"1"))], {}, 400),
    ],
)
def test_a_file_without_sense_is_refused(
    server: ReadServer, parts: list[Part], fields: dict[str, str], status: int
) -> None:
    answer = send(server, FILES, parts or [("other", ("x", b"x"))], fields)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_lists_have_pages(server: ReadServer) -> None:
    for number in range(3):
        send(server, FILES, [("file", (f"page{number}.js", b"%d" % number))])

    answer = server.get(f"{FILES}?query=page&per_page=2")

    assert [each["name"] for each in answer.json()] == ["page0.js", "page1.js"]
    assert 'rel="next"; results="true"' in answer.headers["link"]
