"""Which allies keep a pledge on spending in a year, by edition, and who moved towards it.

A pledge is a file of its instrument. Each ally is answered yes, no or unknown on the figures of one dated edition of
NATO's tables; editions and definitions are never joined. Before the end of the pledge the figure stands without a
verdict on it: not due yet. Movement is told between the first year of the pledge and the year asked about, within the
same edition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Edition, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.pledge import UNTOLD, Pledge, Share, Table, allies_of, deciding, tables
from dualtrack.instruments.pledge import pledge as pledge_of
from dualtrack.instruments.references import looked_up
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"year": 2019},
    {"pledge": "nato_wales_2014/equipment", "year": 2019},
    {"pledge": "nato_hague_2025/core_defence"},
    {"pledge": "nato_hague_2025/five_percent", "state": "POL"},
)

_MOVES = ("kept at or above", "reached it", "fell below", "moved toward", "did not move", "moved away", "unknown")


@dataclass(frozen=True)
class _Ally:
    """What one edition says of an ally, in the year asked about and in the first year of the pledge."""

    state: str
    share: Share
    met: Ternary
    before: Share
    met_before: Ternary

    @property
    def moved(self) -> str:
        """Movement from the first year, in words; unknown where rounding or a missing figure leaves it open."""
        if Ternary.UNKNOWN in (self.met, self.met_before):
            return "unknown"
        if self.met_before is Ternary.YES:
            return "kept at or above" if self.met is Ternary.YES else "fell below"
        if self.met is Ternary.YES:
            return "reached it"
        if self.share.low > self.before.high:
            return "moved toward"
        if self.share.high < self.before.low:
            return "moved away"
        same = self.share.figure is not None and self.share.figure == self.before.figure
        return "did not move" if same else "unknown"


def run(
    record: Record,
    pledge: Annotated[str, "folder and file of a pledge"] = "nato_wales_2014/two_percent",
    year: Annotated[
        int | None, "the calendar year; the last with figures, unless given", Field(ge=1949, le=2199)
    ] = None,
    state: Annotated[str | None, "one ally by its code; all allies unless given"] = None,
    edition: Annotated[str | None, "publication date of the table; the latest that decides most, unless given"] = None,
) -> Finding:
    """Every ally with its figure, the answer, what other editions say, and the movement since the pledge."""
    asked = pledge_of(pledge)
    code = state_code(record, state) if state else None
    [text] = instrument(asked.instrument)
    if record.as_of < first_day(text.about.since):
        raise BadInput(f"{text.about.title} was not made by {record.as_of}.", f"Ask as of {text.about.since} or later.")
    work = Workings(record, "pledges", {"pledge": pledge, "year": year, "state": code, "edition": edition})
    found = _tables(work, asked)
    chosen = year or _last_year(asked, found, record.as_of)
    allies = _allies(record, chosen, code)
    by_edition = {name: table for (name, of), table in found.items() if of == chosen}
    if edition and edition not in by_edition:
        raise BadInput(
            f"No edition {edition} with figures for {chosen} is on record as known on {record.as_of}.",
            f"Editions: {', '.join(sorted(by_edition)) or 'none'}.",
        )
    main = edition or deciding(asked, by_edition, allies)
    answers = {name: _compared(asked, found, name, chosen, allies) for name in sorted(by_edition)}
    lines = answers.get(main) or _compared(asked, found, main, chosen, allies)
    _cite(work, asked, [ally for of in [*answers.values(), lines] for ally in of])
    due = _due(asked, chosen, record.as_of)
    _warn(work, asked, main, by_edition, chosen, due)
    return work.finding(
        question=f"Which allies kept the pledge “{_named(asked)}” in {chosen}, and who moved towards it?",
        headline=_headline(record, asked, lines, main, chosen, due, code),
        answer=Answer(
            kind="table",
            value=[_line(ally, answers, due, asked) for ally in lines],
            unit="allies",
            unknown=sorted(ally.state for ally in lines if ally.met is Ternary.UNKNOWN),
            why_unknown=_why(asked, chosen, main) if any(ally.met is Ternary.UNKNOWN for ally in lines) else None,
            coverage=Coverage(
                known=sum(ally.met is not Ternary.UNKNOWN for ally in lines), total=len(lines), of="allies decided"
            ),
            figures={ally.state: ally.share.figure for ally in lines if ally.share.figure is not None} or None,
            summary={
                "Together": _together(lines, due),
                **({"Where editions disagree": split} if (split := _disagreements(answers, allies)) else {}),
            },
        ),
        editions=[Edition(edition=name, answer=_set(of), basis=by_edition[name].basis) for name, of in answers.items()],
        method=(
            "The condition of the pledge is tested on the share of each ally as one edition has it. A share printed to "
            "two decimals decides as printed; a coarser one is unknown where rounding could carry it across the level; "
            "a list of who passed bounds it from one side. The edition is the latest of those that decide most allies. "
            f"Movement: from {asked.written.since} to the year, in the same edition. Allies without armed forces are "
            "left out."
        ),
    )


def _tables(work: Workings, asked: Pledge) -> dict[tuple[str, int], Table]:
    if asked.metric is None:
        return {}
    definition = asked.written.definition
    values = work.select("spending", "series = 'nato' AND definition = ?", definition)
    lists = work.select("spending_lists", "definition = ?", definition)
    return tables(values, lists, asked.metric)


def _last_year(asked: Pledge, found: dict[tuple[str, int], Table], day: date) -> int:
    """The latest year not after the end of the pledge that an edition holds for most allies it holds at all."""
    end = first_day(asked.written.deadline).year
    sizes = {place: len(table.values) or 1 for place, table in found.items() if place[1] <= end}
    full = [year for (_, year), size in sizes.items() if size >= max(sizes.values()) / 2]
    return max(full, default=min(end, day.year))


def _allies(record: Record, year: int, code: str | None) -> list[str]:
    """The allies with armed forces at the end of a year, or one of them."""
    allies = allies_of(record, year)
    if code and code not in allies:
        raise BadInput(f"{named(record, code)} is not bound: it was no ally with armed forces in {year}.",
                       "Ask for an ally, or for another year.")  # fmt: skip
    return [code] if code else allies


def _met(asked: Pledge, shares: Sequence[Share]) -> list[Ternary]:
    return asked.met({asked.metric or "related_share_pct": shares})


def _compared(
    asked: Pledge, found: dict[tuple[str, int], Table], edition: str, year: int, allies: Sequence[str]
) -> list[_Ally]:
    def of(when: int) -> list[Share]:
        table = found.get((edition, when))
        return table.shares(allies) if table else [UNTOLD] * len(allies)

    now = of(year)
    before = of(asked.written.since) if year > asked.written.since else [UNTOLD] * len(allies)
    answers = zip(allies, now, _met(asked, now), before, _met(asked, before), strict=True)
    return [_Ally(*each) for each in answers]


def _cite(work: Workings, asked: Pledge, allies: Sequence[_Ally]) -> None:
    for number in looked_up(work.record, asked.quoted()):
        work.use(number.row, "action", "threshold_value", "unit")
        if not number.checked:
            work.caveat(f"The level ({number.value:g} {number.unit}) is not yet checked against the text.")
    for ally in allies:
        for share in (ally.share, ally.before):
            if share.row:
                work.use(share.row, share.cell)


def _due(asked: Pledge, year: int, day: date) -> str:
    end = last_day(asked.written.deadline)
    return "due" if year >= end.year and day > end else "not due yet"


def _warn(work: Workings, asked: Pledge, main: str, by_edition: dict[str, Table], year: int, due: str) -> None:
    if due != "due":
        work.caveat(
            f"The pledge runs to {spell(asked.written.deadline)}: a share below the level in {year} misses no pledge."
        )
    if year <= asked.written.since:
        work.caveat(f"Movement is told from {asked.written.since} on: for {year} there is none to tell.")
    if len(by_edition) > 1:
        work.caveat(
            f"{len(by_edition)} editions have {year}; the past changes between them, and each is answered alone."
        )
    if main and not by_edition[main].values:
        work.caveat(f"Of the edition of {main} only a list of names is on record for {year}.")
    if asked.written.definition == "core_defence":
        work.caveat("Core defence (NATO's tables from 2026 on) is not joined with figures of earlier tables.")
    work.caveat(asked.written.why)


def _line(ally: _Ally, answers: dict[str, list[_Ally]], due: str, asked: Pledge) -> dict[str, Any]:
    every = {name: next(a for a in of if a.state == ally.state) for name, of in answers.items()}
    return {
        "ally": ally.state,
        "share": ally.share.figure,
        "met": str(ally.met),
        "due": due,
        f"share_{asked.written.since}": ally.before.figure,
        "moved": ally.moved,
        "other_editions": [f"{name}: {_told(of)}" for name, of in every.items() if of.share is not ally.share] or None,
        "in_every_edition": str(_common([of.met for of in every.values()])),
    }


def _told(ally: _Ally) -> str:
    figure = "no figure" if ally.share.figure is None else f"{ally.share.figure:g}"
    return f"{figure}, {ally.met}"


def _common(answers: Sequence[Ternary]) -> Ternary:
    """The answer that all editions with one give, unknown where they differ or none has one."""
    known = {answer for answer in answers if answer is not Ternary.UNKNOWN}
    return known.pop() if len(known) == 1 else Ternary.UNKNOWN


def _set(allies: Sequence[_Ally]) -> Answer:
    unknown = [ally.state for ally in allies if ally.met is Ternary.UNKNOWN]
    return Answer(
        kind="set",
        value=[ally.state for ally in allies if ally.met is Ternary.YES],
        unit="allies",
        unknown=unknown,
        why_unknown="no figure, or one that rounding could carry across the level" if unknown else None,
        coverage=Coverage(known=len(allies) - len(unknown), total=len(allies), of="allies decided"),
    )


def _together(allies: Sequence[_Ally], due: str) -> list[dict[str, Any]]:
    total = len(allies)
    lines: list[dict[str, Any]] = [
        {"what": "met", "answer": str(answer), "allies": sum(a.met is answer for a in allies), "of": total, "due": due}
        for answer in Ternary
    ]
    moves = Counter(ally.moved for ally in allies)
    return lines + [
        {"what": "movement", "answer": move, "allies": moves[move], "of": total, "due": due}
        for move in _MOVES
        if moves[move]
    ]


def _disagreements(answers: dict[str, list[_Ally]], allies: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for place, state in enumerate(allies):
        told = {name: of[place] for name, of in answers.items()}
        if {Ternary.YES, Ternary.NO} <= {ally.met for ally in told.values()}:
            found.append({"ally": state, "editions": [f"{name}: {_told(ally)}" for name, ally in told.items()]})
    return found


def _why(asked: Pledge, year: int, edition: str) -> str:
    if asked.metric is None:
        return "no table holds spending related to defence and security by ally"
    of = f"edition of {edition}" if edition else "any edition"
    return f"spending and spending_lists hold nothing for {year} in {of} that decides it"


def _named(asked: Pledge) -> str:
    title = asked.written.title
    return title[:1].lower() + title[1:]


def _headline(
    record: Record, asked: Pledge, allies: Sequence[_Ally], edition: str, year: int, due: str, code: str | None
) -> str:
    source = f"edition of {spell(edition)}" if edition else "no edition has figures"
    title = asked.written.title
    if code:
        [ally] = allies
        figure = "no share on record" if ally.share.figure is None else f"{ally.share.figure:g} percent"
        name = named(record, code)
        return (
            f"{name[:1].upper()}{name[1:]}: {figure} in {year} ({source}), {title}: {ally.met}"
            f"{'' if due == 'due' else ', not due yet'}; movement since {asked.written.since}: {ally.moved}"
        )
    counts, moves = Counter(ally.met for ally in allies), Counter(ally.moved for ally in allies)
    closer, away = moves["moved toward"] + moves["reached it"], moves["moved away"] + moves["fell below"]
    since = f"; from {asked.written.since} on, {closer} moved toward or reached it, {away} moved away"
    parts = [f"{counts[Ternary.NO]} did not", f"{counts[Ternary.UNKNOWN]} cannot be told"]
    return (
        f"{title}, {year} ({source}): {counts[Ternary.YES]} of {plural(len(allies), 'ally', 'allies')} met the level, "
        f"{listed(parts)}; {'the pledge is due' if due == 'due' else 'it is not due yet'}"
        f"{since if moves['unknown'] < len(allies) else ''}"
    )
