"""Which commitments with a measurable test are met, as far as the record can compute it, and what is missing.

Each commitment has a file that says what its test needs and in which table that stands. A commitment is met when all it
needs is shown. Where a need cannot be computed, the answer is that it cannot be told, with what is missing: nothing is
met or unmet because nothing is on record. Every side's commitments are tested in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import state_code
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import last_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.commitment import Asked, Found, Measurement, NothingNeed, measurements, together
from dualtrack.instruments.commitment import run as run_test
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Track = Literal["all", "deterrence", "dialogue", "public"]

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"commitment": "C-wales-2pct"},
    {"commitment": "C-wales-assure"},
    {"addressee": "RUS"},
    {"addressee": "NATO", "track": "deterrence"},
)

_EVERY_ALLY = ("each ally", "allies", "Allies")


@dataclass(frozen=True)
class _Tested:
    """A commitment with what its test says on the day."""

    row: Row
    test: Measurement
    due: str
    found: Sequence[Found]

    @property
    def met(self) -> Ternary:
        """Whether all it needs is shown: by the deadline once that has passed, else by the day."""
        return together(found.answer for found in self.found)

    @property
    def computed(self) -> bool:
        """Whether the test decided, or some of its needs are of the kind that the record can decide."""
        return any(not isinstance(need, NothingNeed) for need in self.test.written.needs)


def run(
    record: Record,
    commitment: Annotated[str | None, "one commitment by its id, such as C-wales-2pct"] = None,
    addressee: Annotated[str | None, "who is bound by name: a state's code, NATO, or each ally"] = None,
    track: Annotated[Track, "all, deterrence, dialogue or public"] = "all",
) -> Finding:
    """Each commitment with the answer of its test, what each of its needs came to, and what is missing."""
    code = state_code(record, addressee, record.spec("commitments").field("addressee").also) if addressee else None
    work = Workings(
        record, "commitment_tests", {"commitment": commitment, "addressee": code, "track": track}
    )  # fmt: skip
    rows = work.select("commitments", *(("id = ?", commitment) if commitment else ()))
    if commitment and not rows:
        raise NoSuchName(
            f"commitment known on {record.as_of}", commitment, [row.id for row in record.rows("commitments")]
        )
    rows = [row for row in rows if track in ("all", row["track"])]
    rows = [row for row in rows if code is None or code in _bound(row)]
    if not rows:
        raise BadInput(
            f"No commitment like this with a measurable test is on record as known on {record.as_of}.",
            "That is not a finding about promises that cannot be measured. Ask for more, or a later --as-of.",
        )
    rows.sort(key=lambda row: (row.first("date") or date.max, row.id))
    known = measurements()
    found = [_tested(work, row, known[row.id]) for row in rows if row.id in known]
    without = [row for row in rows if row.id not in known]
    for row in rows:
        work.use(row, "commitment", "addressee", "date", "deadline", "measurable_test")
    for one in found:
        for need in one.found:
            for cell_row, cells in need.cells:
                work.use(cell_row, *cells)
    _warn(work, found, without)
    decided = [one for one in found if one.met is not Ternary.UNKNOWN]
    undecided = sorted([one.row.id for one in found if one.met is Ternary.UNKNOWN] + [row.id for row in without])
    return work.finding(
        question=_question(rows, commitment, record),
        headline=_headline(found, without, commitment),
        answer=Answer(
            kind="table",
            value=[_line(one) for one in found],
            unit="commitments",
            unknown=undecided,
            why_unknown="see what is missing of each" if undecided else None,
            coverage=Coverage(known=len(decided), total=len(rows), of="commitments whose test the record decides"),
            summary={
                "By answer": _by_answer(found),
                "By who is bound": _by_addressee(found),
                **({"Cannot be told": missing} if (missing := _missing(found, without)) else {}),
            },
        ),
        method=(
            "What a test needs stands in its file: the table, the rows, a condition of the closed language, and what "
            "is missing where it does not decide. Figures and counts are intervals, answers are yes, no or unknown, "
            "and all needs have to be shown. After the deadline it is asked for the deadline, else for the day. A "
            "figure decides only when dated after the promise; one on record before its own date is a plan."
        ),
    )


def _bound(row: Row) -> list[str]:
    parts = row.parts("addressee")
    return [*parts, *(_EVERY_ALLY if any(part in _EVERY_ALLY for part in parts) else ())]


def _tested(work: Workings, row: Row, test: Measurement) -> _Tested:
    due = _deadline(row)
    word = "no deadline" if due is None else "due" if due < work.record.as_of else "not due yet"
    return _Tested(row, test, word, run_test(test, Asked(work.record, work.select, row, due)))


def _deadline(row: Row) -> date | None:
    """The last day of a deadline; None where there is none, or it recurs."""
    try:
        return last_day(row.text("deadline"))
    except ValueError:
        return None


def _line(one: _Tested) -> dict[str, Any]:
    needs = one.test.written.needs
    return {
        "row": one.row.id,
        "who": ["every ally" if part in _EVERY_ALLY else part for part in one.row.parts("addressee")],
        "promised": one.row["date"],
        "deadline": one.row["deadline"],
        "due": one.due,
        "met": str(one.met),
        "needs": [f"{need.what}: {found.answer}, {found.told}" for need, found in zip(needs, one.found, strict=True)],
        "track": one.row["track"],
        "commitment": one.row["commitment"],
        "test": one.row["measurable_test"],
        "note": one.test.written.note or None,
    }


def _by_answer(found: Sequence[_Tested]) -> list[dict[str, Any]]:
    dues = ("due", "not due yet", "no deadline")
    return [
        {"deadline": due, **{str(a): sum(one.met is a for one in some) for a in Ternary}, "commitments": len(some)}
        for due in dues
        if (some := [one for one in found if one.due == due])
    ]


def _by_addressee(found: Sequence[_Tested]) -> list[dict[str, Any]]:
    groups: dict[str, list[_Tested]] = {}
    for one in found:
        for part in dict.fromkeys("every ally" if p in _EVERY_ALLY else p for p in one.row.parts("addressee")):
            groups.setdefault(part, []).append(one)
    return [
        {"who": who, **{str(a): sum(one.met is a for one in some) for a in Ternary}, "commitments": len(some)}
        for who, some in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _missing(found: Sequence[_Tested], without: Sequence[Row]) -> list[dict[str, Any]]:
    lines = [
        {"row": one.row.id, "what": need.what, "missing": need.missing, "on_record": of.told if of.cells else None}
        for one in found
        if one.met is Ternary.UNKNOWN
        for need, of in zip(one.test.written.needs, one.found, strict=True)
        if of.answer is Ternary.UNKNOWN
    ]
    return lines + [
        {"row": row.id, "what": row["measurable_test"], "missing": "no file says how to test it", "on_record": None}
        for row in without
    ]


def _warn(work: Workings, found: Sequence[_Tested], without: Sequence[Row]) -> None:
    work.caveat("A test is our reading of a promise as something that can be measured; it stands beside each answer.")
    if any(one.due == "not due yet" and one.met is Ternary.NO for one in found):
        work.caveat("Before its deadline a no says where things stand, not that a promise was broken.")
    if any(one.test.written.note for one in found):
        work.caveat("Notes on single tests stand in the column note.")
    if any(one.computed and one.met is Ternary.UNKNOWN for one in found):
        work.caveat("Where one of several needs cannot be computed, the whole is unknown, unless another is not met.")
    if without:
        work.caveat(f"{plural(len(without), 'commitment')} on record {'has' if len(without) == 1 else 'have'} no test "
                    "file and is listed as not told.")  # fmt: skip


def _question(rows: Sequence[Row], commitment: str | None, record: Record) -> str:
    if commitment:
        return f"Is the test of “{rows[0]['commitment']}” met, as far as the record can compute it?"
    return f"Which commitments are met by their own tests, as far as the record known on {record.as_of} can compute it?"


def _headline(found: Sequence[_Tested], without: Sequence[Row], commitment: str | None) -> str:
    if commitment and found:
        [one] = found
        needs = zip(one.test.written.needs, one.found, strict=True)
        return f"{one.row['decision']}: {one.met} ({one.due}); " + "; ".join(
            f"{need.what}: {of.answer}" for need, of in needs
        )
    counts = Counter(one.met for one in found)
    late = sum(one.met is Ternary.NO and one.due == "due" for one in found)
    total, open_ = len(found) + len(without), counts[Ternary.UNKNOWN] + len(without)
    return (
        f"Of {plural(total, 'commitment')} with a measurable test, {counts[Ternary.YES]} are met, "
        f"{counts[Ternary.NO]} are not ({late} of them after the deadline), and {open_} cannot be told from the record"
    )
