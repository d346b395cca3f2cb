"""Parquet read back by pyarrow, a reader that is not the writer."""

import io
from datetime import date

import pyarrow.parquet as pq
import pytest

from dualtrack.api import open_record
from dualtrack.publish.formats.parquet import rows as write
from dualtrack.publish.tables import selected
from dualtrack.record.cells import first_moment, last_moment

RECORD = open_record(date(2026, 11, 25))
TYPES = {"integer": "int64", "number": "double"}


@pytest.mark.parametrize("table", ["exercises", "encounters", "scrambles", "statements", "spending", "country_year"])
def test_columns_and_cells_are_those_of_the_table(table: str) -> None:
    spec, rows = selected(RECORD, table)
    found = pq.read_table(io.BytesIO(write(spec, rows, RECORD)))
    assert found.column("row").to_pylist() == [f"{table}/{row.id}" for row in rows]
    names = ["row"]
    for field in spec.fields:
        names.append(field.name)
        assert str(found.schema.field(field.name).type) == TYPES.get(field.type, "string")
        cells = [row[field.name] for row in rows]
        assert found.column(field.name).to_pylist() == cells
        if field.type in ("date", "moment"):
            names += [f"{field.name}_first", f"{field.name}_last"]
            assert str(found.schema.field(f"{field.name}_first").type) == "date32[day]"
            assert found.column(f"{field.name}_first").to_pylist() == [c and first_moment(str(c)) for c in cells]
            assert found.column(f"{field.name}_last").to_pylist() == [c and last_moment(str(c)) for c in cells]
    assert found.schema.names == names
