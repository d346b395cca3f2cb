"""What was promised that can be measured, by whom, on which track, and what had become of it by the day.

NATO, single states, the European Union and Russia stand in the same columns. The status is the latest known on the
day for each measure; whether the test is met is left to the reader, who gets test and status side by side. Track is
coded by the subject of the promise: forces and spending are deterrence, talks, limits and transparency are dialogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Track = Literal["all", "deterrence", "dialogue", "public"]
Deadline = Literal["all", "passed", "ahead", "none"]

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"addressee": "RUS"},
    {"addressee": "POL", "since": "2014-09-05"},
    {"track": "dialogue"},
    {"deadline": "passed", "until": "2016-07-09"},
)

_EVERY_ALLY = ("each ally", "allies", "Allies")
_EVERY_MEMBER = "EU member states"
_TRACKS = ("deterrence", "dialogue", "public")


def run(
    record: Record,
    addressee: Annotated[str | None, "who is bound: a state's code (promises of all allies included), or NATO"] = None,
    track: Annotated[Track, "all, deterrence, dialogue or public"] = "all",
    deadline: Annotated[Deadline, "all, passed (by the day), ahead or none"] = "all",
    since: Annotated[str | None, "promised from this date on"] = None,
    until: Annotated[str | None, "promised up to this date"] = None,
) -> Finding:
    """The commitments on record as known, each with its test, its deadline and its latest status."""
    code = state_code(record, addressee, ["NATO"]) if addressee else None
    work = Workings(
        record,
        "commitments",
        {"addressee": code, "track": track, "deadline": deadline, "since": since, "until": until},
    )
    window = Window.of(since, until)
    rows = work.select("commitments", *(("track = ?", track) if track != "all" else ()))
    rows = [row for row in rows if window.holds(row.text("date")) is not Ternary.NO]
    rows = [row for row in rows if deadline in ("all", _passed(row, record.as_of)[1])]
    bound = {row.id: _bound(record, row, code) for row in rows}
    rows = [row for row in rows if bound[row.id]]
    if not rows:
        raise BadInput(
            f"No commitment like this with a measurable test is on record {window.words(record.as_of)} as known on "
            f"{record.as_of}.",
            "That is not a finding about promises that cannot be measured. Ask for more, or a later --as-of.",
        )
    rows.sort(key=lambda row: (row.first("date") or date.max, row.id))
    statuses = _statuses(work)
    for row in rows:
        work.use(row, "commitment", "addressee", "track", "date", "deadline", "measurable_test")
        for status in statuses.get(row.id, []):
            work.use(status, "value", "as_of")
    _warn(work, rows, statuses)
    lines = [_line(row, bound[row.id], statuses.get(row.id, []), record.as_of) for row in rows]
    return work.finding(
        question=_question(record, code, track, window),
        headline=_headline(record, rows, statuses, code),
        answer=Answer(
            kind="table",
            value=lines,
            unit="commitments",
            coverage=Coverage(
                known=sum(row.id in statuses for row in rows),
                total=len(rows),
                of="commitments with a status on record by the day",
            ),
            summary=_filled({
                "By who is bound": _by_addressee(rows, statuses, record.as_of),
                "Latest status of each measure": [
                    {"row": row.id, "who": [_collective(code) for code in row.parts("addressee")],
                     "as_of": status["as_of"], "measure": status["measure"], "value": _value(status)}
                    for row in rows for status in statuses.get(row.id, [])
                ],
                "By track": [_count("track", name, [r for r in rows if r["track"] == name], statuses, record.as_of)
                             for name in _TRACKS],
            }),
        ),
        method=(
            "Rows of commitments as known on the day. Status: of the rows of commitment_status for a date not after "
            "the day, the latest of each measure. A deadline has passed when its last possible day lies before the "
            "day; a yearly one recurs. A state is bound by name, or as an ally or a member of the European Union on "
            "the day of the promise. Nothing is said on whether a test is met."
        ),
    )  # fmt: skip


def _filled(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {title: lines for title, lines in tables.items() if lines}


def _bound(record: Record, row: Row, code: str | None) -> str:
    """How a state or the alliance is bound by a commitment, empty when it is not."""
    parts = row.parts("addressee")
    day = row.last("date") or record.as_of
    if code is None or code in parts:
        return "by name"
    if any(name in _EVERY_ALLY for name in parts) and (code == "NATO" or code in record.members("nato", day)):
        return "as an ally" if code != "NATO" else "its members"
    return "as a member of the EU" if _EVERY_MEMBER in parts and code in record.members("eu", day) else ""


def _statuses(work: Workings) -> dict[str, list[Row]]:
    """For each commitment the latest status of every measure, in order of time."""
    day = work.record.as_of
    rows = [row for row in work.select("commitment_status") if first_day(row.text("as_of")) <= day]
    latest: dict[tuple[str, str], date] = {}
    for row in rows:
        key = row.text("commitment_id"), row.text("measure")
        latest[key] = max(latest.get(key, date.min), last_day(row.text("as_of")))
    found: dict[str, list[Row]] = {}
    for row in rows:
        if last_day(row.text("as_of")) == latest[row.text("commitment_id"), row.text("measure")]:
            found.setdefault(row.text("commitment_id"), []).append(row)
    return {key: sorted(kept, key=lambda row: (row.text("as_of"), row.id)) for key, kept in found.items()}


def _passed(row: Row, day: date) -> tuple[str, str]:
    """Whether a deadline has passed by a day, in words, and the group it falls in."""
    text = row.text("deadline")
    if text == "none":
        return "no deadline", "none"
    try:
        gone = last_day(text) < day
    except ValueError:
        return ("recurs" if text.startswith("every") else "unknown"), "none"
    return ("passed", "passed") if gone else ("ahead", "ahead")


def _line(row: Row, bound: str, statuses: Sequence[Row], day: date) -> dict[str, Any]:
    said = [
        f"{_value(row)}{_measured(row)}, {row['as_of']}{' (date of the target)' if _early(row) else ''}"
        for row in statuses
    ]
    return {
        "promised": row["date"],
        "who": [_collective(code) for code in row.parts("addressee")],
        "commitment": row["commitment"],
        "deadline": row["deadline"] or "unknown",
        "passed": _passed(row, day)[0],
        "status": said or None,
        "track": row["track"],
        "bound": bound,
        "decision": row["decision"],
        "row": row.id,
        "test": row["measurable_test"],
    }


def _value(status: Row) -> str:
    text = status.text("value")
    return f"{int(text):,}" if text.isdecimal() else text


def _measured(status: Row) -> str:
    return "" if status["measure"] == "status" else f" ({status['measure']})"


def _early(status: Row) -> bool:
    """Whether a status was on record before the date it is for."""
    known, dated = status.last("known_from"), status.first("as_of")
    return known is not None and dated is not None and known < dated.replace(day=1)


def _count(
    name: str, value: str, rows: Sequence[Row], statuses: dict[str, list[Row]], day: date
) -> dict[str, Any]:  # fmt: skip
    ends = Counter(_passed(row, day)[0] for row in rows)
    return {
        name: value,
        "commitments": len(rows),
        "deadline_passed": ends["passed"],
        "ahead": ends["ahead"],
        "recurs_or_none": ends["recurs"] + ends["no deadline"],
        "status_known": f"{sum(row.id in statuses for row in rows)} of {len(rows)}",
    }


def _by_addressee(rows: Sequence[Row], statuses: dict[str, list[Row]], day: date) -> list[dict[str, Any]]:
    codes = sorted({_collective(code) for row in rows for code in row.parts("addressee")})
    groups = {code: [r for r in rows if code in map(_collective, r.parts("addressee"))] for code in codes}
    ordered = sorted(codes, key=lambda code: (-len(groups[code]), code))
    return [_count("who", code, groups[code], statuses, day) for code in ordered]


def _collective(code: str) -> str:
    return "every ally" if code in _EVERY_ALLY else code


def _warn(work: Workings, rows: Sequence[Row], statuses: dict[str, list[Row]]) -> None:
    work.caveat(
        "A status is what a source said on its date, not a verdict: hold it against the test. None on record is not "
        "unmet."
    )
    tracks = Counter(row.text("track") for row in rows)
    none = [name for name in _TRACKS if not tracks[name]]
    if len(none) < len(_TRACKS) - 1:
        work.caveat(
            f"No commitment here is on the track {listed(none)}: few promises of talks, limits or explanation came "
            "with a test that can be measured. That says nothing about how much was done."
        )
    if any(len(row.parts("addressee")) > 1 for row in rows):
        work.caveat("A commitment that binds two counts under each of them.")
    several = [key for key in statuses if any(row.id == key for row in rows) and len(statuses[key]) > 1]
    if several:
        work.caveat(f"Several measures or figures of the latest date are shown side by side: {', '.join(several)}.")


def _question(record: Record, code: str | None, track: str, window: Window) -> str:
    of = f" bind {named(record, code)}" if code else " are on record"
    on = f" on the track {track}" if track != "all" else ""
    return (
        f"Which commitments with a measurable test{on}{of}, made {window.words(record.as_of)}, and what became of them?"
    )


def _headline(record: Record, rows: Sequence[Row], statuses: dict[str, list[Row]], code: str | None) -> str:
    tracks = Counter(row.text("track") for row in rows)
    ends = Counter(_passed(row, record.as_of)[0] for row in rows)
    of = f" of {named(record, code)}" if code else ""
    known = sum(row.id in statuses for row in rows)
    free = ends["no deadline"] + ends["recurs"] + ends["unknown"]
    deadlines = f"deadline passed for {ends['passed']}, ahead for {ends['ahead']}, none or a recurring one for {free}"
    return (
        f"{plural(len(rows), 'commitment')}{of} with a measurable test "
        f"({listed([f'{tracks[name]} {name}' for name in _TRACKS])}): {deadlines}; "
        f"a status is on record for {known} of {len(rows)}"
    )
