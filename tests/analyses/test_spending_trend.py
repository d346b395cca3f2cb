"""Spending over the years, held against a count over the CSV: editions side by side, never one line."""

import csv
from collections import defaultdict
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged

TODAY = "2026-11-25"


def asked(as_of: str = TODAY, **parameters: object) -> Finding:
    return open_record(as_of).ask("spending_trend", **parameters)


def years(finding: Finding) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["state"], line["year"]): line for line in finding.answer.value}


def figures(metric: str = "share_of_gdp_pct") -> dict[tuple[str, str], dict[str, float]]:
    """State and year: edition: figure, straight from the file."""
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    with (packaged() / "spending.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["definition"] == "defence" and row[metric]:
                found[row["state"], row["year"]][row["edition"]] = float(row[metric])
    return found


@pytest.mark.parametrize("state", ["EST", "POL", "ROU", "HRV", "BGR"])
def test_every_year_has_the_lowest_the_highest_and_the_spread_of_its_editions(state: str) -> None:
    said = years(asked(state=state))
    expected = {key: found for key, found in figures().items() if key[0] == state}
    assert set(said) == set(expected)
    for key, found in expected.items():
        low, high = min(found.values()), max(found.values())
        assert float(said[key]["lowest"]) == pytest.approx(low, abs=0.051)
        assert float(said[key]["highest"]) == pytest.approx(high, abs=0.051)
        assert len(said[key]["figures_by_edition"]) == len(found)
        spread = said[key]["spread"]
        assert spread is None if len(found) == 1 else float(spread) == pytest.approx(high - low, abs=0.0051)


def test_the_unstable_figures_that_the_press_reported() -> None:
    romania, croatia, bulgaria = (years(asked(state=state)) for state in ("ROU", "HRV", "BGR"))
    assert (romania["ROU", "2023"]["lowest"], romania["ROU", "2023"]["highest"]) == ("1.60", "2.44")
    assert (croatia["HRV", "2021"]["lowest"], croatia["HRV", "2021"]["highest"]) == ("1.95", "2.79")
    assert (bulgaria["BGR", "2019"]["lowest"], bulgaria["BGR", "2019"]["highest"]) == ("1.61", "3.25")
    assert romania["ROU", "2023"]["at_2_percent"] == "depends on the edition"
    assert romania["ROU", "2023"]["editions_differ"] == "yes"


def test_a_difference_that_rounding_explains_is_no_revision() -> None:
    assert years(asked(group="nato"))["ROU", "2015"]["editions_differ"] == "within rounding"


def test_editions_and_definitions_are_never_joined() -> None:
    finding = asked(state="EST")
    lines = {edition.edition: edition.answer.value for edition in finding.editions}
    for edition, line in lines.items():
        own = {key[1]: found[edition] for key, found in figures().items() if key[0] == "EST" and edition in found}
        assert {row["year"]: row["figure"] for row in line} == own
    assert not any(edition.startswith("2026") for edition in lines)
    core = asked(state="EST", definition="core_defence")
    assert {edition.edition for edition in core.editions} == {"2026-03-26"}
    assert {row.value for row in core.evidence if row.field == "status"} <= {"estimate", "actual"}


def test_a_group_counts_only_members_of_the_year() -> None:
    finding = asked(group="nato", since=2016, until=2018)
    assert ("MNE", "2016") not in years(finding) and ("MNE", "2017") in years(finding)
    assert "FIN" not in {state for state, _ in years(finding)}
    (table,) = finding.answer.summary.values()
    assert {row["year"]: row["known"] for row in table} == {
        "2016": "27 of 27 allies",
        "2017": "28 of 28 allies",
        "2018": "28 of 28 allies",
    }


def test_a_figure_is_printed_no_finer_than_its_source() -> None:
    assert years(asked("2016-05-09", group="nato"))["NOR", "2015"]["lowest"] == "1.5"


def test_a_year_whose_first_edition_is_not_on_record_says_so() -> None:
    late = asked(state="DEU", since=2014, until=2014).caveats
    assert any("first published of 2014 is not on record" in c and "25 June 2019" in c for c in late)
    told = asked(state="DEU", since=2016, until=2016).caveats
    assert not any("first published" in c for c in told)


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(BadInput, match="holds no defence spending like this"):
        asked("2016-05-09", state="EST")
    with pytest.raises(NoSuchName, match="no state code"):
        asked(state="ESTONIA")
