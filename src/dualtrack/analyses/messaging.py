"""When the leaders of each member last spoke in public on a question, against how contested it is at home.

How contested a question is, is the gap between the shares in favour and against in the latest poll; a small gap is a
contested question. Where only the share in favour was published the gap is a range, and may leave it open. Polls are
mapped to a question by hand and ask something near it, never the same. A member without a statement on record is shown
as silent on record: not as agreeing, and not as silent in fact, because statements are a sample. An analyst's summary
of a government and a contribution of troops are nobody speaking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from dualtrack.analyses.groups import groupings, members_of, spoken
from dualtrack.analyses.names import named
from dualtrack.analyses.polls import BASES, base
from dualtrack.analyses.voices import LEVELS, Voice, last_voices, signed, subject, voices, within
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import last_day, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, ByReading, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {"question": "article5"},
    {"question": "forward_presence"},
    {"question": "article5", "group": "eastern_flank"},
    {"question": "russia_threat", "group": "vienna_document"},
    {"question": "spending_2pct", "since": "2014", "margin": 10},
    {"question": "article5", "item": "nato_favourable", "group": "USA,RUS,DEU,POL,BLR"},
)

ITEMS = {
    "permanent_bases": ("bases_east", "troops_in_country"),
    "forward_presence": ("bases_east", "troops_in_country"),
    "dialogue_nrc": ("more_dialogue",),
    "spending_2pct": ("spend_two_percent", "spend_more"),
    "spending_5pct": ("spend_more",),
    "article5": ("defend_ally",),
    "russia_threat": ("russia_threat",),
    "open_door": ("ukraine_in_nato",),
    "unity": ("vote_stay_nato",),
}
"""The poll item nearest to a question, the nearest first; the first one polled in a country is taken there."""

MARGIN = 20.0
"""Points between for and against below which a question counts as contested: what wording alone can move."""

_SPOKEN = ("position", "date", "speaker", "office", "in_office", "paraphrase")
_POLLED = ("country", "ref_date", "question_paraphrase", "pollster", "support_pct", "oppose_pct", "dk_pct")


@dataclass(frozen=True)
class _Member:
    """What is on record of a member: who spoke last, and the latest poll of the nearest item."""

    state: str
    last: Sequence[Voice]
    poll: Row | None
    membership: Row | None

    @property
    def rows(self) -> list[str]:
        """What it rests on: statements and poll; of a member with neither, that it is a member."""
        poll = [f"polls/{self.poll.id}"] if self.poll is not None else []
        found = [*(f"statements/{v.row.id}" for v in self.last), *poll]
        return found or ([f"groups/{self.membership.id}"] if self.membership is not None else [])

    @property
    def gap(self) -> tuple[float, float] | None:
        """Points in favour less points against, from least to most; None without a poll.

        Where the share against is not on record it is between none and all that is left.
        """
        support = None if self.poll is None else self.poll.number("support_pct")
        if self.poll is None or support is None:
            return None
        oppose, left = self.poll.number("oppose_pct"), 100 - support - (self.poll.number("dk_pct") or 0.0)
        low, high = (left, 0.0) if oppose is None else (oppose, oppose)
        return round(support - max(low, 0.0), 2), round(support - high, 2)

    def contested(self, margin: float) -> Ternary:
        """Whether for and against are less than a margin apart; unknown where no poll tells."""
        if self.gap is None:
            return Ternary.UNKNOWN
        low, high = self.gap
        if -margin < low and high < margin:
            return Ternary.YES
        return Ternary.NO if low >= margin or high <= -margin else Ternary.UNKNOWN

    def days(self, end: date) -> tuple[int, int] | None:
        """Days from the last statement to a day, as few and as many as its date can mean; None where silent."""
        firsts, lasts = [v.first for v in self.last if v.first], [v.last for v in self.last if v.last]
        if not firsts:
            return None
        return max((end - max(lasts)).days, 0), max((end - max(firsts)).days, 0)


def run(
    record: Record,
    question: Annotated[str, "a position question's code, such as article5"],
    group: Annotated[str, "a group such as nato, a slot of readings, or codes such as EST,LVA,LTU"] = "nato",
    item: Annotated[str | None, "the poll item that says how contested it is; the nearest unless given"] = None,
    since: Annotated[str | None, "said and polled from this date on"] = None,
    until: Annotated[str | None, "said and polled up to this date; days are counted to it"] = None,
    margin: Annotated[
        float, "points between for and against below which it is contested", Field(gt=0, le=100)
    ] = MARGIN,
) -> Finding:
    """Of every member: its leaders' last public statement, days since, and how contested the question is at home."""
    known = [row.id for row in record.rows("questions")]
    if question not in known:
        raise NoSuchName("position question", question, known)
    items = [row.id for row in record.rows("poll_questions")]
    if item is not None and item not in items:
        raise NoSuchName("poll question", item, items)
    work = Workings(
        record, "messaging",
        {"question": question, "group": group, "item": item, "since": since, "until": until, "margin": margin},
    )  # fmt: skip
    window = Window.of(since, until)
    end = min(window.last, record.as_of)
    chosen = groupings(record, group, end)
    states = sorted({state for grouping in chosen for state in grouping.states})
    nearest = (item,) if item else ITEMS.get(question, ())
    members = _members(work, question, states, nearest, window)
    for member in members:
        for voice in member.last:
            work.use(voice.row, *(name for name in _SPOKEN if voice.row[name] is not None))
        if member.poll is not None:
            work.use(member.poll, *(name for name in _POLLED if member.poll[name] is not None))
        if member.membership is not None and not member.last and member.poll is None:
            work.use(member.membership, "group", "state")
    if not any(member.last or member.poll for member in members):
        raise BadInput(
            f"Neither a statement on {question} nor a poll near it is on record for any member of "
            f"{spoken(record, group)} {window.words(record.as_of)}.",
            "Silence on record is not agreement. Ask for another question, window or group, or a later --as-of.",
        )
    _warn(work, members, nearest, question, end)
    answer = _answer(members, end, margin)
    return work.finding(
        question=f"When did leaders of {spoken(record, group)} last speak in public on "
        f"“{record.row('questions', question)['meaning']}”, and how contested is it at home?",
        headline=_headline(record, members, question, group, end, margin),
        answer=answer,
        by_reading=[
            ByReading.model_validate(
                {"reading": g.reading, "class": g.class_, "label": g.label, "later": g.later, "sources": g.sources,
                 "answer": _answer([m for m in members if m.state in g.states], end, margin)}
            )
            for g in chosen
        ] if len(chosen) > 1 else [],
        method=(
            "Of each member of the group on the last day: the latest dated statement of a person in office on the "
            "question (all of one day, or of dates that overlap), and the days from it to the last day of the window, "
            "as few and as many as its date can mean. At home: the latest poll of the whole population on the first of "
            f"these items that was polled there: {listed(nearest) or 'none'}. Where the share against is not on record "
            f"it is between none and all that is left. Contested is a gap of less than {margin:g} points either way. "
            "Nothing is filled in for a member without a statement or without a poll."
        ),
    )  # fmt: skip


