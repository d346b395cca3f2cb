"""Runs that come along: they say what a run made anew says; their figures fit together; their pages say the honesty."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.choice.question import questions
from dualtrack.choice.run import MODEL, parameters_digest
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.publish.choices.charts.regret_cells import regret_cells
from dualtrack.publish.choices.told import BINS, Told, name_of, packaged, read_told, sets, told_of
from dualtrack.publish.render import NARROW, WIDE, draw

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import choices as script

RECORD = open_record(script.DAY)
EVERY = [(scenario, priors) for scenario in packaged_scenarios() for priors in sets()]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def alike(one: Any, other: Any, place: str = "") -> None:
    """The same, numbers to a thousandth: another kind of machine may differ in the last digits."""
    assert type(one) is type(other), place
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for name in one:
            alike(one[name], other[name], f"{place}/{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            alike(mine, theirs, f"{place}/{number}")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-9), place
    elif isinstance(one, str):
        assert NUMBER.sub("", one) == NUMBER.sub("", other), place
        numbers = [list(map(float, NUMBER.findall(text))) for text in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1], rel=0.02, abs=0.11), place
    else:
        assert one == other, place


def test_a_run_made_anew_says_what_the_one_that_comes_along_says(tmp_path: Path) -> None:
    anew = json.loads(script.made("warsaw-2016", "article", tmp_path / "run").model_dump_json())
    kept = json.loads((packaged() / name_of("warsaw-2016", "article")).read_text("utf-8"))
    for found in (anew, kept):
        del found["about"]["dualtrack"]
    alike(anew, kept)


@pytest.mark.parametrize(("scenario", "priors"), EVERY)
def test_every_one_is_of_this_model_these_ranges_and_all_questions(scenario: str, priors: str) -> None:
    found = told_of(scenario, priors)
    asked = read_scenario(scenario, RECORD).model_copy(update={"priors": priors})
    assert found.about["model"] == MODEL
    assert found.about["parameters_sha256"] == parameters_digest(asked, RECORD)
    assert found.about["scenario_sha256"] == asked.digest
    assert (found.about["seed"], found.worlds[priors]) == (script.SEED, script.WORLDS)
    assert found.answers.keys() == questions().keys()
    assert [one.name for one in found.packages] == [one.name for one in asked.packages]
    assert {path.name for path in packaged().glob("*.json")} == {name_of(*one) for one in EVERY}


@pytest.mark.parametrize(("scenario", "priors"), EVERY)
def test_figures_fit_together(scenario: str, priors: str) -> None:
    found = told_of(scenario, priors)
    assert sum(one.best.value for one in found.packages) == pytest.approx(1, abs=1e-4)
    assert sorted(name for tier in found.tiers for name in tier) == sorted(one.name for one in found.packages)
    assert found.under[0].name == priors and {one.name for one in found.under} == set(sets())
    for under in found.under:
        assert sum(share.value for share in under.best.values()) == pytest.approx(1, abs=1e-4)
    for pair, cells in found.cells.items():
        assert len(cells) == BINS**2 and set(pair.split(",")) <= set(found.axes)
        assert sum(cell.worlds for cell in cells) == found.worlds[priors]
        for number, one in enumerate(found.packages):  # the mean over all worlds is that of the cells
            mean = sum(cell.worlds * cell.means[number] for cell in cells if cell.worlds) / found.worlds[priors]
            assert mean == pytest.approx(one.regret.value, rel=1e-3)
        for cell in (cell for cell in cells if cell.worlds):
            assert cell.means[cell.first[0]] == pytest.approx(min(cell.means))
    for answered in found.answers.values():
        shares = (answered.shares[priors], answered.shares["neutral"])
        assert all(f"{100 * share.value:.1f} percent" in answered.headline for share in shares)
        assert "not probabilities" in answered.headline and len(answered.drivers) == 5
        if answered.box:
            assert answered.box.density * answered.box.mass == pytest.approx(
                answered.box.coverage * answered.box.base, rel=1e-3
            )


def test_the_grid_can_be_turned() -> None:
    found = told_of("warsaw-2016", "neutral")
    x, y = list(found.axes)[:2]
    across, turned = found.grid(x, y), found.grid(y, x)
    assert [[cell for cell in line] for line in zip(*across, strict=True)] == [tuple(line) for line in turned] or [
        list(line) for line in zip(*across, strict=True)
    ] == turned
    first = found.cells[f"{x},{y}"]
    assert across[1][0] == first[1] and across[0][1] == first[BINS]


@pytest.mark.parametrize(("scenario", "priors"), EVERY)
def test_all_of_each_chart_lies_on_the_canvas_at_both_widths(scenario: str, priors: str) -> None:
    found = told_of(scenario, priors)
    x, y = list(found.axes)[-2:]
    charts = [drawn.chart("Covered.") for drawn in found.charts.values()]
    charts.append(regret_cells(found, found.packages[-1].name, x, y, "Covered."))
    for chart in charts:
        for width in (NARROW, WIDE):
            placed = re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", draw(chart.draw(width)))
            assert placed and all(-1 <= float(left) <= width + 1 and float(top) >= -1 for left, top in placed)
        assert chart.alt.endswith(".") and chart.csv().count("\n") == len(chart.rows) + 1


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "told.json").write_text("{}", "utf-8")
    with pytest.raises(BadInput, match=r"told\.json cannot be read"):
        read_told(tmp_path / "told.json")
    with pytest.raises(BadInput):
        told_of("warsaw-2016", "none")


def test_a_run_read_again_is_the_same(tmp_path: Path) -> None:
    found = told_of("2025", "neutral")
    (tmp_path / "told.json").write_text(found.model_dump_json(), "utf-8")
    assert read_told(tmp_path / "told.json") == found
    assert isinstance(found, Told)


def test_an_unknown_axis_is_no_axis() -> None:
    with pytest.raises(KeyError):
        told_of("2025", "neutral").grid("b0", "none")
    with pytest.raises(NoSuchName):
        read_scenario("none", RECORD)
