"""Answers that fit an assistant's memory: long lists are cut and say so, or are read page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dualtrack.api import OpenRecord
from dualtrack.core.finding import Finding

LARGEST = 40_000
"""Letters of an answer: about 10,000 tokens, so that ten answers fit the smallest memories in use."""

_LONGEST = 4_000  # letters of one text
_INSIDE = 20  # entries of a list inside an entry
_MOST = 200
PARTS = {"answer": "the rows of the answer", "readings": "the answer under each reading", "editions":
         "the answer as each dated edition gives it", "evidence": "the cells it rests on",
         "sources": "who published what", "selections": "the selections made, as SQL"}  # fmt: skip
"""What of a finding can be read page by page."""


def dumped(value: Any) -> str:
    """The answer as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def overview(found: Finding, record: OpenRecord, count: int) -> dict[str, Any]:
    """The finding with the first rows of everything in it; ``cut`` says what there is more of, and how to read it.

    Args:
        found: the finding.
        record: the record it was asked of, which has the source cards.
        count: how many entries of each list are shown, at most.
    """

    def make(count: int) -> dict[str, Any]:
        evidence = found.evidence[:count]
        cited = record.sources(
            [*(s for e in evidence for s in e.sources), *(s for r in found.by_reading for s in r.sources)]
        )
        whole = found.model_copy(update={"evidence": evidence, "sources": cited}).model_dump(mode="json", by_alias=True)
        cuts: dict[str, str] = {}
        shown = cut(whole, count, cuts)
        if len(found.evidence) > count:
            cuts["evidence"] = f"{count} of {len(found.evidence)}"
        if len(found.sources) > len(shown["sources"]):
            cuts["sources"] = f"{len(shown['sources'])} of {len(found.sources)}"
        return {
            **shown,
            "cut": cuts,
            "more": f"part: {', '.join(PARTS)}; first and count choose a page." if cuts else "",
        }

    return _fitted(make, count)


def part_of(found: Finding, name: str, first: int, count: int) -> dict[str, Any]:
    """A page of one part of a finding; ``next`` is where the next begins, None at the end.

    Args:
        found: the finding.
        name: one of ``PARTS``.
        first: the place of the first entry, from 0.
        count: how many entries, at most.
    """
    answer = found.answer.value
    whole: Mapping[str, Callable[[], Sequence[Any]]] = {
        "answer": lambda: answer if isinstance(answer, list) else [found.answer],
        "readings": lambda: found.by_reading,
        "editions": lambda: found.editions,
        "evidence": lambda: found.evidence,
        "sources": lambda: found.sources,
        "selections": lambda: found.method.sql,
    }
    about = {"id": found.id, "headline": found.headline, "as_of": found.as_of.isoformat(), "part": name}
    return page(whole[name](), first, count, about)


def page(entries: Sequence[Any], first: int, count: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """Entries of a list from a place on, as many as fit, with how many there are and where the next begin."""

    def make(count: int) -> dict[str, Any]:
        some = entries[first : first + count]
        cuts: dict[str, str] = {}
        shown = cut([_plain(entry) for entry in some], max(count, _INSIDE), cuts)
        end = first + len(some)
        following = end if end < len(entries) else None
        return {**about, "first": first, "of": len(entries), "next": following, "entries": shown,
                **({"cut": cuts} if cuts else {})}  # fmt: skip

    return _fitted(make, count)


def cut(value: Any, most: int, cuts: dict[str, str], place: str = "") -> Any:
    """The value with every list no longer than ``most`` and every text than a page; notes in ``cuts`` where."""
    if isinstance(value, Mapping):
        return {key: cut(inner, most, cuts, f"{place}.{key}" if place else str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) > most:
            cuts[place] = f"{most} of {len(value)}"
        return [cut(inner, most, cuts, place) for inner in value[:most]]
    if isinstance(value, str) and len(value) > _LONGEST:
        cuts[place] = f"{_LONGEST} of {len(value)} letters"
        return value[:_LONGEST]
    return value


def whole(value: Mapping[str, Any]) -> dict[str, Any]:
    """All of it, or so much of every list in it as fits; ``cut`` says where."""
    plain = json.loads(dumped(value))

    def make(count: int) -> dict[str, Any]:
        cuts: dict[str, str] = {}
        return {**cut(plain, count, cuts), **({"cut": cuts} if cuts else {})}

    return _fitted(make, _MOST)


def _plain(entry: Any) -> Any:
    return entry.model_dump(mode="json", by_alias=True) if hasattr(entry, "model_dump") else entry


def _fitted(make: Callable[[int], dict[str, Any]], count: int) -> dict[str, Any]:
    """The answer with as many entries as fit."""
    while True:
        made = make(count)
        if count <= 1 or len(dumped(made)) <= LARGEST:
            return made
        count //= 2
