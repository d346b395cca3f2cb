"""One claim as of one day: the verdict under each reading, over all that count, and how firmly it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from dualtrack.claims.asking import Asker, Refused, Said
from dualtrack.claims.claim import Claim
from dualtrack.claims.comparators import Judged, Test, judge
from dualtrack.claims.sensitivity import Flip, Tally, corners, flips
from dualtrack.claims.taking import NothingToTake, take
from dualtrack.claims.values import Members, Span, Value
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Figure, Finding, ReadingClass
from dualtrack.core.verdict import Verdict, agreed
from dualtrack.record.readings import Reading

_ORDER: tuple[ReadingClass, ...] = ("speaker", "public", "stress")


@dataclass(frozen=True)
class UnderReading:
    """The verdict under one reading of every slot.

    ``class_`` is the weakest of its readings' classes, ``later`` says that one of them was not in use on the day.
    ``value`` is None, and ``why`` says so, where the record has nothing by then.
    """

    reading: dict[str, str]
    label: str
    class_: ReadingClass
    later: bool
    verdict: Verdict
    value: Value | None
    why: str = ""
    because: str = ""
    sources: tuple[str, ...] = ()
    parts: tuple[Figure, ...] = ()
    said: Said | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts in the verdict: somebody read it so by then."""
        return self.class_ != "stress" and not self.later


@dataclass(frozen=True)
class InEdition:
    """The verdict on what one dated edition of a table says."""

    edition: str
    verdict: Verdict
    value: Value | None


@dataclass(frozen=True)
class Judgement:
    """A claim as of a day. ``principal`` is the reading the speaker evidently meant, else the first that counts."""

    claim: Claim
    day: date
    verdict: Verdict
    why: str
    principal: UnderReading
    readings: tuple[UnderReading, ...]
    editions: tuple[InEdition, ...] = ()
    corners: Tally | None = None
    flips: tuple[Flip, ...] = ()
    sole_sources: tuple[str, ...] = ()
    without: dict[str, Verdict] = field(default_factory=dict)

    @property
    def counted(self) -> list[UnderReading]:
        """The readings the verdict is taken over."""
        return [reading for reading in self.readings if reading.counts]

    @property
    def value(self) -> str:
        """The value under the principal reading, or why there is none."""
        value = self.principal.value
        return str(value) if value is not None else f"no value: {self.principal.why}"

    @property
    def findings(self) -> list[Finding]:
        """Every finding it rests on, each once."""
        found = [r.said for r in self.readings if isinstance(r.said, Finding)]
        return list({finding.id: finding for finding in found}.values())


def judgement(asker: Asker, claim: Claim, day: date, full: bool = False) -> Judgement:
    """The claim as known at the end of a day.

    Args:
        asker: the record.
        claim: a claim bound to an analysis.
        day: the day.
        full: also ask anew without each source that a row of the evidence rests on alone.

    Raises:
        BadInput: the claim asks what cannot be asked: a wrong parameter, a slot that is not there or not named, a
            comparator that does not fit what is taken.
    """
    readings = under_readings(asker, claim, day)
    counted = [reading for reading in readings if reading.counts]
    verdict = agreed(reading.verdict for reading in counted)
    principal = _principal(claim, readings)
    test = _test(claim)
    alone = _sole_sources(asker, readings)
    return Judgement(
        claim=claim,
        day=day,
        verdict=verdict,
        why=_why(verdict, counted),
        principal=principal,
        readings=tuple(readings),
        editions=tuple(_editions(asker, claim, principal, test)),
        corners=_corners(principal, test),
        flips=tuple(_flips(principal, test)),
        sole_sources=tuple(alone),
        without={source: _verdict_without(asker, claim, day, source) for source in alone} if full else {},
    )


