"""The value of constant packages against an adversary that looks ahead: exact, by a linear system per type.

The adversary of each type answers by logit: Q_a = U_a + gR E[W(x') | a] and W = sum_a pi_a Q_a, solved by Newton's
method. With its policy fixed, the alliance's value is V = (I - gamma P)^-1 r in 20 states (no belief is needed, as the
package never changes), and V = (1 - b0) V_S + b0 V_G.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Literal

import numpy as np

from dualtrack.choice.formulas import STATES, flows, of, transitions, utilities
from dualtrack.choice.outcomes import OUTCOMES, START, TENSIONS
from dualtrack.choice.package import Package, as_array
from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.core.extras import needed

Engine = Literal["auto", "numpy", "compiled"]

_CHUNK = 256
"""Worlds at a time, so that their matrices stay in the cache; results do not depend on it."""
_PART = 512
"""Worlds that a thread takes at a time in compiled code."""
_BLOCK = 64
"""Worlds that numpy solves at once: measured, a quarter quicker than a thousand, whose arrays fill no cache."""
_STEPS = 30
"""Newton steps before a policy is looked for by plain iteration: the prior sets took seven at most."""
_SWEEPS = 100_000
_SETTLED = 1e-13
_START = START[0] * len(TENSIONS) + START[1]

_SMALL = 20_000
"""Values (worlds times packages) that numpy has solved before compiled code is loaded (about a second) or, for the
first time on a machine, made (about four): measured, between the two."""
_NUMPY = 13_000
"""Values that numpy solves a second, measured on one core: how long an input would take without compiled code."""
_COMPILED = "The compiled engine"
_LONG = 5
"""Minutes in numpy from which an input without the extra is refused unless numpy is asked for."""


def constant(
    worlds: Floats,
    packages: Sequence[Package],
    engine: Engine = "auto",
    threads: int | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> Floats:
    """The six outcomes of each package in each world, shape (worlds, packages, 6), in the order of ``OUTCOMES``.

    With one engine the bytes depend on nothing but a world and a package: not on threads, nor on what is beside them.
    The two engines agree to about 1e-12.

    Args:
        worlds: shape (worlds, 51).
        packages: what is compared.
        engine: ``auto`` takes the compiled one for large inputs where the extra ``kernels`` is installed, see
            ``engine_for``.
        threads: of the compiled engine; as many as there are processors unless given.
        told: called with the number of worlds done, now and then.

    Raises:
        ArithmeticError: an adversary's policy did not settle (no parameters of the prior sets do this).
        ValueError: an array of another shape.
        BadInput: the extra is missing, and ``compiled`` is asked for or, by ``auto``, more than five minutes of numpy.
    """
    if worlds.ndim != 2 or worlds.shape[1] != len(NAMES):
        raise ValueError(f"worlds have {len(NAMES)} parameters: an array of shape {worlds.shape} is none of them")
    if engine == "auto":
        engine = engine_for(len(worlds) * len(packages))
    if engine == "numpy":
        found = np.empty((len(worlds), len(packages), len(OUTCOMES)))
        for start in range(0, len(worlds), _CHUNK):
            found[start : start + _CHUNK] = _solved(worlds[start : start + _CHUNK], packages)
            told(min(start + _CHUNK, len(worlds)))
        return found
    needed("numba", "kernels", _COMPILED)
    from dualtrack.choice.compiled import prepare, solved

    prepare()
    asked = as_array(packages)
    found = np.empty((len(worlds), len(packages), len(OUTCOMES)))

    def part(start: int) -> int:
        own = slice(start, start + _PART)
        found[own] = solved(worlds[own], asked)
        return min(start + _PART, len(worlds))

    parts = range(0, len(worlds), _PART)
    workers = min(threads or os.cpu_count() or 1, len(parts))
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            for done in pool.map(part, parts):
                told(done)
    else:
        for start in parts:
            told(part(start))
    for number, package in enumerate(packages):
        lost = np.isnan(found[:, number, 0])
        if lost.any():  # did not settle in compiled code, which has but one way
            found[lost, number] = _solved(worlds[lost], [package])[:, 0]
    return found


def engine_for(values: int) -> Literal["numpy", "compiled"]:
    """The engine that ``auto`` stands for. Ask once for a run that is done in pieces, and give all of them the same.

    Args:
        values: worlds times packages, of the whole run.

    Raises:
        BadInput: the extra is missing, and numpy would take more than five minutes.
    """
    if values < _SMALL:
        return "numpy"
    if find_spec("numba") is not None:
        return "compiled"
    minutes = values / _NUMPY / 60
    if minutes > _LONG:
        needed("numba", "kernels", f"{values:,} values would take {minutes:.0f} minutes in numpy. {_COMPILED}")
    return "numpy"


def _solved(worlds: Floats, packages: Sequence[Package]) -> Floats:
    """The outcomes in numpy: one package after the other, as many worlds at once as a processor's cache holds."""
    found = np.empty((len(worlds), len(packages), len(OUTCOMES)))
    for start in range(0, len(worlds), _BLOCK):
        block = worlds[start : start + _BLOCK]
        belief = of(block, "b0")[:, None]
        for number, package in enumerate(packages):
            of_type = by_type(block, package)
            found[start : start + _BLOCK, number] = (1 - belief) * of_type[:, 0] + belief * of_type[:, 1]
    return found


