"""`vedette send-test`: send one of everything, and wait until each can be read back."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from vedette.app.ask_server import Answered, NoAnswer, get, post
from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import DataFolder
from vedette.app.server_file import read_note
from vedette.app.settings import Settings
from vedette.app.stores import open_metadata_store
from vedette.base.clock import SystemClock
from vedette.protocols.sentry_auth import DsnParts, read_dsn
from vedette.query.iso_time import iso_time

READABLE_WITHIN_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.1
_SPAN_CONTENT: Final = "application/vnd.sentry.items.span.v2+json"


@dataclass(frozen=True, slots=True)
class _Road:
    """Where to send, where to read, and the marks by which our own data is found again."""

    url: str
    token: str
    dsn: DsnParts
    trace_id: str
    event_id: str
    mark: str


def prove(settings: Settings, dsn_text: str | None) -> Iterator[str]:
    """Send an error, a trace, a log and a metric; yield a line as each becomes readable.

    Raises:
        Refused: Something could not be sent or read back; the text says what and why.
    """
    road = _find_road(settings, dsn_text)
    began_s = time.monotonic()
    _send(road)
    for name, look in _looks(road):
        _wait_until(look, name)
        yield f"{name}: sent and readable after {time.monotonic() - began_s:.2f} s"


def _find_road(settings: Settings, dsn_text: str | None) -> _Road:
    folder = DataFolder(Path(settings.data))
    note = read_note(folder.server_file)
    if note is None:
        raise Refused(f"no server is running on {folder.path}; start one with `vedette up`")
    dsn = read_dsn(dsn_text) if dsn_text else _first_dsn(settings, folder)
    if dsn is None:
        raise Refused(f"{dsn_text!r} is no DSN; expected http://<key>@<host>:<port>/<project id>")
    url = note.url
    if dsn_text:
        parts = urlsplit(dsn_text)
        url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    hexes = secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(8)
    return _Road(url, note.token, dsn, *hexes)


def _first_dsn(settings: Settings, folder: DataFolder) -> DsnParts:
    metadata = open_metadata_store(settings, folder)
    try:
        key = next(iter(metadata.active_keys()), None)
    finally:
        metadata.close()
    if key is None:
        raise Refused("no project has an active key; make one with `vedette project create`")
    return DsnParts(key.public_key, str(key.project_id))


def _send(road: _Road) -> None:
    answer = _must(
        lambda: post(
            f"{road.url}/api/{road.dsn.project_id}/envelope/",
            _envelope(road),
            {
                "x-sentry-auth": f"Sentry sentry_version=7, sentry_key={road.dsn.public_key}, "
                "sentry_client=vedette.send-test/1",
                "content-type": "application/x-sentry-envelope",
            },
        )
    )
    if answer.status != 200:  # noqa: PLR2004 - HTTP's word for yes
        raise Refused(
            f"{road.url} answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
        )


def _envelope(road: _Road) -> bytes:
    now_s = SystemClock().now_ns() / 1e9
    span_id = secrets.token_hex(8)
    event = {
        "event_id": road.event_id,
        "timestamp": now_s,
        "platform": "other",
        "level": "info",
        "message": f"vedette send-test {road.mark}",
        "contexts": {"trace": {"trace_id": road.trace_id, "span_id": span_id}},
    }
    span = {
        "trace_id": road.trace_id,
        "span_id": span_id,
        "name": "vedette send-test",
        "status": "ok",
        "is_segment": True,
        "start_timestamp": now_s - 0.1,
        "end_timestamp": now_s,
        "attributes": {"sentry.op": {"type": "string", "value": "test"}},
    }
    log = {
        "timestamp": now_s,
        "trace_id": road.trace_id,
        "span_id": span_id,
        "level": "info",
        "body": f"vedette send-test {road.mark}",
        "attributes": {},
    }
    metric = {
        "timestamp": now_s,
        "trace_id": road.trace_id,
        "name": f"vedette.send_test.{road.mark}",
        "type": "counter",
        "value": 1,
        "attributes": {},
    }
    items = [
        ({"type": "event"}, event),
        _container("span", _SPAN_CONTENT, span),
        _container("log", "application/vnd.sentry.items.log+json", log),
        _container("trace_metric", "application/vnd.sentry.items.trace-metric+json", metric),
    ]
    header = {"event_id": road.event_id, "sent_at": iso_time(int(now_s * 1e9))}
    lines = [header, *(part for item in items for part in item)]
    return b"\n".join(json.dumps(each).encode() for each in lines) + b"\n"


def _container(
    item_type: str, content_type: str, item: dict[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    header: dict[str, object] = {"type": item_type, "item_count": 1, "content_type": content_type}
    return header, {"version": 2, "items": [item]}


def _looks(road: _Road) -> list[tuple[str, Callable[[], bool]]]:
    base = f"{road.url}/api/0/organizations/default"

    def events(dataset: str, field: str, query: str) -> Callable[[], bool]:
        path = f"{base}/events/?dataset={dataset}&field={field}&statsPeriod=1h&query={quote(query)}"
        return lambda: _has_rows(path, road.token)

    return [
        ("error", events("errors", "id", f"id:{road.event_id}")),
        ("trace", lambda: _has_rows(f"{base}/trace/{road.trace_id}/", road.token)),
        ("log", events("logs", "message", f"trace:{road.trace_id}")),
        ("metric", events("tracemetrics", "metric.name", f"trace:{road.trace_id}")),
    ]


def _has_rows(url: str, token: str) -> bool:
    answer = _must(lambda: get(url, token=token))
    if answer.status not in (200, 404):
        raise Refused(
            f"{url} answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
        )
    found = answer.json()
    rows = found.get("data") if isinstance(found, dict) else found
    return isinstance(rows, list) and bool(rows)


def _wait_until(look: Callable[[], bool], name: str) -> None:
    deadline_s = time.monotonic() + READABLE_WITHIN_S
    while not look():
        if time.monotonic() > deadline_s:
            raise Refused(
                f"{name}: accepted, but not readable within {READABLE_WITHIN_S:.0f} s; "
                "see `vedette status`"
            )
        time.sleep(_LOOK_EVERY_S)


def _must(ask: Callable[[], Answered]) -> Answered:
    try:
        return ask()
    except NoAnswer as error:
        raise Refused(str(error)) from None
