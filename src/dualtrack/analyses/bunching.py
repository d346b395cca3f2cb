"""Whether more published counts lie just under a level of the Vienna Document than just over it, by side and together.

Counted are figures within a fixed distance of a level, the same distances for everybody, and each count is printed
with the number of figures it is of. The tests are exact: if a figure near a level were as likely to fall under it as
over it, how often would so many fall under it? A figure that reaches a level exactly lies over it. A count under a
level is no evidence of a false count, and a small chance none of intent: an exercise may be planned to stay under.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any, Literal

from dualtrack.analyses.exact import as_uneven_by_chance, at_least_by_chance, differ_by_chance, holm
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import CELLS, troops
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.references import provenance
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = ({}, {"basis": "announced"}, {"basis": "announced", "since": "2014"})

Own = Literal["declared", "announced"]
WINDOWS = (500, 1_000, 2_000)  # persons; fixed in advance, for every side and both levels
FEWEST = 30  # figures: with fewer, no density around a level can be estimated
_ROUND = (500, 1_000)
_SHOWN = ("lead_states", "side", "start", "in_zone", "structure")
_FIGURE: dict[Own, str] = {"declared": "declared counts", "announced": "announced totals"}


def run(
    record: Record,
    basis: Annotated[Own, "declared (the organiser's own Vienna Document count) or announced"] = "declared",
    since: Annotated[str | None, "exercises that start from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
) -> Finding:
    """Counts just under and just over each level, by side and together, with exact tests."""
    work = Workings(record, "bunching", {"basis": basis, "since": since, "until": until})
    window = Window.of(since, until)
    candidates = [row for row in work.select("exercises") if window.holds(row.text("start")) is not Ternary.NO]
    inside = [row for row in candidates if row["in_zone"] != "no"]
    rows = [row for row in inside if troops(row, basis) is not None]
    if not rows:
        raise BadInput(
            f"None of the {_FIGURE[basis]} on record {window.words(record.as_of)} was known on {record.as_of}.",
            "Ask for basis=announced, or a later --as-of.",
        )
    for row in rows:
        work.use(row, CELLS[basis], *(name for name in _SHOWN if row[name] is not None))
    levels = _levels(work)
    lines = [
        _split(rows, basis, side, level, width)
        for level in levels
        for width in WINDOWS
        for side in _sides(rows)
    ]  # fmt: skip
    between = [_compared(*pair) for pair in _pairs(lines)]
    _correct([*lines, *between])
    _warn(work, rows, basis, len(candidates) - len(inside), lines, between)
    return work.finding(
        question=(
            f"Do more {_FIGURE[basis]} {window.words(record.as_of)} lie just under {levels[0]:,} and {levels[1]:,} "
            "than just over?"
        ),
        headline=_headline(lines, levels, basis, window, record),
        answer=Answer(
            kind="table",
            value=[_shown(line) for line in lines],
            unit="exercises",
            unknown=sorted(row.id for row in inside if troops(row, basis) is None),
            why_unknown=f"no figure on this basis ({basis}) is on record (table exercises)",
            coverage=Coverage(
                known=len(rows),
                total=len(inside),
                of=f"exercises in the zone, at least in part, with a figure ({basis})",
            ),
            summary={
                "Sides compared": [_shown(line) for line in between],
                "Figures near a level": _near(rows, basis, levels),
                "Rounding": _rounding(rows, basis, levels),
            },
        ),
        method=(
            "Under: from the level minus the window up to, not including, the level. Over: from the level up to, not "
            "including, the level plus the window. Exact binomial tests against an even split, one-sided for more "
            "under and two-sided; Fisher's exact test between sides. Least: the smallest two-sided chance that so many "
            "figures can give. Holm: the two-sided chance corrected for all tests printed here. Whole numbers "
            "throughout (math.comb)."
        ),
    )


def _levels(work: Workings) -> list[int]:
    """The levels of troops to notify and to observe a land activity, with their rows as evidence."""
    text = instrument("vienna_document")[-1]
    found = []
    for number in provenance(work.record, [text]):
        if number.level == "troops_level" and number.rule in ("notification_land", "observation_land"):
            work.use(number.row, "threshold_value")
            found.append(int(number.value))
    return sorted(found)


def _sides(rows: Sequence[Row]) -> list[str]:
    present = {row.text("side") for row in rows}
    return ["all", *(side for side in rows[0].spec.field("side").values if side in present)]


def _split(rows: Sequence[Row], basis: Own, side: str, level: int, width: int) -> dict[str, Any]:
    figures = [figure for row in rows if side in ("all", row["side"]) and (figure := troops(row, basis)) is not None]
    under = sum(level - width <= figure < level for figure in figures)
    over = sum(level <= figure < level + width for figure in figures)
    n = under + over
    return {
        "level": level, "window": width, "side": side, "under": under, "over": over, "n": n,
        "more_under": at_least_by_chance(under, n) if n else None,
        "two_sided": as_uneven_by_chance(under, n) if n else None,
        "least": as_uneven_by_chance(n, n) if n else None,
    }  # fmt: skip


def _pairs(lines: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Sides that both have figures in the same window of the same level."""
    some = [line for line in lines if line["n"] and line["side"] != "all"]
    return [(a, b) for a, b in combinations(some, 2) if (a["level"], a["window"]) == (b["level"], b["window"])]


