"""Who moved first: when was each step first public, and when the step it is said to answer, in both directions.

It holds what is said against the dates, for every side by the same rule; it does not say what caused what. An order
can fit although the link is not true, and a link can be true although an earlier step is not on record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import actor_cell, actors, earliest, label, label_cells, named, resolved, state_code
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Relation = Literal["all", "announced", "described", "reported", "not linked", "denied"]
Named = Literal["step", "first of a kind", "last of a kind", "matter"]

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"by": "RUS"},
    {"by": "NATO"},
    {"relation": "announced"},
)

_LINKED = ("announced", "described", "reported")
_MENTIONS = ("announced", "announced_known_from", "known_from")  # for an encounter its date is not yet public
_DATED = ("commitments", "dialogue", "proposals", "statements")  # tables whose own date is a public one
_DEPENDS = "depends on what was meant"
_SHORT = {Ternary.YES: "fits", Ternary.NO: "does not fit", Ternary.UNKNOWN: "cannot tell"}


@dataclass(frozen=True)
class _Pair:
    """A step, the step it is said to answer where the record has it, and when each was first public."""

    link: Row
    step: Row | None
    other: Row | None
    step_public: tuple[date, date] | None
    other_public: tuple[date, date] | None

    @property
    def days(self) -> tuple[int, int] | None:
        """Least and most days from the other step's first mention to this one's; negative when this came first."""
        if not self.step_public or not self.other_public:
            return None
        return (self.step_public[0] - self.other_public[1]).days, (self.step_public[1] - self.other_public[0]).days

    @property
    def linked(self) -> bool:
        """Whether somebody says that the step is an answer."""
        return self.link.text("relation") in _LINKED

    @property
    def fits(self) -> Ternary:
        """Whether the order fits what is said; unknown on the same day or where precision leaves it open."""
        days = self.days
        if not days or days[0] <= 0 <= days[1]:
            return Ternary.UNKNOWN
        return Ternary.YES if days[0] > 0 else Ternary.NO


def run(
    record: Record,
    by: Annotated[
        str | None, "who takes the step said to be an answer: a state's code, or NATO with its members"
    ] = None,
    relation: Annotated[Relation, "all, announced, described, reported, not linked or denied"] = "all",
    named: Annotated[Named | None, "only links that name this: step, first of a kind, last of a kind or matter"] = None,
) -> Finding:
    """Every link on record between a step and one it is said to answer, with both first mentions and their order."""
    code = state_code(record, by, ["NATO"]) if by else None
    work = Workings(record, "who_moved_first", {"by": code, "relation": relation, "named": named})
    given = {"relation": None if relation == "all" else relation, "named": named}
    asked = {name: value for name, value in given.items() if value}
    chosen = (" AND ".join(f"{name} = ?" for name in asked), *asked.values()) if asked else ()
    links = work.select("responses", *chosen)
    pairs = [pair for link in links if _wanted(record, (pair := _pair(record, link)), code)]
    if not pairs:
        raise BadInput(
            f"No such link between two steps is on record as known on {record.as_of}.",
            "That is not a finding that there was none. Ask for all, or a later --as-of.",
        )
    for pair in pairs:
        _note(work, pair)
    pairs.sort(key=lambda pair: (pair.step_public or (date.max, date.max), pair.link.id))
    claimed = [pair for pair in pairs if pair.linked]
    _warn(work, pairs, claimed)
    return work.finding(
        question=_question(record, code),
        headline=_headline(claimed, pairs),
        answer=Answer(
            kind="table",
            value=[_line(pair) for pair in pairs],
            unit="links",
            unknown=sorted(pair.link.id for pair in claimed if pair.fits is Ternary.UNKNOWN),
            why_unknown=(
                "responses names no row for what was answered, or the dates of both steps overlap"
                if any(pair.fits is Ternary.UNKNOWN for pair in claimed)
                else None
            ),
            coverage=Coverage(
                known=sum(pair.days is not None for pair in claimed),
                total=len(claimed),
                of="claimed answers with both steps on record and dated",
            ),
            summary=_summary(record, pairs),
        ),
        method=(
            "First public mention: the earliest of the dates a row gives for its announcement, its own date where that "
            "is public (a statement, a decision, a meeting), and the day it was on public record. A date without a day "
            "means any of its days, so days between are a range. The order fits when the step said to be answered was "
            "public on an earlier day than the answer, whatever the precision; on the same day it cannot be told. "
            "Where a kind of step was named, the first and the last of that kind on record then are both held against "
            "it (see responses in the codebook)."
        ),
    )


def _pair(record: Record, link: Row) -> _Pair:
    step, other = resolved(record, link.text("step")), resolved(record, link.text("answers"))
    return _Pair(link, step, other, _public(step, link, "step_public"), _public(other, link, "answers_public"))


def _public(row: Row | None, link: Row, noted: str) -> tuple[date, date] | None:
    """The first public mention: of the row's own dates, and of one a note of the record gives."""
    if row is None:
        return None
    own = earliest(row, (*_MENTIONS, *(("date",) if row.spec.table in _DATED else ())))
    found = [days for days in (own, earliest(link, [noted])) if days]
    return (min(days[0] for days in found), min(days[1] for days in found)) if found else None


