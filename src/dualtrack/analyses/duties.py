"""Which dated duties and quotas were kept, by which state, as far as the record can decide.

Duties are files of the instrument: answers and meetings within 48 hours, quotas of visits, exchanges due on a day of
the year, activities announced two years ahead. The same files are applied to every state. Most of what is exchanged is
not public, so most answers are unknown, and each says what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from dualtrack.analyses.activity_limits import above_limits
from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.duty import (
    Ahead,
    Duty,
    Quota,
    Verdict,
    Within,
    Yearly,
    applying,
    counting,
    due_before,
    due_days,
    duties,
    kept,
    used,
)
from dualtrack.instruments.instrument import Instrument, instrument, instruments
from dualtrack.instruments.references import Provenance, looked_up
from dualtrack.instruments.verdicts import in_force
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"duty": "reply_48_hours"},
    {"duty": "inspections"},
    {"duty": "calendar_two_years_ahead"},
    {"state": "RUS"},
    {"state": "EST"},
)

_DECIDED: tuple[Verdict, ...] = ("kept", "late", "not done", "used up")


@dataclass(frozen=True)
class _Line:
    """One duty of one state on one occasion; ``state`` is empty where it stands for every state of a group."""

    duty: Duty
    state: str
    on: str
    due: str
    verdict: Verdict
    told: str
    asked_by: Sequence[str] = ()
    row: str = ""

    def as_row(self, allies: Sequence[str]) -> dict[str, Any]:
        """The line as the finding has it."""
        return {
            "duty": self.duty.id,
            "state": self.state or None,
            "on": self.on or None,
            "due": self.due or None,
            "verdict": self.verdict,
            "told": self.told,
            "asked_by": list(self.asked_by) or None,
            "side": ("ally" if self.state in allies else "other") if self.state else None,
            "row": self.row or None,
        }


def run(
    record: Record,
    duty: Annotated[str | None, "one duty by its file, such as reply_48_hours or inspections"] = None,
    state: Annotated[str | None, "a state's code: what it had to do"] = None,
    instrument: Annotated[str, "an instrument, or a series"] = "vienna_document",
) -> Finding:
    """Every duty of every state on record with its verdict: kept, late, not done, used up, not due yet or unknown."""
    code = state and state_code(record, state)
    work = Workings(record, "duties", {"duty": duty, "state": code, "instrument": instrument})
    texts = _with_duties(instrument)
    chosen = _chosen(texts, duty)
    lines = [line for one in chosen for line in _lines(work, texts, one, code)]
    lines = [line for line in lines if code is None or line.state == code]
    numbers = looked_up(record, [quoted for one in chosen for quoted in one.quoted()])
    for number in numbers:
        work.use(number.row, "action", "threshold_value", "unit")
    if not lines:
        raise BadInput(
            f"No occasion of such a duty is on record as known on {record.as_of}.",
            "That is not zero: what was exchanged is mostly not public. Ask for more, or a later --as-of.",
        )
    allies = record.members("nato", record.as_of)
    _warn(work, chosen, numbers)
    _warn_of_sides(work, lines, allies, code)
    decided = sum(line.verdict in _DECIDED for line in lines)
    return work.finding(
        question=_question(record, code, chosen),
        headline=_headline(record, lines, code),
        answer=Answer(
            kind="table",
            value=[line.as_row(allies) for line in lines],
            unit="duties on an occasion",
            why_unknown=(
                "dates that leave the hour open, visits that are only announced or of unknown kind, and exchanges that "
                "are not public"
            ) if decided < len(lines) else None,
            coverage=Coverage(known=decided, total=len(lines), of="duties on an occasion, decided"),
            summary=_filled({
                "Within 48 hours, by state": _by_state(lines, allies),
                "Within 48 hours, by side": _by_side(lines, allies),
                "Quotas, by side": _quotas_by_side(lines, allies),
                "Visits by who carried them out": _by_visitor(work, chosen, code),
                "Refused or broken off": _refused(work, chosen, code),
                "Numbers": _numbers(numbers),
            }),
        ),
        method=(
            "Hours run from the earliest to the latest moment that two dates can mean: kept when even the longest is "
            "within the limit, late when even the shortest is not. A quota is used up when at least so many visits "
            "that count are on record; fewer leave it open. Days due are computed from the files. The record holds no "
            "exchange of the participating States, so only a public refusal decides it."
        ),
    )  # fmt: skip


def _with_duties(name: str) -> tuple[Instrument, ...]:
    texts = instrument(name)
    if not any(duties(text.id) for text in texts):
        able = sorted({i.about.series or i.id for i in instruments().values() if duties(i.id)})
        raise BadInput(f"{name} has no duties with a date or a number.", f"Those that do: {', '.join(able)}.")
    return texts


def _chosen(texts: Sequence[Instrument], name: str | None) -> list[Duty]:
    known = [duty for text in texts for duty in duties(text.id)]
    if name and name not in {duty.id for duty in known}:
        raise NoSuchName("duty", name, [duty.id for duty in known])
    order = ("within", "quota", "ahead", "yearly")
    known.sort(key=lambda duty: order.index(duty.written.kind))
    return [duty for duty in known if name in (None, duty.id)]


def _lines(work: Workings, texts: Sequence[Instrument], duty: Duty, code: str | None) -> Iterator[_Line]:
    match duty.written:
        case Within() as written:
            yield from _within(work, duty, written)
        case Quota() as written:
            yield from _quota(work, duty, written)
        case Ahead() as written:
            yield from _ahead(work, texts, duty, written)
        case Yearly() as written:
            yield from _yearly(work, texts, duty, written, code)


def _within(work: Workings, duty: Duty, written: Within) -> Iterator[_Line]:
    rows = applying(duty, work.select(written.table))
    for row in sorted(rows, key=lambda row: (row.text("requested_on") or row.text("known_from"), row.id)):
        code = row.text(written.done) or "unknown"
        found = kept(written, row.text(written.asked_on), row.text(written.done_on), code, work.record.as_of)
        cells = (written.bound, written.asked_by, written.asked_on, written.done_on, written.done)
        work.use(row, *(name for name in cells if row[name] is not None))
        told = found.told if found.verdict != "not done" else row.spec.field(written.done).values[code]
        yield _Line(
            duty, row.text(written.bound), row.text(written.asked_on), f"{written.hours.value:g} hours", found.verdict,
            told, row.parts(written.asked_by), row.id,
        )  # fmt: skip


def _quota(work: Workings, duty: Duty, written: Quota) -> Iterator[_Line]:
    rows = work.select(written.table)
    for row, counts in zip(rows, counting(duty, rows), strict=True):
        if counts is not Ternary.NO:
            cells = (written.bound, written.by, written.dated, "kind", "outcome", "basis")
            work.use(row, *(name for name in cells if row[name] is not None))
    quota = written.quota.value
    for (state, year), tally in sorted(used(duty, rows).items(), key=lambda item: (item[0][1], item[0][0])):
        many = f"{tally.surely}" if tally.surely == tally.possibly else f"{tally.surely} to {tally.possibly}"
        yield _Line(
            duty, state, str(year), f"{quota:g} a year", "used up" if tally.surely >= quota else "unknown",
            f"at least {tally.surely} of {quota:g}; {many} on record",
        )  # fmt: skip


def _ahead(work: Workings, texts: Sequence[Instrument], duty: Duty, written: Ahead) -> Iterator[_Line]:
    rows = [row for row in work.select("exercises") if (at := in_force(texts, row)) and at.id == duty.instrument]
    above = above_limits(work.record, texts, rows, "announced").get(written.limit, {})
    for row in sorted(rows, key=lambda row: (row.text("start"), row.id)):
        counted = above[row.id]
        if counted.taken is Ternary.NO:
            continue
        work.use(row, "lead_states", "start", "in_zone", "structure", "kind")
        first, last = due_before(written, row.text("start"))
        due = first.isoformat() if first == last else f"{first} to {last}"
        level = "is" if counted.above is Ternary.YES else "may be"
        for state in row.parts("lead_states"):
            if state in {r.id for r in work.record.rows("states")}:
                yield _Line(
                    duty, state, row.text("start"), due, "unknown",
                    f"{level} above the level; the calendar is not public", (), row.id,
                )  # fmt: skip


def _yearly(
    work: Workings, texts: Sequence[Instrument], duty: Duty, written: Yearly, code: str | None
) -> Iterator[_Line]:
    record = work.record
    [text] = [text for text in texts if text.id == duty.instrument]
    events = {row.id: row for row in record.rows("dialogue")}
    for day in due_days(written, first_day(text.about.since), record.as_of):
        states = record.members(written.group, day)
        refusals = [events[r.dialogue] for r in written.refused if r.due == day.year and r.dialogue in events]
        refused = {state: row for row in refusals for state in row.parts("initiator")}
        for state, row in sorted(refused.items()):
            work.use(row, "date", "initiator", "outcome", "topics")
            yield _Line(duty, state, str(day.year), day.isoformat(), "not done",
                        f"it said so on {row['date']}", (), f"dialogue/{row.id}")  # fmt: skip
        others = [state for state in states if state not in refused]
        missing = "whether it was sent is not on record"
        if code in others:
            yield _Line(duty, str(code), str(day.year), day.isoformat(), "unknown", missing)
        elif code is None:
            yield _Line(duty, "", str(day.year), day.isoformat(), "unknown", f"{len(others)} states: {missing}")


def _warn(work: Workings, chosen: Sequence[Duty], numbers: Sequence[Provenance]) -> None:
    tables = dict.fromkeys(d.written.table for d in chosen if isinstance(d.written, (Within, Quota)))
    for table in tables:
        work.caveat(f"Counts are lower bounds. {work.record.spec(table).collected}")
    if any(isinstance(duty.written, Within) for duty in chosen):
        work.caveat(
            "Whether an answer came, and a meeting was attended, is coded from what one of the two said in public; the "
            "asked state often held that the mechanism did not apply."
        )
        work.caveat("Requests under earlier editions of the document are on record and not tested here.")
    if any(isinstance(duty.written, Quota) for duty in chosen):
        work.caveat("A quota can be shown to be used up, never to be unused: not every visit is on record.")
    unread = sorted({number.rule for number in numbers if not number.checked})
    if unread:
        work.caveat(f"Not yet checked against the text: the numbers of {', '.join(unread)}.")


def _warn_of_sides(work: Workings, lines: Sequence[_Line], allies: Sequence[str], code: str | None) -> None:
    within = _of_kind(lines, "within")
    for side, ally in (("an ally", True), ("a state that is no ally", False)):
        if within and not code and not any((line.state in allies) is ally for line in within):
            work.caveat(f"No request made of {side} is on record; that none was made does not follow.")


def _filled(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {title: lines for title, lines in tables.items() if lines}


def _of_kind(lines: Sequence[_Line], kind: str) -> list[_Line]:
    return [line for line in lines if line.duty.written.kind == kind]


def _counts(lines: Sequence[_Line]) -> dict[str, Any]:
    found = Counter(line.verdict for line in lines)
    return {
        "kept": found["kept"], "late": found["late"], "not_done": found["not done"],
        "unknown": found["unknown"] + found["not due yet"], "of": len(lines),
    }  # fmt: skip


def _by_state(lines: Sequence[_Line], allies: Sequence[str]) -> list[dict[str, Any]]:
    within = _of_kind(lines, "within")
    keys = sorted({(line.duty.id, line.state) for line in within})
    return [
        {"duty": duty, "state": state, **_counts([w for w in within if (w.duty.id, w.state) == (duty, state)]),
         "side": "ally" if state in allies else "other"}
        for duty, state in keys
    ]  # fmt: skip


def _by_side(lines: Sequence[_Line], allies: Sequence[str]) -> list[dict[str, Any]]:
    within = _of_kind(lines, "within")
    return [
        {"asked": side, **_counts([line for line in within if (line.state in allies) is ally])}
        for side, ally in (("allies", True), ("other states", False))
    ] if within else []  # fmt: skip


def _quotas_by_side(lines: Sequence[_Line], allies: Sequence[str]) -> list[dict[str, Any]]:
    quota = _of_kind(lines, "quota")
    return [
        {"duty": duty, "visited": side, "used_up": sum(line.verdict == "used up" for line in some),
         "unknown": sum(line.verdict == "unknown" for line in some), "years_of_a_state_on_record": len(some)}
        for duty in dict.fromkeys(line.duty.id for line in quota)
        for side, ally in (("allies", True), ("other states", False))
        if (some := [line for line in quota if line.duty.id == duty and (line.state in allies) is ally])
    ]  # fmt: skip


def _visits(work: Workings, chosen: Sequence[Duty], code: str | None) -> list[tuple[Duty, Row, Ternary]]:
    found = []
    for duty in chosen:
        if isinstance(duty.written, Quota):
            rows = work.record.rows(duty.written.table)
            counts = zip(rows, counting(duty, rows), strict=True)
            found += [(duty, row, answer) for row, answer in counts if code is None or row[duty.written.bound] == code]
    return found


def _by_visitor(work: Workings, chosen: Sequence[Duty], code: str | None) -> list[dict[str, Any]]:
    """Visits that count, and may count, by the state that carried them out."""
    allies = work.record.members("nato", work.record.as_of)
    groups: dict[tuple[str, str], list[Ternary]] = {}
    for duty, row, answer in _visits(work, chosen, code):
        assert isinstance(duty.written, Quota)
        if answer is not Ternary.NO and row[duty.written.by] is not None:
            groups.setdefault((duty.id, row.text(duty.written.by)), []).append(answer)
    return [
        {"duty": duty, "by": state, "at_least": answers.count(Ternary.YES), "on_record": len(answers),
         "side": "ally" if state in allies else "other"}
        for (duty, state), answers in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    ]  # fmt: skip


def _refused(work: Workings, chosen: Sequence[Duty], code: str | None) -> list[dict[str, Any]]:
    """Visits that were refused or broken off: whether the quota was used up by then is not on record."""
    found: dict[str, dict[str, Any]] = {}
    for _, row, _ in _visits(work, chosen, code):
        if row["outcome"] in ("refused", "interrupted"):
            work.use(row, "inspected", "inspecting", "start", "kind", "outcome")
            found[row.id] = {"row": row.id, "start": row["start"], "visited": row["inspected"],
                             "by": row["inspecting"], "kind": row["kind"], "outcome": row["outcome"]}  # fmt: skip
    return list(found.values())


def _numbers(numbers: Sequence[Provenance]) -> list[dict[str, Any]]:
    return [
        {"duty": n.rule, "number": n.level, "value": n.value, "unit": n.unit, "clause": n.row["clause"],
         "checked": "read" if n.checked else "not yet checked", "row": n.row.id}
        for n in numbers
    ]  # fmt: skip


def _question(record: Record, code: str | None, chosen: Sequence[Duty]) -> str:
    who = named(record, code) if code else "each state"
    what = chosen[0].written.title[:1].lower() + chosen[0].written.title[1:] if len(chosen) == 1 else "its dated duties"
    return f"Did {who} keep {what}, as far as the record known on {record.as_of} can decide?"


def _headline(record: Record, lines: Sequence[_Line], code: str | None) -> str:
    parts = []
    if within := _of_kind(lines, "within"):
        of = _counts(within)
        parts.append(
            f"of {plural(len(within), 'answer or meeting', 'answers and meetings')} due within 48 hours, {of['kept']} "
            f"came in time, {of['late']} late, {of['not_done']} not, and {of['unknown']} cannot be told"
        )
    for duty in dict.fromkeys(line.duty for line in _of_kind(lines, "quota")):
        some = [line for line in lines if line.duty is duty]
        full = sum(line.verdict == "used up" for line in some)
        parts.append(
            f"{duty.written.title[:1].lower()}{duty.written.title[1:]}: shown to be used up in {full} of "
            f"{plural(len(some), 'year')} of a state on record"
        )
    rest = [line for line in lines if line.duty.written.kind in ("yearly", "ahead")]
    if rest:
        told = sum(line.verdict in _DECIDED for line in rest)
        parts.append(f"of {plural(len(rest), 'exchange')} due on a day, {told} can be told")
    who = f"{named(record, code)}: " if code else ""
    text = who + "; ".join(parts)
    return text[:1].upper() + text[1:]
