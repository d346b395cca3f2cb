"""Files cut off, changed at random, of another kind or far too large: told in a message, never a traceback."""

import io
import tempfile
import tracemalloc
import zipfile
from functools import lru_cache
from pathlib import Path

import invented
import pytest
from asking import read
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput
from dualtrack.sources.contract import adapters

MAKERS = {
    "sipri_milex": invented.sipri,
    "nato_defexp": invented.nato,
    "world_bank": invented.world_bank_json,
    "ucdp_ged": invented.ged,
}
PAGE = b"<!DOCTYPE html>\n<html><body><table><tr><td>Country</td><td>2014</td></tr></table></body></html>"


@lru_cache(maxsize=8)
def whole(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = MAKERS[name](Path(folder) / "file")
        return made.read_bytes()


@lru_cache(maxsize=4)
def parts(name: str) -> dict[str, bytes]:
    """The parts of a workbook, unpacked: damage inside them is not told by the archive."""
    with zipfile.ZipFile(io.BytesIO(whole(name))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def packed(held: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in held.items():
            archive.writestr(entry, data)
    return out.getvalue()


def outcome(name: str, data: bytes) -> str:
    """The message, or nothing where the file was read; any other error fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            taken = read(name, path, "2025-05-01")
        except BadInput as error:
            assert str(path) in error.problem and error.fix
            return str(error)
        assert all(isinstance(text, str) for row in taken.rows for text in row.values())
        assert all(fault.problem and fault.fix for fault in taken.rejected)
        return ""


def damaged(data: bytes, cut: int, changes: list[tuple[int, bytes]]) -> bytes:
    out = bytearray(data)
    for at, text in changes:
        out[at % len(out) : at % len(out) + len(text)] = text
    return bytes(out[: len(out) - cut % len(out)])


BITS = st.sampled_from(
    [
        b",",
        b'"',
        b"\n",
        b"\0",
        b"\xff\xfe",
        b"]",
        b"{",
        b"null",
        b"-",
        b"1e999",
        b"9" * 400,
        b"<",
        b"</row>",
        b"&x;",
        b"=",
    ]
) | st.binary(min_size=1, max_size=8)
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), BITS), min_size=1, max_size=6)


@pytest.mark.parametrize("name", sorted(MAKERS))
@given(cut=st.just(0) | st.integers(0, 10**5), changes=CHANGES)
def test_damaged_at_random(name: str, cut: int, changes: list[tuple[int, bytes]]) -> None:
    outcome(name, damaged(whole(name), cut, changes))


@pytest.mark.parametrize("name", ["sipri_milex", "nato_defexp"])
@given(data=st.data(), changes=CHANGES)
def test_a_workbook_damaged_inside(name: str, data: st.DataObject, changes: list[tuple[int, bytes]]) -> None:
    entry = data.draw(st.sampled_from(sorted(parts(name))))
    outcome(name, packed({**parts(name), entry: damaged(parts(name)[entry], 0, changes)}))


@pytest.mark.parametrize("name", sorted(MAKERS))
@given(text=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8")))
def test_anything_else_is_refused(name: str, text: bytes) -> None:
    assert outcome(name, text)


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (PAGE, "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (packed({"readme.txt": b"no"}), "readme.txt"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(name: str, data: bytes, said: str) -> None:
    assert said in outcome(name, data)


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_another_publishers_file_is_refused(name: str) -> None:
    for other in set(MAKERS) - {name}:
        assert outcome(name, whole(other)), other


@pytest.mark.parametrize("name", ["sipri_milex", "nato_defexp"])
def test_a_workbook_that_unpacks_to_more_than_memory_should_hold(name: str) -> None:
    sheet = next(entry for entry in parts(name) if entry.startswith("xl/worksheets/"))
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row>' * 400_000
    bombs = [
        {**parts(name), "xl/media/image.png": b"\0" * 60_000_000},
        {**parts(name), sheet: parts(name)[sheet].replace(b"<sheetData>", b"<sheetData>" + rows)},
        {**parts(name), **{f"xl/media/{at}": b"" for at in range(500)}},
    ]
    for held in bombs:
        bomb = packed(held)
        assert len(bomb) < 1_000_000
        tracemalloc.start()
        assert "right file" in outcome(name, bomb)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
        tracemalloc.stop()


def test_entities_are_not_resolved() -> None:
    lol = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    assert "entities" in outcome("sipri_milex", packed({**parts("sipri_milex"), "xl/sharedStrings.xml": lol}))


@pytest.mark.parametrize("name", ["ucdp_ged", "world_bank"])
def test_a_line_of_ten_million_bytes_costs_a_tenth_of_it(name: str) -> None:
    data = (whole("ucdp_ged") if name == "ucdp_ged" else invented.world_bank_csv().encode("utf-8")) + b"x" * 10_000_000
    lines = data.count(b"\n") + 1
    tracemalloc.start()
    said = outcome(name, data)
    assert tracemalloc.get_traced_memory()[1] < 25_000_000  # the test's own copies of the file are in it
    tracemalloc.stop()
    assert f":{lines}: The line is longer" in said


def test_every_adapter_is_tried() -> None:
    assert sorted(MAKERS) == sorted(adapters())
