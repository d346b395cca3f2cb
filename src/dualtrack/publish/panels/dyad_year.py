"""Two states in a year, in one direction: what the first did towards the second, by the record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from dualtrack.publish.panels.counting import Count, presence, rests_on, years
from dualtrack.record.rows import Row
from dualtrack.record.store import Record
from dualtrack.record.table import Cells

Dyad = tuple[str, str]


def cells(record: Record) -> Iterator[Cells]:
    """Every pair with a row in some year, in both directions, in every year of the panel."""
    codes = {row.id: row for row in record.rows("state_codes")}
    states = [row.id for row in record.rows("states")]
    counts = _counts(record, set(states))
    pairs = {pair for count in counts.values() for pair in count.units}
    order = {state: place for place, state in enumerate(states)}
    both = pairs | {(b, a) for a, b in pairs}
    for a, b in sorted(both, key=lambda pair: (order[pair[0]], order[pair[1]])):
        for year in years(record):
            yield {
                "state_a": a,
                "state_b": b,
                "year": year,
                "cow_a": codes[a]["cow_code"] if a in codes else None,
                "cow_b": codes[b]["cow_code"] if b in codes else None,
                "gw_a": codes[a]["gw_number"] if a in codes else None,
                "gw_b": codes[b]["gw_number"] if b in codes else None,
                **{name: count.value((a, b), year) for name, count in counts.items()},
                **rests_on(row for count in counts.values() for row in count.rows((a, b), year)),
            }


def _counts(record: Record, states: set[str]) -> dict[str, Count[Dyad]]:
    def count(table: str, *columns: str) -> Count[Dyad]:
        named = {state for row in record.rows(table) for column in columns for state in row.parts(column)}
        return Count(record.spec(table), record.as_of, permutations(sorted(named & states), 2))

    def add(to: Count[Dyad], first: set[str], second: set[str], year: int, row: Row) -> None:
        for a in first & states:
            for b in (second & states) - {a}:
                to.add((a, b), year, row)

    actors = ("who_alleges", "actor_a_state", "actor_b_state")
    found = {
        "encounters_alleged": count("encounters", *actors),
        "encounters_closing_in": count("encounters", *actors),
        "deployments_sent": count("deployments", "sending_states", "host_state"),
        "exercises_joint": count("exercises", "lead_states", "participants"),
        "dialogue_joint": count("dialogue", "initiator"),
    }
    for row in record.rows("encounters"):
        who, a, b = (set(row.parts(column)) for column in actors)
        if first := row.first("date"):
            for teller in who:
                add(found["encounters_alleged"], {teller}, b if teller in a else a, first.year, row)
            add(found["encounters_closing_in"], a, b, first.year, row)
    for row in record.rows("deployments"):
        for year in presence(row):
            senders, hosts = set(row.parts("sending_states")), set(row.parts("host_state"))
            add(found["deployments_sent"], senders, hosts, year, row)
    for name, table, column, date_ in (
        ("exercises_joint", "exercises", "participants", "start"),
        ("dialogue_joint", "dialogue", "initiator", "date"),
    ):
        for row in record.rows(table):
            together = {*row.parts(column), *(row.parts("lead_states") if table == "exercises" else ())}
            if first := row.first(date_):
                add(found[name], together, together, first.year, row)
    return found
