"""Whatever a file holds, it is read or refused with a place and a remedy: never a traceback."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from dualtrack.core.errors import BadInput
from dualtrack.record.corrections import Correction
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate

TABLES = sorted(schemas())
SMALL = ["exercises", "dialogue", "states", "rules", "groups", "instruments"]
ODD = [b"\x00", b"\xff\xfe", b'"', b",", b"\n", b"\r", b";", b"=1+1", b"'", b"\xef\xbb\xbf", b"2016-13", b"1e999"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def told(folder: Path, name: str, data: bytes) -> None:
    """Checks one file and holds that every fault says where it is and what to do."""
    path = folder / name
    path.write_bytes(data)
    try:
        report = validate(path, None)
    except BadInput as error:
        assert error.problem and error.fix
    else:
        for fault in report.faults:
            assert fault.file and fault.problem and fault.fix and str(fault)
    finally:
        path.unlink()


@given(
    st.sampled_from(TABLES), st.binary(max_size=300) | st.text(max_size=150).map(lambda t: t.encode("utf-8", "replace"))
)
def test_random_bytes(folder: Path, table: str, data: bytes) -> None:
    told(folder, f"{table}.csv", data)
    told(folder, f"{table}.xlsx", data)


@given(
    st.sampled_from(SMALL), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(ODD)), max_size=6)
)
def test_packaged_tables_with_bytes_cut_out_and_put_in(
    folder: Path, table: str, changes: list[tuple[float, int, bytes]]
) -> None:
    data = (packaged() / f"{table}.csv").read_bytes()
    for where, cut, put in changes:
        at = int(where * len(data))
        data = data[:at] + put + data[at + cut :]
    told(folder, f"{table}.csv", data)


ODD_TEXTS = [
    "", " ", '"', '""', "=1+1", "'=x", "\x00", "a;b;;c", ";", "NaN", "-1", "1e400", "9" * 400, "2016-02-30",
    "0000-01-01", "9999-12-31", "x" * 140_000, "\r\n", "EST;RUS", "spending/x", "\u202e", "\ud7ff", "https://",
    "2015/2014", "T10:00",
]  # fmt: skip
ODD_CELLS = st.sampled_from(ODD_TEXTS) | st.text(max_size=20)


@given(
    st.sampled_from(TABLES),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40), ODD_CELLS), max_size=8),
    st.lists(st.integers(0, 12), max_size=3),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_packaged_tables_with_cells_changed_and_lines_cut(
    folder: Path, table: str, cells: list[tuple[int, int, str]], cut: list[int], mark: str, encoding: str
) -> None:
    with (packaged() / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for _, row in zip(range(12), csv.reader(handle), strict=False)]
    for line, column, text in cells:
        rows[line % len(rows)][column % len(rows[0])] = text
    for line in cut:
        rows[line % len(rows)] = rows[line % len(rows)][: line % 4]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(rows)
    told(folder, f"{table}.csv", out.getvalue().encode(encoding, "replace"))


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(Correction.model_fields)), ODD_CELLS | st.none() | st.booleans()), max_size=9
    )
)
def test_corrections_of_anything(folder: Path, fields: list[tuple[str, str | bool | None]]) -> None:
    place = folder / "corrected"
    place.mkdir(exist_ok=True)
    ground = folder / "ground"
    ground.mkdir(exist_ok=True)
    (ground / "states.csv").write_text("state,name\nEST,Estonia\n", "utf-8")
    entry = {"table": "states", "row": "EST", "field": "name", "expected": "Estonia", "new": "x"} | dict(fields)
    for text in (json.dumps({"corrections": [entry]}), f"corrections:\n  - {entry}", str(fields)):
        (place / "corrections.yml").write_text(text, "utf-8", "replace")
        for fault in validate(place, ground).faults:
            assert fault.file and fault.problem and fault.fix


def small_book() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "states"
    sheet.append(["state", "name"])
    sheet.append(["EST", "Estonia"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOOK = small_book()
with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
    PARTS = {name: archive.read(name) for name in archive.namelist()}


@given(
    st.lists(st.tuples(st.integers(0, len(BOOK)), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4)
)
def test_a_workbook_damaged_on_disk(folder: Path, changes: list[tuple[int, int, bytes]]) -> None:
    data = BOOK
    for at, cut, put in changes:
        data = data[:at] + put + data[at + cut :]
    told(folder, "mine.xlsx", data)


@given(
    st.sampled_from(sorted(PARTS)), st.floats(0, 1), st.integers(0, 40), st.sampled_from([*ODD, b"<", b"</c>", b"&a;"])
)
def test_a_workbook_whose_parts_are_damaged(folder: Path, part: str, where: float, cut: int, put: bytes) -> None:
    at = int(where * len(PARTS[part]))
    changed = PARTS[part][:at] + put + PARTS[part][at + cut :]
    told(folder, "mine.xlsx", packed({**PARTS, part: changed}))


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_workbook_without_one_of_its_parts(folder: Path, part: str) -> None:
    told(folder, "mine.xlsx", packed({name: data for name, data in PARTS.items() if name != part}))


def test_a_workbook_that_is_a_bomb_is_refused(folder: Path) -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
    path = folder / "bomb.xlsx"
    path.write_bytes(packed({**PARTS, "xl/workbook.xml": entity}))
    (fault, *_) = validate(path, packaged()).faults
    assert "XML entities" in fault.problem
    path.write_bytes(packed({**PARTS, "xl/media/a.bin": b"\0" * (513 * 1024 * 1024)}))
    (fault, *_) = validate(path, packaged()).faults
    assert "unpacks to more than" in fault.problem


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packing:
        for name, data in parts.items():
            packing.writestr(name, data)
    return out.getvalue()
