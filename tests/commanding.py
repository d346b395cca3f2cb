"""Commands as a shell runs them, in the process of the tests: what they print and how they end."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from dualtrack.cli import main


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def _ended() -> int:
    """The exit code of the command that ``sys.argv`` names."""
    try:
        main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0 if done.code is None else 1
    return 0


class Shell:
    """Runs commands; an error that is none of ours fails the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: object) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["dualtrack", *map(str, words)])
        return Done(_ended(), *self.capsys.readouterr())


def completed(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a folder and with environment variables, told as ``subprocess.run`` tells it.

    A process of its own costs a second to load; the tests that need one are those of signals and of kills.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(cwd or Path.cwd())
        patch.setattr(sys, "argv", ["dualtrack", *map(str, words)])
        for name, value in environment.items():
            patch.setenv(name, value)
        code = _ended()
        said = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    return subprocess.CompletedProcess(list(map(str, words)), code, *said)
