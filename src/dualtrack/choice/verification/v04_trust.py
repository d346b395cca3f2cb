"""V4: the trust that cooperation needs, and the reassurance that tells types apart."""

from __future__ import annotations

from collections.abc import Iterator

from dualtrack.choice.trust import separating_reassurance, trust_threshold
from dualtrack.choice.verification.row import Row

TITLE = "Trust threshold and costly reassurance"
SOURCE = "closed form; own parametrisation after Kydd, Trust and Mistrust in International Relations (Princeton 2005)"


def rows() -> Iterator[Row]:
    """The threshold for payoffs 3, 2, 0, 1 and the separating range for gains (2, 3) and costs (1, 2)."""
    yield Row("trust needed, R, T, S, P = 3, 2, 0, 1", 0.5, float(trust_threshold(3, 2, 0, 1)), 1e-15)
    least, most = separating_reassurance(gain_s=2, gain_g=3, cost_s=1, cost_g=2)
    yield Row("least reassurance that separates", 1.5, float(least), 1e-15)
    yield Row("most reassurance that separates", 2.0, float(most), 1e-15)
