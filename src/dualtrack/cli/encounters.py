"""``dualtrack know encounters``: who came near whom, in aircraft and ship tracks."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from dualtrack.cli.options import Folder, Json, opened
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.record.store import Record
from dualtrack.tracks.adapters import adapter, adapters
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.found import Found
from dualtrack.tracks.meeting import WITHIN_M
from dualtrack.tracks.quantities import feet, metres, moment_ms, seconds
from dualtrack.tracks.shards import Cluster, Here, Place, Processes
from dualtrack.tracks.store import Store, convert, is_store
from dualtrack.tracks.watching import new_files

FAULT = 1
_KINDS = ", ".join(adapters())


def encounters(
    files: Annotated[
        list[Path],
        typer.Argument(help="Track files as they come, folders of them, or one track store.", metavar="FILE…"),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT",
            help="A folder for everything, or a file: .csv, .parquet, .geojson, .json or .html.",
        ),
    ],
    horizontal: Annotated[
        str | None,
        typer.Option(help="Nearer than this: 5nmi, 500m, 10km; usually 5nmi, for meetings 500m.", metavar="LENGTH"),
    ] = None,
    vertical: Annotated[str, typer.Option(help="And in height: 1000ft, 300m.", metavar="LENGTH")] = "1000ft",
    max_gap: Annotated[
        str | None,
        typer.Option(
            help="Reports farther apart are not joined; usually 60s for aircraft, 600s for ships.", metavar="TIME"
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Only from this day or moment (UTC).", metavar="T")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Only to this day or moment (UTC).", metavar="T")] = None,
    profile: Annotated[
        Literal["air", "sea", "mixed", "meeting"],
        typer.Option(
            help="Aircraft; ships under way, without a vertical limit; both; or ships that lie beside each other for "
            "two hours, slower than 2 knots, away from ports."
        ),
    ] = "air",
    kind: Annotated[str | None, typer.Option("--as", help=f"What the files are: {_KINDS}.", metavar="NAME")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", help="What a column of a table holds, such as t=when or icao24=hex.", metavar="WHAT=NAME"
        ),
    ] = None,
    store: Annotated[
        Path | None, typer.Option(help="Keep the converted tracks and the results by the hour here.", metavar="DIR")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check every encounter against the raw reports.")] = False,
    workers: Annotated[int, typer.Option(help="Processes to work in.", min=1, max=256)] = 1,
    cluster: Annotated[
        str | None, typer.Option(help="Work on a Dask cluster (trusted networks only).", metavar="ADDRESS")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and take up new files of the folders as they appear.")
    ] = False,
    record: Folder = None,
    as_json: Json = False,
) -> None:
    """Find every episode in which two aircraft or ships come nearer than two limits, with the exact closest point."""
    meeting = profile == "meeting"
    asked = Asked(
        horizontal_m=metres(horizontal or (f"{WITHIN_M:g}m" if meeting else "5nmi"), "--horizontal"),
        vertical_ft=feet(vertical, "--vertical"),
        profile="sea" if profile == "meeting" else profile,
        meeting=meeting,
        max_gap_s=seconds(max_gap, "--max-gap") if max_gap is not None else None,
        start_ms=moment_ms(since, "--from") if since else None,
        end_ms=moment_ms(until, "--to", end=True) if until else None,
    )
    if asked.start_ms is not None and asked.end_ms is not None and asked.start_ms >= asked.end_ms:
        raise BadInput("--from is not before --to.", "Swap them, or leave one out.")
    _can_be_written(output)
    mapping = dict(_pair(text) for text in column or [])
    if kind and mapping:
        raise BadInput("--as and --column are given.", "--column is for tables of any kind: leave --as out.")
    if cluster and workers > 1:
        raise BadInput("--cluster and --workers are given.", "The cluster has its own workers: leave --workers out.")
    if watch and (store is None or not all(path.is_dir() and not is_store(path) for path in files)):
        raise BadInput(
            "--watch needs folders to look into and a place to keep what it has read.",
            "Name folders, and a store with --store DIR.",
        )
    named = adapter(kind) if kind else None
    opened_record = opened(None, record, "any")

    def searched(tracks: Store) -> Found:
        from dualtrack.tracks.search import search

        with _progress() as tell, _place(cluster, workers) as place:
            return search(tracks, asked, opened_record, place=place, verify=verify, progress=tell)

    def converted(paths: list[Path], kept: Path) -> Store:
        with _progress() as tell:
            return convert(paths, kept, named=named, mapping=mapping, threads=workers, progress=tell)

    def deliver(found: Found) -> bool:
        """Writes and tells what was found; whether all of it holds."""
        for path, data in _written(found, output, opened_record):
            write_whole(path, data)
            if not as_json:
                typer.echo(f"{path}: {len(data):,} bytes")
        _tell(found, as_json)
        return _verified(found)

    if len(files) == 1 and is_store(files[0]):
        sound = deliver(searched(Store(files[0])))
    elif store is None:
        with tempfile.TemporaryDirectory(prefix="dualtrack-") as scratch:
            sound = deliver(searched(converted(_listed(files), Path(scratch) / "tracks")))
    elif watch:
        sound = True
        told = set[Path]()
        for ready in new_files(files):
            others = [path for path in ready if path.suffix.lower() not in _ENDINGS]
            _passed_over([path for path in others if path not in told])
            told.update(others)
            for path in [path for path in ready if path not in others]:
                try:
                    converted([path], store)
                except BadInput as error:  # one bad file must not end a watch
                    typer.echo(f"dualtrack: {error}", err=True)
            if len(others) == len(ready) or not is_store(store):
                continue  # nothing new that could be searched
            sound = deliver(searched(Store(store))) and sound
    else:
        sound = deliver(searched(converted(_listed(files), store)))
    if not sound:
        raise typer.Exit(FAULT)


def _tell(found: Found, as_json: bool) -> None:
    """What was found, on standard output."""
    from dualtrack.publish.encounters.tables import as_json as everything
    from dualtrack.publish.encounters.words import headline, nearest

    if as_json:
        typer.echo(everything(found).decode("utf-8"), nl=False)
        return
    typer.echo(headline(found))
    shown = sorted((one for one in found.encounters if not one.hidden), key=lambda one: (one.ratio_min, one.t_cpa_ms))
    for one in shown[:10]:
        flags = f" ({', '.join(one.flags)})" if one.flags else ""
        typer.echo(f"  {nearest(one)}{flags}")
    if len(shown) > 10:
        typer.echo(f"  … and {len(shown) - 10:,} more")
    dropped = ", ".join(f"{rule.replace('_', ' ')} {count:,}" for rule, count in found.dropped.items() if count)
    tracks = f"{found.tracks:,} {'track' if found.tracks == 1 else 'tracks'}"
    typer.echo(f"{found.reports:,} reports of {tracks}; rows not used: {dropped or 'none'}.")
    for caveat in found.caveats:
        typer.echo(caveat)


def _verified(found: Found) -> bool:
    """Says what did not agree with the raw reports, if they were asked; whether all did."""
    if found.unsound is None:
        return True
    for said in found.unsound:
        typer.echo(said, err=True)
    whole = len(found.encounters)
    typer.echo(f"Verified against the raw reports: {whole - len(found.unsound):,} of {whole:,}.", err=True)
    return not found.unsound


_WRITERS = (".csv", ".parquet", ".geojson", ".json", ".html")


def _can_be_written(output: Path) -> None:
    """Says what is wrong with the output before anything is worked out."""
    if output.suffix and not output.is_dir():
        if output.suffix.lower() not in _WRITERS:
            raise BadInput(
                f"{output}: there is no format with this ending.", f"Use {', '.join(_WRITERS)}, or name a folder."
            )
        if not output.absolute().parent.is_dir():
            raise BadInput(f"There is no folder {output.absolute().parent}.", "Make it first, or name another.")
    elif output.exists() and not output.is_dir():
        raise BadInput(f"{output} is a file without an ending.", "Name a folder, or a file with an ending.")


def _written(found: Found, output: Path, record: Record) -> Iterator[tuple[Path, bytes]]:
    """The files asked for: one by its ending, or all of them into a folder."""
    from dualtrack.publish.encounters import asfinding, draft, page, tables

    writers: dict[str, Callable[[], bytes]] = {
        "encounters.csv": lambda: tables.as_csv(found),
        "encounters.parquet": lambda: tables.as_parquet(found),
        "encounters.geojson": lambda: tables.as_geojson(found),
        "encounters.json": lambda: tables.as_json(found),
        "report.html": lambda: page.page(found),
        "finding.json": lambda: (asfinding.as_finding(found, record).to_json() + "\n").encode("utf-8"),
        "draft.csv": lambda: draft.as_draft(found),
    }
    if output.suffix and not output.is_dir():
        name = next(name for name in writers if name.endswith(output.suffix.lower()))
        yield output, writers[name]()
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, write in writers.items():
        yield output / name, write()


_ENDINGS = (".csv", ".parquet", ".json", ".gz", ".zip")


def _listed(files: list[Path]) -> list[Path]:
    """The files named, and those in the folders named whose ending is one of tracks, in order of their names."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            tracks = [one for one in inside if one.suffix.lower() in _ENDINGS]
            if not tracks:
                raise BadInput(
                    f"There is no track file in {path}, none that ends in {', '.join(_ENDINGS)}.",
                    "Name a folder with track files, or a file by its name, whatever its ending.",
                )
            _passed_over([one for one in inside if one.suffix.lower() not in _ENDINGS])
            found += tracks
        else:
            found.append(path)
    return found


def _passed_over(others: list[Path]) -> None:
    """Says which files of folders are no track files by their ending."""
    if others:
        more = f" and {len(others) - 3:,} more" if len(others) > 3 else ""
        typer.echo(
            f"dualtrack: passed over, no track files by their ending: {', '.join(map(str, others[:3]))}{more}", err=True
        )


def _pair(text: str) -> tuple[str, str]:
    what, equals, name = text.partition("=")
    if not equals or not what or not name:
        raise BadInput(f"--column {text!r} does not say what a column holds.", "Write it as t=when or icao24=hex.")
    return what.strip(), name


@contextmanager
def _place(cluster: str | None, workers: int) -> Iterator[Place]:
    """Where to work."""
    if cluster is None:
        yield Here() if workers == 1 else Processes(workers)
        return
    place = Cluster(cluster)
    try:
        yield place
    finally:
        place.close()


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what was done last; only where it is a terminal."""
    shown = sys.stderr.isatty()

    def tell(what: str) -> None:
        if shown:
            print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
