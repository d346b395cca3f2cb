"""Track files that a reader hands in, and what is asked of them: read from a form, bounded, in a folder for once."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import IO, Any

from fastapi import Request

from dualtrack.core.errors import BadInput
from dualtrack.serve.guard import Receive, Scope
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.uploads import TooLarge
from dualtrack.tracks.quantities import feet, metres, moment_ms, seconds

LARGEST = 64_000_000
"""Bytes of all files together, as they are sent: a day of one receiver, or an hour of a sea, packed."""

MOST_FILES = 200
PROFILES = {
    "": "Whatever the files hold",
    "air": "Aircraft",
    "sea": "Ships under way (no height)",
    "mixed": "Aircraft and ships together",
    "meeting": "Ships that met for two hours, away from ports",
}
FIELDS = ("horizontal", "vertical", "profile", "max_gap", "from", "to", "columns", "example")
_LONGEST = 60  # letters of a quantity or a moment
_LONGEST_NAME = 120  # bytes


@dataclass(frozen=True)
class Example:
    """A track file that comes with the package: its name, what it is, its terms, and limits that suit it."""

    file: str
    title: str
    about: str
    terms: str
    asked: Mapping[str, str]

    @property
    def content(self) -> bytes:
        """The file."""
        return (resources.files("dualtrack.tracks") / "examples" / self.file).read_bytes()


EXAMPLES = {
    "mississippi": Example(
        "noaa_ais_2022-01-03_mississippi.csv",
        "Real ships on the Mississippi",
        "24 minutes of ships at New Orleans on 3 January 2022, as the US coast guard's receivers heard them; "
        "nearer than 500 m.",
        "NOAA and the US Coast Guard (MarineCadastre.gov): a work of the US government, public domain (CC0).",
        {"horizontal": "500 m", "profile": "sea"},
    ),
    "baltic": Example(
        "baltic-tracks.csv",
        "Invented flights over the Baltic",
        "An hour in 2030 with two aircraft that meet, a formation, and a likely ghost; nearer than 5 nmi and 1,000 ft.",
        "Invented for this purpose: CC0. No such flight took place.",
        {"horizontal": "5 nmi", "vertical": "1000 ft", "profile": "air"},
    ),
}


@dataclass(frozen=True)
class Limits:
    """What ``Asked`` takes, without the profile; None for what is usual."""

    horizontal_m: float | None = None
    vertical_ft: float | None = None
    max_gap_s: float | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass
class HandedIn:
    """What was handed in: files with their names, and what is asked of them.

    ``said`` is what the form held, to be shown again where it cannot be answered.
    """

    said: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, IO[bytes]]] = field(default_factory=list)

    @property
    def limits(self) -> Limits:
        """The limits that are asked for.

        Raises:
            BadInput: one is no length, time or moment.
        """
        for name, text in self.said.items():
            if name != "columns" and len(text) > _LONGEST:
                raise BadInput(f"{name} is longer than {_LONGEST} letters.", "Write a number and its unit.")
        asked = {name: text for name, text in self.said.items() if text}
        found = Limits(
            metres(asked["horizontal"], "The horizontal limit") if "horizontal" in asked else None,
            feet(asked["vertical"], "The vertical limit") if "vertical" in asked else None,
            seconds(asked["max_gap"], "The longest gap") if "max_gap" in asked else None,
            moment_ms(asked["from"], "From") if "from" in asked else None,
            moment_ms(asked["to"], "To", end=True) if "to" in asked else None,
        )
        if found.start_ms is not None and found.end_ms is not None and found.start_ms >= found.end_ms:
            raise BadInput("The time begins after its end.", "Swap From and To, or leave one empty.")
        return found

    @property
    def profile(self) -> str:
        """The kind of tracks; empty for whatever the files hold.

        Raises:
            BadInput: there is no such kind.
        """
        asked = self.said.get("profile", "")
        if asked not in PROFILES:
            raise BadInput(
                f"profile={asked[:40]} is no kind of tracks.", f"Give {', '.join(filter(None, PROFILES))}, or nothing."
            )
        return asked

    @property
    def columns(self) -> dict[str, str]:
        """What columns hold, from ``t=when, icao24=hex``.

        Raises:
            BadInput: a part says nothing.
        """
        found = {}
        for one in self.said.get("columns", "")[:2_000].replace("\n", ",").split(","):
            what, equals, name = one.strip().partition("=")
            if one.strip() and not (equals and what.strip() and name.strip()):
                raise BadInput(
                    f"{one.strip()[:40]!r} does not say what a column holds.", "Write them as t=when, icao24=hex."
                )
            if what:
                found[what.strip()] = name.strip()
        return found


@contextmanager
def in_a_folder(given: HandedIn) -> Iterator[tuple[Path, str]]:
    """The files in a folder that is gone afterwards, each in one of its own, and a hash of all and of what is asked.

    Raises:
        BadInput: what is asked cannot be.
        Refused: there is no file.
    """
    asked = {"limits": asdict(given.limits), "profile": given.profile, "columns": given.columns}
    if not given.files:
        raise Refused(422, "There is no track file.", "Choose one or several, or try an example.")
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    with tempfile.TemporaryDirectory(prefix="dualtrack-") as name:
        folder = Path(name)
        for number, (called, file) in enumerate(given.files):
            path = folder / str(number) / safe_name(called)
            path.parent.mkdir()
            with path.open("wb") as out:
                shutil.copyfileobj(file, out)
            with path.open("rb") as written:
                digest.update(f"\n{path.name}\n".encode("utf-8", "surrogateescape"))
                digest.update(hashlib.file_digest(written, "sha256").digest())
        yield folder, digest.hexdigest()


def safe_name(called: str) -> str:
    """A file's name without folders or control characters, short enough for any disk.

    >>> safe_name("C:\\\\tracks\\\\a.csv"), safe_name("../../etc/passwd"), safe_name("..")
    ('a.csv', 'passwd', 'tracks')
    """
    name = "".join(c for c in called.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    while len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        name = name[1:]  # the ending tells most
    return name if name.strip(". ") else "tracks"


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except TooLarge:
        most = f"{LARGEST // 1_000_000} MB"
        raise Refused(
            413, f"The files are larger than {most} together.",
            "Pack them (gzip is read as it is), cut them by the hour, or use the command line, which reads any size: "
            "dualtrack know encounters FILE -o report.html",
        ) from None  # fmt: skip
    except Refused:
        raise
    except Exception:  # whatever a broken form makes its parser say, the reader gets one sentence
        raise Refused(422, "The form cannot be read.", "Send it as multipart/form-data, as a browser does.") from None


class Form:
    """A form with files, open while the block lasts.

    Raises:
        Refused: it is no form, or too large.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._request = Request(scope, receive)
        self._form: Any = None

    async def __aenter__(self) -> HandedIn:
        with _problems():
            self._form = await self._request.form(max_files=MOST_FILES, max_fields=20, max_part_size=10_000)
        given = HandedIn()
        for name, value in self._form.multi_items():
            if name == "files" and not isinstance(value, str) and value.filename:
                given.files.append((value.filename, value.file))
            elif name in FIELDS and isinstance(value, str):
                given.said[name] = value.replace("\x00", "").strip()
        name = given.said.pop("example", "")
        if name:
            if name not in EXAMPLES:
                await self._form.close()
                raise Refused(422, f"There is no example called {name[:40]!r}.", f"There are: {', '.join(EXAMPLES)}.")
            example = EXAMPLES[name]
            given.files = [(example.file, io.BytesIO(example.content))]
            given.said = {**example.asked, **{key: text for key, text in given.said.items() if text}}
        return given

    async def __aexit__(self, *raised: object) -> None:
        if self._form is not None:
            await self._form.close()
