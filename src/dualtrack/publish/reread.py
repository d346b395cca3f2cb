"""Which answers read otherwise in one record than in another: every question that has an example is asked of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dualtrack.analyses.contract import analyses
from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import load_claims
from dualtrack.claims.judging import judgement
from dualtrack.core.dates import spell
from dualtrack.core.errors import DualtrackError
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Said:
    """What a record says to one question: in words, and all there is to the answer; a refusal is words alone.

    ``about`` is what words that do not say it are about: the statement of a claim.
    """

    kind: str
    name: str
    parameters: Mapping[str, Any]
    words: str
    whole: Any = None
    about: str = ""

    @property
    def question(self) -> str:
        """The question as it is asked on the command line."""
        return " ".join([self.name, *(f"{name}={value}" for name, value in self.parameters.items())])


@dataclass(frozen=True)
class Reread:
    """A question whose words (``headline``), or only whose answer, are others now; empty where it was not asked.

    Words that differ only in naming the day they are said on are the same.
    """

    kind: str
    name: str
    parameters: Mapping[str, Any]
    old: str
    new: str
    headline: bool
    about: str = ""

    @property
    def question(self) -> str:
        """The question as it is asked on the command line."""
        return Said(self.kind, self.name, self.parameters, "").question


Probe = Callable[[Record], Iterator[Said]]
"""Asks a record everything of one kind, in an order that is always the same."""


def findings(record: Record) -> Iterator[Said]:
    """Every analysis, asked with its examples."""
    for analysis in analyses().values():
        for example in analysis.examples:
            try:
                finding = analysis.ask(record, example)
            except DualtrackError as error:
                yield Said("finding", analysis.name, example, error.problem)
            else:
                answer = finding.model_dump(include={"answer", "by_reading", "editions"})
                yield Said("finding", analysis.name, example, finding.headline, answer)


def verdicts(record: Record) -> Iterator[Said]:
    """Every claim that an analysis can carry, as of the record's day; its value is part of what is said."""
    asker = Asker(record)
    for claim in load_claims():
        if claim.ask:
            try:
                found = judgement(asker, claim, record.as_of)
            except DualtrackError as error:
                yield Said("claim", claim.id, {}, error.problem, about=claim.statement)
            else:
                readings = [(reading.reading, reading.verdict.value, str(reading.value)) for reading in found.counted]
                yield Said("claim", claim.id, {}, f"{found.verdict.value}: {found.value}", readings, claim.statement)


PROBES: tuple[Probe, ...] = (findings, verdicts)
"""What is asked of both records."""


def reread(old: Record, new: Record, probes: Sequence[Probe] = PROBES) -> tuple[list[Reread], int]:
    """The questions answered otherwise, and how many were asked."""
    found, asked = [], 0
    for probe in probes:
        before = {said.question: said for said in probe(old)}
        after = before if new is old else {said.question: said for said in probe(new)}
        for question in dict.fromkeys([*after, *before]):
            asked += 1
            one = after.get(question) or before[question]
            was, now = before.get(question), after.get(question)
            then, today = was.words if was else "", now.words if now else ""
            differ = then != today and _dateless(then, old) != _dateless(today, new)
            if differ or (was and was.whole) != (now and now.whole):
                found.append(Reread(one.kind, one.name, one.parameters, then, today, differ, one.about))
    return found, asked


def _dateless(words: str, record: Record) -> str:
    """The words without the record's day."""
    return words.replace(spell(record.as_of), "·").replace(record.as_of.isoformat(), "·")
