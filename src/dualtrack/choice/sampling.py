"""Worlds drawn from a box: Sobol sequences that can be continued, Latin hypercubes, or independent draws."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.ranges import Ranges
from dualtrack.core.extras import needed

Method = Literal["sobol", "latin", "random"]


def sample(box: Ranges, n: int, seed: int, skip: int = 0, method: Method = "sobol") -> Floats:
    """Worlds, shape (n, 51), uniform between the ends of the box.

    Args:
        box: the ends.
        n: how many; balance needs a power of two, a Latin hypercube none.
        seed: of the scrambling (Owen 1998) or of the hypercube.
        skip: points of the Sobol sequence to leave out before the first: the same seed then continues it.
        method: ``sobol`` (Sobol 1967, scrambled), ``latin`` (McKay, Beckman and Conover 1979) or ``random``; only the
            first can skip, and the last alone needs no extra.

    Raises:
        BadInput: the extra ``choose`` is missing.
        ValueError: points to skip, by a method that has none.
    """
    if skip and method != "sobol":
        raise ValueError(f"a sample by the method {method} is drawn whole: it has no points to skip")
    if method == "random":
        unit = np.random.default_rng(seed).random((n, len(NAMES)))
    elif method == "latin":
        unit = can_sample().LatinHypercube(len(NAMES), rng=seed).random(n)
    else:
        qmc = can_sample()
        sequence = qmc.Sobol(len(NAMES), scramble=True, rng=seed)
        if skip:
            sequence.fast_forward(skip)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # on n that is no power of two: shards of a longer run are
            unit = sequence.random(n)
    worlds: Floats = box.low + (box.high - box.low) * unit
    return worlds


def can_sample() -> Any:
    """The library that draws worlds evenly.

    Raises:
        BadInput: the extra is missing.
    """
    return needed("scipy.stats.qmc", "choose", "Drawing worlds by Sobol or Latin hypercube")
