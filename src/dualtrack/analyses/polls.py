"""What polls found on one question, each figure under its own wording, and never joined across wordings.

A wave is one survey: the same pollster, series, wording and date. Medians and totals over countries stand apart, as
do parts of a population. Only the sampling error is published with a poll, if any; wording and survey house move
figures by 5 to 20 points, so a range from sampling alone is too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"question": "defend_ally"},
    {"question": "defend_ally", "country": "DEU"},
    {"question": "nato_favourable", "since": "2014"},
)

AVERAGES = {
    "XNT": "NATO members together",
    "XCE": "the Central European countries surveyed",
    "XTT": "all countries surveyed",
    "XEC": "the European countries surveyed",
}
"""Codes that stand for several countries: NATO totals and medians, and averages of whole surveys."""
_SEVERAL = 3
_MONTH = 31  # days within which figures under other wordings are named beside a single one
_SHOWN = ("country", "ref_date", "question_paraphrase", "support_pct", "oppose_pct", "dk_pct", "n")

Wave = tuple[str, str, str, str]
BASES = ("country", "several countries", "part of a population")
"""Whom a figure is for; the last two stand apart and are kept out of every spread."""


def run(
    record: Record,
    question: Annotated[str, "a question code; know table poll_questions lists them"],
    country: Annotated[str | None, "a country (ISO 3166 alpha-3), a group such as nato, or XNT for NATO as one"] = None,
    since: Annotated[str | None, "only polls from this date on"] = None,
    until: Annotated[str | None, "only polls up to this date"] = None,
    pollster: Annotated[str | None, "only polls of this pollster (part of the name)"] = None,
) -> Finding:
    """The polls on the question, by date and country, with the spread of each wave."""
    window = Window.of(since, until)
    given = {"question": question, "country": country, "since": since, "until": until, "pollster": pollster}
    work = Workings(record, "polls", given)
    meanings = {row.id: row.text("meaning") for row in work.select("poll_questions")}
    if question not in meanings:
        raise NoSuchName("poll question", question, list(meanings))
    asked = work.select("polls", "question = ?", question)
    countries = _countries(record, country) if country else {row.text("country") for row in asked}
    rows = [
        row
        for row in asked
        if row["support_pct"] is not None or row["oppose_pct"] is not None
        if row["country"] in countries
        if pollster is None or pollster.strip().lower() in row.text("pollster").lower()
    ]
    dated = [row for row in rows if row["ref_date"] and window.holds(row.text("ref_date")) is not Ternary.NO]
    lost = sum(row["ref_date"] is None for row in rows) if since or until else 0
    rows = dated if since or until else rows
    if not rows:
        raise BadInput(
            f"No poll on {question}{f' in {country}' if country else ''}{f' by {pollster}' if pollster else ''} is on "
            f"record {window.words(record.as_of)}.",
            "Try a later --as-of, a wider window or another country.",
        )
    rows.sort(key=lambda row: (BASES.index(base(row)), row.text("ref_date") or "9999", row.text("pollster"),
                               row.text("country"), row.id))  # fmt: skip
    for row in rows:
        work.use(row, *(name for name in _SHOWN if row[name] is not None))
    waves = _waves(rows)
    _warn(work, rows, waves, meanings[question])
    loose = [row.id for row in rows if row["ref_date"] and window.holds(row.text("ref_date")) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The date is not known to the day and may lie outside the window: {', '.join(loose)}.")
    if lost:
        work.caveat(f"Left out, having no date to place them in the window: {plural(lost, 'figure')}.")
    return work.finding(
        question=f"{meanings[question]}: what did polls find {window.words(record.as_of)}?",
        headline=_headline(record, rows, waves, question.replace("_", " ").capitalize().replace("Nato", "NATO")),
        answer=Answer(
            kind="table",
            value=[_row(row) for row in rows],
            unit="shares in percent",
            coverage=Coverage(
                known=sum(row["n"] is not None for row in rows), total=len(rows), of="figures with a sample size"
            ),
            summary={"Waves": [_spread(wave, of) for wave, of in waves.items()]},
        ),
        method=(
            "Every published share on the question known on the day. A wave is one pollster, series, wording and date; "
            "its spread leaves out totals over countries and parts of populations. Nothing is averaged or joined."
        ),
    )


def _countries(record: Record, country: str) -> set[str]:
    groups = {row["group"] for row in record.rows("groups")}
    if country in groups:
        return set(record.members(country, record.as_of))
    return {state_code(record, country, record.spec("polls").field("country").also)}


def base(row: Row) -> str:
    """Whom a figure is for: a whole country, several countries taken together, or a part of a population."""
    return BASES[2] if row["subgroup"] else BASES[1] if row["country"] in AVERAGES else BASES[0]


def _waves(rows: Sequence[Row]) -> dict[Wave, list[Row]]:
    waves: dict[Wave, list[Row]] = {}
    for row in rows:
        if base(row) == BASES[0]:
            key = row.text("pollster"), row.text("series"), row.text("question_paraphrase"), row.text("ref_date")
            waves.setdefault(key, []).append(row)
    return waves


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "country": row.text("country"),
        "of": base(row),
        "date": row.text("ref_date") or None,
        "support": row.number("support_pct"),
        "oppose": row.number("oppose_pct"),
        "dk": row.number("dk_pct"),
        "n": row.number("n"),
        "mode": row.text("mode") or None,
        "subgroup": row.text("subgroup") or None,
        "pollster": row.text("pollster"),
        "series": row.text("series"),
        "wording": row.text("question_paraphrase"),
    }


def _spread(wave: Wave, rows: Sequence[Row]) -> dict[str, Any]:
    shares = _shares(rows)
    low, high = min(shares, default=None), max(shares, default=None)
    return {
        "date": wave[3] or None,
        "countries": len({row["country"] for row in rows}),
        "lowest": low,
        "in": shares[low] if low is not None else [],
        "highest": high,
        "there": shares[high] if high is not None else [],
        "below half": f"{_below(shares)} of {len(_countries_of(shares))}",
        "pollster": wave[0],
        "wording": wave[2],
    }


def _shares(rows: Sequence[Row]) -> dict[float, list[str]]:
    """The shares in favour, each with all countries that have it, each country once."""
    shares: dict[float, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.text("country")):
        if (share := row.number("support_pct")) is not None and row["country"] not in shares.get(share, ()):
            shares.setdefault(share, []).append(row.text("country"))
    return shares


def _countries_of(shares: dict[float, list[str]]) -> set[str]:
    return {country for countries in shares.values() for country in countries}


def _below(shares: dict[float, list[str]]) -> int:
    """How many countries lie below one half with every figure they have."""
    half = {share: countries for share, countries in shares.items() if share >= 50}
    return len(_countries_of(shares) - _countries_of(half))


def _headline(record: Record, rows: Sequence[Row], waves: dict[Wave, list[Row]], meaning: str) -> str:
    several = [(w, of) for w, of in waves.items() if w[3] and len({r["country"] for r in of}) >= _SEVERAL]
    if several:
        wave, of = max(several, key=lambda item: (first_day(item[0][3]), len(item[1])))
        shares = _shares(of)
        if shares:
            total = plural(len(_countries_of(shares)), "country", "countries")
            low, high = (listed([named(record, code) for code in shares[end]]) for end in (min(shares), max(shares)))
            return (
                f"{meaning}: fewer than half say yes in {_below(shares)} of {total}, from {min(shares):g} percent in "
                f"{low} to {max(shares):g} in {high} ({wave[0]}, {spell(wave[3])}), asked “{wave[2]}”"
            )
    dated = [row for row in rows if row["ref_date"] and row["support_pct"] is not None]
    if not dated:
        return f"{meaning}: {plural(len(rows), 'figure')} on record"
    last = max(dated, key=lambda row: (-BASES.index(base(row)), last_day(row.text("ref_date")), row.id))
    words = plural(len({row["question_paraphrase"] for row in rows}), "wording")
    where = last.text("country")
    place = f"among {AVERAGES[where]}" if where in AVERAGES else f"in {named(record, where)}"
    return (
        f"{meaning}: {last.number('support_pct'):g} percent say yes {place} "
        f"({last['pollster']}, {spell(last.text('ref_date'))}), asked “{last['question_paraphrase']}”"
        f"{_others(last, dated)}; {plural(len(rows), 'figure')} in {words} on record"
    )


def _others(last: Row, rows: Sequence[Row]) -> str:
    """What the same country answered within a month under other wordings, in words."""
    day = first_day(last.text("ref_date"))
    other = sorted(
        share
        for row in rows
        if row["country"] == last["country"] and not row["subgroup"]
        if row["question_paraphrase"] != last["question_paraphrase"]
        if abs((first_day(row.text("ref_date")) - day).days) <= _MONTH
        if (share := row.number("support_pct")) is not None
    )
    return f"; under other wordings within a month {listed([f'{share:g}' for share in other])}" if other else ""


def _warn(work: Workings, rows: Sequence[Row], waves: dict[Wave, list[Row]], meaning: str) -> None:
    wordings = sorted({row.text("question_paraphrase") for row in rows})
    if len(wordings) > 1:
        some = listed([f"“{w}”" for w in wordings[:4]])
        more = f" and {len(wordings) - 4} more" if len(wordings) > 4 else ""
        work.caveat(f"{len(wordings)} wordings, not to be compared with each other: {some}{more}.")
    general = sum(row["question_paraphrase"] == meaning for row in rows)
    if general:
        work.caveat(f"Of {general} of {plural(len(rows), 'figure')} only the general sense of the item is on record.")
    for which, said in (
        (BASES[1], "Totals and medians over countries"),
        (BASES[2], "Figures for parts of a population"),
    ):
        if any(base(row) == which for row in rows):
            work.caveat(f"{said} stand apart, after the countries, and are kept out of every spread.")
    asked: dict[tuple[str, str, str], set[frozenset[str]]] = {}
    for wave, of in waves.items():
        asked.setdefault(wave[:3], set()).add(frozenset(row.text("country") for row in of))
    if any(len(sets) > 1 and max(map(len, sets)) > 1 for sets in asked.values()):
        work.caveat("Waves of one wording were asked in different countries: compare only those in both.")
    twice = {
        row.text("country")
        for of in waves.values()
        for row in of
        if sum(other["country"] == row["country"] for other in of) > 1
    }
    if twice:
        which = listed([named(work.record, code) for code in sorted(twice)])
        work.caveat(
            f"More than one figure in one wave: {which}. A country is counted once, and as below half where all of its "
            "figures are."
        )
    undated = sum(row["ref_date"] is None for row in rows)
    if undated:
        work.caveat(f"{plural(undated, 'figure')} without a date: usable as a level, not in a trend.")
    work.caveat(
        "Wording and survey house move such figures by 5 to 20 points; sampling error, the only error published, is "
        "the smaller part."
    )
