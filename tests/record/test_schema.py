"""Every table has a schema, every schema a table, and both agree on the columns."""

import csv
from pathlib import Path

import pytest

from dualtrack.record.schema import FieldSpec, TableSpec, read_schema, schemas
from dualtrack.record.store import packaged

TABLES = sorted(schemas())
FACTS = [name for name, spec in schemas().items() if spec.kind == "fact"]


def header(name: str) -> list[str]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle))


def test_every_schema_has_a_table_and_every_table_a_schema() -> None:
    assert sorted(path.stem for path in packaged().glob("*.csv")) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_the_header_is_the_schemas_columns(name: str) -> None:
    assert header(name) == [field.name for field in schemas()[name].fields]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_fact_or_reference_and_facts_say_since_when_they_are_known(name: str) -> None:
    spec = schemas()[name]
    dated = spec.has("known_from") and spec.has("known_basis")
    assert dated == (spec.kind == "fact")
    if dated:
        assert spec.field("known_from").type == "date"
        assert list(spec.field("known_basis").values) == ["dated source", "public event", "inferred"]


@pytest.mark.parametrize("name", FACTS)
def test_every_row_of_a_fact_table_names_its_sources(name: str) -> None:
    assert [field.required for field in schemas()[name].fields if field.type == "sources"] == [True]


@pytest.mark.parametrize("name", FACTS)
def test_what_is_said_afterwards_is_hindsight(name: str) -> None:
    """A note is written by the curator in 2026; an end or a status may lie after the day asked about."""
    spec = schemas()[name]
    for field in spec.fields:
        if field.name in ("note", "end"):
            assert field.hindsight, f"{name}.{field.name}"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_how_it_was_collected_and_what_its_columns_mean(name: str) -> None:
    spec = schemas()[name]
    assert spec.title and spec.about and spec.collected
    assert all(field.about.endswith((".", ")")) for field in spec.fields), name
    for field in spec.fields:
        assert field.type not in ("integer", "number") or field.unit or field.name == "year", f"{name}.{field.name}"
        assert not field.known or spec.field(field.known).type == "date"
        assert not field.table or field.table in schemas()


def test_memberships_and_flank_readings_are_one_table() -> None:
    spec = schemas()["groups"]
    assert [field.name for field in spec.fields][:5] == ["group", "state", "from", "to", "sources"]


@pytest.mark.parametrize("name", TABLES)
def test_ids_of_the_packaged_rows_are_stable(name: str) -> None:
    """Where a table has an id it is the key; else its key fields are."""
    spec = schemas()[name]
    assert spec.key == ("id",) if spec.has("id") else set(spec.key) <= {field.name for field in spec.fields}


def test_a_schema_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    good = "table: things\ntitle: T\nkind: fact\nabout: A.\nkey: [id]\ncollected: C.\n"
    good += "fields:\n  id: {type: id, about: I.}\n"
    path = tmp_path / "things.yml"
    path.write_text(good, "utf-8")
    assert read_schema(path).field("id") == FieldSpec(name="id", type="id", about="I.")
    for wrong in (
        good.replace("key: [id]", "key: [number]"),
        good + "spans: [[start, end]]\n",
        good + "ranges: [[low, high]]\n",
        good + "  size: {type: integer, about: S., known: dated_on}\n",
        good.replace("table: things", "table: others"),
        good.replace("kind: fact", "kind: opinion"),
        good.replace("type: id", "type: thing"),
        good + "secret: 1\n",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(ValueError, match=r".+"):
            read_schema(path)


def test_only_declared_columns_are_there() -> None:
    spec: TableSpec = schemas()["states"]
    assert spec.has("state") and not spec.has("colour")
    with pytest.raises(KeyError):
        spec.field("colour")
