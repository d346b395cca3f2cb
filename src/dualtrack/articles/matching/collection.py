"""Reads claims, sentences and who belongs to whom from tab-separated files, as the CheckThat! tasks give them.

Three files, each with a header: claims ``id``, ``claim`` and, if there is one, ``title``; queries ``qid``, ``text``;
pairs ``qid``, ``claim_id``, one a row. Quotes are those of CSV.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from dualtrack.articles.matching.channels import ClaimText
from dualtrack.core.errors import BadInput

_COMMON = 0.05  # a word of more ids than this share is a prefix, no description
_FEWEST = 2  # words that make an id a description


def claims(path: Path, *, id_words: bool = True) -> list[ClaimText]:
    """The claims of a file: the claim, its title, and else, where ids are made of words, those of its id.

    Raises:
        BadInput: the file cannot be read, a column is missing, or a claim has no text.
    """
    rows = list(_rows(path, ("id", "claim")))
    words = [[word for word in re.split(r"[\W_]+", row["id"]) if word] for _, row in rows]
    often = Counter(word for some in words for word in set(some))
    found = []
    for (line, row), some in zip(rows, words, strict=True):
        texts = [row["claim"], row.get("title") or ""]
        rare = [word for word in some if often[word] <= max(1, _COMMON * len(rows))]
        if id_words and not texts[1].strip() and sum(word.isalpha() for word in rare) >= _FEWEST:
            texts.append(" ".join(rare))
        kept = tuple(text.strip() for text in texts if text.strip())
        if not kept:
            raise BadInput(f"{path}:{line} [claim]: the claim has no text.", "Give it one or leave the row out.")
        found.append(ClaimText(row["id"], kept))
    return found


def queries(paths: Sequence[Path]) -> dict[str, str]:
    """Text by id, over all files; an id in two of them is a fault.

    Raises:
        BadInput: a file cannot be read, a column is missing, or an id is there twice.
    """
    found: dict[str, str] = {}
    for path in paths:
        for line, row in _rows(path, ("qid", "text")):
            if row["qid"] in found:
                raise BadInput(f"{path}:{line} [qid]: {row['qid']!r} is there twice.", "Give each query its own id.")
            found[row["qid"]] = row["text"]
    return found


def pairs(paths: Sequence[Path]) -> dict[str, frozenset[str]]:
    """Ids of claims by the id of the query that makes them.

    Raises:
        BadInput: a file cannot be read or a column is missing.
    """
    found: dict[str, set[str]] = {}
    for path in paths:
        for _, row in _rows(path, ("qid", "claim_id")):
            found.setdefault(row["qid"], set()).add(row["claim_id"])
    return {query: frozenset(ids) for query, ids in found.items()}


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", restval="")
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(
                    f"{path}:1: there is no column {missing[0]!r}.",
                    f"The first line names the columns, with tabs between them: {', '.join(needed)}.",
                )
            for row in reader:
                yield reader.line_num, row
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Name a file that is there.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} is no tab-separated UTF-8 text: {error}.", "Save it as such.") from None
