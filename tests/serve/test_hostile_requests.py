"""What hostile readers and hostile records send: refused or answered in words, never an error of ours, never markup."""

import csv
import io
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord, open_record
from dualtrack.publish.site import urls
from dualtrack.publish.workbench.contract import pages
from dualtrack.record.formula import safe_cell
from dualtrack.record.schema import FieldSpec
from dualtrack.serve.guard import host_name
from serving import DAY, Served, running, serving

EVIL = (
    "=cmd|'/C calc'!A0\"'><dtx-evil onmouseover=alert(1)>&lt;<script>alert(1)</script>{{7*7}}[x](javascript:alert(1))"
)


class Tags(HTMLParser):
    """Every tag and attribute a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        self.seen |= {tag, *given_}
        if tag == "script" and "src" not in given_ and given_.get("type") != "application/ld+json":
            self.seen.add("inline script")
        self.links += [link for name in ("href", "src") if (link := given_.get(name))]


def harmless(text: str) -> Tags:
    tags = Tags(text)
    assert not tags.seen & {"dtx-evil", "inline script"} and not [one for one in tags.seen if one.startswith("on")]
    ours = ("data:,", "data:text/csv")  # an icon that is none, a chart's data to keep
    schemes = {urlsplit(link.strip()).scheme for link in tags.links if not link.startswith(ours)}
    assert schemes <= {"", "http", "https"}
    return tags


def free(column: FieldSpec) -> bool:
    """Whether anything can stand in it; levels are held against the rules."""
    return column.type in ("text", "url") and column.name != "threshold_value"


def evil_record() -> OpenRecord:
    """The record with markup in every cell of free text."""
    plain = open_record(DAY)
    tables = {
        name: replace(
            table,
            rows={
                key: {
                    column: f"{EVIL} {value}" if value and free(table.spec.field(column)) else value
                    for column, value in cells.items()
                }
                for key, cells in table.rows.items()
            },
        )
        for name, table in plain._tables.items()
    }
    return OpenRecord(tables, plain._readings, plain.as_of, plain.compiled)


@pytest.fixture(scope="module")
def evil() -> Iterator[Served]:
    with serving(evil_record()) as server:
        yield server


PLACES = [f"/{place}.html" for place in pages()]


@pytest.mark.parametrize("path", [*PLACES, "/brief.html", "/rules.html"])
def test_markup_in_every_text_of_the_record_stays_text_on_every_page(evil: Served, path: str) -> None:
    reply = evil.get(path, accept="text/html")
    assert reply.status == 200
    harmless(reply.text)


def test_markup_stays_text_on_rows_tables_findings_and_charts(evil: Served) -> None:
    record, seen = evil.workbench.record, 0
    for name in record.tables:
        rows = record.rows(name)
        for path in [f"/tables/{name}.html", *(f"/{urls.row(name, row.id)}.html" for row in rows[:1])]:
            reply = evil.get(path, accept="text/html")
            assert reply.status == 200, path
            harmless(reply.text)
            seen += reply.text.count("dtx-evil")
    assert seen > 1_000
    for page in pages().values():
        for chart in page.charts:
            reply = evil.get(f"/embed/{chart}.html")
            assert reply.status in (200, 404)
            harmless(reply.text)
            drawn = evil.get(f"/charts/{chart}.svg")
            assert drawn.status in (200, 404) and "<dtx-evil" not in drawn.text and "<script" not in drawn.text


def test_no_spreadsheet_runs_a_cell_and_no_browser_takes_an_answer_for_a_page(evil: Served) -> None:
    record = evil.workbench.record
    for name in record.tables:
        reply = evil.get(f"/api/tables/{name}.csv")
        assert reply.headers["content-type"].startswith("text/csv")
        for line in csv.reader(io.StringIO(reply.text)):
            assert all(cell == safe_cell(cell) or cell.startswith("'=") for cell in line)
        assert not re.search(r'(^|,|\n)"?=cmd', reply.text)
        found = evil.get(f"/api/tables/{name}?limit=5")
        assert found.headers["content-type"] == "application/json"
        assert found.headers["x-content-type-options"] == "nosniff"
        json.loads(found.body)
    for name, question in analyses().items():
        if name == "model" or not question.examples:
            continue
        query = "&".join(f"{key}={quote(str(value))}" for key, value in question.examples[0].items())
        for suffix in ("", ".csv"):
            reply = evil.get(f"/api/findings/{name}{suffix}?{query}")
            assert reply.status in (200, 422), reply.text
            assert not re.search(r'(^|,|\n)"?=cmd', reply.text) or not suffix


def raw(served: Served, *lines: bytes) -> bytes:
    """What comes back for bytes that no client library would send."""
    where = urlsplit(served.address)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as sent:
        sent.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        parts = []
        while part := sent.recv(65_536):
            parts.append(part)
    return b"".join(parts)


HOST = b"Host: 127.0.0.1"
TARGETS = [
    b"/%zz.html", b"/%ff%fe.html", b"/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", b"/%00.html", b"/index.html?%00=%00",
    b"/index.html?as_of=%", b"/index.html?as_of=%ff", b"/../../../../etc/passwd", b"/assets/../../../../etc/passwd",
    b"/assets/%2e%2e/%2e%2e/pyproject.toml", b"/assets/..%5c..%5cx.js", b"//evil.example/index.html",
    b"/.%0d%0aX-Evil:1",
    b"/index.html?q=%0d%0aX-Evil:%201", b"/%3Cdtx-evil%20onmouseover=1%3E.html", b"/rows/%3Cscript%3E/x.html",
    b"/findings/thresholds/2016-05-09/side-%3Cscript%3E.html",
    b"/findings/proposal/2016-05-09/proposal-%2Fetc%2Fpasswd.html",
    b"/api/tables/%3Cscript%3E", b"/api/rows/exercises/%ff", b"/api/rows/..%2f..%2fetc/passwd", b"/api/claims/%00",
    b"/api/search?q=%3Cscript%3E", b"/api/search?q=%ff%fe", b"/api/%2e%2e/%2e%2e/etc/passwd",
    b"/api/tables/exercises?where=%00",
    b"/index.html?" + b"&".join(b"a=1" for _ in range(300)), b"/api/tables?" + b"&".join(b"a=1" for _ in range(300)),
    b"/index.html?q=" + b"x" * 20_000, b"/api/search?q=" + b"x" * 20_000,
    b"/" + b"a/" * 9_000, b"/api/" + b"%41" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:40].decode())
@pytest.mark.parametrize("accept", [b"text/html", b"application/json"])
def test_no_address_is_an_error_of_ours(
    served: Served, target: bytes, accept: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    reply = raw(served, b"GET " + target + b" HTTP/1.1", HOST, b"Accept: " + accept)
    head, _, body = reply.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    assert status in (200, 400, 404, 414, 422), reply[:300]
    assert b"x-evil" not in head.lower()
    assert b"Traceback" not in body and b"root:" not in body and b"/src/dualtrack" not in body
    if b"text/html" in head:
        harmless(body.decode("utf-8"))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("header", "statuses"),
    [
        (b"Range: bytes=0-" + b"9" * 4_000, (200,)),
        (b"Range: " + b"bytes=" + b",".join(b"0-1" for _ in range(1_500)), (200,)),
        (b"If-None-Match: " + b",".join(b'W/"%032x"' % n for n in range(400)), (200,)),
        (b"If-None-Match: *", (304,)),
        (b"If-None-Match: \xff\xfe\"", (200,)),
        (b"If-Modified-Since: the end of time", (200,)),
        (b"Accept-Encoding: gzip;q=0, *;q=" + b"9" * 300, (200,)),
        (b"Accept: " + b"text/html," * 600, (200,)),
        (b"Cookie: dualtrack-token=\"; ;;=;\x01", (200, 400)),
        (b"Authorization: Bearer " + b"x" * 5_000, (200,)),
        (b"Transfer-Encoding: chunked", (200, 400)),
        (b"Content-Length: -1", (400,)),
        (b"X-" + b"a" * 70_000 + b": 1", (200, 400, 431)),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else "",
)  # fmt: skip
@pytest.mark.parametrize("path", [b"/codebook.html", b"/api/tables"])
def test_no_header_is_an_error_of_ours(served: Served, header: bytes, statuses: tuple[int, ...], path: bytes) -> None:
    reply = raw(served, b"GET " + path + b" HTTP/1.1", HOST, header)
    assert int(reply.split(b" ", 2)[1]) in statuses, reply[:200]
    assert b"Traceback" not in reply


@pytest.mark.parametrize(
    "host",
    [b"", b"evil.example", b"localhost.evil.example", b"127.0.0.1.evil.example", b"127.0.0.1:80@evil.example",
     b"[::1", b"[::1]evil.example", b"localhost:80:evil.example", b"\xff", b"0x7f.1", b"<script>"],
)  # fmt: skip
def test_only_its_own_names_are_answered(served: Served, host: bytes) -> None:
    reply = raw(served, b"GET /codebook.html HTTP/1.1", b"Host: " + host)
    assert int(reply.split(b" ", 2)[1]) in (400, 403)
    assert b"<script>" not in reply
    assert raw(served, b"GET /codebook.html HTTP/1.0").split(b" ", 2)[1] == b"403"  # no host at all
    twice = raw(served, b"GET /codebook.html HTTP/1.1", HOST, b"Host: evil.example")
    assert twice.split(b" ", 2)[1] in (b"400", b"403")


def test_host_names_are_read_strictly() -> None:
    assert [host_name(host) for host in ("localhost:1", "[::1]:80", "[::1]", "127.0.0.1")] == [
        "localhost", "::1", "::1", "127.0.0.1",
    ]  # fmt: skip
    assert [host_name(host) for host in ("localhost:", "localhost:x", "a:1:2", "[::1]x", "[::1", "::1")] == [""] * 6


TOKEN = "a-token-of-some-length"


def test_taking_the_token_out_of_the_address_leads_nowhere_else() -> None:
    with running(token=TOKEN) as server:
        for path in (
            "//evil.example/x",
            "/%5cevil.example",
            "/%09/evil.example",
            "/%0d%0aX-Evil:%201",
            "/a%20b%3f.html",
        ):
            head = raw(server, f"GET {path}?token={TOKEN}&q=%0d%0aX-Evil:1 HTTP/1.1".encode(), HOST).lower()
            assert head.startswith(b"http/1.1 303") and b"\r\nx-evil" not in head
            (place,) = re.findall(rb"location: (\S+)\r\n", head)
            assert re.match(rb"/(?![/\\])[^\s\\]*$", place), place
            assert b"token=" not in place
        assert raw(server, b"GET /?token=" + b"x" * 10_000 + b" HTTP/1.1", HOST).split(b" ", 2)[1] == b"401"
        flood = b"&".join(b"token=x" for _ in range(2_000))
        assert raw(server, b"GET /?" + flood + b" HTTP/1.1", HOST).split(b" ", 2)[1] == b"401"


BODIES = [
    b"", b"null", b"[]", b"{", b'{"text": 1}', b'{"text": "x", "date": "never"}', b'{"text": "x", "other": 1}',
    b"\xff\xfe", b'{"text": "' + b"\\ud800" + b'"}', b'{"text": "\\u0000"}', b'{"text": NaN}',
    b"[" * 100_000, b'{"text": ' + b"9" * 5_000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:20].decode("latin-1"))
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", "a/b;c=\x7f"])
def test_no_body_is_an_error_of_ours(served: Served, body: bytes, kind: str) -> None:
    for path in ("/api/article", "/article.html"):
        reply = served.get(path, "POST", body, content_type=kind)
        assert reply.status in (400, 413, 415, 422), reply.text
        assert "Traceback" not in reply.text and "<script>" not in reply.text


@settings(max_examples=60)
@given(path=st.binary(max_size=60), query=st.binary(max_size=60))
def test_any_bytes_in_an_address_are_answered_in_words(served: Served, path: bytes, query: bytes) -> None:
    target = "/" + quote(path, safe="/") + "?" + quote(query, safe="=&")
    reply = served.get(target, accept="text/html")
    assert reply.status in (200, 404, 422)
    harmless(reply.text)
