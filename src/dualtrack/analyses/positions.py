"""What governments said on a question over time, where one government spoke with two voices, and who said nothing.

Positions are coded -2 to 2 by one coder from press summaries. Silence is not agreement: the states without a
statement on record are counted beside those with one. Statements of other states on the same question within some
days stand side by side, so that a reader sees how the other side described the same thing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.voices import BODIES, LEVELS, Voice, last_voices, signed, subject, voices, within
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import last_day, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {"question": "permanent_bases", "until": "2014-12"},
    {"question": "forward_presence", "since": "2015-11", "until": "2016-07-31"},
    {"question": "founding_act", "state": "DEU"},
    {"state": "CZE", "since": "2014", "until": "2014"},
    {"question": "dialogue_nrc", "state": "RUS", "days": 90},
    {"question": "dialogue_nrc", "state": "USA", "days": 90},
)


def run(
    record: Record,
    question: Annotated[str | None, "a question's code, such as permanent_bases; may be left out with a state"] = None,
    state: Annotated[str | None, "a state's code, or NATO or B9: its statements, others beside them"] = None,
    since: Annotated[str | None, "said from this date on"] = None,
    until: Annotated[str | None, "said up to this date"] = None,
    in_office: Annotated[Literal["yes", "all"], "yes, or all (candidates, former leaders and experts too)"] = "yes",
    days: Annotated[int, "how many days apart two statements may be to stand side by side"] = 30,
) -> Finding:
    """The statements on record as known, with last positions, voices that differ, and who said nothing on record."""
    if not question and not state:
        raise BadInput("positions needs question=… or state=….", "Questions: know table questions.")
    known = [row.id for row in record.rows("questions")]
    if question and question not in known:
        raise NoSuchName("position question", question, known)
    code = state_code(record, state, BODIES) if state else None
    work = Workings(
        record, "positions",
        {"question": question, "state": code, "since": since, "until": until, "in_office": in_office, "days": days},
    )  # fmt: skip
    window = Window.of(since, until)
    every = voices(work, question, in_office)
    said = [v for v in every if (not code or v.state == code) and within(v, window)]
    if not said:
        raise BadInput(
            f"No statement like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "Silence on record is not agreement, and not silence in fact. Ask for more, or a later --as-of.",
        )
    beside = _beside(said, every, code, days) if code else []
    for voice in [*said, *(other for _, other, _ in beside)]:
        work.use(voice.row, "position", "date", "paraphrase", "speaker", "in_office")
    differ = _differ(said, days)
    end = min(window.last, record.as_of)
    members = record.members("nato", end)
    heard = sorted({voice.state for voice in said if voice.state in members})
    _warn(work, said, differ, days, in_office, window)
    silent = [member for member in members if member not in heard] if question and not code else []
    return work.finding(
        question=_question(record, question, code, window),
        headline=_headline(record, said, question, code, heard, members, differ, beside, days),
        answer=Answer(
            kind="table",
            value=[_line(voice) for voice in said],
            unit="scale -2 to 2",
            unknown=silent,
            why_unknown=f"statements holds none of theirs on {question} in this time" if silent else None,
            coverage=Coverage(known=len(heard), total=len(members), of="members of NATO with a statement on record")
            if not code
            else None,
            summary=_summary(record, said, differ, beside, question, code),
        ),
        method=(
            "Rows of statements as known on the day. Last position: the latest dated statement of a state on a "
            "question; where two are of the same day or their dates overlap, all of that day. Voices differ where two "
            f"speakers of one state gave different positions on one question within {days} days; they are opposed "
            "where one is above and one below zero. Side by side: statements of others on the same question within "
            "as many days. A troop contribution is coded as a statement and marked as a deed. No index is computed."
        ),
    )


def _beside(
    said: Sequence[Voice], every: Sequence[Voice], code: str, days: int
) -> list[tuple[Voice, Voice, int]]:  # fmt: skip
    found = []
    for voice in said:
        for other in every:
            apart = voice.apart(other)
            if other.state != code and other.question == voice.question and apart is not None and apart <= days:
                found.append((voice, other, apart))
    return found


def _differ(said: Sequence[Voice], days: int) -> list[tuple[Voice, Voice]]:
    """Pairs of speakers of one state in office who gave different positions on one question within some days."""
    own = [voice for voice in said if voice.in_office and voice.state not in BODIES and voice.of_a_person]
    return [
        (a, b)
        for i, a in enumerate(own)
        for b in own[i + 1 :]
        if (a.state, a.question) == (b.state, b.question)
        and a.row["speaker"] != b.row["speaker"]
        and a.position != b.position
        and (apart := a.apart(b)) is not None
        and apart <= days
    ]


def _line(voice: Voice) -> dict[str, Any]:
    return {
        "date": voice.day,
        "state": voice.state,
        "position": signed(voice.position),
        "speaker": voice.row["speaker"],
        "office": voice.row["office"],
        "question": voice.question,
        "in_office": voice.row["in_office"],
        "deed": "yes" if voice.deed else "no",
        "quote": voice.row["short_quote"],
        "venue": voice.row["venue"],
        "note": voice.row["note"],
        "row": voice.row.id,
        "said": voice.row["paraphrase"],
    }


def _official(said: Sequence[Voice]) -> list[Voice]:
    return [voice for voice in said if voice.in_office]


def _summary(
    record: Record,
    said: Sequence[Voice],
    differ: Sequence[tuple[Voice, Voice]],
    beside: Sequence[tuple[Voice, Voice, int]],
    question: str | None,
    code: str | None,
) -> dict[str, list[dict[str, Any]]]:
    last = last_voices(_official(said))
    tables: dict[str, list[dict[str, Any]]] = {}
    if question:
        tables["The scale"] = _scale(record, question)
    if not code and question:
        tables["States by their last position"] = [_tally(last, level) for level in LEVELS]
    tables["Last position"] = [
        {
            "state": state,
            "position": sorted({signed(voice.position) for voice in latest}, key=int),
            "said": latest[-1].day,
            "statements": sum(v.state == state and v.question == asked for v in said),
            "lowest_and_highest": _range([v.position for v in said if (v.state, v.question) == (state, asked)]),
            "question": asked,
            "speaker": ", ".join(dict.fromkeys(voice.row.text("speaker") for voice in latest)),
        }
        for (state, asked), latest in sorted(last.items())
    ]
    tables["Voices of one government that differ"] = [
        {
            "state": a.state,
            "how": "opposed" if a.position * b.position < 0 else "differ",
            "positions": [signed(a.position), signed(b.position)],
            "days": [a.day, b.day],
            "question": a.question,
            "speakers": f"{a.row['speaker']} / {b.row['speaker']}",
        }
        for a, b in differ
    ]
    tables["Side by side"] = [
        {
            "question": voice.question,
            "said": voice.day,
            "position": signed(voice.position),
            "other": other.state,
            "other_position": signed(other.position),
            "other_said": other.day,
            "days_apart": apart,
            "speaker": voice.row["speaker"],
            "other_speaker": f"{other.row['speaker']}: {other.row['paraphrase']}",
        }
        for voice, other, apart in beside
    ]
    return {title: lines for title, lines in tables.items() if lines}


def _scale(record: Record, question: str) -> list[dict[str, Any]]:
    row = record.row("questions", question)
    ends = (("-2", "scale_minus2"), ("between", "scale_middle"), ("+2", "scale_plus2"))
    return [{"position": name, "means": row.text(cell).removeprefix(name).strip()} for name, cell in ends]


def _tally(last: dict[tuple[str, str], list[Voice]], level: int) -> dict[str, Any]:
    """How many states, bodies left out, hold a position last; a state that holds two stands in both."""
    states = sorted(s for (s, _), own in last.items() if s not in BODIES and any(v.position == level for v in own))
    return {"position": signed(level), "states": len(states), "which": states or None}


def _on(day: str) -> str:
    """A date as it stands in a sentence: on a day, in a month or year."""
    return f"{'on' if len(day) > 7 else 'in'} {spell(day)}"


def _range(positions: Sequence[int]) -> str:
    low, high = min(positions), max(positions)
    return signed(low) if low == high else f"{signed(low)} to {signed(high)}"


def _warn(
    work: Workings, said: Sequence[Voice], differ: Sequence[tuple[Voice, Voice]], days: int, in_office: str,
    window: Window,
) -> None:  # fmt: skip
    work.caveat(
        "Silence is not agreement, and quoted speakers are the outspoken ones. One coder; a step either way is open."
    )
    for extent in said[0].row.spec.complete:
        if extent.complete_to and min(window.last, work.record.as_of) > last_day(extent.complete_to):
            whose = named(work.record, extent.part.removeprefix("state_or_org = "))
            work.caveat(
                f"Statements of {whose} were collected up to {spell(extent.complete_to)}; later ones are a sample."
            )
        elif not extent.complete_to:
            work.caveat("Statements of other states are a sample, not all that was said.")
    deeds = sum(voice.deed for voice in said)
    if deeds:
        work.caveat(f"{plural(deeds, 'row')} code a troop contribution, a deed and not words (see deed).")
    undated = [voice.row.id for voice in said if voice.row["date"] is None]
    if undated:
        work.caveat(f"Undated in the source, so in no order of time: {', '.join(undated)}.")
    loose = [v.row.id for v in said if v.row["date"] and window.holds(v.day) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The date is not known to the day and may lie outside the window: {', '.join(loose)}.")
    if in_office == "all" and any(voice.row["in_office"] == "no" for voice in said):
        work.caveat("Candidates, former leaders and experts are shown, but no last position is taken from them.")


def _question(record: Record, question: str | None, code: str | None, window: Window) -> str:
    who = named(record, code) if code else "governments"
    what = f" on “{record.row('questions', question)['meaning']}”" if question else ""
    return f"What did {who} say{what} {window.words(record.as_of)}, and who said otherwise?"


def _headline(
    record: Record,
    said: Sequence[Voice],
    question: str | None,
    code: str | None,
    heard: Sequence[str],
    members: Sequence[str],
    differ: Sequence[tuple[Voice, Voice]],
    beside: Sequence[tuple[Voice, Voice, int]],
    days: int,
) -> str:
    two = sorted({a.state for a, _ in differ})
    voiced = f"; {listed([named(record, state) for state in two])} spoke with more than one voice" if two else ""
    dated = [voice for voice in said if voice.first]
    if code:
        name = named(record, code)
        if not dated:
            return f"{plural(len(said), 'undated statement')} of {name} on record"
        questions = len({voice.question for voice in said})
        on = f" on {subject(question)}" if question else f" on {plural(questions, 'question')}"
        first, final = dated[0], dated[-1]
        way = (
            f": {signed(first.position)} {_on(first.day)}, {signed(final.position)} {_on(final.day)}"
            if question and len(dated) > 1
            else ""
        )
        others = len({other.state for _, other, _ in beside})
        return (
            f"{plural(len(said), 'statement')} of {name}{on}{way} (scale -2 to 2){voiced}; "
            f"{plural(others, 'other state or body', 'other states and bodies')} spoke on the same within {days} days"
        )
    held = [
        {voice.position for voice in own}
        for (state, _), own in last_voices(_official(said)).items()
        if state in members
    ]
    tally = Counter(next(iter(positions)) for positions in held if len(positions) == 1)
    shown = [f"{tally[level]} at {signed(level)}" for level in LEVELS if tally[level]]
    split = sum(len(positions) > 1 for positions in held)
    levels = listed([*shown, *([f"{split} with two on its last day"] if split else [])]) or "none dated"
    return (
        f"On {subject(str(question))}, {len(heard)} of {len(members)} members of NATO are on record; "
        f"by their last position {levels} (scale -2 to 2){voiced}"
    )
