"""Verification targets: figures known in closed form or solved by other means, and what the solvers here get.

One target a module, found by name (``v01_tiger`` is V1), so that adding a target is adding one file. It declares

* ``TITLE``: what is compared, and ``SOURCE``: where what is expected comes from;
* ``rows() -> Iterator[Row]``: a figure expected, the figure got and how far apart they may be.

``plain.py`` holds the model in plain Python, ``nominal.py`` the world most targets were computed in.
"""

from dualtrack.choice.verification.target import Check, checks, targets

__all__ = ["Check", "checks", "targets"]
