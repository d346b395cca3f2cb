"""How many new troops on one side stand against each on the other, under every reading of that.

A reading (``readings/balance``) names the rows of each side; the figures, in persons, are added up with their
ranges and divided: lowest over highest up to highest over lowest, in troops per troop. A bound that no source
gives stays unknown, and so does the ratio's bound on that side: "up to 4,000" in the denominator gives a
lowest ratio and no highest one. The numerator and denominator of every reading are part of the finding. Whole
armed forces are not compared unless a reading says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, ByReading, Coverage, Figure, Finding
from dualtrack.core.interval import Interval
from dualtrack.core.show import amount, span
from dualtrack.record.readings import Part, Reading, Side
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

UNIT = "troops per troop"
EXAMPLES: tuple[dict[str, object], ...] = ({"low": 5, "high": 10}, {})


@dataclass(frozen=True)
class Amount:
    """One side of a reading: its figure and unit, or what is missing; and the rows it was added up from."""

    figure: Interval
    unit: str | None
    used: tuple[tuple[Row, Interval], ...] = ()
    missing: str = ""

    @property
    def rows(self) -> list[str]:
        """The permanent ids of the rows, with their table."""
        return [f"{row.spec.table}/{row.id}" for row, _ in self.used]

    @property
    def scopes(self) -> set[str]:
        """What the rows count, such as announced or planned, where their table says so."""
        return {row.text("scope") for row, _ in self.used if row.spec.has("scope")}


def run(
    record: Record,
    readings: Annotated[str, "the slot of readings that say what is counted on each side"] = "balance",
    low: Annotated[float | None, "lowest ratio of a range to compare with, such as 5"] = None,
    high: Annotated[float | None, "highest ratio of that range, such as 10"] = None,
    only: Annotated[str | None, "ids of readings, joined by commas, that alone are taken; all unless given"] = None,
) -> Finding:
    """The ratio under each reading, the span of those in use, and which lie in the range asked about."""
    if low is not None and high is not None and low > high:
        raise BadInput(f"low={low:g} is above high={high:g}.", "Swap them.")
    chosen = [r for r in record.readings(readings) if r.numerator and r.denominator]
    if not chosen:
        raise BadInput(f"The readings of {readings} select groups, not two sides.", "Try readings=balance.")
    if only is not None:
        chosen = _among(chosen, [word.strip() for word in only.split(",")])
    work = Workings(record, "force_ratio", {"readings": readings, "low": low, "high": high, "only": only})
    bounds = None if low is None and high is None else (low or 0.0, math.inf if high is None else high)
    found: list[ByReading] = []
    amounts: dict[str, list[Amount]] = {}
    for reading in chosen:
        sides = [side for side in (reading.numerator, reading.denominator) if side]
        amounts[reading.id] = [amount_of(work, side) for side in sides]
        found.append(_by_reading(record, reading, sides, amounts[reading.id], bounds))
    if not any(side.used for pair in amounts.values() for side in pair):
        raise BadInput(
            f"The record holds no figure for any reading of {readings} known on {record.as_of}.",
            "Try a later --as-of; know table strengths lists what there is.",
        )
    in_use = [r for r in found if r.class_ != "stress" and not r.later]
    answer = _span(in_use)
    _warn(work, [amounts[r.reading[readings]] for r in in_use])
    asked = "" if bounds is None else span(low, high)
    return work.finding(
        question=f"How many troops stand against each one of the other side, under each reading of {readings}?"
        + (f" Is it {asked}?" if asked else ""),
        headline=_headline(record, in_use, answer, asked),
        answer=answer,
        by_reading=found,
        method=(
            "Per reading: the figures of the rows it selects, each part taken as often as the reading says, added up "
            "with their low and high bounds; lowest numerator over highest denominator up to highest over lowest. "
            "Best is the single published figure on both sides, where there is one. The main answer spans the "
            "readings of class speaker and public in use on the day; stress and later readings never count."
        ),
    )


def _among(readings: Sequence[Reading], ids: Sequence[str]) -> list[Reading]:
    """The readings of these ids.

    Raises:
        NoSuchName: one of them is none.
    """
    known = [reading.id for reading in readings]
    for id_ in ids:
        if id_ not in known:
            raise NoSuchName("reading", id_, known)
    return [reading for reading in readings if reading.id in ids]


def amount_of(work: Workings, side: Side) -> Amount:
    """What one side of a reading adds up to as known on the record's day, noting every row as evidence.

    The figure is unknown when any part selects no row, or lacks the row of one of the values it lists.
    """
    total, units, used = Interval.exactly(0), set[str](), list[tuple[Row, Interval]]()
    for part in side.parts:
        rows, missing = _select(work, part)
        if missing:
            return Amount(Interval(None, None), None, tuple(used), missing)
        for row in rows:
            work.use(row, part.low, part.high)
            units.add(_unit(row, part))
            used.append((row, row.interval(part.low, part.high)))
            total = total.plus(_times(used[-1][1], part.times))
    if len(units) != 1:
        return Amount(Interval(None, None), None, tuple(used), f"{side.label}: figures in {listed(sorted(units))}")
    if total.low is total.high is total.best is None:
        names = listed([f"{row.spec.table}/{row.id}" for row, _ in used])
        return Amount(total, units.pop(), tuple(used), f"{names}: no figure known by then")
    return Amount(total, units.pop(), tuple(used))


def _select(work: Workings, part: Part) -> tuple[list[Row], str]:
    """The rows a part selects as known, or what is missing of them."""
    rows = work.equal(part.table, part.where)
    words = ", ".join(f"{column} {' or '.join(w) if isinstance(w, list) else w}" for column, w in part.where.items())
    if not rows:
        return [], f"{part.table}: no row known by then with {words}"
    for column, wanted in part.where.items():
        lost = sorted(set(wanted) - {row.text(column) for row in rows}) if isinstance(wanted, list) else []
        if lost:
            return [], f"{part.table}: no row known by then with {column} {' or '.join(lost)}"
    return ([_latest(rows)] if part.pick == "latest" else rows), ""


def _latest(rows: list[Row]) -> Row:
    """The row with the latest date; of rows of the same day, the more precisely dated one, then by id."""
    when = rows[0].spec.when
    return max(rows, key=lambda row: (row.last(when) or date.min, row.first(when) or date.min, row.id))


def _times(figure: Interval, factor: Fraction) -> Interval:
    """The figure taken ``factor`` times, with thirds kept exact as long as they can be."""
    scaled = figure.times(factor.numerator)
    low, high, best = (None if v is None else v / factor.denominator for v in (scaled.low, scaled.high, scaled.best))
    return Interval(low, high, best)


def _unit(row: Row, part: Part) -> str:
    """The unit of a figure in words, from the row where its table counts in several units."""
    unit = row.spec.field(part.low).unit
    return row.spec.field("unit").values.get(row.text("unit"), row.text("unit")) if unit == "see unit" else unit


def _by_reading(
    record: Record, reading: Reading, sides: list[Side], amounts: list[Amount], bounds: tuple[float, float] | None
) -> ByReading:
    above, below = amounts
    ratio = Interval(None, None)
    missing = "; ".join(side.missing for side in amounts if side.missing)
    if not missing and above.unit != below.unit:
        missing = f"{above.unit} cannot be compared with {below.unit}"
    if not missing:
        ratio = above.figure.per(below.figure)
        if ratio.low is ratio.high is ratio.best is None:
            missing = "the bounds on record allow no ratio"
    exact = ratio.low is not None and ratio.low == ratio.high
    unit = UNIT if above.unit in ("persons", None) else f"{above.unit} per one"
    return ByReading(
        reading={reading.slot: reading.id},
        class_=reading.class_,
        label=reading.label,
        later=not reading.exists_on(record.as_of),
        sources=list(reading.sources),
        why=reading.why.strip(),
        answer=Answer(
            kind="number" if exact else "interval",
            value=ratio.low if exact else None,
            low=ratio.low,
            best=ratio.best,
            high=ratio.high,
            unit=unit,
            why_unknown=missing or None,
        ),
        parts=[
            Figure(role=role, label=side.label, low=found.figure.low, best=found.figure.best,
                   high=found.figure.high, unit=found.unit, rows=found.rows)
            for role, side, found in zip(("numerator", "denominator"), sides, amounts, strict=True)
        ],
        within=None if bounds is None else _within(ratio, *bounds),
        within_best=None if bounds is None else _best_within(ratio, *bounds),
    )  # fmt: skip


def _within(ratio: Interval, low: float, high: float) -> Literal["yes", "no", "in part", "unknown"]:
    """Whether the whole ratio lies in the range; unknown where a bound that is not on record decides.

    A ratio is not negative, so in a range that is open on a side an unknown bound on that side does not matter.
    """
    least = 0.0 if ratio.low is None and low <= 0 else ratio.low
    most = math.inf if ratio.high is None and high == math.inf else ratio.high
    inside = Interval(least, most).within(low, high)
    if inside is not None:
        return "yes" if inside else "no"
    return "unknown" if least is None or most is None else "in part"


def _best_within(ratio: Interval, low: float, high: float) -> Literal["yes", "no", "unknown"]:
    if ratio.best is None:
        return "unknown"
    return "yes" if low <= ratio.best <= high else "no"


def _span(in_use: Sequence[ByReading]) -> Answer:
    """The lowest to the highest ratio of the readings in use; a bound one of them lacks is unknown."""
    known = [r.answer for r in in_use if r.answer.why_unknown is None]
    lows, highs = [a.low for a in known if a.low is not None], [a.high for a in known if a.high is not None]
    units = {a.unit for a in known}
    if not known or len(units) != 1:
        why = "no reading in use could be computed" if not known else "the readings count in different units"
        low = high = None
    else:
        why = None
        low = min(lows) if len(lows) == len(known) else None
        high = max(highs) if len(highs) == len(known) else None
    return Answer(
        kind="interval",
        low=low,
        high=high,
        unit=units.pop() if len(units) == 1 else None,
        why_unknown=why,
        coverage=Coverage(known=len(known), total=len(in_use), of="readings in use computed"),
    )


def _warn(work: Workings, pairs: Sequence[Sequence[Amount]]) -> None:
    work.caveat("Only what a reading names is counted: whole armed forces of either side are not compared.")
    mixed = {
        f"{' and '.join(sorted(above.scopes))} against {' and '.join(sorted(below.scopes))}"
        for above, below in pairs
        if above.scopes and below.scopes and above.scopes != below.scopes
    }
    if mixed:
        work.caveat(f"The sides are not counted alike in every reading in use: {'; '.join(sorted(mixed))}.")
    if any("net growth" in side.scopes for pair in pairs for side in pair):
        work.caveat(
            "Units announced as new may be built from units already there: the announced size is then the most "
            "that the number of troops can grow by. Only the reading of net growth takes this into account."
        )
    for row, figure in (used for pair in pairs for side in pair for used in side.used):
        if (figure.low is None) != (figure.high is None):
            given, lacking = ("an upper", "lower") if figure.low is None else ("a lower", "upper")
            work.caveat(
                f"{row.spec.table}/{row.id} gives {given} figure only ({span(figure.low, figure.high)}): its {lacking} "
                "bound is unknown, and with it one bound of every ratio that uses it."
            )


def _headline(record: Record, in_use: Sequence[ByReading], answer: Answer, asked: str) -> str:
    count = f"{plural(len(in_use), 'reading')} in use on {spell(record.as_of)}"
    if answer.why_unknown:
        return f"The ratio cannot be told under {count}: {answer.why_unknown}"
    figures, bound = span(answer.low, answer.high), "" if answer.high is not None else ", no upper bound on record"
    if not asked:
        bests = [r.answer.best for r in in_use if r.answer.best is not None]
        single = listed([amount(best) for best in sorted(set(bests))])
        last = f": {single} under the {len(bests)} with a single figure" if bests else ""
        return _sentence(f"{figures} {UNIT}{bound}, over {count}{last}")
    holds = [r for r in in_use if r.within == "yes" or (r.within != "no" and r.within_best == "yes")]
    ground = "" if all(r.within == "yes" for r in holds) else " at the published figure"
    partly = sum(r.within == "in part" and r not in holds for r in in_use)
    untold = sum(r.within == "unknown" and r not in holds for r in in_use)
    rest = (f", in part under {partly}" if partly else "") + (f", cannot be told for {untold}" if untold else "")
    return _sentence(f"{asked} {UNIT} holds{ground} under {len(holds)} of {count}{rest} (over all: {figures}{bound})")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
