"""Days, months and years that a sentence names, or that follow from the day of the article ("Thursday", "last year").

As precise as told and no more, in ISO 8601 (extended, level 0; ISO 8601-2 for nothing). Spans are ``from/to``.
Without the article's day, only what is written counts.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dualtrack.articles.nouns import counted
from dualtrack.articles.tokens import tokens, word_set

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}

_M = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_Y = r"(?:19|20)\d\d(?!\d)"
_TO = r"\s?(?:-|–|—|to|and|through|until|till)\s?"
_W = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_FUTURE = re.compile(
    r"\b(?:will|would|shall|next|upcoming|coming|come|due|planned|plans?|scheduled|expected|to be held|set to|is to"
    r"|are to)\b"
)


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date named in a sentence: its half-open place, its words, and the date or span in ISO 8601.

    ``iso`` is empty for a date that is written but cannot be told without the day of the article.
    """

    start: int
    end: int
    text: str
    iso: str


def dates_in(sentence: str, said: str = "") -> list[DateInText]:
    """The dates of a sentence in order, none within another.

    Args:
        sentence: the sentence.
        said: the day of the article, ISO 8601 of any precision; empty if not known.

    >>> [found.iso for found in dates_in("The drills on September 12-16 follow those of 2021.", "2025-08-13")]
    ['2025-09-12/2025-09-16', '2021']
    """
    anchor = _Anchor(said, bool(_FUTURE.search(sentence)), bool(_DATED_TODAY.search(sentence)))
    found: list[DateInText] = []
    end = 0
    for match in _ANY.finditer(sentence):
        if match.start() < end:
            continue
        name = match.lastgroup or ""
        iso = _READERS[name](match[0], anchor, sentence, match.start())
        if iso is not None:
            found.append(DateInText(match.start(), match.end(), match[0], iso))
            end = match.end()
    return found


class _Anchor:
    """The article's day, as far as it is known."""

    def __init__(self, said: str, future: bool, happened: bool) -> None:
        parts = [int(part) for part in said.split("-")] if re.fullmatch(r"\d{4}(-\d\d){0,2}", said) else []
        self.year = parts[0] if parts else 0
        self.month = parts[1] if len(parts) > 1 else 0
        self.day = date(*parts[:3]) if len(parts) == 3 else None
        self.future = future
        self.happened = happened

    def year_of(self, month: int, day: int = 0) -> int:
        """The year a month without one stands in: the last such month, or the next if the sentence looks ahead."""
        if not self.year or not self.month or not month:
            return self.year
        here = self.day or date(self.year, self.month, 15)
        candidates = []
        for year in (self.year - 1, self.year, self.year + 1):
            try:
                away = (date(year, month, day or min(here.day, 28)) - here).days
            except ValueError:
                continue
            # looking ahead, the last weeks still count; looking back, the next weeks do
            cost = away if away >= 0 else -away * (3 if self.future else 1)
            if not self.future and away > 0:
                cost = away * 3
            candidates.append((cost, year))
        return min(candidates)[1] if candidates else self.year

    def weekday(self, number: int, sentence: str, at: int) -> str:
        """The day of that name: the last one, or the next if the words before it or the sentence look ahead."""
        if not self.day:
            return ""
        back = (self.day.weekday() - number) % 7
        before = sentence[max(0, at - 12) : at].lower()
        if before.endswith("next "):
            return (self.day + timedelta(days=7 - back)).isoformat()
        if (
            self.future
            and back
            and re.search(r"\b(?:on|this|by|from|until) $", before)
            and _AHEAD.search(sentence[max(0, at - 160) : at])
        ):
            return (self.day + timedelta(days=7 - back)).isoformat()
        return (self.day - timedelta(days=back)).isoformat()


