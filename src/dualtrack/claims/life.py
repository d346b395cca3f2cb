"""The life of a verdict: each day on which it, or the value behind it, became another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import Claim
from dualtrack.claims.judging import Judgement, judgement
from dualtrack.core.dates import first_day
from dualtrack.core.verdict import Verdict
from dualtrack.record.cells import first_moment, last_moment
from dualtrack.record.rows import Row
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Turn:
    """From this day on the verdict and value are these; ``rows`` of the evidence are new, as table/row."""

    day: date
    verdict: Verdict
    value: str
    rows: tuple[str, ...]
    editions: tuple[str, ...]


def life(asker: Asker, claim: Claim, since: date | None = None) -> list[Turn]:
    """The verdict from a day on (from when it was said unless given) to the latest, a turn per change.

    Only days on which something became known, or a reading came into use, are looked at: between them nothing can
    change but what an analysis itself counts from the day, such as months without a meeting.

    Args:
        asker: the record.
        claim: a claim bound to an analysis.
        since: the first day.
    """
    start = since or (first_day(claim.said) if claim.said else asker.latest.as_of)
    days = {day for day in _days(asker, claim) if start < day <= asker.latest.as_of}
    turns: list[Turn] = []
    before: Judgement | None = None
    for day in [start, *sorted(days)]:
        found = judgement(asker, claim, day)
        if before is None or (found.verdict, found.value) != (before.verdict, before.value):
            turns.append(_turn(before, found))
        before = found
    return turns


def new_rows(before: Judgement | None, after: Judgement) -> tuple[str, ...]:
    """The rows of the evidence that were not part of it before, as table/row."""
    known = _rows(before) if before else set()
    return tuple(sorted(_rows(after) - known))


def new_editions(before: Judgement | None, after: Judgement) -> tuple[str, ...]:
    """The editions of a table that were not there before."""
    known = {edition.edition for edition in before.editions} if before else set()
    return tuple(edition.edition for edition in after.editions if edition.edition not in known)


def _rows(found: Judgement) -> set[str]:
    return {f"{item.table}/{item.row}" for finding in found.findings for item in finding.evidence}


def _turn(before: Judgement | None, found: Judgement) -> Turn:
    return Turn(found.day, found.verdict, found.value, new_rows(before, found), new_editions(before, found))


def _days(asker: Asker, claim: Claim) -> Iterator[date]:
    """The days on which the evidence's tables, the groups or the readings of the claim changed."""
    latest = judgement(asker, claim, asker.latest.as_of)
    tables = {item.table for finding in latest.findings for item in finding.evidence} | {"groups"}
    for table in tables:
        for row in asker.latest.rows(table):
            yield from _dates(row, asker.latest)
    for slot in claim.readings:
        for reading in asker.latest.readings(slot):
            if reading.since:
                yield first_day(reading.since)


def _dates(row: Row, record: Record) -> Iterator[date]:
    """The days on which anything of a row became known: the row, a figure of it, a date seen in hindsight."""
    spec = row.spec
    if spec.kind == "reference":
        for first, last in spec.spans or ((("from", "to"),) if spec.has("from") and spec.has("to") else ()):
            if row[first] is not None:
                yield first_moment(str(row[first]))
            if row[last] is not None:
                yield last_moment(str(row[last])) + timedelta(1)
        return
    names = {"known_from", *spec.dating.values()}
    names |= {field.name for field in spec.fields if field.hindsight and field.type in ("date", "moment")}
    for name in names:
        if spec.has(name) and row[name] is not None:
            yield last_moment(str(row[name]))
    if any(field.hindsight for field in spec.fields):
        yield record.compiled
