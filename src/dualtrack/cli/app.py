"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from dualtrack import __version__
from dualtrack.cli import check, choose, know
from dualtrack.cli.brief import brief
from dualtrack.cli.init import init
from dualtrack.cli.mcp import mcp
from dualtrack.cli.publish import publish
from dualtrack.cli.serve import serve

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Know the record, check what is claimed, choose a policy: deterrence and dialogue in Europe.",
)
app.add_typer(know.app, name="know")
app.add_typer(check.app, name="check")
app.add_typer(choose.app, name="choose")
app.command()(brief)
app.command()(init)
app.command()(mcp)
app.command()(publish)
app.command()(serve)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"dualtrack {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Know the record, check what is claimed, choose a policy: deterrence and dialogue in Europe."""
