"""What the engine says when it fails, put into the words of the port."""

import re
from typing import Final

from vedette.storage.telemetry.port import (
    QuestionGivenUp,
    QuestionRefused,
    StoreRefused,
    StoreUnreachable,
    TelemetryError,
)

_CODE: Final = re.compile(r"Code: (\d+)\.")
_OTHER_FOLDER: Final = re.compile("already initialized with path '([^']*)'")
_SENTENCE_LENGTH_MAX: Final = 500

_TIMEOUT: Final = 159
_MEMORY: Final = 241
_TOO_MANY_PARTS: Final = 252
_NO_SPACE: Final = 243
_CANCELLED: Final = 394

_PASSING: Final = frozenset(
    {
        _TIMEOUT,
        _MEMORY,
        _TOO_MANY_PARTS,
        _NO_SPACE,
        # Files: cannot read, write, open, close, sync, seek, create, stat.
        *(74, 75, 76, 77, 78, 79, 86, 87, 88, 96, 98, 160),
        173,  # cannot allocate memory
        202,  # too many queries at once
        236,  # aborted: the engine is closing
        _CANCELLED,
        439,  # cannot schedule a task
        460,  # cannot set thread affinity and the like
        473,  # deadlock avoided
        1001,  # the machine's own words (a full disk, a lost file)
        1002,
    }
)
"""Whatever failed for one of these may succeed a little later."""

_ASKED_TOO_MUCH: Final = {
    _TIMEOUT: "this takes too long: ask for less time or add conditions",
    160: "this takes too long: ask for less time or add conditions",
    _MEMORY: "this needs too much memory: ask for less time, fewer groups or fewer columns",
    158: "this reads too many rows: ask for less time or add conditions",
    307: "this reads too many bytes: ask for less time or fewer columns",
    396: "the answer is too large: ask for fewer rows or columns",
}


def failure_of_opening(error: Exception) -> StoreUnreachable:
    """Return why the engine could not be opened."""
    _, text = _read(error)
    if found := _OTHER_FOLDER.search(text):
        return StoreUnreachable(
            f"this process keeps its telemetry in {found[1]} already: it can hold one folder only"
        )
    return StoreUnreachable(f"the telemetry engine cannot be opened: {text}")


def failure_of_insert(error: Exception, *, table: str) -> TelemetryError:
    """Return what the failure of an insert means for whoever put the block."""
    code, text = _read(error)
    if code is None or code in _PASSING:
        return StoreUnreachable(f"the telemetry engine could not store rows of {table}: {text}")
    return StoreRefused(f"the telemetry engine refuses rows of {table}: {text}")


def failure_of_question(error: Exception) -> TelemetryError:
    """Return what the failure of a question means for the asker."""
    code, text = _read(error)
    if code == _CANCELLED:
        return QuestionGivenUp("the question was ended: nobody waits for the answer any more")
    if code in _ASKED_TOO_MUCH:
        return QuestionRefused(_ASKED_TOO_MUCH[code])
    if code is None or code in _PASSING:
        return StoreUnreachable(f"the telemetry engine does not answer: {text}")
    return TelemetryError(f"the telemetry engine does not understand a question of ours: {text}")


def _read(error: Exception) -> tuple[int | None, str]:
    """Return the engine's code, if it gave one, and its sentence on one line."""
    text = " ".join(str(error).split())
    found = _CODE.search(text)
    return (int(found[1]) if found else None), text[:_SENTENCE_LENGTH_MAX]
