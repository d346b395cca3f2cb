"""``dualtrack know diff``: what differs between two records or two days, and which answers read otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.api import OpenRecord
from dualtrack.cli.options import AsOf, Folder, Json
from dualtrack.core.dates import last_day, parse_day
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.publish import difference
from dualtrack.publish.difference import Side
from dualtrack.publish.feed import NOBODY, atom
from dualtrack.record.folder import files_of
from dualtrack.record.store import open_folders, packaged

_OURS = "packaged"
_SIDE = "A folder or workbook, 'packaged', or a date."


def diff(
    old: Annotated[str, typer.Argument(help=_SIDE, metavar="A")],
    new: Annotated[str, typer.Argument(help=_SIDE, metavar="B")],
    as_of: AsOf = None,
    record: Folder = None,
    feed: Annotated[Path | None, typer.Option("--feed", help="Also write an Atom feed here.", metavar="FILE")] = None,
    domain: Annotated[
        str, typer.Option("--domain", help="A domain of yours, for the ids of the feed's entries.")
    ] = NOBODY,
    as_json: Json = False,
) -> None:
    """Compare two records, or one on two days: rows added, changed and removed, and answers that change.

    Two dates compare what was known on each, of ours or with the folder of --record laid over it.
    """
    day = parse_day(as_of, "--as-of") if as_of else datetime.now(UTC).date()
    found = difference.compare(_side(old, day, record), _side(new, day, record))
    if feed:
        write_whole(feed, atom(found, feed.name, domain))
    typer.echo(difference.as_json(found) if as_json else difference.as_text(found))


def _side(name: str, day: date, over: Path | None) -> Side:
    """The record a name stands for, as known on the day, or on the day that the name is."""
    place = Path(name)
    if name == _OURS:
        return _opened(name, [packaged()], day)
    if place.exists():
        whole = (place / "record.yml").is_file()
        return _opened(name, [place] if whole else [packaged(), place], day)
    try:
        day = last_day(name)
    except ValueError:
        raise BadInput(f"There is no record at {name!r}.", f"Name one of these: {_SIDE}") from None
    side = _opened(name, [packaged(), *([over] if over else [])], day)
    return Side(name, side.record, _midnight(day))


def _opened(name: str, places: list[Path], day: date) -> Side:
    """The record, last changed when the newest of a user's files was; ours, on the day it was compiled."""
    record = open_folders(places, day, cls=OpenRecord)
    if places[-1] == packaged():
        return Side(name, record, _midnight(record.compiled))
    newest = max(path.stat().st_mtime for path in files_of(places[-1]))
    return Side(name, record, datetime.fromtimestamp(int(newest), UTC))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
