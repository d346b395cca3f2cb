"""A proposal: a file that amends rules of an instrument, recorded (someone made it) or a what-if (we made it up)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.yamlfile import line_of, read_model
from dualtrack.instruments.activities import Counting
from dualtrack.instruments.instrument import Instrument, instrument
from dualtrack.instruments.rule import Deadline, Finite, Rule, make_rule


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Together(_Part):
    """Simultaneous exercises of one state that count as one: not further apart than so many days and kilometres."""

    days: Finite = Field(ge=0)
    km: Finite = Field(gt=0)


class Change(_Part):
    """What a proposal replaces in one rule; what is left out stays as it is."""

    levels: dict[str, Finite] = {}
    applies: str | None = None
    condition: str | None = None
    exempt: str | None = None
    deadlines: list[Deadline] | None = None


class Written(_Part):
    """A proposal file as it is written.

    ``kind: recorded`` names the row of the table ``proposals`` it codes; ``kind: what_if`` may say which recorded ones
    it was inspired by. A recorded proposal whose numbers are not on record says in ``not_run`` why it cannot be run.
    """

    title: str
    kind: Literal["recorded", "what_if"]
    proposal: str = ""
    inspired_by: list[str] = []
    amends: str
    note: str = ""
    change: dict[str, Change] = {}
    zone: Literal["document", "all"] = "document"
    services: Literal["land", "all"] = "land"
    whole: bool = False
    together: Together | None = None
    not_run: str = ""

    @field_validator("title")
    @classmethod
    def _stands_in_a_line(cls, title: str) -> str:
        """A title stands in front of the kind: it must not be taken for it, nor for a line of its own."""
        if not title.isprintable() or not title.strip():
            raise ValueError("a title is one line of words")
        if "recorded proposal" in title.casefold() or "what-if" in title.casefold():
            raise ValueError("a title does not say its kind: the key kind does")
        return title

    @model_validator(mode="after")
    def _is_whole(self) -> Written:
        if (self.kind == "recorded") != bool(self.proposal):
            raise ValueError("a recorded proposal names its row of the table proposals, a what-if does not")
        changes = bool(self.change) or self.whole or bool(self.together)
        changes = changes or self.zone != "document" or self.services != "land"
        if changes == bool(self.not_run):
            raise ValueError("a proposal changes something, or says in not_run why it cannot be run")
        return self


@dataclass(frozen=True)
class Proposal:
    """A proposal ready to be run: the instruments it amends, as they are and as they would be, and what is counted.

    ``ours`` says whether it came with the package: what a user's file says it records was compared with nothing.
    """

    id: str
    written: Written
    before: tuple[Instrument, ...]
    after: tuple[Instrument, ...]
    ours: bool = True

    @property
    def counting(self) -> Counting:
        """What is counted under the proposal."""
        return Counting(zone=self.written.zone, services=self.written.services, whole=self.written.whole)

    def cited(self) -> list[tuple[str, str]]:
        """The rows it names, each as table and id: of ``proposals``, and of ``rules`` for its deadlines."""
        made = [self.written.proposal] if self.written.proposal else []
        deadlines = [due.rule for change in self.written.change.values() for due in change.deadlines or []]
        return [*(("proposals", id_) for id_ in (*made, *self.written.inspired_by)), *(("rules", d) for d in deadlines)]

    @property
    def label(self) -> str:
        """What it is called on every output, so that nobody takes an invented one for a recorded one."""
        kind = "recorded proposal" if self.written.kind == "recorded" else "invented what-if, nobody proposed it"
        if self.written.kind == "recorded" and not self.ours:
            kind = f"{self.written.proposal} as a file of your own has it, not checked against the record"
        return f"{self.written.title} ({kind})"


def packaged() -> Path:
    """The folder of the proposals that come with the package."""
    return Path(str(resources.files("dualtrack.instruments") / "data" / "proposals"))


@lru_cache(maxsize=1)
def proposals() -> Mapping[str, Proposal]:
    """All proposals that come with the package by id, the recorded ones first."""
    found = [load(path) for path in sorted(packaged().glob("*.yml"))]
    return {p.id: p for p in sorted(found, key=lambda p: (p.written.kind, p.id))}


def proposal(name: str) -> Proposal:
    """The proposal of this id, or in this file.

    Raises:
        NoSuchName: there is none.
        BadInput: the file is at fault.
    """
    if name.endswith((".yml", ".yaml")) or "/" in name:
        return load(Path(name))
    if name not in proposals():
        raise NoSuchName("proposal", name, list(proposals()))
    return proposals()[name]


def load(path: Path) -> Proposal:
    """A proposal from its file.

    Raises:
        BadInput: it is no proposal, or changes a rule or a level that is not there; the message names file and line.
    """
    written = read_model(path, Written)
    try:
        before = instrument(written.amends)
    except NoSuchName as error:
        raise BadInput(f"{path}:{line_of(path, ['amends'])}: {error.problem}", error.fix) from None
    known = {rule.id for i in before for rule in i.rules}
    if not known:
        problem = f"{written.amends} has no rules on notification or observation"
        raise BadInput(f"{path}:{line_of(path, ['amends'])}: {problem}.", "Amend vienna_document.")
    for id_, change in written.change.items():
        line = line_of(path, ["change", id_])
        if id_ not in known:
            raise BadInput(f"{path}:{line}: {written.amends} has no rule {id_}.", f"Rules: {', '.join(sorted(known))}.")
        levels = {name for i in before for rule in i.rules if rule.id == id_ for name in rule.levels}
        wrong = sorted(set(change.levels) - levels)
        if wrong:
            line = line_of(path, ["change", id_, "levels", wrong[0]])
            raise BadInput(
                f"{path}:{line}: {id_} has no level {wrong[0]}.", f"Its levels: {', '.join(sorted(levels))}."
            )
        negative = sorted(name for name, value in change.levels.items() if value < 0)
        if negative:
            line = line_of(path, ["change", id_, "levels", negative[0]])
            raise BadInput(
                f"{path}:{line}: {negative[0]} is {change.levels[negative[0]]:g}.", "Give a number from 0 up."
            )
    after = tuple(_amended(i, written, path) for i in before)
    return Proposal(path.stem, written, before, after, ours=path.parent == packaged())


def _amended(found: Instrument, written: Written, path: Path) -> Instrument:
    rules: Sequence[Rule] = [
        _changed(rule, written.change[rule.id], path) if rule.id in written.change else rule for rule in found.rules
    ]
    return replace(found, rules=tuple(rules))


def _changed(rule: Rule, change: Change, path: Path) -> Rule:
    levels = {
        name: level.model_copy(update={"value": change.levels.get(name, level.value)})
        for name, level in rule.written.levels.items()
    }
    texts = {key: value for key in ("applies", "condition", "exempt") if (value := getattr(change, key)) is not None}
    due = {"deadlines": change.deadlines} if change.deadlines is not None else {}
    line = line_of(path, ["change", rule.id])
    amended = rule.written.model_copy(update={"levels": levels, **texts, **due})
    return make_rule(rule.id, rule.instrument, amended, lambda key: f"{path}:{line}")
