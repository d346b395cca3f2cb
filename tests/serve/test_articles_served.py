"""Articles that readers hand in: answered in a process of their own, escaped, bounded, refused with a reason."""

import asyncio
import json
from pathlib import Path

import pytest

from dualtrack.serve import handed_in as module
from dualtrack.serve.articles import Articles
from dualtrack.serve.handed_in import Article, Refused
from dualtrack.serve.uploads import LARGEST
from serving import Served

TEXT = (
    "Only five of 28 allies met the two percent guideline in 2015. <script>alert(1)</script> is no statement of ours."
)
BOUNDARY = "a-boundary-of-the-tests"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


def form(**parts: str | tuple[str, bytes]) -> bytes:
    """A form as a browser sends it; a pair is a file's name and content."""
    made = b""
    for name, value in parts.items():
        file = f'; filename="{value[0]}"\r\nContent-Type: text/plain' if isinstance(value, tuple) else ""
        content = value[1] if isinstance(value, tuple) else value.encode("utf-8")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        made += head.encode("utf-8") + content + b"\r\n"
    return made + f"--{BOUNDARY}--\r\n".encode()


def test_an_article_is_answered_and_its_markup_is_text(served: Served) -> None:
    reply = served.get("/article.html", "POST", form(text=TEXT, date="2016-05-09"), content_type=KIND)
    assert reply.status == 200
    assert "<script>" not in reply.text and "&lt;script&gt;" in reply.text
    assert 'class="card supported"' in reply.text or 'class="card' in reply.text
    assert 'href="claims.html"' in reply.text
    assert "'sha256-" in reply.headers["content-security-policy"]
    assert "unsafe-inline" not in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-store"
    asked = json.dumps({"text": TEXT, "date": "2016-05-09"}).encode("utf-8")
    found = json.loads(served.get("/api/article", "POST", asked, content_type="application/json").body)
    assert found["sentences"] and found["article"]["name"] == "the article"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (form(), 422, "There is no article."),
        (form(text="   "), 422, "There is no article."),
        (form(text=TEXT, date="2016-02-30"), 422, "not a date"),
        (b"no form at all", 400, "cannot be read"),
        (form(file=("<b>.pdf", b"%PDF-1.7 broken")), 422, ""),
        (form(file=("../../etc/passwd.txt", b"\x00\x01\x02" * 999)), 422, "passwd.txt is not text"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(served: Served, body: bytes, status: int, said: str) -> None:
    reply = served.get("/article.html", "POST", body, content_type=KIND, accept="text/html")
    assert reply.status == status
    assert said in reply.text
    assert "Traceback" not in reply.text and "<b>" not in reply.text and "/tmp" not in reply.text


def test_too_large_an_article_is_not_read(served: Served) -> None:
    body = form(text="word " * (LARGEST // 4))
    reply = served.get("/article.html", "POST", body, content_type=KIND)
    assert reply.status == 413
    assert served.get("/api/article", "POST", body, content_type="application/json").status == 413


def test_one_that_hangs_is_ended(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    with pytest.raises(Refused, match="more than"):
        Articles(served.workbench, None)._ask(Article("", TEXT.encode(), ""))


def test_more_readers_than_can_wait_are_asked_to_come_back(served: Served) -> None:
    async def crowd() -> list[object]:
        articles = Articles(served.workbench, None)
        articles._ask = lambda article: {}  # type: ignore[method-assign]
        async with articles.turns.one:
            waiting = [asyncio.create_task(articles.answered(Article("", b"x", ""))) for _ in range(6)]
            await asyncio.sleep(0)
        return await asyncio.gather(*waiting, return_exceptions=True)

    found = asyncio.run(crowd())
    assert sum(isinstance(one, Refused) and one.status == 503 for one in found) == 2
    assert sum(one == {} for one in found) == 4
