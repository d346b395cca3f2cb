"""How strong support is in each country, from all polls of one item together: level, trend and how sure both are.

Sparse polls of many houses and wordings are pooled (``pooling.py``). A band holds 90 percent; ``support_backtest``
tells how often such bands held. The share from the prior is the variance of a country's level given all polls over its
variance given those of other countries alone: 100 percent means that the country's own polls told nothing. The
house range is where the level lies when any one house is left out. Items are never pooled unless asked for, and
wordings of one item are shown beside each other, not joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import numpy as np

from dualtrack.analyses.mixture import Floats, Mixture
from dualtrack.analyses.names import named
from dualtrack.analyses.polled import (
    Item,
    When,
    day_asked,
    house_is_level,
    item,
    middle,
    one_country,
    pooled,
    rest_on,
    tell,
    years,
)
from dualtrack.analyses.pooling import PRIORS, Point, Pooled, percent
from dualtrack.analyses.traps import warn
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"question": "defend_ally"},
    {"question": "bases_east", "country": "DEU", "on": "2016-07"},
    {"question": "vote_stay_nato,nato_favourable", "country": "POL", "pool": True},
)

LOW, HIGH = 0.05, 0.95
"""The ends of a band."""
_MONTH = timedelta(31)  # polls under other wordings this near are shown beside each other
_APART = 0.2  # years that a turn of the year must be away from polls to be a point of its own
_NEAR = 1.0  # years to each side within which polls stand behind a point of the trend
_DAY = 1 / 365  # years: a poll of the day asked for is its point
_LEFT = "; the others are totals, parts of a population, or have no share in favour"
_TERMS = {
    "country": "countries, lasting",
    "drift": "a country over time",
    "common": "all countries over time",
    "house": "houses",
    "house_here": "a house in one country",
    "wording": "wordings",
    "wording_here": "a wording in one country",
    "excess": "single polls, beside sampling",
    "item": "items pooled",
}


def run(
    record: Record,
    question: Annotated[str, "a question code (know table poll_questions), or several with commas and pool=true"],
    country: Annotated[str | None, "one country (ISO 3166 alpha-3); all that were polled if left out"] = None,
    on: Annotated[
        str | None, "the day levels are for, up to the as-of day; that of the newest poll if left out"
    ] = None,
    pool: Annotated[bool, "pool several items; levels are for the first"] = False,
) -> Finding:
    """Level, band, trend and what they rest on, by country; for one country also by wording and over time."""
    work = Workings(record, "support", {"question": question, "country": country, "on": on, "pool": pool})
    asked = item(work, question, pool)
    codes = [one_country(record, asked, country)] if country else asked.countries
    when = day_asked(record, on, [row for code in codes for row in asked.of(code)])
    day = when.day
    model = pooled(record, asked)
    rows = [{**row, "on": when.date} for row in by_country(model, asked, codes, years(day))]
    rest_on(work, asked)
    tell(work, [asked])
    single = [row["country"] for row in rows if house_is_level(asked.of(row["country"]))]
    if single:
        which = listed([named(record, code) for code in single]) if len(single) < 4 else f"{len(single)} countries"
        work.caveat(f"Polled by one house only, so that house and level cannot be told apart: {which}.")
    shown = [row for row in asked.rows if country is None or row["country"] == codes[0]]
    warn(work, shown)
    known = sum(row in asked.used for row in shown)
    wordings = by_wording(model, asked, codes[0], years(day)) if country else []
    return work.finding(
        question=f"{asked.meaning}: how strong is support {when.said}?",
        headline=_one(record, asked, rows[0], when) if country else _all(record, asked, rows, when),
        answer=Answer(
            kind="table",
            value=rows,
            unit="percent in favour",
            coverage=Coverage(
                known=known,
                total=len(shown),
                of="figures used" + (_LEFT if known < len(shown) else ""),
            ),
            summary={
                **({"By wording": wordings, "Over time": trend(model, asked, codes[0], day)} if country else {}),
                "What moves a figure": _moves(model),
            },
        ),
        method=(
            "Published shares on the logit scale as one Gaussian process: item mean, country, drifts in time, house, "
            "wording and sampling with design effect, partially pooled; spreads integrated over under weak priors."
        ),
    )


def by_country(model: Pooled, asked: Item, countries: Sequence[str], when: float) -> list[dict[str, Any]]:
    """One row for each country: level and band on a day, what they rest on, and the change over its polls.

    Args:
        model: the model of the item's polls.
        asked: the item.
        countries: codes of countries with a poll of the item.
        when: the day, in years.
    """
    points = [Point(country, when) for country in countries]
    band = model.level(points)
    level, low, high = _band(band)
    prior = _prior_shares(model, band, points)
    lowest, highest = _without_houses(model, points, level)
    rows = []
    for i, country in enumerate(countries):
        polls = asked.of(country)
        dates = sorted({middle(row.text("ref_date")) for row in polls if row["ref_date"]})
        last = max((row.text("ref_date") for row in polls if row["ref_date"]), key=last_day, default=None)
        first = min((row.text("ref_date") for row in polls if row["ref_date"]), key=first_day, default=None)
        rows.append({
            "country": country,
            "level": _round(level[i]),
            "low": _round(low[i]),
            "high": _round(high[i]),
            "polls": len(polls),
            "houses": len({row["pollster"] for row in polls}),
            "wordings": len({row["question_paraphrase"] for row in polls}),
            "last_poll": last,
            "prior_share": prior[i],
            "house_low": _round(lowest[i]),
            "house_high": _round(highest[i]),
            **_change(model, country, dates, first),
            "order": (-float(level[i]), polls[0].id),
        })  # fmt: skip
    rows.sort(key=lambda row: row["order"])
    return [{name: value for name, value in row.items() if name != "order"} for row in rows]


def by_wording(model: Pooled, asked: Item, country: str, when: float) -> list[dict[str, Any]]:
    """One row for each wording a country was asked in: what polls found, and the level under it on a day."""
    wordings: dict[str, list[Row]] = {}
    for row in asked.of(country):
        wordings.setdefault(row.text("question_paraphrase"), []).append(row)
    level, low, high = _band(model.level([Point(country, when, wording) for wording in wordings]))
    return [
        {
            "wording": wording,
            "polls": len(rows),
            "houses": len({row["pollster"] for row in rows}),
            "level": _round(level[i]),
            "low": _round(low[i]),
            "high": _round(high[i]),
            "published": ", ".join(
                f"{row.number('support_pct'):g} ({spell(row.text('ref_date')) if row['ref_date'] else 'no date'})"
                for row in rows
            ),
        }
        for i, (wording, rows) in enumerate(wordings.items())
    ]


def trend(model: Pooled, asked: Item, country: str, day: date) -> list[dict[str, Any]]:
    """The level at each date a country was polled up to a day, at each turn of the year between, and on the day."""
    rows = [row for row in asked.of(country) if row["ref_date"] and first_day(row.text("ref_date")) <= day]
    at = {middle(row.text("ref_date")): row.text("ref_date") for row in rows}
    if at:
        turns = (date(year, 1, 1) for year in range(int(at[min(at)][:4]) + 1, day.year + 1))
        apart = [turn for turn in turns if all(abs(years(turn) - when) > _APART for when in at)]
        at |= {years(turn): turn.isoformat() for turn in apart}
    if all(abs(years(day) - when) > _DAY for when in at):
        at[years(day)] = day.isoformat()
    times = sorted(at)
    points = [Point(country, when) for when in times]
    band = model.level(points)
    level, low, high = _band(band)
    prior = _prior_shares(model, band, points)
    shown = []
    for i, when in enumerate(times):
        near = [row for row in rows if abs(middle(row.text("ref_date")) - when) <= _NEAR]
        shown.append({
            "date": at[when],
            "level": _round(level[i]),
            "low": _round(low[i]),
            "high": _round(high[i]),
            "polls_within_a_year": len(near),
            "houses": len({row["pollster"] for row in near}),
            "prior_share": prior[i],
        })  # fmt: skip
    return shown


def _band(band: Mixture) -> tuple[Floats, Floats, Floats]:
    return percent(band.quantile(0.5)), percent(band.quantile(LOW)), percent(band.quantile(HIGH))


def _prior_shares(model: Pooled, band: Mixture, points: Sequence[Point]) -> list[int]:
    """The variance of levels over that without the polls of their countries, in percent."""
    shares = np.zeros(len(points))
    for country in dict.fromkeys(point.country for point in points):
        here = [i for i, point in enumerate(points) if point.country == country]
        alone = model.without([points[i] for i in here], country=country)
        shares[here] = band.variance[here] / alone.variance
    return [round(100 * min(1.0, share)) for share in shares.tolist()]


def _without_houses(model: Pooled, points: Sequence[Point], level: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest level at each point when any one house is left out."""
    levels = [level]
    houses = list(dict.fromkeys(poll.house for poll in model.polls))
    for house in houses if len(houses) > 1 else []:
        left = model.without(points, house=house)
        levels.append(percent(left.quantile(0.5)))
    return np.min(levels, axis=0), np.max(levels, axis=0)