def under_readings(asker: Asker, claim: Claim, day: date, without: str = "") -> list[UnderReading]:
    """The verdict under every combination of readings: those that count first, in the order of their classes."""
    assert claim.ask
    record, where = asker.on(day), str(claim.path)
    for slot in claim.readings:
        if slot not in record.slots:
            raise BadInput(f"{where}: there is no slot of readings {slot!r}.", f"Slots: {', '.join(record.slots)}.")
    setting = [slot for slot in claim.readings if any(reading.sets for reading in record.readings(slot))]
    found: list[UnderReading] = []
    for chosen in product(*(record.readings(slot) for slot in setting)):
        parameters = {**claim.ask.parameters, **{name: value for r in chosen for name, value in r.sets.items()}}
        try:
            said = asker.ask(claim.ask.analysis, parameters, day, without)
        except BadInput as error:
            raise BadInput(f"{where}: {error.problem}", error.fix) from None
        found += _under_finding(asker, claim, day, said, chosen)
    return sorted(found, key=lambda r: (r.later, _ORDER.index(r.class_)))


def _under_finding(
    asker: Asker, claim: Claim, day: date, said: Said, chosen: Sequence[Reading]
) -> Iterator[UnderReading]:
    """One finding's own readings, or its answer where it has none, joined with the readings it was asked under."""
    record, test = asker.on(day), _test(claim)
    own = {reading.slot: reading.id for reading in chosen}
    shared: dict[str, Any] = {
        "later": any(not reading.exists_on(day) for reading in chosen),
        "label": "; ".join(reading.label for reading in chosen),
        "because": " ".join(reading.why.strip() for reading in chosen),
        "sources": tuple(source for reading in chosen for source in reading.sources),
    }
    class_: ReadingClass = max((r.class_ for r in chosen), key=_ORDER.index, default="public")
    if isinstance(said, Refused):
        yield UnderReading(own, shared.pop("label"), class_, shared.pop("later"), Verdict.CANNOT_TELL, None, said.why,
                           said=said, **shared)  # fmt: skip
        return
    walked = [r for r in said.by_reading if set(r.reading) & set(record.slots)]
    unnamed = {slot for reading in walked for slot in reading.reading} - set(claim.readings)
    if unnamed:
        slots = ", ".join(sorted(unnamed))
        raise BadInput(f"{claim.path}: {said.analysis} answers by readings of {slots}.", f"Add readings: [{slots}].")
    lost = set(claim.readings) - set(own) - {slot for reading in walked for slot in reading.reading}
    if lost:
        slots = ", ".join(sorted(lost))
        raise BadInput(f"{claim.path}: {said.analysis} does not depend on readings of {slots}.", "Leave the slot out.")
    exact = all(asker.latest.spec(item.table).kind == "reference" for item in said.evidence)
    if not walked:
        parts = said.by_reading[0].parts if len(said.by_reading) == 1 else []
        judged, value = _judged(claim, test, said.answer, parts, exact)
        yield UnderReading(own, shared.pop("label"), class_, shared.pop("later"), judged.verdict, value, judged.why,
                           parts=_kept(claim, parts), said=said, **shared)  # fmt: skip
        return
    for reading in walked:
        judged, value = _judged(claim, test, reading.answer, reading.parts, exact)
        yield UnderReading(
            reading={**own, **reading.reading},
            label="; ".join(filter(None, [shared["label"], reading.label])),
            class_=max(class_, reading.class_, key=_ORDER.index) if chosen else reading.class_,
            later=shared["later"] or reading.later,
            verdict=judged.verdict,
            value=value,
            why=judged.why,
            because=" ".join(filter(None, [shared["because"], reading.why])),
            sources=(*shared["sources"], *reading.sources),
            parts=_kept(claim, reading.parts),
            said=said,
        )


def _judged(
    claim: Claim, test: Test, answer: Answer, parts: Sequence[Figure], exact: bool
) -> tuple[Judged, Value | None]:
    try:
        value = take(claim.take, answer, parts, exact, str(claim.path))
    except NothingToTake as error:
        return Judged(Verdict.CANNOT_TELL, error.problem.removeprefix(f"{claim.path}: ").rstrip(".")), None
    judged = judge(value, test)
    if judged is None:
        kind = type(value).__name__.lower()
        raise BadInput(
            f"{claim.path}: {test.comparator} does not fit what is taken, {value} ({kind}).",
            "Correct take or test.comparator; CONTRIBUTING, A claim, says which goes with which.",
        )
    if judged.verdict is Verdict.CANNOT_TELL and answer.why_unknown:
        judged = Judged(judged.verdict, answer.why_unknown)
    return judged, value


