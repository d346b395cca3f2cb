"""The track store: a folder of hours, each one Parquet file of whole numbers sorted by identity and time.

What a file of the store holds stands in ``manifest.json``, which is written whole after the files it names and is the
only thing a reader trusts: what a killed conversion leaves behind is not in it. Converting goes in two steps. Every
input is staged (``intake``) into a folder of its own under ``.stage``, which counts once its ``done.json`` is there;
then each hour is merged from its stages and what it held before. A run that was interrupted takes up what was staged.

Rows of one identity and millisecond fall together: the one heard first stays, then the smallest in every column, so
that the order of the inputs makes no difference.

Figures that chose the layout (3.84 M states, one core, CPU): DuckDB writes DELTA_BINARY_PACKED positions (Parquet v2)
at 9.7 bytes a state uncompressed, as pyarrow does at 9.0 with lz4. Reading six columns takes 0.12 s with DuckDB and
0.04 s with pyarrow where columns are REQUIRED, 0.07 s where they could be missing; zstd makes it 0.2 to 0.4 s. So the
store is not compressed further, its columns are REQUIRED, and pyarrow reads where it is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dualtrack.core.errors import BadInput
from dualtrack.core.room import room_for
from dualtrack.core.wholefile import write_whole
from dualtrack.tracks.adapters import Adapter, Reported
from dualtrack.tracks.archive import is_zip, members
from dualtrack.tracks.intake import HOUR_MS, Intake, Staged, database, interrupts_told, sql_text, staged_files, told
from dualtrack.tracks.trackfile import TrackFile, inspected

COLUMNS = {
    "t": "ms of the hour",
    "id": "packed identity",
    "lat": "2e-7 degrees",
    "lon": "2e-7 degrees",
    "baro": "feet",
    "geom": "feet",
    "speed": "0.1 kt",
    "how": "source and bit of ground",
    "radius": "metres",
    "late": "ms from the position to the row that told it",
}
"""The columns of an hour and their units; see ``packing``."""

_ORDER = "id, t, late, lat, lon, baro, geom, speed, how, radius"
_BATCH_REPORTS, _BATCH_FILES = 500_000, 2_000  # of documents that are staged together

_IN_HOURS = r"^hours/[\w.-]+\.parquet$"  # a manifest names no file elsewhere

Told = Callable[[str], None]
Room = Callable[[str, int, Any], NDArray[Any]]
"""Gives memory for a column: by its name, rows and kind."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """An input as it was read; ``archive`` is the hash of the zip archive it was a member of."""

    name: str
    sha256: str
    size: int
    archive: str = ""


class Batch(_Part):
    """Inputs that were staged together, and what became of their rows."""

    adapter: str
    files: tuple[Source, ...]
    rows: int
    kept: int
    dropped: dict[str, int] = {}
    first_bad_line: int = 0


class Hour(_Part):
    """An hour of the store: its two files, their hash, and how many reports fell together in it."""

    file: str = Field(pattern=_IN_HOURS)
    objects: str = Field(pattern=_IN_HOURS)
    sha256: str
    rows: int = Field(ge=0)
    repeated: int = Field(ge=0)


class Manifest(_Part):
    """What is in a store."""

    format: Literal[1] = 1
    batches: tuple[Batch, ...] = ()
    hours: dict[str, Hour] = {}

    @field_validator("hours")
    @classmethod
    def _are_hours(cls, hours: dict[str, Hour]) -> dict[str, Hour]:
        for name in hours:
            hour_number(name)
        return hours

    @property
    def inputs(self) -> list[Source]:
        """All inputs."""
        return [source for batch in self.batches for source in batch.files]

    @property
    def dropped(self) -> Counter[str]:
        """Dropped rows by rule, those that fell together included."""
        found: Counter[str] = Counter()
        for batch in self.batches:
            found.update(batch.dropped)
        repeated = sum(hour.repeated for hour in self.hours.values())
        return found + Counter(repeated_time=repeated)


def hour_name(number: int) -> str:
    """An hour since 1970 as it is written: ``2018-08-01T05``."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=number)).strftime("%Y-%m-%dT%H")


