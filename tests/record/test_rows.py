"""A row as analyses see it: values, unknowns, and the cell as evidence."""

import pytest

from dualtrack.api import open_record
from dualtrack.core.interval import Interval
from dualtrack.record.rows import Row
from dualtrack.record.schema import schemas
from dualtrack.record.table import Cells

RECORD = open_record("2026-11-24")


def row(table: str, **cells: object) -> Row:
    spec = schemas()[table]
    blank: Cells = {field.name: None for field in spec.fields}
    return Row(spec, "r", {**blank, **cells})  # type: ignore[dict-item]


def test_a_row_is_a_mapping_of_all_its_columns() -> None:
    made = row("exercises", name="Mine", troops_low=5)
    assert list(made) == [field.name for field in schemas()["exercises"].fields]
    assert len(made) == len(list(made))
    assert made["name"] == "Mine" and made["troops_high"] is None
    with pytest.raises(KeyError):
        made["colour"]
    assert repr(made) == "<Row exercises/r>"


def test_unknown_is_not_zero_and_not_no() -> None:
    made = row("exercises")
    assert made.text("name") == ""
    assert made.number("troops_low") is None
    assert made.parts("participants") == []
    assert made.first("start") is None and made.last("end") is None
    assert made.interval("troops_low", "troops_high") == Interval(None, None, None)


@pytest.mark.parametrize(
    ("low", "high", "best"), [(5, 9, None), (5, 5, 5), (5, None, 5), (None, 9, 9), (0, 0, 0), (0, None, 0)]
)
def test_one_known_end_is_the_best_figure(low: int | None, high: int | None, best: int | None) -> None:
    made = row("exercises", troops_low=low, troops_high=high)
    assert made.interval("troops_low", "troops_high") == Interval(low, high, best)


def test_dates_mean_their_first_and_last_day() -> None:
    made = row("exercises", start="2016-05", participants="EST;POL")
    assert (str(made.first("start")), str(made.last("start"))) == ("2016-05-01", "2016-05-31")
    assert made.parts("participants") == ["EST", "POL"]


@pytest.mark.parametrize("table", [name for name, spec in schemas().items() if spec.kind == "fact"])
def test_a_cell_of_a_fact_is_evidence_with_sources_and_since_when_it_is_known(table: str) -> None:
    for found in RECORD.rows(table):
        evidence = found.evidence(found.spec.fields[1].name)
        assert (evidence.table, evidence.row) == (table, found.id)
        assert evidence.value == found[evidence.field]
        assert evidence.sources == found.sources != []
        assert evidence.known_from == found["known_from"]
        assert evidence.known_basis == found["known_basis"]


def test_a_figure_that_became_known_later_says_so_itself() -> None:
    """The row is known from the exercise's first day, the estimate only from the day it was published."""
    made = row(
        "exercises",
        troops_announced=8000,
        troops_high=18000,
        known_from="2009-09-08",
        known_basis="public event",
        announced_known_from="2009-09-08",
        estimates_known_from="2009-09-30",
        estimates_known_basis="dated source",
    )
    estimate, announced, name = map(made.evidence, ("troops_high", "troops_announced", "name"))
    assert (estimate.known_from, estimate.known_basis) == ("2009-09-30", "dated source")
    assert (announced.known_from, announced.known_basis) == ("2009-09-08", "public event")
    assert (name.known_from, name.known_basis) == ("2009-09-08", "public event")


def test_a_figure_is_not_known_before_its_row() -> None:
    made = row("deployments", troops_high=5, strength_as_of="2014-02", known_from="2014-03-31", known_basis="inferred")
    assert made.evidence("troops_high").known_from == "2014-03-31"
    made = row("deployments", troops_high=5, strength_as_of="2015", known_from="2014-03-31", known_basis="inferred")
    assert made.evidence("troops_high").known_from == "2015"


def test_a_reference_row_is_evidence_without_a_date_of_knowledge() -> None:
    evidence = RECORD.row("infrastructure", "I-eeei").evidence("runway_m")
    assert (evidence.value, evidence.known_from, evidence.known_basis) == (2000, None, None)
    assert evidence.sources == ["ourairports", "kar-bap"]
