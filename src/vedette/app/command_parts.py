"""What commands share: reading the settings, and printing an answer."""

import json
import logging
import sys
from collections.abc import Callable

import click

from vedette.app.settings import LoadedSettings, load_settings


def load(**flags: object) -> LoadedSettings:
    """Read the settings, and set up logging to stderr by them."""
    loaded = load_settings(flags)
    logging.basicConfig(
        stream=sys.stderr,
        level=loaded.settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # A line per migration step and per connection is nobody's business but their own.
    for noisy in ("alembic", "uvicorn", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return loaded


def say(value: object, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print an answer, as exactly one JSON line or as text."""
    click.echo(json.dumps(value) if as_json else text())
