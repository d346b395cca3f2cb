"""The charts of reinforcement and of presence over time show what their findings hold, in the bounds of the canvas."""

import re

import pytest

from dualtrack.api import open_record
from dualtrack.publish.chart import Chart
from dualtrack.publish.charts.presence_over_time import presence_over_time
from dualtrack.publish.charts.reinforcement import reinforcement
from dualtrack.publish.pages.questions import HOSTS
from dualtrack.publish.render import NARROW, WIDE, draw

DAYS = ("2016-05-09", "2026-11-25")


def arrivals(day: str) -> Chart:
    record = open_record(day)
    return reinforcement(record, [record.ask("reinforcement", host=host) for host in HOSTS])


def growth(day: str, **asked: str) -> Chart:
    record = open_record(day)
    return presence_over_time(record, record.ask("presence_over_time", **asked))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_all_of_it_lies_on_the_canvas(day: str, width: int) -> None:
    for chart in (arrivals(day), growth(day)):
        svg = draw(chart.draw(width))
        placed = re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", svg)
        assert placed
        for x, y in placed:
            assert -1 <= float(x) <= width + 1
            assert float(y) >= -1
        assert "NaN" not in svg


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_host_has_its_panel_and_the_limits_of_its_halfway_curve(width: int) -> None:
    chart = arrivals("2026-11-25")
    svg = draw(chart.draw(width))
    assert svg.count(">notice, permissions and the journey<") == len(HOSTS), "each begins with it"
    for place in ("Belarus", "Estonia", "Latvia", "Lithuania", "Poland"):
        assert f">{place}<" in svg
    assert ">airlift<" in svg and ">roads Poland–Lithuania<" in svg


def test_the_title_of_arrivals_gives_both_ends_to_two_figures() -> None:
    chart = arrivals("2026-11-25")
    for finding in chart.findings:
        [row] = [row for row in finding.answer.value if row["day"] == 30]
        step = 10 ** (len(str(int(row["high"]))) - 2)
        assert f"{round(row['high'] / step) * step:,}" in chart.title
        assert row["low"] > 0 or "no troops of others at all" in chart.title


def test_forces_of_a_year_are_those_of_all_hosts() -> None:
    chart = growth("2026-11-25")
    [finding] = chart.findings
    for year in chart.rows:
        own = [row for row in finding.answer.value if row["day"] == year["day"]]
        assert year["forces"] == sum(row["forces"] for row in own) == year["command_nato"] + year["others"]
    assert str(chart.rows[-1]["forces"]) in chart.title


def test_one_host_is_named_in_the_title() -> None:
    assert "Estonia" in growth("2026-11-25", host="EST").title
