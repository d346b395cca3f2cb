"""Corrections are applied where they fit, refused where they do not, and marked in evidence."""

import json
from pathlib import Path

import pytest

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.core.errors import BadRecord
from dualtrack.core.finding import Corrected
from dualtrack.record.load import load
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate

CELL = "EST.2015.nato.2025-08-28"
ENTRY = {
    "table": "spending",
    "row": CELL,
    "field": "share_of_gdp_pct",
    "expected": "",
    "new": "9.5",
    "reason": "a digit was lost",
    "source": "seed",
    "status": "open",
    "date": "2026-11",
}


def entry(**fields: object) -> str:
    now = load([packaged()])["spending"].rows[CELL]["share_of_gdp_pct"]
    return json.dumps({"corrections": [{**ENTRY, "expected": now, **fields}]})


def refusal(folder: Path) -> str:
    with pytest.raises(BadRecord) as caught:
        load([packaged(), folder])
    (fault,) = caught.value.faults
    assert fault.file == str(folder / "corrections.yml")
    assert fault.fix
    return f"{fault.column}: {fault.problem}"


def test_ours_is_a_list() -> None:
    assert (packaged() / "corrections.yml").read_text("utf-8").endswith("corrections: []\n")


def test_a_cell_is_corrected_and_says_so_in_evidence(overlay: WriteFiles) -> None:
    folder = overlay({"corrections.yml": entry()})
    before, record = open_record("2026-11-24"), open_record("2026-11-24", folder=folder)
    row, old = record.row("spending", CELL), before.row("spending", CELL)
    assert row["share_of_gdp_pct"] == 9.5
    assert {name: row[name] for name in row if name != "share_of_gdp_pct"} == {
        name: old[name] for name in old if name != "share_of_gdp_pct"
    }
    evidence = row.evidence("share_of_gdp_pct")
    assert evidence.corrected == Corrected(
        was=old["share_of_gdp_pct"], reason="a digit was lost", source="seed", status="open", date="2026-11"
    )
    assert evidence.sources == [*old.sources, "seed"]
    assert row.evidence("edition").corrected is None
    assert old.evidence("share_of_gdp_pct").corrected is None
    finding = record.ask("spending_guideline", year=2015, group="eastern_flank")
    assert any(item.corrected for item in finding.evidence)
    assert any(caveat.startswith("Corrected against what was published, 1 of the cells") for caveat in finding.caveats)
    assert "seed" in {source.id for source in finding.sources}
    assert open_record("2026-11-24").row("spending", CELL)["share_of_gdp_pct"] == old["share_of_gdp_pct"]


def test_a_source_is_welcome_and_can_be_missing(overlay: WriteFiles) -> None:
    record = open_record("2026-11-24", folder=overlay({"corrections.yml": entry(source="")}))
    evidence = record.row("spending", CELL).evidence("share_of_gdp_pct")
    assert evidence.corrected and evidence.corrected.source == ""
    assert "" not in evidence.sources
    assert record.ask("spending_guideline", year=2015, group="eastern_flank").caveats


def test_a_fault_names_the_line_of_its_entry(overlay: WriteFiles) -> None:
    text = """# what is wrong upstream
corrections:
  - {table: spending, row: gone, field: share_of_gdp_pct, expected: 1, new: 2, reason: x, status: open, date: 2026-11}

  - table: spending
    row: EST.2015.nato.2025-08-28
    field: share_of_gdp_pct
    expected: 1.11
    new: 2
    reason: a digit was lost
    status: open
    date: 2026-11
"""
    folder = overlay({"corrections.yml": text})
    report = validate(folder, packaged())
    assert [(fault.file, fault.line, fault.column) for fault in report.faults] == [
        (str(folder / "corrections.yml"), 3, "entry 1 spending/gone share_of_gdp_pct"),
        (str(folder / "corrections.yml"), 5, "entry 2 spending/EST.2015.nato.2025-08-28 share_of_gdp_pct"),
    ]
    assert report.corrected == []


def test_the_report_lists_what_is_corrected(overlay: WriteFiles) -> None:
    (cell,) = validate(overlay({"corrections.yml": entry()}), packaged()).corrected
    assert (cell.table, cell.row, cell.field, cell.now) == ("spending", CELL, "share_of_gdp_pct", 9.5)
    assert cell.correction.reason == "a digit was lost"