_AHEAD = re.compile(r"\b(?:will|is to|are to|due|scheduled|set to|plans? to|expected)\b[^,;]{0,120}$")


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _iso(year: int, month: int = 0, day: int = 0) -> str:
    if not year:
        return ""
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(text: str) -> int:
    return _MONTHS[text.lower().rstrip(".,")]


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The years, days and months written in a date, in order."""
    for piece in re.finditer(rf"(?P<y>{_Y})|(?P<m>{_M})|(?P<d>\d\d?)", text):
        kind = piece.lastgroup or ""
        yield kind, _month(piece[0]) if kind == "m" else int(piece[0])


def _written(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    """A date, or two with a word between, made of days, months and years in any order."""
    years = [value for kind, value in _pieces(text) if kind == "y"]
    months = [value for kind, value in _pieces(text) if kind == "m"]
    days = [value for kind, value in _pieces(text) if kind == "d"]
    if len(months) == 2 and len(years) < 2 and len(days) < 2:
        days = []
    if not months:
        return None
    last_year = years[-1] if years else anchor.year_of(months[-1], days[-1] if days else 0)
    if len(months) < 2 and len(days) < 2:
        return _iso(last_year, months[0], days[0] if days else 0)
    first_year = years[0] if years else last_year
    if len(years) < 2 and months[0] > months[-1]:
        first_year = last_year - 1
    first = _iso(first_year, months[0], days[0] if days else 0)
    last = _iso(last_year, months[-1], days[-1] if days else 0)
    return f"{first}/{last}" if first and last and first != last else first


def _figures(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    """08.12.2016, 2020.05.22, 2016-06-06."""
    first, second, third = (int(part) for part in re.split(r"[./-]", text))
    year, month, day = (first, second, third) if first > 31 else (third, second, first)
    if month > 12 and text.count("/"):
        month, day = day, month
    return _iso(year, month, day) or None


def _years(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    found = [int(year) for year in re.findall(_Y, text)]
    last = found[-1]
    if len(found) == 1:
        last = found[0] // 100 * 100 + int(text[-2:])
    return f"{found[0]}/{last}" if last > found[0] else None


def _year(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    before, after = sentence[max(0, at - 40) : at], sentence[at + 4 : at + 16]
    if after[:1] == "s" or re.match(r"[’']s\b(?! )", after) or re.match(r"[,.]\d", after):
        return None  # the 1990s; 2,014 and 2014.5
    if re.match(r"[–-](?:strong|man|member|page)", after):
        return None
    if text.endswith("00") and counted(tokens(after + sentence[at + 16 : at + 60]), 0):
        return None  # 2000 troops
    if re.search(r"[\w.,/:$€£]$", before) and not re.search(r"[a-z][.,]$", before):
        return None
    name = re.search(r"([A-Za-z][\w’']*)[ -]$", before)
    if name and before.endswith("-") and name[1].lower() not in ("mid", "pre", "post", "late", "early", "since"):
        return None  # Zapad-2025
    if name and name[1].lower() in _NAMED_BY_YEAR:
        return None
    if name and name[1][0].isupper() and name[1].lower() not in _BEFORE_YEARS | _DOCUMENTS:
        return None  # Zapad 2017: a name
    return text


_BEFORE_YEARS = word_set(
    "in since by until from of the during before after between and to for through as early late mid spring summer "
    "autumn fall winter january february march april may june july august september october november december "
    "around about circa year than back"
)
_DOCUMENTS = word_set("document treaty act agreement convention charter protocol")
_NAMED_BY_YEAR = word_set("zapad vostok anakonda anaconda saber sabre defender resolution un")


def _season(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    return text[-4:]


def _quarter(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    lowered = text.lower()
    year = int(text[-4:]) if text[-4:].isdigit() else anchor.year
    part = next(number for number, names in enumerate(_PARTS_OF_YEAR) if lowered.startswith(names))
    months = 3
    if "half" in lowered:
        part, months = min(part, 1), 6
    return f"{_iso(year, part * months + 1)}/{_iso(year, part * months + months)}" if year else ""


_PARTS_OF_YEAR = (("first", "q1"), ("second", "q2"), ("third", "q3"), ("fourth", "last", "q4"))


def _weekday(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    number = _WEEKDAYS[re.sub(r"\W.*", "", text.lower())]
    return anchor.weekday(number, sentence, at)


def _today(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    word = text.lower()
    after, before = sentence[at + len(text) : at + len(text) + 12], sentence[max(0, at - 12) : at].lower()
    if word in ("today", "tonight"):
        if re.match(r"[’']s\b", after) or re.search(r"\b(?:is|are|of|as|until|than|world|even) $", before):
            return None  # today's world: these times, not this day
        if not anchor.happened:
            return None
    if re.match(r"[’']s\b", after) and word == "tomorrow":
        return None
    if not anchor.day:
        return ""
    shift = {"yesterday": -1, "the day before": -1, "tomorrow": 1, "the day after": 1}.get(word, 0)
    return (anchor.day + timedelta(days=shift)).isoformat()


_DATED_TODAY = re.compile(
    r"\b(?:released|published|issued|said|announced|decided|agreed|met|signed|told|held|adopted|confirmed|arrived|began|"
    r"discussed|approved|submitted|launched|started|took)\b"
)


def _relative(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    """this year, last month, next year, the year's end, that year."""
    lowered = text.lower()
    shift = -1 if re.search(r"\b(?:last|previous|past)\b", lowered) else 1 if "next" in lowered else 0
    if "weekend" in lowered:
        if not anchor.day:
            return ""
        saturday = anchor.day - timedelta(days=(anchor.day.weekday() - 5) % 7 or 7 * (anchor.day.weekday() != 5))
        saturday += timedelta(days=7 * (shift > 0))
        return f"{saturday.isoformat()}/{(saturday + timedelta(days=1)).isoformat()}"
    if "month" in lowered:
        if not anchor.month:
            return ""
        index = anchor.year * 12 + anchor.month - 1 + shift
        return _iso(index // 12, index % 12 + 1)
    return _iso(anchor.year + shift) if anchor.year else ""


_AGO = re.compile(r"(\w+) (day|week|month|year)s? ago", re.IGNORECASE)
_COUNTED_BACK = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "ten": 10,
}


