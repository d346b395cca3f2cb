"""SIPRI's and the World Bank's figures, when a user adds them, change no answer about NATO's. Figures are invented."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.datapackage.contents import package
from dualtrack.publish.pages.brief import brief
from dualtrack.publish.panels import panels

SERIES = ("sipri", "world_bank")
DAYS = ("2016-05-09", "2026-11-25")


def row(series: str, state: str, year: int, share: str) -> dict[str, str]:
    return {
        "state": state, "year": str(year), "share_of_gdp_pct": share, "edition": "2016-04-05", "series": series,
        "definition": "military_expenditure", "source": f"invented-{series}", "status": "estimate",
        "known_from": "2016-04-05", "known_basis": "public event",
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with invented figures far from anything NATO has printed."""
    place = tmp_path_factory.mktemp("series")
    rows = [
        row(series, state, year, f"{share + (year - 2008) / 10:.1f}")
        for series in SERIES
        for state, share in (("EST", 71.0), ("USA", 82.0), ("RUS", 93.0), ("FIN", 61.0))
        for year in range(2008, 2030)
    ]
    sources = [
        {"id": f"invented-{series}", "publisher": f"Invented {series}", "terms": "Own copy only.", "redistribute": "no"}
        for series in SERIES
    ]
    for name, lines in (("spending", rows), ("sources", sources)):
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
    return place


def both(folder: Path, day: str) -> tuple[OpenRecord, OpenRecord]:
    return open_record(day), open_record(day, folder=folder)


def said(record: OpenRecord, name: str, parameters: Mapping[str, Any]) -> str:
    try:
        return record.ask(name, **parameters).model_dump_json()
    except BadInput as error:  # the year of an example may lie after the day
        return str(error)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["spending_guideline", "spending_trend", "commitments"])
def test_no_answer_about_nato_changes(name: str, day: str, folder: Path) -> None:
    without, with_them = both(folder, day)
    for parameters in analyses()[name].examples:
        assert said(with_them, name, parameters) == said(without, name, parameters)


def test_no_panel_and_no_brief_changes(folder: Path) -> None:
    without, with_them = both(folder, DAYS[0])
    for name, panel in panels().items():
        assert list(map(dict, panel.rows(with_them))) == list(map(dict, panel.rows(without))), name
    pages = [brief(record).html for record in (without, with_them)]
    collected = re.compile(r'<section id="collected".*?</section>', re.DOTALL)  # counts rows, theirs too
    assert collected.sub("", pages[0]) == collected.sub("", pages[1])


def test_their_own_series_is_answered_when_it_is_asked_for(folder: Path) -> None:
    record = open_record("2026-11-25", folder=folder)
    asked = {"state": "EST", "since": 2015, "until": 2015}
    found = record.ask("spending_trend", series="sipri", **asked).answer.value
    assert [(line["year"], line["lowest"]) for line in found] == [("2015", "71.70")]
    assert open_record().ask("spending_trend", **asked).answer.value != found


def test_a_state_outside_nato_is_answered_too(folder: Path) -> None:
    record = open_record("2026-11-25", folder=folder)
    assert record.ask("spending_trend", state="RUS", series="world_bank", since=2015, until=2015).answer.value


def test_the_export_leaves_them_out_and_says_so(folder: Path) -> None:
    without, with_them = both(folder, "2026-11-25")
    ours, theirs = package(without), package(with_them, overlay=True)
    assert theirs.withheld == ours.withheld + 2 * 4 * 22
    assert theirs.files["data/spending.csv"] == ours.files["data/spending.csv"]
    assert not [name for name, data in theirs.files.items() if b"nvented sipri" in data]


def test_the_record_of_a_later_day_is_the_only_one_that_has_them(folder: Path) -> None:
    assert not open_record("2016-04-04", folder=folder).rows("spending", "series <> 'nato'")