def _members(
    work: Workings, question: str, states: Sequence[str], nearest: Sequence[str], window: Window
) -> list[_Member]:
    said = [v for v in voices(work, question, "yes") if v.of_a_person and v.state in states and within(v, window)]
    last = last_voices(said)
    polls = [
        [
            row
            for row in work.select("polls", "question = ?", item)
            if base(row) == BASES[0]
            and row["support_pct"] is not None
            and row["ref_date"] is not None
            and _inside(row, window)
        ]
        for item in nearest
    ]
    group = str(work.parameters["group"])
    belongs = {row.text("state"): row for row in work.record.rows("groups") if row["group"] == group}
    return [
        _Member(state, last.get((state, question), []), _latest(polls, state), belongs.get(state)) for state in states
    ]


def _inside(row: Row, window: Window) -> bool:
    """Whether a poll lies in the window, by the last day its date can mean."""
    day = row.last("ref_date")
    return day is not None and window.first <= day <= window.last


def _latest(polls: Sequence[Sequence[Row]], state: str) -> Row | None:
    """The latest poll in a state of the first item that has one; of one day, the last by its id."""
    for rows in polls:
        own = [row for row in rows if row["country"] == state]
        if own:
            return max(own, key=lambda row: (row.last("ref_date") or date.min, row.id))
    return None


def _answer(members: Sequence[_Member], end: date, margin: float) -> Answer:
    silent = sorted(m.state for m in members if not m.last)
    polled = sum(m.gap is not None for m in members)
    return Answer(
        kind="table",
        value=[_line(m, end, margin) for m in _ordered(members, end)],
        unit="days, percent, points",
        unknown=silent,
        why_unknown="statements holds none by a person in office: silent on record, not in fact" if silent else None,
        coverage=Coverage(
            known=len(members) - len(silent), total=len(members), of="members with a public statement on record"
        ),
        summary={
            "Spoken and contested": _cross(members, margin),
            "Coverage": [
                {"what": "a public statement", "on_record": len(members) - len(silent), "members": len(members)},
                {"what": "a poll near the question", "on_record": polled, "members": len(members)},
                {
                    "what": "a poll that says whether it is contested",
                    "on_record": sum(m.contested(margin) is not Ternary.UNKNOWN for m in members),
                    "members": len(members),
                },
                {
                    "what": "a statement and a poll",
                    "on_record": sum(bool(m.last) and m.gap is not None for m in members),
                    "members": len(members),
                },
            ],
        },
    )


def _ordered(members: Sequence[_Member], end: date) -> list[_Member]:
    """Those who spoke last come first; the silent after them, the most contested first."""

    def place(member: _Member) -> tuple[int, float, str]:
        days = member.days(end)
        return (
            (0, days[0], member.state)
            if days
            else (1, 999 if member.gap is None else max(map(abs, member.gap)), member.state)
        )

    return sorted(members, key=place)


