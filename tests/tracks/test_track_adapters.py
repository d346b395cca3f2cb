"""Adapters of track files: every field in its unit, every dropped row counted by its rule, bad files told by place."""

import gzip
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from track_samples import DENMARK, T0, US, danish, opensky, packed, trace

from dualtrack.core.errors import BadInput
from dualtrack.tracks import trackfile
from dualtrack.tracks.adapters import adapter, adapters
from dualtrack.tracks.intake import RULES
from dualtrack.tracks.packing import NO_ALTITUDE, NO_SPEED, ON_GROUND, PER_DEGREE, SOURCES, identity, identity_text
from dualtrack.tracks.store import Store, convert

HOUR = T0 // 3600
IN_HOUR = (T0 % 3600) * 1000


def taken(folder: Path, *paths: Path, **asked: Any) -> tuple[list[dict[str, Any]], Counter[str], Store]:
    """The reports of a store, dropped rows by rule, and the store."""
    store = convert(list(paths), folder / "store", **asked)
    rows: list[dict[str, Any]] = []
    for hour in store.hours:
        found = store.read(hour)
        rows += [
            {"t": hour * 3_600_000 + int(found["t"][i]), "who": identity_text(int(found["id"][i])),
             "lat": int(found["lat"][i]) / PER_DEGREE, "lon": int(found["lon"][i]) / PER_DEGREE,
             "baro": int(found["baro"][i]), "geom": int(found["geom"][i]), "kt": int(found["speed"][i]) / 10,
             "source": SOURCES[int(found["how"][i]) & 15], "ground": bool(found["how"][i] & ON_GROUND),
             "radius": int(found["radius"][i]), "late": int(found["late"][i])}
            for i in range(len(found["t"]))
        ]  # fmt: skip
    return rows, store.manifest.dropped, store


def test_each_kind_of_file_has_an_adapter() -> None:
    assert set(adapters()) >= {
        "opensky", "readsb_trace", "readsb_aircraft", "ais_denmark", "ais_us", "named_columns",
    }  # fmt: skip
    assert list(adapters())[-1] == "named_columns"


def test_opensky_takes_the_positions_own_time_and_feet_and_knots(tmp_path: Path) -> None:
    file = opensky(tmp_path / "states.csv", [
        f"{T0},4b1815,47.5,8.5,231.5,90,0,SWR1  ,False,False,False,,11582.4,11650.0,{T0 - 3}.25,{T0}",
        f"{T0 + 10},4b1815,47.5,8.5,231.5,90,0,SWR1  ,False,False,False,,11582.4,11650.0,{T0 - 3}.25,{T0}",
        f"{T0 + 20},4b1815,47.6,8.6,,90,0,,True,False,False,,,,,",
    ])  # fmt: skip
    rows, dropped, store = taken(tmp_path, file)
    assert rows[0] == {
        "t": T0 * 1000 - 2750, "who": "4b1815", "lat": 47.5, "lon": 8.5, "baro": 38000, "geom": 38222, "kt": 450.0,
        "source": "unknown", "ground": False, "radius": 0, "late": 2750,
    }  # fmt: skip
    assert (rows[1]["t"], rows[1]["ground"], rows[1]["baro"], rows[1]["kt"]) == (
        (T0 + 20) * 1000, True, NO_ALTITUDE, NO_SPEED / 10,
    )  # fmt: skip
    assert dropped == {"repeated_time": 1}  # the second row tells the first position again
    assert store.objects(HOUR) == [(0x4B1815, "SWR1", False)]


def test_opensky_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    file = opensky(tmp_path / "states.csv", [
        f"{T0 + i},4b18{i:02x},{47 + i / 100},8.5,{200 + i},90,0,AB{i},False,False,False,,{3000 + i},,{T0 + i}.5,{T0}"
        for i in range(20)
    ])  # fmt: skip
    con = duckdb.connect()
    con.execute("COPY (SELECT * FROM read_csv(?)) TO '%s'" % (tmp_path / "states.parquet"), [str(file)])
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert taken(tmp_path / "a", file)[:2] == taken(tmp_path / "b", tmp_path / "states.parquet")[:2]


