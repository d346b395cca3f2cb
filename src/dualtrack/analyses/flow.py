"""The most that can have arrived by each day on a network whose arcs carry so much a day, and what limits it.

A network over time (Ford and Fulkerson, Flows in Networks, 1962) has a copy of each place for each day. Where there is
one destination, one flow is the most on every day at once, even with several origins (Gale, Transient flows in
networks, 1959; Baumann and Skutella, Earliest arrival flows with multiple sources, 2009). Weighing each arrival with
the days left finds it as one linear program: the sum over all days is largest exactly where every day is. HiGHS solves
it and starts from its last solution when capacities change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENDLESS = 10**9
"""A capacity that never limits: more persons than there are."""


@dataclass(frozen=True)
class Arc:
    """A way from one place to another: ``capacity`` persons may start on it each day, and arrive ``days`` later.

    ``limit`` names what limits it; two arcs may share a name.
    """

    tail: str
    head: str
    capacity: int
    days: int = 0
    limit: str = ""


@dataclass(frozen=True)
class Entry:
    """A place where a supply enters the network: from which day on, and at most how many of it."""

    place: str
    day: int
    most: int
    limit: str = ""


@dataclass(frozen=True)
class Supply:
    """Persons who wait to be moved, and where they may enter; what enters at one place is not there at another."""

    name: str
    persons: int
    entries: tuple[Entry, ...]


class Flow:
    """The flow over time from supplies to one destination.

    Args:
        arcs: the ways; people may wait at every place.
        supplies: who is to be moved.
        destination: where to.
        days: the last day looked at; day 0 is the first.
    """

    def __init__(self, arcs: Sequence[Arc], supplies: Sequence[Supply], destination: str, days: int) -> None:
        self.days = days
        self._arcs, self._supplies = list(arcs), list(supplies)
        ends = {place for arc in arcs for place in (arc.tail, arc.head)} | {destination}
        places = sorted(ends | {entry.place for supply in supplies for entry in supply.entries})
        number = {place: i for i, place in enumerate(places)}
        first = 1 + len(supplies)  # node 0 is the source, then a node per supply, then the places of each day
        self._nodes = first + len(places) * (days + 1)

        def node(place: str, day: int) -> int:
            return first + number[place] * (days + 1) + day

        tails: list[int] = []
        heads: list[int] = []
        self._limits: list[str] = []
        self._columns: list[range] = []  # columns of each arc, in its order

        def add(tail: int, head: int, limit: str) -> None:
            tails.append(tail)
            heads.append(head)
            self._limits.append(limit)

        for arc in arcs:
            start = len(tails)
            for day in range(days + 1 - arc.days):
                add(node(arc.tail, day), node(arc.head, day + arc.days), arc.limit)
            self._columns.append(range(start, len(tails)))
        for i, supply in enumerate(supplies, 1):
            add(0, i, supply.name)
        self._entering = len(tails)
        for i, supply in enumerate(supplies, 1):
            for entry in supply.entries:
                for day in range(days + 1):
                    add(i, node(entry.place, day), entry.limit)
        self._waiting = len(tails)
        for place in places:
            for day in range(days if place != destination else 0):
                add(node(place, day), node(place, day + 1), "")
        self._arriving = len(tails)
        for day in range(days + 1):
            add(node(destination, day), self._nodes, "")  # the node past the last is the sink
        self._tails, self._heads = np.array(tails), np.array(heads)
        self._most = self._capacities(arcs, supplies)
        self._solving = Lock()  # the model holds the capacities of who asked last
        self._told: dict[bytes, list[int]] = {}  # arrivals by the digest of the capacities
        self._cuts: dict[int, dict[str, int]] = {}

    def arrivals(self, arcs: Sequence[Arc] | None = None, supplies: Sequence[Supply] | None = None) -> list[int]:
        """Persons who can have arrived by the end of each day, from day 0 on.

        Args:
            arcs: the same ways with other capacities.
            supplies: the same supplies with other persons, days or shares.
        """
        base = arcs is None and supplies is None
        most = self._most if base else self._capacities(arcs or self._arcs, supplies or self._supplies)
        asked = sha256(most.tobytes()).digest()
        if asked not in self._told:
            flow = self._best if base else self._solved(most)
            self._told[asked] = np.cumsum(flow[self._arriving :]).astype(int).tolist()
        return list(self._told[asked])

    def limits(self, day: int) -> dict[str, int]:
        """What limits the arrivals by a day: persons by the name of the limit, which add up to the arrivals.

        It is the minimum cut nearest to the origins (max-flow min-cut theorem, Ford and Fulkerson 1956): the arcs
        that are full and before which people still wait. Of equal cuts the nearest is one and the same for every
        flow.
        """
        if day not in self._cuts:
            self._cuts[day] = self._cut(day)
        return dict(self._cuts[day])

    def _cut(self, day: int) -> dict[str, int]:
        most, flow = self._most, self._best
        heads = self._heads.copy()
        heads[self._arriving + day + 1 :] = 0  # who arrives later might as well not have left: back to the source
        reached = np.zeros(self._nodes + 1, dtype=bool)
        reached[0] = True
        free, used = flow < most - 0.5, flow > 0.5
        while True:
            before = int(reached.sum())
            reached[heads[free & reached[self._tails]]] = True
            reached[self._tails[used & reached[heads]]] = True
            if int(reached.sum()) == before:
                break
        found: dict[str, int] = {}
        for column in np.flatnonzero(reached[self._tails] & ~reached[heads] & (most > 0)):
            name = self._limits[column]
            found[name] = found.get(name, 0) + int(most[column])
        return found

    def _capacities(self, arcs: Sequence[Arc], supplies: Sequence[Supply]) -> NDArray[np.float64]:
        most = np.full(len(self._tails), float(ENDLESS))
        for arc, columns in zip(arcs, self._columns, strict=True):
            most[columns.start : columns.stop] = arc.capacity
        at = self._entering - len(supplies)
        most[at : self._entering] = [supply.persons for supply in supplies]
        most[self._entering : self._waiting] = 0
        at = self._entering
        for supply in supplies:
            for entry in supply.entries:
                if entry.day <= self.days:
                    most[at + entry.day] = entry.most
                at += self.days + 1
        return most

    @cached_property
    def _model(self) -> Any:
        import highspy

        count = len(self._tails)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count, self._nodes - 1  # a row per node but the source and the sink
        lp.col_lower_, lp.col_upper_ = np.zeros(count), self._most
        lp.col_cost_ = np.concatenate([np.zeros(self._arriving), -np.arange(self.days + 1, 0, -1, dtype=float)])
        lp.row_lower_ = lp.row_upper_ = np.zeros(self._nodes - 1)
        starts, rows, signs = [0], [], []
        for tail, head in zip(self._tails.tolist(), self._heads.tolist(), strict=True):
            for node, sign in ((tail, 1.0), (head, -1.0)):
                if 0 < node < self._nodes:
                    rows.append(node - 1)
                    signs.append(sign)
            starts.append(len(rows))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(starts)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(rows), np.array(signs)
        model: Any = highspy.Highs  # not typed
        model = model()
        model.silent()
        model.setOptionValue("solver", "simplex")  # its solutions are whole numbers on a network
        model.passModel(lp)
        return model

    @cached_property
    def _best(self) -> NDArray[np.float64]:
        return self._solved(self._most)

    def _solved(self, most: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = np.arange(len(most), dtype=np.int32)
        with self._solving:
            self._model.changeColsBounds(len(most), columns, np.zeros(len(most)), most)
            self._model.run()
            return np.round(np.array(self._model.getSolution().col_value))


@lru_cache(maxsize=96)
def flow(arcs: tuple[Arc, ...], supplies: tuple[Supply, ...], destination: str, days: int) -> Flow:
    """The flow of a question, solved once: on most days a record is asked of, ways and forces are those of the last.

    Args: those of ``Flow``.
    """
    return Flow(arcs, supplies, destination, days)
