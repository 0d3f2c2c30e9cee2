"""The command line: `vedette up` and its companions.

Exit codes: 0 fine, 1 refused with one clear sentence on stderr, 2 wrong usage.
"""

import sys
from typing import Final

import click

from vedette.app.commands import vedette
from vedette.app.data_folder import FolderUnusable
from vedette.app.folder_lock import FolderIsTaken
from vedette.app.settings import SettingFault
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


def main() -> None:
    """Run the command line."""
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
