"""Whose an aircraft or a ship is, by its number: state of registry and military blocks, from the record's table.

The table ``address_blocks`` says where every block comes from. Of several blocks that hold a number the smallest
decides, for every state alike. No block known as military is *unknown*, never *no*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dualtrack.record.rows import Row
from dualtrack.record.store import Record
from dualtrack.tracks.packing import NOT_ICAO, NUMBER, SHIP

TABLE = "address_blocks"

Known = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Owner:
    """What a number tells of its bearer.

    Attributes:
        state: of registry, ISO 3166-1 alpha-3; empty where there is none.
        registry: its name as listed.
        military: by the block, or by what the source of the reports says of this very aircraft.
        rows: ids of the rows of ``address_blocks`` it rests on.
        basis: how that is known: ``icao``, ``itu``, ``community``, ``source of the reports``, or nothing.
    """

    state: str = ""
    registry: str = ""
    military: Known = "unknown"
    rows: tuple[str, ...] = ()
    basis: str = ""


NOBODY = Owner()


class AddressBook:
    """Looks numbers up in the record's table of blocks.

    Args:
        record: with the table ``address_blocks``.
    """

    def __init__(self, record: Record) -> None:
        self._aircraft = _Blocks(record.rows(TABLE, "kind = ?", "icao24"), 16)
        self._ships = _Blocks(record.rows(TABLE, "kind = ?", "mmsi"), 10)

    def owner(self, packed: int, told_military: bool = False) -> Owner:
        """Whose a packed identity is.

        Args:
            packed: see ``packing``.
            told_military: whether the source of the reports counts this very aircraft as military.
        """
        found = self._by_block(packed)
        if told_military and found.military != "yes":
            return Owner(found.state, found.registry, "yes", found.rows, "source of the reports")
        return found

    def _by_block(self, packed: int) -> Owner:
        if packed & SHIP:
            digits = (packed ^ SHIP) // 1_000_000
            return self._ships.owner(digits) if 200 <= digits <= 799 else NOBODY
        if packed & (NUMBER | NOT_ICAO):
            return NOBODY
        return self._aircraft.owner(packed)


class _Blocks:
    """Blocks that may lie in one another, cut so that each piece has one answer."""

    def __init__(self, rows: list[Row], base: int) -> None:
        spans = [(int(str(row["first"]), base), int(str(row["last"]), base), row) for row in rows]
        self._cuts: NDArray[np.int64] = np.array(
            sorted({cut for first, last, _ in spans for cut in (first, last + 1)}), np.int64
        )
        self._owners = []
        for cut in self._cuts:
            holding = [span for span in spans if span[0] <= cut <= span[1]]
            self._owners.append(_as_owner([row for *_, row in sorted(holding, key=lambda s: s[1] - s[0])]))

    def owner(self, number: int) -> Owner:
        """Who holds a number."""
        place = int(np.searchsorted(self._cuts, number, side="right")) - 1
        return self._owners[place] if place >= 0 else NOBODY


def _as_owner(rows: list[Row]) -> Owner:
    """The answer of the blocks that hold a number, the smallest first."""
    if not rows:
        return NOBODY
    least = rows[0]
    return Owner(
        state=str(least["state"] or ""),
        registry=str(least["registry"]),
        military=least["military"],  # type: ignore[arg-type]  # the schema holds its codes
        rows=tuple(row.id for row in rows),
        basis=str(least["basis"]),
    )
