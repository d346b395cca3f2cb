"""A run over claims: each judged as of when it was said and as of the latest day, and held against what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dualtrack.analyses.contract import analyses
from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import BadClaim, Claim
from dualtrack.claims.judging import Judgement, judgement
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, Fault
from dualtrack.core.verdict import Verdict
from dualtrack.core.yamlfile import as_fault, line_of


@dataclass(frozen=True)
class Checked:
    """A claim and its judgements. ``asked`` is the one as of the day asked about, or of the claim's own day.

    ``said`` is None where it is undated, or where another day was asked about; so is ``latest``.
    """

    claim: Claim
    asked: Judgement | None
    said: Judgement | None = None
    latest: Judgement | None = None
    changed: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict asked for; None where no analysis can carry the claim."""
        return self.asked.verdict if self.asked else None


def check(asker: Asker, claims: Sequence[Claim], day: date | None = None, full: bool = False) -> list[Checked]:
    """Every claim, as of the day it was said and the latest, or as of one other day.

    Raises:
        BadInput: a claim asks what cannot be asked, names a source that is not on record, or cannot be answered with
            all that is on record.
    """
    known = {row.id for row in asker.latest.rows("sources")}
    faults = [fault for claim in claims for fault in _faults(claim, known)]
    if faults:
        raise BadClaim(faults)
    found = []
    for claim in claims:
        try:
            found.append(_checked(asker, claim, day, full))
        except BadInput as error:
            faults.append(as_fault(claim.path, error))
    if faults:
        raise BadClaim(faults)
    return found


def _faults(claim: Claim, known: set[str]) -> list[Fault]:
    path = str(claim.path)
    faults = [
        Fault(path, line_of(claim.path, ["sources"]), "sources", f"{source!r} is not a source.",
              "Add it to sources.csv or correct the id.")
        for source in claim.sources if source not in known
    ]  # fmt: skip
    if claim.ask and claim.ask.analysis not in analyses():
        fix = f"Analyses: {', '.join(analyses())}."
        at = line_of(claim.path, ["ask", "analysis"])
        faults.append(Fault(path, at, "ask.analysis", f"{claim.ask.analysis!r} is not an analysis.", fix))
    return faults


def _checked(asker: Asker, claim: Claim, day: date | None, full: bool) -> Checked:
    if claim.ask is None or claim.recorded is None:
        return Checked(claim, None)
    if day is not None:
        asked = judgement(asker, claim, day, full)
        if asked.principal.value is None:
            _latest(asker, claim)  # tells a gap on that day from a question that has no answer at all
        return Checked(claim, asked, changed=_unlike(claim, asked))
    latest = _latest(asker, claim, full)
    said = judgement(asker, claim, last_day(claim.said), full) if claim.said else None
    if claim.as_of == "latest":
        asked = latest
    elif claim.as_of == "said" and said:
        asked = said
    else:
        asked = judgement(asker, claim, last_day(claim.as_of), full)
    changed = [
        f"{which}: {was.value} → {now.verdict.value}"
        for which, was, now in (("said", claim.recorded.said, said), ("latest", claim.recorded.latest, latest))
        if was is not None and now is not None and was is not now.verdict
    ]
    return Checked(claim, asked, said, latest, tuple(changed))


def _latest(asker: Asker, claim: Claim, full: bool = False) -> Judgement:
    """The claim with all that is on record.

    Raises:
        BadInput: even so, it cannot be asked or there is nothing to take. A record as of an earlier day may have gaps.
    """
    record = asker.latest
    found = judgement(asker, claim, record.as_of, full)
    if record.as_of >= record.compiled and all(reading.value is None for reading in found.readings):
        line = line_of(claim.path, ["ask"])
        raise BadInput(
            f"{claim.path}:{line}: the record has no answer to this: {found.principal.why.rstrip('.')}.",
            "Correct ask or take; if nothing on record can carry the claim, say so in not_computed.",
        )
    return found


def _unlike(claim: Claim, asked: Judgement) -> tuple[str, ...]:
    """Of a day asked about: that the verdict is neither of those recorded, or not the one of its day.

    Of a day before the claim was made nothing is recorded.
    """
    assert claim.recorded
    day = asked.day.isoformat()
    if claim.said and day < first_day(claim.said).isoformat():
        return ()
    said, latest = claim.recorded.said, claim.recorded.latest
    expected = {said, latest} - {None} if not claim.day_said or day > claim.day_said else {said}
    if asked.verdict in expected:
        return ()
    was = " or ".join(sorted(verdict.value for verdict in expected if verdict))
    return (f"{day}: {was} → {asked.verdict.value}",)