def _compared(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": a["level"], "window": a["window"], "side": a["side"], "other": b["side"],
        "under": a["under"], "n": a["n"], "other_under": b["under"], "other_n": b["n"],
        "two_sided": differ_by_chance((a["under"], a["over"]), (b["under"], b["over"])),
    }  # fmt: skip


def _correct(lines: Sequence[dict[str, Any]]) -> None:
    """Adds Holm's correction over every two-sided test made."""
    tested = [line for line in lines if line["two_sided"] is not None]
    for line in lines:
        line["holm"] = None
    for line, chance in zip(tested, holm([line["two_sided"] for line in tested]), strict=True):
        line["holm"] = chance


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    """Chances as decimals; a test that was not made, for lack of figures, has none."""
    return {name: float(value) if isinstance(value, Fraction) else value for name, value in line.items()}


def _near(rows: Sequence[Row], basis: Own, levels: Sequence[int]) -> list[dict[str, Any]]:
    """Every figure within the widest window of a level: an exercise may be near two."""
    figures = sorted((troops(row, basis) or 0, row.id, row) for row in rows)
    return [
        {"level": level, "from_level": figure - level, "figure": figure, "side": row["side"],
         "lead_states": row.parts("lead_states"), "start": row["start"], "id": row.id}
        for level in levels
        for figure, _, row in figures
        if level - WINDOWS[-1] <= figure < level + WINDOWS[-1]
    ]  # fmt: skip


def _rounding(rows: Sequence[Row], basis: Own, levels: Sequence[int]) -> list[dict[str, Any]]:
    lines = []
    for side in _sides(rows):
        figures = [troops(row, basis) or 0 for row in rows if side in ("all", row["side"])]
        lines.append(
            {"side": side, "n": len(figures),
             **{f"multiples_of_{unit}": sum(figure % unit == 0 for figure in figures) for unit in _ROUND},
             "exactly_a_level": sum(figure in levels for figure in figures)}
        )  # fmt: skip
    return lines


def _headline(
    lines: Sequence[dict[str, Any]], levels: Sequence[int], basis: Own, window: Window, record: Record
) -> str:
    middle = WINDOWS[1]
    said = []
    for level in levels:
        [line] = [x for x in lines if (x["level"], x["window"], x["side"]) == (level, middle, "all")]
        chance = (
            f", two-sided p {float(line['two_sided']):.2g}, corrected {float(line['holm']):.2g}" if line["n"] else ""
        )
        said.append(f"{level:,}: {line['under']} under and {line['over']} over{chance}")
    most = max(line["n"] for line in lines)
    return (
        f"{_FIGURE[basis].capitalize()} {window.words(record.as_of)} within {middle:,} of "
        f"{'; of '.join(said)}; with {plural(most, 'figure')} at most in any window, "
        f"{'too few for more than exact tests' if most < FEWEST else 'and large exercises collected first'}"
    )


def _warn(
    work: Workings,
    rows: Sequence[Row],
    basis: Own,
    outside: int,
    lines: Sequence[dict[str, Any]],
    between: Sequence[dict[str, Any]],
) -> None:
    work.caveat(
        f"Selection: {work.record.spec('exercises').collected} An exercise just under a level is likelier to be on "
        "record when somebody doubted its count, so a figure under a level may have drawn attention for that reason."
    )
    figures = [troops(row, basis) or 0 for row in rows]
    halves, wholes = (sum(figure % unit == 0 for figure in figures) for unit in _ROUND)
    work.caveat(
        f"Rounding: {halves} of {len(figures)} figures are multiples of 500 and {wholes} of 1,000. Round figures pile "
        "up anywhere, so a window holds more or fewer of them for no other reason; a level reached exactly counts as "
        "over."
    )
    tests = sum(line["two_sided"] is not None for line in (*lines, *between))
    work.caveat(
        f"{plural(tests, 'test')} of three overlapping windows, two levels and several sides are printed: take the "
        "chance corrected by Holm's method, and none of the smallest for itself."
    )
    most = max(line["n"] for line in lines)
    if most < FEWEST:
        work.caveat(
            f"No density and no McCrary test is offered: the fullest window holds {plural(most, 'figure')}, and with "
            f"fewer than {FEWEST} the estimate would be made of its own bandwidth."
        )
    if basis == "announced":
        work.caveat(
            "An announced total is not the count the document asks for, the largest number under one command at any "
            "one time; that it lies under or over a level says little on the rule."
        )
    if outside:
        work.caveat(
            f"{plural(outside, 'exercise')} outside the zone of the document, where no level applies, left out."
        )
    totals = [row.id for row in rows if row["structure"] in ("multi_host", "sequential", "umbrella")]
    if totals and basis == "declared":
        work.caveat(
            f"{len(totals)} of {len(rows)} counts are of exercises over several hosts, phases or commands, and may be "
            f"the count for one of them only: {', '.join(totals)}."
        )
    work.caveat("The side says who leads, for grouping only. A chance is not the probability of a motive.")
