"""How fragile support is: the chance that it is below a level, who would have to move, and what wording alone does.

Three measures for each country. *Below*: the probability, by the pooled model (``pooling.py``), that support is below
the level on the day, averaged over wordings and under each wording asked there. *Gap*: by the last poll, how many
points support is over the level (or under it), and what part of the don't-knows, or of those opposed, would have to
come over to reach it. *Wording*: by how many points the wording alone moves the level: among the wordings asked in
the country, and for nine of ten wordings of such an item. Support is firm above where the chance of being below is
under five percent under every wording asked (the level is then outside a 90 percent band), firm below where it is over
95 under each, and open otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from dualtrack.analyses.mixture import Floats
from dualtrack.analyses.names import named
from dualtrack.analyses.polled import Item, When, day_asked, item, one_country, pooled, rest_on, tell, years
from dualtrack.analyses.pooling import Point, Pooled, logit, percent
from dualtrack.analyses.traps import warn
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"question": "defend_ally", "on": "2016-05"},
    {"question": "bases_east", "country": "DEU", "on": "2016-07"},
    {"question": "vote_stay_nato", "level": 60},
)

_FIRM = 5.0  # percent: then the level lies outside a 90 percent band
_REACH = 1.645  # standard deviations to each side that hold nine of ten wordings
FIRM_ABOVE, FIRM_BELOW, OPEN = "firm above", "firm below", "open"


def run(
    record: Record,
    question: Annotated[str, "a question code; know table poll_questions lists them"],
    country: Annotated[str | None, "one country (ISO 3166 alpha-3); all that were polled if left out"] = None,
    level: Annotated[float, "the level that matters, in percent in favour", Field(gt=0, lt=100)] = 50.0,
    on: Annotated[str | None, "the day asked about, up to the as-of day; that of the newest poll if left out"] = None,
) -> Finding:
    """Chance of being below the level, gap by the last poll, and the move that wording makes, by country."""
    work = Workings(record, "fragility", {"question": question, "country": country, "level": level, "on": on})
    asked = item(work, question)
    codes = [one_country(record, asked, country)] if country else asked.countries
    when = day_asked(record, on, [row for code in codes for row in asked.of(code)])
    day = when.day
    polled = [code for code in codes if _until(asked.of(code), day)]
    if not polled:
        raise BadInput(
            f"{asked.codes[0]} was not polled {f'in {country} ' if country else ''}by {spell(day)}.",
            "Give a later day.",
        )
    model = pooled(record, asked)
    rows = sorted(
        (_measured(model, asked, code, level, day) for code in polled), key=lambda row: (row["below"], row["last_row"])
    )
    rest_on(work, asked)
    for row in rows:
        poll = record.row("polls", row["last_row"])
        work.use(poll, *(name for name in ("oppose_pct", "dk_pct") if poll[name] is not None))
    tell(work, [asked])
    work.caveat(
        "The gap is that of one poll under one wording; for how many would really change their mind no poll here asks."
    )
    shown = [row for row in asked.rows if country is None or row["country"] == codes[0]]
    warn(work, shown)
    return work.finding(
        question=f"{asked.meaning}: how fragile is support beside {level:g} percent {when.said}?",
        headline=_one(record, asked, rows[0], level, when) if country else _all(asked, rows, level, when),
        answer=Answer(
            kind="table",
            value=rows,
            unit="chance and shares in percent, moves in percentage points",
            coverage=Coverage(
                known=sum(row["of_dont_knows"] is not None or row["gap"] >= 0 for row in rows),
                total=len(rows),
                of="countries over the level in the last poll, or with don't-knows on record",
            ),
        ),
        method=(
            f"Below: the pooled model's probability that support is below {level:g} percent. Gap: last poll less "
            "level, as part of don't-knows and of those opposed. Wording: range of levels under wordings asked, and "
            "3.3 standard deviations of the wording effect."
        ),
    )


def _until(rows: Sequence[Row], day: date) -> list[Row]:
    """A country's polls dated up to a day, the last one at the end."""
    dated = [row for row in rows if row["ref_date"] and first_day(row.text("ref_date")) <= day]
    return sorted(dated, key=lambda row: (last_day(row.text("ref_date")), row.id))