POINTS: list[list[Any]] = [
    [
        10.07,
        39.1,
        -119.4,
        37850,
        512.2,
        52.6,
        5,
        448,
        {"type": "adsb_icao", "flight": "VJT7  ", "rc": 186},
        "adsb_icao",
        39800,
    ],
    [20.0, 39.2, -119.3, "ground", None, None, 0, 0, None, "mlat", None],
    [30.0, 39.3, -119.2, 4000, 300.0, 1.0, 8, 0, None, "tisb_icao", None],
    [40.0, 39.4, -119.1, None, 300.0, 1.0, 0, 0, {"type": "adsr_icao", "rc": 75}],
    [50.0, None, None, 1000, 300.0, 1.0, 0, 0, None],
    [60.0],
]


@pytest.mark.parametrize("name", ["trace_full_4d208a.json", "trace.json.gz"])
def test_a_trace_is_read_point_by_point_plain_or_gzip_whatever_its_name(tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / name, trace("~4d208a", POINTS, dbFlags=1))
    rows, dropped, store = taken(tmp_path, file)
    shown = [(r["t"] - T0 * 1000, r["baro"], r["geom"], r["source"], r["ground"], r["radius"]) for r in rows]
    assert shown == [
        (10_070, 37850, 39800, "adsb", False, 186),
        (20_000, NO_ALTITUDE, NO_ALTITUDE, "mlat", True, 186),
        (30_000, NO_ALTITUDE, 4000, "tisb", False, 186),
        (40_000, NO_ALTITUDE, NO_ALTITUDE, "adsr", False, 75),
    ]
    assert {r["who"] for r in rows} == {"~4d208a"}
    assert dropped == {"no_position": 2}
    assert store.objects(HOUR) == [(identity("~4d208a"), "VJT7", True)]
    (tmp_path / "plain.json").write_bytes(trace("~4d208a", POINTS, dbFlags=1))
    (tmp_path / "other").mkdir()
    assert taken(tmp_path / "other", tmp_path / "plain.json")[:2] == (rows, dropped)


def test_aircraft_json_dates_each_position_by_its_age_and_takes_one_moment_a_line(tmp_path: Path) -> None:
    aircraft = [
        {"hex": "4b1815", "type": "adsb_icao", "flight": "A1 ", "lat": 47.5, "lon": 8.5, "alt_baro": 3000,
         "alt_geom": 3200, "gs": 120.4, "seen_pos": 1.5, "rc": 186, "dbFlags": 1},
        {"hex": "~2b1815", "lat": 47.6, "lon": 8.6, "alt_baro": "ground", "mlat": ["lat", "lon"]},
        {"hex": "4b1816", "alt_baro": 3000},
        {"hex": "no", "lat": 47.6, "lon": 8.6},
    ]  # fmt: skip
    moments = [{"now": T0 + i, "messages": 5, "aircraft": aircraft} for i in (0, 10)]
    file = tmp_path / "aircraft.json"
    file.write_text("\n".join(json.dumps(one) for one in moments), "utf-8")
    rows, dropped, _ = taken(tmp_path, file)
    assert [(r["who"], r["t"] - T0 * 1000, r["source"], r["ground"], r["late"]) for r in rows] == [
        ("4b1815", -1500, "adsb", False, 1500), ("4b1815", 8500, "adsb", False, 1500),
        ("~2b1815", 0, "mlat", True, 0), ("~2b1815", 10_000, "mlat", True, 0),
    ]  # fmt: skip
    assert dropped == {"no_position": 2, "no_identity": 2}


def test_danish_ais_keeps_ships_and_reads_names_that_are_not_utf_8(tmp_path: Path) -> None:
    lines = [
        danish("14/11/2023 22:13:20", "Class A", 219000001, 55.5, 12.5, "10.2", "MØN"),
        danish("14/11/2023 22:13:30", "Class B", 219000002, 91.0, 181.0, "", ""),
        danish("14/11/2023 22:13:30", "Base Station", 2190000, 55.5, 12.5, "", ""),
        danish("14/11/2023 22:13:30", "AtoN", 992190001, 55.5, 12.5, "", ""),
        danish("2023-11-14", "Class A", 219000001, 55.5, 12.5, "1", ""),
    ]
    file = tmp_path / "aisdk.csv"
    file.write_bytes("\n".join([DENMARK, *lines]).encode("latin-1"))
    rows, dropped, store = taken(tmp_path, file)
    assert [(r["who"], r["t"], r["kt"], r["source"]) for r in rows] == [("219000001", T0 * 1000, 10.2, "ais")]
    assert dropped == {"not_a_ship": 2, "position_out_of_range": 1, "no_time": 1}
    assert store.objects(HOUR) == [(identity("219000001"), "MØN", False)]
    assert store.manifest.batches[0].adapter == "ais_denmark"


