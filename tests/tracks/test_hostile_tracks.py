"""Track files that are damaged, mistaken or meant to harm: an error that names the place, or rows counted as dropped.

Never a traceback, never a store that looks whole and is not.
"""

import gzip
import json
import os
import subprocess
import sys
import warnings
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from track_samples import T0, trace

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.encounters.page import page
from dualtrack.publish.encounters.tables import as_json
from dualtrack.tracks import trackfile
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.intake import MOST_COLUMNS
from dualtrack.tracks.search import search
from dualtrack.tracks.store import Batch, Store, convert, is_store
from flying import crossing, straight, table

HEAD = "t,icao24,lat,lon\n"
GOOD = f"SELECT {T0} + i AS t, '4b1815' AS hex, 50.0 AS lat, 8.0 + i / 1e4 AS lon FROM range(1000) r(i)"
RECORD = open_record("2026-11-25")


def parquet(path: Path, select: str) -> Path:
    with duckdb.connect() as database:
        database.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def refused(path: Path, folder: Path) -> str:
    """What is said of a file that is refused; it names the file and what to do, and leaves no store."""
    with pytest.raises(BadInput) as said, warnings.catch_warnings():
        warnings.simplefilter("error")
        convert([path], folder)
    assert str(path) in said.value.problem
    assert said.value.fix
    assert not is_store(folder)
    assert Store(folder).hours == []
    return said.value.problem.replace(str(path), path.name)


