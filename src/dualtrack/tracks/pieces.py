"""What the search of an hour comes to, as arrays, and hours put together."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks.pairwise import TOUCHING_S, Piece, joined

WHY = ("", "unknown_altitude", "mixed_altitude")
"""Why nothing is said of a pair, by number."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of encounters, in the order of pairs and time.

    Attributes:
        pairs: the packed identities of both, n x 2.
        moments: begin, end and nearest moment in Unix milliseconds, then the distance in metres and the difference of
            heights in feet, NaN for none; n x 5.
        undecided: pairs of which nothing can be said, with the number of the reason (``WHY``), m x 3.
        dropped: how many reports each rule of cleaning drops.
    """

    pairs: NDArray[np.int64]
    moments: NDArray[np.float64]
    undecided: NDArray[np.int64]
    dropped: dict[str, int]

    def to_bytes(self) -> bytes:
        """As a file of NumPy arrays."""
        said = np.frombuffer(json.dumps(self.dropped, sort_keys=True).encode(), np.uint8)
        out = io.BytesIO()
        np.savez(out, pairs=self.pairs, moments=self.moments, undecided=self.undecided, dropped=said)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Pieces:
        """What ``to_bytes`` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            dropped = json.loads(held["dropped"].tobytes())
            return cls(held["pairs"], held["moments"], held["undecided"], dropped)


def together(hours: Sequence[Pieces]) -> Pieces:
    """Hours in the order of time as one: pieces that were cut at the hour put together."""
    pairs = np.concatenate([np.empty((0, 2), np.int64), *(one.pairs for one in hours)])
    moments = np.concatenate([np.empty((0, 5)), *(one.moments for one in hours)])
    undecided = np.concatenate([np.empty((0, 3), np.int64), *(one.undecided for one in hours)])
    order = np.lexsort((moments[:, 0], pairs[:, 1], pairs[:, 0]))
    pairs, moments = pairs[order], moments[order]
    touching = (pairs[1:] == pairs[:-1]).all(axis=1) & (moments[1:, 0] - moments[:-1, 1] < 1000 * TOUCHING_S)
    for k in np.flatnonzero(touching).tolist():  # each piece goes into the next, which is then the whole so far
        moments[k + 1] = _row(joined(_piece(moments[k]), _piece(moments[k + 1])))
    stays = np.append(~touching, True)[: len(pairs)]
    dropped: Counter[str] = Counter()
    for one in hours:
        dropped.update(one.dropped)
    return Pieces(pairs[stays], moments[stays], np.unique(undecided, axis=0), dict(sorted(dropped.items())))


def _piece(row: NDArray[np.float64]) -> Piece:
    t_in, t_out, t_cpa, h, v = row.tolist()
    return Piece(t_in, t_out, t_cpa, h, None if v != v else v)  # only NaN differs from itself


def _row(piece: Piece) -> list[float]:
    return [piece.t_in, piece.t_out, piece.t_cpa, piece.h_m, float("nan") if piece.v_ft is None else piece.v_ft]
