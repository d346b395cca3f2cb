"""The track store: whole or not at all, the same for any order, taken up where it was left."""

import json
import random
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dualtrack.core.errors import BadInput
from dualtrack.tracks import store as module
from dualtrack.tracks.packing import PER_DEGREE, identity
from dualtrack.tracks.store import COLUMNS, Store, convert, hour_number, is_store
from dualtrack.tracks.watching import new_files
from flying import T0, straight, table

HOUR = T0 // 3600


def hashes(store: Store) -> dict[str, str]:
    return {name: hour.sha256 for name, hour in store.manifest.hours.items()}


def files(folder: Path, count: int = 4) -> list[Path]:
    """Files whose reports lie in three hours; each has one report that another has too."""
    folder.mkdir(exist_ok=True)
    made = []
    for k in range(count):
        rows = straight(f"40000{k}", (50, 8 + k), (0, 0.001), 30000, until=7000, every=50)
        made.append(table(folder / f"{k}.csv", [*rows, (100, "400009", 10.0 + k, 10.0, 1000)]))
    return made


def test_an_hour_is_sorted_and_each_identity_once_at_a_time(tmp_path: Path) -> None:
    store = convert(files(tmp_path / "in"), tmp_path / "store")
    assert is_store(tmp_path / "store")
    assert store.hours == [HOUR, HOUR + 1, HOUR + 2]
    found = store.read(HOUR)
    assert list(found) == list(COLUMNS)
    key = found["id"].astype(np.int64) * 3_600_000 + found["t"]
    assert (np.diff(key) > 0).all()
    same = found["id"] == identity("400009")
    assert found["lat"][same].tolist() == [10 * PER_DEGREE]  # of equals the smallest, whichever came first
    assert store.manifest.dropped == {"repeated_time": 3}
    assert sum(len(store.read(hour)["t"]) for hour in store.hours) == sum(b.kept for b in store.manifest.batches) - 3


def test_the_order_and_the_number_of_runs_make_no_difference(tmp_path: Path) -> None:
    made = files(tmp_path / "in")
    whole = hashes(convert(made, tmp_path / "one"))
    assert hashes(convert(made[::-1], tmp_path / "two")) == whole
    for path in made:
        convert([path], tmp_path / "three")
    assert hashes(Store(tmp_path / "three")) == whole
    before = (tmp_path / "one" / "manifest.json").read_bytes()
    convert(made, tmp_path / "one")  # what it holds is passed over
    assert (tmp_path / "one" / "manifest.json").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["hours", "manifest.json"]
    named = [name for hour in Store(tmp_path / "three").manifest.hours.values() for name in (hour.file, hour.objects)]
    assert sorted(path.name for path in (tmp_path / "three" / "hours").iterdir()) == sorted(n[6:] for n in named)


def test_duckdb_and_pyarrow_read_the_same(tmp_path: Path) -> None:
    store = convert(files(tmp_path / "in"), tmp_path / "store")
    path = tmp_path / "store" / store.manifest.hours["2023-11-14T22"].file
    one, other = module._read_parquet(path, list(COLUMNS)), module._read_through_duckdb(path, list(COLUMNS))
    for name in COLUMNS:
        assert one[name].dtype == other[name].dtype == module._DTYPES[name]
        assert (one[name] == other[name]).all()


def test_positions_are_delta_packed(tmp_path: Path) -> None:
    store = convert(files(tmp_path / "in"), tmp_path / "store")
    path = str(tmp_path / "store" / store.manifest.hours["2023-11-14T22"].file)
    found = duckdb.connect().execute("SELECT path_in_schema, encodings FROM parquet_metadata(?)", [path]).fetchall()
    assert {encoding for name, encoding in found if name == "lon"} == {"DELTA_BINARY_PACKED"}
    found = duckdb.connect().execute("SELECT DISTINCT repetition_type FROM parquet_schema(?)", [path]).fetchall()
    assert found == [("REQUIRED",)]


def test_longitudes_at_both_ends_of_the_earth_are_read_by_duckdb_and_pyarrow(tmp_path: Path) -> None:
    dice = random.Random(1)
    rows = [(t, "400001", dice.choice([-90, 90]), dice.choice([-180, 180, 179.999999]), 1000) for t in range(3000)]
    store = convert([table(tmp_path / "far.csv", rows)], tmp_path / "store")  # type: ignore[arg-type]
    path = tmp_path / "store" / store.manifest.hours["2023-11-14T22"].file
    one, other = module._read_parquet(path, ["lat", "lon"]), module._read_through_duckdb(path, ["lat", "lon"])
    expected = {t: lon for t, _, _, lon, _ in rows if t < len(one["lon"])}
    assert (one["lon"] == other["lon"]).all() and (one["lat"] == other["lat"]).all()
    assert [lon / PER_DEGREE for lon in one["lon"].tolist()] == list(expected.values())