def hour_number(name: str) -> int:
    """The hours since 1970 of a name.

    >>> hour_number(hour_name(425861))
    425861
    """
    return int(datetime.strptime(name, "%Y-%m-%dT%H").replace(tzinfo=UTC).timestamp()) // 3600


class Store:
    """A track store in a folder, as its manifest says it is.

    Args:
        folder: of the store; it need not be there yet.

    Raises:
        BadInput: the folder holds something else, or a manifest that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _manifest(folder)

    @property
    def hours(self) -> list[int]:
        """The hours (since 1970) that hold reports, in order."""
        return sorted(hour_number(name) for name in self.manifest.hours)

    def read(self, hour: int, columns: Sequence[str] = tuple(COLUMNS)) -> dict[str, NDArray[Any]]:
        """Columns of an hour, sorted by identity and time; empty where the hour has none.

        Raises:
            BadInput: its file is missing or damaged.
        """
        kept = self.manifest.hours.get(hour_name(hour))
        if kept is None:
            return {name: np.empty(0, _DTYPES[name]) for name in columns}
        path = self.folder / kept.file
        found = _read_parquet(path, columns)
        if len(found[columns[0]]) != kept.rows:
            raise BadInput(f"{path} does not hold what the manifest says.", "Convert the inputs again.")
        return found

    def key(self, hour: int) -> str:
        """What names the content of an hour: its file, whose name has a part of its hash."""
        kept = self.manifest.hours.get(hour_name(hour))
        return f"{self.folder}/{kept.file}" if kept else ""

    def packed(self, hour: int, columns: Sequence[str], room: Room) -> dict[str, NDArray[Any]]:
        """As ``read``, for reading fast: columns of one value hold it once, others are in the memory that is given.

        Raises:
            BadInput: its file is missing or damaged.
        """
        kept = self.manifest.hours.get(hour_name(hour))
        if kept is None or find_spec("pyarrow") is None:
            return self.read(hour, columns)
        return _decoded(self.folder / kept.file, columns, kept.rows, room)

    def objects(self, hour: int) -> list[tuple[int, str | None, bool]]:
        """Identity, name and whether a source counts it as military, of everything reported in an hour.

        Raises:
            BadInput: its file is missing or damaged.
        """
        kept = self.manifest.hours.get(hour_name(hour))
        if kept is None:
            return []
        path = self.folder / kept.objects
        con = database(self.folder)
        try:
            return con.execute("SELECT id, name, military FROM read_parquet(?) ORDER BY id", [str(path)]).fetchall()
        except duckdb.Error:
            raise _gone(path) from None
        finally:
            con.close()


_SQL = {
    "t": "INTEGER", "id": "INTEGER", "lat": "INTEGER", "lon": "INTEGER", "baro": "INTEGER", "geom": "INTEGER",
    "speed": "SMALLINT", "how": "UTINYINT", "radius": "USMALLINT", "late": "INTEGER",
}  # fmt: skip
_DTYPES: dict[str, Any] = {
    "t": np.int32, "id": np.int32, "lat": np.int32, "lon": np.int32, "baro": np.int32, "geom": np.int32,
    "speed": np.int16, "how": np.uint8, "radius": np.uint16, "late": np.int32,
}  # fmt: skip


def _read_parquet(path: Path, columns: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Columns of a file of the store, through pyarrow where it is installed, which takes about half the time."""
    try:
        import pyarrow.parquet
    except ImportError:
        return _read_through_duckdb(path, columns)
    try:
        table = pyarrow.parquet.read_table(path, columns=list(columns), use_threads=False, memory_map=True)
    except (OSError, pyarrow.ArrowException):
        raise _gone(path) from None
    return {name: table.column(name).combine_chunks().to_numpy(zero_copy_only=False) for name in columns}


