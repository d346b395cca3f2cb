"""Whether a value passes a test: wholly, mostly, not at all, or so that it cannot be told.

A figure's whole range passes (supported), passes within what the speaker's word allows (mostly supported), fails
(contradicted), or lies across the line (cannot tell). Of a set, all but one of at least five elements is mostly.
Where only one bound is on record and it is the single published figure ("up to 4,000"), a test that this figure
passes is mostly supported; one that it fails cannot be told, because unknown is never no.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from dualtrack.claims.tolerances import tolerance, tolerances
from dualtrack.claims.values import Answered, Members, Series, Span, Value, Word
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.show import amount
from dualtrack.core.ternary import Ternary
from dualtrack.core.verdict import Verdict

OfFigures = Literal["equal", "at_least", "at_most", "more_than", "less_than", "in_range", "factor_at_least"]
OfSets = Literal["set_equal", "subset_of", "superset_of", "contains"]
OfSeries = Literal["first_since", "largest_since"]
Plain = Literal["yes", "no", "exists", "none"]
Comparator = Literal[OfFigures, OfSets, OfSeries, Plain]

_MOSTLY_OF = 5
"""Elements a set must have for one of them to be off by: one in five, as much as "roughly" allows."""
_ENDS = {"low": "lower", "high": "upper"}
_DIGITS = 9  # decimals beyond which two figures are the same: sums of thirds must not decide


@dataclass(frozen=True)
class Judged:
    """A verdict under one reading, and in words why it cannot be told or is only mostly so."""

    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class Region:
    """The figures that pass: from ``low`` to ``high``, without an end that is ``open``."""

    low: float
    high: float
    open: bool = False

    def holds(self, low: float, high: float) -> bool:
        """Whether all figures between two bounds pass."""
        a, b = round(low, _DIGITS), round(high, _DIGITS)
        return (self.low < a and b < self.high) if self.open else (self.low <= a and b <= self.high)

    def misses(self, low: float, high: float) -> bool:
        """Whether no figure between two bounds passes."""
        a, b = round(low, _DIGITS), round(high, _DIGITS)
        return (b <= self.low or self.high <= a) if self.open else (b < self.low or self.high < a)


class Test(BaseModel):
    """A comparator, what it compares with, and by which word's tolerance."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    __test__ = False  # no test of pytest

    comparator: Comparator
    value: Any = None
    tolerance: str = "exact"

    @model_validator(mode="before")
    @classmethod
    def _tolerance_is_a_word(cls, raw: Any) -> Any:
        given = raw.get("tolerance", "exact") if isinstance(raw, dict) else "exact"
        if given not in tolerances():
            known = ", ".join(tolerances())
            raise ValueError(f"tolerance is a row of the one table ({known}), never a number of its own")
        if isinstance(raw, dict) and isinstance(raw.get("comparator"), bool):  # YAML's bare yes and no
            return {**raw, "comparator": "yes" if raw["comparator"] else "no"}
        return raw

    @model_validator(mode="after")
    def _value_fits(self) -> Test:
        wanted = ""
        if self.comparator == "in_range":
            pair = self.value if isinstance(self.value, (list, tuple)) else []
            ok = len(pair) == 2 and all(map(_is_number, pair)) and pair[0] <= pair[1]
            wanted = "" if ok else "two numbers, the lower first"
        elif self.comparator == "equal":
            wanted = (
                "" if _is_number(self.value) or (isinstance(self.value, str) and self.value) else "a number or word"
            )
        elif self.comparator in get_args(OfFigures):
            wanted = "" if _is_number(self.value) else "a number"
        elif self.comparator in get_args(OfSets):
            several = self.value if isinstance(self.value, (list, tuple)) else [self.value]
            ok = all(isinstance(item, str) and item for item in several)
            ok = ok and (len(several) > 0 or self.comparator in ("set_equal", "subset_of"))
            wanted = "" if ok and len(set(several)) == len(several) else "a list of codes, each once"
        elif self.comparator in get_args(OfSeries):
            try:
                first_day(str(self.value))
            except ValueError:
                wanted = "a date: 2016, 2016-05 or 2016-05-09"
        elif self.value is not None:
            raise ValueError(f"{self.comparator} takes no value")
        if wanted:
            raise ValueError(f"value of {self.comparator} must be {wanted}")
        if self.tolerance != "exact" and (self.comparator not in get_args(OfFigures) or isinstance(self.value, str)):
            raise ValueError(f"{self.comparator} knows no tolerance: it is for figures only")
        return self

    def region(self, widened: bool = False) -> Region:
        """The figures that pass, with what the word allows if ``widened``; of figures' comparators only."""
        low, high = self.value if self.comparator == "in_range" else (self.value, self.value)
        row = tolerance(self.tolerance)
        a = low - (row.slack(low) if widened else 0.0)
        b = high + (row.slack(high) if widened else 0.0)
        match self.comparator:
            case "at_least" | "factor_at_least":
                return Region(a, math.inf)
            case "at_most":
                return Region(-math.inf, b)
            case "more_than":
                return Region(a, math.inf, open=True)
            case "less_than":
                return Region(-math.inf, b, open=True)
            case _:
                return Region(a, b)

    def __str__(self) -> str:
        words = self.comparator.replace("_", " ")
        if self.value is None:
            return words
        several = self.value if isinstance(self.value, (list, tuple)) else [self.value]
        joined = (" to " if self.comparator == "in_range" else ", ").join(
            amount(item) if _is_number(item) else str(item) for item in several
        )
        return f"{words} {joined}" + (f" ({self.tolerance})" if self.tolerance != "exact" else "")


