"""Whatever a file holds, it is read or refused with a place and a remedy: never a traceback."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from dualtrack.core.errors import BadInput
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
