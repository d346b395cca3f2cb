"""``dualtrack serve``: the workbench in a browser, from this machine alone unless told otherwise."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import AsOf, Folder, Known, opened
from dualtrack.core.errors import BadInput


def serve(
    port: Annotated[int, typer.Option("--port", help="0 takes any that is free.", min=0, max=65535)] = 8765,
    host: Annotated[str, typer.Option("--host", help="An address of this machine; needs --token.")] = "127.0.0.1",
    token: Annotated[str, typer.Option("--token", help="What readers must show.", envvar="DUALTRACK_TOKEN")] = "",
    open_: Annotated[
        bool | None, typer.Option("--open/--no-open", help="Open a browser; done where this is a terminal.")
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option(
            "--runs", help="Folder that keeps runs of the model; one in your home folder unless given.", metavar="DIR"
        ),
    ] = None,
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
) -> None:
    """Open the workbench: pages, search and an API over the record, answered until Ctrl-C."""
    if importlib.util.find_spec("uvicorn") is None or importlib.util.find_spec("fastapi") is None:
        raise BadInput("The workbench needs extra packages.", 'Install them: pip install "dualtrack[serve]"')
    from dualtrack.serve.run import serve as run  # here: no other verb needs a server

    def told(address: str) -> None:
        typer.echo(f"The workbench is at {address} (Ctrl-C ends it)")
        sys.stdout.flush()

    # without a display a browser in the terminal would take it over
    shows = sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    opens = sys.stdout.isatty() and shows if open_ is None else open_
    run(opened(as_of, record, known), port, host, token, record, as_of is None, told, opens, runs or _kept_runs())


def _kept_runs() -> Path:
    """Where programs keep their state (XDG Base Directory Specification); made only when a run begins."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return (Path(given) if given else Path.home() / ".local" / "state") / "dualtrack" / "runs"
