"""Findings by the short way: kept answers at once, and questions that their analysis reads itself.

The API describes every question, and says what is wrong with one that cannot be asked. One that can be asked needs
neither: that is two thirds of the time of a short answer, and a slider asks for many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi.concurrency import run_in_threadpool

from dualtrack.analyses.contract import Analysis, analyses
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.publish.site.pages import evidence_csv
from dualtrack.serve.guard import Scope, Send
from dualtrack.serve.pages import matches, one_each, reply
from dualtrack.serve.store import Answer
from dualtrack.serve.workbench import Day, NotFound, Workbench

JSON_MEDIA, CSV_MEDIA = "application/json", "text/csv; charset=utf-8; header=present"
FORMS: Mapping[str, tuple[str, Callable[[Finding], str]]] = {
    "": (JSON_MEDIA, Finding.to_json), ".csv": (CSV_MEDIA, evidence_csv),
}  # fmt: skip
"""How a finding is written, by the ending of its address: media type and writer."""

_LONGEST = 2_000  # letters of a query
_DAY = 20  # letters of a date, as the API describes it
_STATE = ("as_of", "known")


class Quick:
    """Answers below ``/api`` that need no description to be read.

    Args:
        workbench: what answers.
    """

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self._questions = {
            f"/api/findings/{name}{ending}": (question, *form)
            for name, question in analyses().items()
            for ending, form in FORMS.items()
        }

    async def __call__(self, scope: Scope, send: Send) -> bool:
        """Answers one request, if it can; what it leaves is the API's, with whatever is wrong with it."""
        raw = scope["query_string"].decode("latin-1")
        if scope["method"] != "GET" or len(raw) > _LONGEST:
            return False
        try:
            query = one_each(raw)
            if query.get("known", "any") not in ("any", "strict") or len(query.get("as_of", "")) > _DAY:
                return False
            tag = self.workbench.tag(scope["path"], query)
            answer = self.workbench.answers.get(tag) or await self._asked(scope["path"], raw, query, tag)
        except (BadInput, NotFound):
            return False
        if answer is None:
            return False
        headers = dict(scope["headers"])
        if matches(headers.get(b"if-none-match", b"").decode("latin-1"), tag):
            await reply(send, 304, Answer(b"", ""), tag)
        else:
            await reply(send, 200, answer, tag, packs=b"gzip" in headers.get(b"accept-encoding", b""))
        return True

    async def _asked(self, path: str, raw: str, query: dict[str, str], tag: str) -> Answer | None:
        """The finding, asked now; None where the query is not plainly that of its question."""
        if path not in self._questions:
            return None
        question, media, write = self._questions[path]
        given = {name: text for name, text in query.items() if name not in _STATE}
        once_each = len(query) == (raw.count("&") + 1 if raw else 0)
        if not once_each or not given.keys() <= {p.name for p in question.parameters}:
            return None

        def made() -> Answer:
            with self.workbench.on(query) as day:
                return Answer(told(question, write, day, given).encode("utf-8"), media, effort=1)

        async with self.workbench.turns:
            return await run_in_threadpool(self.workbench.answers.once, tag, made)


def told(question: Analysis, write: Callable[[Finding], str], day: Day, given: Mapping[str, Any]) -> str:
    """A finding as it is sent.

    Raises:
        BadInput: it cannot be asked like this.
    """
    return write(question.ask(day.record, question.for_others(given)))
