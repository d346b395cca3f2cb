"""Close encounters by year, kind, severity and alleging side, with both sides' accounts and the span of distances.

Counts measure publicity, not events: press offices decide which encounters become known. Actor A is the side that
closes in, whoever it is; the label of the alleging side counts the same whether it is Washington, Helsinki or Moscow.
An empty dispute means that no account by the other side was read, which is not agreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.show import amount
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

Domain = Literal["all", "air", "sea", "ground"]
Severity = Literal["all", "high_risk", "serious", "near_routine"]

EXAMPLES = (
    {"state": "RUS", "since": "2014"},
    {"state": "USA", "since": "2014"},
    {"since": "2014", "until": "2016-05-09", "severity": "high_risk"},
    {"civil": True},
    {"by": "RUS", "domain": "air"},
    {"by": "USA", "domain": "air"},
)

_SEVERITIES = ("high_risk", "serious", "near_routine")
_CELLS = (
    "date", "domain", "kind", "severity", "severity_by", "actor_a_state", "actor_b_state", "actor_b_kind",
    "who_alleges", "disputed", "min_distance_m_low", "min_distance_m_high", "transponder_off", "note",
)  # fmt: skip
_FEW = 12  # so many rows show both accounts on a screen
_CLOSE = 15  # metres: the level experts and agreements discuss for a least distance


def run(
    record: Record,
    state: Annotated[str | None, "a state's code: encounters in which it is either actor, such as RUS"] = None,
    by: Annotated[str | None, "who says so: a state's code, or NATO"] = None,
    domain: Annotated[Domain, "where actor B was: all, air, sea or ground"] = "all",
    severity: Annotated[Severity, "all, high_risk, serious or near_routine"] = "all",
    since: Annotated[str | None, "from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "up to this date"] = None,
    civil: Annotated[bool, "only those in which actor B was civilian"] = False,
) -> Finding:
    """The encounters on record as known, counted in several ways, each row with who says so and who disputes it."""
    code = state_code(record, state) if state else None
    side = state_code(record, by, ["NATO"]) if by else None
    work = Workings(
        record,
        "encounters",
        {"state": code, "by": side, "domain": domain, "severity": severity, "since": since, "until": until,
         "civil": civil},
    )  # fmt: skip
    window = Window.of(since, until)
    given = {"domain": domain, "severity": severity, "actor_b_kind": "civilian" if civil else "all"}
    asked = {column: value for column, value in given.items() if value != "all"}
    rows = work.select("encounters", " AND ".join(f"{column} = ?" for column in asked), *asked.values())
    rows = [row for row in rows if window.holds(_date(row)) is not Ternary.NO]
    if side:
        rows = [row for row in rows if side in row.parts("who_alleges")]
    open_ = [row.id for row in rows if code and code not in _states(row) and _unnamed(row)]
    if code:
        rows = [row for row in rows if code in _states(row)]
    if not rows:
        raise BadInput(
            f"No encounter like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: only what was made public was collected. Ask for more, or a later --as-of.",
        )
    rows.sort(key=lambda row: (first_day(_date(row)), last_day(_date(row)), row.id))
    for row in rows:
        work.use(row, *(name for name in _CELLS if row[name] is not None))
    _warn(work, rows, window)
    return work.finding(
        question=_question(record, code, side, domain, severity, civil, window),
        headline=_headline(record, rows, code, side, civil, window),
        answer=Answer(
            kind="table",
            value=[_line(row, len(rows) <= _FEW) for row in rows],
            unit="encounters",
            unknown=sorted(open_),
            why_unknown=f"encounters does not name every actor, so {named(record, code or '')} may have been one"
            if open_
            else None,
            coverage=Coverage(
                known=sum(row["disputed"] is not None for row in rows),
                total=len(rows),
                of="encounters with anything on record of what the other side says",
            ),
            summary=_summary(record, rows, window),
        ),
        method=(
            "Rows of encounters whose date can lie in the window, as known on the day. Closest distance in metres: the "
            "lowest and the highest figure of any source or party. Severity: the European Leadership Network's class "
            "where it gave one, else the rule of the record (see know table glossary). A row with several alleging "
            "states, or several states closing in, counts under each of them. Transponder off: some party is said to "
            "have flown dark; a party that denies it is in the note."
        ),
    )


def _date(row: Row) -> str:
    """The day, month or year of an encounter, without its time."""
    return row.text("date").split("/")[0].split("T")[0]


def _states(row: Row) -> list[str]:
    return [*row.parts("actor_a_state"), *row.parts("actor_b_state")]


def _unnamed(row: Row) -> bool:
    return row["actor_a_state"] is None or row["actor_b_state"] is None


def _line(row: Row, few: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "date": _date(row),
        "kind": row.spec.field("kind").values[row.text("kind")],
        "severity": row.text("severity").replace("_", " "),
        "closes_in": row.parts("actor_a_state") or None,
        "other": row.parts("actor_b_state") or None,
        "metres": _distance(row),
        "alleged_by": row.parts("who_alleges") or None,
        "disputed": row["disputed"] or "nothing on record",
        "other_is": row["actor_b_kind"],
        "transponder_off": row["transponder_off"] or "unknown",
        "domain": row["domain"],
        "time": row["date"] if row["date"] != _date(row) else None,
        "closes_in_with": row["actor_a_platform"],
        "other_with": row["actor_b_platform"],
        "place": row["place"],
        "severity_by": row["severity_by"],
        "low_metres": row.number("min_distance_m_low"),
        "high_metres": row.number("min_distance_m_high"),
    }
    ends = {"row": row.id, "accounts": row["note"]} if few else {"accounts": row["note"], "row": row.id}
    return {**line, **ends}


def _distance(row: Row) -> str | None:
    low, high = row.number("min_distance_m_low"), row.number("min_distance_m_high")
    if low is None and high is None:
        return None
    return amount(low) if low == high else f"{amount(low)} to {amount(high)}"


def _summary(record: Record, rows: Sequence[Row], window: Window) -> dict[str, list[dict[str, Any]]]:
    spec = rows[0].spec
    kinds = [name for name in spec.field("kind").values if any(row["kind"] == name for row in rows)]
    return {
        "By year (publicity, not events)": _by_year(record, rows, spec, window),
        "By kind": [_count("kind", spec.field("kind").values[name], [r for r in rows if r["kind"] == name])
                    for name in kinds],
        "By who says so": _by_codes("alleged_by", rows, lambda row: row.parts("who_alleges")),
        "By who closes in": _by_codes("closes_in", rows, lambda row: row.parts("actor_a_state")),
        "What is known": _known(rows),
    }  # fmt: skip


def _count(name: str, value: str | None, rows: Sequence[Row]) -> dict[str, Any]:
    severities = Counter(row.text("severity") for row in rows)
    heard = Counter(row.text("disputed") for row in rows)
    return {
        name: value,
        "encounters": len(rows),
        **{severity: severities[severity] for severity in _SEVERITIES},
        "disputed": heard["yes"],
        "not_disputed": heard["no"],
        "nothing_on_record": heard[""],
    }


def _by_codes(name: str, rows: Sequence[Row], codes: Callable[[Row], list[str]]) -> list[dict[str, Any]]:
    found = sorted({code for row in rows for code in codes(row)})
    lines = [_count(name, code, [row for row in rows if code in codes(row)]) for code in found]
    lines.sort(key=lambda line: (-int(line["encounters"]), str(line[name])))
    unnamed = [row for row in rows if not codes(row)]
    return [*lines, *([_count(name, "not named", unnamed)] if unnamed else [])]


def _by_year(record: Record, rows: Sequence[Row], spec: TableSpec, window: Window) -> list[dict[str, Any]]:
    """Every year from the first to the last of the window, and whether it was collected."""
    years = [int(_date(row)[:4]) for row in rows]
    first = min(years) if not window.since else window.first.year
    last = min(window.last, record.as_of).year
    return [
        {
            **_count("year", str(year), [row for row, own in zip(rows, years, strict=True) if own == year]),
            "collected": _collected(spec, year, record.as_of),
        }
        for year in range(first, last + 1)
    ]


def _collected(spec: TableSpec, year: int, day: date) -> str:
    """Whether a year lies within what the table was collected for, up to the day."""
    start, end = date(year, 1, 1), min(date(year, 12, 31), day)
    spans = [(first_day(extent.complete_from), last_day(extent.complete_to)) for extent in spec.complete]
    parts = [(first <= start, start <= last, end <= last) for first, last in spans]
    if all(all(part) for part in parts):
        return "yes" if end == date(year, 12, 31) else f"to {spell(day)}"
    return "in part" if any(began and reaches for began, reaches, _ in parts) else "no"


def _known(rows: Sequence[Row]) -> list[dict[str, Any]]:
    def line(what: str, known: Sequence[Row], yes: int | None, yes_means: str) -> dict[str, Any]:
        return {"what": what, "known": len(known), "of": len(rows), "number": yes, "meaning": yes_means}

    far = [row for row in rows if row["min_distance_m_low"] is not None or row["min_distance_m_high"] is not None]
    spans = [row for row in far if row["min_distance_m_low"] != row["min_distance_m_high"]]
    close = [
        row for row in far if (row.number("min_distance_m_high") or 1e9) <= _CLOSE or row["min_distance_m_high"] == 0
    ]
    dark = [row for row in rows if row["transponder_off"] in ("yes", "no")]
    heard = [row for row in rows if row["disputed"] is not None]
    kind = [row for row in rows if row["actor_b_kind"] is not None]
    own = [row for row in rows if row["severity_by"] is not None]
    return [
        line("other side's account", heard, sum(r["disputed"] == "yes" for r in heard), "disputed"),
        line("closest distance", far, len(close), f"at most {_CLOSE} metres by every figure"),
        line("closest distance", far, len(spans), "sources or parties give different figures"),
        line("transponder", dark, sum(r["transponder_off"] == "yes" for r in dark), "a party said to have flown dark"),
        line("what actor B was", kind, sum(r["actor_b_kind"] == "civilian" for r in kind), "civilian"),
        line("who classified", own, sum("ELN" in r.text("severity_by") for r in own),
             "classified by the European Leadership Network"),
    ]  # fmt: skip


def _warn(work: Workings, rows: Sequence[Row], window: Window) -> None:
    spec, record = rows[0].spec, work.record
    work.caveat(
        "A count of encounters measures publicity, not events: it follows what press offices choose to publish. "
        "Sources in English and from NATO members dominate."
    )
    for extent in spec.complete:
        if min(window.last, record.as_of) > last_day(extent.complete_to):
            said = extent.part.removeprefix("who_alleges = ")
            work.caveat(
                f"Encounters alleged by {named(record, said)} were collected up to {spell(extent.complete_to)}; "
                "what lies after is a selection, and none there is not zero."
            )
    if window.since and window.first < min(first_day(extent.complete_from) for extent in spec.complete):
        work.caveat("Encounters before 2014 were not collected; that is not zero.")
    if record.as_of < record.compiled:
        work.caveat(
            "Whether an account is disputed, and the notes, are on record only as they stood on "
            f"{spell(record.compiled)}; as of an earlier day they are left out, since denials come later than reports."
        )
    else:
        work.caveat("Nothing on record of the other side means that no statement by it was read; it is not agreement.")
    loose = [row.id for row in rows if window.holds(_date(row)) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The date is not known to the day and may lie outside the window: {', '.join(loose)}.")
    if any(row["severity_by"] == "curator" for row in rows):
        work.caveat("Severity is a judgement: where the European Leadership Network gave none, our rule did.")


def _question(
    record: Record, state: str | None, by: str | None, domain: str, severity: str, civil: bool, window: Window
) -> str:
    what = "close encounters" if severity == "all" else f"{severity.replace('_', ' ')} close encounters"
    where = {"all": "", "air": " in the air", "sea": " at sea", "ground": " on land"}[domain]
    of = f" with {named(record, state)}" if state else ""
    with_ = " with civilian craft" if civil else ""
    said = f" alleged by {named(record, by)}" if by else ""
    return (
        f"Which {what}{of}{with_}{where}{said} are on record {window.words(record.as_of)}, and what does each side say?"
    )


def _headline(
    record: Record, rows: Sequence[Row], state: str | None, by: str | None, civil: bool, window: Window
) -> str:
    severities = Counter(row.text("severity") for row in rows)
    levels = listed([f"{severities[name]} {name.replace('_', ' ')}" for name in _SEVERITIES if severities[name]])
    heard = Counter(row.text("disputed") for row in rows)
    of = f" with {named(record, state)}" if state else ""
    with_ = " with civilian craft" if civil else ""
    said = f" alleged by {named(record, by)}" if by else ""
    accounts = (
        f"another side disputes {heard['yes']}, does not dispute {heard['no']}, and for {heard['']} nothing of what it "
        "says is on record"
        if heard["yes"] or heard["no"]
        else "of what the other side says nothing was on record by then"
    )
    return (
        f"{plural(len(rows), 'close encounter')}{of}{with_}{said} made public {window.words(record.as_of)}, {levels}; "
        f"{accounts}"
    )
