"""A command refuses, in one sentence."""

import click


class Refused(click.ClickException):
    """Shown on stderr as it is; exit code 1."""
