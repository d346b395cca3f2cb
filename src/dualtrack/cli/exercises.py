"""``dualtrack check exercises``: what was notifiable and observable, and what a proposal would have changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

from dualtrack.analyses.names import names
from dualtrack.analyses.proposal import run as compare
from dualtrack.api import OpenRecord
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import DOCUMENT, Counting, Told
from dualtrack.instruments.instrument import Instrument as Text
from dualtrack.instruments.instrument import instrument as named_instrument
from dualtrack.instruments.instrument import instruments
from dualtrack.instruments.proposal import proposal as named_proposal
from dualtrack.instruments.proposal import proposals
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import OUTCOMES
from dualtrack.instruments.telling import COLUMNS, as_json, as_line, decided_in_words, host_in_words, turn_in_words
from dualtrack.instruments.verdicts import Verdict, verdicts
from dualtrack.publish.lines import as_csv as csv_of
from dualtrack.record.folder import content

_IN_TIME = {"not_applicable": "not due"}
_WIDTH = 80  # characters of a terminal nobody has widened

Instrument = Annotated[
    str, typer.Option("--instrument", help="An instrument, or a series: the text in force on the first day.")
]
Proposal = Annotated[
    str | None, typer.Option("--proposal", help="Also run a proposal: its id, or a file.", metavar="ID|FILE")
]
Asked = Annotated[Told, typer.Option("--basis", help="The figure the verdicts are on.")]


def exercises(
    file: Annotated[
        Path | None, typer.Argument(help="Your own exercises (CSV or XLSX); left out, the record's.")
    ] = None,
    instrument: Instrument = "vienna_document",
    proposal: Proposal = None,
    basis: Asked = "announced",
    strict: Annotated[bool, typer.Option("--strict", help="What nobody reported is unknown, not absent.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one line per exercise.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="List the instruments and proposals there are.")] = False,
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json_: Json = False,
) -> None:
    """Test exercises by the rules of an instrument, and run a proposal over the same record."""
    if listing:
        _list(as_json_)
        return
    if file and record:
        raise BadInput("A file and --record are given.", "Put the file into the folder, or leave one of them out.")
    if as_csv and as_json_:
        raise BadInput("--csv and --json are given.", "Leave one of them out.")
    if proposal is not None:
        _fits(proposal, instrument, as_csv)
    if file and not file.exists():
        raise BadInput(f"There is no file {file}.", "Name a CSV file or an XLSX workbook.")
    ids = _ids(file) if file else set()
    opened_record = opened(as_of, file or record, known)
    texts = named_instrument(instrument)
    if not any(text.rules for text in texts):
        able = sorted({i.about.series or i.id for i in instruments().values() if i.rules})
        raise BadInput(
            f"{instrument} has no rules on notification or observation.", f"Those that do: {', '.join(able)}."
        )
    if file:
        if not ids:
            raise BadInput(f"{file} holds no exercises.", "Write one in each line below the header of exercises.")
        opened_record = opened_record.only(lambda row: row.spec.table != "exercises" or row.id in ids)
    if proposal:
        found_both = compare(opened_record, proposal=proposal, basis=basis, strict=strict)
        typer.echo(found_both.to_json() if as_json_ else found_both.to_text())
        return
    found = verdicts(opened_record, texts, counting=Counting(strict=True) if strict else DOCUMENT)
    if not found:
        raise BadInput(
            f"No exercise under {instrument} is on record as known on {opened_record.as_of}.",
            "That is not zero: not every exercise was collected. Ask with a later --as-of.",
        )
    if as_json_:
        shown = {"instrument": instrument, "basis": basis, "rows": [as_json(verdict, basis) for verdict in found]}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif as_csv:
        typer.echo(csv_of([as_line(verdict, basis) for verdict in found], COLUMNS), nl=False)
    else:
        for line in (*_lines(found, basis, names(opened_record)), *_foot(opened_record, found, basis, texts)):
            typer.echo(line)


def _fits(proposal: str, instrument: str, as_csv: bool) -> None:
    """Whether the other options go with a proposal; none is passed over in silence."""
    if not proposal.strip():
        raise BadInput("--proposal is empty.", "Name one (--list names them), or a file.")
    if as_csv:
        raise BadInput("--csv is given with --proposal.", "Take --json: before and after are several tables.")
    amends = named_proposal(proposal).written.amends
    if instrument not in ("vienna_document", amends):
        raise BadInput(f"The proposal amends {amends}, not {instrument}.", "Leave --instrument out.")


_MOST = 20_000  # own exercises: a verdict on each is some tenths of a millisecond to a millisecond, and is printed


def _ids(file: Path) -> set[str]:
    """The ids of the user's own exercises, as far as they can be read; what is wrong with the file loading it tells.

    Raises:
        BadInput: there are too many to be answered while somebody waits.
    """
    grids = [grid for grid in content(file).grids if grid.table == "exercises" and "id" in grid.header]
    rows = [(row, grid.header.index("id")) for grid in grids for _, row in grid.rows[1:]]
    if len(rows) > _MOST:
        raise BadInput(f"{file} holds {len(rows):,} exercises; {_MOST:,} can be tested at once.", "Split the file.")
    return {row[place].strip() for row, place in rows if place < len(row)}


def _lines(found: list[Verdict], basis: Told, called: Mapping[str, str]) -> list[str]:
    width = max((len(v.row.id) for v in found), default=0)
    lines = []
    for v in found:
        on = v.bases.get(basis)
        if on is None:
            lines.append(f"{v.row.id:{width}}  no {basis} figure on record")
            continue
        n, o = (str(on.answers[outcome]) for outcome in OUTCOMES)
        lines.append(
            f"{v.row.id:{width}}  notify {n:8} observe {o:8} in time {_IN_TIME.get(v.deadline_met, v.deadline_met)}"
        )
        for outcome, word in zip(OUTCOMES, ("notify", "observe"), strict=True):
            turn = turn_in_words(on, outcome)
            turned = f"; turns {turn}" if turn else ""
            lines.append(f"  {word}: {decided_in_words(on.decided[outcome])}{turned}")
        others = [
            f"{name} {other.answers['notifiable']}/{other.answers['observable']}"
            for name, other in v.bases.items()
            if name != basis and other.answers != on.answers
        ]
        if others:
            lines.append(f"  other figures (notify/observe): {', '.join(others)}")
        for host in v.hosts:
            lines += wrap(
                f"  host {called.get(host.state, host.state)}, {host_in_words(host)}", _WIDTH, subsequent_indent="    "
            )
    return lines


def _foot(record: OpenRecord, found: list[Verdict], basis: Told, texts: Sequence[Text]) -> list[str]:
    """What all of it comes to, and what a reader must know."""
    lines = [""]
    for outcome, words in zip(OUTCOMES, ("to be notified", "to be observed"), strict=True):
        counts = Counter(verdict.answer(outcome, basis) for verdict in found)
        lines.append(
            f"{words}: {counts[Ternary.YES]} yes, {counts[Ternary.NO]} no, {counts[Ternary.UNKNOWN]} open, "
            f"{counts[None]} without {basis} figure, of {len(found)}"
        )
    in_force = {verdict.instrument for verdict in found}
    used = [text for text in texts if text.id in in_force]
    unread = sorted({p.row.id for p in provenance(record, used) if not p.checked})
    lines.append("Counts are lower bounds: large exercises were collected first.")
    if unread:
        lines += wrap(f"Not yet checked against the text: {', '.join(unread)}.", _WIDTH, subsequent_indent="  ")
    return lines


def _list(as_json_: bool) -> None:
    texts = [
        {"id": i.id, "title": i.about.title, "series": i.about.series, "since": i.about.since, "until": i.about.until,
         "rules": len(i.rules)}
        for i in instruments().values()
    ]  # fmt: skip
    amendments = [
        {"id": p.id, "title": p.written.title, "kind": p.written.kind, "amends": p.written.amends,
         "not_run": p.written.not_run}
        for p in proposals().values()
    ]  # fmt: skip
    if as_json_:
        typer.echo(json.dumps({"instruments": texts, "proposals": amendments}, ensure_ascii=False, indent=2))
        return
    for text in texts:
        typer.echo(f"{text['id']:28} {text['title']}, {text['rules']} rules on notification and observation")
    for p in proposals().values():
        typer.echo(f"{p.id:28} {p.label}{': cannot be run. ' + p.written.not_run if p.written.not_run else ''}")
