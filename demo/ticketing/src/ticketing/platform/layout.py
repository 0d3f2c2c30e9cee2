"""Where everything of a running platform is: folders, ports, secrets, addresses."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Final

from ticketing.platform.postgres_server import PostgresServer, find_programs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PORT_BASE_DEFAULT: Final = 4410
HOST: Final = "127.0.0.1"


def _secret() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made at the first start, kept in a file that only its owner can read."""

    shop_owner: str = field(default_factory=_secret)
    journal_owner: str = field(default_factory=_secret)
    lounge: str = field(default_factory=_secret)
    gate: str = field(default_factory=_secret)
    trace_writer: str = field(default_factory=_secret)
    trace_reader: str = field(default_factory=_secret)
    scan_writer: str = field(default_factory=_secret)
    keeper: str = field(default_factory=_secret)
    ticket_key: str = field(default_factory=_secret)
    webhook_key: str = field(default_factory=_secret)
    scanner_token: str = field(default_factory=_secret)
    supervisor: str = field(default_factory=_secret)
    admin_password: str = field(default_factory=_secret)
    gate_password: str = field(default_factory=_secret)


@dataclass(frozen=True)
class Layout:
    """One platform."""

    state: Path
    port_base: int
    secrets: Secrets
    otlp_url: str = ""
    otlp_key: str = ""

    @classmethod
    def open(cls, state: Path, port_base: int, environment: Mapping[str, str]) -> Layout:
        """The platform whose state is in a folder; makes the folder and the secrets if needed."""
        state.mkdir(parents=True, exist_ok=True)
        path = state / "secrets.json"
        if path.exists():
            kept = json.loads(path.read_text())
            known = {one.name for one in fields(Secrets)}
            opened = Secrets(**{name: kept[name] for name in kept if name in known})
        else:
            opened = Secrets()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(opened), file, indent=2)
        otlp_url = environment.get("VEDETTE_OTLP", "")
        otlp_key = environment.get("VEDETTE_OTLP_KEY", "")
        return cls(state.resolve(), port_base, opened, otlp_url, otlp_key)

    def url(self, name: str) -> str:
        """Where a site or the mail page is."""
        return f"http://{HOST}:{self.port(name)}"

    def port(self, name: str) -> int:
        """Ports follow each other from `port_base`."""
        order = ["pass-lounge", "gate-scanner", "nights", "mail", "smtp", "shop", "journal"]
        return self.port_base + [*order, "supervisor"].index(name)

    @property
    def shop(self) -> PostgresServer:
        """The server with what is sold."""
        return PostgresServer(
            find_programs(), self.state / "postgres-shop", self.port("shop"),
            self.secrets.shop_owner,
        )  # fmt: skip

    @property
    def journal(self) -> PostgresServer:
        """The server with traces and scan logs: apart, so that it may stop and nobody notices."""
        return PostgresServer(
            find_programs(), self.state / "postgres-journal", self.port("journal"),
            self.secrets.journal_owner,
        )  # fmt: skip

    def site_environment(self, name: str) -> dict[str, str]:
        """The `TICKETING_*` variables of one site: its own roles, the shared keys."""
        keys = self.secrets
        role, password = {
            "pass-lounge": ("ticketing_lounge", keys.lounge),
            "gate-scanner": ("ticketing_gate", keys.gate),
            "nights": ("ticketing_lounge", ""),
        }[name]
        journal = self.journal
        values = {
            "shop_url": self.shop.url("postgres", role, password),
            "journal_url": journal.url("postgres", "ticketing_trace_writer", keys.trace_writer),
            "ticket_key": keys.ticket_key,
            "webhook_key": keys.webhook_key,
            "lounge_url": self.url("pass-lounge"),
            "gate_url": self.url("gate-scanner"),
            "nights_url": self.url("nights"),
            "smtp_port": str(self.port("smtp")),
            "otlp_url": self.otlp_url,
            "otlp_key": self.otlp_key,
        }
        if name == "pass-lounge":
            values["journal_reader_url"] = journal.url(
                "postgres", "ticketing_trace_reader", keys.trace_reader
            )
        if name == "gate-scanner":
            values["scanner_token"] = keys.scanner_token
            values["journal_scan_url"] = journal.url(
                "postgres", "ticketing_scan_writer", keys.scan_writer
            )
        return {f"TICKETING_{key.upper()}": value for key, value in values.items() if value}
