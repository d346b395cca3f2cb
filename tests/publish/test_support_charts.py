"""Charts of support: a dot for every poll, the finding's band, colours of the palette."""

import re

import pytest

from dualtrack.api import OpenRecord, open_record
from dualtrack.publish.chart import Chart, Spec
from dualtrack.publish.charts.support import Rows, house_symbols, support
from dualtrack.publish.charts.support_trend import support_trend
from dualtrack.publish.render import NARROW, WIDE, draw
from dualtrack.publish.theme import LIGHT

RECORD = open_record("2026-11-25")


def by_country(record: OpenRecord, question: str) -> Chart:
    return support(record, record.ask("support", question=question), None, None)


def over_time(record: OpenRecord, question: str, country: str) -> Chart:
    return support_trend(record, record.ask("support", question=question, country=country))


CHARTS = [
    by_country(RECORD, "defend_ally"),
    by_country(RECORD, "would_fight"),
    over_time(RECORD, "join_nato", "UKR"),
    over_time(RECORD, "bases_east", "LTU"),
    over_time(open_record("2016-07-31"), "bases_east", "DEU"),
]


def layers(spec: Spec, mark: str) -> list[Rows]:
    """The data of each layer drawn with a mark, in order."""
    return [
        spec["datasets"][layer["data"]["name"]]
        for layer in spec["layer"]
        if isinstance(layer.get("mark"), dict) and layer["mark"]["type"] == mark
    ]


def points(spec: Spec) -> Rows:
    """The places of all symbols, house by house."""
    return [place for layer in layers(spec, "point") for place in layer]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_dated_poll_is_a_dot_inside_the_chart(chart: Chart, width: int) -> None:
    spec = chart.draw(width)
    dots = points(spec)
    drawn = [row for row in chart.rows if row["date"] or chart.id == "support"]
    assert len(dots) == len(drawn)
    assert all(0 <= dot["x"] <= width and 0 <= dot["y"] <= spec["height"] for dot in dots)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_colours_have_a_dark_counterpart_and_rows_a_source(chart: Chart) -> None:
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', draw(chart.draw(NARROW)))) - {"none", "transparent"}
    assert colours <= set(LIGHT.values())
    rests = {f"{item.table}/{item.row}" for item in chart.finding.evidence}
    assert {row["row"] for row in chart.rows} <= rests
    assert chart.coverage
    assert any("No election anchors" in note for note in chart.notes)


def test_dots_stand_at_their_shares_and_bands_where_the_finding_has_them() -> None:
    chart = CHARTS[0]
    spec = chart.draw(WIDE)
    [scale] = {round((a["x"] - b["x"]) / (a["share"] - b["share"]), 6) for a, b in pairs(chart, spec)}
    [bands] = layers(spec, "rect")
    for band, level in zip(bands, chart.finding.answer.value, strict=True):
        assert band["x2"] - band["x"] == pytest.approx(scale * (level["high"] - level["low"]))
        assert band["x"] < band["level"] < band["x2"]


def pairs(chart: Chart, spec: Spec) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Dots of one house with their shares, each beside the first with another share."""
    shares = [row["share"] for row in chart.rows if row["pollster"] == "Pew Research Center"]
    dots = [{**dot, "share": share} for dot, share in zip(layers(spec, "point")[0], shares, strict=True)]
    return [(dots[0], dot) for dot in dots[1:] if dot["share"] != dots[0]["share"]]


def test_houses_with_most_polls_have_symbols_of_their_own() -> None:
    polls = [{"pollster": house} for house in "aaaabbbbccddef"]
    assert house_symbols(polls) == {
        "a": "dot", "b": "diamond", "c": "square", "d": "triangle", "e": "ring", "f": "ring",
    }  # fmt: skip


def test_what_is_not_drawn_or_cannot_be_told_is_said() -> None:
    lithuania, germany = CHARTS[3], CHARTS[4]
    assert any("Without a date, and so not drawn: 2 polls" in note for note in lithuania.notes)
    assert any("house and level cannot be told apart" in note for note in lithuania.notes)
    assert "polls in different wordings are not one series" in germany.reading
    assert "asked in 5 wordings" in germany.reading
    assert all(row["date"] <= "2016-07-31" for row in germany.rows)


def test_notes_tell_fragility_and_the_backtest_of_the_same_item() -> None:
    record = open_record("2016-05-31")
    found = [record.ask(name, question="defend_ally") for name in ("support", "fragility", "support_backtest")]
    chart = support(record, *found)
    assert [f.analysis for f in chart.findings] == ["support", "fragility", "support_backtest"]
    assert f"{found[1].headline}." in chart.notes
    assert f"{found[2].headline}." in chart.notes
