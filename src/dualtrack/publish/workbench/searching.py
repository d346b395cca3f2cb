"""A ranked search over everything on record as known on a day: BM25 over word stems, kept once a record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dualtrack.analyses.contract import analyses
from dualtrack.analyses.names import actors, label
from dualtrack.articles.matching.bm25 import Bm25
from dualtrack.articles.matching.porter import stem
from dualtrack.claims.claim import load_claims
from dualtrack.publish.site import urls
from dualtrack.publish.workbench.view import View
from dualtrack.record.rows import Row

KINDS = {
    "page": "Pages", "finding": "Findings", "claim": "Claims", "term": "Glossary", "table": "Tables", "row": "Rows",
}  # fmt: skip
_WEIGHTS = {"page": 2.0, "finding": 1.4, "claim": 1.4, "term": 1.6, "table": 1.6, "row": 1.0}
"""A page or a finding says more than one row with the same words."""

_BESIDE = {"sources": 0.5, "exercise_parts": 0.7, "state_codes": 0.6, "address_blocks": 0.6}
"""Rows of tables that stand behind others come after the rows they stand behind."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200
_QUIET = ("known_from", "known_basis", "accessed", "terms", "redistribute")


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: its kind, its title, where it is, and what is shown of it."""

    kind: str
    title: str
    place: str
    shown: str
    part: str = ""

    @property
    def weight(self) -> float:
        """How much it says beside others with the same words."""
        beside = _BESIDE.get(self.place.split("/")[1], 1.0) if self.kind == "row" else 1.0
        return _WEIGHTS[self.kind] * beside


@dataclass(frozen=True)
class Results:
    """The best entries, and how many there are in all."""

    best: Sequence[Entry]
    total: int


def search(view: View, words: str, kind: str = "", most: int = 50) -> Results:
    """The entries that share words with the question, the best first.

    Args:
        view: the record.
        words: what is asked for.
        kind: one of ``KINDS``, or all.
        most: how many are given.
    """
    index = view.record.once("search index", lambda: _Index(view))
    return index.find(terms(words), kind, most)


def entries(view: View) -> list[Entry]:
    """Everything that can be found."""
    return list(view.record.once("search index", lambda: _Index(view)).entries)


def terms(text: str) -> list[str]:
    """The words of a text as they are compared: without accents and endings, in small letters."""
    plain = unicodedata.normalize("NFKD", text)
    return [_stem(word) for word in _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).lower())]


@lru_cache(maxsize=2**16)
def _stem(word: str) -> str:
    return stem(word)


class _Index:
    def __init__(self, view: View) -> None:
        found = list(_everything(view))
        self.entries = [entry for entry, _ in found]
        self._kinds = np.array([entry.kind for entry in self.entries])
        self._weights = np.array([entry.weight for entry in self.entries])
        self._bm25 = Bm25([terms(f"{entry.title} {entry.title} {text}") for entry, text in found])

    def find(self, asked: Sequence[str], kind: str, most: int) -> Results:
        scores = self._bm25.scores(asked) * self._weights
        if kind:
            scores = np.where(self._kinds == kind, scores, 0.0)
        total = int((scores > 0).sum())
        order = np.argsort(-scores, kind="stable")[: min(most, total)]
        return Results([self.entries[place] for place in order], total)


def _everything(view: View) -> Iterator[tuple[Entry, str]]:
    from dualtrack.publish.workbench.contract import pages  # here: the search page is itself one of them

    for page in pages().values():
        yield Entry("page", page.title, page.place, ""), " ".join(page.charts)
    for analysis in analyses().values():
        entry = Entry("finding", analysis.name.replace("_", " ").capitalize(), "record", analysis.summary,
                      f"a-{analysis.name}")  # fmt: skip
        yield entry, f"{analysis.summary} {analysis.about}"
    record, day = view.record, view.record.as_of.isoformat()
    made = [claim for claim in load_claims() if claim.day_said <= day]
    known = {row.id for row in record.rows("claims_public")}
    for claim in made:
        if claim.number in known:
            shown = f"{claim.speaker.name}, {claim.said or 'undated'}"
            place = urls.row("claims_public", claim.number)
            yield Entry("claim", claim.statement, place, shown), f"{claim.id} {' '.join(claim.variants)} {shown}"
    for row in record.rows("glossary"):
        yield Entry("term", row.text("label"), urls.row("glossary", row.id), row.text("definition")), row.text("test")
    for name in record.tables:
        spec = record.spec(name)
        about = spec.about.replace("`", "")
        yield Entry("table", spec.title, urls.table(name), about), f"{name} {about} {spec.collected}"
        if name not in ("glossary", "claims_public"):
            for row in record.rows(name):
                yield _row(view, row)


def _row(view: View, row: Row) -> tuple[Entry, str]:
    title = label(row)
    who = view.named(actors(row))
    cells = [row.text(field.name) for field in row.spec.fields if field.name not in _QUIET and field.type != "sources"]
    shown = ", ".join(filter(None, [row.spec.title, who, row.text(row.spec.when) if row.spec.when else "", row.id]))
    text = f"{row.spec.table} {who} {' '.join(filter(None, cells))}".replace("_", " ")
    return Entry("row", _short(title), urls.row(row.spec.table, row.id), _short(shown)), text


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
