"""What a reading takes for stationing: a declarative test over the rows of ``deployments``, the same for every sender.

The words of a test are its own criteria and nothing else: which basing counts, how large, counted how, and until
when the reading holds the restraint binding. What a reading does not say stays open: the answer is then unknown.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.ternary import Ternary

Echelon = Literal["company", "battalion", "regiment", "brigade", "division", "corps", "army"]
Basing = Literal["permanent", "persistent", "rotational", "prepositioned", "planned"]
Counted = Literal["per_force", "per_host", "sum_over_hosts"]

LADDER: tuple[Echelon, ...] = get_args(Echelon)
_TOP = len(LADDER)

_Value = TypeVar("_Value")


class Threshold(BaseModel, Generic[_Value]):
    """Where a test begins to be met: surely not below ``open``, surely from ``sure`` on, in between not said.

    ``sure`` is None where the reading does not say from where on it is met.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    open: _Value
    sure: _Value | None


def _threshold(raw: Any) -> Any:
    """A single value, or a list of the lowest that may and the lowest that surely meets the test."""
    if isinstance(raw, list):
        if len(raw) != 2:
            raise ValueError("give one value, or two: [from where it may be met, from where it surely is or null]")
        return {"open": raw[0], "sure": raw[1]}
    return raw if isinstance(raw, Threshold) else {"open": raw, "sure": raw}


class StationingTest(BaseModel):
    """One reading's test of "additional permanent stationing of substantial combat forces".

    ``echelon_at_least`` and ``troops_at_least`` (persons) say what is substantial; with neither, one force is. A row
    is judged by both where both are known, and is undecided where they disagree. ``basing``: what counts as
    stationed; ``planned`` adds what is announced. ``counted``: each force alone, or troops by host state, or over
    all of them. ``continuous``: somebody counted was there on every day of the year before. ``combat_only`` and
    ``additional`` take these words of the text as they stand. ``binding_until``: the reading's last day of the
    restraint. ``unrecorded``: a further condition no table holds; with it, met becomes unknown. ``position``: the row
    of ``instruments_positions`` that has the reading in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: str = ""
    echelon_at_least: Annotated[Threshold[Echelon] | None, BeforeValidator(_threshold)] = None
    troops_at_least: Annotated[Threshold[int] | None, BeforeValidator(_threshold)] = None
    basing: tuple[Basing, ...] = ()
    counted: Counted = "per_force"
    continuous: bool = False
    combat_only: bool = True
    additional: bool = True
    binding_until: str = ""
    unrecorded: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> StationingTest:
        if not self.basing and (not self.binding_until or self.echelon_at_least or self.troops_at_least):
            raise ValueError("basing says what counts as stationed; only a reading that no longer binds needs none")
        if self.echelon_at_least and self.counted != "per_force":
            raise ValueError("an echelon is a formation's: count per_force, or name troops_at_least")
        if self.continuous and (self.echelon_at_least or self.troops_at_least or self.counted == "per_force"):
            raise ValueError("continuous counts any force, per_host or sum_over_hosts, without a size")
        for name, one in (("echelon_at_least", self._ranks), ("troops_at_least", self.troops_at_least)):
            if one and one.sure is not None and one.sure < one.open:
                raise ValueError(f"{name}: the second value is below the first")
        if self.troops_at_least and self.troops_at_least.open < 1:
            raise ValueError("troops_at_least begins at 1")
        if self.binding_until:
            last_day(self.binding_until)
        return self

    @property
    def sized(self) -> bool:
        """Whether a size is asked for."""
        return bool(self.echelon_at_least or self.troops_at_least)

    @property
    def _ranks(self) -> Threshold[int] | None:
        if self.echelon_at_least is None:
            return None
        sure = self.echelon_at_least.sure
        return Threshold(open=_rank(self.echelon_at_least.open), sure=None if sure is None else _rank(sure))

    def large(self, ranks: tuple[int, int], low: float | None, high: float | None) -> Ternary:
        """Whether a force of these bounds (persons, None unknown) and ranks of echelon is of the size asked for."""
        asked = [(self._ranks, *ranks), (self.troops_at_least, low or 0, high)]
        said = {reaches(a, b, threshold) for threshold, a, b in asked if threshold}
        known = said - {Ternary.UNKNOWN} if said else {Ternary.YES}
        return known.pop() if len(known) == 1 else Ternary.UNKNOWN

    def binds(self, day: Any) -> Ternary:
        """Whether the restraint still binds on a day by this reading."""
        if not self.binding_until or day <= first_day(self.binding_until):
            return Ternary.YES
        return Ternary.NO if day > last_day(self.binding_until) else Ternary.UNKNOWN


def reaches(low: float, high: float | None, threshold: Threshold[int]) -> Ternary:
    """Whether a figure between two bounds reaches a threshold; None is no upper bound, or none that is said.

    >>> reaches(1000, 1200, Threshold(open=3000, sure=5000)).value
    'no'
    >>> reaches(1000, None, Threshold(open=3000, sure=5000)).value
    'unknown'
    """
    if threshold.sure is not None and low >= threshold.sure:
        return Ternary.YES
    return Ternary.NO if high is not None and high < threshold.open else Ternary.UNKNOWN


def _rank(echelon: Echelon) -> int:
    return LADDER.index(echelon) + 1


_NONE = (0, 0)
_BATTALION = (_rank("battalion"), _rank("battalion"))
_ECHELONS: dict[str, tuple[tuple[int, int], Ternary]] = {
    **{echelon: ((_rank(echelon), _rank(echelon)), Ternary.YES) for echelon in LADDER},
    "battery and support": ((1, 1), Ternary.YES),
    "company and support": ((1, 1), Ternary.YES),
    "battlegroup": (_BATTALION, Ternary.YES),
    "squadron": ((1, 2), Ternary.YES),  # a company in some armies, a battalion in others
    "aviation brigade": ((_rank("brigade"), _rank("brigade")), Ternary.YES),
    "irregular force": ((0, _TOP), Ternary.YES),
    "detachment": ((0, 2), Ternary.UNKNOWN),  # part of a larger unit; of which kind, the word does not say
    "air detachment": ((0, 2), Ternary.UNKNOWN),  # combat aircraft on police duty
    "aggregate": ((0, _TOP), Ternary.UNKNOWN),  # a sum over units of every kind
    "headquarters": (_NONE, Ternary.NO),
    "military district": (_NONE, Ternary.NO),
    "base": (_NONE, Ternary.NO),  # infrastructure, which the text has another sentence for
    "prepositioned brigade set": (_NONE, Ternary.NO),  # equipment without its people
}


def ranks(echelon: str) -> tuple[int, int]:
    """The lowest and highest rank on the ladder a word for a force can mean; any, for a word not known.

    >>> ranks("battlegroup"), ranks("headquarters"), ranks("flotilla")
    ((2, 2), (0, 0), (0, 7))
    """
    return _ECHELONS.get(echelon, ((0, _TOP), Ternary.UNKNOWN))[0]


def combat(echelon: str) -> Ternary:
    """Whether a force of this word is a combat force; unknown where the word covers both.

    Ours, as no text says it: formations on the ladder are, staffs, sites and stores are not.
    """
    return _ECHELONS.get(echelon, ((0, _TOP), Ternary.UNKNOWN))[1]
