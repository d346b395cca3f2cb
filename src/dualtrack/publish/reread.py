"""Which findings read otherwise in one record than in another: every analysis asked with its examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dualtrack.analyses.contract import analyses
from dualtrack.core.dates import spell
from dualtrack.core.errors import DualtrackError
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Reread:
    """A question whose headline, or only whose answer, is another now; where it is refused, the refusal.

    A headline that differs only in naming the day it is asked on is the same one.
    """

    analysis: str
    parameters: Mapping[str, Any]
    old: str
    new: str
    headline: bool

    @property
    def question(self) -> str:
        """The question as it is asked on the command line."""
        return " ".join([self.analysis, *(f"{name}={value}" for name, value in self.parameters.items())])


def reread(old: Record, new: Record) -> tuple[list[Reread], int]:
    """The questions answered otherwise, and how many were asked."""
    found, asked = [], 0
    for analysis in analyses().values():
        for example in analysis.examples:
            asked += 1
            before, after = (_ask(analysis.name, record, example) for record in (old, new))
            said = before[0] != after[0] and _dateless(before[0], old) != _dateless(after[0], new)
            if said or before[1] != after[1]:
                found.append(Reread(analysis.name, example, before[0], after[0], said))
    return found, asked


def _ask(name: str, record: Record, parameters: Mapping[str, Any]) -> tuple[str, Any]:
    """The headline, and all there is to the answer."""
    try:
        finding = analyses()[name].ask(record, parameters)
    except DualtrackError as error:
        return error.problem, None
    return finding.headline, finding.model_dump(include={"answer", "by_reading", "editions"})


def _dateless(headline: str, record: Record) -> str:
    """The headline without the record's day."""
    return headline.replace(spell(record.as_of), "·").replace(record.as_of.isoformat(), "·")
