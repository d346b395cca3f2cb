"""The world that the targets were computed in. It stays as it is when the record's table of parameters is revised."""

from __future__ import annotations

import numpy as np

from dualtrack.choice.parameters import NAMES, Floats

NOMINAL: dict[str, float] = {
    "b0": 0.5, "gamma": 0.97, "gR": 0.6, "beta": 4.0, "V_G": 1.2, "V_S": -0.5, "L": 1.5, "k2": 1.8, "g_G": 0.4,
    "g_S": 0.1, "k1": 0.3, "r1": 0.6, "r2": 0.3, "pre": 0.5, "omega": 0.6, "mu": 0.3, "rho": 0.4, "y_S": 0.4,
    "y_G": 0.1, "cond": 0.6, "wk": 0.1, "ell0": 0.5, "k0d": 0.2, "k1d": 0.65, "chi": 0.05, "trip": 0.3, "xi": 0.4,
    "kW": 0.3, "kE": 0.3, "eps0": 0.2, "rho_o": 0.5, "tu": 0.5, "td": 0.3, "rho_t": 0.4, "lam": 0.01, "rho_e": 0.5,
    "dec": 0.06, "mis": 0.1, "conf": 0.08, "exq": 0.12, "dlg": 0.04, "rally": 0.06, "c_p": 0.07, "c_d": 0.02,
    "c_e": 0.01, "c_m": 0.01, "H": 30.0, "Wc": 20.0, "Ip": 0.05, "Ce": 50.0, "zet": 0.1,
}  # fmt: skip


def nominal(**changed: float) -> Floats:
    """One row of 51 parameters: the nominal ones, and those of ``changed`` instead.

    Raises:
        KeyError: a name that is no parameter.
    """
    for name in changed:
        NOMINAL[name]
    return np.array([{**NOMINAL, **changed}[name] for name in NAMES], dtype=np.float64)
