"""Everything wrong with a folder or a file is told at once, with its place and what would be right."""

import datetime
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from conftest import WriteFiles
from dualtrack.core.errors import BadInput
from dualtrack.record.grid import letters
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate

HEADER = "id,name,lead_states,side,start,end,place,in_zone,domain,structure,troops_low,troops_high,kind,notified,observers_invited,sources"  # noqa: E501
ROW = "mine-1,Mine,EST,nato,2016-05-02,2016-05-20,Tapa,yes,land,single,1000,2000,scheduled,yes,yes,seed"
DIALOGUE = "id,date,forum,outcome,sources,known_from,known_basis"

MAY = datetime.datetime(2016, 5, 9)  # noqa: DTZ001  (a spreadsheet's days have no zone)


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exercise(**cells: Any) -> list[Any]:
    return list((dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells).values())


def faults(place: Path) -> list[str]:
    """Every fault in a line, the path cut to the name of the file."""
    return [
        str(fault).removeprefix(f"{place}/").removeprefix(f"{place.parent}/")
        for fault in validate(place, packaged()).faults
    ]


def test_the_packaged_record_has_no_faults_alone_and_over_itself() -> None:
    alone = validate(packaged(), None)
    assert alone.faults == []
    assert set(alone.counts) == set(schemas())
    assert validate(packaged(), packaged()).faults == []


def test_rows_are_counted_as_they_are_checked(overlay: WriteFiles) -> None:
    counted: list[int] = []
    report = validate(overlay({"exercises.csv": f"{HEADER}\n{ROW}\n"}), None, counted.append)
    assert report.rows == sum(counted) == 1
    assert {(fault.column, fault.problem) for fault in report.faults} >= {
        ("lead_states", "'EST' is not a state of the record."),
        ("sources", "'seed' is not a row of sources."),
        ("", "A record of its own has a record.yml."),
    }


@pytest.mark.parametrize(
    ("encoding", "looks"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("cp1251", "Windows-1251"),
    ],
)
def test_encodings_are_named(encoding: str, looks: str, overlay: WriteFiles) -> None:
    name = "Учение Запад" if encoding == "cp1251" else "Übung März"
    folder = overlay({"exercises.csv": f"{HEADER}\n{ROW.replace('Mine', name)}\n".encode(encoding)})
    (fault,) = faults(folder)
    assert f"looks like {looks}" in fault and "Save it as UTF-8" in fault


def test_a_workbook_under_the_name_of_a_csv_file(overlay: WriteFiles) -> None:
    (fault,) = faults(overlay({"exercises.csv": workbook(exercises=[HEADER.split(",")])}))
    assert "looks like a workbook" in fault


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators(mark: str, name: str, overlay: WriteFiles) -> None:
    text = f"{HEADER}\n{ROW}\n".replace(",", mark)
    assert faults(overlay({"exercises.csv": text})) == [
        f"exercises.csv:1: The columns are separated by {name}. Save it with commas, or as .xlsx."
    ]


def test_what_is_wrong_with_the_file_does_not_hide_what_is_wrong_in_it(overlay: WriteFiles) -> None:
    """Another encoding, another separator and broken quotes are told together with the rows' own faults."""
    rows = [
        ROW.replace("Mine", "Übung März").replace("2016-05-20", "2016-04-31"),
        ROW.replace("mine-1", "mine-2").replace("Mine", '"Mine'),
        ROW.replace("mine-1", "mine-3").replace("Mine", '"Mi"ne'),
        "," * HEADER.count(","),
        ROW.replace("mine-1", "mine-4").replace("seed", "sed"),
    ]
    text = "\n".join([HEADER, *rows]).replace(",", ";").encode("cp1252")
    dialogue = f"{DIALOGUE}\na,2016-05-10,X,met,not-there,,\n"
    found = faults(overlay({"exercises.csv": text, "dialogue.csv": dialogue}))
    assert [fault.split(". ")[0].split("; it looks")[0] for fault in found] == [
        "dialogue.csv:2 [sources]: 'not-there' is not a row of sources",
        "exercises.csv:1: The columns are separated by semicolons",
        "exercises.csv:2: The file is not UTF-8 text",
        "exercises.csv:2 [end]: '2016-04-31' is not a date that exists",
        "exercises.csv:3: The CSV cannot be read: a quote is opened here and closed only in line 4",
        "exercises.csv:4: The CSV cannot be read: something stands after a closing quote",
        "exercises.csv:6 [sources]: 'sed' is not a row of sources",
    ]


