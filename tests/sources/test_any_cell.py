"""Whatever a cell holds, an adapter takes it, rejects it with its place or refuses the file: never a traceback."""

import io
import json
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from asking import ask
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import COLUMNS, event, ged_csv, nato, nato_core, sipri, world_bank_csv, world_bank_json
from openpyxl import load_workbook

from dualtrack.core.errors import BadInput
from dualtrack.record.schema import schemas
from dualtrack.sources.contract import adapter, adapters

NAMES = sorted(adapters())
ODD = [b"\x00", b"\xff\xfe", b'"', b",", b"\n", b"\r", b";", b"[", b"}", b"<", b"\xef\xbb\xbf", b"1e999", b"2016-13"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


def told(name: str, path: Path, edition: str = "2026-11-01") -> None:
    """Reads a file and holds that what is taken fits the table's columns, and everything else is told with a remedy."""
    try:
        taken = adapter(name).read(path, ask(edition))
    except BadInput as error:
        assert error.problem and error.fix and str(path) in error.problem, error
    else:
        fields = {field.name for field in schemas()[adapter(name).table].fields}
        for row in taken.rows:
            assert set(row) <= fields and all(isinstance(text, str) for text in row.values())
        for fault in taken.rejected:
            assert fault.problem and fault.fix and str(fault)


@lru_cache(maxsize=1)
def whole() -> dict[str, bytes]:
    """A sound file for each adapter."""
    with TemporaryDirectory() as place:
        at = Path(place)
        return {
            "nato_defexp": nato(at / "n.xlsx").read_bytes(),
            "sipri_milex": sipri(at / "s.xlsx", names=("Estonia", "Russia")).read_bytes(),
            "ucdp_ged": ged_csv([event(), event(id="2")]).encode(),
            "world_bank": world_bank_csv().encode(),
            "json": world_bank_json(at / "w.json").read_bytes(),
            "core": nato_core(at / "c.xlsx").read_bytes(),
        }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", ["nato_defexp", "sipri_milex", "ucdp_ged", "world_bank", "json"])
def test_a_file_for_another_adapter(name: str, other: str, folder: Path) -> None:
    path = folder / f"other.{'xlsx' if other in ('nato_defexp', 'sipri_milex') else 'csv'}"
    path.write_bytes(whole()[other])
    if name == other or (name, other) == ("world_bank", "json"):
        assert adapter(name).read(path, ask("2026-11-01")).rows
    else:
        with pytest.raises(BadInput):
            adapter(name).read(path, ask("2026-11-01"))


@given(
    st.sampled_from(["ucdp_ged", "world_bank", "json"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.sampled_from(ODD)), min_size=1, max_size=6),
)
def test_text_with_bytes_cut_out_and_put_in(folder: Path, kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    data = whole()[kind]
    for where, cut, put in changes:
        at = int(where * len(data))
        data = data[:at] + put + data[at + cut :]
    path = folder / "changed.csv"
    path.write_bytes(data)
    told("ucdp_ged" if kind == "ucdp_ged" else "world_bank", path)


@given(st.sampled_from(COLUMNS), st.text(max_size=30) | st.floats().map(str) | st.integers().map(str))
def test_any_cell_of_an_event(folder: Path, column: str, text: str) -> None:
    path = folder / "GEDEvent_v25_1.csv"
    path.write_text(ged_csv([event(), event(id="2", **({column: text} if column != "id" else {}))]), "utf-8")
    told("ucdp_ged", path)


KEYS = "message page pages lastupdated indicator country countryiso3code date value id key"
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split(" ")), inner, max_size=4),
    max_leaves=15,
)


@given(JSON, st.sampled_from([None, "about", "figure", "indicator", "country", "date", "value", "countryiso3code"]))
def test_any_json(folder: Path, drawn: Any, where: str | None) -> None:
    answer = json.loads(whole()["json"])
    if where is None:
        answer = drawn
    elif where == "about":
        answer[0] = drawn
    elif where == "figure":
        answer[1][0] = drawn
    else:
        answer[1][0][where] = drawn
    path = folder / "answer.json"
    path.write_text(json.dumps(answer), "utf-8")
    told("world_bank", path)


LETTERS = st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\x7f\ufffe\uffff")
CELL = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-5, 3000)
    | st.text(LETTERS, max_size=12)
    | st.sampled_from(["2015", "2024e", "Country", "Table 3 : x", "...", "xxx", "NATO Total", "Estonia"])
)
PLACE = st.tuples(st.floats(0, 0.999), st.integers(1, 60), st.integers(1, 20), CELL)


@settings(max_examples=40)
@given(st.sampled_from(["sipri_milex", "nato_defexp", "core"]), st.lists(PLACE, min_size=1, max_size=8))
def test_any_cell_of_a_workbook(folder: Path, kind: str, changes: list[tuple[float, int, int, Any]]) -> None:
    book = load_workbook(io.BytesIO(whole()[kind]))
    for which, row, column, value in changes:
        sheet = book.worksheets[int(which * len(book.worksheets))]
        if type(sheet.cell(row, column)).__name__ != "MergedCell":
            sheet.cell(row, column).value = value
    path = folder / "cells.xlsx"
    book.save(path)
    told("sipri_milex" if kind == "sipri_milex" else "nato_defexp", path)
