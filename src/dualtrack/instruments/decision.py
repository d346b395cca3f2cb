"""Which comparison decided an answer, by what margin, and how far the figure is from turning it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dualtrack.core.expression import Literal, Name, Node, Operation
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import UNITS, Activity
from dualtrack.instruments.rule import Rule


@dataclass(frozen=True)
class Asked:
    """A rule as asked about one activity: whether it may apply, may be met, and may leave the activity exempt.

    ``due`` are the days of notice of the deadlines that may hold for the activity.
    """

    rule: Rule
    applies: bool
    met: bool
    exempt: bool
    due: tuple[float, ...]


@dataclass(frozen=True)
class Decision:
    """What decided: the figure compared (or the code), its bounds, the level, and value minus level.

    ``margin`` is in the unit of the figure, below zero where the level is missed by so much; None where a code
    decided or the figure is not known. ``checked`` levels are told apart by their row of ``rules``.
    """

    rule: str
    field: str
    low: float | None = None
    high: float | None = None
    code: str | None = None
    threshold: float | None = None
    margin: float | None = None
    reference: str = ""

    @property
    def unit(self) -> str:
        """The unit of the figure."""
        return UNITS.get(self.field, "")


@dataclass(frozen=True)
class _Compared:
    decision: Decision
    answer: Ternary
    relative: float  # how far from the level, as a share of it


def decide(asked: Sequence[Asked], at: Activity, notifiable: Ternary, answer: Ternary) -> Decision | None:
    """What decided the answer on one activity over all rules with the same outcome.

    Args:
        asked: the rules as asked about the activity.
        at: the activity.
        notifiable: the outcome before, which rules on observation ask for.
        answer: the answer of all rules together.
    """
    if answer is Ternary.NO:
        stopped = next(filter(None, (_not_applying(a, at, notifiable) for a in asked)), None)
        if stopped:
            return stopped
    compared = [c for a in asked if a.applies for c in _compared(a.rule, at)]
    if answer is Ternary.NO and any(c.answer is not Ternary.NO for c in compared):
        return next((e for a in asked if (e := _exempt(a, at))), None)
    fitting = [c for c in compared if c.answer is answer]
    best = max(fitting, key=lambda c: c.relative, default=None)
    if answer is Ternary.UNKNOWN:
        untold = next((e for a in asked if (e := _exempt(a, at))), None)
        if best is None or (untold and any(c.answer is Ternary.YES for c in compared)):
            return untold
    return best.decision if best else None


def nearest(asked: Sequence[Asked], at: Activity, answer: Ternary) -> list[tuple[str, float]]:
    """The smallest changes that turn a yes or a no: figure and change, in its unit.

    A no turns when any one figure reaches its level: the nearest is given. A yes turns only when every level that is
    reached is missed, so each figure that has to change is given. Nothing is given where a code decided.
    """
    if answer is Ternary.UNKNOWN:
        return []
    found = [c for a in asked if a.applies for c in _compared(a.rule, at) if c.decision.field in UNITS]
    found = [c for c in found if c.decision.low == c.decision.high and c.decision.field != "hours"]
    if answer is Ternary.NO:
        short = [c for c in found if c.answer is Ternary.NO and c.decision.high]
        first = max(short, key=lambda c: c.relative, default=None)
        return [(first.decision.field, -(first.decision.margin or 0.0))] if first else []
    over: dict[str, float] = {}
    for c in found:
        if c.answer is Ternary.YES:
            field, change = c.decision.field, -(c.decision.margin or 0.0) - 1
            over[field] = min(over.get(field, 0.0), change)
    return sorted(over.items())


def _not_applying(asked: Asked, at: Activity, notifiable: Ternary) -> Decision | None:
    if asked.applies:
        return None
    rule = asked.rule
    if "notifiable" in rule.applies.names and notifiable is Ternary.NO:
        return Decision(rule.id, "notifiable", code="no")
    if at.codes.get("in_zone") == "no":
        return Decision(rule.id, "in_zone", code="no")
    return None


def _exempt(asked: Asked, at: Activity) -> Decision | None:
    rule = asked.rule
    if rule.exempt is None or not asked.exempt:
        return None
    for comparison in rule.exempt.comparisons():
        found = _decision(rule, comparison, at)
        if found:
            return found
    name = sorted(rule.exempt.names & set(at.codes))
    return Decision(rule.id, name[0], code=at.codes[name[0]]) if name else None


def _compared(rule: Rule, at: Activity) -> Iterator[_Compared]:
    for comparison in rule.condition.comparisons():
        decision = _decision(rule, comparison, at)
        if decision is None or decision.threshold is None or decision.low is None:
            continue
        high = float("inf") if decision.high is None else decision.high
        if decision.low >= decision.threshold:
            answer, value = Ternary.YES, decision.low
        elif high < decision.threshold:
            answer, value = Ternary.NO, high
        else:
            answer, value = Ternary.UNKNOWN, high
        scale = decision.threshold or 1.0
        yield _Compared(decision, answer, (value - decision.threshold) / scale)


def _decision(rule: Rule, comparison: Operation, at: Activity) -> Decision | None:
    """A comparison ``figure >= level`` or ``figure <= level`` with the activity's figure."""
    left, right = comparison.operands
    if not isinstance(left, Name) or left.name not in at.figures:
        return None
    threshold = _constant(right, rule.levels)
    if threshold is None:
        return None
    low, high = at.figures[left.name]
    margin = (low if low >= threshold else high) - threshold
    bounded = high != float("inf")
    reference = next((rule.written.levels[n].rule for n in _names(right) if n in rule.written.levels), "")
    return Decision(
        rule=rule.id, field=left.name, low=low, high=high if bounded else None, threshold=threshold,
        margin=margin if bounded else None, reference=reference,
    )  # fmt: skip


def _constant(node: Node, levels: dict[str, float]) -> float | None:
    match node:
        case Literal(value=float() as value):
            return value
        case Name(name=name):
            return levels.get(name)
        case Operation(operator="+" | "-" | "*" as operator, operands=(left, right)):
            a, b = _constant(left, levels), _constant(right, levels)
            if a is None or b is None:
                return None
            return a + b if operator == "+" else a - b if operator == "-" else a * b
    return None


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from _names(operand)
