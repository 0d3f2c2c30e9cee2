"""Settings of the whole platform: real environment over `.env` over `.env.example`."""

import os
from pathlib import Path
from typing import Final

PLATFORM_DIR: Final = Path(__file__).resolve().parent.parent


def read_settings() -> dict[str, str]:
    """Return every setting by name; an empty variable of the environment counts as not set."""
    settings: dict[str, str] = {}
    for name in (".env.example", ".env"):
        path = PLATFORM_DIR / name
        if path.exists():
            settings |= _read_lines(path.read_text())
    settings |= {name: os.environ[name] for name in settings if os.environ.get(name)}
    settings["PLATFORM_DIR"] = str(PLATFORM_DIR)
    settings["STATE_DIR"] = str(state_dir())
    return settings


def state_dir() -> Path:
    """Return where stores keep their data, logs and sockets.

    Not in the checkout or the home folder: PostgreSQL refuses to run as root and its own user
    must be able to get there.
    """
    given = os.environ.get("VEDETTE_DEMO_STATE")
    return Path(given) if given else Path("/var/tmp") / f"vedette-igaming-{os.getuid()}"  # noqa: S108


def _read_lines(text: str) -> dict[str, str]:
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}
