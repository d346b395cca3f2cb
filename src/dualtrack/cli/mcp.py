"""``dualtrack mcp``: the record as tools of an assistant."""

from __future__ import annotations

from dualtrack.cli.options import AsOf, Folder, Known, opened
from dualtrack.core.extras import needed


def mcp(as_of: AsOf = None, record: Folder = None, known: Known = "any") -> None:
    """Answer an assistant over the Model Context Protocol, on standard input and output.

    An assistant starts this command itself: see docs/tutorials/assistant.md.
    """
    needed("mcp", "mcp", "An assistant's server")
    from dualtrack.assistant.server import serve  # here: no other verb needs it

    serve(opened(as_of, record, known), as_of is None, record)