def test_us_ais_in_its_old_and_new_columns(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_text(
        f"{US}\n367000001,2023-11-14T22:13:20,33.5,-118.5,9.9,1,2,EAGLE,,,,,,,,,A\n"
        "3669999,2023-11-14T22:13:20,33.5,-118.5,0,1,2,,,,,,,,,,A\n"
        "not a number,2023-11-14T22:13:20,33.5,-118.5,0,1,2,,,,,,,,,,A\n",
        "utf-8",
    )
    new = tmp_path / "new.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 367000001 AS mmsi, TIMESTAMP '2023-11-14 22:13:20' AS base_date_time, -118.5 AS longitude, "
        "33.5 AS latitude, 9.9 AS sog, 1.0 AS cog, 'EAGLE' AS vessel_name) "
        f"TO '{new}'"
    )
    for file, dropped in ((old, {"not_a_ship": 1, "no_identity": 1}), (new, {})):
        (tmp_path / file.stem).mkdir()
        rows, lost, store = taken(tmp_path / file.stem, file)
        assert [(r["who"], r["t"], r["lat"], r["lon"], r["kt"]) for r in rows] == [
            ("367000001", T0 * 1000, 33.5, -118.5, 9.9)
        ]
        assert lost == dropped
        assert store.manifest.batches[0].adapter == "ais_us"


@pytest.mark.parametrize(
    ("time", "written"),
    [
        ("t", f"{T0}"), ("time", f"{T0}.0"), ("timestamp", f"{T0}000"), ("epoch", f"{T0}000000"),
        ("t", f"{T0}000000000"), ("datetime", "2023-11-14T22:13:20Z"), ("utc", "2023-11-14 22:13:20"),
        ("timestamp", "2023-11-15T00:13:20+02:00"),
    ],
)  # fmt: skip
def test_times_are_read_in_any_usual_form(tmp_path: Path, time: str, written: str) -> None:
    file = tmp_path / "any.csv"
    file.write_text(f"{time},hex,Latitude,Longitude\n{written},ABCDEF,1,2\n", "utf-8")
    rows, dropped, _ = taken(tmp_path, file)
    assert [(r["t"], r["who"]) for r in rows] == [(T0 * 1000, "abcdef")]
    assert not dropped


def test_columns_can_be_named_by_the_user(tmp_path: Path) -> None:
    file = tmp_path / "own;names*.csv"
    file.write_text(f"when;who;y;x;metres;knots\n{T0};12;1.5;2.5;304.8;30\n", "utf-8")
    mapping = {"t": "when", "id": "who", "lat": "y", "lon": "x", "alt_baro_m": "metres", "gs_kt": "knots"}
    rows, _, _ = taken(tmp_path, file, mapping=mapping)
    assert [(r["who"], r["lat"], r["lon"], r["baro"], r["kt"]) for r in rows] == [("#12", 1.5, 2.5, 1000, 30.0)]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [({"t": "wen"}, "no column called 'wen'"), ({"when": "t"}, "no kind of column called 'when'"),
     ({"icao24": "hex", "mmsi": "hex"}, "both named")],
)  # fmt: skip
def test_a_mapping_that_cannot_be_is_told(tmp_path: Path, mapping: dict[str, str], said: str) -> None:
    file = tmp_path / "any.csv"
    file.write_text("t,hex,lat,lon\n1,ABCDEF,1,2\n", "utf-8")
    with pytest.raises(BadInput, match=said):
        convert([file], tmp_path / "store", mapping=mapping)