def judge(value: Value, test: Test) -> Judged | None:
    """The verdict on one value; None where the comparator does not fit this kind of value."""
    kind = test.comparator
    if isinstance(value, Span) and kind in get_args(OfFigures) and not isinstance(test.value, str):
        return _figure(value, test)
    if isinstance(value, Members) and kind in get_args(OfSets):
        return _set(value, test)
    if isinstance(value, Series) and kind in get_args(OfSeries):
        return _series(value, test)
    if isinstance(value, Word) and kind == "equal" and isinstance(test.value, str):
        return Judged(_told(value.text == test.value))
    if kind in ("yes", "exists", "no", "none"):
        answer = _answer(value, kind)
        if answer is None:
            return None
        if answer is Ternary.UNKNOWN:
            return Judged(Verdict.CANNOT_TELL, "the record does not say")
        return Judged(_told((answer is Ternary.YES) == (kind in ("yes", "exists"))))
    return None


def _told(holds: bool) -> Verdict:
    return Verdict.SUPPORTED if holds else Verdict.CONTRADICTED


def _figure(value: Span, test: Test) -> Judged:
    if value.low is value.high is value.best is None:
        return Judged(Verdict.CANNOT_TELL, "no figure is on record")
    low = -math.inf if value.low is None else value.low
    high = math.inf if value.high is None else value.high
    strict, widened = test.region(), test.region(widened=True)
    if strict.holds(low, high):
        return Judged(Verdict.SUPPORTED)
    if widened.holds(low, high):
        return Judged(Verdict.MOSTLY, f"within what “{test.tolerance}” allows")
    if widened.misses(low, high):
        return Judged(Verdict.CONTRADICTED)
    missing = " and ".join(word for end, word in _ENDS.items() if getattr(value, end) is None)
    if not missing:
        return Judged(Verdict.CANNOT_TELL, "the sources' range lies across the line")
    single = value.low is not value.high and value.best in (value.low, value.high)
    if single and value.best is not None and widened.holds(value.best, value.best):
        return Judged(Verdict.MOSTLY, f"at the published figure; no {missing} bound is on record")
    return Judged(Verdict.CANNOT_TELL, f"no {missing} bound is on record")


