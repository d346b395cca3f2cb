"""How united a group of states is on a question, by the last position of each: agreement, its band, who moved it.

Several indices stand side by side (``agreement`` has them with their sources), each with the number of members, the
distribution and the mean, because an index of agreement does not say what is agreed on. Below eight members with a
position on record no index is given and the positions are shown instead. Silence is not agreement: members without a
statement are counted beside those with one. Words and deeds stand apart. Any group of states is asked in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from dualtrack.analyses.agreement import agreement, consensus, mean, narrowness, polarisation, two_camps
from dualtrack.analyses.deeds import Deed, deeds, measured_by
from dualtrack.analyses.groups import Grouping, groupings, members_of, spoken
from dualtrack.analyses.held import DRAWS, FEWEST, Held, Measured, measure
from dualtrack.analyses.names import named
from dualtrack.analyses.voices import BODIES, LEVELS, Voice, signed, subject, voices, within
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import last_day, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, ByReading, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {"question": "forward_presence", "since": "2015-11", "until": "2016-07-31"},
    {"question": "forward_presence", "until": "2017-12", "before": "2016-07-31", "basis": "all"},
    {"question": "permanent_bases", "until": "2014-12"},
    {"question": "dialogue_nrc", "since": "2016", "until": "2016"},
    {"question": "arms_control", "since": "2016-06", "until": "2016-12"},
    {"question": "spending_2pct"},
    {"question": "forward_presence", "group": "eastern_flank"},
    {"question": "founding_act", "group": "vienna_document", "since": "2014"},
    {"question": "forward_presence", "group": "EST,LVA,LTU,POL,RUS,DEU,USA,BLR"},
    {},
)

_OLD = 730  # days between the oldest and the latest position from which their ages are told
_FIELDS = ("position", "date", "paraphrase", "speaker", "office", "in_office")

Basis = Literal["words", "deeds", "all"]


def run(
    record: Record,
    question: Annotated[str | None, "a question's code, such as forward_presence; all questions unless given"] = None,
    group: Annotated[str, "a group such as nato, a slot of readings, or codes such as EST,LVA,LTU"] = "nato",
    since: Annotated[str | None, "said from this date on"] = None,
    until: Annotated[str | None, "said up to this date; whoever is a member then counts"] = None,
    before: Annotated[str | None, "also by this earlier date, and who moved the index since"] = None,
    basis: Annotated[Basis, "words; deeds (troop contributions coded as statements); or all"] = "words",
    in_office: Annotated[Literal["yes", "all"], "yes, or all (candidates, former leaders and experts too)"] = "yes",
    misread: Annotated[float, "share of positions taken to be one step off", Field(ge=0, le=1)] = 0.2,
) -> Finding:
    """Agreement of the group on the question, or on each, from the last position of every member in the window."""
    known = [row.id for row in record.rows("questions")]
    if question and question not in known:
        raise NoSuchName("position question", question, known)
    if before and not question:
        raise BadInput("unity needs question=… to compare with an earlier date.", "Questions: know table questions.")
    work = Workings(
        record, "unity",
        {"question": question, "group": group, "since": since, "until": until, "before": before, "basis": basis,
         "in_office": in_office, "misread": misread},
    )  # fmt: skip
    window = Window.of(since, until)
    end = min(window.last, record.as_of)
    chosen = groupings(record, group, end)
    spoke = [
        v for v in voices(work, question, in_office) if v.first and v.state not in BODIES and within(v, window)
    ]  # fmt: skip
    said = [v for v in spoke if basis == "all" or v.deed == (basis == "deeds")]
    asked = [question] if question else known
    found = {name: [measure(work, g, said, name, end, misread) for g in chosen] for name in asked}
    held = [h for some in found.values() for m in some for h in m.held]
    if not held:
        raise BadInput(
            f"No member of {spoken(record, group)} has a position on record{_on(question)} "
            f"{window.words(record.as_of)}, as known on {record.as_of}.",
            "Silence on record is not agreement. Ask for another question, window or group, or a later --as-of.",
        )
    for voice in {v.row.id: v for h in held for v in h.latest}.values():
        work.use(voice.row, *(name for name in _FIELDS if voice.row[name] is not None))
    _warn(work, held, window, basis, in_office, misread)
    if not question:
        return _overview(work, found, group, window)
    measured = found[question]
    single = measured[0] if len(measured) == 1 else None
    done = deeds(work, question, _union(chosen), [v for v in spoke if v.deed], end) if measured_by(question) else None
    tables = _scale(record, question)
    tables |= (
        _tables(single)
        if single
        else {"By reading": [{"reading": m.grouping.label, **_line(question, m)} for m in measured]}
    )
    if before and single:
        tables |= _moved(work, single, said, question, window, before, misread)
    tables |= _beside_deeds(measured, done, question)
    return work.finding(
        question=f"How united is {spoken(record, group)} on “{record.row('questions', question)['meaning']}” "
        f"{window.words(record.as_of)}?",
        headline=_headline(record, measured, question, group, window),
        answer=_agreed([_answer(m, question, {}) for m in measured], tables),
        by_reading=[
            ByReading.model_validate(
                {"reading": m.grouping.reading, "class": m.grouping.class_, "answer": _answer(m, question, _tables(m)),
                 "label": m.grouping.label, "later": m.grouping.later, "sources": m.grouping.sources}
            )
            for m in measured
        ] if not single else [],
        method=_METHOD + (f" Deeds: {measured_by(question)}." if measured_by(question) else ""),
    )  # fmt: skip


_METHOD = (
    "Of each member of the group on the last day of the window, the latest dated statement on the question in it; "
    "where statements of one day, or of overlapping dates, differ, the member counts in equal parts at each. Indices "
    "are of members equally weighted. Bands hold nine of ten of "
    f"{DRAWS:,} draws with a fixed seed: members drawn anew with replacement, positions moved by one step with the "
    "probability given; the band of the answer also takes in the index weighted by what is on record. A position at "
    "the end of the scale can only be misread towards the middle, so the band of a united group reaches further down "
    f"than up. Below {FEWEST} members no index is computed."
)


def _answer(measured: Measured, question: str, tables: dict[str, list[dict[str, Any]]]) -> Answer:
    band, n = measured.band, len(measured.held)
    few = f"{plural(n, 'member')} with a position on record, and below {FEWEST} no index is given: see the positions"
    return Answer(
        kind="interval",
        low=None if band is None else round(band.low, 3),
        best=None if measured.index is None else round(measured.index, 6),
        high=None if band is None else round(band.high, 3),
        unit="agreement A, -1 to 1",
        unknown=measured.silent,
        why_unknown=few if band is None else None,
        coverage=Coverage(known=n, total=len(measured.grouping.states), of="members with a position on record"),
        summary=tables,
    )


def _agreed(answers: Sequence[Answer], tables: dict[str, list[dict[str, Any]]]) -> Answer:
    """The answer over all readings of the group: one range, where every reading has members enough."""
    lows, highs = [a.low for a in answers if a.low is not None], [a.high for a in answers if a.high is not None]
    bests = {a.best for a in answers}
    whole = len(lows) == len(answers)
    one = answers[0]
    return Answer(
        kind="interval",
        low=min(lows) if whole else None,
        best=one.best if len(bests) == 1 else None,
        high=max(highs) if whole else None,
        unit=one.unit,
        unknown=sorted({state for a in answers for state in a.unknown}),
        why_unknown=None if whole else next(a.why_unknown for a in answers if a.why_unknown),
        coverage=one.coverage if len(answers) == 1 else None,
        summary=tables,
    )


def _line(question: str, measured: Measured) -> dict[str, Any]:
    """A group on a question in one line."""
    band, counts = measured.band, measured.counts
    return {
        "question": question,
        "on_record": len(measured.held),
        "members": len(measured.grouping.states),
        **{signed(level): round(n, 2) for level, n in zip(LEVELS, counts, strict=True)},
        "A": None if measured.index is None else round(measured.index, 3),
        "low": None if band is None else round(band.low, 3),
        "high": None if band is None else round(band.high, 3),
        "mean": round(mean(counts) + LEVELS[0], 2) if measured.held else None,
        "row": [f"statements/{v.row.id}" for h in measured.held for v in h.latest],
    }


def _scale(record: Record, question: str) -> dict[str, list[dict[str, Any]]]:
    row = record.row("questions", question)
    ends = (("-2", "scale_minus2"), ("between", "scale_middle"), ("+2", "scale_plus2"))
    return {
        "The scale": [{"position": name, "means": row.text(cell).removeprefix(name).strip()} for name, cell in ends]
    }


def _tables(measured: Measured) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {
        "Members by last position": [
            *(
                {"position": signed(level), "members": round(n, 2), "which": _at(measured.held, level)}
                for level, n in zip(LEVELS, measured.counts, strict=True)
            ),
            {"position": "nothing on record", "members": len(measured.silent), "which": measured.silent or None},
        ]
    }
    if measured.index is not None:
        tables["Indices"] = _indices(measured.counts)
        tables["What the index leaves open"] = [
            *(
                {"varied": name, "low": round(band.low, 3), "high": round(band.high, 3), "members": len(measured.held)}
                for name, band in measured.bands.items()
            ),
            *(
                {"varied": f"weighted by {name}", "low": _rounded(value), "high": _rounded(value), "members": n}
                for name, (value, n) in measured.weighted.items()
            ),
        ]
        tables["Without one member"] = _without_one(measured)
    tables["Last position"] = [
        {
            "state": h.state,
            "position": h.words,
            "said": h.latest[-1].day,
            "speaker": ", ".join(dict.fromkeys(v.row.text("speaker") for v in h.latest)),
            "row": [f"statements/{v.row.id}" for v in h.latest],
        }
        for h in measured.held
    ]
    return tables


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _at(held: Sequence[Held], level: int) -> list[str] | None:
    return [h.state for h in held if any(v.position == level for v in h.latest)] or None


def _indices(counts: Sequence[float]) -> list[dict[str, Any]]:
    shown = (
        ("agreement A (van der Eijk)", agreement(counts), "-1 two ends, 0 uniform, 1 one point"),
        ("consensus (Tastle and Wierman)", consensus(counts), "0 two ends, 1 one point"),
        ("1 less variance as a share of the largest", narrowness(counts), "0 two ends, 1 one point"),
        ("polarisation (1 - A) / 2", polarisation(counts), "0 one point, 1 two ends"),
        ("polarisation (Esteban and Ray, 1.3)", two_camps(counts), "0 one point, 1 two ends"),
        ("mean position", mean(counts) + LEVELS[0], "-2 to 2"),
    )
    return [{"index": name, "value": round(value, 3), "scale": scale} for name, value, scale in shown]


def _without_one(measured: Measured) -> list[dict[str, Any]]:
    """What the index would be without one member, for all that hold the same; the most telling first."""
    counts = np.array(measured.counts)
    groups: dict[tuple[float, ...], list[Held]] = {}
    for held in measured.held:
        groups.setdefault(held.shares, []).append(held)
    lines = [
        {
            "position": own[0].words,
            "A": round(without := agreement(counts - np.array(shares)), 3),
            "change": round(without - (measured.index or 0.0), 3),
            "one_of": [h.state for h in own],
        }
        for shares, own in groups.items()
    ]
    return sorted(lines, key=lambda line: (-abs(float(str(line["change"]))), str(line["position"])))


def _moved(
    work: Workings, now: Measured, said: Sequence[Voice], question: str, window: Window, before: str, misread: float
) -> dict[str, list[dict[str, Any]]]:
    """The index by an earlier date, and what each member that moved or came on record since did to it."""
    earlier = Window.of(window.since or None, before)
    if earlier.last >= min(window.last, work.record.as_of):
        raise BadInput(f"before={before} is not before the end of the window.", "Give an earlier date.")
    [grouping] = groupings(work.record, str(work.parameters["group"]), earlier.last)
    then = measure(work, grouping, [v for v in said if within(v, earlier)], question, earlier.last, misread)
    for voice in (v for h in then.held for v in h.latest):
        work.use(voice.row, *(name for name in _FIELDS if voice.row[name] is not None))
    was, total = {h.state: h for h in then.held}, np.array(now.counts)
    lines: list[dict[str, Any]] = []
    for h in now.held:
        old = was.get(h.state)
        if old and old.shares == h.shares:
            continue
        counts = total - np.array(h.shares) + (np.array(old.shares) if old else 0.0)
        without = agreement(counts) if now.index is not None and len(now.held) - (old is None) >= FEWEST else None
        lines.append(
            {
                "state": h.state,
                "was": old.words if old else "nothing on record",
                "is": h.words,
                "said": h.latest[-1].day,
                "A_had_it_not": _rounded(without),
                "moved_A_by": None if without is None or now.index is None else round(now.index - without, 3),
            }
        )
    lines += [
        {"state": h.state, "was": h.words, "is": "no member then", "said": h.latest[-1].day, "A_had_it_not": None,
         "moved_A_by": None}
        for h in then.held if h.state not in {n.state for n in now.held}
    ]  # fmt: skip
    lines.sort(key=lambda line: (-abs(line["moved_A_by"] or 0.0), str(line["state"])))
    both = [
        {"by": spell(before), **_figures(then)},
        {"by": spell(min(window.last, work.record.as_of)), **_figures(now)},
    ]
    return {"Then and now": both, "Who moved it": lines}


def _figures(measured: Measured) -> dict[str, Any]:
    line = _line("", measured)
    return {name: line[name] for name in ("on_record", "members", *map(signed, LEVELS), "A", "low", "high", "mean")}


def _beside_deeds(
    measured: Sequence[Measured], done: Mapping[str, Deed] | None, question: str
) -> dict[str, list[dict[str, Any]]]:
    """Words beside deeds, one line a member with either; deeds are no positions and enter no index."""
    if done is None:
        return {}
    held = {h.state: h for m in measured for h in m.held}
    states = sorted({state for m in measured for state in m.grouping.states})
    lines = [
        {
            "state": state,
            "position": held[state].words if state in held else "nothing on record",
            "deed": str(done[state].answer) if state in done else "nothing on record",
            "what": done[state].what if state in done else None,
            "row": done[state].rows if state in done else None,
        }
        for state in states
        if state in held or state in done
    ]
    kinds = [_kind(held.get(state)) for state in states]
    tally = [
        {
            "words": kind,
            "deed": sum(k == kind and _did(done, s) is Ternary.YES for s, k in zip(states, kinds, strict=True)),
            "none": sum(k == kind and _did(done, s) is Ternary.NO for s, k in zip(states, kinds, strict=True)),
            "not_on_record": sum(
                k == kind and _did(done, s) is Ternary.UNKNOWN for s, k in zip(states, kinds, strict=True)
            ),
            "members": kinds.count(kind),
        }
        for kind in _KINDS
        if kind in kinds
    ]
    return {"Words and deeds": tally, f"Deeds on {question.replace('_', ' ')}": lines}


_KINDS = ("in favour", "neither, or two voices", "against", "nothing on record")


def _kind(held: Held | None) -> str:
    if held is None:
        return _KINDS[3]
    signs = {(v.position > 0) - (v.position < 0) for v in held.latest}
    return {frozenset({1}): _KINDS[0], frozenset({-1}): _KINDS[2]}.get(frozenset(signs), _KINDS[1])


def _did(done: Mapping[str, Deed], state: str) -> Ternary:
    return done[state].answer if state in done else Ternary.UNKNOWN


def _union(chosen: Sequence[Grouping]) -> list[str]:
    return sorted({state for grouping in chosen for state in grouping.states})


def _overview(work: Workings, found: Mapping[str, Sequence[Measured]], group: str, window: Window) -> Finding:
    lines = [
        {**({"reading": m.grouping.label} if len(some) > 1 else {}), **_line(name, m)}
        for name, some in found.items()
        for m in some
        if m.held
    ]
    lines.sort(key=lambda line: (line["A"] is None, -(line["A"] or 0.0), -line["on_record"], line["question"]))
    indexed = [line for line in lines if line["A"] is not None]
    silent = [name for name, some in found.items() if not any(m.held for m in some)]
    record = work.record
    ends = (
        f": agreement from {indexed[-1]['A']:.2f} on {indexed[-1]['question'].replace('_', ' ')} to "
        f"{indexed[0]['A']:.2f} on {indexed[0]['question'].replace('_', ' ')}"
        if len(indexed) > 1
        else f": agreement of {indexed[0]['A']:.2f} on {indexed[0]['question'].replace('_', ' ')}"
        if indexed
        else ""
    )
    return work.finding(
        question=f"On which questions is {spoken(record, group)} united {window.words(record.as_of)}?",
        headline=f"Enough members of {spoken(record, group)} are on record for an index of agreement on {len(indexed)} "
        f"of {plural(len(found), 'question')}{ends}",
        answer=Answer(
            kind="table",
            value=lines,
            unit="members; agreement A, -1 to 1",
            unknown=silent,
            why_unknown="statements holds none of a member on these questions in this time" if silent else None,
            coverage=Coverage(
                known=len({line["question"] for line in indexed}), total=len(found),
                of=f"questions with at least {FEWEST} members on record",
            ),
        ),
        method=_METHOD,
    )  # fmt: skip


def _warn(
    work: Workings, held: Sequence[Held], window: Window, basis: str, in_office: str, misread: float
) -> None:  # fmt: skip
    work.caveat(
        "Silence is not agreement, and quoted speakers are the outspoken ones: an index is of the members on record."
    )
    work.caveat(
        f"One coder, and no second coding on record that would give an error rate: that {misread:.0%} of positions are "
        "one step off is an assumption (misread=…)."
    )
    used = [v for h in held for v in h.latest]
    if any(len({v.position for v in h.latest}) > 1 for h in held):
        two = sorted({named(work.record, h.state) for h in held if len({v.position for v in h.latest}) > 1})
        work.caveat(f"Two positions on the last day, counted in parts: {listed(two)}.")
    days = [v.first for v in used if v.first]
    if (max(days) - min(days)).days > _OLD:
        work.caveat(
            f"The last positions are of different ages, from {min(days).year} to {max(days).year}: since=… leaves out "
            "the old ones."
        )
    loose = sorted({v.row.id for v in used if window.holds(v.day) is Ternary.UNKNOWN})
    if loose:
        work.caveat(f"The date is not known to the day and may lie outside the window: {', '.join(loose)}.")
    if basis != "words":
        work.caveat(
            "Troop contributions are coded only where they were made, all at +2, so deeds can show no disagreement."
        )
    if in_office == "all" and any(not v.in_office for v in used):
        work.caveat("Candidates, former leaders and experts count here like those in office.")
    for extent in used[0].row.spec.complete:
        if not extent.complete_to:
            work.caveat("Statements of other states are a sample, not all that was said.")
        elif min(window.last, work.record.as_of) > last_day(extent.complete_to) and _is_of(extent.part, held):
            whose = named(work.record, extent.part.removeprefix("state_or_org = "))
            work.caveat(f"Statements of {whose} were collected up to {spell(extent.complete_to)}.")


def _is_of(part: str, held: Sequence[Held]) -> bool:
    return any(part.endswith(h.state) for h in held)


def _on(question: str | None) -> str:
    return f" on {subject(question)}" if question else ""


def _headline(
    record: Record, measured: Sequence[Measured], question: str, group: str, window: Window
) -> str:  # fmt: skip
    when, what = window.words(record.as_of), subject(question)
    who = spoken(record, group)
    if len(measured) > 1:
        indexed = [m.index for m in measured if m.index is not None]
        ends = f"agreement {min(indexed):.2f} to {max(indexed):.2f}" if indexed else "too few members for an index"
        return (
            f"On {what}, {ends} under {len(indexed)} of {len(measured)} readings of {who} that have {FEWEST} members "
            f"or more on record, {when}"
        )
    [one] = measured
    n, total = len(one.held), len(one.grouping.states)
    if one.index is None or one.band is None:
        places = [
            f"{count:g} at {signed(level)}" for level, count in zip(LEVELS, one.counts, strict=True) if count
        ]  # fmt: skip
        return (
            f"On {what}, {n} of {members_of(record, group, total)} are on record {when}, too few for an index of unity "
            f"(below {FEWEST}): {listed(places)}"
        )
    return (
        f"On {what}, agreement of {who} is {one.index:.2f} ({one.band.low:.2f} to {one.band.high:.2f}) around a mean "
        f"of {mean(one.counts) + LEVELS[0]:+.1f}, by {n} of {total} members on record {when}"
    )