def _kept(claim: Claim, parts: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures the value is made of: all of them, or those the claim takes."""
    wanted = claim.take.figure
    if wanted is None:
        return tuple(parts)
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return tuple(part for name in names for part in parts if name in (part.role, part.label))


def _test(claim: Claim) -> Test:
    assert claim.test
    return claim.test


def _principal(claim: Claim, readings: Sequence[UnderReading]) -> UnderReading:
    """The reading named, if it counts on the day; else the first that does, the speaker's first; else the first."""
    counted = [reading for reading in readings if reading.counts] or list(readings)
    if claim.principal is None:
        return counted[0]
    named = [reading for reading in readings if reading.reading == claim.principal.reading]
    if not named and all(set(reading.reading) != set(claim.readings) for reading in readings):
        return counted[0]  # the record had nothing by then, under no reading
    if not named:
        asked = ", ".join(claim.principal.reading.values())
        known = "; ".join(", ".join(reading.reading.values()) for reading in readings)
        raise BadInput(f"{claim.path}: principal names no reading there is ({asked}).", f"Readings: {known}.")
    return named[0] if named[0] in counted else counted[0]


def _why(verdict: Verdict, counted: Sequence[UnderReading]) -> str:
    if not counted:
        return "no reading was in use on that day"
    if verdict is Verdict.DEPENDS:
        return ""
    return counted[0].why


def _editions(asker: Asker, claim: Claim, principal: UnderReading, test: Test) -> Iterator[InEdition]:
    if not isinstance(principal.said, Finding):
        return
    for edition in principal.said.editions:
        judged, value = _judged(claim, test, edition.answer, (), exact=False)
        yield InEdition(edition.edition, judged.verdict, value)


def _corners(principal: UnderReading, test: Test) -> Tally | None:
    return corners(principal.value, principal.parts, test) if isinstance(principal.value, Span) else None


def _flips(principal: UnderReading, test: Test) -> list[Flip]:
    if isinstance(principal.value, Span):
        return flips(principal.value, principal.parts, test, principal.verdict)
    if isinstance(principal.value, Members) and isinstance(principal.said, Finding):
        return _flips_of_members(principal, test)
    return []


def _flips_of_members(principal: UnderReading, test: Test) -> list[Flip]:
    """Of a set of those that pass a threshold: how near the line each figure is that the test names or found."""
    said, value = principal.said, principal.value
    assert isinstance(said, Finding) and isinstance(value, Members)
    figures, line = said.answer.figures or {}, said.parameters.get("threshold")
    if not isinstance(line, (int, float)) or not principal.verdict.holds:
        return []
    found = []
    for code, figure in figures.items():
        side = "below" if code in value.sure else "above"
        matters = {
            "set_equal": True, "subset_of": side == "above" and code not in (test.value or ()),
            "superset_of": side == "below" and code in test.value, "contains": side == "below" and code in test.value,
        }  # fmt: skip
        if matters.get(test.comparator):
            found.append(Flip(code, "percent", side, line, figure, abs(figure - line) / abs(figure or 1)))
    return sorted(found, key=lambda flip: (flip.distance, flip.figure))


def _sole_sources(asker: Asker, readings: Sequence[UnderReading]) -> list[str]:
    """The sources that some row of the evidence rests on alone."""
    rows = {(e.table, e.row) for r in readings if isinstance(r.said, Finding) for e in r.said.evidence}
    found = {
        source for table in {table for table, _ in rows} for source, ids in asker.alone(table).items()
        if any((table, id_) in rows for id_ in ids)
    }  # fmt: skip
    return sorted(found)


def _verdict_without(asker: Asker, claim: Claim, day: date, source: str) -> Verdict:
    return agreed(reading.verdict for reading in under_readings(asker, claim, day, source) if reading.counts)
