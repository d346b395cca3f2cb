"""Constant packages in compiled code: eight worlds at a time, every step written for the model's own structure.

The same figures as ``constant.by_type`` and the mix over types, reached by fewer operations:

* What comes next is a step of support and, apart from it, a step of tension, so E[W(x')] takes two differences a state
  and not a row of 20 probabilities. Support moves in two ways (calm seen; pressure or a challenge seen), tension in
  three. A level beyond an end is the end itself, so that ends need no case of their own.
* States are support * 4 + tension, so a step leads five states away at most: I - discount P is a band, and is taken
  apart as one, without pivoting. A band that loses a pivot yields no number, does not settle, and is left to numpy.
* Outcomes are wanted at the start only: the expected discounted visits x with x (I - gamma P) = e_start give all six.
* Payoffs are a part by support and a part by tension.

Newton's method stops for each world by itself, and its steps depend on nothing but the world and the package.
"""

from __future__ import annotations

import numpy as np

from dualtrack.choice.lanes import (
    WIDTH,
    Lane,
    below,
    compiled,
    exponential,
    fused,
    inlined,
    largest,
    load,
    size,
    store,
    total,
)
from dualtrack.choice.outcomes import OUTCOMES, START, SUPPORTS, TENSIONS
from dualtrack.choice.parameters import COLUMN, NAMES, Floats

_S, _T = len(SUPPORTS), len(TENSIONS)
_STATES = _S * _T
_BAND = _T + 1
_START = START[0] * _T + START[1]
_PARAMETERS, _OUTCOMES = len(NAMES), len(OUTCOMES)
_STEPS = 60
_SETTLED = 1e-13
_FARTHEST = 600.0  # beyond e^600 to one an action's odds count as they are at e^600

_B0, _GAMMA, _GR, _BETA = (COLUMN[name] for name in ("b0", "gamma", "gR", "beta"))
_GAIN, _SPLIT, _OFFER = (tuple(COLUMN[f"{name}_{of}"] for of in "SG") for name in ("V", "g", "y"))
_L, _K1, _K2, _R1, _R2, _PRE = (COLUMN[name] for name in ("L", "k1", "k2", "r1", "r2", "pre"))
_OMEGA, _MU, _RHO, _COND, _WK, _ELL0 = (COLUMN[name] for name in ("omega", "mu", "rho", "cond", "wk", "ell0"))
_K0D, _K1D, _CHI, _TRIP, _XI = (COLUMN[name] for name in ("k0d", "k1d", "chi", "trip", "xi"))
_KW, _KE, _EPS0, _RHO_O = (COLUMN[name] for name in ("kW", "kE", "eps0", "rho_o"))
_TU, _TD, _RHO_T, _LAM, _RHO_E = (COLUMN[name] for name in ("tu", "td", "rho_t", "lam", "rho_e"))
_DEC, _MIS, _CONF, _EXQ, _DLG, _RALLY = (COLUMN[name] for name in ("dec", "mis", "conf", "exq", "dlg", "rally"))
_C_P, _C_D, _C_E, _C_M = (COLUMN[name] for name in ("c_p", "c_d", "c_e", "c_m"))
_H, _WC, _IP, _CE, _ZET = (COLUMN[name] for name in ("H", "Wc", "Ip", "Ce", "zet"))

# What a group of eight worlds works on: each a stretch of one array, in lanes.
_SIZES = (
    _PARAMETERS,
    _S,  # unity
    _S,  # credibility
    _T,  # fear
    _S * 6,  # support moves after calm (down, stays, up), then after anything else
    5,  # eps, down and up of tension, beta, gR
    1 + 2 * (_S + _T),  # payoffs: restraint; pressure by support, by tension; challenge by support, by tension
    _STATES,  # W
    _STATES * 2,  # W after a step of support
    _STATES * 2,  # probabilities of pressure and challenge
    _STATES * 2,  # their weights in the derivative
    _STATES,  # how far F(W) is from W
    (_STATES + _BAND) * (_BAND + 1),  # upper band, and the right side, from five rows before the first
    (_STATES + _BAND) * (_BAND + 2),  # lower band, one over the pivots, and visits, to five rows after the last
    2 * _OUTCOMES,
)
_FROM = tuple(int(place) for place in np.cumsum((0, *_SIZES)))
SCRATCH = _FROM[-1] * WIDTH
"""Doubles that ``solve`` works on, each group of worlds anew."""
