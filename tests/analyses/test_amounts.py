"""figure, count, change and share against plain sums over the CSV files, and their ranges against interval rules."""

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.amounts import _made
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.interval import Interval
from dualtrack.record.store import packaged

NOW = open_record("2026-11-24")


def rows(table: str) -> list[dict[str, str]]:
    with (packaged() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_figure_is_the_latest_edition_and_each_edition_is_answered() -> None:
    where = "state = 'EST' and year = 2015 and series = 'nato'"
    found = NOW.ask("figure", table="spending", column="share_of_gdp_pct", where=where)
    plain = {r["edition"]: float(r["share_of_gdp_pct"]) for r in rows("spending")
             if (r["state"], r["year"], r["series"]) == ("EST", "2015", "nato") and r["share_of_gdp_pct"]}  # fmt: skip
    assert found.answer.value == plain[max(plain)]
    assert {e.edition: e.answer.value for e in found.editions} == plain
    assert found.answer.unit == "percent of GDP"


def test_the_largest_exercise_is_the_largest_in_the_file() -> None:
    found = NOW.ask("figure", table="exercises", column="troops_announced", where="side = 'russia'", pick="largest")
    plain = [float(r["troops_announced"]) for r in rows("exercises") if r["side"] == "russia" and r["troops_announced"]]
    assert found.answer.best == max(plain)
    assert found.answer.coverage and found.answer.coverage.known == len(plain)


def test_a_sum_of_which_a_row_lacks_its_figure_is_a_lower_bound() -> None:
    known = [r for r in rows("exercises") if r["side"] == "nato"]
    plain = sum(float(r["troops_announced"]) for r in known if r["troops_announced"])
    found = NOW.ask("figure", table="exercises", column="troops_announced", where="side = 'nato'", pick="sum").answer
    assert found.low == plain
    lacking = any(not r["troops_announced"] for r in known)
    assert (found.high is None) is lacking


def test_the_stem_of_a_range_gives_both_bounds() -> None:
    row = next(r for r in rows("strengths") if r["troops_low"] and r["troops_low"] != r["troops_high"])
    [one] = [r for r in NOW.rows("strengths") if r["force_key"] == row["force_key"] and r["as_of"] == row["as_of"]
             and r["scope"] == row["scope"]]  # fmt: skip
    found = NOW.ask("figure", table="strengths", column="troops", row=one.id).answer
    assert (found.low, found.high) == (one["troops_low"], one["troops_high"])


def test_counts_of_facts_are_lower_bounds_and_of_references_exact() -> None:
    snap = NOW.ask("count", table="exercises", where="kind = 'snap'").answer
    assert (snap.low, snap.high) == (sum(r["kind"] == "snap" for r in rows("exercises")), None)
    members = NOW.ask("count", table="groups", where="group = 'nato' and from <= 1999").answer
    plain = sum(r["group"] == "nato" and r["from"][:4] <= "1999" for r in rows("groups"))
    assert (members.low, members.high) == (plain, plain)


def test_counts_by_side_add_up() -> None:
    table = NOW.ask("count", table="exercises", by="side").answer.value
    assert sum(line["count"] for line in table) == len(rows("exercises"))
    years = NOW.ask("count", table="exercises", by="year").answer.value
    assert {line["year"]: line["count"] for line in years}["2016"] == sum(
        r["start"].startswith("2016") for r in rows("exercises")
    )


def test_nothing_found_is_zero_on_the_ground_of_the_rows_looked_at() -> None:
    found = NOW.ask("count", table="groups", where="group = 'no such group'")
    assert (found.answer.low, found.answer.high) == (0, 0)
    assert found.evidence


def test_rows_of_which_it_cannot_be_told_are_counted_apart() -> None:
    found = NOW.ask("count", table="exercises", where="troops_announced >= 100000")
    unknown = sum(not r["troops_announced"] for r in rows("exercises"))
    assert found.answer.coverage
    assert found.answer.coverage.total - found.answer.coverage.known == unknown
    assert any("could fit, too" in caveat for caveat in found.caveats)


@pytest.mark.parametrize(("measure", "value", "unit"), [("factor", 2.0, "times"), ("difference", 21.0, "points"),
                                                        ("percent", 100.0, "percent")])  # fmt: skip
def test_a_change_is_told_in_three_ways(measure: str, value: float, unit: str) -> None:
    of = "question = 'nato_favourable' and country = 'TUR' and pollster = 'Pew Research Center'"
    found = NOW.ask("change", table="polls", column="support_pct", measure=measure,
                    later=f"{of} and ref_date >= 2024", earlier=f"{of} and ref_date = 2019")  # fmt: skip
    assert (found.answer.value, found.answer.unit) == (value, unit)
    assert [part.best for part in found.by_reading[0].parts] == [42, 21]


def test_a_share_is_the_part_over_the_whole() -> None:
    found = NOW.ask("share", table="personnel", column="military_personnel",
                    part="state = 'USA' and year = 2018", whole="year = 2018", group="nato")  # fmt: skip
    members = set(NOW.members("nato", NOW.as_of))
    plain = {r["state"]: float(r["military_personnel"]) for r in rows("personnel")
             if r["year"] == "2018" and r["state"] in members and r["military_personnel"]}  # fmt: skip
    assert found.answer.best == pytest.approx(100 * plain["USA"] / sum(plain.values()))


@pytest.mark.parametrize(
    ("analysis", "given", "said"),
    [
        ("figure", {"table": "no_table", "column": "x"}, "no table"),
        ("figure", {"table": "exercises", "column": "name"}, "column of figures"),
        ("figure", {"table": "exercises", "column": "troops", "row": "x", "where": "side = 'nato'"}, "both given"),
        ("figure", {"table": "exercises", "column": "troops", "pick": "only"}, "fit"),
        ("figure", {"table": "exercises", "column": "troops", "where": "side = 1"}, "compared with a text"),
        ("count", {"table": "exercises", "where": "1=1; DROP TABLE exercises"}, "cannot stand here"),
        ("count", {"table": "exercises", "where": "side = 'a' or (select 1)"}, "expected"),
        ("count", {"table": "exercises", "by": "colour"}, "colour"),
        ("count", {"table": "exercises", "group": "nato"}, "no column of one state"),
        ("change", {"table": "strengths", "column": "troops_high", "pick": "largest",
                    "later": "unit = 'troops'", "earlier": "unit = 'aircraft'"}, "compared with"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(analysis: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises((BadInput, NoSuchName), match=said):
        NOW.ask(analysis, **given)


BOUNDS = st.tuples(st.integers(0, 50), st.integers(0, 20)).map(lambda p: Interval.between(p[0], p[0] + p[1]))


@given(st.lists(BOUNDS, min_size=1, max_size=5), st.sampled_from(["largest", "smallest", "sum", "span"]), st.data())
def test_a_range_holds_what_any_figures_inside_the_ranges_give(
    figures: list[Interval], pick: Any, data: st.DataObject
) -> None:
    made = _made(figures, pick, complete=True)
    drawn = [data.draw(st.integers(int(f.low or 0), int(f.high or 0))) for f in figures]
    whole = {"largest": max(drawn), "smallest": min(drawn), "sum": sum(drawn)}
    for value in [whole[pick]] if pick in whole else drawn:
        assert made.low is not None and made.high is not None
        assert made.low <= value <= made.high