def _decoded(path: Path, columns: Sequence[str], rows: int, room: Room) -> dict[str, NDArray[Any]]:
    """Columns of a file of the store, a piece at a time that fits the processor's cache."""
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path, memory_map=True) as file:
            if file.metadata.num_rows != rows:
                raise _gone(path)
            found = {name: value for name in columns if (value := _constant(file.metadata, name)) is not None}
            full = [name for name in columns if name not in found]
            found |= {name: room(name, rows, _DTYPES[name]) for name in full}
            done = 0
            for batch in file.iter_batches(65536, columns=full, use_threads=False):
                for name in full:
                    found[name][done : done + len(batch)] = batch.column(name).to_numpy()
                done += len(batch)
    except (OSError, pyarrow.ArrowException):
        raise _gone(path) from None
    return found


def _constant(metadata: Any, name: str) -> NDArray[Any] | None:
    """The only value of a column, where the file says that it has one."""
    values = set()
    for group in range(metadata.num_row_groups):
        said = metadata.row_group(group).column(list(COLUMNS).index(name)).statistics
        if said is None or not said.has_min_max or said.min != said.max:
            return None
        values.add(said.min)
    return np.array(list(values), _DTYPES[name]) if len(values) == 1 else None


def _read_through_duckdb(path: Path, columns: Sequence[str]) -> dict[str, NDArray[Any]]:
    con = database(path.parent)
    con.execute("SET preserve_insertion_order=true")
    try:
        chosen = ", ".join(f'"{name}"' for name in columns)
        found = con.execute(f"SELECT {chosen} FROM read_parquet(?)", [str(path)]).fetchnumpy()
    except duckdb.Error:
        raise _gone(path) from None
    finally:
        con.close()
    return {name: np.asarray(found[name]) for name in columns}


def _gone(path: Path) -> BadInput:
    return BadInput(f"{path} is missing or damaged.", "Convert the inputs again, into a new folder.")


def _manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    if not folder.exists():
        return Manifest()
    if not folder.is_dir():
        raise BadInput(f"{folder} is a file.", "Name a folder for the track store.")
    if not path.exists():
        if any(one.name not in (".stage", "hours") for one in folder.iterdir()):
            raise BadInput(f"{folder} holds other files and is no track store.", "Name a new or empty folder.")
        return Manifest()
    try:
        return Manifest.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        raise BadInput(
            f"{path} is no manifest of a track store of this version.", "Convert the inputs again."
        ) from None


def is_store(path: Path) -> bool:
    """Whether a path is a track store."""
    return (path / "manifest.json").is_file() and (path / "hours").is_dir()


def convert(
    paths: Sequence[Path],
    folder: Path,
    *,
    named: Adapter | None = None,
    mapping: Mapping[str, str] | None = None,
    threads: int = 1,
    progress: Told = lambda _: None,
) -> Store:
    """Takes files into a store; those it holds already (by their hash) are passed over.

    Args:
        paths: the files.
        folder: of the store.
        named: the adapter to use; left out, found file by file.
        mapping: what columns hold, for tables.
        threads: how many threads to sort with.
        progress: is told what is done.

    Raises:
        BadInput: a file cannot be used, or the folder is another program's or in use; what was staged stays for the
            next run, and the store is as it was.
    """
    store = Store(folder)
    stage = folder / ".stage"
    stage.mkdir(parents=True, exist_ok=True)
    with _alone(folder), interrupts_told():
        store = Store(folder)
        intake = Intake(stage / "scratch", threads)
        try:
            ready = _stage(paths, store, stage, intake, named, mapping, progress)
        finally:
            intake.close()
        if ready:
            _merge(store, stage, ready, threads, progress)
        shutil.rmtree(stage, ignore_errors=True)
    return Store(folder)


