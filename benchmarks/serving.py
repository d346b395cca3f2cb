"""How fast the workbench answers fifty readers at once, page by page, and beside Datasette serving the same tables.

    python benchmarks/serving.py [READERS] [SECONDS]

Both servers run as a user starts them, one process each, on the same machine as the readers, in turn. A reader keeps
one connection and asks again as soon as it is answered. *Kept* answers were asked before; *each its own* are asked
once, so that everything is made while the reader waits. Datasette runs in an environment of its own under build/.
"""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from dualtrack.api import OpenRecord, open_record
from dualtrack.publish.formats.csv import rows as as_csv
from dualtrack.publish.site import urls
from dualtrack.publish.workbench.contract import pages

DATASETTE = "datasette==0.65.5"
BUILD = Path(__file__).parent.parent / "build"
PATIENCE = 120  # seconds until a server answers and has made its pages


def free_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


@contextmanager
def started(command: list[str], port: int, path: str) -> Iterator[str]:
    """A server until the block ends; its address."""
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(address + path, timeout=PATIENCE).read()
                break
            except OSError:
                if time.monotonic() > deadline:
                    process.kill()
                    raise
                time.sleep(0.1)
        try:
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


class Reader:
    """One connection that asks one thing after the other."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        self.host, self.port = host, int(port)
        self.failed = 0

    async def read(self, paths: Iterator[str], until: float) -> list[float]:
        """Seconds each answer took, until the time is up or nothing is left to ask."""
        took = []
        reader, writer = await asyncio.open_connection(self.host, self.port)
        for path in paths:
            begun = time.perf_counter()
            if begun > until:
                break
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: */*\r\n"
                "Accept-Encoding: gzip\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            self.failed += status != 200
            await self._body(reader, head.lower())
            took.append(time.perf_counter() - begun)
            if b"connection: close" in head.lower():
                reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.close()
        return took

    async def _body(self, reader: asyncio.StreamReader, head: bytes) -> None:
        if b"content-length:" in head:
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            return
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()


async def load(address: str, paths: Iterator[str], readers: int, seconds: float) -> tuple[list[float], int, float]:
    """Latencies of all readers, how many answers were not 200, and the seconds it took."""
    some = [Reader(address) for _ in range(readers)]
    begun = time.perf_counter()
    found = await asyncio.gather(*(one.read(paths, begun + seconds) for one in some))
    return [t for one in found for t in one], sum(one.failed for one in some), time.perf_counter() - begun


def measured(name: str, address: str, paths: Iterator[str], readers: int, seconds: float) -> None:
    """Prints a line of the table."""
    took, failed, passed = asyncio.run(load(address, paths, readers, seconds))
    took.sort()
    p95 = took[int(0.95 * (len(took) - 1))]
    print(
        f"| {name} | {len(took):,} | {failed} | {len(took) / passed:,.0f} | {1000 * statistics.median(took):.1f} "
        f"| {1000 * p95:.1f} |",
        flush=True,
    )


def database(record: OpenRecord, folder: Path) -> Path:
    """The tables as SQLite, with their ids as primary keys."""
    path = folder / "record.db"
    made = sqlite3.connect(path)
    for name in record.tables:
        spec, rows = record.spec(name), record.rows(name)
        lines = list(csv.reader(io.StringIO(as_csv(spec, rows, record).decode("utf-8"))))
        columns = ", ".join(f'"{column}"' for column in lines[0])
        made.execute(f'CREATE TABLE "{name}" (row_id TEXT PRIMARY KEY, {columns})')
        marks = ", ".join("?" * (len(lines[0]) + 1))
        made.executemany(
            f'INSERT INTO "{name}" VALUES ({marks})',
            [[row.id, *line] for row, line in zip(rows, lines[1:], strict=True)],
        )
    made.commit()
    made.close()
    return path


def datasette() -> Path:
    """The command of Datasette in its own environment, made on first use."""
    folder = BUILD / f"bench-{DATASETTE.replace('==', '-')}"
    command = folder / "bin" / "datasette"
    if not command.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", DATASETTE], check=True)
    return command


def main(readers: int = 50, seconds: float = 5.0) -> None:
    """Measures ours, then Datasette."""
    record = open_record()
    head = "| answers | failed | a second | median ms | p95 ms |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    ids = [row.id for row in record.rows("spending")]
    polls = [row.id for row in record.rows("polls")]
    port = free_port()
    ours = [sys.executable, "-m", "dualtrack", "serve", "--port", str(port), "--no-open"]
    print(f"{readers} readers at once, {os.cpu_count()} cores\n")
    with started(ours, port, "/record.html") as address:
        print(f"| the workbench {head}")
        for place in pages():
            urllib.request.urlopen(f"{address}/{place}.html", timeout=PATIENCE).read()
        for place in pages():
            measured(f"{place}, kept", address, itertools.cycle([f"/{place}.html"]), readers, seconds / 2)
        every = [f"/{place}.html" for place in pages()]
        measured("all pages in turn, kept", address, itertools.cycle(every), readers, seconds)
        levels = (
            f"/api/findings/thresholds?notification={n}&observation={o}&since={y}&until={y}"
            for y in range(2014, 2026)
            for n in range(1_000, 20_001, 500)
            for o in range(1_000, 20_001, 500)
        )
        measured("a slider move through the API, each its own", address, levels, readers, seconds)
        measured("the same, one reader", address, levels, 1, seconds)
        measured("search, each its own", address, (f"/search.html?q={quote(i)}" for i in ids), readers, seconds)
        measured("row page, each its own", address,
                 (f"/{urls.row('spending', i)}.html" for i in ids), readers, seconds)  # fmt: skip
        print(f"\n| the workbench, as beside Datasette {head}")
        measured("table page", address, itertools.cycle(["/tables/polls.html"]), readers, seconds)
        measured("row page", address,
                 itertools.cycle([f"/{urls.row('polls', i)}.html" for i in polls]), readers, seconds)  # fmt: skip
        measured("CSV export", address, itertools.cycle(["/tables/polls.csv"]), readers, seconds)
    with tempfile.TemporaryDirectory() as folder:
        file, port = database(record, Path(folder)), free_port()
        command = [str(datasette()), "serve", "-i", str(file), "--port", str(port)]
        with started(command, port, "/record/polls") as address:
            print(f"\n| {DATASETTE.replace('==', ' ')}, immutable {head}")
            measured("table page", address, itertools.cycle(["/record/polls?_size=500"]), readers, seconds)
            rows = [f"/record/polls/{quote(i.replace('.', '~2E').replace('/', '~2F'))}" for i in polls]
            measured("row page", address, itertools.cycle(rows), readers, seconds)
            measured("CSV export", address, itertools.cycle(["/record/polls.csv?_size=max"]), readers, seconds)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*([int(given[0])] if given else []), *([float(given[1])] if len(given) > 1 else []))
