"""UCDP's events. Every event is invented."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from asking import ask, by, read
from invented import COLUMNS, event, ged, ged_csv

from dualtrack.core.errors import BadInput
from dualtrack.record.schema import schemas
from dualtrack.sources import ucdp_ged

EDITION = "2025-06"


def taken_of(path: Path, *events: dict[str, Any]) -> Any:
    return read("ucdp", ged(path, list(events)), EDITION)


def one(path: Path, **changed: Any) -> dict[str, str]:
    (row,) = taken_of(path, event(**changed)).rows
    return dict(row)


def test_an_event_in_a_state_of_the_record(tmp_path: Path) -> None:
    row = one(tmp_path / "GEDEvent_v25_1.csv")
    assert row == {
        "id": "ged-900001", "date": "2022-02-24", "date_precision": "day", "state": "EST", "place": "Tapa (near)",
        "place_precision": "near", "lat": "59.26", "lon": "25.958", "type_of_violence": "state_based",
        "conflict": "Invented: Government", "dyad": "Government of A - B", "side_a": "Government of Estonia",
        "side_b": "Invented party", "side_a_states": "EST", "side_b_states": "", "deaths_low": "2", "deaths_best": "3",
        "deaths_high": "5", "deaths_a": "1", "deaths_b": "0", "deaths_civilians": "2", "deaths_unknown": "0",
        "clarity": "clear", "reports": '"INVENTED FIGURES, made for a test", 25 Feb 2022', "note": "",
        "sources": "ucdp-ged-25.1", "known_from": "2025-06", "known_basis": "public event",
    }  # fmt: skip
    assert set(row) <= {field.name for field in schemas()["conflict_events"].fields}


def test_events_elsewhere_are_counted(tmp_path: Path) -> None:
    taken = read("ucdp", ged(tmp_path / "ged251-csv.zip"), EDITION)
    assert len(taken.rows) == 1 and taken.outside == {"Angola": 1}
    assert taken.source["id"] == "ucdp-ged-25.1" and taken.source["redistribute"] == "yes"


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        ({"date_end": "2022-03-01 00:00:00.000"}, "date", "2022-02-24/2022-03-01"),
        ({"date_start": "2022-02-24", "date_end": "2022-02-24T00:00:00"}, "date", "2022-02-24"),
        ({"date_prec": "4"}, "date_precision", "month"),
        ({"where_prec": "7"}, "place_precision", "beyond"),
        ({"where_prec": "2.0"}, "place_precision", "near"),
        ({"type_of_violence": "3"}, "type_of_violence", "one_sided"),
        ({"event_clarity": "2"}, "clarity", "unclear"),
        ({"gwnoa": "365, 366"}, "side_a_states", "EST;RUS"),
        ({"gwnoa": "345"}, "side_a_states", ""),
        ({"gwnob": "365.0"}, "side_b_states", "RUS"),
        ({"country_id": "365", "country": "Russia (Soviet Union)"}, "state", "RUS"),
        ({"country_id": "345", "country": "Serbia (Yugoslavia)"}, "state", "SRB"),
        ({"country_id": "", "country": "Ukraine"}, "state", "UKR"),
        ({"latitude": "", "longitude": ""}, "lat", ""),
        ({"where_description": ""}, "place", "Tapa town"),
        ({"conflict_name": "Two\nlines"}, "conflict", "Two lines"),
        ({"best": ""}, "deaths_best", ""),
    ],
)
def test_what_ucdp_codes_becomes_the_records_words(
    changed: dict[str, str], column: str, value: str, tmp_path: Path
) -> None:
    assert one(tmp_path / "GEDEvent_v25_1.csv", **changed)[column] == value


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"id": "x1"}, "id"), ({"id": ""}, "id"), ({"date_start": "24/02/2022"}, "date_start"),
        ({"date_start": "2022-02-30 00:00:00"}, "date_start"), ({"date_end": "2021-01-01"}, "date_end"),
        ({"date_end": ""}, "date_end"), ({"date_prec": "9"}, "date_prec"), ({"where_prec": "0"}, "where_prec"),
        ({"type_of_violence": ""}, "type_of_violence"), ({"latitude": "91"}, "latitude"),
        ({"longitude": "east"}, "longitude"), ({"best": "-1"}, "best"), ({"best": "2.5"}, "best"),
        ({"high": "many"}, "high"), ({"country_id": "EST"}, "country_id"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_one_is_rejected_with_line_and_column(
    changed: dict[str, str], column: str, tmp_path: Path
) -> None:
    taken = taken_of(tmp_path / "GEDEvent_v25_1.csv", event(id="1"), event(**changed), event(id="2"))
    (fault,) = taken.rejected
    assert (fault.line, fault.column) == (3, column) and fault.problem and fault.fix
    assert list(by(taken, "id")) == ["ged-1", "ged-2"]


def test_an_event_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    taken = taken_of(tmp_path / "GEDEvent_v25_1.csv", event(), event(best="4"))
    assert [row["deaths_best"] for row in taken.rows] == ["3"]
    assert "twice" in taken.rejected[0].problem


def test_estimates_that_cross_are_kept_as_ucdp_has_them_and_told(tmp_path: Path) -> None:
    taken = taken_of(tmp_path / "GEDEvent_v25_1.csv", event(low="7", high="6"))
    (row,) = taken.rows
    assert (row["deaths_low"], row["deaths_high"]) == ("7", "6") and "above its highest" in row["note"]
    assert "1 events" in taken.notes[0]


def test_a_release_without_a_header_is_read_in_the_usual_order(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v24_0_1.csv"
    path.write_text(ged_csv([event(), event(id="2")], header=False), "utf-8")
    taken = read("ucdp", path, "2024-02")
    assert list(by(taken, "id")) == ["ged-900001", "ged-2"]
    assert "no header" in taken.notes[0] and taken.source["id"] == "ucdp-ged-24.0.1"


def test_columns_in_another_order_or_more_of_them_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v25_1.csv"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["extra", *reversed(COLUMNS)])
    writer.writeheader()
    writer.writerow({"extra": "x", **event()})
    path.write_text("\ufeff" + out.getvalue(), "utf-8")
    assert read("ucdp", path, EDITION).rows == taken_of(tmp_path / "ged251.csv", event()).rows


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read("ucdp", path, EDITION)
    assert caught.value.fix and str(path) in caught.value.problem
    return caught.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ged_csv([event()]).replace("where_prec", "precision"), ":1: These columns are missing: where_prec."),
        ("conflict_id,year,bd_best\n1,2022,3\n", "These columns are missing: id, type_of_violence"),
        (ged_csv([event()]).replace(",", ";"), ":1: The columns are separated by semicolons."),
        (ged_csv([]), "a header and no event"),
        (ged_csv([event()]) + "1,2,3\n", ":3: The row has 3 cells, the header 49."),
        (ged_csv([event()]) + '1,"not closed\n', ":3: The CSV cannot be read"),
        (ged_csv([event()]) + "x" * 1_200_000 + "\n", ":3: The line is longer than 1,000,000 bytes."),
        (ged_csv([event()]) + '1,"' + "x\n" * 100_000, ":3: The CSV cannot be read"),
        (ged_csv([event()]) + "a\0b\n", ":3: The line holds a byte that is no text"),
    ],
)
def test_files_that_are_none(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v25_1.csv"
    path.write_text(text, "utf-8")
    assert said in refusal(path).problem


def test_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v25_1.csv"
    path.write_bytes(ged_csv([event(), event(id="2", side_b="Invented pärty")]).encode("latin-1"))
    assert f"{path}:3: The file is not UTF-8 text." in refusal(path).problem
    path.write_bytes(ged_csv([event()]).encode("utf-16"))
    assert "UTF-16" in refusal(path).problem


def test_an_edition_before_the_events_is_refused(tmp_path: Path) -> None:
    path = ged(tmp_path / "GEDEvent_v25_1.csv", [event()])
    with pytest.raises(BadInput, match="tells of 2022-02-24"):
        read("ucdp", path, "2021")


def test_zips_that_hold_something_else_are_told(tmp_path: Path) -> None:
    path = tmp_path / "ged.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.txt", "x")
    assert "holds 0 files *GED*.csv, not one; it holds README.txt" in refusal(path).problem
    data = ged(tmp_path / "ged251-csv.zip").read_bytes()
    path.write_bytes(data[:-200])
    assert "damaged or cut off" in refusal(path).problem
    path.write_bytes(data[:300] + bytes(40) + data[340:])
    assert "damaged or cut off" in refusal(path).problem or "not UTF-8" in refusal(path).problem


def test_many_wrong_events_are_not_all_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ucdp_ged, "_REJECTED", 3)
    taken = taken_of(tmp_path / "GEDEvent_v25_1.csv", event(), *(event(id=str(n), best="?") for n in range(5)))
    assert len(taken.rejected) == 3 and "More than 3 events" in taken.notes[0]


def test_it_reads_line_by_line(tmp_path: Path) -> None:
    """Fifty thousand events elsewhere leave next to nothing behind."""
    import tracemalloc

    row = ged_csv([event(id="1", country="Angola", country_id="540")], header=False)
    path = tmp_path / "GEDEvent_v25_1.csv"
    path.write_text(ged_csv([event()]) + row * 20_000, "utf-8")
    asked = ask(EDITION)
    tracemalloc.start()
    taken = ucdp_ged.read(path, asked)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken.outside == {"Angola": 20_000} and peak < 2_000_000
