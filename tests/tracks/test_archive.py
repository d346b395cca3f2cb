"""Zipped AIS: read as it comes, member by member, by the same rules as the files within; bombs and damage are told."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from track_samples import DENMARK, US, danish

from dualtrack.core.errors import BadInput
from dualtrack.tracks import store as module
from dualtrack.tracks import trackfile
from dualtrack.tracks.store import Store, convert


def danish_day(minute: int, count: int = 50) -> str:
    lines = [danish(f"14/11/2023 22:{minute:02d}:{k:02d}", "Class A", 219000001, 55 + k / 1e4, 12.0, "9.1", "FREJA")
             for k in range(count)]  # fmt: skip
    return "\n".join([DENMARK, *lines]) + "\n"


def zipped(path: Path, members: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def hours(store: Store) -> dict[str, str]:
    return {name: hour.sha256 for name, hour in store.manifest.hours.items()}


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_zip_gives_what_its_files_give(tmp_path: Path, packing: int) -> None:
    texts = {"aisdk-2023-11-14.csv": danish_day(10), "2023/deep/er/aisdk-2023-11-15.csv": danish_day(20)}
    path = zipped(tmp_path / "aisdk-2023.zip", {**texts, "LICENSE.txt": "free", "__MACOSX/._a.csv": b"\0\5"}, packing)
    (tmp_path / "plain").mkdir()
    plain = [tmp_path / "plain" / f"{k}.csv" for k in range(2)]
    for file, text in zip(plain, texts.values(), strict=True):
        file.write_text(text, "utf-8")
    whole = convert([path], tmp_path / "store")
    assert hours(whole) == hours(convert(plain, tmp_path / "other"))
    sources = sorted(whole.manifest.inputs, key=lambda one: one.name)
    assert [one.name for one in sources] == sorted(f"aisdk-2023.zip/{name}" for name in texts)
    by_name = {one.name.partition("/")[2]: one for one in sources}
    for name, text in texts.items():
        assert by_name[name].sha256 == hashlib.sha256(text.encode()).hexdigest()
        assert by_name[name].size == len(text)
        assert by_name[name].archive == hashlib.sha256(path.read_bytes()).hexdigest()
    assert {batch.adapter for batch in whole.manifest.batches} == {"ais_denmark"}
    assert not (tmp_path / "store" / ".stage").exists()


def test_an_archive_and_its_files_are_taken_once(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"one.csv": danish_day(10), "two.csv": danish_day(20)})
    (tmp_path / "one.csv").write_text(danish_day(10), "utf-8")
    told: list[str] = []
    convert([tmp_path / "one.csv"], tmp_path / "store")
    convert([path], tmp_path / "store", progress=told.append)
    assert [what for what in told if what.endswith("read")] == ["a.zip/two.csv read"]
    before = (tmp_path / "store" / "manifest.json").read_bytes()
    convert([path, tmp_path / "one.csv"], tmp_path / "store")
    assert (tmp_path / "store" / "manifest.json").read_bytes() == before


def test_what_is_held_from_an_archive_is_not_unpacked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"one.csv": danish_day(10), "in/two.csv": danish_day(20)})
    convert([path], tmp_path / "store")
    monkeypatch.setattr("dualtrack.tracks.archive._taken_out", None)
    path.rename(tmp_path / "renamed.zip")
    assert len(convert([tmp_path / "renamed.zip"], tmp_path / "store").manifest.inputs) == 2


def test_an_interrupted_archive_is_taken_up(tmp_path: Path) -> None:
    good = {f"{k}.csv": danish_day(10 + k) for k in range(3)}
    path = zipped(tmp_path / "a.zip", {**good, "z.csv": "a,b\n1,2\n"})
    with pytest.raises(BadInput, match=r"a\.zip/z\.csv:1: no adapter knows its columns: a, b\."):
        convert([path], tmp_path / "store")
    assert Store(tmp_path / "store").hours == []
    told: list[str] = []
    with pytest.raises(BadInput, match=r"a\.zip/z\.csv"):
        convert([path], tmp_path / "store", progress=told.append)
    assert told == []  # what was staged is not read again
    assert len(list((tmp_path / "store" / ".stage").glob("*/done.json"))) == 3


def test_us_ais_and_traces_in_a_zip(tmp_path: Path) -> None:
    lines = [f"367000001,2023-11-14T22:{k:02d}:00,29.9,-90.1,9.0,0,0,EAGLE,,,,,,,,,A" for k in range(20)]
    trace = '{"icao": "43c001", "timestamp": 1700000000, "trace": [[0, 50, 8, 30000, 400, 0, 0, 0, null]]}'
    path = zipped(tmp_path / "a.zip", {"AIS_2023_11_14.CSV": "\n".join([US, *lines]), "traces/t.json": trace})
    store = convert([path], tmp_path / "store")
    assert {batch.adapter: batch.kept for batch in store.manifest.batches} == {"ais_us": 20, "readsb_trace": 1}


def lone(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return out.getvalue()


def locked() -> bytes:
    data = bytearray(lone(danish_day(10).encode()))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Many members of the directory point to one."""
    data = lone(b"t,icao24,lat,lon\n" * 5000)
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = (200).to_bytes(2, "little")
    tail[12:16] = (200 * len(entry)).to_bytes(4, "little")
    return data[:start] + entry * 200 + bytes(tail)


