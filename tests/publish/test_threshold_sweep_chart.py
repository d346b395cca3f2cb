"""Cost and benefit by state: what the chart shows is what the finding counts."""

import re

import pytest

from dualtrack.api import open_record
from dualtrack.publish.charts.threshold_sweep import led_by_states, threshold_sweep
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.render import NARROW, WIDE, draw

RECORD = open_record("2026-11-25")
FINDING = RECORD.ask("threshold_sweep", start=1_000, stop=19_000, step=2_000)
CHART = threshold_sweep(RECORD, FINDING)


def test_the_numbers_are_those_of_the_finding() -> None:
    names = {row.text("name"): row.id for row in RECORD.rows("states")}
    tables = {"to tell of": "Notifications to make", "to be told of": "Told of activities of others"}
    assert len(CHART.rows) == 6 * 4
    for row in CHART.rows:
        sure = "surely" if row["certain"] == "surely" else "possibly"
        [line] = [
            line
            for line in FINDING.answer.summary[f"{tables[row['measure']]}, {sure}"]
            if line["state"] == names[row["state"]]
        ]
        shown = {column.name: row[column.name] for column in CHART.columns if column.number}
        assert shown == {name: value for name, value in line.items() if name != "state"}
        assert all(names[row["state"]] in RECORD.row("exercises", id_[10:]).parts("lead_states") for id_ in row["row"])


def test_the_title_is_counted_from_the_table() -> None:
    counts = {line["troops"]: line["surely"] for line in FINDING.answer.value}
    found = re.match(r"From 5,000 troops instead of 9,000, at least (\d+) more activities", CHART.title)
    assert found
    assert int(found[1]) == counts[5_000] - counts[9_000]
    more = {
        measure: {line["state"]: line["5000"] - line["9000"] for line in FINDING.answer.summary[f"{measure}, surely"]}
        for measure in ("Notifications to make", "Told of activities of others")
    }
    told = more["Told of activities of others"]
    gain = sum(told[state] > more["Notifications to make"][state] for state in told)
    assert ("each of the 13" in CHART.title) is (gain == len(told) == 13)


def test_it_says_that_numbers_are_lower_bounds_and_levels_invented() -> None:
    assert "Lower bounds" in CHART.coverage
    assert any("invented" in note for note in CHART.notes)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_all_of_it_lies_on_the_canvas(width: int) -> None:
    svg = draw(CHART.draw(width))
    assert svg.count(">19,000<") == 6
    for x, y in re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", svg):
        assert -1 <= float(x) <= width + 1
        assert float(y) >= -1


def test_it_stands_in_the_brief_after_the_proposals() -> None:
    ids = [chart.id for chart in Questions(RECORD).charts()]
    assert ids.index("threshold-sweep") == ids.index("proposals") + 1


def test_with_no_state_that_leads_there_is_nothing_to_draw() -> None:
    alone = RECORD.only(lambda row: row.spec.table != "exercises" or row["lead_states"] == "NATO")
    assert not led_by_states(alone.ask("threshold_sweep"))
    assert "threshold-sweep" not in [chart.id for chart in Questions(alone).charts()]
