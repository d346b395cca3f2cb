"""Figures of a sentence that count or measure something, with bounds, unit and the word that blurs them.

What counts is told in `docs/annotation.md`: no days and years, no ordinals, no names ("Su-27", "Article 5", "Zapad
2017"), no vague plurals. A single walk over the tokens; each is looked at a bounded number of times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dualtrack.articles.dates_in_text import DateInText, dates_in
from dualtrack.articles.nouns import counted, is_name_before, plural_of
from dualtrack.articles.numerals import FOLD, Numeral, numeral
from dualtrack.articles.tokens import Token, glued, tokens, word_set

ABOUT, OVER, UNDER, UP_TO, NONE = "about", "over", "under", "up_to", "none"

# The words before a figure that blur it, longest first; None between two is any article.
_APPROXIMATORS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("no", "fewer", "than"), OVER), (("no", "less", "than"), OVER), (("not", "less", "than"), OVER),
    (("no", "more", "than"), UP_TO), (("not", "more", "than"), UP_TO), (("as", "many", "as"), UP_TO),
    (("as", "much", "as"), UP_TO), (("as", "high", "as"), UP_TO), (("as", "few", "as"), NONE),
    (("slightly", "over"), OVER), (("just", "over"), OVER), (("just", "under"), UNDER), (("just", "below"), UNDER),
    (("more", "than"), OVER), (("greater", "than"), OVER), (("higher", "than"), OVER), (("at", "least"), OVER),
    (("less", "than"), UNDER), (("fewer", "than"), UNDER), (("lower", "than"), UNDER), (("at", "most"), UP_TO),
    (("up", "to"), UP_TO), (("close", "to"), ABOUT), (("upwards", "of"), OVER),
    (("in", "excess", "of"), OVER), (("no", "longer", "than"), UP_TO), (("well", "over"), OVER),
    (("an", "estimated"), ABOUT), (("estimated",), ABOUT), (("approx", "."), ABOUT),
    (("about",), ABOUT), (("some",), ABOUT), (("roughly",), ABOUT), (("around",), ABOUT), (("nearly",), ABOUT),
    (("almost",), ABOUT), (("approximately",), ABOUT), (("circa",), ABOUT), (("approx",), ABOUT), (("~",), ABOUT),
    (("over",), OVER), (("above",), OVER), (("exceeding",), OVER), (("under",), UNDER), (("below",), UNDER),
    (("within",), UP_TO), (("maximum", "of"), UP_TO), (("minimum", "of"), OVER), ((">",), OVER), (("<",), UNDER),
)  # fmt: skip
_BETWEEN = word_set("a an the total of by to another additional further just only")
_SYMBOLS = {"$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₽": "rub", "₴": "uah"}
_CODES = word_set("usd eur gbp chf rub pln uah sek nok dkk czk huf jpy cny try")
_MONEY = {
    "dollar": "usd", "dollars": "usd", "euro": "eur", "euros": "eur", "pounds": "gbp", "rubles": "rub",
    "roubles": "rub", "ruble": "rub", "rouble": "rub", "zloty": "pln", "zlotys": "pln", "zlotych": "pln",
    "hryvnia": "uah", "hryvnias": "uah", "yuan": "cny", "yen": "jpy", "francs": "chf", "lira": "try", "liras": "try",
}  # fmt: skip
_MULTIPLES = {
    "doubled": 2, "twice": 2, "tripled": 3, "trebled": 3, "thrice": 3, "quadrupled": 4, "quintupled": 5,
    "doubling": 2, "tripling": 3, "trebling": 3, "quadrupling": 4, "quadruple": 4,
} | FOLD  # fmt: skip
_HALVED = word_set("halved halving halve")
_DOUBLES = {"double": 2, "doubles": 2, "triple": 3, "triples": 3, "treble": 3}
_AFTER_DOUBLE = word_set("the its their his her our your that what in to by from since over of as this")
_BEFORE_DOUBLE = word_set("to will would could nearly almost than about or should may might roughly")
_NOT_HALF = word_set("first second other latter this each former better top bottom one - last")
_LONG_UNITS = word_set("minute minutes hour hours day days week weeks month months year years decade decades")
_NAMED = word_set(
    "type room article articles section chapter para paragraph paragraphs page pages resolution protocol annex "
    "figure fig table phase level stage tier part volume myth item category no number nos version flight route "
    "highway channel option scenario step rule block mark class clause appendix art sec vol decree order law act "
    "battlegroup team"
)
# What makes "one" a figure rather than an article, before and after it.
_ONE_BEFORE = word_set("only just least exactly than every")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: its half-open place and words, its bounds in full units, what it counts, the word that blurs it.

    ``unit`` is ``percent``, a currency (``usd``), ``times``, or the noun counted, in the plural, lower case; empty if
    none is named. ``approx`` is ``about``, ``over``, ``under``, ``up_to`` or ``none`` and does not change the bounds.
    """

    start: int
    end: int
    text: str
    low: float
    high: float
    unit: str
    approx: str


