"""``dualtrack check``: what was notifiable, what is claimed, what an article says."""

from __future__ import annotations

import typer

from dualtrack.cli.claims import claims
from dualtrack.cli.exercises import exercises

app = typer.Typer(no_args_is_help=True, help="Check exercises against rules, and claims.", rich_markup_mode=None)
app.command()(claims)
app.command()(exercises)


@app.callback()
def _check() -> None:
    """Check exercises against rules, and claims."""
