"""A first draft of a claim's file for a sentence that is worth a check and that no claim covers."""

from __future__ import annotations

import json
import re

_WORD = re.compile(r"[^\W_]+")
_ID_WORDS = 6
_DULL = frozenset(["the", "a", "an", "of", "in", "to", "and", "for", "on", "at", "by", "has", "have", "is", "are",
                   "was", "were", "that", "its", "their", "with", "as", "from", "will", "be", "than"])  # fmt: skip


def stub_id(sentence: str) -> str:
    """An id for a claim: the first telling words of the sentence.

    >>> stub_id("Russia has announced three new divisions in the west.")
    'russia-announced-three-new-divisions-west'
    """
    words = [w for w in (match[0].lower() for match in _WORD.finditer(sentence)) if w.isascii() and w not in _DULL]
    return "-".join(words[:_ID_WORDS]) or "new-claim"


def stub(sentence: str, number: str, said: str = "") -> str:
    """The draft: everything to be filled in says so, and the file is refused until it is.

    Args:
        sentence: what is claimed.
        number: a permanent number that is free.
        said: the date of the article, empty where unknown.
    """
    return f"""\
number: {number}
statement: {json.dumps(" ".join(sentence.split()), ensure_ascii=False)}
variants:              # two or more other ways to say the same
  - FILL IN
  - FILL IN
speaker: {{name: FILL IN, role: "", state: "", side: other}}   # nato, russia, ukraine, media, analyst, other
said: "{said}"
quoted: verbatim       # verbatim, translated, paraphrase, reported
sources: [FILL-IN]     # ids of the table sources
topic: FILL IN         # spending presence exercises encounters dialogue polls instruments enlargement arms_control
ask: {{analysis: FILL IN, parameters: {{}}}}                    # dualtrack know ask lists them
take: {{}}               # which value of the finding; left empty, the answer itself
test: {{comparator: FILL IN, value: FILL IN}}
recorded: {{said: cannot tell, latest: cannot tell}}   # dualtrack check claims FILE --update --reason "first run"
# Where no analysis can carry it, replace ask, take, test and recorded by:
# not_computed: why not
"""
