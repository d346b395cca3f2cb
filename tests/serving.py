"""The workbench's server as it runs: on a free port of this machine, in a thread of the tests."""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from dualtrack.api import OpenRecord, open_record
from dualtrack.serve.app import make_app, open_workbench
from dualtrack.serve.guard import LOOPBACK
from dualtrack.serve.workbench import Workbench

DAY = "2016-05-09"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *args: object, **named: object) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    workbench: Workbench

    def get(self, path: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Reply:
        """Asks for a path; underscores in names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data, named, method=method)
        try:
            with OPENER.open(request, timeout=60) as reply:
                return Reply(reply.status, reply.read(), {k.lower(): v for k, v in reply.headers.items()})
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.read(), {k.lower(): v for k, v in error.headers.items()})


@contextmanager
def running(token: str = "", folder: Path | None = None) -> Iterator[Served]:
    """A server until the block ends."""
    with serving(open_record(DAY, folder=folder), token, folder) as server:
        yield server


@contextmanager
def serving(record: OpenRecord, token: str = "", folder: Path | None = None) -> Iterator[Served]:
    """A server of this record until the block ends."""
    workbench = open_workbench(record, folder=folder)
    with listening(make_app(workbench, folder, frozenset(LOOPBACK), token)) as address:
        yield Served(address, workbench)


@contextmanager
def listening(app: Callable[..., Any]) -> Iterator[str]:
    """The address of an application that is served until the block ends."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as serve/run.py: sent at once
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
