"""`vedette digest pause` and `resume`: tell the running server by a signal."""

import os
import signal
from pathlib import Path

from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import DataFolder
from vedette.app.folder_lock import holder_of
from vedette.app.settings import Settings


def switch_digesting(settings: Settings, *, is_paused: bool) -> str:
    """Signal the process that holds the data folder.

    Raises:
        Refused: Nobody holds it, or it belongs to another user.
    """
    folder = DataFolder(Path(settings.data))
    holder = holder_of(folder.path) if folder.path.is_dir() else None
    if not holder:
        raise Refused(f"no server is running on {folder.path}")
    try:
        os.kill(holder, signal.SIGUSR1 if is_paused else signal.SIGUSR2)
    except PermissionError:
        raise Refused(f"process {holder} belongs to somebody else") from None
    return f"process {holder}: digesting {'is paused' if is_paused else 'goes on'}"
