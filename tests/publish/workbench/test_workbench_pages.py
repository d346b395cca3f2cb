"""The pages of the workbench as functions of a record and a query, without a server."""

import re
from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.publish.lines import as_csv
from dualtrack.publish.site.links import Links
from dualtrack.publish.site.pages import Site
from dualtrack.publish.workbench.contract import page_of_chart, pages
from dualtrack.publish.workbench.pages.dialogue import SIDES
from dualtrack.publish.workbench.parts import Listing, Page
from dualtrack.publish.workbench.rendered import chart, chart_file, threshold_table, threshold_years
from dualtrack.publish.workbench.searching import KINDS, entries, search
from dualtrack.publish.workbench.showing import PRINTED
from dualtrack.publish.workbench.view import View

DAY = "2016-05-09"
RECORD = open_record(DAY)


def made(place: str, **query: str) -> Page:
    return pages()[place].make(View(RECORD, query, live=True))


def listing(page: Page, section: str, number: int = 0) -> Listing:
    (found,) = (s for s in page.sections if s.id == section)
    return [part for part in found.parts if isinstance(part, Listing)][number]


def test_the_navigation_has_the_articles_nouns_and_every_chart_one_page() -> None:
    titles = [page.title for page in pages().values()]
    assert titles[:5] == ["Overview", "Deterrence", "Dialogue", "Public case", "Claims"]
    assert {"Sources", "Codebook", "Glossary", "Search"} <= set(titles)
    charts = [chart for page in pages().values() for chart in page.charts]
    assert len(charts) == len(set(charts))
    assert all(page_of_chart(chart).charts.count(chart) == 1 for chart in charts)


@pytest.mark.parametrize("place", list(pages()))
def test_a_page_draws_the_charts_it_declares_and_every_table_names_what_it_rests_on(place: str) -> None:
    page = made(place)
    declared = set(pages()[place].charts)
    drawn = {id_ for id_ in page.charts if page_of_chart(id_).place == place}
    assert drawn == declared
    assert len({section.id for section in page.sections}) == len(page.sections)
    for section in page.sections:
        for part in section.parts:
            if isinstance(part, Listing) and part.finding:
                assert part.finding.as_of == RECORD.as_of


def test_who_met_two_percent_as_known_in_may_2016() -> None:
    page = made("deterrence", year="2015")
    (section,) = (s for s in page.sections if s.id == "spending")
    words = " ".join(str(getattr(part, "text", "")) for part in section.parts)
    met = RECORD.ask("spending_guideline", year=2015).answer.value
    assert all(View(RECORD).named(code) in words for code in met)


def test_what_five_thousand_would_have_caught_on_each_side_in_2015() -> None:
    rows = {row["side"]: row for row in listing(made("dialogue", notify="5000", year="2015"), "thresholds").rows}
    assert rows["NATO or a member"]["notifiable"] >= rows["NATO or a member"]["notifiable_as_it_is"]
    assert rows["Russia"]["notifiable"] >= rows["Russia"]["notifiable_as_it_is"]
    found = RECORD.ask("thresholds", notification=5_000, observation=13_000, since="2015", until="2015")
    counted = {SIDES[line["side"]]: line["of"] for line in found.answer.summary["By side"]}
    assert {side: row["of"] for side, row in rows.items()} == counted
    assert list(rows) == [label for label in SIDES.values() if label in rows], "in the order of the choice above"


def test_a_reading_switched_off_is_left_out_of_the_ratio() -> None:
    every = listing(made("deterrence"), "ratio").rows
    one = RECORD.readings("balance")[0].id
    alone = listing(made("deterrence", reading=one), "ratio")
    assert len(alone.rows) == 1 < len(every)
    assert alone.finding and alone.finding.parameters["only"] == one


def test_then_and_now_stand_beside_each_other() -> None:
    later = open_record("2026-11-25")
    page = pages()["public-case"].make(View(later))
    rows = listing(page, "asked").rows
    assert len(rows) > 5 and all(row["then"] and row["now"] for row in rows)
    assert {finding.as_of.year for finding in page.findings} >= {2016, 2026}