def test_a_row_that_could_not_be_read_makes_no_reference_wrong(overlay: WriteFiles) -> None:
    for broken in ('mine,"Me', "mine,Me,more", 'mine,"M"e', "not an id,Me"):
        sources = f"id,publisher\n{broken}\n"
        (fault,) = faults(overlay({"sources.csv": sources, "dialogue.csv": f"{DIALOGUE}\na,2016,X,met,mine,,\n"}))
        assert fault.startswith("sources.csv:2")


def test_a_workbook_is_told_by_sheet_and_cell(overlay: WriteFiles) -> None:
    sheet = [
        HEADER.split(","),
        exercise(lead_states="Estonia", kind="shceduled", sources="sed"),
        exercise(id="mine-2", start=MAY, end=datetime.date(2016, 4, 1), troops_low=3000),
        [],
        [*exercise(id="mine-2"), None, "beyond"],
        exercise(id="mine-2", troops_low="=1+1"),
        exercise(id="mine-3", troops_high="#N/A"),
    ]  # fmt: skip
    found = faults(overlay({"mine.xlsx": workbook(exercises=sheet, README=[["Notes"]], Blatt1=[])}))
    assert found == [
        "mine.xlsx:exercises!M2 [kind]: 'shceduled' is not one of this column's codes. "
        "Did you mean scheduled? Use scheduled, snap.",
        "mine.xlsx:exercises!C2 [lead_states]: 'Estonia' is not a state of the record. "
        "Did you mean EST? Codes are ISO 3166-1 alpha-3, such as EST. Also allowed here: NATO.",
        "mine.xlsx:exercises!P2 [sources]: 'sed' is not a row of sources. "
        "Did you mean seed? Add it to sources or correct the id.",
        "mine.xlsx:exercises!F3 [end]: end 2016-04-01 is before start 2016-05-09. Check both dates.",
        "mine.xlsx:exercises!K3 [troops_low]: troops_low 3000 is above troops_high 2000. Swap them.",
        "mine.xlsx:exercises!Q5: The row has 18 cells, the header 16. Empty the cells beyond the header.",
        "mine.xlsx:exercises!A6 [id]: The id mine-2 stands already in line 3. Give it its own.",
        "mine.xlsx:exercises!K6 [troops_low]: The cell holds a formula. "
        "Copy the cell and paste its value (Paste special: values).",
        "mine.xlsx:exercises!L7 [troops_high]: The cell shows the error #N/A. "
        "Leave it empty if the value is unknown.",
    ]  # fmt: skip


def test_a_percentage_is_refused_because_the_file_holds_a_hundredth(overlay: WriteFiles) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "spending"
    sheet.append(["state", "year", "share_of_gdp_pct", "edition", "source", "series", "definition"])
    sheet.append(["EST", 2015, 0.0203, "2025-08-29", "seed", "nato", "defence"])
    sheet["C2"].number_format = "0.00%"
    out = io.BytesIO()
    book.save(out)
    (fault,) = faults(overlay({"mine.xlsx": out.getvalue()}))
    assert fault.startswith("mine.xlsx:spending!C2 [share_of_gdp_pct]: The cell is a percentage")


def test_merged_cells_are_refused_because_only_the_first_holds_the_value(overlay: WriteFiles) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "exercises"
    for row in (HEADER.split(","), exercise(), exercise(id="mine-2")):
        sheet.append(row)
    sheet.merge_cells("G2:G3")
    out = io.BytesIO()
    book.save(out)
    found = faults(overlay({"mine.xlsx": out.getvalue()}))
    assert found[0].startswith("mine.xlsx:exercises!G2: The cells G2:G3 are merged")
    assert found[1].startswith("mine.xlsx:exercises!G3 [place]: The cell is empty")


