"""What every analysis is asked in the tests of properties all must have: its own examples, and some harder ones."""

from collections.abc import Mapping
from typing import Any

from dualtrack.analyses.contract import analyses

MORE: dict[str, tuple[Mapping[str, Any], ...]] = {
    "spending_guideline": (
        {"year": 2014, "threshold": 1.8},
        {"year": 2019, "group": "eastern_flank", "edition": "2019-06-25"},
        {"year": 2026, "definition": "core_defence"},
        {"year": 1990},  # nothing on record: the refusal must be the same, too
    ),
    "exercises": (
        {},
        {"side": "russia", "since": "2014", "minimum": 9000},
        {"kind": "snap", "basis": "high"},
        {"since": "2015-06", "until": "2016", "basis": "announced"},
        {"state": "EST"},
    ),
}


def questions(name: str) -> list[dict[str, Any]]:
    """The parameters an analysis is asked with."""
    return [dict(example) for example in (*analyses()[name].examples, *MORE.get(name, ()))]


def all_questions() -> list[tuple[str, dict[str, Any]]]:
    """Every analysis with every one of its examples."""
    return [(name, example) for name in analyses() for example in questions(name)]
