"""A server that keeps runs of the model in a folder of the tests, with runs as small as can be."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dualtrack.api import open_record
from dualtrack.serve.app import make_app, open_workbench
from dualtrack.serve.guard import LOOPBACK
from serving import DAY, Served, listening

PATIENCE = 400.0  # seconds that a small run may take on a busy machine: a tenth of it where it is alone


@contextmanager
def keeping(folder: Path) -> Iterator[Served]:
    """A server until the block ends; what its runs have solved stays in the folder."""
    workbench = open_workbench(open_record(DAY))
    with listening(make_app(workbench, None, frozenset(LOOPBACK), "", folder)) as address:
        yield Served(address, workbench)


def post(served: Served, path: str, asked: dict[str, Any] | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """Sends JSON; the status and what came back."""
    data = json.dumps(asked or {}).encode("utf-8")
    reply = served.get(path, "POST", data, content_type="application/json", **headers)
    return reply.status, json.loads(reply.body)


def known(served: Served, id_: str) -> dict[str, Any]:
    """A run as it is now."""
    found: dict[str, Any] = json.loads(served.get(f"/api/runs/{id_}").body)
    return found


def until(served: Served, id_: str, *states: str, phase: str = "") -> dict[str, Any]:
    """A run once it is in one of some states, or in a phase."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = known(served, id_)
        if found["state"] in states or (phase and found["phase"] == phase):
            return found
        time.sleep(0.05)
    raise AssertionError(f"the run stayed {found}")
