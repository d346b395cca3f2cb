"""Judged claims for a terminal: a line each, then what changed, the totals and, if asked, the shares by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import SIDES, Claim
from dualtrack.claims.difference import Differs
from dualtrack.claims.life import Turn
from dualtrack.claims.shares import shares
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.words import ranged

_WIDTH = max(len(verdict.value) for verdict in Verdict)
_ROWS = 6
"""New rows that a line names."""


def as_text(found: Sequence[Checked]) -> str:
    """A line per claim, with the value whatever the verdict, and the totals."""
    width = max((len(one.claim.id) for one in found), default=0)
    lines = [line for one in found for line in _claim(one, width)]
    changed = [one for one in found if one.changed]
    computed = [one for one in found if one.asked]
    counts = [
        f"{count} {verdict.value}" for verdict in Verdict if (count := sum(one.verdict is verdict for one in computed))
    ]
    if rest := len(found) - len(computed):
        counts.append(f"{rest} not computed")
    lines += ["", f"{len(found)} {'claim' if len(found) == 1 else 'claims'}: {', '.join(counts)}."]
    if changed:
        lines.append(f"{len(changed)} CHANGED against what is recorded: {', '.join(one.claim.id for one in changed)}.")
        lines.append("Look at them; --update --reason TEXT records the new verdicts and why.")
    return "\n".join(lines)


def as_report(found: Sequence[Checked]) -> str:
    """The shares of verdicts by side of the speaker, with what they are out of."""
    verdicts = list(Verdict)
    head = f"{'Claims of'.ljust(24)}  {'claims':>6}  {'computed':>8}  {'  '.join(v.value for v in verdicts)}"
    lines = [
        "Verdicts by whose the claims are; what was chosen to be checked decides them more than who said it:",
        head,
    ]
    for share in shares(found):
        cells = "  ".join(
            f"{share.verdicts[verdict]} of {share.computed}".rjust(len(verdict.value)) for verdict in verdicts
        )
        lines.append(f"{SIDES[share.side].ljust(24)}  {share.claims:>6}  {share.computed:>8}  {cells}")
    return "\n".join(lines)


def differences_as_text(found: Sequence[Differs], asked: int) -> str:
    """The claims with another verdict, each with what became known in between."""
    lines = [line for one in found for line in _differs(one)]
    return "\n".join([*lines, f"{len(found)} of {asked} verdicts differ."])


def life_as_text(claim: Claim, turns: Sequence[Turn]) -> str:
    """A line per day on which the verdict or the value became another one, with what was new."""
    lines = [f"{claim.id}: {claim.statement}"]
    for turn in turns:
        lines.append(f"  {turn.day}  {turn.verdict.value.ljust(_WIDTH)}  {turn.value}")
        if turn is not turns[0]:
            lines += [f"              {line}" for line in _new(turn.rows, turn.editions, ())]
    return "\n".join(lines)


def _claim(one: Checked, width: int) -> Iterator[str]:
    name = one.claim.id.ljust(width)
    if one.asked is None:
        yield f"{'not computed'.ljust(_WIDTH)}  {name}  {one.claim.not_computed}"
        return
    yield f"{one.asked.verdict.value.ljust(_WIDTH)}  {name}  {one.asked.value} · {ranged(one.asked)}".rstrip(" ·")
    if one.latest and one.latest is not one.asked and one.latest.verdict is not one.asked.verdict:
        yield f"{' ' * (_WIDTH + width + 4)}today {one.latest.verdict.value}: {one.latest.value}"
    for change in one.changed:
        yield f"{'CHANGED'.ljust(_WIDTH)}  {name}  {change}"
    gone = [f"without {source}: {verdict.value}" for source, verdict in one.asked.without.items()
            if verdict is not one.asked.verdict]  # fmt: skip
    if gone:
        yield f"{' ' * (_WIDTH + width + 4)}{'; '.join(gone)}"


def _differs(one: Differs) -> Iterator[str]:
    yield f"{one.claim.id}: {one.claim.statement}"
    for found in (one.old, one.new):
        yield f"  {found.day}  {found.verdict.value.ljust(_WIDTH)}  {found.value}"
    yield from (f"  {line}" for line in _new(one.rows, one.editions, one.readings))
    yield ""


def _new(rows: Sequence[str], editions: Sequence[str], readings: Sequence[str]) -> Iterator[str]:
    if editions:
        yield f"new editions: {', '.join(editions)}"
    if readings:
        yield f"new readings: {'; '.join(readings)}"
    if rows:
        more = f" and {len(rows) - _ROWS} more" if len(rows) > _ROWS else ""
        yield f"new rows: {', '.join(rows[:_ROWS])}{more}"
