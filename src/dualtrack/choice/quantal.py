"""An adaptive package against an adversary that looks ahead, in one world: Markov logit equilibria on beliefs.

Both sides respond by logit (McKelvey and Palfrey, "Quantal Response Equilibria for Extensive Form Games", Experimental
Economics 1 (1998) 9-41) to what follows, at every state and belief (b, x):

* the alliance shows a package a, with probability in proportion to exp(precision * Q_A(a)), or follows a given policy;
* the adversary of each type sees it and answers by logit of precision beta in Q_i = U_i + gR E[W(b', x')];
* what is seen and answered moves the belief by Bayes' rule under the very responses of the equilibrium.

A type that foresees how its answer moves the belief may pose as the other one. There may be several equilibria: every
start that settles leads to one, all distinct ones are told with what is left of their equations, and **there may be
more**. None is "the" answer. Values are interpolated on a grid of beliefs; they are not bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice import formulas
from dualtrack.choice.adaptive import Adaptive, adaptive
from dualtrack.choice.beliefs import grid
from dualtrack.choice.decision import NEARBY, SHOWN, START_STATE, Decision, Integers, decisions, logit
from dualtrack.choice.formulas import STATES
from dualtrack.choice.information import constants
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.core.errors import BadInput

GRID = 17
"""Beliefs of the grid unless asked otherwise."""

PRECISION = 200.0
"""How sharply the alliance chooses, per unit of value (about 10 bn USD). Ours: packages that differ by a hundredth, the
cost of a package's smallest parts, are then told apart by odds of seven; blunter choices cost the alliance value."""

MAY_BE_MORE = "There may be more equilibria than these: each start that settles finds one."

_DAMPING = (0.5, 0.15, 0.05)
"""Shares of the way to the responses that a step goes: smaller ones follow where the first does not settle."""
_STEPS = 120  # with each share
_SETTLED = 1e-7  # largest distance of a probability from its response
_ALIKE = 1e-4  # largest distance of probabilities in play, at which two ends are one equilibrium


@dataclass(frozen=True)
class Ending:
    """Where one start led.

    Attributes:
        start: its name.
        settled: whether the equations hold to ``residual`` of 1e-7.
        residual: the largest distance of a probability from its response.
        steps: damped steps taken.
        value: of the alliance at the start, with the world's prior belief; interpolated.
        shown: probability of each package, shape (A, 20, B).
        answers: probability of restraint, pressure and challenge, shape (A, 2, 20, B, 3), by package shown and type.
    """

    start: str
    settled: bool
    residual: float
    steps: int
    value: float
    shown: Floats
    answers: Floats


@dataclass(frozen=True)
class Equilibria:
    """All that was found from several starts.

    Attributes:
        found: the distinct equilibria, in order of the first start that led there.
        led: for each of them, the names of the starts that led there.
        unsettled: starts that led nowhere, with what was left.
        beliefs: the grid.
        packages: the A packages.
    """

    found: tuple[Ending, ...]
    led: tuple[tuple[str, ...], ...]
    unsettled: tuple[Ending, ...]
    beliefs: Floats
    packages: tuple[Package, ...]

    @property
    def note(self) -> str:
        """What must be told beside any of them."""
        number = len(self.found)
        starts = sum(map(len, self.led)) + len(self.unsettled)
        words = f"{number} distinct {'equilibrium' if number == 1 else 'equilibria'} from {starts} starts"
        lost = f", {len(self.unsettled)} of which did not settle" if self.unsettled else ""
        return f"{words}{lost}. {MAY_BE_MORE}"


def equilibria(
    world: Floats,
    packages: Sequence[Package],
    policy: Adaptive | None = None,
    precision: float = PRECISION,
    size: int = GRID,
    seeds: Sequence[int] = (1, 2, 3),
    told: Callable[[str], None] = lambda start: None,
) -> Equilibria:
    """Equilibria of one world.

    Starts are: the adaptive package that is best against a myopic adversary, the best constant package, the package
    with the highest levels and that with the lowest always, and random ones.

    Args:
        world: shape (51,), with gR of at least 0.
        packages: what the alliance may show; a dozen settle within seconds, all 48 take minutes.
        policy: an adaptive package that the alliance follows come what may; only the adversary then responds.
        precision: of the alliance's logit, per unit of value.
        size: beliefs of the grid.
        seeds: of the random starts.
        told: called with the name of each start when it is done.

    Raises:
        BadInput: no package, a precision that is not positive, or a policy over other packages.
    """
    if precision <= 0:
        raise BadInput(f"A precision of {precision:g} chooses nothing.", "Give more than 0, for example 200.")
    [decision] = decisions(np.asarray(world)[None], packages)
    if policy is not None and policy.decision.packages != decision.packages:
        raise BadInput("The policy is over other packages than those given.", "Give the packages it was solved with.")
    game = _Game(np.asarray(world), decision, size, precision, None if policy is None else _on(policy, size))
    ends = []
    for name, shown, answers in _starts(game, world, policy, seeds):
        ends.append(game.settle(name, shown, answers))
        told(name)
    found: list[Ending] = []
    led: list[list[str]] = []
    for end in (end for end in ends if end.settled):
        for number, known in enumerate(found):
            if game.distance(known, end) <= _ALIKE:
                led[number].append(end.start)
                break
        else:
            found.append(end)
            led.append([end.start])
    lost = tuple(end for end in ends if not end.settled)
    return Equilibria(tuple(found), tuple(map(tuple, led)), lost, game.beliefs, decision.packages)