def _ago(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    """ "two years ago": as precise as it is counted."""
    match = _AGO.search(text)
    count = _COUNTED_BACK.get(match[1].lower(), 0) if match else 0
    if not match or not count or match[2] == "week":
        return None
    if match[2] == "year":
        return _iso(anchor.year - count) if anchor.year else ""
    if match[2] == "month":
        index = anchor.year * 12 + anchor.month - 1 - count
        return _iso(index // 12, index % 12 + 1) if anchor.month else ""
    return (anchor.day - timedelta(days=count)).isoformat() if anchor.day else ""


def _month_of_year(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    """March of this year, April last year, February of that year."""
    month = _month(text.split()[0])
    lowered = text.lower()
    if re.search(r"\b(?:that|the same) year", lowered):
        named = re.findall(rf"(?<!\d){_Y}", sentence[max(0, at - 300) : at])
        return _iso(int(named[-1]), month) if named else ""
    shift = -1 if "last" in lowered or "previous" in lowered else 1 if "next" in lowered else 0
    day = re.search(r"\s(\d\d?)\b", text)
    return _iso(anchor.year + shift, month, int(day[1]) if day else 0) if anchor.year else ""


def _bare_month(text: str, anchor: _Anchor, sentence: str, at: int) -> str | None:
    if text in ("May", "March", "MAY", "MARCH"):  # also a verb and a walk
        before = sentence[max(0, at - 12) : at]
        if not re.search(
            r"\b(?:in|since|by|until|from|of|early|late|mid|last|next|this|and|to|during)[ -]$", before, re.I
        ):
            return None
    if not anchor.month:
        return ""
    return _iso(anchor.year_of(_month(text)), _month(text))


_Reader = Callable[[str, _Anchor, str, int], "str | None"]
_READERS: dict[str, _Reader] = {
    "figures": _figures, "written": _written, "ofyear": _month_of_year, "quarter": _quarter, "years": _years,
    "season": _season, "year": _year, "weekday": _weekday, "today": _today, "relative": _relative, "ago": _ago,
    "month": _bare_month,
}  # fmt: skip
_YEAR_WORDS = r"(?:this|last|that|the same|the previous|next) year"
_ANY = re.compile(
    "|".join(
        (
            r"(?P<figures>(?<![\d.])(?:\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|(?:19|20)\d\d[.-][01]\d[.-][0-3]\d"
            r"|\d{1,2}/\d{1,2}/(?:19|20)\d\d)(?!\d))",
            # day-month first: 14-20 September 2017, 30 August to 2 September, 6 June
            rf"(?P<written>(?<![\w.,]){_D}(?: (?:of )?{_M})?{_TO}{_D} (?:of )?{_M}(?:,? {_Y})?"
            rf"|(?<![\w.,]){_D}(?: of)? {_M},? {_Y}{_TO}{_D}(?: of)? {_M},? {_Y}"
            rf"|(?<![\w.,]){_D}[ -](?:of )?{_M}(?:[ ,-]{{1,2}}{_Y})?"
            rf"|\b{_M} {_D}(?:,? {_Y})?{_TO}(?:{_M} )?{_D}(?:,? ?{_Y})?(?![%\w]|[,.]\d|-\w)"
            rf"|\b{_M},? {_Y}{_TO}{_M},? {_Y}"
            rf"|\b{_M} {_D}(?:,? ?{_Y})?"
            rf"|\b{_M}{_TO}{_M},? {_Y}"
            rf"|\b{_M}(?: of)?,? {_Y})",
            rf"(?P<ofyear>\b{_M}(?: {_D})?,?(?: of)? {_YEAR_WORDS})",
            rf"(?P<quarter>\b(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast) (?:quarter|half) of (?:{_Y}|this year)"
            rf"|\bQ[1-4] {_Y})",
            rf"(?P<years>(?<![\w.,/$€£-])(?:from |between )?{_Y}(?:-|–|—|/){_Y}"
            rf"|(?<![\w.,/$€£-]){_Y}(?:–|-|/)\d\d(?![\d%-])"
            rf"|\b(?:from {_Y} to {_Y}|between {_Y} and {_Y}))",
            rf"(?P<season>\b(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter) (?:of )?{_Y})",
            rf"(?P<year>{_Y})",
            rf"(?P<weekday>\b{_W}\b(?!,? {_M} \d|,? {_D} ))",
            r"(?P<today>\b(?:[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow|the day before|the day after)\b"
            r"(?! yesterday))",
            r"(?P<relative>\b(?:(?:[Ee]arly|[Ll]ate|[Ll]ater) )?(?:[Tt]his|[Ll]ast|[Nn]ext|the previous)"
            r" (?:year|month|weekend)\b"
            r"|\b[Tt]he (?:end of the year|year[’']s end)\b)",
            r"(?P<ago>\b(?:[Aa]|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Tt]en)"
            r" (?:day|month|year)s? ago\b)",
            rf"(?P<month>\b{_M}(?!\w))",
        )
    )
)