@pytest.mark.parametrize(
    ("place", "query"),
    [
        ("dialogue", {"notify": "20001"}),
        ("dialogue", {"notify": "½"}),
        ("dialogue", {"year": "1066"}),
        ("deterrence", {"host": "XYZ"}),
        ("deterrence", {"reading": "mine"}),
        ("public-case", {"poll": "none"}),
        ("claims", {"verdict": "true"}),
        ("search", {"q": "x" * 201}),
    ],
)
def test_what_a_page_does_not_know_is_refused(place: str, query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        made(place, **query)


def test_a_chart_can_be_had_as_data_drawing_and_specification() -> None:
    view = View(RECORD)
    found = chart(view, "council")
    assert chart_file(RECORD, found, ".csv").decode().splitlines()[0] == ",".join(
        column.name for column in found.columns
    )
    assert chart_file(RECORD, found, ".svg").startswith(b"<svg")
    assert chart_file(RECORD, found, ".png").startswith(b"\x89PNG")
    assert b"vega-lite" in chart_file(RECORD, found, ".json")
    with pytest.raises(NoSuchName):
        chart(view, "none")


def test_the_tables_of_thresholds_count_what_the_analysis_counts() -> None:
    assert "2015" in threshold_years(RECORD)
    lines = {(line["by"], line["level"]): line for line in threshold_table(RECORD, "2015")}
    for level in (1_000, 5_000, 9_000, 20_000):
        found = RECORD.ask("thresholds", notification=level, since="2015", until="2015").answer
        assert lines["all", level]["notified"] == sum(line["notifiable"] == "yes" for line in found.value)
        for side in found.summary["By side"]:
            assert lines[f"side: {side['side']}", level]["notified"] == side["notifiable"]
    assert as_csv(threshold_table(RECORD, "2015")).startswith("by,level,notified,")
    with pytest.raises(NoSuchName):
        threshold_table(RECORD, "1815")


def test_search_ranks_names_first_and_knows_every_kind() -> None:
    view = View(RECORD)
    assert search(view, "Zapad 2013", "row").best[0].place == "rows/exercises/zapad-2013"
    assert search(view, "eastern flank").best[0].kind == "term"
    assert search(view, "TRÎDENT juncture", "row").best[0].title.startswith("Trident")
    assert {entry.kind for entry in entries(view)} == set(KINDS)
    assert all(entry.place for entry in entries(view))
    assert search(view, "").total == 0


def test_links_keep_their_state_and_know_their_way_up() -> None:
    links = Links("findings/a/b", {"as_of": "2016-05-09"})
    assert links.to("claims", part="board", topic="dialogue & more") == (
        "../../claims.html?as_of=2016-05-09&topic=dialogue+%26+more#board"
    )
    assert links.to("index", as_of="2014-01-01") == "../../index.html?as_of=2014-01-01"
    assert Links("index").row("states/EST") == "rows/states/EST.html"


def test_markup_in_a_record_is_text_on_every_page(tmp_path: Path) -> None:
    evil = '<script>alert("1")</script><img src=x>'
    quoted = evil.replace('"', '""')
    (tmp_path / "sources.csv").write_text(f'id,publisher,title,kind\nevil,"{quoted}","{quoted}",media\n', "utf-8")
    (tmp_path / "exercises.csv").write_text(
        "id,name,lead_states,side,start,in_zone,domain,structure,kind,place,notified,observers_invited,"
        "troops_announced,sources,known_from,known_basis\n"
        f'evil,"{quoted}",POL,nato,2015-03-01,yes,land,single,scheduled,Here,unknown,unknown,'
        "12000,evil,2015-03-01,dated source\n",
        "utf-8",
    )
    site = Site(open_record(DAY, folder=tmp_path), [], live=True)
    for place, query in (("dialogue", {"year": "2015"}), ("sources", {"words": "alert"}), ("search", {"q": "alert"})):
        text = site.workbench(place, query)
        assert "&lt;script&gt;" in text
        assert "<script>" not in text and "<img" not in text


def test_a_long_table_says_so_and_where_paper_has_the_rest() -> None:
    page = Site(RECORD, live=True).workbench("dialogue", {})
    caught = page.split('id="caught"')[1].split('class="listing')[0]
    assert caught.count("<tr>") > PRINTED and "Scroll in the table for more rows." in caught
    assert re.search(r"All of them are on the page itself, and at findings/thresholds/\S+\.html\.", caught)
    short = page.split('id="by-side"')[1].split('class="listing')[0]
    assert "Scroll in the table" not in short and "Printed are" not in short


def test_verdicts_by_side_add_up_and_values_name_states() -> None:
    rows = listing(made("claims"), "by-side").rows
    assert all(sum(count for word, count in row.items() if word not in ("side", "claims")) == row["claims"]
               for row in rows)  # fmt: skip
    values = [str(row["value"]) for row in listing(made("claims"), "board").rows]
    assert not any(re.fullmatch(r"[A-Z]{3}(, [A-Z]{3})*", value) for value in values)


def test_tables_of_levels_are_told_by_name_in_a_fixed_order() -> None:
    page = Site(RECORD).thresholds("2015")
    told = re.findall(r"<summary>(.*?) \(\d+ on record\)</summary>", page)
    assert told[:3] == ["All", "Led by NATO or a member", "Led by Russia"] and "Led by Belarus" in told
    assert re.search(r"<h1>In 2015, [\d to]+ of 13 exercises on record had to be notified from 9,000 troops;", page)
