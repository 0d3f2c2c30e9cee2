"""Fill a day of history in a minute: send a recording again for every quarter of an hour of a day.

`history.sh` first lets the platform send to the recorder here, then replays to the server. Every
repetition gets times and ids of its own; ids that were equal stay equal, so traces stay whole. Only
what Sentry SDKs sent is kept: envelopes are text, and text can be moved.
"""

import argparse
import base64
import calendar
import gzip
import json
import re
import secrets
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from control.settings import read_settings
from control.vedette import PLATFORMS, connect

DAY_SECONDS: Final = 86_400
STEP_SECONDS: Final = 900
BODY_BYTES_MAX: Final = 8 * 1024 * 1024
SEND_SECONDS_MAX: Final = 10.0
ITEM_KINDS: Final = frozenset({"event", "transaction", "span", "log", "trace_metric", "session"})
"""What is worth a history; replays and profiles would be most of the bytes."""
RECORDER_PORT: Final = 9790
_ID: Final = re.compile(rb'"([0-9a-f]{32}|[0-9a-f]{16})"')
_ISO: Final = re.compile(rb'"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)"')
_SECONDS: Final = re.compile(rb"(?<![0-9a-f.])(1[6-9]\d{8})(\.\d+)?(?![0-9a-f])")


class Recorder(BaseHTTPRequestHandler):
    """Keeps every envelope, one JSON line each: when it came, to which project, what it was."""

    protocol_version = "HTTP/1.1"
    file = Path("history.jsonl")

    def do_POST(self) -> None:
        """Keep one body and say thanks."""
        body = _read_body(self)
        line = {"at": time.time(), "project": urlsplit(self.path).path.split("/")[2], "body": _text(body)}
        with self.file.open("a") as out:
            out.write(json.dumps(line) + "\n")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Envelopes are not worth a line each."""


def replay(file: Path, dsn_of_project: dict[str, str], now: float) -> int:
    """Send a recording once for each quarter of an hour of the last day; return the envelopes sent."""
    recorded = [json.loads(line) for line in file.read_text().splitlines()]
    if not recorded:
        return 0
    began = min(line["at"] for line in recorded)
    sent = 0
    with httpx.Client(timeout=SEND_SECONDS_MAX) as client:
        for start in range(int(now) - DAY_SECONDS, int(now) - STEP_SECONDS, STEP_SECONDS):
            mask = secrets.token_bytes(16)
            for line in recorded:
                dsn = dsn_of_project.get(line["project"])
                body = base64.b64decode(line["body"])
                if dsn and (moved := move(body, seconds=start - began, mask=mask)):
                    _send(client, dsn, moved)
                    sent += 1
    return sent


def move(envelope: bytes, *, seconds: float, mask: bytes) -> bytes:
    """Return an envelope at another time and with other ids; ids that were equal stay equal."""
    header, _, rest = envelope.partition(b"\n")
    items = [
        json.dumps({**kind, "length": len(payload)}).encode() + b"\n" + payload
        for kind, payload in (
            (kind, _shift(payload, seconds, mask))
            for kind, payload in _items(rest)
            if kind.get("type") in ITEM_KINDS
        )
    ]
    if not items:
        return b""
    # The DSN and the moment of sending in the header are those of the recording.
    kept = {
        name: value for name, value in json.loads(header).items() if name not in {"dsn", "sent_at", "trace"}
    }
    return b"\n".join([_mask_ids(json.dumps(kept).encode(), mask), *items]) + b"\n"


def _shift(payload: bytes, seconds: float, mask: bytes) -> bytes:
    def iso(found: re.Match[bytes]) -> bytes:
        moment = time.strptime(found[1].decode(), "%Y-%m-%dT%H:%M:%S")
        moved = time.gmtime(_utc(moment) + round(seconds))
        return b'"' + time.strftime("%Y-%m-%dT%H:%M:%S", moved).encode() + (found[2] or b"") + b'Z"'

    def number(found: re.Match[bytes]) -> bytes:
        return str(int(found[1]) + round(seconds)).encode() + (found[2] or b"")

    return _mask_ids(_SECONDS.sub(number, _ISO.sub(iso, payload)), mask)


def _utc(moment: time.struct_time) -> int:
    return calendar.timegm(moment)


def _mask_ids(text: bytes, mask: bytes) -> bytes:
    def masked(found: re.Match[bytes]) -> bytes:
        raw = bytes.fromhex(found[1].decode())
        return b'"' + bytes(one ^ other for one, other in zip(raw, mask, strict=False)).hex().encode() + b'"'

    return _ID.sub(masked, text)


def _items(rest: bytes) -> Iterator[tuple[dict[str, object], bytes]]:
    while rest.strip():
        line, _, rest = rest.lstrip(b"\n").partition(b"\n")
        kind = json.loads(line)
        length = kind.get("length")
        if isinstance(length, int):
            payload, rest = rest[:length], rest[length:]
        else:
            payload, _, rest = rest.partition(b"\n")
        yield kind, payload


def _send(client: httpx.Client, dsn: str, body: bytes) -> None:
    parts = urlsplit(dsn)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}/api{parts.path}/envelope/"
    headers = {
        "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_client=history/1.0, sentry_key={parts.username}",
        "Content-Type": "application/x-sentry-envelope",
        "Content-Encoding": "gzip",
    }
    answer = client.post(address, content=gzip.compress(body, compresslevel=1), headers=headers)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        time.sleep(float(answer.headers.get("Retry-After", 1)))  # the server's own word
        answer = client.post(address, content=gzip.compress(body, compresslevel=1), headers=headers)
    answer.raise_for_status()


def _read_body(request: BaseHTTPRequestHandler) -> bytes:
    if request.headers.get("Transfer-Encoding", "").lower() == "chunked":
        chunks = []
        while size := int(request.rfile.readline().split(b";")[0], 16):
            chunks.append(request.rfile.read(min(size, BODY_BYTES_MAX)))
            request.rfile.readline()
        request.rfile.readline()
        body = b"".join(chunks)
    else:
        body = request.rfile.read(min(int(request.headers.get("Content-Length") or 0), BODY_BYTES_MAX))
    return gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body


def _text(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _dsn_by_number() -> dict[str, str]:
    """Return the services' DSNs at the server, by the number under which history.sh recorded them."""
    settings = read_settings()
    connect(settings)
    return {
        str(number): settings[f"SENTRY_DSN_{service.upper().replace('-', '_')}"]
        for number, service in enumerate(PLATFORMS, start=1)
        if service != "notification-service"
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="history", description=__doc__)
    parser.add_argument("command", choices=("record", "replay"))
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--dsn", action="append", default=[], help="DSN, or NUMBER=DSN for one recorded project"
    )
    given = parser.parse_args()
    if given.command == "record":
        Recorder.file = given.file
        print(f"recording on http://127.0.0.1:{RECORDER_PORT}; Ctrl-C ends", file=sys.stderr)
        ThreadingHTTPServer(("127.0.0.1", RECORDER_PORT), Recorder).serve_forever()
    began = time.monotonic()
    sent = replay(given.file, _dsn_by_number(), time.time())
    print(f"{sent} envelopes in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
