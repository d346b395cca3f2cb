"""State codes of the two lists, held against values known from their documentation."""

from datetime import date

import pytest

from dualtrack.api import open_record

RECORD = open_record(date(2026, 11, 25))


@pytest.mark.parametrize(
    ("state", "cow", "gw"),
    [
        ("USA", 2, 2), ("CAN", 20, 20), ("GBR", 200, 200), ("FRA", 220, 220), ("DEU", 255, 260), ("POL", 290, 290),
        ("SRB", 345, 340), ("MNE", 341, 341), ("MKD", 343, 343), ("ROU", 360, 360), ("RUS", 365, 365),
        ("EST", 366, 366), ("LVA", 367, 367), ("LTU", 368, 368), ("UKR", 369, 369), ("BLR", 370, 370),
        ("FIN", 375, 375), ("SWE", 380, 380), ("NOR", 385, 385), ("TUR", 640, 640), ("CHN", 710, 710),
    ],
)  # fmt: skip
def test_well_known_codes(state: str, cow: int, gw: int) -> None:
    row = RECORD.row("state_codes", state)
    assert (row["cow_code"], row["gw_number"]) == (cow, gw)


def test_every_state_has_a_row_and_no_code_stands_twice() -> None:
    rows = RECORD.rows("state_codes")
    assert [row.id for row in rows] == [row.id for row in RECORD.rows("states")]
    for name in ("cow_code", "cow_abbrev", "gw_number", "gw_abbrev"):
        codes = [row[name] for row in rows if row[name] is not None]
        assert len(codes) == len(set(codes))


def test_unknown_stays_empty() -> None:
    row = RECORD.row("state_codes", "VAT")
    assert row["cow_code"] is row["gw_number"] is row["cow_from"] is None
    assert "Papal States" in row.text("note")
