"""The commands, each a few lines: read flags, call what does it, show what came of it."""

import sys
from pathlib import Path

import click

from vedette.app.command_parts import load, say
from vedette.model.category import Category

_data = click.option("--data", help="Folder in which everything is kept.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")


@click.group(help="Vedette: application monitoring in one process.")
@click.version_option(package_name="vedette")
def vedette() -> None:
    """Group all commands."""


@vedette.command(help="Run the whole server.")
@_data
@click.option("--host", help="Address to listen on.")
@click.option(
    "--port", type=int, help="Port of the UI, the API and the Sentry SDKs; 0: a free one."
)
@click.option("--otlp-http-port", type=int, help="Port of OTLP over HTTP; 0: a free one.")
@click.option("--otlp-grpc-port", type=int, help="Port of OTLP over gRPC; 0: a free one.")
@_json
def up(as_json: bool, **flags: object) -> None:  # noqa: FBT001 - click hands flags over by name
    """Run the server until it is told to stop."""
    loaded = load(**flags)
    from vedette.app.announce import announce  # noqa: PLC0415 - the server's imports take a moment
    from vedette.app.up import run_server  # noqa: PLC0415 - the same

    run_server(loaded.settings, lambda ready: announce(ready, as_json=as_json))


@vedette.command(help="Is the server up, does it keep up, what was dropped?")
@_data
@_json
def status(data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Show the state of the running server."""
    from vedette.app.status import read_status, status_text  # noqa: PLC0415 - see `up`

    answer = read_status(load(data=data).settings)
    say(answer, as_json=as_json, text=lambda: status_text(answer))
    sys.exit(0 if answer.get("ready") is True else 1)


@vedette.command(help="Check ports, disk, lock, engine, stores, clock, mail.")
@_data
@_json
def doctor(data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Look for what is wrong and say what to do."""
    from vedette.app.doctor import examine, findings_text  # noqa: PLC0415 - see `up`

    findings = examine(load(data=data).settings)
    say(
        [{"check": each.check, "ok": each.is_fine, "text": each.text} for each in findings],
        as_json=as_json,
        text=lambda: findings_text(findings),
    )
    sys.exit(0 if all(each.is_fine for each in findings) else 1)


@vedette.command(
    "send-test", help="Send an error, a trace, a log and a metric, and read them back."
)
@click.option("--dsn", help="Where to send; default: the first project of the running server.")
@_data
def send_test(dsn: str | None, data: str | None) -> None:
    """Prove the whole road, from SDK to API."""
    from vedette.app.send_test import prove  # noqa: PLC0415 - see `up`

    for line in prove(load(data=data).settings, dsn):
        click.echo(line)


@vedette.command(help="Every setting: value in force, where it came from, what it is for.")
@_data
@_json
def settings(data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Show the settings, secrets masked."""
    shown = load(data=data).shown()
    say(
        [
            {"name": each.name, "value": each.value, "source": each.source, "says": each.says}
            for each in shown
        ],
        as_json=as_json,
        text=lambda: "\n".join(
            f"{each.name} = {each.value}   ({each.source})\n    {each.says}" for each in shown
        ),
    )


@vedette.command(help="Pause digesting (bodies are still taken in and kept), or let it go on.")
@click.argument("what", type=click.Choice(["pause", "resume"]))
@_data
def digest(what: str, data: str | None) -> None:
    """Tell the running server to pause or to go on."""
    from vedette.app.digest_switch import switch_digesting  # noqa: PLC0415 - see `up`

    click.echo(switch_digesting(load(data=data).settings, is_paused=what == "pause"))


@vedette.command(
    help="Rows that the store refused: list them, or restore them once that is mended."
)
@click.argument("what", type=click.Choice(["list", "restore"]))
@_data
@_json
def quarantine(what: str, data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Show or bring back what lies in quarantine."""
    from vedette.app.quarantine_command import (  # noqa: PLC0415 - see `up`
        list_quarantine,
        list_text,
        restore_quarantine,
    )

    loaded = load(data=data).settings
    if what == "list":
        blocks = list_quarantine(loaded)
        say(blocks, as_json=as_json, text=lambda: list_text(blocks))
        return
    came = restore_quarantine(loaded)
    say(
        {"restored_rows": came.restored_rows, "left_blocks": came.left_blocks},
        as_json=as_json,
        text=lambda: f"{came.restored_rows} rows are stored, {came.left_blocks} blocks are left",
    )
    sys.exit(1 if came.left_blocks else 0)


@vedette.command(help="Copy all four stores into a folder (comes in a later version).")
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Say that this is not there yet."""
    raise click.ClickException(
        f"backup to {folder} is not built yet; stop the server and copy the data folder instead"
    )


@vedette.command(help="Bring back what `backup` copied (comes in a later version).")
@click.argument("folder", type=click.Path(path_type=Path))
def restore(folder: Path) -> None:
    """Say that this is not there yet."""
    raise click.ClickException(
        f"restore from {folder} is not built yet; stop the server and copy the data folder back"
    )


@vedette.group(help="Projects, their DSN keys and quotas.")
def project() -> None:
    """Group the commands about projects."""


@project.command("create", help="Make a project with a key and print its DSN.")
@click.argument("slug")
@click.option("--platform", default="other", help="What it is written in, such as python or node.")
@_data
@_json
def project_create(slug: str, platform: str, data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Make a project."""
    from vedette.app.admin import create_project  # noqa: PLC0415 - see `up`

    made = create_project(load(data=data).settings, slug=slug, platform=platform)
    say(
        made,
        as_json=as_json,
        text=lambda: f"project {made['slug']} (id {made['id']})\n{made['dsn']}",
    )


@project.command("list", help="List all projects with their DSNs.")
@_data
@_json
def project_list(data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """List projects."""
    from vedette.app.admin import list_projects  # noqa: PLC0415 - see `up`

    found = list_projects(load(data=data).settings)
    say(
        found,
        as_json=as_json,
        text=lambda: "\n".join(f"{each['id']}  {each['slug']}  {each['dsn']}" for each in found),
    )


@project.group("key", help="DSN keys.")
def project_key() -> None:
    """Group the commands about keys."""


@project_key.command("rotate", help="Make a new key and switch the old ones off.")
@click.argument("slug")
@click.option(
    "--keep-old", is_flag=True, help="Leave the old keys on, until SDKs have the new one."
)
@_data
@_json
def project_key_rotate(slug: str, keep_old: bool, data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Replace a project's key."""
    from vedette.app.admin import rotate_key  # noqa: PLC0415 - see `up`

    made = rotate_key(load(data=data).settings, slug=slug, keep_old=keep_old)
    say(made, as_json=as_json, text=lambda: str(made["dsn"]))


@project.command(
    "quota",
    help="Let in at most COUNT items of a category in each window; a restart begins it anew.",
)
@click.argument("slug")
@click.option(
    "--category", type=click.Choice([each.value for each in Category]), help="Default: all."
)
@click.option("--count", type=click.IntRange(0), required=True, help="Items in each window.")
@click.option("--window", "window_s", type=click.IntRange(1, 86_400), default=60, help="Seconds.")
@_data
def project_quota(
    slug: str, category: str | None, count: int, window_s: int, data: str | None
) -> None:
    """Set a quota of a project."""
    from vedette.app.admin import set_quota  # noqa: PLC0415 - see `up`

    click.echo(
        set_quota(
            load(data=data).settings, slug=slug, category=category, count=count, window_s=window_s
        )
    )


@vedette.group(help="People who sign in.")
def user() -> None:
    """Group the commands about people."""


@user.command("create", help="Make a person and print a one-time sign-in link.")
@click.argument("email")
@click.option(
    "--role", type=click.Choice(["owner", "manager", "member", "reader"]), default="member"
)
@_data
@_json
def user_create(email: str, role: str, data: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over by name
    """Make a person."""
    from vedette.app.admin import create_user  # noqa: PLC0415 - see `up`

    made = create_user(load(data=data).settings, email=email, role=role)
    say(
        made,
        as_json=as_json,
        text=lambda: f"{made['email']} can sign in once at\n{made['login_url']}",
    )


@user.command("password", help="Set a person's password (asked for, not shown).")
@click.argument("email")
@_data
def user_password(email: str, data: str | None) -> None:
    """Set a password."""
    from vedette.app.admin import set_password  # noqa: PLC0415 - see `up`

    password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    set_password(load(data=data).settings, email=email, password=password)
    click.echo(f"the password of {email} is set")


@vedette.group(help="API tokens.")
def token() -> None:
    """Group the commands about tokens."""


@token.command("create", help="Make an API token and print it: it is shown this once.")
@click.option("--scope", "scopes", multiple=True, help="Such as event:read; default: everything.")
@click.option("--email", help="Whose token; default: the first owner's.")
@click.option("--label", default="command line")
@_data
@_json
def token_create(
    scopes: tuple[str, ...],
    email: str | None,
    label: str,
    data: str | None,
    as_json: bool,  # noqa: FBT001 - click hands flags over by name
) -> None:
    """Make a token."""
    from vedette.app.admin import create_token  # noqa: PLC0415 - see `up`

    made = create_token(load(data=data).settings, scopes=scopes, email=email, label=label)
    say(made, as_json=as_json, text=lambda: str(made["token"]))
