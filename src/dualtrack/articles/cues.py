"""What marks a sentence as worth a check, or as argument or advice, counted as some forty numbers.

The extractors' finds and short lists of words; nothing here knows a state, a party or a topic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from dualtrack.articles.dates_in_text import dates_in
from dualtrack.articles.quantities import quantities
from dualtrack.articles.quotations import share_quoted
from dualtrack.articles.speaker import DENIES, REPORTS, attribution
from dualtrack.articles.states import codes, states_in

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,]*")
_LISTS: dict[str, str] = {
    "should": (
        r"should|must|ought|need to|needs to|has to|have to|let us|let's|advised|recommends?|urged?|urges"
        r"|call(?:s|ed)? (?:on|for)|it is time|necessary to|would do well"
    ),
    "will": r"will|shall|going to|expected|likely|may|might|could|would|plans? to|intends?|ready to",
    "if": r"if|unless|whether|should (?:russia|nato|moscow|either)",
    "cause": (
        r"because|therefore|thus|hence|leads?|led to|makes?|caus(?:es?|ed|ing)|results?|contribut\w+"
        r"|undermin\w+|threaten\w*|risks?|endanger\w*|increas\w+ the risk|means that|shows? that"
        r"|prov(?:es?|ed) that|provok\w+|encourag\w+|weaken\w*|strengthen\w*|destabili\w+|deter\w*|due to"
        r"|as a result|why|in order to|essential|crucial|pivotal|vital|fuel\w*"
    ),
    "change": (
        r"rose|risen|fell|fallen|grew|grown|increas\w+|decreas\w+|declin\w+|doubl\w+|tripl\w+|halved|cut"
        r"|cuts|reach\w*|dropped"
    ),
    "most": r"most|largest|biggest|highest|first|last|lowest|only|longest|smallest|record",
    "event": (
        r"signed|agreed|decided|announced|approved|held|took|taken|sent|deployed|arrived|began|started"
        r"|launched|met|joined|withdr[ae]w\w*|suspended|ended|invited|intercepted|entered|violated"
        r"|ratified|published|stationed|hosted|conducted|built|bought|expelled|closed|opened|refused"
        r"|rejected|asked|offered|proposed|led|submitted|adopted|declared|established"
    ),
    "text": (
        r"treaty|agreement|document|act|article|resolution|report|poll|survey|law|charter|convention"
        r"|communiqu[eé]|mandate"
    ),
    "count": (
        r"troops|soldiers|aircraft|jets|planes|ships|tanks|missiles|battalions?|brigades?|divisions?"
        r"|exercises?|drills?|incidents?|flights?|observers?|inspections?|bases?|budget|spending|members"
        r"|states|percent|respondents"
    ),
    "feeling": (
        r"concern\w*|worr\w+|fear\w*|hope\w*|proud|tense|tensions?|trust|friend\w*|welcome|thank\w*|deeply"
        r"|serious\w*|danger\w*|clear|strong|difficult|important|useful|peace\w*|aggressive|hostile"
    ),
    "we": r"we|our|us|i|my|you|your",
    "they": r"he|she|they|it|this|that|these|those",
    "be": r"is|are|was|were|be|been|being",
    "have": r"has|have|had",
    "not": r"not|no|never|neither|nor|none|nobody|without|n't",
    "think": r"think|believe|seems?|perhaps|probably|opinion|view|sees?|regard\w*|consider\w*|feel\w*",
    "story": (
        r"photo|read more|share|copyright|author|fellow|researcher|professor|correspondent|editor|founded"
        r"|yearbook|born"
    ),
    "plan": r"to be|is to|are to|due to|scheduled|planned|plans",
}
_PATTERNS = [re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in _LISTS.values()]
_PAST = re.compile(r"\b\w{3,}ed\b")
NAMES = (
    "figures", "any figure", "large figure", "percent", "money", "times", "states", "any state", "dates", "any date",
    "day or month", "reports", "denies", "speaker", "quoted", "question", "exclaims", "colon", "length", "short",
    "very short", "no verb end", "capitals", "past", "digits", *_LISTS,
)  # fmt: skip


def cues(sentence: str) -> list[float]:
    """The numbers of a sentence, in the order of `NAMES`."""
    dates = dates_in(sentence)
    figures = quantities(sentence, dates)
    named = codes(states_in(sentence))
    spoken = attribution(sentence)
    words: Sequence[str] = _WORD.findall(sentence)
    number = max(1, len(words))
    units = {one.unit for one in figures}
    return [
        math.log1p(len(figures)),
        float(bool(figures)),
        float(any(one.high >= 100 for one in figures)),
        float("percent" in units),
        float(any(len(unit) == 3 for unit in units)),
        float("times" in units),
        math.log1p(len(named)),
        float(bool(named)),
        math.log1p(len(dates)),
        float(bool(dates)),
        float(any(len(one.iso) != 4 for one in dates)),
        float(spoken.stance == REPORTS),
        float(spoken.stance == DENIES),
        float(bool(spoken.speaker)),
        share_quoted(sentence),
        float("?" in sentence),
        float("!" in sentence),
        float(":" in sentence),
        math.log(number),
        float(number <= 8),
        float(number <= 4),
        float(sentence[-1:] not in ".?!\"”’'"),
        sum(word[:1].isupper() for word in words[1:]) / number,
        math.log1p(len(_PAST.findall(sentence))),
        sum(character.isdigit() for character in sentence) / max(1, len(sentence)) * 10,
        *(math.log1p(len(pattern.findall(sentence))) for pattern in _PATTERNS),
    ]
