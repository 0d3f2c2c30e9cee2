"""`vedette quarantine list` and `restore`: what the store refused, and its way back."""

from dataclasses import dataclass
from pathlib import Path

from vedette.app.ask_server import Answered, NoAnswer, get, post
from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import DataFolder
from vedette.app.server_file import ServerNote, read_note
from vedette.app.settings import Settings
from vedette.model.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class WayBack:
    """What came of `restore`."""

    restored_rows: int
    left_blocks: int


def list_quarantine(settings: Settings) -> list[JsonObject]:
    """Return the blocks that lie aside.

    Raises:
        Refused: No server is running, or it does not answer.
    """
    note = _running(settings)
    try:
        answered = get(f"{note.url}/api/v1/quarantine", token=note.token)
    except NoAnswer as error:
        raise Refused(str(error)) from None
    blocks = answered.json()
    if answered.status != 200 or not isinstance(blocks, list):  # noqa: PLR2004 - fine, in HTTP
        raise _unexpected(note, answered)
    return [each for each in blocks if isinstance(each, dict)]


def restore_quarantine(settings: Settings) -> WayBack:
    """Store again what lies aside, until nothing more goes.

    Raises:
        Refused: No server is running, or it does not answer.
    """
    note, restored_rows = _running(settings), 0
    while True:
        came = _restore_some(note)
        restored_rows += _number(came, "restoredRows")
        left = _number(came, "leftBlocks")
        if left == 0 or _number(came, "restoredBlocks") == 0:
            return WayBack(restored_rows, left)


def list_text(blocks: list[JsonObject]) -> str:
    """Return the blocks as people read them."""
    if not blocks:
        return "nothing lies in quarantine"
    return "\n".join(f"{each['table']}: {each['rows']} rows: {each['why']}" for each in blocks)


def _restore_some(note: ServerNote) -> JsonObject:
    headers = {"authorization": f"Bearer {note.token}"}
    try:
        answered = post(f"{note.url}/api/v1/quarantine/restore", b"", headers)
    except NoAnswer as error:
        raise Refused(str(error)) from None
    came = answered.json()
    if answered.status != 200 or not isinstance(came, dict):  # noqa: PLR2004 - fine, in HTTP
        raise _unexpected(note, answered)
    return came


def _running(settings: Settings) -> ServerNote:
    folder = DataFolder(Path(settings.data))
    note = read_note(folder.server_file)
    if note is None:
        raise Refused(f"no server is running on {folder.path}; start one with `vedette up`")
    return note


def _unexpected(note: ServerNote, answered: Answered) -> Refused:
    return Refused(f"{note.url} answered {answered.status}: {answered.body[:200].decode()!r}")


def _number(answer: JsonObject, name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) else 0
