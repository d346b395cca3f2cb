"""What differs between two records is found row by row, and nothing else is."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.record.diff import ChangedRow, TableDiff, differences

KEY = "EST.2015.nato.2025-08-28"
SPENDING = "state,year,share_of_gdp_pct,edition,source,series,definition\n"
TODAY = "2026-11-24"


def test_a_record_does_not_differ_from_itself() -> None:
    assert differences(open_record(TODAY), open_record(TODAY)) == []


def test_added_and_changed_rows_and_back_again(overlay: WriteFiles) -> None:
    ours = open_record(TODAY)
    header = ",".join(ours.row("spending", KEY))
    cells = {name: "" if value is None else str(value) for name, value in ours.row("spending", KEY).items()}
    changed = ",".join((cells | {"share_of_gdp_pct": "9.5"}).values())
    added = ",".join((cells | {"edition": "2030-01-01"}).values())
    folder = overlay({"spending.csv": f"{header}\n{changed}\n{added}\n"})
    mine = open_record(TODAY, folder=folder)
    was = ours.row("spending", KEY)["share_of_gdp_pct"]
    there, back = differences(ours, mine), differences(mine, ours)
    assert there == [
        TableDiff("spending", ["EST.2015.nato.2030-01-01"], [ChangedRow(KEY, {"share_of_gdp_pct": (was, 9.5)})], [])
    ]
    assert back == [
        TableDiff("spending", [], [ChangedRow(KEY, {"share_of_gdp_pct": (9.5, was)})], ["EST.2015.nato.2030-01-01"])
    ]
    assert there[0].total == 2


@given(st.dates(date(2014, 1, 1), date(2026, 11, 24)), st.dates(date(2014, 1, 1), date(2026, 11, 24)))
def test_time_only_adds_rows_and_counts_add_up(a: date, b: date) -> None:
    old, new = (open_record(day) for day in sorted((a, b)))
    found = {diff.table: diff for diff in differences(old, new)}
    for name in new.tables:
        diff = found.get(name, TableDiff(name))
        assert diff.removed == []
        assert len(new.rows(name)) - len(old.rows(name)) == len(diff.added)
        assert all(was is None for row in diff.changed for was, _ in row.fields.values())


def test_folders_do_not_touch_each_other(tmp_path: Path) -> None:
    for name, share in (("a", "1"), ("b", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spending.csv").write_text(f"{SPENDING}EST,2015,{share},2025-08-28,seed,nato,defence\n")
    (diff,) = differences(*(open_record(TODAY, folder=tmp_path / name) for name in ("a", "b")))
    assert diff.changed == [ChangedRow(KEY, {"share_of_gdp_pct": (1.0, 2.0)})]
