"""What members of a group did on a question, as far as a table of the record holds such deeds: forces and money.

Deeds stand beside words and are never made into a position: a state with no deed on record may have done something
that was not collected, so only spending, where a whole table is published, can be answered with no. Commitments are
left out: most bind the alliance, and those of single members point both ways (one sends forces, one takes them home);
what came of them shows in the forces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dualtrack.analyses.voices import Voice
from dualtrack.analyses.workings import Workings
from dualtrack.core.ternary import Ternary, at_least, some
from dualtrack.instruments.commitment import surely_there
from dualtrack.record.rows import Row

_PRESENCE = {"forward_presence": "", "permanent_bases": "permanent"}
_SPENDING = {"spending_2pct": 2.0, "spending_5pct": 3.5}
"""Percent of GDP: the guideline of 2014, and the core of the target of 2025 (The Hague: 3.5, and 1.5 related)."""

_FINE = 0.01  # NATO prints two decimals: a figure that fine decides as printed
_RECENT = timedelta(days=365)  # how old a count of contributed troops may be


@dataclass
class Deed:
    """What one state did: whether the record shows it, and what it is made of."""

    answer: Ternary = Ternary.UNKNOWN
    what: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def add(self, answer: Ternary, what: str, row: Row) -> None:
        """One more thing on record; a no never takes back a yes."""
        self.answer = answer if not self.rows else some([self.answer, answer])
        if what not in self.what:
            self.what.append(what)
        self.rows.append(f"{row.spec.table}/{row.id}")


def measured_by(question: str) -> str:
    """What counts as a deed on a question, in words; empty where no table holds any."""
    if question in _PRESENCE:
        kind = " permanently" if _PRESENCE[question] else ""
        return (
            f"forces of NATO members{kind} stationed that it sends to another state's soil, or has on its own, in "
            "place on the last day; or a statement coded as a contribution of troops"
        )
    if question in _SPENDING:
        return f"at least {_SPENDING[question]:g} percent of GDP spent on defence in the year, by the latest edition"
    return ""


def deeds(work: Workings, question: str, states: Sequence[str], coded: Sequence[Voice], end: date) -> dict[str, Deed]:
    """What each state did by a day; a state without anything on record is left out.

    Args:
        work: where selections and evidence are noted.
        question: a question for which ``measured_by`` is not empty.
        states: whose deeds.
        coded: statements that code a deed.
        end: the day.
    """
    found: dict[str, Deed] = {}
    for voice in coded:
        if voice.state in states:
            found.setdefault(voice.state, Deed()).add(Ternary.YES, "contributes troops", voice.row)
            work.use(voice.row, "position", "date")
    if question in _PRESENCE:
        _forces(work, _PRESENCE[question], states, end, found)
    if question in _SPENDING:
        _spending(work, _SPENDING[question], states, end.year, found)
    return found


def _forces(work: Workings, basing: str, states: Sequence[str], end: date, found: dict[str, Deed]) -> None:
    rows = work.select("deployments", "side = 'nato'" + (" AND basing = ?" if basing else ""), *filter(None, [basing]))
    there = {row.id: row for row in rows if row["basing"] != "planned" and _in_place(row, end)}
    for row in there.values():
        senders, hosts = row.parts("sending_states"), row.parts("host_state")
        for state in states:
            sends, has = any(h != state for h in hosts), any(s != state for s in senders)
            for what, does in (
                ("sends forces or staff", state in senders and sends),
                ("hosts forces or staff", state in hosts and has),
            ):
                if does:
                    found.setdefault(state, Deed()).add(Ternary.YES, what, row)
                    work.use(row, "sending_states", "host_state", "start", "end", "basing")
    for row in work.select("contributions"):
        force, day = there.get(row.text("force_key")), row.last("as_of")
        if not (force and day and end - _RECENT <= day <= end and row.number("troops_low")):
            continue
        if row["state"] in states and force.parts("host_state") != [row["state"]]:
            found.setdefault(row.text("state"), Deed()).add(Ternary.YES, "sends forces or staff", row)
            work.use(row, "state", "as_of", "troops_low")


def _in_place(row: Row, end: date) -> bool:
    """Whether a deployment is surely in place on a day."""
    span = surely_there(row, end)
    return span is not None and span[1] == end


def _spending(work: Workings, level: float, states: Sequence[str], year: int, found: dict[str, Deed]) -> None:
    rows = work.select("spending", "series = 'nato' AND definition = 'defence' AND year = ?", year)
    for state in states:
        own = [row for row in rows if row["state"] == state and row["share_of_gdp_pct"] is not None]
        if not own:
            continue
        row = max(own, key=lambda r: r.text("edition"))
        share, step = row.number("share_of_gdp_pct") or 0.0, row.number("precision") or 0.0
        slack = 0.0 if step <= _FINE else step / 2
        found.setdefault(state, Deed()).add(
            at_least(share - slack, share + slack, level), f"{share:g} percent of GDP in {year}", row
        )
        work.use(row, "share_of_gdp_pct", "edition")
