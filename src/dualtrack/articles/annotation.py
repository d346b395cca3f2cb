"""An article answered sentence by sentence: what each is, what it claims, and what the record says of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dualtrack.analyses.names import names
from dualtrack.articles.argument import Argument
from dualtrack.articles.article import Article
from dualtrack.articles.checkworthy import judge
from dualtrack.articles.clauses import clauses
from dualtrack.articles.dates_in_text import DateInText, dates_in
from dualtrack.articles.matching.matcher import Matcher, Mode
from dualtrack.articles.quantities import Quantity, quantities
from dualtrack.articles.recommendation import Measured, Recommendation, measured
from dualtrack.articles.sentences import Sentence, split
from dualtrack.articles.speaker import Attribution, attribution
from dualtrack.articles.statements import Statement, least, matcher, statements
from dualtrack.articles.states import StateInText, states_in
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import Claim
from dualtrack.core.dates import last_day
from dualtrack.core.finding import Finding
from dualtrack.core.verdict import Verdict

Class = Literal["claim", "argument", "recommendation", "background"]

WORTHY = 0.5
"""From this score on a sentence is worth a check; the model is fitted so that it means even odds."""


CLEARLY = 0.6
"""From which probability on a clause of a sentence is taken to make a claim of its own: higher than for a sentence, as
a clause says less. Chosen on the half of the gold articles that may be looked at."""


@dataclass(frozen=True)
class Also:
    """A further claim that a clause of the sentence makes, judged like the first."""

    claim: Claim
    score: float
    then: Checked | None
    now: Checked | None

    @property
    def verdict(self) -> Verdict | None:
        """As known at the article's date, else as known today."""
        judged = self.then or self.now
        return judged.verdict if judged else None