def _stage(
    paths: Sequence[Path],
    store: Store,
    stage: Path,
    intake: Intake,
    named: Adapter | None,
    mapping: Mapping[str, str] | None,
    progress: Told,
) -> dict[Path, tuple[Batch, set[int]]]:
    """Stages what is neither in the store nor staged already; returns all that is staged, by folder."""
    asked = json.dumps([named.name if named else "", sorted((mapping or {}).items())])
    ready = {path: found for path in sorted(stage.glob("*/done.json")) if (found := _done(path, asked))}
    staged = {path.parent: found for path, found in ready.items()}
    for left in stage.iterdir():
        if left.is_dir() and left not in staged and left.name != "scratch":
            shutil.rmtree(left)
    held = {source.sha256 for source in store.manifest.inputs}
    held |= {source.sha256 for batch, _ in staged.values() for source in batch.files}
    waiting: list[tuple[TrackFile, str, list[Reported]]] = []

    def keep(target: Path, files: Sequence[TrackFile], found: Staged) -> None:
        sources = tuple(map(_source, files))
        batch = Batch(
            adapter=found.adapter, files=sources, rows=found.rows, kept=found.kept,
            dropped=dict(sorted(found.dropped.items())), first_bad_line=found.first_bad_line,
        )  # fmt: skip
        target.mkdir(exist_ok=True)
        done = {"asked": asked, "batch": batch.model_dump(), "hours": sorted(found.hours)}
        write_whole(target / "done.json", json.dumps(done).encode())
        staged[target] = batch, found.hours

    def flush() -> None:
        if waiting:
            files = [file for file, _, _ in waiting]
            name = hashlib.sha256("".join(sorted(file.sha256 for file in files)).encode()).hexdigest()
            found = Staged("+".join(sorted({kind for _, kind, _ in waiting})))
            intake.reported([one for _, _, told_ in waiting for one in told_], stage / name[:32], found)
            keep(stage / name[:32], files, found)
            waiting.clear()

    inputs = [*store.manifest.inputs, *(source for batch, _ in staged.values() for source in batch.files)]
    members_held = {(source.archive, source.name.partition("/")[2]) for source in inputs if source.archive}
    for file in _opened(paths, members_held, stage / "scratch"):
        if file.sha256 in held:
            continue
        held.add(file.sha256)
        if file.kind == "json":
            said = list(told(file, named))
            waiting.append((file, said[0][0] if said else "", [one for _, one in said]))
            reports = sum(one.count for _, _, told_ in waiting for one in told_)
            if reports >= _BATCH_REPORTS or len(waiting) >= _BATCH_FILES:
                flush()
        else:
            target = stage / file.sha256[:32]
            keep(target, [file], intake.table(file, target, named, mapping))
        progress(f"{file.name} read")
    flush()
    return staged


def _opened(paths: Sequence[Path], members_held: Collection[tuple[str, str]], scratch: Path) -> Iterator[TrackFile]:
    """The files, and the files within archives that are not held yet."""
    for path in paths:
        if is_zip(path):
            yield from members(path, members_held, scratch)
        else:
            yield inspected(path)


def _source(file: TrackFile) -> Source:
    archive = file.member.sha256 if file.member else ""
    return Source(name=file.name, sha256=file.sha256, size=file.size, archive=archive)


def _done(path: Path, asked: str) -> tuple[Batch, set[int]] | None:
    """What was staged in a folder, unless it was asked for in another way or cannot be read."""
    with suppress(ValueError, KeyError, OSError):
        found = json.loads(path.read_text("utf-8"))
        if found["asked"] == asked:
            return Batch.model_validate(found["batch"]), set(found["hours"])
    return None


