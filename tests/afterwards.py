"""A record in which everything is changed that was not known on a day. What is known on that day must not move."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from dualtrack.core.dates import last_day
from dualtrack.record.cells import Value, last_moment
from dualtrack.record.schema import FieldSpec, TableSpec
from dualtrack.record.table import Cells, LoadedTable

Tables = Mapping[str, LoadedTable]


class Afterwards:
    """Changes tables as time does after a day: rows are added and rewritten, figures, ends and notes change.

    Args:
        tables: all rows.
        day: the day after which everything may change.
        compiled: the day the record was compiled.
        random: what decides.
        share: how much of what may change does.
    """

    def __init__(self, tables: Tables, day: date, compiled: date, random: Random, share: float = 0.8) -> None:
        self.tables = tables
        self.day = day
        self.compiled = compiled
        self.random = random
        self.share = share
        self.states = sorted(tables["states"].rows)

    def all(self) -> dict[str, LoadedTable]:
        """Every table, changed."""
        return {name: self.table(name) for name in self.tables}

    def table(self, name: str) -> LoadedTable:
        """One table, changed; a reference table has no time of knowledge and stays."""
        table = self.tables[name]
        if table.spec.kind == "reference":
            return table
        rows: dict[str, Cells] = {}
        for key, cells in table.rows.items():
            if self.sometimes(0.3):
                rows[f"{key}.later"] = self.later_row(table.spec, cells)
            if not self.knows(cells):
                if self.sometimes():
                    rows[key] = self.later_row(table.spec, cells)
                continue
            rows[key] = self.known_row(table.spec, cells)
        return LoadedTable(table.spec, rows, table.lines)

    def knows(self, cells: Cells) -> bool:
        """Whether the row is known on the day."""
        known = cells["known_from"]
        return (last_day(str(known)) if known else self.compiled) <= self.day

    def sometimes(self, factor: float = 1.0) -> bool:
        """Yes in a share of the cases."""
        return self.random.random() < self.share * factor

    def later(self) -> str:
        """A date, of any precision, that has not passed on the day."""
        later = self.day + timedelta(self.random.choice([1, 1, 7, 40, 400, 4000]))
        return later.isoformat()[: self.random.choice([4, 7, 10])]

    def later_row(self, spec: TableSpec, cells: Cells) -> Cells:
        """A row that becomes known only after the day, with all its figures, codes and texts changed."""
        changed = {field.name: self.value(field, cells[field.name]) for field in spec.fields}
        unsaid = self.day < self.compiled and self.sometimes(0.1)  # then it counts from the day of compilation
        return {**changed, "known_from": None if unsaid else self.later()}

    def known_row(self, spec: TableSpec, cells: Cells) -> Cells:
        """A row known on the day, with what was not known of it changed."""
        changed = dict(cells)
        dating = {field.known for field in spec.fields if field.known}
        for date_column in dating:
            dated = cells[date_column]
            if dated is None or last_moment(str(dated)) <= self.day:
                continue
            for field in spec.fields:
                if field.known == date_column and self.sometimes():
                    changed[field.name] = self.value(field, cells[field.name] or 1000)
                if field.known == date_column and field.basis and self.sometimes():
                    changed[field.basis] = self.value(spec.field(field.basis), cells[field.basis])
            if self.sometimes():
                changed[date_column] = self.later()
        for field in spec.fields:
            if field.hindsight and self.sometimes():
                value = cells[field.name]
                if field.type in ("date", "moment"):
                    if value is None or last_moment(str(value)) > self.day:
                        changed[field.name] = self.random.choice([None, self.later()])
                elif self.day < self.compiled:
                    changed[field.name] = self.value(field, value)
        return changed

    def value(self, field: FieldSpec, value: Value) -> Value:
        """Another value of the column; ids, references and dates of later rows stay what they can be."""
        match field.type:
            case "integer" if field.name != "year":
                return self.within(field, [None, 1, 9000, 99_999])
            case "number":
                return self.within(field, [None, 0.5, 2.0, 99.0])
            case "text":
                return self.random.choice([None, "changed afterwards", value])
            case "code" | "codes" if field.values:
                return self.random.choice(list(field.values))
            case "state":
                return self.random.choice(self.states)
            case "states":
                return ";".join(self.random.sample(self.states, self.random.randint(1, 3)))
            case _:
                return value

    def within(self, field: FieldSpec, figures: list[float | None]) -> float | None:
        """One of the figures, if the column can hold it: no record with another would load."""
        low, high = field.bounds
        figure = self.random.choice(figures)
        return figure if figure is None else type(figure)(min(max(figure, low), high))