@dataclass(frozen=True)
class Annotation:
    """One sentence with its class, what it states, and the answer.

    Attributes:
        sentence: its place and text.
        class_: claim, argument, recommendation or background.
        check_worthy: 0 to 1, how likely a fact-checker would take it up.
        statement: the claim, recommendation or argument it makes; None where none of ours is meant.
        score: the probability that this is the one meant.
        attributed: who says it, and whether the sentence asserts, denies or reports it.
        quantities, states, dates: what it names.
        then, now: the claim judged as of the article's day and today; ``then`` is None where neither the article nor
            the claim has a date.
        measures: of a recommendation, then and now.
        modelled: of an argument, what the model says.
        also: further claims that clauses of the sentence make.
    """

    sentence: Sentence
    class_: Class
    check_worthy: float
    statement: Statement | None
    score: float
    attributed: Attribution
    quantities: tuple[Quantity, ...]
    states: tuple[StateInText, ...]
    dates: tuple[DateInText, ...]
    then: Checked | None = None
    now: Checked | None = None
    measures: tuple[Measured, ...] = ()
    modelled: Finding | None = None
    also: tuple[Also, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on its first claim that has one, as known at the article's date, else as known today."""
        judged = self.then or self.now
        found = [judged.verdict if judged else None, *(also.verdict for also in self.also)]
        return next((verdict for verdict in found if verdict), None)

    @property
    def open(self) -> bool:
        """Whether it is worth a check and none of our claims is meant."""
        return self.statement is None and self.class_ == "claim" and self.check_worthy >= WORTHY


@dataclass(frozen=True)
class Annotated:
    """An article with every sentence annotated.

    Attributes:
        day: its date.
        today: the record's day.
        mode: how sentences were matched.
        names: states by code, for whoever shows values.
    """

    article: Article
    day: date | None
    today: date
    mode: str
    sentences: tuple[Annotation, ...]
    names: Mapping[str, str]


def annotate(article: Article, asker: Asker, claims: Sequence[Claim], mode: Mode = "best") -> Annotated:
    """Annotates an article.

    Args:
        article: the article.
        asker: the record; its day is "today".
        claims: what sentences are held against.
        mode: how they are matched.

    Raises:
        BadInput: a claim or a recommendation is at fault.
    """
    known = statements(claims)
    matching = matcher(known, mode)
    enough = least(matching.mode)
    sentences = split(article.text)
    matching.ready(part for sentence in sentences for part in (sentence.text, *clauses(sentence.text)))
    worth = judge([sentence.text for sentence in sentences], None if mode == "best" else _MODES[mode])
    day = last_day(article.date) if article.date else None
    judged = _Judged(asker, day)
    found = []
    for sentence, worthy in zip(sentences, worth, strict=True):
        meant = _meant(matching, sentence.text, article.date, enough)
        stated = [(known[id_], score) for id_, score in meant.items()]
        found.append(_annotation(sentence, _class(worthy.kind), worthy.worth, stated, article.date, judged))
    return Annotated(article, day, asker.latest.as_of, matching.mode, tuple(found), names(asker.latest))


def _meant(matching: Matcher, sentence: str, said: str, enough: float) -> dict[str, float]:
    """The statements a sentence makes, with their probabilities: as a whole, then by its clauses."""
    whole = matching.weigh(sentence, 1, said=said).found[:1]
    found = {match.id: match.score for match in whole if match.score >= enough}
    for clause in clauses(sentence):
        for match in matching.weigh(clause, 1, said=said).found[:1]:
            if match.score >= CLEARLY:
                found.setdefault(match.id, match.score)
    return found


_MODES = {"lexical": "lexical", "lexical + MiniLM": "minilm"}


def _class(kind: str) -> Class:
    assert kind in ("claim", "argument", "recommendation", "background")
    return kind  # type: ignore[return-value]


class _Judged:
    """Claims and recommendations judged as they come up, each once."""

    def __init__(self, asker: Asker, day: date | None) -> None:
        self.asker, self.day = asker, day
        self._claims: dict[str, tuple[Checked | None, Checked | None]] = {}
        self._measures: dict[str, tuple[Measured, ...]] = {}

    def claim(self, claim: Claim) -> tuple[Checked | None, Checked | None]:
        """The claim as of the article's day (or its own, where the article has none) and as of today."""
        if claim.id not in self._claims:
            day = self.day or (last_day(claim.said) if claim.said else None)
            then = check(self.asker, [claim], day)[0] if day else None
            now = check(self.asker, [claim], self.asker.latest.as_of)[0]
            self._claims[claim.id] = then, now
        return self._claims[claim.id]

    def measures(self, found: Recommendation) -> tuple[Measured, ...]:
        """A recommendation's measures as of the article's day and today."""
        if found.id not in self._measures:
            then = self.day or found.day
            self._measures[found.id] = tuple(measured(self.asker, found, then, self.asker.latest.as_of))
        return self._measures[found.id]


def _annotation(
    sentence: Sentence,
    class_: Class,
    worthy: float,
    stated: Sequence[tuple[Statement, float]],
    dated: str,
    judged: _Judged,
) -> Annotation:
    text = sentence.text
    statement, score = stated[0] if stated else (None, 0.0)
    then, now = judged.claim(statement) if isinstance(statement, Claim) else (None, None)
    kinds: dict[type, Class] = {Claim: "claim", Recommendation: "recommendation", Argument: "argument"}
    return Annotation(
        sentence=sentence,
        class_=kinds[type(statement)] if statement else class_,
        check_worthy=max(worthy, WORTHY) if isinstance(statement, Claim) else worthy,
        statement=statement,
        score=score,
        attributed=attribution(text),
        quantities=tuple(quantities(text)),
        states=tuple(states_in(text)),
        dates=tuple(dates_in(text, dated)),
        then=then,
        now=now,
        measures=judged.measures(statement) if isinstance(statement, Recommendation) else (),
        modelled=statement.answered(judged.asker) if isinstance(statement, Argument) else None,
        also=tuple(
            Also(further, chance, *judged.claim(further))
            for further, chance in stated[1:]
            if isinstance(further, Claim)
        ),
    )