WHOLE = lone(danish_day(10).encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (WHOLE[:-30], r"bad\.zip: the zip archive is damaged or cut short"),
        (WHOLE[:200], r"bad\.zip: the zip archive is damaged or cut short"),
        (WHOLE[:60] + bytes(40) + WHOLE[100:], r"bad\.zip/a\.csv is damaged: it cannot be unpacked"),
        (WHOLE[:14] + b"\0\0\0\0" + WHOLE[18:], ""),  # the directory at the end counts, not the local head
        (locked(), r"bad\.zip/a\.csv is locked or packed in a rare way"),
        (overlapping(), r"bad\.zip: its members lie over one another"),
        (lone(b""), r"bad\.zip/a\.csv is empty"),
        (lone(b"\0\1\2" * 100), r"bad\.zip/a\.csv:1: a byte that is no text"),
    ],
    ids=["tail", "cut", "spoilt", "local-head", "locked", "overlapping", "empty", "binary"],
)
def test_damage_is_told_by_name(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "bad.zip").write_bytes(data)
    if not said:
        assert convert([tmp_path / "bad.zip"], tmp_path / "store").manifest.batches[0].kept == 50
        return
    with pytest.raises(BadInput, match=said):
        convert([tmp_path / "bad.zip"], tmp_path / "store")
    assert Store(tmp_path / "store").hours == []


@pytest.mark.parametrize("members", [{}, {"readme.txt": "x"}, {"folder/": ""}, {"tracks.parquet": b"PAR1"}])
def test_an_archive_without_track_files_is_told(tmp_path: Path, members: dict[str, str | bytes]) -> None:
    path = zipped(tmp_path / "a.zip", members)
    with pytest.raises(BadInput, match=r"a\.zip: the zip archive holds no track file; it holds"):
        convert([path], tmp_path / "store")


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackfile, "LARGEST_DOCUMENT", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", {"a.csv": b"t,icao24,lat,lon\n" + b"0" * (64 << 20)})
    assert path.stat().st_size < 1 << 17
    with pytest.raises(BadInput, match=r"bomb\.zip/a\.csv unpacks to more than 200 times its size"):
        convert([path], tmp_path / "store")


def test_names_of_members_are_never_paths(tmp_path: Path) -> None:
    names = ["../../outside.csv", "/etc/dualtrack.csv", "C:\\x.csv", "<b>\n\x1b[31m.csv"]
    path = zipped(tmp_path / "a.zip", {name: danish_day(10 + k) for k, name in enumerate(names)})
    store = convert([path], tmp_path / "in" / "store")
    assert {one.name for one in tmp_path.iterdir()} == {"a.zip", "in"}
    assert not Path("/etc/dualtrack.csv").exists()
    assert len(store.manifest.inputs) == 4
    assert all(one.name.isprintable() for one in store.manifest.inputs)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_no_change_of_bytes_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, place: int, change: bytes) -> None:
    folder = tmp_path_factory.mktemp("changed")
    (folder / "a.zip").write_bytes(WHOLE[:place] + change + WHOLE[place + len(change) :])
    try:
        store = convert([folder / "a.zip"], folder / "store")
    except BadInput:
        assert Store(folder / "store").hours == []
    else:
        assert sum(batch.kept for batch in store.manifest.batches) in (1, 50)


def test_gzip_beside_is_as_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(danish_day(10).encode()))
    (source,) = convert([tmp_path / "a.csv.gz"], tmp_path / "store").manifest.inputs
    assert source == module.Source(
        name="a.csv.gz", sha256=hashlib.sha256((tmp_path / "a.csv.gz").read_bytes()).hexdigest(),
        size=(tmp_path / "a.csv.gz").stat().st_size,
    )  # fmt: skip
