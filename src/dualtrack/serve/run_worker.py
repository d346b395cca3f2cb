"""Solves and tells one run in a process of its own: ``python -m dualtrack.serve.run_worker FOLDER``.

What it is asked lies in the folder. It says there how far it is, and in the end what the run says or what is wrong. It
ends with the server that started it, whose end of its standard input it holds.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from threading import Thread

from dualtrack.api import open_record
from dualtrack.choice.run import explore
from dualtrack.choice.scenario import read_scenario
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.choices.retelling import told
from dualtrack.publish.choices.telling import tell
from dualtrack.publish.choices.told import sets
from dualtrack.serve.runs import ASKED, PROBLEM, PROGRESS, TOLD

MEMORY = 4_000_000_000
"""Bytes of address space; measured: 1.2 billion, of which half a billion is used. Pictures are drawn by the server:
what draws them maps more than this and would be ended."""

PACKAGES = 24
"""Packages that a scenario of a reader's own may compare."""

_OFTEN = 0.2  # seconds between two words on progress


def solve(folder: Path) -> None:
    """Solves a run, or goes on with it, and writes what it says.

    Raises:
        BadInput: its scenario is at fault.
    """
    asked = json.loads((folder / ASKED).read_bytes())
    record = open_record(asked["as_of"], folder=Path(asked["record"]) if asked["record"] else None)
    scenario = read_scenario(folder / asked["file"], record)
    if len(scenario.packages) > PACKAGES:
        raise BadInput(
            f"{len(scenario.packages)} packages are too many for a run from the browser.",
            f"Name at most {PACKAGES}, or use dualtrack choose explore.",
        )
    if scenario.priors not in sets():
        raise BadInput(
            f"priors: {scenario.priors} cannot be used from the browser.", f"Name one of {', '.join(sets())}."
        )
    last, reached = [0.0], [0, 0]

    def say(phase: str, done: int, of: int) -> None:
        reached[:] = done, of
        if phase != "solving" or done in (0, of) or time.monotonic() - last[0] > _OFTEN:
            last[0] = time.monotonic()
            words = {"phase": phase, "done": done, "of": of, "priors": scenario.priors}
            write_whole(folder / PROGRESS, json.dumps(words).encode("utf-8"))

    run = explore(
        scenario, record, asked["worlds"], asked["seed"], folder / "run", told=lambda done, of: say("solving", done, of)
    )
    say("telling", *reached)
    found = tell(run, scenario, record)
    write_whole(folder / TOLD, told(found, record).model_dump_json().encode("utf-8"))  # it says that all is there


def main(folder: Path) -> None:
    """Solves a run within bounds; a fault is told in a file."""
    _bound()
    Thread(target=_follow, daemon=True).start()
    said = None
    try:
        solve(folder)
    except BadInput as error:
        said = {"problem": _plain(error.problem, folder), "fix": _plain(error.fix, folder)}
    except MemoryError:
        said = {"problem": "It needs too much memory.", "fix": "Ask for fewer worlds or packages."}
    except Exception as error:  # whatever breaks, the reader gets a sentence
        said = {"problem": f"It broke ({type(error).__name__}).", "fix": "Try dualtrack choose explore."}
    if said:
        write_whole(folder / PROBLEM, json.dumps(said).encode("utf-8"))
        sys.exit(1)


def _plain(words: str, folder: Path) -> str:
    """Words without where this machine keeps its files."""
    return words.replace(f"{folder}/", "")


def _follow() -> None:
    """Ends this process when the server's end of its standard input closes."""
    sys.stdin.buffer.read()
    os._exit(3)


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where time alone is bounded
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)  # readers of pages come first


if __name__ == "__main__":
    main(Path(sys.argv[1]))