def _measured(model: Pooled, asked: Item, code: str, level: float, day: date) -> dict[str, Any]:
    polls = _until(asked.of(code), day)
    wordings = list(dict.fromkeys(row.text("question_paraphrase") for row in polls))
    points = [Point(code, years(day)), *(Point(code, years(day), wording) for wording in wordings)]
    said = model.level(points)
    below = 100 * said.below(logit(level))
    levels = percent(said.quantile(0.5))
    return {
        "country": code,
        "standing": _standing(below),
        "level": _round(levels[0]),
        "below": _chance(below[0]),
        "below_least": _chance(below[1:].min()),
        "below_most": _chance(below[1:].max()),
        **_gap(polls[-1], level),
        "wordings": len(wordings),
        "wording_low": _round(levels[1:].min()),
        "wording_high": _round(levels[1:].max()),
        "wording_moves": _round(levels[1:].max() - levels[1:].min()),
        "nine_of_ten_wordings": _spread(model, said.mean[0]),
        "last_poll": polls[-1].text("ref_date"),
        "last_row": polls[-1].id,
    }


def _standing(below: Floats) -> str:
    """What can be said whatever the wording: ``below`` are chances in percent, over all and under each wording."""
    if below.max() < _FIRM:
        return FIRM_ABOVE
    return FIRM_BELOW if below.min() > 100 - _FIRM else OPEN


def _gap(poll: Row, level: float) -> dict[str, Any]:
    """How far one poll is from the level, and which part of the others would have to come over to reach it.

    Over the level nobody has to: then it says what part of those in favour would have to leave.
    """
    support, oppose, unsure = (poll.number(name) for name in ("support_pct", "oppose_pct", "dk_pct"))
    assert support is not None
    gap = support - level
    return {
        "last_support": support,
        "gap": _round(gap),
        "of_supporters": _part(gap, support) if gap >= 0 else None,
        "of_dont_knows": _part(-gap, unsure) if gap < 0 else None,
        "of_opposed": _part(-gap, oppose) if gap < 0 else None,
    }


def _part(points: float, of: float | None) -> float | None:
    """Points as a percentage of a group; over 100 where the group is too small, None where its size is not known."""
    return _round(100 * points / of) if of else None


def _spread(model: Pooled, middle: np.float64) -> float:
    """Points between the ends of the range that holds nine of ten wordings, around a level on the logit scale."""
    reach = _REACH * np.hypot(model.parameter("wording"), model.parameter("wording_here"))
    low, high = percent(np.array([middle - reach, middle + reach]))
    return _round(high - low)


def _one(record: Record, asked: Item, row: dict[str, Any], level: float, when: When) -> str:
    by = (
        f" ({row['below_least']:g} to {row['below_most']:g} by wording)"
        if row["below_least"] != row["below_most"]
        else ""
    )
    needs = [
        f"{row[name]:.0f} percent of {who}"
        for name, who in (
            ("of_supporters", "supporters"),
            ("of_dont_knows", "don't-knows"),
            ("of_opposed", "opponents"),
        )
        if row[name] is not None
    ]
    side = "over" if row["gap"] >= 0 else "under"
    moved = f", which is {' or '.join(needs)}" if needs else ""
    return (
        f"{asked.title} in {named(record, row['country'])} {when.said}: {row['below']:g} percent chance that "
        f"support is below {level:g}{by}; the last poll is {abs(row['gap']):g} points {side} "
        f"it{moved}; {plural(row['wordings'], 'wording')} asked there move{'s' if row['wordings'] == 1 else ''} it by "
        f"{row['wording_moves']:.0f} points"
    )


def _all(asked: Item, rows: Sequence[dict[str, Any]], level: float, when: When) -> str:
    count = {standing: sum(row["standing"] == standing for row in rows) for standing in (FIRM_ABOVE, FIRM_BELOW, OPEN)}
    return (
        f"{asked.title} {when.said}, any one poll left out: of {plural(len(rows), 'country', 'countries')} polled "
        f"support stays above {level:g} percent in {count[FIRM_ABOVE]}, below in {count[FIRM_BELOW]}, and is open in "
        f"{count[OPEN]}"
    )


def _chance(value: float | np.float64) -> float:
    """A probability in percent, to the whole percent: the model does not know it better."""
    return float(round(float(value)))


def _round(value: float | np.float64) -> float:
    return round(float(value), 1)