def test_what_a_spreadsheet_makes_of_a_code_is_undone(overlay: WriteFiles) -> None:
    header = [
        "id",
        "speaker",
        "statement_paraphrase",
        "topic",
        "checkable_by",
        "expected_verdict",
        "reasoning",
        "sources",
    ]
    sheet = [header, ["a", "x", "x", "x", "x", True, "x", "seed"], ["b", "x", "x", "x", "x", False, "x", "seed"]]
    assert faults(overlay({"mine.xlsx": workbook(claims_public=sheet)})) == []


def test_a_date_is_as_precise_as_the_cell_shows(overlay: WriteFiles) -> None:
    from dualtrack.record.load import load

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "exercises"
    sheet.append(HEADER.split(","))
    for number, shown in enumerate(["yyyy-mm-dd", "mmm-yy", "yyyy"], 1):
        sheet.append(exercise(id=f"mine-{number}", start=MAY, troops_low=1000.0))
        sheet.cell(number + 1, 5).number_format = shown
    out = io.BytesIO()
    book.save(out)
    rows = load([packaged(), overlay({"mine.xlsx": out.getvalue()})])["exercises"].rows
    assert [rows[f"mine-{n}"]["start"] for n in (1, 2, 3)] == ["2016-05-09", "2016-05", "2016"]
    assert rows["mine-1"]["troops_low"] == 1000


def test_an_id_may_stand_in_one_file_only(overlay: WriteFiles) -> None:
    sheet = workbook(exercises=[HEADER.split(","), ROW.split(",")])
    assert faults(overlay({"exercises.csv": f"{HEADER}\n{ROW}\n", "mine.xlsx": sheet})) == [
        "mine.xlsx:exercises!A2 [id]: The id mine-1 stands already in line 2 of exercises.csv. Give it its own."
    ]


def test_known_before_it_happened(overlay: WriteFiles) -> None:
    rows = [
        "a,2016-05-10,X,met,seed,2016-05-09,public event",
        "b,2016-05,X,met,seed,2016-04,public event",
        "c,2016-05-10,X,met,seed,2016-05,public event",
        "d,2016-05-10,X,met,seed,2016-05-09,dated source",
        "e,2016-05-10,X,met,seed,,public event",
    ]
    assert [fault.split(". ")[0] for fault in faults(overlay({"dialogue.csv": "\n".join([DIALOGUE, *rows])}))] == [
        "dialogue.csv:2 [known_from]: known_from 2016-05-09 is before date 2016-05-10: known before it happened",
        "dialogue.csv:3 [known_from]: known_from 2016-04 is before date 2016-05: known before it happened",
    ]


def test_a_figure_is_not_on_record_before_its_row_nor_dated_before_the_announcement(overlay: WriteFiles) -> None:
    exercises = (
        f"{HEADER},known_from,known_basis,announced_known_from,estimates_known_from\n{ROW},2016-05-02,public event"
    )
    deployments = "id,unit_or_force,side,echelon,basing,command,sources,announced,strength_as_of,troops_low"
    files: dict[str, str | bytes] = {
        "exercises.csv": f"{exercises},2016-04-30,2016-04\n",
        "deployments.csv": f"{deployments}\nD-x,Mine,nato,company,rotational,nato,seed,2016-05-02,2016-04,100\n",
        "sources.csv": "id,publisher,published,accessed\nmine,Me,2016-05-02,2016-04\n",
    }
    assert [fault.split(". ")[0] for fault in faults(overlay(files))] == [
        "deployments.csv:2 [strength_as_of]: strength_as_of 2016-04 is before announced 2016-05-02",
        "exercises.csv:2 [announced_known_from]: announced_known_from 2016-04-30 is before known_from 2016-05-02",
        "exercises.csv:2 [estimates_known_from]: estimates_known_from 2016-04 is before known_from 2016-05-02",
        "sources.csv:2 [accessed]: accessed 2016-04 is before published 2016-05-02",
    ]


