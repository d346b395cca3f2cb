"""The charts of unity and messaging show what their findings hold, and the silent with them."""

import re

import pytest

from dualtrack.analyses.voices import LEVELS, signed
from dualtrack.api import open_record
from dualtrack.publish.chart import Chart
from dualtrack.publish.charts.messaging import messaging
from dualtrack.publish.charts.unity import called, unity
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.render import NARROW, WIDE, draw

DAYS = ("2014-09-05", "2016-05-31", "2026-11-24")


def charts(day: str) -> tuple[Chart, Chart]:
    record = open_record(day)
    return (
        unity(record, record.ask("unity")),
        messaging(record, record.ask("messaging", question="article5")),
    )


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_all_of_it_lies_on_the_canvas(day: str, width: int) -> None:
    for chart in charts(day):
        for x, y in re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", draw(chart.draw(width))):
            assert -1 <= float(x) <= width + 1
            assert float(y) >= -1


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_question_has_its_counts_and_its_index_or_why_not(width: int) -> None:
    chart, _ = charts("2026-11-24")
    svg = draw(chart.draw(width))
    few = 0
    for row in chart.rows:
        assert f">{row['label']}<" in svg
        assert f"{row['on_record']} of {row['members']} members" in svg
        few += row["A"] is None
        if row["A"] is not None:
            assert f">{row['A']:.2f}<".replace("-", "−") in svg
    assert svg.count("fewer than 8: no index") == 2 * few > 0, "each once, and once more as its halo"
    held = [row[signed(level)] for row in chart.rows for level in LEVELS if row[signed(level)]]
    assert all(f">{n:g}<" in svg for n in held)


def test_the_title_names_the_ends_of_the_list() -> None:
    chart, _ = charts("2026-11-24")
    indexed = sorted((row for row in chart.rows if row["A"] is not None), key=lambda row: row["A"])
    assert f"{indexed[-1]['A']:.2f}" in chart.title
    assert indexed[0]["label"].lower() in chart.title.lower()


def test_with_too_few_members_the_title_says_so() -> None:
    record = open_record("2026-11-24")
    chart = unity(record, record.ask("unity", group="EST,LVA,LTU"))
    assert "too few" in chart.title


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_member_is_drawn_polled_or_not_spoken_or_silent(width: int) -> None:
    _, chart = charts("2026-11-24")
    svg = draw(chart.draw(width))
    text = " ".join(re.findall(r">([^<>]+)<", svg))
    assert len(chart.rows) == 32
    for row in chart.rows:
        assert row["name"] in text
    mute = sum(row["said"] is None and row["support"] is not None for row in chart.rows)
    assert len(re.findall(r">silent( on record)?<", svg)) == mute
    silent = sum(row["said"] is None and row["support"] is None for row in chart.rows)
    assert f"silent on record ({silent})" in text


def test_a_silent_member_has_a_row_that_shows_it_is_one() -> None:
    _, chart = charts("2016-05-31")
    record = open_record("2016-05-31")
    for row in chart.rows:
        assert row["row"]
        if row["said"] is None and row["support"] is None:
            [reference] = row["row"]
            table, _, id_ = reference.partition("/")
            assert table == "groups"
            assert record.row("groups", id_)["state"] == row["state"]


def test_both_stand_in_the_public_case_of_the_brief() -> None:
    asked = Questions(open_record("2016-05-31"))
    ids = [chart.id for chart in asked.charts()]
    assert ids[-2:] == ["messaging", "unity"]
    analyses = {finding.analysis for finding in asked.findings}
    assert {"unity", "messaging"} <= analyses


def test_a_question_of_a_users_own_has_a_name_too() -> None:
    assert called("cyber_defence") == "Cyber defence"


def test_caveats_and_coverage_stand_beside_the_charts() -> None:
    for chart in charts("2016-05-31"):
        assert "28" in chart.coverage
        assert chart.notes
        assert chart.finding.caveats
