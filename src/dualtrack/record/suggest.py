"""What somebody may have meant by a code that there is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache

from dualtrack.record.schema import FieldSpec


def meant(text: str, spec: FieldSpec, states: Mapping[str, str]) -> str:
    """``Did you mean EST?``, or nothing.

    Args:
        text: the code as written.
        spec: its column.
        states: the states of the record by code, with their names.
    """
    if spec.type in ("state", "states"):
        found = _nearest(
            text, (*((code, code) for code in (*states, *spec.also)), *((n, c) for c, n in states.items()))
        )
    elif spec.type in ("code", "codes"):
        found = _nearest(text, tuple((code, code) for code in spec.values))
    else:
        return ""
    return f"Did you mean {' or '.join(found)}?" if found else ""


def near(text: str, known: Collection[str]) -> str:
    """``Did you mean spending?``, or nothing."""
    found = get_close_matches(text, known, n=2, cutoff=0.7)
    return f"Did you mean {' or '.join(found)}?" if found else ""


_SHORT = 4  # letters; longer words are alike by chance more easily: Deutschland is not the Netherlands
_CODE, _NAME = 0.6, 0.75


@lru_cache(maxsize=1024)
def _nearest(text: str, pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Codes whose spelling or name is near, the nearest first, at most three."""
    spelled = {word.casefold(): code for word, code in reversed(pairs) if word}
    if text.casefold() in spelled:
        return (spelled[text.casefold()],)
    close = get_close_matches(text.casefold(), list(spelled), n=3, cutoff=_CODE)
    far = set(get_close_matches(text.casefold(), [word for word in close if len(word) > _SHORT], n=3, cutoff=_NAME))
    return tuple(dict.fromkeys(spelled[word] for word in close if len(word) <= _SHORT or word in far))
