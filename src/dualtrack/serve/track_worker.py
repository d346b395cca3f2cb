"""Searches the track files of one reader in a process of its own: reads them, finds encounters, writes what is shown.

Asked through ``articles.bounded``: standard input is JSON that names a folder with the files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from dualtrack.api import open_record
from dualtrack.articles.bounded import answer
from dualtrack.core.errors import BadInput
from dualtrack.publish.encounters.page import part
from dualtrack.publish.encounters.tables import as_csv, as_geojson, as_json
from dualtrack.publish.encounters.words import title
from dualtrack.tracks.asked import Asked, Profile
from dualtrack.tracks.meeting import WITHIN_M
from dualtrack.tracks.packing import SHIP
from dualtrack.tracks.search import search
from dualtrack.tracks.store import Store, convert

_MEMORY = 4_000_000_000
"""Bytes that can be written to: drawing takes up 1.9 billion of them and fills a tenth; a day of ships stays below."""

_LARGEST_FILE = 2_000_000_000
"""Bytes of one file that it may write, so that what unpacks to more than there is room for is ended."""

_MOST = 20_000
"""Encounters that are told: beyond, files of them are larger than a browser opens."""


def answered(data: bytes) -> dict[str, Any]:
    """What was found, as a part of a page and as files; or what is wrong with the files, and what to do."""
    _bound_files()
    asked = json.loads(data)
    folder = Path(asked["folder"])
    paths = sorted((path for path in folder.glob("*/*") if path.is_file()), key=lambda path: int(path.parent.name))
    try:
        return _searched(asked, folder, paths)
    except BadInput as error:
        return {"problem": _without(error.problem, folder), "fix": _for_a_form(_without(error.fix, folder))}


def _searched(asked: dict[str, Any], folder: Path, paths: list[Path]) -> dict[str, Any]:
    record = open_record(asked["as_of"], folder=asked["record"], strict=asked["strict"])
    store = convert(paths, folder / "store", mapping=asked["columns"])
    limits = {name: value for name, value in asked["limits"].items() if value is not None}
    meeting = asked["profile"] == "meeting"
    if meeting:
        limits = {"horizontal_m": WITHIN_M, **limits}
    profile = "sea" if meeting else asked["profile"] or _profile(store)
    found = search(store, Asked(**limits, profile=profile, meeting=meeting), record)
    if len(found.encounters) > _MOST:
        raise BadInput(
            f"{len(found.encounters):,} encounters were found; no more than {_MOST:,} are told here.",
            "Ask for smaller limits or a shorter time.",
        )
    texts = {name: write(found).decode("utf-8") for name, write in _FILES.items()}
    return {"title": title(found), "part": part(found), **texts}


_FILES = {"csv": as_csv, "geojson": as_geojson, "json": as_json}


def _profile(store: Store) -> Profile:
    """What the tracks are of: aircraft, ships, or both."""
    ships = {bool(packed & SHIP) for hour in store.hours for packed, *_ in store.objects(hour)}
    return "mixed" if len(ships) == 2 else "sea" if True in ships else "air"


def _without(text: str, folder: Path) -> str:
    """A message with the files called as the reader calls them."""
    return re.sub(rf"{re.escape(str(folder))}/\d+/", "", text).replace(f"{folder}/", "")


def _for_a_form(fix: str) -> str:
    """Advice in the words of a form, where it is in those of the command line."""
    fix = re.sub(r": --column .*", " in the field for columns: t=NAME, icao24=NAME, lat=NAME, lon=NAME.", fix)
    return fix.replace("with --column", "in the field for columns")


def _bound_files() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where time alone is bounded
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))


if __name__ == "__main__":
    answer(answered, _MEMORY, reserves=True)
