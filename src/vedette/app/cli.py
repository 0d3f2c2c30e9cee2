"""The command line: `vedette up` and its companions.

Exit codes: 0 fine, 1 refused with one clear sentence on stderr, 2 wrong usage.
"""

import json
import logging
import sys
from collections.abc import Callable
from typing import Final

import click

from vedette.app.data_folder import FolderUnusable
from vedette.app.folder_lock import FolderIsTaken
from vedette.app.settings import LoadedSettings, SettingFault, load_settings
from vedette.app.sockets import PortUnusable
from vedette.storage.blobs.port import BlobError
from vedette.storage.journal.port import JournalError
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.port import TelemetryError

_SENTENCES: Final = (
    FolderUnusable,
    FolderIsTaken,
    SettingFault,
    PortUnusable,
    BlobError,
    JournalError,
    MetadataError,
    TelemetryError,
)
"""Refusals whose text is the sentence that the user is shown."""


def load(**flags: object) -> LoadedSettings:
    """Read the settings, and set up logging to stderr by them."""
    loaded = load_settings(flags)
    level = loaded.settings.log_level.upper()
    if level not in logging.getLevelNamesMapping():
        raise SettingFault(f"log_level is {level!r}; expected debug, info, warning or error")
    logging.basicConfig(
        stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # A line per migration step and per connection is nobody's business but their own.
    for noisy in ("alembic", "uvicorn", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return loaded


def say(value: object, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print an answer, as exactly one JSON line or as text."""
    click.echo(json.dumps(value) if as_json else text())


def main() -> None:
    """Run the command line."""
    from vedette.app.commands import vedette  # noqa: PLC0415 - each command imports what it needs

    try:
        vedette(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except _SENTENCES as error:
        click.echo(f"vedette: {error}", err=True)
        sys.exit(1)
