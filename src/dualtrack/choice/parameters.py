"""Names and order of the model's parameters, and arrays of worlds: one value of every parameter each."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

NAMES: tuple[str, ...] = (
    "b0", "gamma", "gR", "beta", "V_G", "V_S", "L", "k2", "g_G", "g_S", "k1", "r1", "r2", "pre", "omega", "mu", "rho",
    "y_S", "y_G", "cond", "wk", "ell0", "k0d", "k1d", "chi", "trip", "xi", "kW", "kE", "eps0", "rho_o", "tu", "td",
    "rho_t", "lam", "rho_e", "dec", "mis", "conf", "exq", "dlg", "rally", "c_p", "c_d", "c_e", "c_m", "H", "Wc", "Ip",
    "Ce", "zet",
)  # fmt: skip
"""In the order of the table ``model_parameters`` and of the columns of every array of worlds, shape (worlds, 51)."""

COLUMN = {name: index for index, name in enumerate(NAMES)}
"""The column of a parameter in an array of worlds."""