def test_a_row_named_as_table_and_row_must_be_there(overlay: WriteFiles) -> None:
    rows = ["a,dialogue/a1,refused,seed", "b,dialogue/a2,refused,seed", "c,dialog/a1,refused,seed", "d,a1,refused,seed"]
    answers = "\n".join(["id,offer,answer,sources", *rows])
    found = faults(overlay({"answers.csv": answers, "dialogue.csv": f"{DIALOGUE}\na1,2016,X,proposal,seed,,\n"}))
    assert [fault.split(" Write")[0] for fault in found] == [
        "answers.csv:3 [offer]: 'dialogue/a2' is not a row of the record.",
        "answers.csv:4 [offer]: 'dialog/a1' is not a row of the record.",
        "answers.csv:5 [offer]: 'a1' is not a row of the record.",
    ]


def test_which_tables_are_of_things_that_nobody_can_know_before() -> None:
    """Not what is announced ahead: exercises, deployments, commitments, planned strengths."""
    assert {name for name, spec in schemas().items() if spec.known_after} == {
        "answers", "claims_public", "conflict_events", "dialogue", "encounters", "polls", "proposals", "scrambles",
        "statements", "votes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [("Estonia", "EST"), ("estonia", "EST"), ("Estonnia", "EST"), ("EsT", "EST"), ("ESX", "EST"), ("Deutschland", "")],
)
def test_only_what_is_near_is_suggested_for_a_state(text: str, said: str, overlay: WriteFiles) -> None:
    (fault,) = faults(overlay({"exercises.csv": f"{HEADER}\n{ROW.replace(',EST,', f',{text},')}\n"}))
    assert ("Did you mean" in fault) is bool(said)
    assert said in fault


def test_one_file_is_enough(overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": f"{HEADER}\n{ROW}\n", "other.csv": "x", "mine.xlsx": workbook(exercises=[])})
    assert faults(folder / "exercises.csv") == []
    assert faults(folder / "mine.xlsx") == []
    assert faults(folder / "other.csv")[0].startswith("other.csv: other.csv is not a table of the record.")


def test_readings_and_other_kinds_of_file_are_checked_too(overlay: WriteFiles) -> None:
    folder = overlay(
        {
            "exercises.ods": b"x",
            "~$mine.xlsx": b"left by a spreadsheet",
            "readings/eastern_flank/mine.yml": "label: x\nclass: stress\nwhy: x\ngroup: nowhere\n",
        }
    )
    assert faults(folder) == [
        "exercises.ods: Files of the kind .ods are not read. Save it as .xlsx or .csv.",
        "readings/eastern_flank/mine.yml: 'nowhere' is not a group. Use a group of groups.csv.",
    ]


@pytest.mark.parametrize("name", ["nowhere", "file.txt", "empty"])
def test_what_is_not_there_to_be_checked_is_bad_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        validate(tmp_path / name, packaged())


def test_what_cannot_be_opened_and_names_that_cannot_be_shown_are_faults_too(tmp_path: Path) -> None:
    (tmp_path / "exercises.csv").symlink_to(tmp_path / "gone")
    (tmp_path / "polls.csv").mkdir()
    (tmp_path / "states.csv").write_text("state,name,\x1b[2J\nXXA,Somewhere,\n", "utf-8")
    assert [fault.split(": ")[:2] for fault in faults(tmp_path)] == [
        ["exercises.csv", "The file cannot be read"],
        ["polls.csv", "The file cannot be read"],
        ["states.csv:1 ['\\x1b[2J']", "There is no such column. Columns"],
    ]


def test_without_openpyxl_the_install_line_is_given(overlay: WriteFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(BadInput) as caught:
        validate(overlay({"mine.xlsx": b"x"}), packaged())
    assert 'pip install "dualtrack[xlsx]"' in caught.value.fix


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
