"""Rows of ``polls`` as observations of the pooled model: which are used, which stand apart, and the fitted model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dualtrack.analyses.names import state_code
from dualtrack.analyses.polls import BASES, base
from dualtrack.analyses.pooling import Poll, Pooled
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, parse_day, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_USED = ("country", "ref_date", "question_paraphrase", "support_pct", "n", "mode")
_YEAR = 365.25
MOST = 1_000
"""Polls the model takes: 300 are fitted in a second, 800 in eight (two cores)."""
FEW = 12
"""Polls of an item under which spreads of houses and wordings are mostly what the priors say."""


@dataclass(frozen=True)
class Item:
    """The figures of one item, or of several pooled on request.

    Attributes:
        codes: the items; levels are for the first.
        meaning: of the first, in words.
        rows: every figure on record.
        used: those the model uses, in the order of the record.
    """

    codes: tuple[str, ...]
    meaning: str
    rows: tuple[Row, ...]
    used: tuple[Row, ...]

    @property
    def title(self) -> str:
        """The item as a headline begins."""
        return titled(self.codes[0])

    @property
    def countries(self) -> list[str]:
        """Countries with a poll of the first item, in the order of the record."""
        return list(dict.fromkeys(row.text("country") for row in self.used if row["question"] == self.codes[0]))

    def of(self, country: str) -> list[Row]:
        """The polls of the first item in a country."""
        return [row for row in self.used if row["country"] == country and row["question"] == self.codes[0]]


_TITLES = {
    "agree_steinmeier": "Criticism of sabre-rattling",
    "bases_east": "NATO forces in the east",
    "fear_nato": "Reason to fear NATO",
}  # of items whose codes are no words of a headline


def titled(code: str) -> str:
    """An item's code as a headline begins.

    >>> titled("join_nato"), titled("us_would_defend")
    ('Join NATO', 'US would defend')
    """
    if code in _TITLES:
        return _TITLES[code]
    text = " ".join(word.upper() if word in ("nato", "us") else word for word in code.split("_"))
    return text[:1].upper() + text[1:]


def item(work: Workings, question: str, pool: bool = False) -> Item:
    """The figures of an item.

    Args:
        work: where the selection is noted.
        question: a code, or several with commas between them.
        pool: whether several may be pooled.

    Raises:
        NoSuchName: a code is not known.
        BadInput: several are given and ``pool`` is not, or no figure can be used.
    """
    meanings = {row.id: row.text("meaning") for row in work.select("poll_questions")}
    codes = tuple(dict.fromkeys(code.strip() for code in question.split(",")))
    for code in codes:
        if code not in meanings:
            raise NoSuchName("poll question", code, list(meanings))
    if len(codes) > 1 and not pool:
        asked = listed([f"{code} ({meanings[code]})" for code in codes])
        raise BadInput(
            f"{asked} are different items and are not pooled.",
            "Ask for one of them, or add pool=true: levels are then for the first, and the others inform it.",
        )
    rows = [row for code in codes for row in work.select("polls", "question = ?", code)]
    used = [row for row in rows if base(row) == BASES[0] and row["support_pct"] is not None]
    if not any(row["question"] == codes[0] for row in used):
        raise BadInput(
            f"No share in favour on {codes[0]} in any country is on record up to {spell(work.record.as_of)}.",
            "Try a later --as-of or another question.",
        )
    return Item(codes, meanings[codes[0]], tuple(rows), tuple(used))


def pooled(record: Record, asked: Item) -> Pooled:
    """The model of an item's polls, fitted once for a record.

    Raises:
        BadInput: there are more polls than fit into memory and seconds.
    """
    if len(asked.used) > MOST:
        raise BadInput(
            f"{len(asked.used):,} polls on {listed(asked.codes)} are more than the model can take ({MOST:,}).",
            "Lay a folder with fewer polls over the record: for example those of one decade.",
        )
    polls = [as_poll(row) for row in asked.used]
    return record.once(("pooled", asked.codes), lambda: Pooled(polls, asked.codes[0]))


def as_poll(row: Row) -> Poll:
    """A row of ``polls`` as an observation.

    A probability sample is one whose mode is on record and says nothing of an online panel or quota.
    """
    share, mode = row.number("support_pct"), row.text("mode").lower()
    assert share is not None
    return Poll(
        id=row.id,
        item=row.text("question"),
        country=row.text("country"),
        house=row.text("pollster"),
        wording=row.text("question_paraphrase"),
        series=f"{row['pollster']}: {row['series']}",
        when=middle(row.text("ref_date")) if row["ref_date"] else None,
        share=share,
        n=row.number("n"),
        probability=bool(mode) and not any(word in mode for word in ("online", "cawi", "quota", "panel")),
    )


def middle(text: str) -> float:
    """The middle of a date of any precision, in years."""
    return (first_day(text).toordinal() + last_day(text).toordinal()) / 2 / _YEAR


def years(day: date) -> float:
    """A day in years."""
    return day.toordinal() / _YEAR


@dataclass(frozen=True)
class When:
    """The day levels are for.

    Attributes:
        day: the day.
        date: the day as it is told, no finer than it is known.
        said: the day in words, with what it is the day of.
    """

    day: date
    date: str
    said: str


def day_asked(record: Record, on: str | None, polls: Sequence[Row]) -> When:
    """The day levels are asked for; where none is given, that of the newest poll: nothing is known of the time since.

    Args:
        record: the record.
        on: a day up to the as-of day.
        polls: those whose newest counts.

    Raises:
        BadInput: it is no date, or it is after the as-of day.
    """
    dates = [row.text("ref_date") for row in polls if row["ref_date"]]
    if on is None and dates:
        newest = max(dates, key=middle)
        day = min(first_day(newest) + (last_day(newest) - first_day(newest)) // 2, record.as_of)
        return When(day, newest, f"at the newest poll ({spell(newest)})")
    day = min(parse_day(on, "on"), record.as_of) if on else record.as_of
    if on and first_day(on.strip()) > record.as_of:
        raise BadInput(f"on={on} is after the as-of day {record.as_of}.", "This is no forecast: give an earlier day.")
    return When(day, day.isoformat(), f"on {spell(day)}")


def one_country(record: Record, asked: Item, country: str) -> str:
    """The code of a country that has a poll of the item.

    Raises:
        NoSuchName: there is no such state.
        BadInput: it is a code for several countries, or has no poll of the item.
    """
    code = state_code(record, country, record.spec("polls").field("country").also)
    if code not in asked.countries:
        have = listed(sorted(asked.countries))
        raise BadInput(
            f"No share in favour on {asked.codes[0]} for {code} alone is on record up to {spell(record.as_of)}.",
            f"There are polls in {have}; know ask polls question={asked.codes[0]} also shows medians and totals.",
        )
    return code


def rest_on(work: Workings, asked: Item) -> None:
    """Notes every cell the model uses as evidence."""
    for row in asked.used:
        work.use(row, *(name for name in _USED if row[name] is not None))


def tell(work: Workings, items: Sequence[Item]) -> None:
    """Notes what a reader must know of the polls and of a model without an anchor."""
    used = [row for asked in items for row in asked.used]
    work.caveat(
        "No election anchors such polls: a level is relative to the average house and the average wording of the item, "
        "and its band (90 percent) holds what houses, wordings, samples and time leave open."
    )
    for codes in (asked.codes for asked in items if len(asked.codes) > 1):
        work.caveat(
            f"Pooled on request: {listed(codes)} are different items. Levels are for {codes[0]}; the others inform it "
            "as far as countries and times move alike."
        )
    unsized = sum(row["n"] is None for row in used)
    if unsized:
        work.caveat(f"No sample size on record for {unsized} of {plural(len(used), 'poll')}: taken as 500.")
    undated = sum(row["ref_date"] is None for row in used)
    if undated:
        work.caveat(f"{plural(undated, 'poll')} without a date: used for levels, not for trends.")
    few = [asked.codes[0] for asked in items if len(asked.used) < FEW]
    if few:
        work.caveat(
            f"Fewer than {FEW} polls of {listed(few)}: how far houses and wordings spread there is mostly what the "
            "priors say, and bands held less often in the backtest; support_backtest tells how often."
        )


def house_is_level(rows: Sequence[Row]) -> bool:
    """Whether a country was polled by one house only, so that house and level cannot be told apart."""
    return len({row["pollster"] for row in rows}) == 1
