"""Words for headlines: lists and counts as a newspaper would print them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Names joined as in a sentence.

    >>> listed(["Estonia", "Latvia", "Poland"])
    'Estonia, Latvia and Poland'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "meeting"), plural(2, "meeting"), plural(2, "ally", "allies")
    ('1 meeting', '2 meetings', '2 allies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