def _set(value: Members, test: Test) -> Judged:
    asked = frozenset([test.value] if isinstance(test.value, str) else test.value)
    extra, lacking = value.sure - asked, asked - value.sure - value.maybe
    open_extra, open_lacking = value.maybe - asked, asked & value.maybe
    counts = {
        "set_equal": (len(extra) + len(lacking), len(value.maybe)),
        "subset_of": (len(extra), len(open_extra)),
    }
    least, more = counts.get(test.comparator, (len(lacking), len(open_lacking)))
    allowed = int(len(asked) >= _MOSTLY_OF and test.comparator != "contains")
    if least + more == 0:
        return Judged(Verdict.SUPPORTED)
    if least + more <= allowed:
        off = sorted(extra | lacking | open_extra | open_lacking) if test.comparator == "set_equal" else sorted(
            extra | open_extra if test.comparator == "subset_of" else lacking | open_lacking
        )  # fmt: skip
        return Judged(Verdict.MOSTLY, f"all but {', '.join(off)}")
    if least > allowed:
        return Judged(Verdict.CONTRADICTED)
    return Judged(Verdict.CANNOT_TELL, f"the record does not decide {', '.join(sorted(value.maybe))}")


def _series(value: Series, test: Test) -> Judged:
    since = last_day(str(test.value))
    if not value.items or last_day(value.items[-1][0]) <= since:
        return Judged(Verdict.CANNOT_TELL, f"nothing after {test.value} is on record")
    day, last = value.items[-1]
    others = [(d, f) for d, f in value.items[:-1] if last_day(d) > since and first_day(d) < last_day(day)]
    answers = []
    for other, figure in others:
        surely = first_day(other) > since and last_day(other) < first_day(day)
        again = Ternary.YES if test.comparator == "first_since" else _not_below(figure, last)
        answers.append(Ternary.UNKNOWN if again is Ternary.YES and not surely else again)
    if Ternary.YES in answers:
        return Judged(Verdict.CONTRADICTED)
    if Ternary.UNKNOWN in answers:
        return Judged(Verdict.CANNOT_TELL, "a figure or date in between leaves it open")
    return Judged(Verdict.SUPPORTED)


def _not_below(figure: Span, last: Span) -> Ternary:
    """Whether an earlier figure is as large as the last one."""
    if figure.low is not None and last.high is not None and figure.low >= last.high:
        return Ternary.YES
    if figure.high is not None and last.low is not None and figure.high < last.low:
        return Ternary.NO
    return Ternary.UNKNOWN


def _answer(value: Value, kind: str) -> Ternary | None:
    """Yes or no, or whether there is anything at all."""
    if isinstance(value, Answered):
        return value.answer
    if kind in ("yes", "no"):
        return None
    if isinstance(value, Members):
        return Ternary.YES if value.sure else Ternary.UNKNOWN if value.maybe else Ternary.NO
    if isinstance(value, Span):
        if value.low is not None and value.low > 0:
            return Ternary.YES
        return Ternary.NO if value.high is not None and value.high <= 0 else Ternary.UNKNOWN
    return Ternary.YES if isinstance(value, Word) or value.items else Ternary.NO


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def edges(test: Test, verdict: Verdict) -> Iterable[tuple[Literal["below", "above", "at"], float]]:
    """The lines at which a figure changes a verdict: leaves what passes, or, where it failed, comes into it.

    Yields the side on which the verdict is another one (or that it is one at this very figure), and the line.
    """
    if isinstance(test.value, str) or test.comparator not in get_args(OfFigures):
        return
    inside = verdict.holds
    point = test.comparator == "equal"  # which any other figure would leave: the word's tolerance is the line
    region = test.region(widened=point or verdict is not Verdict.SUPPORTED)
    if not inside and region.low == region.high:
        yield "at", region.low
        return
    if math.isfinite(region.low):
        yield ("below" if inside else "above"), region.low
    if math.isfinite(region.high):
        yield ("above" if inside else "below"), region.high
