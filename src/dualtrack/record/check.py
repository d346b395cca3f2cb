"""Every cell and row of a grid checked against its schema; what is wrong is told with its place."""

from __future__ import annotations

from collections.abc import Mapping

from dualtrack.core.errors import Fault
from dualtrack.record.cells import CellError, Value, first_moment, last_moment, parse
from dualtrack.record.grid import STEP, Grid, Place, Told
from dualtrack.record.schema import FieldSpec, TableSpec
from dualtrack.record.suggest import meant
from dualtrack.record.table import Cells, LoadedTable, row_id

States = Mapping[str, str]
"""The states of the record: code to name."""
_REMEMBERED = 20_000  # cells of a column; most repeat


def check(grid: Grid, table: LoadedTable, states: States, told: Told | None = None) -> list[Fault]:
    """Puts the rows of the grid into the table, a cell at fault as unknown, and returns the faults of cells and ids.

    What is wrong between the cells of a row goes into the table: a correction can still mend it.
    """
    spec = table.spec
    if not grid.rows:
        return [grid.at(1).fault("", "The file is empty.", f"Start with the header {_header(spec)}.")]
    faults = _header_faults(grid, spec)
    if faults:
        return faults
    header, spoiled, rows = grid.header, grid.spoiled, grid.rows
    width = len(header)
    present = [(name, place, _Column(spec.field(name), states)) for place, name in enumerate(header)]
    absent = Cells.fromkeys(field.name for field in spec.fields)
    for count in range(1, len(rows)):
        line, texts = rows[count]
        rows[count] = line, []  # read once; a large table should not be held twice
        if told and count % STEP == 0:
            told(STEP)
        place = grid.at(line)
        if len(texts) != width:
            problem = f"The row has {len(texts)} cells, the header {width}."
            fix = "Empty the cells beyond the header." if grid.sheet else "Quote cells that hold a comma."
            faults.append(place.fault("", problem, fix, min(width, len(texts))))
            grid.partial = True
            continue
        values, wrong = absent.copy(), []
        for name, position, column in present:
            text = texts[position]
            if spoiled and (line, position) in spoiled:
                continue
            if text in column.seen:
                values[name] = column.seen[text]
            else:
                try:
                    values[name] = column.value(text)
                except CellError as error:
                    wrong.append(place.fault(name, error.problem, column.fix(error)))
        if wrong or spoiled:
            faults += wrong
            lost = {fault.column for fault in wrong} | {header[at] for row, at in spoiled if row == line}
            if lost & set(spec.key):
                grid.partial = True
                continue
        faults += _add(table, values, place)
    if told:
        told((len(rows) - 1) % STEP)
    return faults


class _Column:
    """Reads the cells of one column; what it has ``seen`` need not be read again."""

    def __init__(self, spec: FieldSpec, states: States) -> None:
        self.spec = spec
        self.states = states
        self.codes = frozenset(states)
        self.seen: dict[str, Value] = {}

    def value(self, text: str) -> Value:
        value = parse(text, self.spec, self.codes)
        if len(self.seen) < _REMEMBERED:
            self.seen[text] = value
        return value

    def fix(self, error: CellError) -> str:
        """What to do, what was meant by a wrong code before what there is."""
        return f"{meant(error.part, self.spec, self.states)} {error.fix}".strip() if error.part else error.fix


def _header(spec: TableSpec) -> str:
    return ",".join(field.name for field in spec.fields)


def _header_faults(grid: Grid, spec: TableSpec) -> list[Fault]:
    faults, header, place = [], grid.header, grid.at(grid.rows[0][0])
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.append(place.fault(name, "The column stands twice.", "Keep one of them."))
    for position, name in enumerate(header):
        if not name:
            faults.append(place.fault("", "A column has no name.", f"Columns: {_header(spec)}.", position))
        elif not spec.has(name):
            faults.append(place.fault(name, "There is no such column.", f"Columns: {_header(spec)}.", position))
    for field in spec.fields:
        if field.required and field.name not in header:
            faults.append(place.fault(field.name, "The required column is missing.", field.about, len(header)))
    return faults


def _add(table: LoadedTable, values: Cells, place: Place) -> list[Fault]:
    key = row_id(table.spec, values)
    first = table.lines.get(key)
    table.rows[key] = values
    table.lines[key] = place
    if unsound := row_faults(table.spec, values, place):
        table.unsound.setdefault(key, []).extend(unsound)
    if first is None:
        return []
    name = table.spec.key[0]
    problem = f"The id {key} stands already in {first.seen_from(place)}."
    return [place.fault(name, problem, "Give it its own.")]


def row_faults(spec: TableSpec, values: Cells, place: Place) -> list[Fault]:
    """What is wrong between the cells of a row: bounds, spans, and a thing known before it happened."""
    faults = []
    for low, high in spec.ranges:
        a, b = values[low], values[high]
        if isinstance(a, (int, float)) and isinstance(b, (int, float)) and a > b:
            problem = f"{low} {a} is above {high} {b}."
            faults.append(place.fault(low, problem, "Swap them."))
    for start, end in spec.spans:
        a, b = values[start], values[end]
        if isinstance(a, str) and isinstance(b, str) and first_moment(a) > last_moment(b):
            problem = f"{end} {b} is before {start} {a}."
            faults.append(place.fault(end, problem, "Check both dates."))
    if spec.known_after and values["known_basis"] == "public event":
        known, happened = values["known_from"], values[spec.when]
        if isinstance(known, str) and isinstance(happened, str) and last_moment(known) < first_moment(happened):
            problem = f"known_from {known} is before {spec.when} {happened}: known before it happened."
            fix = "Check both dates; if it was announced, known_basis is 'dated source'."
            faults.append(place.fault("known_from", problem, fix))
    return faults