def _wanted(record: Record, pair: _Pair, code: str | None) -> bool:
    if code is None:
        return True
    taken = actors(pair.step) if pair.step else []
    if code == "NATO":
        return bool({*taken} & {"NATO", *record.members("nato", record.as_of)})
    return code in taken


def _note(work: Workings, pair: _Pair) -> None:
    noted = (name for name in ("step_public", "answers_public") if pair.link[name] is not None)
    work.use(pair.link, "relation", "said_by", "named", *noted)
    for row in (pair.step, pair.other):
        if row:
            dates = (*_MENTIONS, "date")
            filled = [name for name in dates if row.spec.has(name) and row[name] is not None]
            work.use(row, *label_cells(row), *actor_cell(row), *filled)


def _line(pair: _Pair) -> dict[str, Any]:
    other = label(pair.other) if pair.other else "what it answers is not a row of the record"
    return {
        "order": _SHORT[pair.fits] if pair.linked else "not claimed",
        "days_between": _span(pair.days),
        "by": actors(pair.step) if pair.step else None,
        "public": _when(pair.step_public),
        "step": label(pair.step) if pair.step else pair.link["step"],
        "relation": pair.link["relation"],
        "named": pair.link["named"],
        "said_by": pair.link["said_by"],
        "step_row": pair.link["step"],
        "answers_row": pair.link["answers"],
        "answers_by": actors(pair.other) if pair.other else None,
        "answers_public": _when(pair.other_public),
        "note": pair.link["note"],
        "link": pair.link.id,
        "said_to_answer": f"{_when(pair.other_public)}: {other}" if pair.other_public else other,
    }


def _when(days: tuple[date, date] | None) -> str | None:
    if days is None:
        return None
    first, last = days
    if first == last:
        return first.isoformat()
    shorter = (
        text for text in (first.isoformat()[:4], first.isoformat()[:7]) if (first_day(text), last_day(text)) == days
    )
    return next(shorter, f"{first.isoformat()} to {last.isoformat()}")


def _span(days: tuple[int, int] | None) -> str | None:
    if days is None:
        return None
    return f"{days[0]:,}" if days[0] == days[1] else f"{days[0]:,} to {days[1]:,}"


def _summary(record: Record, pairs: Sequence[_Pair]) -> dict[str, list[dict[str, Any]]]:
    codes = sorted({code for pair in pairs for code in (actors(pair.step) if pair.step else [])})
    members = {"NATO", *record.members("nato", record.as_of)}
    groups: dict[str, list[_Pair]] = {
        "NATO or members": [],
        **{c: [] for c in codes if c not in members},
        "not named": [],
    }
    for pair in pairs:
        taken = actors(pair.step) if pair.step else []
        for group in {("NATO or members" if code in members else code) for code in taken} or {"not named"}:
            groups[group].append(pair)
    relations = pairs[0].link.spec.field("relation").values
    return {
        "By step": _by_step(pairs),
        "Links by who takes the step": [_count("step_by", name, found) for name, found in groups.items() if found],
        "Links by what is said": [
            _count("said", text, [pair for pair in pairs if pair.link["relation"] == name])
            for name, text in relations.items()
            if any(pair.link["relation"] == name for pair in pairs)
        ],
    }


