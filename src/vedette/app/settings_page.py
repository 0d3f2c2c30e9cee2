"""Write docs/guide/settings.md to standard output: `python -m vedette.app.settings_page`."""

import sys
from dataclasses import fields
from typing import Final

from vedette.app.settings import GIB, MIB, Settings

_HEAD: Final = """\
# Settings

Each can be given in three ways; the first of them that says something counts:

1. as a flag of `vedette up`, for those that have one (`vedette up --help`): `--port 9001`
2. as a variable of the environment: `VEDETTE_PORT=9001`
3. in `vedette.toml` in the data folder: `port = 9001` (not `data` itself)

`vedette settings` shows what is in force and where it came from, secrets masked. A value that makes
no sense, or a name in the file that is no setting, stops the start with a sentence that says which.

| setting | default | what it is for |
|---|---|---|
"""


def settings_page() -> str:
    """Return the page that describes every setting."""
    rows = [
        f"| `{each.name}` | {_shown(each.default)} | {each.metadata['says']} |"
        for each in fields(Settings)
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "off" if not value else "on"
    if isinstance(value, int) and value >= MIB and value % MIB == 0:
        unit = f"{value // GIB} GiB" if value % GIB == 0 else f"{value // MIB} MiB"
        return f"`{value}` ({unit})"
    return f"`{value}`" if value != "" else ""


def main() -> None:
    """Write it."""
    sys.stdout.write(settings_page())


if __name__ == "__main__":
    main()
