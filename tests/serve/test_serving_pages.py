"""The workbench as a reader's browser sees it: the same addresses as the site, state kept, conditional, harmless."""

import gzip
import re
import signal
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.site.pages import Site
from dualtrack.publish.workbench.contract import pages
from dualtrack.serve.guard import COOKIE, host_name
from dualtrack.serve.run import serve
from dualtrack.serve.workbench import Workbench
from serving import DAY, Served, running

PAGES = [f"/{place}.html" for place in pages()]
SLOW = ("/record.html", "/rules.html", "/brief.html")
"""Pages that ask everything that is published; the tests of the site look at them."""

TOKEN = "a-token-of-some-length"


class Found(HTMLParser):
    """Links of a page, its ids, and whatever a strict policy forbids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [link for name in ("href", "src", "data-from") if (link := given.get(name))]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag in ("script", "style") and "src" not in given and given.get("type") != "application/ld+json":
            self.inline.append(tag)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_under_a_strict_policy_and_asked_again_costs_no_body(served: Served, page: str) -> None:
    reply = first = served.get(page, accept="text/html")
    assert reply.status == 200
    found = Found(reply.text)
    assert found.inline == []
    assert len(found.ids) == len(set(found.ids))
    outside = [link for link in found.links if urlsplit(link).scheme not in ("", "data", "http", "https")]
    assert outside == []
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    again = served.get(page, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert served.get(page, if_none_match='W/"other"').status == 200
    assert served.get(page, method="HEAD").body == b""
    tag = served.workbench.tag
    assert tag(page, {}) == first.headers["etag"]
    assert (
        len({tag(page, {}), tag(page, {"as_of": "2015"}), tag(page, {"known": "strict"}), tag(page, {"q": "x"})}) == 4
    )


def test_a_page_comes_packed_where_a_reader_can_unpack_it(served: Served) -> None:
    plain = served.get("/codebook.html")
    packed = served.get("/codebook.html", accept_encoding="gzip, br")
    assert packed.headers["content-encoding"] == "gzip" and len(packed.body) < len(plain.body) / 3
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] == plain.headers["etag"]
    assert "accept-encoding" in plain.headers["vary"]
    assert gzip.decompress(served.get("/api/tables", accept_encoding="gzip").body) == served.get("/api/tables").body


def test_every_kind_of_link_leads_somewhere_and_a_finding_is_found_by_its_address_alone(served: Served) -> None:
    kinds: dict[str, str] = {}
    findings: set[str] = set()
    for page in PAGES:
        for link in Found(served.get(page).text).links:
            place = urlsplit(urljoin(page, link))
            if place.scheme or not place.path.startswith("/") or place.path in SLOW:
                continue
            parts = place.path.strip("/").split("/")
            kinds.setdefault(parts[0] + place.path.rpartition(".")[2], urljoin(page, link))
            if parts[0] == "findings" and place.path.endswith(".html"):
                findings.add(place.path)
    for link in kinds.values():
        assert served.get(link).status == 200, link
    fresh = Workbench(served.workbench.record, False, "x")
    assert len(findings) > 20
    for path in sorted(findings)[::4]:
        assert fresh.finding(path.removeprefix("/findings/").removesuffix(".html"))


def test_addresses_and_files_are_those_of_the_site(served: Served) -> None:
    record = open_record(DAY)
    site = Site(record, [])
    row = record.row("exercises", "zapad-2013")
    assert served.get("/tables/exercises.csv").text.count("\n") == len(record.rows("exercises")) + 1
    assert "zapad-2013" in served.get("/rows/exercises/zapad-2013.json").text
    static = re.sub(r'<a href="[^"]*api/docs">API</a>', "", site.row(row, resting=False))
    shown = served.get("/rows/exercises/zapad-2013.html").text
    assert Found(static).ids == [
        i for i in Found(shown).ids if not i.startswith("as-of-")
    ]  # the controls of a served page
    found = record.ask("thresholds", notification=5_000, since="2015", until="2015", observation=13_000)
    path = f"/findings/{found.id.replace('=', '-').replace(',', '_')}"
    files = site.finding_files(found)
    assert {suffix: served.get(path + suffix).text for suffix in files} == files


def test_links_keep_the_day_that_was_asked_about(served: Served) -> None:
    page = served.get("/dialogue.html?as_of=2015-03-01&notify=5000")
    assert "As known on" in page.text or "as known on 1 March 2015" in page.text
    links = [link for link in Found(page.text).links if link.startswith(("rows/", "claims.html", "findings/"))]
    assert links and all("as_of=2015-03-01" in link for link in links)
    later = served.get("/rows/dialogue/dlg-2016-04-20-nrc.html?as_of=2015-03-01", accept="text/html")
    assert later.status == 404 and "known later" in later.text
    assert 'name="notify" value="5000"' in page.text


def test_a_threshold_page_answers_without_a_script(served: Served) -> None:
    page = served.get("/dialogue.html?notify=5000&year=2015").text
    assert "With notification from 5,000 and observation from 13,000 troops, at least" in page
    assert served.get("/dialogue.html?notify=5001").status == 200  # any whole number, not only the slider's
    assert served.get("/dialogue.html?notify=999999").status == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing.html", 404),
        ("/rows/exercises/none.html", 404),
        ("/rows/none/none.html", 404),
        ("/tables/none.csv", 404),
        ("/tables/exercises.png", 404),
        ("/charts/none.svg", 404),
        ("/embed/none.html", 404),
        ("/thresholds/1815.html", 404),
        ("/findings/none/2016-05-09.html", 404),
        ("/findings/thresholds/2016-05-09/side-none.html", 404),
        ("/findings/thresholds/yesterday.html", 422),
        ("/assets/..%2f..%2f__init__.js", 404),
        ("/..%2f..%2fetc%2fpasswd", 404),
        ("/index.html?as_of=soon", 422),
        ("/index.html?as_of=1066", 422),
        ("/index.html?known=guessed", 422),
        ("/deterrence.html?reading=none", 422),
        ("/search.html?q=" + "x" * 300, 422),
        ("/search.html?q=" + "x" * 3000, 422),
        ("/sources.html?kind=%3Cscript%3E", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem_for_programs_and_a_page_for_readers(
    served: Served, path: str, status: int
) -> None:
    program, reader = served.get(path, accept="application/json"), served.get(path, accept="text/html,*/*")
    assert (program.status, reader.status) == (status, status)
    assert program.headers["content-type"] == "application/problem+json"
    assert reader.headers["content-type"].startswith("text/html")
    assert program.headers["cache-control"] == "no-store"
    for reply in (program, reader):
        assert "Traceback" not in reply.text
        assert ".py" not in reply.text
    assert "<script>" not in reader.text


QUERY = st.dictionaries(
    st.sampled_from(["q", "kind", "as_of", "known", "words", "notify"]) | st.text(max_size=8),
    st.text(max_size=30) | st.sampled_from(["<script>alert(1)</script>", "' OR 1=1 --", "\x00", "2016", "row", "5000"]),
    max_size=4,
)


@settings(max_examples=40)
@given(page=st.sampled_from(["search", "sources", "glossary"]), query=QUERY)
def test_no_query_breaks_a_page_or_lets_markup_through(served: Served, page: str, query: dict[str, str]) -> None:
    from urllib.parse import urlencode

    reply = served.get(f"/{page}.html?{urlencode(query, errors='replace')}", accept="text/html")
    assert reply.status in (200, 422), query
    assert "<script>" not in reply.text


def test_another_host_is_not_answered(served: Served) -> None:
    assert served.get("/search.html", host="evil.example").status == 403
    assert served.get("/search.html", host="localhost:1").status == 200
    assert served.get("/article.html", "POST", b"text=x", sec_fetch_site="cross-site").status == 403
    assert host_name("[::1]") == "::1"


def test_pages_are_read_only(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert served.get("/search.html", method, b"").status == 405


def test_a_token_is_asked_for_and_kept_in_a_cookie() -> None:
    with running(token=TOKEN) as server:
        assert server.get("/search.html").status == 401
        assert server.get("/search.html?token=wrong-token-of-length").status == 401
        welcome = server.get(f"/search.html?token={TOKEN}&q=zapad")
        assert (welcome.status, welcome.headers["location"]) == (303, "/search.html?q=zapad")
        cookie = welcome.headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}={TOKEN};") and "HttpOnly" in cookie
        assert server.get("/search.html", cookie=f"{COOKIE}={TOKEN}").status == 200
        assert server.get("/api", authorization=f"Bearer {TOKEN}").status == 200
        assert server.get(f"//evil.example/?token={TOKEN}").headers["location"].startswith("/evil")


def test_an_address_that_others_can_reach_needs_a_token() -> None:
    record = open_record(DAY)
    with pytest.raises(BadInput, match="must show a token"):
        serve(record, 0, "0.0.0.0")
    with pytest.raises(BadInput, match="at least 16"):
        serve(record, 0, "0.0.0.0", "short")
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(BadInput, match="cannot be had"):
        serve(record, other.getsockname()[1])


def test_the_command_tells_its_address_and_ends_when_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dualtrack", "serve", "--port", "0", "--no-open", "--as-of", DAY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as running_:
        assert running_.stdout and running_.stderr
        line = running_.stdout.readline()
        assert re.match(r"The workbench is at http://127\.0\.0\.1:\d+/ ", line)
        running_.send_signal(signal.SIGINT)
        running_.wait(30)
        assert running_.returncode == 130
        assert "Traceback" not in running_.stderr.read()
