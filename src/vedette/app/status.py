"""`vedette status`: ask the running server, or say that there is none."""

from pathlib import Path

from vedette.app.ask_server import NoAnswer, get
from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import DataFolder
from vedette.app.folder_lock import holder_of
from vedette.app.server_file import read_note
from vedette.app.settings import Settings
from vedette.model.json_value import JsonObject


def read_status(settings: Settings) -> JsonObject:
    """Return what the running server says of itself.

    Raises:
        Refused: There is none, or it does not answer.
    """
    folder = DataFolder(Path(settings.data))
    note = read_note(folder.server_file)
    if note is None:
        holder = holder_of(folder.path) if folder.path.is_dir() else None
        if holder is None:
            raise Refused(f"no server is running on {folder.path}; start one with `vedette up`")
        raise Refused(f"process {holder} holds {folder.path} but is not ready yet")
    try:
        answer = get(f"{note.url}/api/v1/status", token=note.token)
    except NoAnswer as error:
        raise Refused(f"process {note.pid} should be serving, but: {error}") from None
    status = answer.json()
    if not isinstance(status, dict):
        raise Refused(f"{note.url} answered {answer.status}, which is no status of a Vedette")
    return status


def status_text(status: JsonObject) -> str:
    """Return the status as people read it."""
    lines = [f"{status.get('url')}: {'ready' if status.get('ready') is True else 'NOT READY'}"]
    lines += [
        f"  {each.get('name')}: {each.get('text')}" for each in _objects(status.get("problems"))
    ]
    journal, disk = _object(status.get("journal")), _object(status.get("disk"))
    room, floor = _mib(disk.get("free_bytes")), _mib(disk.get("floor_bytes"))
    waiting = f"{journal.get('lag_records')} records, {_mib(journal.get('lag_bytes'))}"
    lines += [
        f"up {status.get('uptime_s')} s, {_mib(status.get('memory_bytes'))} resident",
        f"journal: {waiting}, {journal.get('lag_seconds')} s to digest",
        f"disk: {room} free, the door closes below {floor}",
    ]
    lines += [f"  damage: {each}" for each in _texts(journal.get("damage"))]
    tables = [each for each in _objects(status.get("tables")) if each.get("rows")]
    if tables:
        lines.append("stored:")
        lines += [
            f"  {each.get('table')}: {each.get('rows')} rows, {_mib(each.get('bytes'))}"
            for each in tables
        ]
    outcomes = _objects(status.get("outcomes"))
    if outcomes:
        lines.append("last five minutes:")
        lines += [
            f"  {each.get('quantity')} {each.get('category')} {each.get('outcome')}"
            f" {each.get('reason')}".rstrip()
            for each in outcomes
        ]
    return "\n".join(lines)


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _mib(value: object) -> str:
    return f"{value / 2**20:,.0f} MiB" if isinstance(value, int | float) else "?"
