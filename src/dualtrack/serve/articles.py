"""Articles that readers hand in: forms and requests read, bounded in size and number, one answered at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request

from dualtrack.serve.guard import Receive, Scope, Send
from dualtrack.serve.handed_in import Article, Refused, answer, checked_date
from dualtrack.serve.pages import Pages, reply
from dualtrack.serve.store import Answer
from dualtrack.serve.turns import Turns
from dualtrack.serve.uploads import LARGEST
from dualtrack.serve.workbench import Workbench, hashes


class Articles:
    """Answers articles, one at a time.

    Args:
        workbench: whose record they are held against.
        folder: the reader's own tables over the packaged ones, if any.
    """

    def __init__(self, workbench: Workbench, folder: Path | None) -> None:
        self.workbench, self.folder = workbench, folder
        self.pages: Pages | None = None
        self.turns = Turns("Other articles are being answered.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the form of the page of claims."""
        assert self.pages
        try:
            article = await read_form(scope, receive)
            found = await self.answered(article)
        except Refused as error:
            await self.pages.fail(scope, send, error.status, error.detail, error.fix)
            return
        body = str(found["html"]).encode("utf-8")
        await reply(send, 200, Answer(body, "text/html; charset=utf-8", tuple(hashes(body))), "")

    async def answered(self, article: Article) -> dict[str, Any]:
        """The article as HTML and JSON.

        Raises:
            Refused: it cannot be read, or too many wait already.
        """
        return await self.turns.take(lambda: self._ask(article))

    def _ask(self, article: Article) -> dict[str, Any]:
        record = self.workbench.record
        return answer(article, self.workbench.today, record.strict, self.folder)


async def read_form(scope: Scope, receive: Receive) -> Article:
    """What a form hands in: a file, or words; and a date.

    Raises:
        Refused: it is no form, or holds neither.
    """
    request = Request(scope, receive)
    try:
        form = await request.form(max_files=1, max_fields=10, max_part_size=LARGEST)
    except Exception:  # whatever a broken form makes its parser say, the reader gets one sentence
        raise Refused(400, "The form cannot be read.") from None
    try:
        date = checked_date(str(form.get("date") or ""))
        file, text = form.get("file"), form.get("text")
        if file is not None and not isinstance(file, str) and file.filename:
            return Article(Path(file.filename).name, await file.read(), date)
        if isinstance(text, str) and text.strip():
            return Article("", text.encode("utf-8", "replace"), date)
    finally:
        await form.close()
    raise Refused(422, "There is no article.", "Paste its text, or choose a file.")
