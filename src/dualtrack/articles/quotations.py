"""Which sentences of an article begin inside a quotation that an earlier one opened."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 15  # sentences: a quotation that runs on without an end was cut off, or its mark was an inch sign


def begins_quoted(sentences: Sequence[str]) -> list[bool]:
    """For each sentence, whether a quotation is open where it begins.

    Straight marks open when white space or a bracket stands before them and close otherwise, so one mark too few does
    not turn the rest of the article around.

    >>> begins_quoted(['He said: "We agree.', 'We always did."', 'That was all.'])
    [False, True, False]
    """
    quoted: list[bool] = []
    open_since = -1
    for number, sentence in enumerate(sentences):
        if open_since >= 0 and number - open_since > _LONGEST:
            open_since = -1
        quoted.append(open_since >= 0)
        for at, mark in enumerate(sentence):
            if mark in "“„«" or (mark == '"' and (at == 0 or sentence[at - 1] in " \t\u00a0([—–-")):
                open_since = number
            elif mark in '”»"':
                open_since = -1
    return quoted


def share_quoted(sentence: str, begins: bool = False) -> float:
    """The share of a sentence's characters that stand within quotation marks, 0 to 1."""
    inside, count = begins, 0
    for at, mark in enumerate(sentence):
        if mark in "“„«" or (mark == '"' and (at == 0 or sentence[at - 1] in " \t\u00a0([—–-")):
            inside = True
        elif mark in '”»"':
            inside = False
        else:
            count += inside
    return count / max(1, len(sentence))