KILLED = """
import os, signal, sys
from pathlib import Path
from dualtrack.tracks import store
real, count = store.{function}, 0
def dies(*given, **more):
    global count
    count += 1
    if count > {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **more)
store.{function} = dies
store.convert([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("function", "after"), [("inspected", 2), ("write_whole", 1), ("_merged", 1), ("write_whole", 4)]
)
def test_a_killed_conversion_leaves_nothing_partial_and_is_taken_up(tmp_path: Path, function: str, after: int) -> None:
    made = files(tmp_path / "in")
    script = KILLED.format(function=function, after=after)
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "store", *made], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert Store(tmp_path / "store").hours == []
    assert not is_store(tmp_path / "store")
    assert hashes(convert(made, tmp_path / "store")) == hashes(convert(made, tmp_path / "other"))
    assert not (tmp_path / "store" / ".stage").exists()


def test_what_was_staged_is_not_read_again(tmp_path: Path) -> None:
    made = files(tmp_path / "in")
    bad = tmp_path / "in" / "9.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(BadInput, match=r"9\.csv:1: no adapter"):
        convert([*made, bad], tmp_path / "store")
    read: list[str] = []
    staged = {path.name for path in (tmp_path / "store" / ".stage").iterdir()}
    assert len(staged) == len(made) + 1  # and the scratch folder
    store = convert(made, tmp_path / "store", progress=read.append)
    assert not [what for what in read if what.endswith(" read")]
    assert len(store.manifest.inputs) == len(made)


def test_a_million_duplicates_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT {T0} + (i % 10) AS t, '4b1815' AS hex, 50.0 AS lat, 8.0 AS lon FROM range(1000010) r(i)) "
        f"TO '{path}'"
    )
    store = convert([path], tmp_path / "store")
    assert store.manifest.dropped == {"repeated_time": 1_000_000}
    assert len(store.read(HOUR)["t"]) == 10


def test_storms_of_nothing_and_clocks_that_were_reset(tmp_path: Path) -> None:
    path = tmp_path / "storm.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT CASE WHEN i % 5 = 0 THEN i ELSE {T0} + i / 100 END AS t, '4b1815' AS hex, "
        "CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE ELSE 50.0 END AS lat, CASE i % 3 WHEN 0 THEN 'inf'::DOUBLE WHEN 1 THEN "
        f"-1e300 ELSE 8.0 END AS lon FROM range(300000) r(i)) TO '{path}'"
    )
    store = convert([path], tmp_path / "store")
    (batch,) = store.manifest.batches
    assert batch.rows == 300_000 == batch.kept + sum(batch.dropped.values())
    assert batch.dropped["time_out_of_range"] == 60_000
    assert batch.kept == 300_000 * 4 // 5 // 6


@pytest.mark.parametrize("text", ["{", '{"format": 2}', "[]", '{"format": 1, "more": 1}'])
def test_a_manifest_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    convert(files(tmp_path / "in", 1), tmp_path / "store")
    (tmp_path / "store" / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="no manifest of a track store"):
        Store(tmp_path / "store")


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(BadInput, match="holds other files"):
        convert(files(tmp_path / "in", 1), tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    with pytest.raises(BadInput, match="is a file"):
        Store(tmp_path / "mine" / "letter.txt")


def test_a_damaged_hour_is_told(tmp_path: Path) -> None:
    store = convert(files(tmp_path / "in", 1), tmp_path / "store")
    path = tmp_path / "store" / store.manifest.hours["2023-11-14T22"].file
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInput, match="missing or damaged"):
        store.read(HOUR)
    path.unlink()
    with pytest.raises(BadInput, match="missing or damaged"):
        store.read(HOUR, ["t"])
    assert len(store.read(hour_number("2020-01-01T00"))["t"]) == 0


def test_one_run_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with module._alone(tmp_path / "store"), pytest.raises(BadInput, match="written to by another run"):
        convert(files(tmp_path / "in", 1), tmp_path / "store")


def test_many_small_documents_are_staged_together(tmp_path: Path) -> None:
    dice = random.Random(5)
    made = []
    for k in range(60):
        points = [[t, 50 + dice.random(), 8 + dice.random(), 30000, 400, 0, 0, 0, None] for t in range(0, 600, 60)]
        made.append(tmp_path / f"trace_full_{k:06x}.json")
        made[-1].write_text(json.dumps({"icao": f"{k:06x}", "timestamp": T0, "trace": points}), "utf-8")
    store = convert(made, tmp_path / "store")
    (batch,) = store.manifest.batches
    assert (len(batch.files), batch.kept, batch.adapter) == (60, 600, "readsb_trace")


def test_a_watched_folder_gives_each_file_once_it_has_stopped_growing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.csv").write_text("1", "utf-8")
    (tmp_path / "in" / ".hidden.csv").write_text("1", "utf-8")
    looks = 0

    def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        growing = tmp_path / "in" / "two.csv"
        if looks in (2, 3, 4):
            growing.write_text("x" * looks, "utf-8")
        if looks == 8:
            (tmp_path / "in" / "one.csv").write_text("changed", "utf-8")

    seen = new_files([tmp_path / "in"], sleep=sleep)
    assert [path.name for path in next(seen)] == ["one.csv"]
    assert [path.name for path in next(seen)] == ["two.csv"]
    assert looks == 5
    assert [path.name for path in next(seen)] == ["one.csv"]
    assert looks == 9