def taken(path: Path, folder: Path) -> Batch:
    """What becomes of the rows of a file that is read: every one is kept or dropped by a rule."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = convert([path], folder)
        search(store, Asked(), RECORD)
    (batch,) = store.manifest.batches
    assert batch.rows == batch.kept + sum(batch.dropped.values())
    return batch


def test_a_parquet_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "whole.parquet", GOOD).read_bytes()
    for length in (4, 8, 200, len(whole) // 2, len(whole) - 8, len(whole) - 1):
        path = tmp_path / f"cut{length}.parquet"
        path.write_bytes(whole[:length])
        assert refused(path, tmp_path / f"s{length}") == f"{path.name}: the Parquet file is cut short or damaged."
    (tmp_path / "hole.parquet").write_bytes(whole[:200] + bytes(300) + whole[500:])
    assert refused(tmp_path / "hole.parquet", tmp_path / "hole").startswith("hole.parquet, row group 0: the Parquet")


PLAIN = {"t": str(T0), "hex": "'abcdef'", "lat": "50.0", "lon": "8.0"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("t", "{'a': 1}", "column t: it holds STRUCT(a INTEGER), neither numbers, text nor times"),
        ("t", "TIME '10:00'", "column t: it holds TIME,"),
        ("t", "INTERVAL 3 DAYS", "column t: it holds INTERVAL,"),
        ("hex", "['abcdef']", "column hex: it holds VARCHAR[],"),
        ("hex", "'abcdef'::BLOB", "column hex: it holds BLOB,"),
        ("lat", "[50.0]", "column lat: it holds DECIMAL(3,1)[],"),
        ("lat", "DATE '2020-01-01'", "when casting from source column lat"),
        ("alt", "{'a': 1}", "column alt: it holds STRUCT"),
        ("lon", None, "no adapter knows its columns: t, hex, lat."),
    ],
)
def test_parquet_of_wrong_columns_and_types_is_refused_by_column(
    tmp_path: Path, column: str, value: str | None, said: str
) -> None:
    values = {**PLAIN, column: value}
    select = ", ".join(f"{cell} AS {name}" for name, cell in values.items() if cell)
    assert said in refused(parquet(tmp_path / "a.parquet", f"SELECT {select}"), tmp_path / "store")


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("t", "true", "time_out_of_range"),
        ("t", "'inf'::DOUBLE", "no_time"),
        ("t", "'nan'::DOUBLE", "no_time"),
        ("t", "'infinity'::TIMESTAMP", "no_time"),
        ("t", "TIMESTAMP '290000-01-01'", "time_out_of_range"),
        ("t", "170141183460469231731687303715884105727::HUGEINT", "no_time"),
        ("t", "'yesterday'", "no_time"),
        ("hex", "'nan'::DOUBLE", "no_identity"),
        ("hex", "-1", "no_identity"),
        ("hex", "'0x4b18'", "no_identity"),
        ("lat", "'inf'::DOUBLE", "position_out_of_range"),
        ("lat", "'nan'::FLOAT", "no_position"),
        ("lat", "NULL::DOUBLE", "no_position"),
        ("lon", "1e300", "position_out_of_range"),
        ("lon", "'8,5'", "no_position"),
    ],
)
def test_values_that_cannot_be_are_counted_by_rule(tmp_path: Path, column: str, value: str, rule: str) -> None:
    select = ", ".join(f"{cell} AS {name}" for name, cell in {**PLAIN, column: value}.items())
    batch = taken(parquet(tmp_path / "a.parquet", f"SELECT {select}"), tmp_path / "store")
    assert (batch.kept, batch.dropped) == (0, {rule: 1})


def test_a_column_of_nothing_at_all_is_missing(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(
        pyarrow.table({"t": [T0], "hex": ["4b1815"], "lat": [50.0], "lon": [8.0], "alt": pyarrow.nulls(1)}),
        tmp_path / "a.parquet",
    )
    assert taken(tmp_path / "a.parquet", tmp_path / "store").kept == 1


def test_clocks_that_were_reset_are_counted_and_milliseconds_are_read(tmp_path: Path) -> None:
    select = (
        f"SELECT CASE i % 5 WHEN 0 THEN i WHEN 1 THEN 4102444801 + i WHEN 2 THEN ({T0} + i) * 1000 "
        f"WHEN 3 THEN {T0} + 1000 - i ELSE -{T0} END AS t, '4b1815' AS hex, 50.0 AS lat, 8.0 AS lon "
        "FROM range(1000) r(i)"
    )
    path = parquet(tmp_path / "clocks.parquet", select)
    batch = taken(path, tmp_path / "store")
    assert (batch.kept, batch.dropped) == (400, {"time_out_of_range": 600})  # 1970, 2100 and before 1970
    found = Store(tmp_path / "store").read(T0 // 3600, ["t"])["t"]
    assert (found[1:] > found[:-1]).all()  # backwards or not, they are in order


def test_a_clock_that_runs_backwards_finds_what_one_that_does_not_finds(tmp_path: Path) -> None:
    rows = crossing()
    forth = search(convert([table(tmp_path / "a.csv", rows)], tmp_path / "a"), Asked(), RECORD)
    back = search(convert([table(tmp_path / "b.csv", rows[::-1])], tmp_path / "b"), Asked(), RECORD)
    assert back.encounters == forth.encounters
    assert len(forth.encounters) == 1


def test_a_million_duplicates_of_both_change_nothing(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.csv", crossing())
    many = parquet(
        tmp_path / "many.parquet",
        f"SELECT c.* FROM read_csv('{rows}', all_varchar = true) c, range(12500)",
    )
    store = convert([many], tmp_path / "store")
    assert store.manifest.dropped["repeated_time"] == 82 * 12_499 > 1_000_000
    one = search(convert([rows], tmp_path / "one"), Asked(), RECORD).encounters
    assert search(store, Asked(), RECORD).encounters == one != ()


def test_storms_of_nothing_leave_the_two_who_fly(tmp_path: Path) -> None:
    rows = table(tmp_path / "a.csv", crossing())
    storm = parquet(
        tmp_path / "storm.parquet",
        f"SELECT {T0} + i % 400 AS t, CASE i % 2 WHEN 0 THEN '43c001' ELSE '151001' END AS icao24, "
        "CASE i % 3 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE 1e9 END AS lat, '-inf'::DOUBLE AS lon, "
        "'nan'::DOUBLE AS alt_baro_ft FROM range(200000) r(i)",
    )
    alone = search(convert([rows], tmp_path / "one"), Asked(), RECORD).encounters
    store = convert([rows, storm], tmp_path / "both")
    assert search(store, Asked(), RECORD).encounters == alone
    assert sum(store.manifest.dropped.values()) == 200_000


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\n \n\n", "blank.csv is empty"),
        ("nothing.json", gzip.compress(b"", mtime=0), "nothing.json is empty"),
        ("nul.csv", (HEAD + f"{T0},4b1815,50,8\n{T0},4b\x001815,50,8\n").encode(), "nul.csv:3: a byte that is no text"),
        ("wide.csv", (HEAD + f"{T0},4b1815,50,8\n").encode("utf-16"), "wide.csv:1: a byte that is no text"),
        ("old.csv", (HEAD + f"{T0},4b1815,50,8\n").replace("\n", "\r").encode(), "old.csv:1: lines end in a"),
        ("head.csv", b"t" * 2_000_000, "head.csv:1: the first line is longer than 1,048,576 bytes"),
        ("columns.csv", ",".join(f"c{k}" for k in range(50_000)).encode(),
         f"columns.csv:1: there are more than {MOST_COLUMNS:,} columns"),
        ("day.json", gzip.compress(trace("4b1815", [[0, 50, 8, 1000, 400, 0, 0, 0, None]] * 5000), mtime=0)[:-20],
         "day.json is cut short: its gzip stream has no end"),
        ("deep.json", b'{"icao":"4b1815","timestamp":1,"trace":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
         "deep.json:1: the JSON is nested too deeply"),
        ("deeper.json", b"[" * 3_000_000, "deeper.json:1: the JSON is nested too deeply"),
        ("digits.json", b'{"icao":"4b1815","timestamp":' + b"1" * 5000 + b',"trace":[]}', "digits.json:1: this is not"),
        ("lines.json", b'{"now":1,"aircraft":[]}\n{"now":1,"aircraft":[}\n', "lines.json:2, column 22: this is"),
        ("comma.json", b'{"icao":"4b1815",\n"timestamp":1,,}', "comma.json:2, column 15: this is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_track_file_is_refused_by_place(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert refused(path, tmp_path / "store").startswith(said)


def test_a_gzip_bomb_is_refused_before_it_fills_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackfile, "LARGEST_DOCUMENT", 1 << 20)
    for name in ("bomb.csv.gz", "bomb.json"):
        (tmp_path / name).write_bytes(gzip.compress(HEAD.encode() + bytes([48]) * (64 << 20), 1))
        assert refused(tmp_path / name, tmp_path / "store") == f"{name} unpacks to more than 200 times its size."


def test_folders_pipes_devices_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "folder.csv", tmp_path / "a") == "folder.csv is no plain file."
    assert refused(tmp_path / "pipe.csv", tmp_path / "a") == "pipe.csv is no plain file."
    assert refused(Path("/dev/zero"), tmp_path / "a") == "zero is no plain file."
    assert refused(tmp_path / "gone.csv", tmp_path / "a").startswith("gone.csv cannot be read: No such file")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal of the system is played: whoever runs the tests may be allowed to read everything."""
    path = table(tmp_path / "mine.csv", crossing())
    path.chmod(0)
    real = Path.open

    def closed(self: Path, *given: object, **more: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    assert refused(path, tmp_path / "store") == "mine.csv cannot be read: Permission denied."


@pytest.mark.parametrize(
    ("lines", "kept", "dropped", "line"),
    [
        ([f"{T0},4b1815,50", f"{T0},4b1815,50,8,9", f"{T0 + 1},4b1815,50,8"], 1, {"bad_line": 2}, 2),
        ([f"{T0},4b1815,50,8", f'{T0},"4b1815,50,8', f"{T0 + 5},4b1815,50,8"], 1, {"bad_line": 1}, 3),
        ([f"{T0},4b1815,50,8", f"{T0},{'x' * 5_000_000},50,8", f"{T0 + 5},4b1815,50,8"], 2, {"bad_line": 1}, 3),
        ([f"{T0},4b1815,50,8"] * 70_000 + ["\0" * 50], 70_000, {"bad_line": 1}, 70_002),
        ([], 0, {}, 0),
    ],
    ids=["ragged", "quote", "huge", "nul-late", "head-only"],
)
def test_lines_that_cannot_be_read_are_counted_with_the_first(
    tmp_path: Path, lines: list[str], kept: int, dropped: dict[str, int], line: int
) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    batch = taken(tmp_path / "a.csv", tmp_path / "store")
    assert (batch.kept, batch.dropped, batch.first_bad_line) == (kept, dropped, line)


@pytest.mark.parametrize(
    "document",
    [
        {"icao": ["a"], "timestamp": T0, "trace": [[0, 50, 8, 1]]},
        {"icao": "4b1815", "timestamp": True, "trace": [[0, 50, 8, 1]]},
        {"icao": "4b1815", "timestamp": 10**400, "trace": [[0, 50, 8, 1]]},
        {"icao": "4b1815", "timestamp": T0, "dbFlags": "x", "trace": [
            [0, "a", {}, [], None, {}, "x", {}, {"rc": "x", "flight": ["y"], "type": 5}, [], {}], None, 5, "x", [],
            [True, True, True, True], [1e308, 50, 8, 1], [-(10**400), 50, 8, 1]]},
        {"now": T0, "aircraft": [None, 5, {"hex": 5, "lat": "x", "lon": []}, {"hex": "4b1815", "lat": 1e400, "lon": 8,
            "alt_baro": {}, "gs": [], "mlat": 5, "dbFlags": [], "flight": {}, "rc": "x", "seen_pos": "y"}]},
        {"now": 1e308, "aircraft": [{"hex": "4b1815", "lat": 50, "lon": 8, "seen_pos": -1e308}]},
        {"now": 10**400, "aircraft": [{"hex": "4b1815", "lat": 50, "lon": 8}]},
    ],
)  # fmt: skip
def test_documents_of_the_wrong_things_keep_nothing_and_count_it(tmp_path: Path, document: dict[str, object]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document), "utf-8")
    batch = taken(tmp_path / "a.json", tmp_path / "store")
    assert batch.kept == 0 < sum(batch.dropped.values())


