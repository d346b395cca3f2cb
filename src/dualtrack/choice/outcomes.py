"""What a package is valued by: six figures per world and package, and where the game starts."""

from __future__ import annotations

OUTCOMES = ("value", "challenge", "lost", "escalation", "pressure", "support")
"""The last axis of every array of outcomes. ``value`` is the expected discounted sum of the alliance's payoff (in the
model's unit, about 10 bn USD of 2016); the others are discounted means per quarter, (1 - gamma) times the expected sum:
probability of a challenge, of a challenge that succeeds, of inadvertent escalation, of pressure, and mean support."""

SUPPORTS = (0.20, 0.35, 0.50, 0.65, 0.80)
"""Levels of public support."""

TENSIONS = (0, 1, 2, 3)
"""Levels of tension."""

START = (2, 1)
"""The state at the start: index of support (.50) and of tension (1). A state's number is support * 4 + tension."""
