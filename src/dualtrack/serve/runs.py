"""Runs of the model that readers start: each a folder and, while it is solved, a process that can be ended.

What a run is asked, how far it is and what it says are files, so that a run outlives the server: what was stopped or
cut off goes on from its last whole shard. Bounded: worlds, packages, time, memory, how many at once and how many kept.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal

from dualtrack.choice.scenario import packaged_scenarios
from dualtrack.core.errors import NoSuchName
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.choices.told import Told, read_told, sets
from dualtrack.publish.workbench.view import Offered
from dualtrack.serve.handed_in import Refused

LEAST, MOST = 1_024, 20_000
"""Worlds of a run from the browser; the command line has no such bound."""

MOST_SEED = 999_999_999
LONGEST_FILE = 20_000
"""Letters of a scenario of the reader's own."""

SECONDS = 900.0
"""After which a process is ended; what it has solved is kept."""

KEPT = 12
"""Runs that are kept; each takes about 100 million bytes."""

_ROOM = 1_000_000_000  # bytes that must be free on the disk
_AT_ONCE = 1
_WORKER = "dualtrack.serve.run_worker"
ASKED, PROGRESS, PROBLEM, TOLD = "asked.json", "progress.json", "problem.json", "told.json"
_ID = re.compile(r"[0-9a-f]{12}")
_PRIORS = re.compile(r"^priors:.*$", re.MULTILINE)

State = Literal["running", "stopped", "finished", "failed"]


@dataclass(frozen=True)
class Request:
    """What a run is asked.

    Attributes:
        scenario: the name of one that comes with dualtrack; not looked at where ``own`` is given.
        priors: the set it is told under; that of a file of one's own stands in it.
        worlds, seed: of the sample.
        own: a scenario as a file, or nothing.
    """

    scenario: str
    priors: str
    worlds: int
    seed: int
    own: str = ""


@dataclass(frozen=True)
class Known:
    """A run as it is now; ``done`` of ``of`` worlds are solved, ``phase`` says what is done with them."""

    id: str
    scenario: str
    priors: str
    worlds: int
    seed: int
    state: State
    phase: str
    done: int
    of: int
    began: str
    file: str
    problem: str = ""
    fix: str = ""