def by_type(worlds: Floats, package: Package) -> Floats:
    """The outcomes where the adversary's type is known, shape (worlds, 2, 6): security seeking, then greedy."""
    kernel = transitions(worlds, package)
    policy = responses(utilities(worlds, package), kernel, of(worlds, "beta"), of(worlds, "gR"))
    gamma = of(worlds, "gamma")
    ahead = np.eye(STATES) - gamma[:, None, None, None] * _mixed(policy, kernel)
    started = np.broadcast_to(np.eye(STATES)[_START][:, None], (*ahead.shape[:2], STATES, 1))
    visits = np.linalg.solve(ahead.swapaxes(-1, -2), started)[..., 0]
    totals: Floats = np.einsum("ncx,ncxo->nco", visits, flows(worlds, package, policy))
    totals[:, :, 1:] *= (1 - gamma)[:, None, None]
    return totals


def responses(payoffs: Floats, kernel: Floats, beta: Floats, discount: Floats) -> Floats:
    """The adversary's policy, shape (n, 2, 20, 3): logit in what each action brings now and later.

    W - F(W) = 0 with F(W) = sum_a pi_a Q_a has the derivative I - gR sum_a pi_a (1 + beta (Q_a - F)) P_a. With gR near
    1 and a precision far above the prior sets', Newton's method may go in circles: then W = F(W) is iterated.

    Args:
        payoffs: U, shape (n, 2, 20, 3).
        kernel: P(x' | x, action), shape (n, 3, 20, 20).
        beta: precision, shape (n,).
        discount: gR, shape (n,); 0 is an adversary that does not look ahead.

    Raises:
        ArithmeticError: a policy did not settle either way.
    """
    precise, later = beta[:, None, None, None], discount[:, None, None, None]
    policy = np.empty_like(payoffs)
    ahead = np.zeros(payoffs.shape[:3])
    open_ = np.arange(len(payoffs))
    for step in range(_STEPS + _SWEEPS):
        own, worth = kernel[open_], payoffs[open_]
        q = worth + later[open_] * _expected(own, ahead[open_])
        powers = np.exp(precise[open_] * (q - q.max(axis=-1, keepdims=True)))
        pi = powers / powers.sum(axis=-1, keepdims=True)
        mean = (pi * q).sum(axis=-1, keepdims=True)
        policy[open_] = pi
        change = mean[..., 0] - ahead[open_]
        size = 1 + np.abs(ahead[open_]).max(axis=(1, 2))
        left = np.abs(change).max(axis=(1, 2)) >= _SETTLED * size
        open_, change, own = open_[left], change[left], own[left]
        if not len(open_):
            return policy
        if step >= _STEPS:
            ahead[open_] = ahead[open_] + change if step > _STEPS else 0.0
            continue
        weights = pi[left] * (1 + precise[open_] * (q[left] - mean[left]))
        slope = np.eye(STATES) - later[open_] * _mixed(weights, own)
        ahead[open_] += np.linalg.solve(slope, change[..., None])[..., 0]
    raise ArithmeticError("The adversary's value of looking ahead did not settle.")


def _expected(kernel: Floats, ahead: Floats) -> Floats:
    """What each action leads to, on average: shape (n, 2, 20, 3)."""
    n = len(kernel)
    found = kernel.reshape(n, 3 * STATES, STATES) @ ahead.swapaxes(1, 2)
    return found.reshape(n, 3, STATES, 2).transpose(0, 3, 2, 1)


def _mixed(weights: Floats, kernel: Floats) -> Floats:
    """The kernel under weights of the actions: shape (n, 2, 20, 20). Three products are quicker than a contraction."""
    found: Floats = weights[..., 0, None] * kernel[:, None, 0]
    for action in (1, 2):
        found += weights[..., action, None] * kernel[:, None, action]
    return found
