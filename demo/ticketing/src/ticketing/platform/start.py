"""Start the whole platform, print where it is, stop everything on Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ticketing.database import migrate_journal, migrate_shop
from ticketing.platform.layout import PORT_BASE_DEFAULT, Layout
from ticketing.platform.postgres_server import NoPostgresError
from ticketing.platform.seed import ADMIN_EMAIL, GATE_EMAIL, seed
from ticketing.platform.supervision import (
    Control,
    NotReadyError,
    run_supervisord,
    wait_until,
    write_settings,
)
from ticketing.settings import environment

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from types import FrameType

STATE_DEFAULT: Final = Path(__file__).parents[3] / ".state"
STOP_TIMEOUT_S: Final = 40.0


class StopOrder(BaseException):
    """Somebody sent SIGTERM."""


def main() -> int:
    """0 after Ctrl-C, 1 with one sentence when the platform cannot start."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, _on_terminate)
    # A shell starts background jobs deaf to Ctrl-C; stopping is our business all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        layout = Layout.open(options.state, options.port_base, environment())
        return run(layout)
    except (NotReadyError, NoPostgresError) as error:
        print(f"ticketing: {error}", file=sys.stderr)
        return 1


def run(layout: Layout) -> int:
    """Everything up, wait, everything down."""
    print("ticketing: preparing two PostgreSQL servers")
    layout.shop.prepare()
    layout.journal.prepare()
    supervisord = run_supervisord(write_settings(layout))
    try:
        bring_up(layout, supervisord)
        print(_where(layout), flush=True)
        return supervisord.wait()
    except (KeyboardInterrupt, StopOrder):
        print("ticketing: stopping")
        return 0
    finally:
        supervisord.terminate()
        supervisord.wait(STOP_TIMEOUT_S)
        print("ticketing: everything is stopped")


def bring_up(layout: Layout, supervisord: subprocess.Popen[bytes]) -> None:
    """Databases, schema, people, sites: in this order, each ready before the next."""
    control = Control(layout)
    wait_until(
        lambda: supervisord.poll() is not None or control.is_run_by(supervisord.pid), "supervisord"
    )
    if supervisord.poll() is not None:
        raise NotReadyError("supervisord ended at once: is another platform on these ports?")
    print("ticketing: starting the databases")
    control.start_databases()
    keys = layout.secrets
    migrate_shop(
        layout.shop.url("postgres"), {"ticketing_lounge": keys.lounge, "ticketing_gate": keys.gate}
    )
    migrate_journal(
        layout.journal.url("postgres"),
        {
            "ticketing_trace_writer": keys.trace_writer,
            "ticketing_trace_reader": keys.trace_reader,
            "ticketing_scan_writer": keys.scan_writer,
            "ticketing_keeper": keys.keeper,
        },
    )
    passwords: Mapping[str, str] = {"admin": keys.admin_password, "gate": keys.gate_password}
    seed(layout.shop.url("postgres"), passwords)
    print("ticketing: starting the sites")
    control.start_sites()


def _where(layout: Layout) -> str:
    keys = layout.secrets
    otlp = layout.otlp_url or "nowhere else (set VEDETTE_OTLP=http://127.0.0.1:4318)"
    return f"""
  Pass Lounge   {layout.url("pass-lounge")}
  traces        {layout.url("pass-lounge")}/admin/traces   {ADMIN_EMAIL}  {keys.admin_password}
  gate scanner  {layout.url("gate-scanner")}/scan            {GATE_EMAIL}  {keys.gate_password}
  Nights        {layout.url("nights")}
  mail          {layout.url("mail")}
  spans also go to {otlp}
  state, logs   {layout.state}

  Ctrl-C stops everything that was started here.
"""


def _on_terminate(_number: int, _frame: FrameType | None) -> None:
    raise StopOrder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="start.sh", description=__doc__)
    parser.add_argument("--state", type=Path, default=STATE_DEFAULT, help="folder for everything")
    parser.add_argument("--port-base", type=int, default=PORT_BASE_DEFAULT, help="first of 8 ports")
    return parser


if __name__ == "__main__":
    sys.exit(main())
