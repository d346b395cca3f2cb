"""The clauses of a long sentence: it may make several claims, one in each."""

from __future__ import annotations

import re

_JOINTS = (
    r"(?:[,;:—–]\s+|\s+)(?:(?:and|while|although|though|but|because|since|even if)\s+|that\s+(?=[A-Z]))"
    r"|[;:—–]\s+|,\s+(?=(?:and|while|but)\b)"
)
_CUT = re.compile(_JOINTS)
_OPENING = re.compile(
    r"(?:And |But |Yet,? )?(?:while|although|though|because|since|even if|when)\b[^,]*,", re.IGNORECASE
)
_SHORTEST = 6  # words: shorter pieces say too little to be found by


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that are long enough to say something; none where it is one clause.

    >>> clauses("The allies discuss a few small battalions, and Russia has announced three new divisions.")
    ['The allies discuss a few small battalions', 'Russia has announced three new divisions.']
    """
    opening = _OPENING.match(sentence)  # a subordinate clause that comes first ends at a comma and no conjunction
    halves = [sentence[: opening.end()], sentence[opening.end() :]] if opening else [sentence]
    parts = [part.strip(" ,;:") for half in halves for part in _CUT.split(half)]
    return [part for part in parts if len(part.split()) >= _SHORTEST and len(part) < 0.9 * len(sentence)]
