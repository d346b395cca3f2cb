"""Judged claims for a terminal: a line each, then what changed, what is not computed, and the shares by side."""

from __future__ import annotations

from collections.abc import Sequence

from dualtrack.claims.checking import Checked
from dualtrack.claims.judging import Judgement
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.words import ranged

_WIDTH = max(len(verdict.value) for verdict in Verdict)


def as_text(found: Sequence[Checked]) -> str:
    """A line per claim, with the value whatever the verdict, and the totals."""
    width = max((len(one.claim.id) for one in found), default=0)
    lines = [line for one in found for line in _claim(one, width)]
    changed = [one for one in found if one.changed]
    computed = [one for one in found if one.asked]
    counts = [
        f"{count} {verdict.value}" for verdict in Verdict if (count := sum(one.verdict is verdict for one in computed))
    ]
    rest = len(found) - len(computed)
    lines += ["", f"{len(found)} claims: {', '.join(counts)}{f', {rest} not computed' if rest else ''}."]
    if changed:
        lines.append(f"{len(changed)} CHANGED against what is recorded: {', '.join(one.claim.id for one in changed)}.")
        lines.append("Look at them; --update --reason TEXT records the new verdicts and why.")
    return "\n".join(lines)


def _claim(one: Checked, width: int) -> list[str]:
    name = one.claim.id.ljust(width)
    if one.asked is None:
        return [f"{'not computed'.ljust(_WIDTH)}  {name}  {one.claim.not_computed}"]
    lines = [f"{one.asked.verdict.value.ljust(_WIDTH)}  {name}  {one.asked.value} · {_rest(one.asked)}".rstrip(" ·")]
    if one.latest and one.latest is not one.asked and one.latest.verdict is not one.asked.verdict:
        lines.append(f"{' ' * (_WIDTH + width + 4)}today {one.latest.verdict.value}: {one.latest.value}")
    lines += [f"{'CHANGED'.ljust(_WIDTH)}  {name}  {change}" for change in one.changed]
    return lines


def _rest(found: Judgement) -> str:
    return ranged(found)
