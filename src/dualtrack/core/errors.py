"""Errors a user can act on: what is wrong, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SHOWN = 20  # names or faults that one message lists


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
    """A name that is not known; the message lists the nearest ones, whatever their case, or those there are."""

    def __init__(self, kind: str, name: str, known: list[str], meanings: Mapping[str, str] | None = None) -> None:
        """Puts the message together.

        Args:
            kind: what the name is of.
            name: as written.
            known: the names there are.
            meanings: what each of them means, where all are worth telling: a name is then also near to those whose
                meaning has its words, and less alike in spelling by chance.
        """
        from difflib import get_close_matches

        spelled = {word.casefold(): word for word in reversed(known)}
        cutoff = 0.6 if meanings else 0.4
        near = [spelled[word] for word in get_close_matches(name.casefold(), list(spelled), n=3, cutoff=cutoff)]
        if meanings:
            near = list(dict.fromkeys([*near, *(one for one in known if _words(name) <= _words(meanings[one]))]))[:3]
            told = "\n".join(f"    {one}=…  {meanings[one]}" for one in known)
            fix = f"Did you mean {' or '.join(near)}? " if near else ""
            fix = f"{fix}What can be given:\n{told}"
        elif near:
            fix = f"Did you mean {' or '.join(near)}?"
        elif known:
            rest = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
            between = "; " if any("," in one for one in known) else ", "
            fix = f"Known: {between.join(known[:_SHOWN])}{rest}."
        else:
            fix = "There are none."
        super().__init__(f"There is no {kind} called {name!r}.", fix)


def _words(text: str) -> set[str]:
    """The words of a text, without their case and the s of a plural."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z0-9]+", text.casefold())}


@dataclass(frozen=True, order=True)
class Fault:
    """One problem in a file: where it is, what is wrong, what would be right.

    ``line`` counts from 1 with the header as line 1; ``column`` is the header's name. In a workbook, ``sheet`` and
    ``cell`` (B7) say it as a spreadsheet does.
    """

    file: str
    line: int
    column: str
    problem: str
    fix: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.cell:
            place = f"{self.file}:{self.sheet}!{self.cell}"
        column = f" [{self.column}]" if self.column else ""
        return f"{place}{column}: {self.problem} {self.fix}".rstrip()


class BadRecord(BadInput):
    """One or more faults in the files of a record; nothing of it was loaded."""

    def __init__(self, faults: list[Fault], folder: Path) -> None:
        self.faults = faults
        shown = "\n".join(f"  {fault}" for fault in faults[:_SHOWN])
        rest = f"\n  … and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(
            f"{count} in the record at {folder}; nothing was loaded.\n{shown}{rest}",
            "Mend the cells named above and run the command again.",
        )