class Runs:
    """The runs of a folder.

    Args:
        folder: where they lie; made when the first begins. None where none can be started.
        today: the day of the record whose parameters a new run takes.
        record: the reader's own tables over the packaged ones, if any.
        seconds: after which a process is ended.
    """

    def __init__(
        self, folder: Path | None, today: Callable[[], date], record: Path | None = None, seconds: float = SECONDS
    ) -> None:
        self._folder, self._today, self._record, self._seconds = folder, today, record, seconds
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = Lock()
        self._read = lru_cache(maxsize=KEPT)(lambda id_: read_told(self._place(id_) / TOLD))

    @property
    def offered(self) -> Offered | None:
        """What pages are told of them; None where none can be started."""
        return Offered(self.told, LEAST, MOST) if self._folder else None

    def start(self, asked: Request) -> Known:
        """Begins a run.

        Raises:
            Refused: it cannot be asked, another is on, or too many are kept.
        """
        folder = self._checked(asked)
        with self._lock:
            self._free()
            if len(self._ids()) >= KEPT:
                raise Refused(503, f"{KEPT} runs are kept already.", "Remove one that you do not need any more.")
            folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(folder).free < _ROOM:
                raise Refused(503, "There is too little room on the disk.", "A run takes about 100 million bytes.")
            id_ = secrets.token_hex(6)
            name = "own" if asked.own else asked.scenario
            text = asked.own or _under(packaged_scenarios()[asked.scenario].read_text("utf-8"), asked.priors)
            place = folder / id_
            place.mkdir()
            write_whole(place / f"{name}.yml", text.encode("utf-8", "replace"))
            about = {
                "file": f"{name}.yml", "scenario": name, "priors": "" if asked.own else asked.priors,
                "worlds": asked.worlds, "seed": asked.seed, "as_of": self._today().isoformat(),
                "record": str(self._record.resolve()) if self._record else None,
                "began": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
            }  # fmt: skip
            write_whole(place / ASKED, json.dumps(about).encode("utf-8"))
            self._begin(id_)
        return self.known(id_)

    def resume(self, id_: str) -> Known:
        """Goes on with a run that was stopped, cut off, or failed.

        Raises:
            NoSuchName: there is none.
            Refused: it is on or has ended, or another is on.
        """
        with self._lock:
            state = self.known(id_).state
            if state in ("running", "finished"):
                raise Refused(409, f"This run is {state}.", "Only one that was stopped can go on.")
            self._free()
            (self._place(id_) / PROBLEM).unlink(missing_ok=True)
            self._begin(id_)
        return self.known(id_)

    def stop(self, id_: str) -> Known:
        """Ends the process of a run; what is solved is kept.

        Raises:
            NoSuchName: there is none.
            Refused: it is not on.
        """
        with self._lock:
            if self.known(id_).state != "running":
                raise Refused(409, "This run is not on.", "There is nothing to stop.")
            self._end(id_)
        return self.known(id_)

    def remove(self, id_: str) -> None:
        """Ends a run, if it is on, and deletes its folder.

        Raises:
            NoSuchName: there is none.
        """
        with self._lock:
            place = self._place(id_)
            self._end(id_)
            self._read.cache_clear()
            shutil.rmtree(place, ignore_errors=True)

    def listed(self) -> list[Known]:
        """Every run, the latest first."""
        return sorted((self.known(id_) for id_ in self._ids()), key=lambda one: (one.began, one.id), reverse=True)

    def known(self, id_: str) -> Known:
        """A run as it is now.

        Raises:
            NoSuchName: there is none.
        """
        place = self._place(id_)
        asked, progress, problem = _json(place / ASKED), _json(place / PROGRESS), _json(place / PROBLEM)
        state: State = "stopped"
        if (place / TOLD).is_file():
            state = "finished"
        elif id_ in self._processes:  # until what must be known of its end is written
            state = "running"
        elif problem:
            state = "failed"
        return Known(
            id=id_,
            scenario=str(asked.get("scenario", "")),
            priors=str(progress.get("priors") or asked.get("priors", "")),
            worlds=_whole(asked.get("worlds")),
            seed=_whole(asked.get("seed")),
            state=state,
            phase=str(progress.get("phase", "beginning")),
            done=_whole(progress.get("done")),
            of=_whole(progress.get("of")),
            began=str(asked.get("began", "")),
            file=str(asked.get("file", "")),
            problem=str(problem.get("problem", "")),
            fix=str(problem.get("fix", "")),
        )

    def told(self, id_: str) -> Told:
        """What a run says.

        Raises:
            NoSuchName: there is none that has ended.
            BadInput: its file is damaged.
        """
        if not (self._place(id_) / TOLD).is_file():
            raise NoSuchName("run that has ended", id_, [one.id for one in self.listed() if one.state == "finished"])
        return self._read(id_)

    def close(self) -> None:
        """Ends every process; the runs can go on later."""
        with self._lock:
            for id_ in list(self._processes):
                self._end(id_)

    def _checked(self, asked: Request) -> Path:
        if self._folder is None:
            raise Refused(404, "This server keeps no runs.", "Start it with dualtrack serve --runs DIR.")
        if not LEAST <= asked.worlds <= MOST:
            raise Refused(
                422, f"{asked.worlds} worlds cannot be asked for here.",
                f"Ask for {LEAST:,} to {MOST:,}; for more use dualtrack choose explore --worlds N.",
            )  # fmt: skip
        if not 0 <= asked.seed <= MOST_SEED:
            raise Refused(422, f"The seed {asked.seed} cannot be used.", f"Give one from 0 to {MOST_SEED:,}.")
        if len(asked.own) > LONGEST_FILE:
            raise Refused(422, f"A scenario has at most {LONGEST_FILE:,} letters.", "Shorten its words.")
        if not asked.own:
            for what, name, options in (
                ("scenario", asked.scenario, list(packaged_scenarios())), ("set of priors", asked.priors, list(sets())),
            ):  # fmt: skip
                if name not in options:
                    error = NoSuchName(what, name[:80], options)
                    raise Refused(422, error.problem, error.fix)
        return self._folder

    def _free(self) -> None:
        if len(self._processes) >= _AT_ONCE:
            raise Refused(503, "Another run is on.", "Stop it, or wait until it has ended.")

    def _begin(self, id_: str) -> None:
        place = self._place(id_)
        command = [sys.executable, "-m", _WORKER, str(place)]
        process = subprocess.Popen(  # of a session of its own: Ctrl-C at the server is not for it
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self._processes[id_] = process
        Thread(target=self._watch, args=(id_, place, process), daemon=True).start()

    def _watch(self, id_: str, place: Path, process: subprocess.Popen[bytes]) -> None:
        """Waits for a process, ends it when its time is over, and tells what a reader must know of its end."""
        said = {"problem": "The process ended before it was done.", "fix": "Perhaps it needed too much memory."}
        try:
            process.wait(self._seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            said = {"problem": f"It took more than {self._seconds:g} seconds.", "fix": "What is solved is kept: go on."}
        with self._lock:
            if self._processes.get(id_) is process:  # else it was stopped
                told = any((place / name).is_file() for name in (TOLD, PROBLEM))
                if not told and place.is_dir():  # another server of the same folder may have removed it
                    write_whole(place / PROBLEM, json.dumps(said).encode("utf-8"))
                del self._processes[id_]
        if process.stdin:
            process.stdin.close()

    def _end(self, id_: str) -> None:
        process = self._processes.pop(id_, None)
        if process is not None:
            process.kill()
            process.wait()

    def _ids(self) -> list[str]:
        if self._folder is None or not self._folder.is_dir():
            return []
        return [path.name for path in self._folder.iterdir() if _ID.fullmatch(path.name) and (path / ASKED).is_file()]

    def _place(self, id_: str) -> Path:
        if self._folder is None or not _ID.fullmatch(id_) or not (self._folder / id_ / ASKED).is_file():
            raise NoSuchName("run", id_[:40], self._ids())
        return self._folder / id_


def _under(text: str, priors: str) -> str:
    """The file of a scenario with another set of priors."""
    changed, count = _PRIORS.subn(f"priors: {priors}", text)
    return changed if count else f"{text.rstrip()}\npriors: {priors}\n"


def _json(path: Path) -> Mapping[str, Any]:
    """What a small file says; nothing where it is not there or not whole."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _whole(found: Any) -> int:
    """A whole number of a small file; 0 where it is none."""
    return found if isinstance(found, int) else 0
