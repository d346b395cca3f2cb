"""Errors a user can act on: what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class DualtrackError(Exception):
    """A problem to be shown to the user as it stands, without a traceback.

    Args:
        problem: what is wrong, in one sentence.
        fix: what the user can do about it.
    """

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.problem}\n  {self.fix}" if self.fix else self.problem


class BadInput(DualtrackError):
    """Input that cannot be used: a wrong parameter, date, name or expression."""


class NoSuchName(BadInput):
    """A name that is not known; the message lists the nearest ones."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=3, cutoff=0.4)
        fix = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known)}."
        super().__init__(f"There is no {kind} called {name!r}.", fix)


@dataclass(frozen=True, order=True)
class Fault:
    """One problem in a file: where it is, what is wrong, what would be right.

    ``line`` counts from 1 with the header as line 1; ``column`` is the header's name.
    """

    file: str
    line: int
    column: str
    problem: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" [{self.column}]" if self.column else ""
        return f"{place}{column}: {self.problem} {self.fix}".rstrip()


class BadRecord(BadInput):
    """One or more faults in the files of a record; nothing of it was loaded."""

    def __init__(self, faults: list[Fault], folder: Path) -> None:
        self.faults = faults
        shown = "\n".join(f"  {fault}" for fault in faults[:20])
        rest = f"\n  … and {len(faults) - 20} more" if len(faults) > 20 else ""
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(
            f"{count} in the record at {folder}; nothing was loaded.\n{shown}{rest}",
            "Mend the cells named above and run the command again.",
        )
