"""The ways in which one track acts on the other, and how each is switched off: no answer rests on one unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dualtrack.choice.parameters import COLUMN, Floats


@dataclass(frozen=True)
class Channel:
    """One way of acting, by the values of parameters at which it does nothing.

    ``thesis`` says that it is part of the article's argument that each track makes the other worth more.
    """

    id: str
    title: str
    off: Mapping[str, float]
    thesis: bool


CHANNELS = (
    Channel("fear", "dialogue makes presence look less threatening", {"rho": 0.0}, True),
    Channel("unity", "allies are divided by one track without the other", {"kW": 0.0, "kE": 0.0}, True),
    Channel("leverage", "presence gives dialogue its meaning", {"ell0": 1.0}, True),
    Channel("confrontation", "presence without dialogue looks confrontational at home", {"conf": 0.0}, True),
    Channel("hotlines", "dialogue damps escalation", {"rho_e": 0.0}, True),
    Channel("transparency", "dialogue prevents misreading and damps tension", {"rho_o": 0.0, "rho_t": 0.0}, True),
    Channel("welcome", "dialogue is welcome at home", {"dlg": 0.0}, False),
    Channel("weakness", "dialogue looks like weakness", {"wk": 0.0}, False),
    Channel("tripwire", "presence forces a response", {"trip": 0.0}, False),
)
"""Every channel between the tracks; the first six are the article's."""


def without(worlds: Floats, channels: Iterable[Channel]) -> Floats:
    """The same worlds with channels switched off, shape (n, 51)."""
    changed = worlds.copy()
    for channel in channels:
        for name, value in channel.off.items():
            changed[:, COLUMN[name]] = value
    return changed