WHOLE = (HEAD + "".join(f"{T0 + k},4b1815,50,{8 + k / 1000}\n" for k in range(40))).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["csv", "gz", "trace"]), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=4),
    st.floats(0, 1),
)  # fmt: skip
def test_whatever_bytes_change_it_is_told_or_counted(
    tmp_path_factory: pytest.TempPathFactory, kind: str, changes: list[tuple[float, bytes]], until: float
) -> None:
    points = [[k, 50, 8 + k / 1000, 1000, 400, 0, 0, 0, None] for k in range(40)]
    data = {"csv": WHOLE, "gz": gzip.compress(WHOLE, mtime=0), "trace": trace("4b1815", points)}[kind]
    for place, change in changes:
        at = int(place * len(data))
        data = data[:at] + change + data[at + len(change) :]
    folder = tmp_path_factory.mktemp("changed")
    path = folder / "a.file"
    path.write_bytes(data[: max(1, int(until * len(data)))] if until < 0.5 else data)
    try:
        convert([path], folder / "store")
    except BadInput as error:
        assert "a.file" in error.problem and error.fix
        assert not is_store(folder / "store")
    else:
        search(Store(folder / "store"), Asked(), RECORD)


MARKUP = "<img src=x onerror=alert(1)>&\"'.csv"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_markup_in_names_of_files_and_bearers_stays_text(tmp_path: Path) -> None:
    call = "</script><b onclick=x>"
    rows = table(tmp_path / "rows.csv", crossing()).read_text("utf-8").splitlines()
    path = tmp_path / MARKUP
    path.write_text("\n".join([rows[0] + ",callsign", *(f'{row},"{call}"' for row in rows[1:])]), "utf-8")
    found = search(convert([path], tmp_path / "store"), Asked(), RECORD)
    html = page(found).decode("utf-8")
    tags = _Tags()
    tags.feed(html)
    assert not [one for one in tags.found if one[0] == "img" or any(name.startswith("on") for name in one[1])]
    assert html.count("<script") == 1
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "&lt;/script&gt;&lt;b onclick=x&gt;" in html
    assert json.loads(as_json(found))["inputs"][0]["files"][0]["name"] == MARKUP


def test_the_command_tells_it_in_two_lines_and_writes_nothing(tmp_path: Path) -> None:
    table(tmp_path / "good.csv", [*crossing(), *straight("400001", (50, 8), (0, 0.001), 1000.0)])
    (tmp_path / "torn.json").write_bytes(gzip.compress(trace("4b1815", [[0, 50, 8, 1000]]))[:-6])
    done = subprocess.run(
        [sys.executable, "-m", "dualtrack", "know", "encounters", "good.csv", "torn.json", "--store", "kept", "-o",
         "out"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dualtrack: torn.json is cut short: its gzip stream has no end.\n  Fetch it again.\n"
    assert not (tmp_path / "out").exists()
    assert not is_store(tmp_path / "kept")


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error")])
def test_an_interrupt_within_a_query_is_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr("dualtrack.tracks.intake.Intake._write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        convert([table(tmp_path / "a.csv", crossing())], tmp_path / "store")
    assert not is_store(tmp_path / "store")
    monkeypatch.undo()
    assert convert([tmp_path / "a.csv"], tmp_path / "store").hours