def test_every_rule_that_drops_a_row_is_counted(tmp_path: Path) -> None:
    rows = [
        f"{T0},4b1815,1,2", f"{T0},4b1815,1,2", f"{T0},4b1815,3,4", ",4b1815,1,2", "soon,4b1815,1,2", "0,4b1815,1,2",
        f"{T0},,1,2", f"{T0},xyz,1,2", f"{T0},12345,1,2", f"{T0},4b1815,nan,2", f"{T0},4b1815,,", f"{T0},4b1815,1,inf",
        f"{T0},4b1815,-91,2", f"{T0},4b1815,1,180.5", f"{T0},4b1815", f'{T0},4b1816,"1,2',
    ]  # fmt: skip
    file = tmp_path / "any.csv"
    file.write_text("\n".join(["t,hex,lat,lon", *rows]) + "\n", "utf-8")
    kept, dropped, store = taken(tmp_path, file)
    assert [(r["who"], r["lat"]) for r in kept] == [("4b1815", 1.0)]
    assert dropped == {
        "repeated_time": 2, "no_time": 2, "time_out_of_range": 1, "no_identity": 3, "no_position": 2,
        "position_out_of_range": 3, "bad_line": 2,
    }  # fmt: skip
    assert set(dropped) | {"not_a_ship"} == set(RULES)
    batch = store.manifest.batches[0]
    assert (batch.rows, batch.first_bad_line) == (len(rows), 16)
    assert batch.rows == batch.kept + sum(batch.dropped.values())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("other.csv", b"a,b\n1,2\n", r"other.csv:1: no adapter knows its columns: a, b"),
        ("other.json", b'{"a": 1}', r"other.json:1: no adapter knows this JSON: a"),
        ("list.json", b"[1]", "the document is no object"),
        ("torn.json", b'{"icao": "4b1815", "trace": [', "this is not JSON"),
        ("torn.gz", gzip.compress(b"t,hex,lat,lon\n" * 99, mtime=0)[:-9], "cut short"),
        ("bent.gz", b"\x1f\x8b\x08" + b"x" * 99, "damaged"),
        ("ais.zip", b"PK\x03\x04rest", "the zip archive is damaged or cut short"),
        ("ais.bz2", b"BZh91AY&SY", "Unpack it first"),
        ("image.csv", b"\x89PNG\r\n\x00\x00\x00", "neither text nor Parquet"),
        ("cut.parquet", b"PAR1\x15\x04\x15", "the Parquet file is cut short or damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_leaves_nothing(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(BadInput, match=said):
        convert([file], tmp_path / "store")
    assert Store(tmp_path / "store").hours == []
    assert not (tmp_path / "store" / "manifest.json").exists()


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "no plain file")):
        with pytest.raises(BadInput, match=said):
            convert([path], tmp_path / "store")


def test_a_damaged_row_group_is_named(tmp_path: Path) -> None:
    file = tmp_path / "two.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT {T0} + i AS t, '4b1815' AS hex, random() AS lat, random() AS lon FROM range(20000) r(i)) "
        f"TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 4096, COMPRESSION zstd)"
    )
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = b"\xaa" * 4000
    file.write_bytes(data)
    with pytest.raises(BadInput, match=r"two\.parquet, row group [1-3]: the Parquet file is cut short or damaged"):
        convert([file], tmp_path / "store")


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackfile, "LARGEST_DOCUMENT", 1 << 20)
    file = packed(tmp_path / "bomb.json", b" " * (64 << 20))
    with pytest.raises(BadInput, match="more than 200 times its size"):
        convert([file], tmp_path / "store")
    (tmp_path / "long.json").write_bytes(b'{"a":"' + b"x" * (2 << 20) + b'"}')
    with pytest.raises(BadInput, match="longer than 1 MiB"):
        convert([tmp_path / "long.json"], tmp_path / "store")


def test_an_adapter_can_be_named(tmp_path: Path) -> None:
    file = opensky(tmp_path / "states.csv", [f"{T0},4b1815,47.5,8.5,231.5,90,0,,False,False,False,,11582.4,,,"])
    assert taken(tmp_path, file, named=adapter("named-columns"))[0][0]["who"] == "4b1815"
    with pytest.raises(BadInput, match="the adapter ais_us does not know its columns"):
        convert([file], tmp_path / "other", named=adapter("ais_us"))
    with pytest.raises(BadInput, match="Did you mean opensky"):
        adapter("open sky")


NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-(10**12), 10**12), st.none(), st.text(max_size=4),
    st.booleans(), st.just("ground"), st.lists(st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.lists(NUMBERS, max_size=14), NUMBERS), max_size=12), NUMBERS, NUMBERS)
def test_no_trace_however_wild_escapes_the_rules(
    tmp_path_factory: pytest.TempPathFactory, points: list[Any], start: Any, who: Any
) -> None:
    folder = tmp_path_factory.mktemp("wild")
    file = folder / "trace.json"
    document = {"icao": who if isinstance(who, str) else "4b1815", "timestamp": start, "trace": points}
    file.write_text(json.dumps(document), "utf-8")
    rows, dropped, _ = taken(folder, file)
    assert len(rows) + sum(dropped.values()) == len(points)
    assert all(abs(r["lat"]) <= 90 and abs(r["lon"]) <= 180 and math.isfinite(r["kt"]) for r in rows)
