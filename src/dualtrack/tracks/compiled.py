"""How code is compiled, and what compiled code shares: places on the ellipsoid."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from dualtrack.core.compiledcache import compiled_once

A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)
"""Of the WGS 84 ellipsoid, as in ``pairwise``."""

Code = TypeVar("Code", bound=Callable[..., Any])


def fast(code: Code) -> Code:
    """Compiled when it is first called, once per machine.

    Numba keeps what it compiled until the function's own file changes, and does not look at the files of functions that
    it calls; so compiled functions call others of their file, and ``ecef``, which has no reason to change.
    """
    return compiled_once(code, error_model="numpy")


@fast
def ecef(lat: float, lon: float) -> tuple[float, float, float]:
    """Earth-centred coordinates in metres of a place on the ellipsoid in degrees."""
    a, b = math.radians(lat), math.radians(lon)
    sine, cosine = math.sin(a), math.cos(a)
    normal = A / math.sqrt(1 - E2 * sine**2)
    return normal * cosine * math.cos(b), normal * cosine * math.sin(b), normal * (1 - E2) * sine
