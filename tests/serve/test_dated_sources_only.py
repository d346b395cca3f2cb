"""Dated sources only: a control of every page that is served, kept in its links, the same as ``--known strict``."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dualtrack.api import open_record
from dualtrack.core.dates import spell
from dualtrack.publish.formats import formats
from dualtrack.publish.site import urls
from dualtrack.publish.site.pages import Site
from serving import DAY, Served

STRICT = "dated sources only"


def links(text: str, *places: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"#]+)"', text) if link.startswith(places)]


@pytest.mark.parametrize("page", ["index", "dialogue", "rows/exercises/zapad-2013", "tables/exercises"])
def test_every_page_has_the_control_and_shows_what_is_asked(served: Served, page: str) -> None:
    for query, chosen in (("", "any"), ("?known=any", "any"), ("?known=strict", "strict")):
        text = served.get(f"/{page}.html{query}").text
        control = re.search(r'<select id="as-of-known" name="known">(.*?)</select>', text)
        assert control and len(re.findall("<option", control[1])) == 2
        assert (f'value="{chosen}" selected' in control[1]) == (chosen == "strict")
        assert (f"as known on {spell(DAY)}, {STRICT}" in text) == (chosen == "strict")


def test_links_keep_it_beside_the_day(served: Served) -> None:
    text = served.get("/dialogue.html?known=strict&as_of=2015-03-01&notify=5000").text
    found = links(text, "rows/", "claims.html", "findings/", "charts/")
    assert len(found) > 20
    for link in found:
        asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
        assert (asked["known"], asked["as_of"]) == (["strict"], ["2015-03-01"])
    plain = served.get("/dialogue.html?known=any").text
    assert not any("known=" in link for link in links(plain, "rows/", "findings/"))


def test_it_shows_what_the_command_shows(served: Served) -> None:
    strict = open_record(DAY, strict=True)
    write = formats("rows")["csv"].rows
    assert write
    for table in ("exercises", "dialogue", "spending"):
        lines = served.get(f"/tables/{table}.csv?known=strict").text
        assert lines == write(strict.spec(table), strict.rows(table), strict).decode("utf-8")
        assert lines == served.get(f"/api/tables/{table}.csv?known=strict").text
        assert len(lines) < len(served.get(f"/tables/{table}.csv").text)


def test_a_finding_that_a_strict_page_leads_to_is_the_strict_one(served: Served) -> None:
    strict, every = (open_record(DAY, strict=known).ask("exercises") for known in (True, False))
    assert strict.answer.value != every.answer.value
    assert f'href="{urls.finding(strict)}.html?known=strict"' in served.get("/dialogue.html?known=strict").text
    place = f"/{urls.finding(strict)}"
    assert strict.headline in served.get(f"{place}.html?known=strict").text
    assert served.get(f"{place}.json?known=strict").text.strip() == strict.to_json().strip()
    assert served.get(f"{place}.json").text.strip() == every.to_json().strip()


def test_a_folder_of_files_has_no_such_control() -> None:
    text = Site(open_record(DAY), []).table("exercises")
    assert "as-of-known" not in text and "as-of-day" not in text
