"""What `vedette up` prints when it is ready: where to go, and what to paste."""

import os
import shutil
import sys

import click
import msgspec

from vedette.app.up import Ready


def announce(ready: Ready, *, as_json: bool) -> None:
    """Tell that the server is ready: on stdout, secrets this once."""
    if as_json:
        click.echo(msgspec.json.encode(_facts(ready)).decode())
        return
    click.echo(_text(ready))


def _facts(ready: Ready) -> dict[str, str | int | None]:
    return {
        "url": ready.url,
        "dsn": ready.dsn,
        "otlp_http": ready.otlp_http,
        "otlp_grpc": ready.otlp_grpc,
        "otlp_key": ready.first.key.public_key,
        "api_token": ready.shown.api_token if ready.shown else None,
        "login_url": _login_url(ready),
        "data": ready.data,
        "pid": os.getpid(),
    }


def _command() -> str:
    """Return how this program is called from where the reader is."""
    return "vedette" if shutil.which("vedette") else sys.argv[0]


def _login_url(ready: Ready) -> str | None:
    return f"{ready.url}/auth/login/{ready.shown.login_secret}" if ready.shown else None


def _text(ready: Ready) -> str:
    key = ready.first.key.public_key
    first_error = f'import sentry_sdk; sentry_sdk.init(dsn="{ready.dsn}"); 1/0'
    lines = [
        f"Vedette is ready at {ready.url}   (data in {ready.data}, Ctrl-C stops it)",
        "",
        f"  DSN for Sentry SDKs   {ready.dsn}",
        f"  OTLP over HTTP        {ready.otlp_http}",
        f"  OTLP over gRPC        {ready.otlp_grpc}",
        f"  key from elsewhere    header x-sentry-auth: sentry sentry_key={key}",
    ]
    if ready.shown:
        lines += [
            "",
            "  Shown this once:",
            f"  sign in               {_login_url(ready)}",
            f"  API token             {ready.shown.api_token}",
        ]
    lines += [
        "",
        "  First error, in Python:",
        "    pip install sentry-sdk",
        f"    python -c '{first_error}'",
        "",
        f"  Everything at once:   {_command()} send-test",
    ]
    return "\n".join(lines)