def test_what_is_wrong_upstream_between_two_cells_can_be_corrected(overlay: WriteFiles) -> None:
    header = "force_key,as_of,troops_low,troops_high,unit,scope,source"
    csv = f"{header}\nA-x,2016,500,40,troops,present,seed\nA-y,2016,500,40,troops,present,seed\n"
    folder = overlay({"strengths.csv": csv})
    assert len(validate(folder, packaged()).faults) == 2
    change = {"table": "strengths", "row": "A-x.2016.present", "field": "troops_high", "expected": 40, "source": ""}
    overlay({"corrections.yml": entry(**change, new=4000)})
    (fault,) = validate(folder, packaged()).faults
    assert (fault.file, fault.line) == (str(folder / "strengths.csv"), 3)
    overlay({"corrections.yml": entry(**change, new=400)})
    assert [(Path(fault.file).name, fault.problem) for fault in validate(folder, packaged()).faults] == [
        ("corrections.yml", "troops_low 500 is above troops_high 400."),
        ("strengths.csv", "troops_low 500 is above troops_high 40."),
    ]


def test_a_row_that_is_not_known_yet_stays_so(overlay: WriteFiles) -> None:
    folder = overlay({"corrections.yml": entry()})
    assert CELL not in {row.id for row in open_record("2016-05-09", folder=folder).rows("spending")}


def test_a_later_folder_lays_its_own_row_over_the_corrected_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "corrections.yml").write_text(entry(), "utf-8")
    (tmp_path / "b" / "spending.csv").write_text(
        "state,year,share_of_gdp_pct,edition,source,series,definition\nEST,2015,1,2025-08-28,seed,nato,defence\n"
    )
    table = load([packaged(), tmp_path / "a", tmp_path / "b"])["spending"]
    assert table.rows[CELL]["share_of_gdp_pct"] == 1
    assert CELL not in table.corrected


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expected": "1.11"}, "The upstream value is now 1.9885, the entry expects 1.11."),
        ({"expected": None}, "The upstream value is now 1.9885, the entry expects nothing."),
        ({"expected": "1.9", "new": "1.9885"}, "The upstream value is now 1.9885, as corrected."),
        ({"row": "gone"}, "There is no row 'gone' in spending."),
        ({"table": "spendings"}, "'spendings' is not a table."),
        ({"field": "share"}, "spending has no column 'share'."),
        ({"field": "year", "expected": 2015, "new": 2016}, "year is part of the row's id, which is permanent."),
        ({"source": "nowhere"}, "'nowhere' is not a row of sources."),
        ({"new": "much"}, "'much' is not a number."),
        ({"expected": "much"}, "'much' is not a number."),
        ({"reason": ""}, "reason: String should have at least 1 character."),
        ({"status": "done"}, "status: Input should be 'open', 'reported' or 'fixed_upstream'."),
        ({"new": True}, "new: put yes and no in quotes."),
        ({"date": "2016-02-30"}, "date: day is out of range for month."),
        ({"also": 1}, "also: Extra inputs are not permitted."),
    ],
)
def test_an_entry_that_does_not_fit_is_a_fault_that_names_it(
    fields: dict[str, object], said: str, overlay: WriteFiles
) -> None:
    message = refusal(overlay({"corrections.yml": entry(**fields)}))
    assert message.startswith("entry 1 ") and message.endswith(said), message


def test_the_corrected_row_is_checked_as_any_row(overlay: WriteFiles) -> None:
    table = load([packaged()])["exercises"]
    key, cells = next((k, c) for k, c in table.rows.items() if c["troops_low"] and c["troops_high"])
    fields = {"table": "exercises", "row": key, "field": "troops_low", "expected": cells["troops_low"]}
    said = refusal(overlay({"corrections.yml": entry(**fields, new=10_000_000)}))
    assert f"troops_low 10000000 is above troops_high {cells['troops_high']}" in said


@pytest.mark.parametrize("text", ["- a\n", "corrections: x\n", "fixes: []\n", "a: [", "", "corrections: [3]\n"])
def test_a_file_that_is_no_list_of_corrections(text: str, overlay: WriteFiles) -> None:
    assert refusal(overlay({"corrections.yml": text}))
