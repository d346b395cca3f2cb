"""``dualtrack know import``: a file that an analyst has downloaded, as rows in a folder of their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dualtrack.cli.options import Json
from dualtrack.core.dates import parse_day
from dualtrack.core.errors import BadInput
from dualtrack.record.merge import Merged, known_states, merge
from dualtrack.record.store import packaged
from dualtrack.sources.contract import Adapter, Ask, Cells, Taken, adapter, adapters, printable

_SHOWN = 10  # ids, names or cells that the text lists; --json has all
_PASSED_ON = {
    "yes": "May be passed on with its citation.",
    "no": "Not to be passed on: know export leaves these rows out.",
    "facts-only": "Single facts may be passed on with their citation.",
}


def import_(
    name: Annotated[str | None, typer.Argument(metavar="ADAPTER", help="What kind of file it is; alone, all.")] = None,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The file as you downloaded it.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Your folder of tables; made if it is not there.", metavar="DIR")
    ] = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help="When the data were published, if the file does not say.")
    ] = None,
    accessed: Annotated[
        str | None, typer.Option("--accessed", help="When you downloaded it; the date of the file if left out.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Take the new row where one of its id stands.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    as_json: Json = False,
) -> None:
    """Read a file of SIPRI, NATO, the World Bank or UCDP into a folder of your own; alone, list what can be read."""
    if name is None:
        typer.echo(_list_json() if as_json else _list())
        return
    reader = adapter(name)
    if file is None or into is None:
        raise BadInput(
            f"{'Which file' if file is None else 'Into which folder'}?",
            f"Write: dualtrack know import {reader.name} FILE --into DIR",
        )
    if file.absolute().parent.resolve() == into.resolve():
        raise BadInput(
            f"{file} stands in the folder it is to be read into, which holds tables of the record only.",
            "Keep what you download in a folder of its own.",
        )
    states, numbers = known_states(packaged(), into)
    day = _date(accessed, "--accessed") or _saved(file)
    taken = reader.read(file, Ask(day, _date(edition, "--edition"), states, numbers))
    if not taken.rows:
        raise BadInput(
            f"{file} holds no figure of a state of the record; nothing was written.", _first(taken) or reader.summary
        )
    done = merge(into, packaged(), reader.table, taken.rows, taken.source, replacing=replace, dry_run=dry_run)
    if as_json:
        typer.echo(_json(reader, file, into, taken, done))
    else:
        typer.echo("\n".join(map(printable, _lines(reader, into, taken, done, dry_run))))


def _date(text: str | None, option: str) -> str:
    """A date as given, however precise.

    Raises:
        BadInput: it is none, or lies in the future.
    """
    if not text:
        return ""
    parse_day(text, option)
    if text > datetime.now(UTC).date().isoformat():
        raise BadInput(f"{option} {text} is in the future.", "Give the day on which it was published or downloaded.")
    return text


def _saved(file: Path) -> str:
    """The day the file was written here, which is the day it was downloaded unless something else was done to it."""
    with suppress(OSError):  # a file that is not there is told when it is read
        return datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    return datetime.now(UTC).date().isoformat()


def _first(taken: Taken) -> str:
    """The first thing that was not taken over, as a hint."""
    if taken.rejected:
        return str(taken.rejected[0])
    return "; ".join([*taken.notes, *(f"not known: {name}" for name in list(taken.unknown)[:_SHOWN])])


def _list() -> str:
    lines = []
    for found in adapters().values():
        origin = found.origin
        lines += [
            f"{found.name}  {found.summary}.",
            f"  from   {origin.producer}: {origin.title}, {origin.url}",
            f"  into   {found.table}",
            f"  terms  {origin.terms} {_PASSED_ON[origin.redistribute]}",
            f"  cite   {origin.citation_full}",
            "",
        ]
    return "\n".join([*lines, "Download the file, then: dualtrack know import ADAPTER FILE --into DIR"])


def _list_json() -> str:
    listed = [
        {"adapter": a.name, "summary": a.summary, "about": a.about, "table": a.table, "origin": asdict(a.origin)}
        for a in adapters().values()
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def _json(reader: Adapter, file: Path, into: Path, taken: Taken, done: Merged) -> str:
    told: dict[str, Any] = {
        "adapter": reader.name,
        "file": str(file),
        "folder": str(into),
        "source": taken.source,
        "edition": asdict(taken.dated),
        **asdict(done),
        "by_state": _by_state(taken),
        "by_year": dict(sorted(Counter(map(_year, taken.rows)).items())),
        "rejected": [asdict(fault) for fault in taken.rejected],
        "signs": taken.signs,
        "outside": taken.outside,
        "aside": taken.aside,
        "unknown": {name: asdict(one) for name, one in taken.unknown.items()},
        "notes": taken.notes,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _lines(reader: Adapter, into: Path, taken: Taken, done: Merged, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    counts = [f"{_count(len(done.added), 'row')} {would}added to {done.table}"]
    counts += [f"{len(done.filled):,} {would}filled in"] if done.filled else []
    counts += [f"{len(done.replaced):,} {would}replaced"] if done.replaced else []
    counts += [f"{len(done.same):,} there already"] if done.same else []
    source = taken.source
    lines = [
        f"{into}: {', '.join(counts)}.",
        f"  source {source['id']}: {source['publisher']}, {source['title']}. {_PASSED_ON[source['redistribute']]}",
    ]
    lines.append(f"  read: {_span(taken)}")
    if done.kept:
        why = f" ({len(done.shipped):,} of them stand in the record under it)" if done.shipped else ""
        lines.append(
            f"  kept as they were, --replace takes the new ones: {_count(len(done.kept), 'row')}{why}: "
            f"{_some(done.kept)}"
        )
    if done.repeated:
        lines.append(f"  more than once in the file, the first was taken: {_some(done.repeated)}")
    lines += [f"  note: {note}" for note in taken.notes]
    for what, counted in (
        ("no figure (signs for missing values)", taken.signs),
        ("left out, not states of the record", taken.outside),
        ("left out on purpose", taken.aside),
    ):
        if counted:
            lines.append(f"  {what}: {sum(counted.values()):,} ({_most(counted)})")
    for name, one in taken.unknown.items():
        meant = f"; did you mean {' or '.join(one.near)}?" if one.near else "."
        lines.append(f"  not known, {_count(one.figures, 'figure')} left out: {name} ({one.where}){meant}")
    lines += [f"  rejected: {fault}" for fault in taken.rejected[:_SHOWN]]
    if len(taken.rejected) > _SHOWN:
        lines.append(f"  … and {len(taken.rejected) - _SHOWN:,} more rejected; --json lists them all.")
    if done.written:
        lines.append(f"Use it: dualtrack know table {done.table} --record {into}")
    return lines


def _year(row: Cells) -> str:
    return row["year"] if "year" in row else row["date"][:4]


def _by_state(taken: Taken) -> dict[str, dict[str, Any]]:
    """Of each state: first and last year, and how many rows."""
    years: dict[str, list[str]] = {}
    for row in taken.rows:
        years.setdefault(row["state"], []).append(_year(row))
    return {code: {"from": min(of), "to": max(of), "rows": len(of)} for code, of in sorted(years.items())}


def _span(taken: Taken) -> str:
    """The states by the years there are rows of, those of most states first."""
    spans: dict[str, list[str]] = {}
    for code, of in _by_state(taken).items():
        spans.setdefault(of["from"] if of["from"] == of["to"] else f"{of['from']} to {of['to']}", []).append(code)
    states = _count(sum(map(len, spans.values())), "state")
    parts = [f"{years}: {' '.join(codes)}" for years, codes in sorted(spans.items(), key=lambda s: (-len(s[1]), s[0]))]
    return f"{_count(len(taken.rows), 'row')} of {states}. {'; '.join(parts)}"


def _some(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else "")


def _most(counted: Counter[str]) -> str:
    """The things counted most often."""
    parts = [f"{name}: {number:,}" for name, number in counted.most_common(_SHOWN)]
    return ", ".join(parts) + (f" and {len(counted) - _SHOWN:,} more" if len(counted) > _SHOWN else "")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