def _line(member: _Member, end: date, margin: float) -> dict[str, Any]:
    days, poll, last = member.days(end), member.poll, member.last
    return {
        "state": member.state,
        "spoke": "yes" if last else "silent on record",
        "said": last[-1].day if last else None,
        "days": days[0] if days else None,
        "days_at_most": days[1] if days else None,
        "position": " and ".join(signed(n) for n in LEVELS if any(v.position == n for v in last)) or None,
        "speaker": ", ".join(dict.fromkeys(v.row.text("speaker") for v in last)) or None,
        "support": poll["support_pct"] if poll is not None else None,
        "oppose": poll["oppose_pct"] if poll is not None else None,
        "gap": list(dict.fromkeys(map(_whole, member.gap))) if member.gap else None,
        "contested": str(member.contested(margin)),
        "polled": poll["ref_date"] if poll is not None else None,
        "item": poll["question"] if poll is not None else None,
        "pollster": poll["pollster"] if poll is not None else None,
        "row": member.rows,
    }


def _whole(points: float) -> float | int:
    """A figure without a decimal that says nothing."""
    return int(points) if points.is_integer() else points


def _cross(members: Sequence[_Member], margin: float) -> list[dict[str, Any]]:
    """Members by whether they spoke and how contested it is, each out of all."""
    return [
        {
            "at_home": words,
            "spoke": sum(bool(m.last) for m in some),
            "silent_on_record": sum(not m.last for m in some),
            "silent": [m.state for m in some if not m.last] or None,
            "members": len(members),
        }
        for words, some in _by_contest(members, margin).items()
    ]


def _by_contest(members: Sequence[_Member], margin: float) -> dict[str, list[_Member]]:
    polled = [m for m in members if m.gap is not None]
    return {
        "contested": [m for m in polled if m.contested(margin) is Ternary.YES],
        "a clear majority one way": [m for m in polled if m.contested(margin) is Ternary.NO],
        "left open by the poll": [m for m in polled if m.contested(margin) is Ternary.UNKNOWN],
        "no poll on record": [m for m in members if m.gap is None],
    }


def _warn(work: Workings, members: Sequence[_Member], nearest: Sequence[str], question: str, end: date) -> None:
    silent = sum(not m.last for m in members)
    work.caveat(
        f"Statements are a sample of what pages held: {silent} of {len(members)} members have none on record, which is "
        "not agreement and not silence in fact."
    )
    used = [m.poll for m in members if m.poll is not None]
    if not nearest:
        work.caveat(
            f"No poll item is near {question}: how contested it is at home cannot be told (item=… takes another)."
        )
    elif not used:
        work.caveat(f"No poll on {listed(nearest)} is on record for these members.")
    else:
        taken = sorted({row.text("question") for row in used})
        meanings = {row.id: row.text("meaning") for row in work.record.rows("poll_questions")}
        asked = "; ".join(f"“{meanings[name]}”" for name in taken)
        work.caveat(f"Polls ask something near the question and not the same, in several wordings: {asked}.")
        work.caveat("Wording and house move such shares by 5 to 20 points, so a gap of that size is none to rely on.")
        half = sum(row["oppose_pct"] is None for row in used)
        if half:
            work.caveat(
                f"The share against is not on record in {half} of {plural(len(used), 'poll')}: the gap is a range."
            )
        dates = sorted(row.text("ref_date") for row in used)
        if dates[0][:4] != dates[-1][:4]:
            work.caveat(f"The latest polls are from {dates[0][:4]} to {dates[-1][:4]}: opinion may have moved since.")
    for extent in work.record.spec("polls").complete:
        if extent.complete_to and end > last_day(extent.complete_to):
            work.caveat(f"Polls were collected up to {spell(extent.complete_to)}.")


def _headline(record: Record, members: Sequence[_Member], question: str, group: str, end: date, margin: float) -> str:
    """Who spoke of how many, where it is contested, and who of those has nothing on record."""
    heard, homes = sum(bool(m.last) for m in members), _by_contest(members, margin)
    whom = members_of(record, group, len(members))
    first = f"On {subject(question)}, leaders of {heard} of {whom} are on record up to {spell(end)}"
    polled = len(members) - len(homes["no poll on record"])
    if not polled:
        return f"{first}; no poll on record says how contested it is at home"
    contested, open_ = homes["contested"], homes["left open by the poll"]
    mute = sorted(named(record, m.state) for m in contested if not m.last)
    names = f" ({listed(mute)})" if 0 < len(mute) <= 4 else ""
    left = f", and in {len(open_)} more it may be" if open_ else ""
    are = f"{len(mute)} of these {'is' if len(mute) == 1 else 'are'}" if mute else "none of these is"
    silent = f"; {are} silent on record{names}" if contested else ""
    return f"{first}; it is contested at home in {len(contested)} of {polled} polled{left}{silent}"