def _on(policy: Adaptive, size: int) -> Integers:
    """A policy's packages on the grid of a size, shape (20, B): those of the nearest belief in log-odds."""
    wanted, known = (np.clip(points.odds, -99, 99) for points in (grid(size), policy.points))
    nearest = np.abs(wanted[:, None] - known).argmin(axis=1)
    found: Integers = policy.chosen[:, nearest]
    return found


def _starts(
    game: _Game, world: Floats, policy: Adaptive | None, seeds: Sequence[int]
) -> Iterator[tuple[str, Floats, Floats]]:
    """Names and strategies to start from."""
    decision, size = game.decision, len(game.beliefs)
    packages = len(decision.packages)

    def always(a: int) -> Integers:
        return np.full((STATES, size), a)

    sums = [sum(package) for package in decision.packages]
    held = constants(decision)[:, :, START_STATE] @ np.array([1 - decision.belief, decision.belief])
    best = policy or adaptive(world, decision.packages, engine="numpy")
    for name, chosen in (
        ("best if the other side does not look ahead", _on(best, size)),
        ("best constant package", always(int(held.argmax()))),
        ("always the most", always(int(np.argmax(sums)))),
        ("always the least", always(int(np.argmin(sums)))),
    ):
        shown = (np.arange(packages)[:, None, None] == chosen).astype(np.float64)
        yield name, shown if game.fixed is None else game.fixed, game.myopic(shown)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        shown = rng.dirichlet(np.full(packages, 0.3), size=(STATES, size)).transpose(2, 0, 1)
        answers = rng.dirichlet(np.full(3, 0.5), size=(packages, 2, STATES, size))
        yield f"random, seed {seed}", shown if game.fixed is None else game.fixed, answers