def quantities(sentence: str, dates: Sequence[DateInText] | None = None) -> list[Quantity]:
    """The figures of a sentence in order, none within another.

    Args:
        sentence: the sentence.
        dates: its dates, if they have been looked for; what lies in them does not count.

    >>> [(one.low, one.high, one.unit, one.approx) for one in quantities("Some five to ten new troops face 2% less.")]
    [(5.0, 10.0, 'troops', 'about'), (2.0, 2.0, 'percent', 'none')]
    """
    return _Walk(sentence, dates_in(sentence) if dates is None else dates).found


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with its unit, before ranges are joined: tokens ``first`` to ``stop``; the unit may be empty."""

    first: int
    stop: int
    low: Fraction
    high: Fraction
    unit: str
    number: Numeral


class _Walk:
    def __init__(self, sentence: str, dates: Sequence[DateInText]) -> None:
        self.sentence = sentence
        self.words = tokens(sentence)
        self.found: list[Quantity] = []
        self._last_unit = ""
        spans = iter(
            [
                *(one for one in dates if not one.text.endswith(" ago")),
                DateInText(len(sentence) + 1, len(sentence) + 1, "", ""),
            ]
        )
        date = next(spans)
        at = 0
        while at < len(self.words):
            word = self.words[at]
            while date.end <= word.start:
                date = next(spans)
            if date.start <= word.start < date.end:
                at += 1
                continue
            figure = self._multiple(at) or self._figure(at)
            if figure and self.words[figure.stop - 1].end <= date.start:
                figure = self._range(figure, date.start)
                self._keep(figure)
                at = figure.stop
            elif figure:
                at += 1
            else:
                at = self._after(at)

    def _after(self, at: int) -> int:
        """The next token to look at: a chain of figures such as 12.01.2022 or 100-11-58 is left as a whole."""
        words = self.words
        if not words[at].is_figure:
            return at + 1
        at += 1
        while at + 1 < len(words) and words[at].text in ".:/-–" and words[at + 1].is_figure and _together(words, at):
            at += 2
        return at

    def _word(self, at: int) -> str:
        return self.words[at].lower if 0 <= at < len(self.words) else ""

    # One figure

    def _multiple(self, at: int) -> _Figure | None:
        """ "doubled", "eightfold", "halved", "more than double"."""
        word = self.words[at].lower
        value = Fraction(_MULTIPLES.get(word, 0))
        if word in _HALVED:
            value = Fraction(1, 2)
        elif word in _DOUBLES and (self._word(at + 1) in _AFTER_DOUBLE or self._word(at - 1) in _BEFORE_DOUBLE):
            value = Fraction(_DOUBLES[word])
        if not value or (word.endswith("ing") and self._word(at + 1) == "-"):
            return None
        number = Numeral(at, at + 1, value, "word")
        return _Figure(at, at + 1, value, value, "times", number)

    def _figure(self, at: int) -> _Figure | None:
        word = self.words[at]
        if not (word.is_figure or word.is_word):
            return None
        number = numeral(self.words, at)
        if number is None or self._is_name(number) or self._is_mark(number):
            return None
        if number.form == "part":
            return self._share(number)
        return self._measured(number)

    def _measured(self, number: Numeral) -> _Figure | None:
        """The number with its percent sign, currency, or the words that make it a multiple."""
        first, stop, value = number.first, number.stop, number.value
        negative = self._negative(first)
        money = self._currency_before(first)
        if money:
            symbol, unit = money
            return _Figure(symbol, stop, value, value, unit, number)
        ends = self._percent(stop)
        if ends:
            value = -value if negative else value
            return _Figure(first - negative, ends, value, value, "percent", number)
        ends, unit = self._currency_after(stop)
        if ends:
            return _Figure(first, ends, value, value, unit, number)
        if self._word(stop) == "times" or (self._word(stop) == "-" and self._word(stop + 1) in ("fold", "times")):
            ends = stop + 1 + (self._word(stop) == "-")
            return _Figure(first, ends, value, value, "times", number)
        if self._word(stop) == "fold" and glued(self.words[stop - 1], self.words[stop]):
            return _Figure(first, stop + 1, value, value, "times", number)
        if self._word(first - 1) == "of" and self._word(first - 2) == "factor":
            return _Figure(first, stop, value, value, "times", number)
        if number.value == 1 and number.form == "word" and number.stop == first + 1 and not self._counts_one(first):
            return None
        return _Figure(first, stop, value, value, "", number)

    def _share(self, number: Numeral) -> _Figure | None:
        """A fraction of something, in percent."""
        first, stop = number.first, number.stop
        word, after = self._word(first), self._word(stop)
        if word == "half" and (self._word(first - 1) in _NOT_HALF or after in ("-", "century", "brother")):
            return None
        if word == "half" and after in _LONG_UNITS | {"an"}:
            return None
        leans = self._word(first - 1) in ("by", "than", "nearly", "almost", "about", "over", "under")
        if (
            word == "a"
            and not leans
            and stop < len(self.words)
            and after not in _AFTER_PART
            and self.words[stop].is_word
        ):
            return None
        if after in ("century", "finals", "final") or (after == "of" and self._word(stop + 2) in ("century", "hour")):
            return None
        share = number.value * 100
        return _Figure(first, stop, share, share, "percent", number)

    def _counts_one(self, at: int) -> bool:
        """Whether "one" is a figure: "only one", "two divisions in the west and one in the south"."""
        before, after = self._word(at - 1), self._word(at + 1)
        if after in (
            "-",
            "of",
            "another",
            "day",
            "side",
            "hand",
            "more",
            "thing",
            "should",
            "can",
            "would",
            "s",
            "another",
        ):
            return False
        if before in _ONE_BEFORE and after not in ("or",):
            return True
        near = [self._word(at + step) for step in range(-12, 13) if step]
        others = any(word in _COUNTS or (word[:1].isdigit() and len(word) < 4) for word in near)
        return others and (before in ("and", ",", "or", "plus") or self._word(at + 2) in ("and", ","))

    def _percent(self, at: int) -> int:
        """The token after a percent sign or word at a place; 0 if there is none."""
        step = at + 1 if self._word(at) == "-" else at
        word = self._word(step)
        if word in ("%", "percent", "pct"):
            return step + 1
        if word == "per" and self._word(step + 1) == "cent":
            return step + 2
        return 0

    def _negative(self, at: int) -> int:
        """1 if a minus sign stands before a figure and after white space or a bracket."""
        if at == 0 or self.words[at - 1].text not in "-–−" or not glued(self.words[at - 1], self.words[at]):
            return 0
        sign = self.words[at - 1].start
        return int(sign == 0 or self.sentence[sign - 1] in " (\t\u00a0")

    def _currency_before(self, at: int) -> tuple[int, str] | None:
        """The first token of a currency before a figure, and its code."""
        if at == 0:
            return None
        sign = self.words[at - 1]
        if sign.text in _SYMBOLS:
            country = (
                at >= 2 and self.words[at - 2].text in ("US", "A", "C", "AU", "CA") and glued(self.words[at - 2], sign)
            )
            first = at - 2 if country else at - 1
            return first, _SYMBOLS[sign.text]
        if sign.lower in _CODES and sign.text.isupper():
            return at - 1, sign.lower
        return None

    def _currency_after(self, at: int) -> tuple[int, str]:
        """The token after a currency that follows a figure, and its code; 0 if there is none."""
        step = at
        if self._word(step) == "-":
            step += 1
        while self._word(step) in (
            "us",
            "u",
            "s",
            ".",
            "american",
            "russian",
            "swiss",
            "british",
            "polish",
            "ukrainian",
        ):
            step += 1
            if step > at + 4:
                return 0, ""
        if step < len(self.words):
            word = self.words[step]
            if word.lower in _MONEY:
                return step + 1, _MONEY[word.lower]
            if word.text in ("€", "£") and step == at:
                return step + 1, _SYMBOLS[word.text]
            if word.lower in _CODES and word.text.isupper():
                return step + 1, word.lower
        return 0, ""

    # What is no figure

    def _is_name(self, number: Numeral) -> bool:
        """Part of a name: F-16, BALTOPS 16, Boeing 737, Article 5, the Bucharest Nine."""
        words, first = self.words, number.first
        head = words[first]
        if first and glued(words[first - 1], head):
            before = words[first - 1]
            if (before.is_word and before.lower not in _CODES) or before.text in "_+#@&'’=\\":
                return True
            if before.text in "-–./:" and first > 1 and glued(words[first - 2], before):
                joined = words[first - 2]
                if (before.text != "." and (joined.is_word or joined.is_figure)) or (
                    before.text == "." and joined.is_figure
                ):
                    return not (before.text in "-–" and joined.is_word and joined.lower in ("mid", "of", "than"))
        if self._currency_before(first) or self._percent(number.stop):
            return False
        if self._word(first - 1) in _NAMED and number.form == "figure":
            return self._word(first - 2) != "the" or self._word(first - 1) not in ("number", "order")
        if self._word(first - 1) == "." and self._word(first - 2) in (
            "no",
            "nos",
            "art",
            "para",
            "sec",
            "vol",
            "fig",
            "p",
        ):
            return True
        if head.is_capital and first and self.words[first - 1].text not in "“\"'‘:—–.(…-" and not head.text.isupper():
            return self.words[first - 1].is_word and self.words[first - 1].is_capital
        return number.form == "figure" and "," not in head.text and is_name_before(words, first, number.stop)

    def _is_mark(self, number: Numeral) -> bool:
        """An ordinal, a time of day, a footnote, the number of a list item or a lone year."""
        words, first, stop = self.words, number.first, number.stop
        if number.value == 0 and self._word(stop) in ("tolerance", "-"):
            return True
        if number.form != "figure":
            return self._word(stop) == "-" and self._word(stop + 1) in _NOT_COUNTED
        before, after = self._word(first - 1), self._word(stop)
        if before == "of" and self._word(first - 2) == "group" and self.words[first - 2].is_capital:
            return True  # the Group of 20
        if words[first].text[0] == "0" and words[first].text.isdigit() and len(words[first].text) > 1:
            return True  # 0730
        attached = stop < len(words) and glued(words[stop - 1], words[stop])
        if attached and after in ("st", "nd", "rd", "th", "s", "am", "pm", "a", "d", "g", "b", "_", ":", "/", "x"):
            return after != "/" or stop + 1 == len(words) or words[stop + 1].is_figure
        if (after in ("am", "pm", "gmt", "utc", "hrs", "o") and before != "about") or (
            after == "a" and self._word(stop + 2) == "m"
        ):
            return after != "o" or self._word(stop + 1) in ("'", "’")
        if number.scale == 1 and before in ("(", "[") and after in (")", "]") and number.value < 200:
            return True
        if first == 0 and after in (".", ")") and number.value < 100 and attached:
            return True
        if (
            attached
            and after in "-–"
            and stop + 2 < len(words)
            and words[stop + 1].is_figure
            and self._word(stop + 2) in "-–"
        ):
            return True  # 100-11-58
        return self._is_year(number)

    def _is_year(self, number: Numeral) -> bool:
        """A bare figure between 1900 and 2099 is taken for a year, also where it belongs to a name."""
        text = self.words[number.first].text
        year = number.stop == number.first + 1 and text.isdigit() and len(text) == 4 and text[:2] in ("19", "20")
        return year and not (text.endswith("00") and counted(self.words, number.stop))

    # Ranges

    def _range(self, left: _Figure, end: int) -> _Figure:
        """The figure joined with the one it is a range with; itself if there is none."""
        words, at = self.words, left.stop
        if at + 1 >= len(words) or (
            left.unit == "times" and left.number.form == "word" and left.stop == left.first + 1
        ):
            return left
        link = words[at].lower
        step = at + 1
        if link == "-" and self._word(at + 1) in ("to", "or") and self._word(at + 2) == "-":
            link, step = self._word(at + 1), at + 3
        opens = self._opener(left.first)
        if link not in ("-", "–", "—", "to", "or", "and") or (link == "and") != (opens == "between"):
            return left
        if link in "-–—" and glued(words[at - 1], words[at]) != glued(words[at], words[at + 1]):
            return left
        if (link == "to" and opens == "from" and not self._spread(left.first)) or step >= len(words):
            return left
        while self._word(step) in ("about", "almost", "nearly", "over", "even", "perhaps", "around") and step < at + 3:
            step += 1
        number = numeral(words, step) if words[step].is_word or words[step].is_figure else None
        if number is None and words[step].text in _SYMBOLS and step + 1 < len(words) and words[step + 1].is_figure:
            number = numeral(words, step + 1)
        if number is None or (number.form == "part" and left.unit != "percent") or self._is_mark_in_range(number):
            return left
        if words[number.stop - 1].end > end:
            return left
        right = self._share(number) if number.form == "part" else self._measured(number)
        if right is None or (left.unit and right.unit != left.unit and (right.unit or link == "to")):
            return left
        low = left.low
        if left.number.scale == 1 and number.scale > 1 and left.low < 1000:
            low *= number.scale  # "3 to 4 billion"
        if low >= right.high or (link == "-" and left.number.form != number.form):
            return left
        return _Figure(left.first, right.stop, low, right.high, left.unit or right.unit, number)

    def _spread(self, first: int) -> bool:
        """Whether "from ... to ..." tells a spread and no change: "estimates range from 60,000 to 100,000"."""
        return any(
            self._word(at) in ("range", "ranges", "ranged", "ranging", "vary", "varies")
            for at in range(first - 4, first)
        )

    def _is_mark_in_range(self, number: Numeral) -> bool:
        return number.form == "figure" and (
            self._is_year(number)
            or (self._word(number.stop) in ("st", "nd", "rd", "th", "/", ":") and self._word(number.stop) != "")
        )

    def _opener(self, first: int) -> str:
        """ "between" or "from" before a figure and the word that blurs it."""
        at = first - 1
        for _ in range(4):
            if self._word(at) in ("between", "from"):
                return self._word(at)
            if self._word(at) not in (
                "about",
                "some",
                "around",
                "roughly",
                "nearly",
                "almost",
                "just",
                "over",
                "an",
                "estimated",
            ):
                return ""
            at -= 1
        return ""

    # The result

    def _keep(self, figure: _Figure) -> None:
        words = self.words
        unit, stop = figure.unit, figure.stop
        if not unit:
            unit = (
                self._noun(stop, single=figure.low == figure.high == 1) or self._of_the_next(stop) or self._inherited()
            )
        self._last_unit = unit
        start, end = words[figure.first].start, words[stop - 1].end
        text = self.sentence[start:end]
        low, high = float(figure.low), float(figure.high)
        self.found.append(Quantity(start, end, text, low, high, unit, self._approx(figure.first, unit, stop)))

    def _noun(self, stop: int, *, single: bool = False) -> str:
        if self._word(stop) == "-" and stop + 1 < len(self.words):
            joined = self.words[stop + 1]
            if joined.lower == "strong":
                return "troops"
            if joined.lower == "nautical":
                return "miles"
            return plural_of(joined.lower) if joined.is_word else ""
        return counted(self.words, stop, single=single)

    def _of_the_next(self, stop: int) -> str:
        """The unit of the second figure of a change: "from 2,000 to 15,000 troops", "from 40 to 54 percent"."""
        if self._word(stop) != "to" or stop + 1 >= len(self.words):
            return ""
        word = self.words[stop + 1]
        number = numeral(self.words, stop + 1) if word.is_word or word.is_figure else None
        if number is None or number.form == "part" or self._is_mark(number):
            return ""
        return (
            "percent" if self._percent(number.stop) else self._currency_after(number.stop)[1] or self._noun(number.stop)
        )

    def _inherited(self) -> str:
        """The unit of the figure before, for "11 others", "one in the south", "14,000 from the United States"."""
        return self._last_unit if self._last_unit != "times" else ""

    def _approx(self, first: int, unit: str, stop: int) -> str:
        if self._word(stop) == "or" and self._word(stop + 1) in ("so", "more"):
            return ABOUT if self._word(stop + 1) == "so" else OVER
        if self._word(stop) == "+":
            return OVER
        at = first
        for _ in range(4):
            before = [self._word(at - step) for step in (3, 2, 1)]
            for phrase, approx in _APPROXIMATORS:
                if tuple(before[-len(phrase) :]) == phrase:
                    if phrase[-1] in ("over", "under", "above", "below") and (unit in _LONG_UNITS or at != first):
                        return NONE  # "40 incidents over eight months", "at war over the two regions"
                    return approx
            if before[-1] not in _BETWEEN:
                return NONE
            at -= 1
        return NONE


_COUNTS = word_set("two three four five six seven eight nine ten eleven twelve")
_AFTER_PART = word_set(
    "of the more less higher lower larger smaller were are is was say said think believe want wanted say to in "
    "since by as had have and or but that who oppose support"
)
_NOT_COUNTED = word_set(
    "star sum option sided way track dimensional thirds faced fold pronged tier tiered on hand off time"
)


def _together(words: Sequence[Token], at: int) -> bool:
    return glued(words[at - 1], words[at]) and glued(words[at], words[at + 1])
