"""Presence over time: effective numbers by hand, continuity day by day, the baseline beside each later year."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.presence import forces
from dualtrack.analyses.presence_over_time import anniversaries, continuity, effective_number, visiting
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding

TODAY = "2026-11-24"
RECORD = open_record(TODAY)


def asked(as_of: str = TODAY, **parameters: object) -> Finding:
    return open_record(as_of).ask("presence_over_time", **parameters)


def summary(finding: Finding, title: str) -> list[dict[str, Any]]:
    return finding.answer.summary[title]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([1], 1.0), ([1, 1], 2.0), ([5, 5, 5, 5, 5], 5.0), ([800, 300], 1.6575), ([450, 250, 200, 100], 3.1746),
     ([900, 150, 120], 1.6164)],
)  # fmt: skip
def test_effective_number_against_hand_values(parts: list[float], expected: float) -> None:
    """800 and 300 of 1,100: 1 / (0.7273² + 0.2727²) = 1,210,000 / 730,000 = 1.6575."""
    low, high = effective_number(parts)
    assert low == high == pytest.approx(expected, abs=5e-5)


parts = st.lists(st.integers(1, 5000), min_size=1, max_size=8)


@given(parts, st.integers(0, 5000), st.integers(0, 6))
def test_effective_number_is_between_one_and_all_and_holds_whatever_the_rest_is(
    known: list[int], rest: int, others: int
) -> None:
    low, high = effective_number(known, rest, others)
    assert 1 - 1e-9 <= low <= high + 1e-9 <= len(known) + max(others, 1) + 2e-9
    share = rest / max(others, 1)
    spread, _ = effective_number([*known, *([share] * max(others, 1))]) if rest else (high, high)
    heaped, _ = effective_number([*known[:-1], known[-1] + rest])
    assert low - 1e-9 <= heaped <= high + 1e-9
    assert spread == pytest.approx(high)


@given(parts, st.integers(2, 9))
def test_effective_number_depends_on_shares_alone(known: list[int], times: int) -> None:
    assert effective_number([part * times for part in known])[0] == pytest.approx(effective_number(known)[0])


def test_battlegroups_of_which_every_nation_was_counted() -> None:
    """Estonia and Lithuania in 2017 as counted in the sources; Poland in March 2017."""
    found = {(row["force"], row["as_of"]): row for row in summary(asked(), "Effective number of nations")}
    for key, value in (("D-efp-est", "2017-04"), 1.66), (("D-efp-ltu", "2017-05-30"), 3.17), (("D-efp-pol", "2017-03-20"), 1.62):  # fmt: skip  # noqa: E501
        assert (found[key]["low"], found[key]["high"]) == (value, value), key
    partly = found["D-efp-lva", "2017-06-06"]
    assert (partly["low"], partly["nations_counted"], partly["nations_named"]) == (1.0, 1, 6)
    assert partly["high"] == pytest.approx(effective_number([450], 550, 5)[1], abs=0.005)


def test_anniversaries_keep_the_day_and_end_with_the_last() -> None:
    found = list(anniversaries(date(2016, 2, 29), date(2020, 2, 29)))
    assert found == [date(2016, 2, 29), date(2017, 2, 28), date(2018, 2, 28), date(2019, 2, 28), date(2020, 2, 29)]


def test_continuity_by_hand() -> None:
    """January surely, February perhaps, a hole until 10 March, then to the end."""
    d = date
    series = continuity(
        [
            (d(2016, 1, 1), d(2016, 1, 1), d(2016, 1, 31), d(2016, 2, 20)),
            (d(2016, 3, 5), d(2016, 3, 10), d(2016, 3, 31), d(2016, 3, 31)),
        ],
        d(2016, 3, 31),
    )
    assert (series.days, series.surely, series.possibly) == (91, 31 + 22, 51 + 27)
    assert series.gap == (d(2016, 2, 21), d(2016, 3, 4))


moments = st.integers(0, 400)


@given(st.lists(st.tuples(moments, moments, moments, moments).map(sorted), min_size=1, max_size=5))
def test_continuity_against_a_count_day_by_day(spans: list[list[int]]) -> None:
    start = date(2015, 1, 1)
    dated = [tuple(start + timedelta(n) for n in span) for span in spans]
    last = start + timedelta(400)
    series = continuity(dated, last)  # type: ignore[arg-type]
    days = [series.first + timedelta(n) for n in range(series.days)]
    assert series.surely == sum(any(b <= day <= c for _, b, c, _ in dated) for day in days)
    there = [any(a <= day <= d for a, _, _, d in dated) for day in days]
    assert series.possibly == sum(there)
    longest = max(map(len, "".join("x" if t else "." for t in there).split("x")))
    assert longest == (0 if series.gap is None else (series.gap[1] - series.gap[0]).days + 1)


def test_a_hole_in_the_record_is_unknown_and_never_a_gap() -> None:
    rows = summary(asked(), "Continuity of rotations")
    assert {row["without_gap"] for row in rows} == {"yes", "unknown"}
    for row in rows:
        assert (row["without_gap"] == "yes") == (row["surely"] == row["days"])
        assert row["surely"] <= row["possibly"] <= row["days"]


def test_what_took_over_is_named() -> None:
    """The battlegroup in Latvia became the core of a brigade in July 2024."""
    [row] = [r for r in summary(asked(host="LVA"), "Continuity of rotations") if r["echelon"] == "battlegroup"]
    assert (row["longest_from"], row["longest_to"]) == ("2024-07-04", TODAY)
    assert "D-can-bde-lva" in row["begun_then"]


def test_every_later_year_stands_beside_wales() -> None:
    finding = asked(host="flank.baltic_poland")
    for host in ("EST", "LVA", "LTU", "POL"):
        rows = [row for row in finding.answer.value if row["host"] == host]
        assert [row["day"][:4] for row in rows] == [str(year) for year in range(2014, 2027)]
        assert {row["at_baseline"] for row in rows} == {rows[0]["forces"]}
        for row in rows:
            assert sum(row[f"command_{word}"] for word in ("nato", "bilateral", "national")) == row["forces"]
            there = [f for f in forces(RECORD, date.fromisoformat(row["day"])) if f.standing == "in place"]
            assert row["forces"] == sum(visiting(force, host) for force in there)
            assert row["share_alliance_pct"] == pytest.approx(100 * row["command_nato"] / row["forces"], abs=0.05)


def test_the_sums_hosts_invest_are_those_of_the_table() -> None:
    rows = summary(asked(host="LTU"), "What hosts invest")
    assert [(row["from"], row["to"], row["low_m"], row["currency"]) for row in rows] == [
        ("2021", "2023", 410, "EUR"), ("2024", "2028", 1000, "EUR"), ("2025", "2025", 110, "EUR"),
        ("2025", "2030", 2500, "EUR"),
    ]  # fmt: skip
    assert summary(asked(host="BLR"), "What hosts invest") == []
    early = summary(asked("2016-12-31", host="flank.baltic_poland"), "What hosts invest")
    assert {row["said"][:4] for row in early} == {"2015", "2016"}


def test_another_baseline() -> None:
    finding = asked(host="EST", baseline="2016-07-09")
    assert [row["day"] for row in finding.answer.value][:2] == ["2016-07-09", "2017-07-09"]


def test_what_cannot_be_asked_is_told() -> None:
    with pytest.raises(BadInput, match="baseline=2027-01-01 is after"):
        asked(baseline="2027-01-01")
    with pytest.raises(BadInput, match="no force of others in AND"):
        asked(host="AND")
    with pytest.raises(NoSuchName):
        asked(host="flank.nowhere")
    with pytest.raises(BadInput, match="is after the as-of day"):
        asked("2014-06")
