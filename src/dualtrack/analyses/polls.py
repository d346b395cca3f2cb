"""What polls found on one question, each figure under its own wording, and never joined across wordings.

A wave is one survey: the same pollster, series, wording and date. Medians and totals over countries stand apart, as
do parts of a population. Only the sampling error is published with a poll, if any; wording and survey house move
figures by 5 to 20 points, so a range from sampling alone is too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from dualtrack.analyses.names import named
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

AVERAGES = ("XNT", "XCE", "XTT", "XEC")
"""Codes that stand for several countries: NATO totals and medians, and averages of whole surveys."""
_SEVERAL = 3
_SHOWN = ("country", "ref_date", "question_paraphrase", "support_pct", "oppose_pct", "dk_pct", "n")

Wave = tuple[str, str, str, str]


def run(
    record: Record,
    question: Annotated[str, "a question code; know table poll_questions lists them"],
    country: Annotated[str | None, "a country (ISO 3166 alpha-3) or a group such as nato"] = None,
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
    rows = [
        row
        for row in work.select("polls", "question = ?", question)
        if row["support_pct"] is not None or row["oppose_pct"] is not None
        if country is None or row["country"] in _countries(record, country)
        if pollster is None or pollster.lower() in row.text("pollster").lower()
        if not (since or until) or (row["ref_date"] and window.holds(row.text("ref_date")) is not Ternary.NO)
    ]
    if not rows:
        raise BadInput(
            f"No poll on {question}{f' in {country}' if country else ''} is on record {window.words(record.as_of)}.",
            "Try a later --as-of, a wider window or another country.",
        )
    rows.sort(key=lambda row: (row.text("ref_date") or "9999", row.text("pollster"), row.text("country"), row.id))
    for row in rows:
        work.use(row, *(name for name in _SHOWN if row[name] is not None))
    waves = _waves(rows)
    _warn(work, rows, waves)
    return work.finding(
        question=f"{meanings[question]}: what did polls find {window.words(record.as_of)}?",
        headline=_headline(record, rows, waves, question.replace("_", " ").capitalize()),
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
    return set(record.members(country, record.as_of)) if country in groups else {country.upper()}


def _waves(rows: Sequence[Row]) -> dict[Wave, list[Row]]:
    waves: dict[Wave, list[Row]] = {}
    for row in rows:
        if row["country"] not in AVERAGES and not row["subgroup"]:
            key = row.text("pollster"), row.text("series"), row.text("question_paraphrase"), row.text("ref_date")
            waves.setdefault(key, []).append(row)
    return waves


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "country": row.text("country"),
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
    shares = sorted((share, row.text("country")) for row in rows if (share := row.number("support_pct")) is not None)
    return {
        "date": wave[3] or None,
        "countries": len({row["country"] for row in rows}),
        "lowest": shares[0][0] if shares else None,
        "in": shares[0][1] if shares else None,
        "highest": shares[-1][0] if shares else None,
        "there": shares[-1][1] if shares else None,
        "pollster": wave[0],
        "wording": wave[2],
    }


def _headline(record: Record, rows: Sequence[Row], waves: dict[Wave, list[Row]], meaning: str) -> str:
    several = [(w, of) for w, of in waves.items() if w[3] and len({r["country"] for r in of}) >= _SEVERAL]
    if several:
        wave, of = max(several, key=lambda item: (first_day(item[0][3]), len(item[1])))
        shares = sorted((s, r.text("country")) for r in of if (s := r.number("support_pct")) is not None)
        below = sum(share < 50 for share, _ in shares)
        if shares:
            (low, at_low), (high, at_high) = shares[0], shares[-1]
            return (
                f"{meaning}: fewer than half in favour in {below} of {plural(len(shares), 'country', 'countries')}, "
                f"from {low:g} percent in {named(record, at_low)} to {high:g} in {named(record, at_high)} "
                f"({wave[0]}, {spell(wave[3])})"
            )
    dated = [row for row in rows if row["ref_date"] and row["support_pct"] is not None]
    if not dated:
        return f"{meaning}: {plural(len(rows), 'figure')} on record"
    last = max(dated, key=lambda row: (last_day(row.text("ref_date")), row.id))
    words = plural(len({r["question_paraphrase"] for r in rows}), "wording")
    return (
        f"{meaning}: {last.number('support_pct'):g} percent in favour in {named(record, last.text('country'))} "
        f"({last['pollster']}, {spell(last.text('ref_date'))}), the latest of {plural(len(rows), 'figure')} in {words}"
    )


def _warn(work: Workings, rows: Sequence[Row], waves: dict[Wave, list[Row]]) -> None:
    wordings = sorted({row.text("question_paraphrase") for row in rows})
    if len(wordings) > 1:
        some = listed([f"“{w}”" for w in wordings[:4]])
        more = f" and {len(wordings) - 4} more" if len(wordings) > 4 else ""
        work.caveat(f"{len(wordings)} wordings, not to be compared with each other: {some}{more}.")
    if any(row["country"] in AVERAGES for row in rows):
        work.caveat("Totals and medians over countries are listed among the rows and kept out of every spread.")
    if any(row["subgroup"] for row in rows):
        work.caveat("Figures for parts of a population are listed among the rows and kept out of every spread.")
    undated = sum(row["ref_date"] is None for row in rows)
    if undated:
        work.caveat(f"{plural(undated, 'figure')} without a date: usable as a level, not in a trend.")
    work.caveat("Wording and survey house move such figures by 5 to 20 points; sampling error is the smaller part.")
