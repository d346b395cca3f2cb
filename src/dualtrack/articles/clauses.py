"""The clauses of a long sentence: it may make several claims, one in each."""

from __future__ import annotations

import re

_JOINTS = (
    r"(?:[,;:—–]\s+|\s+)(?:(?:and|while|although|though|but|because|since|even if)\s+|that\s+(?=[A-Z]))"
    r"|[;:—–]\s+|,\s+(?=(?:and|while|but)\b)"
)
_CUT = re.compile(_JOINTS)
_SHORTEST = 6  # words: shorter pieces say too little to be found by


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that are long enough to say something; none where it is one clause.

    >>> clauses("The allies discuss a few small battalions, and Russia has announced three new divisions.")
    ['The allies discuss a few small battalions', 'Russia has announced three new divisions.']
    """
    parts = [part.strip(" ,;:") for part in _CUT.split(sentence)]
    return [part for part in parts if len(part.split()) >= _SHORTEST and len(part) < 0.9 * len(sentence)]
