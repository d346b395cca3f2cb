"""The report of a run: its honesty, its charts on the canvas, its data as CSV."""

import csv
import re
from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.choice.run import explore
from dualtrack.choice.scenario import Scenario, read_scenario
from dualtrack.publish.choices.charts.ablation_bars import ablation_bars
from dualtrack.publish.choices.charts.cross_map import cross_map
from dualtrack.publish.choices.charts.indices_bars import indices_bars
from dualtrack.publish.choices.charts.policy_map import policy_map
from dualtrack.publish.choices.charts.regret_map import regret_map
from dualtrack.publish.choices.charts.tornado import tornado
from dualtrack.publish.choices.charts.tradeoff import tradeoff
from dualtrack.publish.choices.report import report, sentences, write_report
from dualtrack.publish.choices.telling import Telling, tell
from dualtrack.publish.render import NARROW, WIDE, draw

RECORD = open_record("2026-11-25")
CHARTS = (ablation_bars, cross_map, indices_bars, policy_map, regret_map, tornado, tradeoff)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario("warsaw-2016", RECORD)


@pytest.fixture(scope="module")
def found(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Telling:
    run = explore(scenario, RECORD, 1024, 7, tmp_path_factory.mktemp("report") / "run")
    return tell(run, scenario, RECORD)


def test_no_share_stands_without_the_neutral_set_and_the_five_drivers(found: Telling) -> None:
    said = " ".join(sentences(found))
    assert "neutral priors" in said and "not probabilities" in said
    for headline in found.headlines:
        assert headline.text in said and len(headline.drivers) == 5
    page = report(found, [], RECORD)
    for name in ("article", "neutral", "sceptic of dialogue", "sceptic of presence"):
        assert name in page
    for needed in (f"seed {found.run.about['seed']}", found.run.about["parameters_sha256"][:12], "model 1", "exact"):
        assert needed in page


def test_what_cannot_be_told_apart_is_not_ranked(found: Telling) -> None:
    assert sorted(name for tier in found.tiers for name in tier) == sorted(one.name for one in found.named)
    assert found.first == found.tiers[0][0]


def test_figures_fit_together(found: Telling) -> None:
    assert sum(share for _, share, _ in found.clusters) == pytest.approx(1, abs=1e-9)
    for number, one in enumerate(found.regrets):
        mean = sum(share * means[number] for _, share, means in found.clusters)
        assert mean == pytest.approx(one.mean)
    assert max(share.value for share in found.enough.shares) <= found.any_enough <= 1
    assert [one.name for one in found.criteria] == ["Laplace", "Starr", "Savage", "Hurwicz", "Wald"]
    assert sum(leaf.mass for leaf in found.leaves) == pytest.approx(1)


@pytest.mark.parametrize("make", CHARTS)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_all_of_each_chart_lies_on_the_canvas(found: Telling, make: object, width: int) -> None:
    chart = make(found)  # type: ignore[operator]
    svg = draw(chart.draw(width))
    placed = re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", svg)
    assert placed and "NaN" not in svg
    for x, y in placed:
        assert -1 <= float(x) <= width + 1 and float(y) >= -1
    assert chart.title and chart.alt.endswith(".")


def test_the_page_stands_alone_and_its_data_lie_beside_it(scenario: Scenario, found: Telling, tmp_path: Path) -> None:
    write_report(found.run, scenario, RECORD, tmp_path / "own.html")
    page = (tmp_path / "own.html").read_text("utf-8")
    assert "<script" not in page and not re.search(r'(?:src|href)="https?:', page)
    tables = sorted((tmp_path / "own-data").glob("*.csv"))
    assert len(tables) == len(CHARTS)
    for path in tables:
        head, *rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        assert rows and all(len(row) == len(head) for row in rows), path.name
