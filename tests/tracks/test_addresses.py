"""Whose a number is: known allocations, the smallest block decides, every state by the same rule, unknown is not no."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.record.table import LoadedTable
from dualtrack.tracks.addresses import NOBODY, AddressBook
from dualtrack.tracks.packing import identity, identity_text

RECORD = open_record("2026-11-25")
BOOK = AddressBook(RECORD)
ROWS = RECORD.rows("address_blocks")


@pytest.mark.parametrize(
    ("number", "state", "military", "basis"),
    [
        ("43c123", "GBR", "yes", "community"), ("43d001", "GBR", "unknown", "community"),
        ("400a00", "GBR", "unknown", "icao"), ("424300", "BMU", "unknown", "community"),
        ("150000", "RUS", "unknown", "icao"), ("ae0123", "USA", "yes", "community"),
        ("a00001", "USA", "unknown", "icao"), ("511100", "EST", "unknown", "icao"),
        ("3f5000", "DEU", "yes", "community"), ("48d810", "POL", "yes", "community"),
        ("276123000", "EST", "unknown", "itu"), ("273123000", "RUS", "unknown", "itu"),
        ("311000111", "BHS", "unknown", "itu"), ("f00001", "", "unknown", "icao"),
    ],
)  # fmt: skip
def test_known_numbers(number: str, state: str, military: str, basis: str) -> None:
    owner = BOOK.owner(identity(number))
    assert (owner.state, owner.military, owner.basis) == (state, military, basis)


@pytest.mark.parametrize("number", ["~43c123", "#12", "001000", "f80000", "992761234", "002761234", "111273999"])
def test_numbers_of_nobody(number: str) -> None:
    assert BOOK.owner(identity(number)) == NOBODY


def test_what_the_source_of_the_reports_says_of_one_aircraft_counts() -> None:
    told = BOOK.owner(identity("150000"), told_military=True)
    assert (told.state, told.military, told.basis) == ("RUS", "yes", "source of the reports")
    assert BOOK.owner(identity("43c123"), told_military=True).basis == "community"


@given(st.integers(0, 0xFFFFFF))
def test_the_smallest_block_decides(number: int) -> None:
    holding = [
        r for r in ROWS if r["kind"] == "icao24" and int(r.text("first"), 16) <= number <= int(r.text("last"), 16)
    ]
    owner = BOOK.owner(number)
    if not holding:
        assert owner == NOBODY
        return
    least = min(holding, key=lambda r: int(r.text("last"), 16) - int(r.text("first"), 16))
    assert (owner.state, owner.military, owner.rows[0]) == (least.text("state"), least["military"], least.id)


def test_blocks_are_sound() -> None:
    for row in ROWS:
        base = 16 if row["kind"] == "icao24" else 10
        first, last = int(row.text("first"), base), int(row.text("last"), base)
        assert first <= last
        assert row.sources
        if row["military"] == "yes":
            assert set(row.sources) == {"vrs-code-blocks", "dump1090-military"}  # one list alone is not enough
    states = [r for r in ROWS if r["basis"] == "icao"]
    spans = sorted((int(r.text("first"), 16), int(r.text("last"), 16)) for r in states)
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    assert {row.id for row in RECORD.rows("states")} - {row["state"] for row in states} == {"LIE", "XKX", "VAT"} & {
        row.id for row in RECORD.rows("states")
    }  # fmt: skip


@pytest.mark.parametrize(("a", "b"), [("USA", "RUS"), ("GBR", "EST")])
def test_exchanging_two_states_exchanges_the_answers(a: str, b: str) -> None:
    table = RECORD._tables["address_blocks"]
    names = {a: b, b: a}
    rows = {
        key: {**cells, "state": names.get(str(cells["state"]), cells["state"])} for key, cells in table.rows.items()
    }
    other = open_record("2026-11-25")
    swapped = type(other)(
        {**other._tables, "address_blocks": LoadedTable(table.spec, rows, table.lines)}, other._readings, other.as_of,
        other.compiled,
    )  # fmt: skip
    book = AddressBook(swapped)
    for number in range(0, 1 << 24, 4099):
        one, two = BOOK.owner(number), book.owner(number)
        assert (names.get(one.state, one.state), one.military) == (two.state, two.military)


@pytest.mark.parametrize("text", ["43c12", "43c1234", "xyzxyz", "27612300", "#", "#999999999999", "", "~#1"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="neither an aircraft address"):
        identity(text)


@given(st.one_of(
    st.integers(0, 0xFFFFFF).map(lambda n: f"{n:06x}"), st.integers(0, 0xFFFFFF).map(lambda n: f"~{n:06x}"),
    st.integers(0, 999_999_999).map(lambda n: f"{n:09d}"), st.integers(0, (1 << 29) - 1).map(lambda n: f"#{n}"),
))  # fmt: skip
def test_packing_loses_nothing(text: str) -> None:
    packed = identity(text)
    assert 0 <= packed < 1 << 31
    assert identity_text(packed) == text