def _change(model: Pooled, country: str, dates: Sequence[float], first: str | None) -> dict[str, Any]:
    """The change from a country's first dated poll to its last, in points; unknown with fewer than two dates."""
    if len(dates) < 2:
        return {"change": None, "change_low": None, "change_high": None, "since": None}
    moved = model.change(country, dates[0], dates[-1])
    change, low, high = (_round(moved.quantile(share)[0]) for share in (0.5, LOW, HIGH))
    return {"change": change, "change_low": low, "change_high": high, "since": first}


def _moves(model: Pooled) -> list[dict[str, Any]]:
    """How far each part of the model moves a figure near one half, in points, and what was taken before any poll."""
    return [
        {
            "what": words,
            "points": _round(25 * model.parameter(name)),
            "before_any_poll": _round(25 * PRIORS[name].median),
        }
        for name, words in _TERMS.items()
        if name in model.names
    ]


def _one(record: Record, asked: Item, row: dict[str, Any], when: When) -> str:
    day = when.day
    code = row["country"]
    level = f"{row['level']:.0f} percent ({row['low']:.0f} to {row['high']:.0f})"
    rests = f"{plural(row['polls'], 'poll')} of {plural(row['houses'], 'house')}"
    near = [
        poll
        for poll in asked.of(code)
        if poll["ref_date"]
        and day - _MONTH <= last_day(poll.text("ref_date"))
        and first_day(poll.text("ref_date")) <= day + _MONTH
    ]
    wordings = list(dict.fromkeys(poll.text("question_paraphrase") for poll in near))
    where = f"{asked.title} in {named(record, code)}"
    if len(wordings) > 1:
        said = listed([
            f"{poll.number('support_pct'):g} percent on “{poll['question_paraphrase']}” ({poll['pollster']}, "
            f"{spell(poll.text('ref_date'))})" for poll in near
        ])  # fmt: skip
        return (
            f"{where}: {len(wordings)} wordings, not one series: {said}; "
            f"averaged over wordings the level {when.said} is {level}, from {rests}"
        )
    return f"{where}: {level} {when.said}, {row['prior_share']} percent of it not from its own polls; from {rests}"


def _all(record: Record, asked: Item, rows: Sequence[dict[str, Any]], when: When) -> str:
    above, below = sum(row["low"] > 50 for row in rows), sum(row["high"] < 50 for row in rows)
    top, bottom = (
        f"{row['level']:.0f} percent in {named(record, row['country'])} ({row['low']:.0f} to {row['high']:.0f})"
        for row in (rows[0], rows[-1])
    )
    counted = plural(len(rows), "country", "countries")
    return (
        f"{asked.title}, {when.said}: of {counted} polled the band lies above one half in {above} and below in "
        f"{below}, and leaves it open in {len(rows) - above - below}; from {bottom} to {top}"
    )


def _round(value: float | np.float64) -> float:
    return round(float(value), 1)