def _count(name: str, value: str, pairs: Sequence[_Pair]) -> dict[str, Any]:
    claimed = [pair for pair in pairs if pair.linked]
    orders = Counter(pair.fits for pair in claimed)
    return {
        "links": len(pairs),
        "claimed_answers": len(claimed),
        "order_fits": orders[Ternary.YES],
        "does_not_fit": orders[Ternary.NO],
        "cannot_tell": orders[Ternary.UNKNOWN],
        name: value,
    }


def _warn(work: Workings, pairs: Sequence[_Pair], claimed: Sequence[_Pair]) -> None:
    work.caveat(
        "An order that fits does not show that one step caused the other; an order that does not, no bad faith."
    )
    kinds = [pair for pair in claimed if pair.link.text("named").endswith("of a kind")]
    if kinds:
        work.caveat(
            f"In {len(kinds)} of {len(claimed)} claimed answers a kind of step was named and not one step: the first "
            "and the last of that kind on record then are both shown, and the verdict can turn on which was meant."
        )
    matters = sum(pair.other is None for pair in claimed)
    if matters:
        work.caveat(
            f"For {matters} of {len(claimed)} what was answered is not a row of the record, so no order is given."
        )
    earlier = [pair for pair in pairs if pair.link["relation"] == "not linked"]
    if earlier:
        work.caveat("Some steps were announced without being called an answer; the claim came later (see not linked).")
    work.caveat(
        "First mentions are those on record; either step may have been public earlier, and the order change with it."
    )
    work.caveat("Only links said in pages read are on record, most of them about 2014 to 2017; many more were made.")


def _question(record: Record, code: str | None) -> str:
    of = "" if code is None else " of NATO and its members" if code == "NATO" else f" of {named(record, code)}"
    return f"Which steps{of} are said to answer another, and was the other public first?"


def _by_step(pairs: Sequence[_Pair]) -> list[dict[str, Any]]:
    """One line per step somebody calls an answer: whether the order fits whatever was meant."""
    lines = []
    for name in dict.fromkeys(pair.link.text("step") for pair in pairs if pair.linked):
        found = [pair for pair in pairs if pair.linked and pair.link.text("step") == name]
        step = found[0].step
        lines.append(
            {
                "order": _verdict(found),
                "links": len(found),
                "by": actors(step) if step else None,
                "public": _when(found[0].step_public),
                "step": label(step) if step else name,
            }
        )
    return lines


def _verdict(pairs: Sequence[_Pair]) -> str:
    orders = {pair.fits for pair in pairs}
    if orders >= {Ternary.YES, Ternary.NO}:
        return _DEPENDS
    return _SHORT[Ternary.UNKNOWN if Ternary.UNKNOWN in orders else orders.pop()]


def _headline(claimed: Sequence[_Pair], pairs: Sequence[_Pair]) -> str:
    if not claimed:
        return f"{plural(len(pairs), 'link')} on record, none of which claims that a step was an answer"
    steps = _by_step(pairs)
    verdicts = Counter(str(line["order"]) for line in steps)
    said = [
        f"{count} {words}"
        for verdict, words in (
            (_SHORT[Ternary.YES], "came after what they are said to answer"),
            (_SHORT[Ternary.NO], "came before it"),
            (_DEPENDS, "came before or after it, depending on what was meant,"),
            (_SHORT[Ternary.UNKNOWN], "cannot be told, for want of the other step or its day"),
        )
        if (count := verdicts[verdict])
    ]
    return f"Of {plural(len(steps), 'step')} said to answer another, {listed(said)}"