def _merge(
    store: Store, stage: Path, ready: Mapping[Path, tuple[Batch, set[int]]], threads: int, progress: Told
) -> None:
    """Writes every hour that has something new, then the manifest, then removes what it no longer names."""
    (store.folder / "hours").mkdir(exist_ok=True)
    numbers = sorted(set().union(*(hours for _, hours in ready.values())))
    hours = dict(store.manifest.hours)
    con = database(stage / "scratch", threads)
    try:
        for number in numbers:
            files = [path for target in ready for path in staged_files(target, number)]
            with room_for(f"The hour {hour_name(number)} of {store.folder}"):
                hours[hour_name(number)] = _merged(con, store, number, files)
            progress(f"{hour_name(number)} written")
    finally:
        con.close()
    batches = sorted(
        (*store.manifest.batches, *(batch for batch, _ in ready.values())), key=lambda one: one.files[0].sha256
    )
    manifest = Manifest(batches=tuple(batches), hours=dict(sorted(hours.items())))
    write_whole(store.folder / "manifest.json", manifest.model_dump_json(indent=1).encode())
    named = {name for hour in manifest.hours.values() for name in (hour.file, hour.objects)}
    for path in (store.folder / "hours").iterdir():
        if f"hours/{path.name}" not in named:
            path.unlink()


def _merged(con: Any, store: Store, number: int, files: Sequence[Path]) -> Hour:
    """One hour: what is staged for it and what it held before, sorted, each identity once at a time."""
    before = store.manifest.hours.get(hour_name(number))
    new = ", ".join(map(sql_text, files))
    rows = (
        f"SELECT (t - {number * HOUR_MS})::INTEGER AS t, id, lat, lon, baro, geom, speed, how, radius, "
        f"least(seen - t, 2147483647)::INTEGER AS late FROM read_parquet([{new}], hive_partitioning=false)"
    )
    objects = f"SELECT id, name, military, t FROM read_parquet([{new}], hive_partitioning=false)"
    if before:
        rows += f" UNION ALL SELECT {', '.join(COLUMNS)} FROM read_parquet({sql_text(store.folder / before.file)})"
        objects += (
            f" UNION ALL SELECT id, name, military, t FROM read_parquet({sql_text(store.folder / before.objects)})"
        )
    draft = store.folder / "hours" / f".{hour_name(number)}.part"
    con.execute("SET preserve_insertion_order=true")
    # through a table without missing cells, so that the columns of the file are REQUIRED: read in half the time
    con.execute(f"CREATE TEMP TABLE hour ({', '.join(f'{name} {kind} NOT NULL' for name, kind in _SQL.items())})")
    con.execute(
        f"INSERT INTO hour SELECT {', '.join(COLUMNS)} "
        "FROM (SELECT *, lag(id) OVER w = id AND lag(t) OVER w = t AS again "
        f"FROM ({rows}) WINDOW w AS (ORDER BY {_ORDER})) WHERE again IS NOT true ORDER BY id, t"
    )
    (kept,) = con.execute(
        f"COPY (FROM hour) TO {sql_text(draft)} "
        "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION uncompressed, ROW_GROUP_SIZE 1048576)"
    ).fetchone()
    con.execute("DROP TABLE hour")
    (rows_in,) = con.execute(f"SELECT count(*) FROM ({rows})").fetchone()
    digest = _hash(draft)
    file = f"hours/{hour_name(number)}-{digest[:12]}.parquet"
    draft.replace(store.folder / file)
    con.execute(
        "COPY (SELECT id, arg_max(name, (t, name)) FILTER (name IS NOT NULL) AS name, "
        "bool_or(military) AS military, max(t) AS t "
        f"FROM ({objects}) GROUP BY id ORDER BY id) TO {sql_text(draft)} (FORMAT parquet, COMPRESSION zstd)"
    )
    beside = f"hours/{hour_name(number)}-{_hash(draft)[:12]}.objects.parquet"
    draft.replace(store.folder / beside)
    repeated = rows_in - kept + (before.repeated if before else 0)
    return Hour(file=file, objects=beside, sha256=digest, rows=kept, repeated=repeated)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds that one process at a time converts into a folder.

    Raises:
        BadInput: another one does.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadInput(f"{folder} is being written to by another run.", "Wait until it has ended.") from None
        yield
    finally:
        os.close(handle)
