"""The box of worlds: what the table says, with ranges replaced and nothing else moved."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import TABLE, Ranges, ranges
from dualtrack.core.errors import BadInput
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-25")
BOX = ranges(RECORD)
ENDS = st.tuples(*[st.floats(-1e6, 1e6)] * 2).map(lambda ends: (min(ends), max(ends)))
CHANGES = st.dictionaries(st.sampled_from(NAMES), ENDS)


def held(box: Ranges) -> bytes:
    return box.low.tobytes() + box.nominal.tobytes() + box.high.tobytes()


def test_every_cell_of_the_table_is_where_its_name_says() -> None:
    with (packaged() / f"{TABLE}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["id"] for row in rows) == sorted(NAMES)
    for row in rows:
        found = [float(ends[COLUMN[row["id"]]]) for ends in (BOX.low, BOX.nominal, BOX.high)]
        assert found == [float(row[name]) for name in ("low", "nominal", "high")], row["id"]
        assert found == sorted(found), row["id"]


@given(CHANGES)
def test_what_is_not_replaced_stays_and_the_box_asked_is_not_changed(changes: dict[str, tuple[float, float]]) -> None:
    before = held(BOX)
    found = BOX.replaced(changes)
    assert held(BOX) == before
    for name, column in COLUMN.items():
        low, high = changes.get(name, (BOX.low[column], BOX.high[column]))
        assert (found.low[column], found.high[column]) == (low, high)
        assert low <= found.nominal[column] <= high
        inside = low <= BOX.nominal[column] <= high
        nearer = low if BOX.nominal[column] < low else high
        assert found.nominal[column] == (BOX.nominal[column] if inside else nearer)


@given(CHANGES)
def test_replacing_again_changes_nothing(changes: dict[str, tuple[float, float]]) -> None:
    once = BOX.replaced(changes)
    assert held(once.replaced(changes)) == held(once)
    assert held(BOX.replaced({})) == held(BOX)


def test_a_range_without_width_is_one_value() -> None:
    found = BOX.replaced({"trip": (0.0, 0.0)})
    assert found.low[COLUMN["trip"]] == found.nominal[COLUMN["trip"]] == found.high[COLUMN["trip"]] == 0.0


@pytest.mark.parametrize("name", sorted(all_priors()))
def test_a_set_of_priors_moves_only_what_it_names(name: str) -> None:
    found, named = BOX.replaced(all_priors()[name].ranges), all_priors()[name].ranges
    moved = {
        other for other, column in COLUMN.items() if (found.low - BOX.low)[column] or (found.high - BOX.high)[column]
    }
    assert moved == set(named), "every range that a set names differs from the table's"


def test_a_row_of_ones_own_replaces_that_of_the_record(overlay: WriteFiles) -> None:
    text = (packaged() / f"{TABLE}.csv").read_text("utf-8").splitlines()
    own = next(line for line in text if line.startswith("trip,")).replace(",0.0,0.3,0.7,", ",0.1,0.2,0.25,")
    found = ranges(open_record("2026-11-25", folder=overlay({f"{TABLE}.csv": f"{text[0]}\n{own}\n"})))
    at = COLUMN["trip"]
    assert (found.low[at], found.nominal[at], found.high[at]) == (0.1, 0.2, 0.25)
    for ends, before in ((found.low, BOX.low), (found.nominal, BOX.nominal), (found.high, BOX.high)):
        np.testing.assert_array_equal(np.delete(ends, at), np.delete(before, at))


def test_parameters_without_a_row_are_named() -> None:
    with pytest.raises(BadInput, match=r"no row for trip, lam\."):
        ranges(RECORD.without({TABLE: ["lam", "trip"]}))
