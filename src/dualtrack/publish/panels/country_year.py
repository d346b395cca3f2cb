"""A state in a year: memberships, spending, personnel, and counts of what the record names it in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from dualtrack.publish.panels.counting import Count, presence, rests_on, years
from dualtrack.record.cells import Value
from dualtrack.record.rows import Row
from dualtrack.record.store import Record
from dualtrack.record.table import Cells

_GROUPS = {"nato_member": "nato", "eu_member": "eu", "vienna_document": "vienna_document"}


def cells(record: Record) -> Iterator[Cells]:
    """Every state of the record in every year of the panel, in the order of the table of states."""
    codes = {row.id: row for row in record.rows("state_codes")}
    counts = _counts(record)
    recorded, with_participants = _coverage(record)
    figures = _Figures(record)
    members = _members(record)
    groups = {(row.text("group"), row.text("state")): row for row in record.rows("groups")}
    for state in record.rows("states"):
        for year in years(record):
            known, used = figures.of(state.id, year)
            belongs = {name: state.id in members[name, year] for name in _GROUPS}
            used += [groups[_GROUPS[name], state.id] for name, belongs_ in belongs.items() if belongs_]
            for count in counts.values():
                used += count.rows(state.id, year)
            code = codes.get(state.id)
            yield {
                "state": state.id,
                "name": state["name"],
                "year": year,
                "cow_code": code["cow_code"] if code else None,
                "gw_number": code["gw_number"] if code else None,
                **{name: "yes" if value else "no" for name, value in belongs.items()},
                **known,
                **{name: count.value(state.id, year) for name, count in counts.items()},
                "states_hosted": _others(counts["deployments_hosted"], "sending_states", state.id, year),
                "states_sent_to": _others(counts["deployments_sent"], "host_state", state.id, year),
                "exercises_recorded": recorded.value("all", year),
                "exercises_with_participants": with_participants.value("all", year),
                **rests_on(used),
            }


def _members(record: Record) -> dict[tuple[str, int], set[str]]:
    """Members at the end of each year, of the running year on the as-of day."""
    return {
        (name, year): set(record.members(group, min(date(year, 12, 31), record.as_of)))
        for name, group in _GROUPS.items()
        for year in years(record)
    }


class _Figures:
    """Figures for a state and year as the latest edition known on the day gives them."""

    def __init__(self, record: Record) -> None:
        self._spending: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
        self._personnel: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
        for row in record.rows("spending", "series = 'nato'"):
            self._spending[row["state"], row["year"]].append(row)
        for row in record.rows("personnel"):
            self._personnel[row["state"], row["year"]].append(row)

    def of(self, state: str, year: int) -> tuple[Cells, list[Row]]:
        """The figures, and the rows they stand in."""
        spending, personnel = self._spending[state, year], self._personnel[state, year]
        found = {
            "share_of_gdp_pct": _latest(spending, "share_of_gdp_pct", "defence"),
            "equipment_share_pct": _latest(spending, "equipment_share_pct", "defence"),
            "core_share_of_gdp_pct": _latest(spending, "share_of_gdp_pct", "core_defence"),
            "military_personnel": _latest(personnel, "military_personnel"),
        }
        known: Cells = {}
        for name, row in found.items():
            known[name] = row[name.removeprefix("core_")] if row else None
            known[f"{name}_edition"] = row["edition"] if row else None
        return known, [row for row in found.values() if row]


def _latest(rows: list[Row], field: str, definition: str = "") -> Row | None:
    """The row of the latest edition that has the figure, under one definition."""
    rows = [row for row in rows if row[field] is not None and (not definition or row["definition"] == definition)]
    return max(rows, key=lambda row: row.text("edition"), default=None)


def _counts(record: Record) -> dict[str, Count[str]]:
    found: dict[str, Count[str]] = {}
    exercises = record.rows("exercises")
    part = {row.id: {*row.parts("lead_states"), *row.parts("participants")} for row in exercises}
    found["exercises_led"] = led = _count(record, "exercises", part)
    found["exercises_taken_part"] = taken_part = _count(record, "exercises", part)
    for row in exercises:
        _each(led, row.parts("lead_states"), _year(row, "start"), row)
        _each(taken_part, part[row.id], _year(row, "start"), row)

    deployments = record.rows("deployments")
    named = {row.id: {*row.parts("host_state"), *row.parts("sending_states")} for row in deployments}
    found["deployments_hosted"] = hosted = _count(record, "deployments", named)
    found["deployments_sent"] = sent = _count(record, "deployments", named)
    for row in deployments:
        hosts, senders = set(row.parts("host_state")), set(row.parts("sending_states"))
        for year in presence(row):
            _each(hosted, (host for host in hosts if senders - {host}), year, row)
            _each(sent, (sender for sender in senders if hosts - {sender}), year, row)

    encounters = record.rows("encounters")
    columns = ("who_alleges", "actor_a_state", "actor_b_state")
    named = {row.id: {state for column in columns for state in row.parts(column)} for row in encounters}
    for name, column in (
        ("encounters_alleged", "who_alleges"),
        ("encounters_closing_in", "actor_a_state"),
        ("encounters_other_side", "actor_b_state"),
    ):
        found[name] = _count(record, "encounters", named)
        for row in encounters:
            _each(found[name], row.parts(column), _year(row, "date"), row)

    for name, table, column in (
        ("dialogue_steps", "dialogue", "initiator"),
        ("statements", "statements", "state_or_org"),
    ):
        rows = record.rows(table)
        found[name] = _count(record, table, {row.id: set(row.parts(column)) for row in rows})
        for row in rows:
            _each(found[name], row.parts(column), _year(row, "date"), row)
    return found


def _others(count: Count[str], column: str, state: str, year: int) -> int | None:
    """How many other states the rows counted name in a column."""
    if count.value(state, year) is None:
        return None
    return len({other for row in count.rows(state, year) for other in row.parts(column)} - {state})


def _coverage(record: Record) -> tuple[Count[str], Count[str]]:
    """All exercises of a year, and those whose participants are on record."""
    spec = record.spec("exercises")
    recorded, with_participants = (Count(spec, record.as_of, {"all"}) for _ in range(2))
    for row in record.rows("exercises"):
        _each(recorded, ["all"], _year(row, "start"), row)
        if row["participants"] is not None:
            _each(with_participants, ["all"], _year(row, "start"), row)
    return recorded, with_participants


def _count(record: Record, table: str, named: dict[str, set[str]]) -> Count[str]:
    return Count(record.spec(table), record.as_of, {state for states in named.values() for state in states})


def _each(count: Count[str], states: Iterable[str], year: int | None, row: Row) -> None:
    if year is not None:
        for state in states:
            count.add(state, year, row)


def _year(row: Row, field: str) -> int | None:
    """The year a row began in, None where it is not known."""
    first = row.first(field)
    return first.year if first else None
