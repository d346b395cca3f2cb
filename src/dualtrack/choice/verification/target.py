"""All verification targets as one list of checks: figure expected, figure got, difference, tolerance."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from dualtrack.choice.verification.row import Row
from dualtrack.core.errors import NoSuchName


@dataclass(frozen=True)
class Check:
    """One figure of one target.

    ``id`` is the target's ("V1"), ``target`` its title and ``title`` the figure's; ``at`` is "equal", "least" or "most"
    (the figure got must be at least or at most what is expected); ``difference`` is how far it is off, 0 if on the side
    where it must lie.
    """

    id: str
    target: str
    title: str
    expected: float
    got: float
    at: str
    difference: float
    tolerance: float
    source: str

    @property
    def holds(self) -> bool:
        """Whether the difference is within the tolerance; a figure that is not a number never is."""
        return self.difference <= self.tolerance


@dataclass(frozen=True)
class Target:
    """A module of this folder that declares ``TITLE``, ``SOURCE`` and ``rows``."""

    id: str
    title: str
    source: str
    rows: Callable[[], Iterable[Row]]

    def checks(self) -> Iterator[Check]:
        """Its figures, computed now."""
        for row in self.rows():
            yield Check(
                id=self.id,
                target=self.title,
                title=row.title,
                expected=float(row.expected),
                got=float(row.got),
                at=row.at,
                difference=float(row.difference),
                tolerance=float(row.tolerance),
                source=self.source,
            )


def targets() -> dict[str, Target]:
    """The targets by id, in order of their numbers."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if numbered := re.match(r"v(\d+)_", module.name):
            loaded = import_module(f"dualtrack.choice.verification.{module.name}")
            name = f"V{int(numbered[1])}"
            found[name] = Target(name, loaded.TITLE, loaded.SOURCE, loaded.rows)
    return found


def checks(only: Iterable[str] = ()) -> list[Check]:
    """Every figure of every target, or of the targets named in ``only``, in order.

    Raises:
        NoSuchName: no target is called so.
    """
    known = targets()
    wanted = list(only) or list(known)
    for name in wanted:
        if name not in known:
            raise NoSuchName("verification target", name, list(known))
    return [check for name in wanted for check in known[name].checks()]