class _Game:
    """One world on a grid, and the responses of both sides to given strategies."""

    def __init__(self, world: Floats, decision: Decision, size: int, precision: float, fixed: Integers | None) -> None:
        self.decision, self.points, self.beliefs = decision, grid(size), grid(size).beliefs
        self.precision = precision
        packages = len(decision.packages)
        self.fixed = None if fixed is None else (np.arange(packages)[:, None, None] == fixed).astype(np.float64)
        row = world[None]
        self.beta, self.ahead = float(world[COLUMN["beta"]]), float(world[COLUMN["gR"]])
        self.utilities = np.stack([formulas.utilities(row, package)[0] for package in decision.packages])
        self.seen = np.stack([formulas.seen_as(row, package)[0] for package in decision.packages])
        accepted = np.stack(
            [formulas.accepts(row, package)[0] if package.dialogue > 0 else np.ones(2) for package in decision.packages]
        )
        self.accepted = np.stack([accepted, 1 - accepted], axis=-1)
        # The payoff is linear in the adversary's probabilities: three steps give it for any of them.
        sure = np.broadcast_to(np.eye(3)[:, None, None, None], (3, 1, 2, STATES, 3))
        self.payoffs = np.stack(
            [
                np.stack([formulas.flows(row, package, answer)[0, ..., 0] for answer in sure], axis=-1)
                for package in decision.packages
            ]
        )

    def myopic(self, shown: Floats) -> Floats:
        """Answers of an adversary that does not look ahead, shape (A, 2, 20, B, 3)."""
        answers = logit(self.utilities, self.beta)[:, :, :, None]
        return np.broadcast_to(answers, (*answers.shape[:3], shown.shape[2], 3)).copy()

    def settle(self, name: str, shown: Floats, answers: Floats) -> Ending:
        """Damped steps until both sides' strategies are their responses, or none are left."""
        steps, best = 0, np.inf
        kept = shown, answers
        for share in _DAMPING:
            shown, answers = kept
            for _ in range(_STEPS):
                steps += 1
                to_shown, to_answers = self.responses(shown, answers)[:2]
                residual = max(float(np.abs(to_shown - shown).max()), float(np.abs(to_answers - answers).max()))
                if residual < best:
                    best, kept = residual, (shown, answers)
                if residual <= _SETTLED:
                    break
                shown = shown + share * (to_shown - shown)
                answers = answers + share * (to_answers - answers)
            if best <= _SETTLED:
                break
        shown, answers = kept
        value = self.responses(shown, answers)[2]
        below, weight = self.points.weights(np.asarray(self.decision.belief))
        row = value[START_STATE]
        at_start = float(row[below] + weight * (row[below + 1] - row[below]))
        return Ending(name, best <= _SETTLED, best, steps, at_start, shown, answers)

    def distance(self, one: Ending, other: Ending) -> float:
        """The largest distance of strategies that are in play: an answer to what is never shown does not count."""
        shown = float(np.abs(one.shown - other.shown).max())
        weight = np.minimum(one.shown, other.shown)[:, None, :, :, None]
        return max(shown, float((weight * np.abs(one.answers - other.answers)).max()))

    def responses(self, shown: Floats, answers: Floats) -> tuple[Floats, Floats, Floats]:
        """What each side would do if strategies were as given ever after, and the alliance's value (20, B)."""
        decision = self.decision
        packages, states, size = shown.shape
        b = self.beliefs
        signals = np.einsum("atxis,asv,atw->atxivw", answers, self.seen, self.accepted).reshape(
            packages, 2, states, size, SHOWN
        )
        seeking, greedy = signals[:, 0], signals[:, 1]
        joint = b[:, None] * greedy
        chance = joint + (1 - b)[:, None] * seeking
        own = np.broadcast_to(b[:, None], chance.shape)
        after = np.divide(joint, chance, out=own.copy(), where=chance > 0)
        after[..., 0, :], after[..., -1, :] = 0.0, 1.0
        below, weight = self.points.weights(np.clip(after, 0, 1))
        value, ahead = self._valued(shown, answers, signals, below, weight)

        moves = decision.moves[decision.move]
        # What follows each thing shown, interpolated: for the alliance, and for each type.
        later = np.empty((3, packages, states, size, SHOWN))
        near = np.einsum("asxk,fxkj->fasxj", moves, np.stack([value, *ahead])[:, NEARBY])
        rows = np.arange(packages)[:, None, None], np.arange(states)[:, None]
        for o in range(SHOWN):
            j, w = below[..., o], weight[..., o]
            part = near[:, :, o // 2]
            here, there = part[:, rows[0], rows[1], j], part[:, rows[0], rows[1], j + 1]
            later[..., o] = here + w * (there - here)
        by_seen = later[1:].reshape(2, packages, states, size, 3, 2)
        expected = np.einsum("taxivw,asv,atw->atxis", by_seen, self.seen, self.accepted)
        worth = self.utilities[:, :, :, None] + self.ahead * expected
        to_answers = logit(worth, self.beta)
        if self.fixed is not None:
            return self.fixed, to_answers, value
        paid = np.einsum("atxis,atxs->atxi", answers, self.payoffs)
        now = (1 - b) * paid[:, 0] + b * paid[:, 1]
        total = now + decision.discount * (chance * later[0]).sum(axis=-1)
        to_shown = logit(total.transpose(1, 2, 0), self.precision).transpose(2, 0, 1)
        return to_shown, to_answers, value

    def _valued(
        self, shown: Floats, answers: Floats, signals: Floats, below: Integers, weight: Floats
    ) -> tuple[Floats, Floats]:
        """The alliance's value (20, B) and each type's (2, 20, B) if strategies stay: a linear system each."""
        decision = self.decision
        packages, states, size = shown.shape
        many = states * size
        at, rows, shares = [], [], []
        own = np.arange(many).reshape(states, size)
        for a in range(packages):
            if shown[a].max() < 1e-12:
                continue
            for o in range(SHOWN):
                chance = shown[a] * signals[a, :, :, :, o]
                if not chance.any():
                    continue
                for k in range(NEARBY.shape[1]):
                    t = decision.moves[decision.move[a], o // 2, :, k]
                    if not t.any():
                        continue
                    for shift, w in ((0, 1 - weight[a, ..., o]), (1, weight[a, ..., o])):
                        rows.append(own)
                        at.append(NEARBY[:, k, None] * size + below[a, ..., o] + shift)
                        shares.append(chance * t[:, None] * w)
        places = (np.stack(rows) * many + np.stack(at)).ravel()
        by_type = np.stack(shares, axis=1).reshape(2, -1)
        kernels = np.stack([np.bincount(places, part, many * many).reshape(many, many) for part in by_type])
        b = np.tile(self.beliefs, states)
        paid = np.einsum("axi,atxis,atxs->txi", shown, answers, self.payoffs).reshape(2, many)
        pay = (1 - b) * paid[0] + b * paid[1]
        mixed = (1 - b)[:, None] * kernels[0] + b[:, None] * kernels[1]
        value = np.linalg.solve(np.eye(many) - decision.discount * mixed, pay)
        felt = np.einsum("axi,atxis,atxs->txi", shown, answers, self.utilities).reshape(2, many)
        ahead = np.stack([np.linalg.solve(np.eye(many) - self.ahead * kernels[kind], felt[kind]) for kind in (0, 1)])
        return value.reshape(states, size), ahead.reshape(2, states, size)
