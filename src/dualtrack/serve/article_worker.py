"""Answers one article in a process of its own: reads it, holds it against the claims, and writes it as HTML and JSON.

Asked through ``articles.bounded``: standard input holds a line of JSON about the article, then the file itself.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualtrack.api import open_record
from dualtrack.articles.annotation import annotate
from dualtrack.articles.article import read_article
from dualtrack.articles.bounded import Unreadable, answer
from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import load_claims
from dualtrack.core.errors import BadInput
from dualtrack.publish.articles.asjson import as_json
from dualtrack.publish.articles.page import as_html

_MEMORY = 4_000_000_000
"""Bytes of address space: compiled code and weights map 1.7 billion, of which half a billion is ever used."""

_ENDINGS = (".html", ".htm", ".xhtml", ".pdf", ".md")


def answered(data: bytes) -> dict[str, Any]:
    """The article as a page and as JSON.

    Raises:
        Unreadable: it cannot be read, with what is wrong and what to do.
    """
    line, _, content = data.partition(b"\n")
    asked = json.loads(line)
    name = str(asked["name"])
    ending = next((end for end in _ENDINGS if name.lower().endswith(end)), ".txt")
    record = open_record(asked["as_of"], folder=asked["folder"], strict=asked["strict"])
    with tempfile.TemporaryDirectory(prefix="dualtrack-") as folder:
        path = Path(folder) / f"article{ending}"
        path.write_bytes(content)
        try:
            article = replace(read_article(str(path), asked["date"]), name=name or "the article")
            found = annotate(article, Asker(record), load_claims())
        except BadInput as error:
            words = f"{error.problem} {error.fix}".replace(str(path), name or "the text")
            raise Unreadable(words) from None
    return {"html": as_html(found, home=str(asked["home"])), "json": json.loads(as_json(found))}


if __name__ == "__main__":
    answer(answered, _MEMORY)
