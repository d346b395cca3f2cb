"""A rule: one provision of an instrument as a file, with its levels, condition, obligation and worked cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from dualtrack.core.errors import BadInput
from dualtrack.instruments.activities import VOCABULARY
from dualtrack.instruments.columns import Codes, Column, Columns, Numbers
from dualtrack.instruments.formula import Formula, Levels, Vocabulary, compile_formula
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.steps import Answer, all_of, negated, spread

Outcome = Literal["notifiable", "observable"]
OUTCOMES: tuple[Outcome, ...] = ("notifiable", "observable")


class _Written(BaseModel):
    """Part of a rule file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A number as written: a truth value or a text is none, nor are infinity and NaN."""


class Level(_Written):
    """A level of a provision: the value, its unit, and the row of the table ``rules`` it is taken from."""

    value: Finite
    unit: str
    rule: str = Field(description="id in the table rules: source, and whether it was read in the text")


class Deadline(_Written):
    """How many days before the start the obligation is due; ``when`` says for which activities."""

    days: Finite = Field(ge=0)
    rule: str
    when: str = ""


class Case(_Written):
    """A worked case: figures and codes of one activity, and the answer expected of this rule alone.

    A figure may be a number, a range ``[low, high]`` or ``unknown``; figures left out are 0, codes left out are the
    ordinary ones (inside the zone, one place and command, planned, several services).
    """

    name: str
    given: dict[str, float | str | list[float]] = {}
    expect: Literal["yes", "no", "unknown"]

    @field_validator("given", "expect", mode="before")
    @classmethod
    def _words(cls, raw: Any) -> Any:
        """YAML reads an unquoted yes or no as a truth value; here they are words."""
        if isinstance(raw, dict):
            return {name: cls._words(value) for name, value in raw.items()}
        return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw


class Written(_Written):
    """A rule file as it is written."""

    title: str
    paragraph: str
    outcome: Outcome
    addressee: str
    obligation: str
    why: str
    levels: dict[str, Level] = Field(min_length=1)
    applies: str
    condition: str
    exempt: str = ""
    unknown_if: list[str] = []
    deadlines: list[Deadline] = []
    cases: list[Case] = Field(min_length=3)


@dataclass(frozen=True)
class Rule:
    """A rule ready to be evaluated.

    ``id`` is the name of its file; the parts of the condition are compiled. The answer of a rule is: it applies,
    and the condition is met, and the activity is not exempt; unknown where one of the doubts may hold.
    """

    id: str
    instrument: str
    written: Written
    applies: Formula
    condition: Formula
    exempt: Formula | None
    doubts: tuple[Formula, ...]
    due: tuple[tuple[Deadline, Formula | None], ...]

    @cached_property
    def levels(self) -> dict[str, float]:
        """The value of each level by name."""
        return {name: level.value for name, level in self.written.levels.items()}

    def __call__(self, columns: Columns, levels: Levels | None = None) -> Possibly:
        """The answer for every row; ``levels`` replace the rule's own, each a number or an array of variants (v, 1)."""
        return spread(self.answer(columns, levels))

    def answer(self, columns: Columns, levels: Levels | None = None) -> Answer:
        """The same answer as it was found: as numbers where levels rise."""
        at: dict[str, float | np.ndarray | Numbers] = {**self.levels, **(levels or {})}
        applies = self.applies.answer(columns, at)
        needed = [applies, self.condition.answer(columns, at)]
        if self.exempt:
            needed.append(negated(self.exempt.answer(columns, at)))
        found = all_of(needed)
        for doubt in self.doubts:
            found = spread(found).unless_unknown(spread(all_of([doubt.answer(columns, at), applies])))
        return found


def make_rule(id_: str, instrument: str, written: Written, where: Callable[[str], str]) -> Rule:
    """Compiles what is written; ``where`` says of a key at which place of which file it stands.

    Raises:
        BadInput: a condition is none, or names what a rule cannot ask about; the message names file and key.
    """
    words: dict[str, Any] = {**VOCABULARY, **dict.fromkeys(written.levels, "number")}
    clash = sorted(set(VOCABULARY) & set(written.levels))
    if clash:
        raise BadInput(
            f"{where('levels')}: the level {clash[0]} has the name of a figure.", f"Call it {clash[0]}_level."
        )

    def compiled(text: str, key: str) -> Formula:
        return compile_formula(text, words, f"{where(key)}, {key}")

    return Rule(
        id=id_,
        instrument=instrument,
        written=written,
        applies=compiled(written.applies, "applies"),
        condition=compiled(written.condition, "condition"),
        exempt=compiled(written.exempt, "exempt") if written.exempt else None,
        doubts=tuple(compiled(text, "unknown_if") for text in written.unknown_if),
        due=tuple((d, compiled(d.when, "deadlines") if d.when else None) for d in written.deadlines),
    )


def columns_of(case: Case, vocabulary: Vocabulary, where: str) -> dict[str, Column]:
    """The activity of a worked case, as columns of one row.

    Raises:
        BadInput: it gives what no rule can ask about, or a word that is none of a code's.
    """
    unknown = sorted(set(case.given) - set(vocabulary))
    if unknown:
        raise BadInput(f"{where}, case {case.name!r}: {unknown[0]!r} is no figure or code of an activity.",
                       f"Names: {', '.join(sorted(vocabulary))}.")  # fmt: skip
    found: dict[str, Column] = {}
    for name, kind in vocabulary.items():
        value = case.given.get(name, _ORDINARY.get(name, 0 if kind == "number" else "yes"))
        if kind == "number":
            found[name] = _numbers(value, f"{where}, case {case.name!r}: {name}")
        else:
            allowed = ("yes", "no", "unknown") if kind == "answer" else (*kind, "unknown")
            if value not in allowed:
                raise BadInput(
                    f"{where}, case {case.name!r}: {name} is {value!r}.", f"It is one of {', '.join(allowed)}."
                )
            if kind == "answer":
                found[name] = Possibly(np.array([value != "no"]), np.array([value != "yes"]))
            else:
                found[name] = Codes.of([None if value == "unknown" else str(value)], tuple(kind))
    return found


_ORDINARY = {"in_zone": "yes", "kind": "scheduled", "structure": "single", "domain": "joint"}


def _numbers(value: float | str | list[float], where: str) -> Numbers:
    match value:
        case "unknown":
            return Numbers(np.array([0.0]), np.array([np.inf]))
        case [low, high] if low <= high:
            return Numbers(np.array([low], np.float64), np.array([high], np.float64))
        case int() | float():
            return Numbers.exactly(np.array([value], np.float64))
        case _:
            raise BadInput(f"{where} is {value!r}.", "Give a number, a range [low, high] or unknown.")
