"""``dualtrack check``: what was notifiable, what is claimed, what an article says."""

from __future__ import annotations

import typer

from dualtrack.cli.article import article, new
from dualtrack.cli.claims import claims
from dualtrack.cli.exercises import exercises

app = typer.Typer(
    no_args_is_help=True, help="Check claims, articles, and exercises against rules.", rich_markup_mode=None
)
app.command()(article)
app.command()(claims)
app.command()(exercises)
app.command()(new)


@app.callback()
def _check() -> None:
    """Check claims, articles, and exercises against rules."""
