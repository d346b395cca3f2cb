"""Statements as the positions of speakers on a question: which lie in a window, and which a state held last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dualtrack.analyses.window import Window
from dualtrack.analyses.workings import Workings
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row

BODIES = ("NATO", "B9")
"""Speakers of ``statements`` that are no states."""

DEED = "government (troop contribution)"
"""The office under which a troop contribution is coded as a position: a deed, not words."""

LEVELS = (-2, -1, 0, 1, 2)
"""The scale of every question."""


_SUBJECTS = {
    "permanent_bases": "permanent bases in the east",
    "forward_presence": "allied presence in the east",
    "dialogue_nrc": "talks of NATO and Russia",
    "founding_act": "the force of the Founding Act",
    "spending_2pct": "two percent of GDP",
    "spending_5pct": "five percent of GDP",
    "nato_exercises": "NATO exercises in the east",
    "snap_exercises": "rules for snap exercises",
    "new_divisions": "new Russian divisions",
    "arms_control": "a new arms control effort",
    "article5": "unconditional assistance",
    "russia_threat": "Russia as a threat",
    "black_sea": "navies in the Black Sea",
    "enlargement_promise": "the promise not to enlarge",
    "open_door": "the open door",
    "unity": "the unity of the alliance",
}


def subject(question: str) -> str:
    """What a question is about, as it stands in a sentence; of a question of one's own, its code in words.

    >>> subject("article5"), subject("my_question")
    ('unconditional assistance', 'my question')
    """
    return _SUBJECTS.get(question, question.replace("_", " "))


@dataclass(frozen=True)
class Voice:
    """One position of one speaker, with the days its date can mean."""

    row: Row
    state: str
    question: str
    position: int
    first: date | None
    last: date | None

    @property
    def day(self) -> str:
        """The date as given, or that there is none."""
        return self.row.text("date") or "undated"

    @property
    def deed(self) -> bool:
        """Whether the row codes a troop contribution."""
        return self.row["office"] == DEED

    @property
    def in_office(self) -> bool:
        """Whether the speaker spoke for the state or body."""
        return self.row["in_office"] == "yes"

    @property
    def of_a_person(self) -> bool:
        """Whether somebody said it: an analyst's summary of a government and a deed are nobody's voice."""
        return not self.row.text("office").startswith("government")

    def apart(self, other: Voice) -> int | None:
        """The least days between two statements; None where one of them is undated."""
        if not (self.first and self.last and other.first and other.last):
            return None
        return max(0, (self.first - other.last).days, (other.first - self.last).days)


def voices(work: Workings, question: str | None, in_office: str) -> list[Voice]:
    """The statements on a question, or on all, by date.

    Args:
        work: where the selection is noted.
        question: its code; None for all.
        in_office: ``yes`` leaves out candidates, former leaders and experts.
    """
    given = {"question": question, "in_office": "yes" if in_office == "yes" else None}
    asked = {column: value for column, value in given.items() if value}
    rows = work.select("statements", " AND ".join(f"{column} = ?" for column in asked), *asked.values())
    found = [
        Voice(row, row.text("state_or_org"), row.text("question"), int(row.number("position") or 0),
              row.first("date"), row.last("date"))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda v: (v.first or date.max, v.last or date.max, v.row.id))


def within(voice: Voice, window: Window) -> bool:
    """Whether a statement can lie in a window; an undated one lies in none that has an end."""
    if voice.row["date"] is None:
        return not (window.since or window.until)
    return window.holds(voice.day) is not Ternary.NO


def last_voices(said: Sequence[Voice]) -> dict[tuple[str, str], list[Voice]]:
    """The latest dated statements of each state on each question; all those whose dates overlap the latest."""
    found: dict[tuple[str, str], list[Voice]] = {}
    for voice in said:
        if voice.first:
            found.setdefault((voice.state, voice.question), []).append(voice)
    return {
        key: [v for v in own if v.last and v.last >= max(o.first for o in own if o.first)] for key, own in found.items()
    }


def signed(position: int) -> str:
    """A position as it is printed.

    >>> signed(-2), signed(0), signed(1)
    ('-2', '0', '+1')
    """
    return f"{position:+d}" if position else "0"
