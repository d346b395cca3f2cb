"""Which claims have another verdict on one day than on another, and what became known in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import Claim
from dualtrack.claims.judging import Judgement, judgement
from dualtrack.claims.life import new_editions, new_rows


@dataclass(frozen=True)
class Differs:
    """A claim with another verdict: rows of the evidence, editions and readings that are new."""

    claim: Claim
    old: Judgement
    new: Judgement

    @property
    def rows(self) -> tuple[str, ...]:
        """New rows of the evidence, as table/row."""
        return new_rows(self.old, self.new)

    @property
    def editions(self) -> tuple[str, ...]:
        """New editions."""
        return new_editions(self.old, self.new)

    @property
    def readings(self) -> tuple[str, ...]:
        """Readings that count now and did not before."""
        before = [reading.reading for reading in self.old.counted]
        return tuple(reading.label for reading in self.new.counted if reading.reading not in before)


def differences(asker: Asker, claims: Sequence[Claim], old: date, new: date) -> list[Differs]:
    """The claims whose verdict on one day is not that on the other."""
    found = [
        Differs(claim, judgement(asker, claim, old), judgement(asker, claim, new)) for claim in claims if claim.ask
    ]
    return [one for one in found if one.old.verdict is not one.new.verdict]
