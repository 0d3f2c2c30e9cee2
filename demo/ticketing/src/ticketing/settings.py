"""Everything a site is told from outside, read once when it starts."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "TICKETING_"


class SettingsError(Exception):
    """A setting is missing or cannot be what it says."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the variable `TICKETING_<FIELD>`; those without a default must be given."""

    shop_url: str
    """PostgreSQL with events, orders, tickets; each site connects as its own role."""
    journal_url: str
    """PostgreSQL with traces and scan logs, where the exporter writes."""
    ticket_key: str
    """Signs ticket codes; the lounge and the gate share it."""
    webhook_key: str
    """Signs what the sites tell each other."""
    journal_reader_url: str = ""
    """The same database for the trace pages, by a role that can only read."""
    journal_scan_url: str = ""
    """The same database for the gate, by a role that can only add scan logs."""
    scanner_token: str = ""
    """Lets scanning devices use the gate's API."""
    lounge_url: str = "http://127.0.0.1:4410"
    gate_url: str = "http://127.0.0.1:4411"
    nights_url: str = "http://127.0.0.1:4412"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 4425
    otlp_url: str = ""
    """Also send spans to this OTLP endpoint, for example http://127.0.0.1:4318."""
    otlp_key: str = ""
    is_console_on: bool = False


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises `SettingsError` with one sentence that names the variable."""
    values: dict[str, object] = {}
    for field in fields(Settings):
        given = environment.get(PREFIX + field.name.upper())
        if given is not None:
            values[field.name] = _parse(field.name, str(field.type), given)
    try:
        return Settings(**values)  # type: ignore[arg-type]  # _parse gives each field its type
    except TypeError as error:
        raise SettingsError(f"a {PREFIX}… variable is missing: {error}") from error


def settings_from_environment() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)


def environment() -> Mapping[str, str]:
    """The variables of this process, for the programs around the sites."""
    return os.environ


def _parse(name: str, kind: str, given: str) -> object:
    match kind:
        case "int":
            if not given.isascii() or not given.isdigit():
                raise SettingsError(f"{PREFIX}{name.upper()} must be a number, not {given!r}")
            return int(given)
        case "bool":
            return given.lower() in {"1", "true", "yes", "on"}
        case _:
            return given
