"""The ratio of new troops: held against published arithmetic, a brute-force grid, and what was known when."""

import csv
import itertools
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack import open_record
from dualtrack.analyses.force_ratio import _times, _within
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import ByReading, Finding
from dualtrack.core.interval import Interval
from dualtrack.record.readings import Side
from dualtrack.record.store import packaged

ORACLE = Path(__file__).parents[1] / "data" / "balance_readings.csv"
COMPILED = "2026-11-24"

# Reading of ours -> row of the oracle. B-17 turns the printed range round ("which total would give five to ten?");
# it selects no rows and so is no reading.
ROWS = {
    "four_battalions_three_divisions": "B-01",
    "battalions_of_500_to_1000": "B-02",
    "battalions_of_300_to_800": "B-03",
    "two_western_divisions": "B-04",
    "four_new_divisions": "B-05",
    "battalion_for_division": "B-06",
    "with_us_brigade": "B-07",
    "with_us_brigade_two_divisions": "B-08",
    "all_measures_since_wales": "B-09",
    "present_companies": "B-10",
    "net_growth": "B-11",
    "deployed_against_expected_2017": "B-12",
    "deployed_against_announced_2017": "B-13",
    "host_forces_2022": "B-14",
    "allied_troops_2022": "B-15",
    "battlegroups_after_withdrawal_2022": "B-16",
    "larger_divisions": "B-18",
}
# Where the oracle stops short of the rows: (low, high) as the rows give them, and why.
EXPLAINED = {
    # The oracle takes the US brigade at 4,500 only; its row, and the oracle's own B-08, say 3,500 to 4,500.
    "with_us_brigade": (30_000 / 8_500, 30_000 / 7_500),
    "all_measures_since_wales": (30_000 / 13_500, 30_000 / 12_500),
    # The oracle leaves the lower bound of net growth open; the row says that it can be as little as none.
    "net_growth": (0.0, 7.5),
}


def asked(as_of: str = COMPILED, **parameters: object) -> Finding:
    return open_record(as_of).ask("force_ratio", **parameters)


def by_id(finding: Finding) -> dict[str, ByReading]:
    return {reading.reading["balance"]: reading for reading in finding.by_reading}


@pytest.fixture(scope="module")
def now() -> dict[str, ByReading]:
    return by_id(asked(low=5, high=10))


@pytest.fixture(scope="module")
def then() -> dict[str, ByReading]:
    return by_id(asked("2016-05-09", low=5, high=10))


def test_every_reading_has_its_row_in_the_oracle(now: dict[str, ByReading]) -> None:
    with ORACLE.open(encoding="utf-8", newline="") as handle:
        oracle = {row["id"] for row in csv.DictReader(handle)}
    assert set(now) == set(ROWS)
    assert set(ROWS.values()) == oracle - {"B-17"}


@pytest.mark.parametrize("reading", sorted(ROWS))
def test_ratio_is_the_oracles(reading: str, now: dict[str, ByReading]) -> None:
    with ORACLE.open(encoding="utf-8", newline="") as handle:
        row = next(row for row in csv.DictReader(handle) if row["id"] == ROWS[reading])
    low, high = EXPLAINED.get(reading, (row["ratio_low"], row["ratio_high"]))
    answer = now[reading].answer
    assert answer.low == pytest.approx(float(low), abs=0.0005)
    assert answer.high == pytest.approx(float(high), abs=0.0005)
    if reading in EXPLAINED:  # what the oracle does say still holds
        assert not row["ratio_low"] or answer.low == pytest.approx(float(row["ratio_low"]), abs=0.0005)
        assert answer.low - 0.0005 <= float(row["ratio_high"]) <= answer.high


def corners(side: Side) -> list[Fraction]:
    """Every sum a side can have, each row at either end; read from the files, not through the record."""
    rows: list[list[Fraction]] = []
    for part in side.parts:
        with (packaged() / f"{part.table}.csv").open(encoding="utf-8", newline="") as handle:
            table = list(csv.DictReader(handle))
        wanted = {name: [str(w) for w in (v if isinstance(v, list) else [v])] for name, v in part.where.items()}
        found = [row for row in table if all(row[name] in values for name, values in wanted.items())]
        assert found
        if part.pick == "latest":
            found = [max(found, key=lambda row: row["as_of"])]
        rows += [[Fraction(row[column]) * part.times for column in (part.low, part.high)] for row in found]
    return [sum(choice, Fraction()) for choice in itertools.product(*rows)]


def test_every_reading_agrees_with_a_grid_over_its_rows(now: dict[str, ByReading]) -> None:
    for reading in open_record(COMPILED).readings("balance"):
        assert reading.numerator and reading.denominator
        ratios = [a / b for a in corners(reading.numerator) for b in corners(reading.denominator)]
        answer = now[reading.id].answer
        assert (answer.low, answer.high) == pytest.approx((float(min(ratios)), float(max(ratios))))


FIGURES = st.tuples(st.integers(0, 50_000), st.integers(0, 50_000)).map(sorted)
FACTORS = st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=9)


@given(st.lists(st.tuples(FIGURES, FACTORS), min_size=1, max_size=3), st.lists(FIGURES, min_size=1, max_size=3))
def test_interval_arithmetic_agrees_with_a_grid(
    above: list[tuple[list[int], Fraction]], below: list[list[int]]
) -> None:
    numerator, denominator = Interval.exactly(0), Interval.exactly(0)
    for (low, high), factor in above:
        numerator = numerator.plus(_times(Interval.between(low, high), factor))
    for low, high in below:
        denominator = denominator.plus(Interval.between(low, high))
    ratio = numerator.per(denominator)
    tops = [sum(choice) for choice in itertools.product(*([f * low, f * high] for (low, high), f in above))]
    bottoms = [sum(choice) for choice in itertools.product(*below)]
    if min(bottoms) == 0:
        assert ratio.high is None
        return
    grid = [Fraction(a) / b for a in tops for b in bottoms]
    assert ratio.low == pytest.approx(float(min(grid)))
    assert ratio.high == pytest.approx(float(max(grid)))


@given(*[st.integers(0, 12)] * 4)
def test_inside_means_every_value_is_inside(a: int, b: int, c: int, d: int) -> None:
    (low, high), (least, most) = sorted((a, b)), sorted((c, d))
    inside = [least <= low + (high - low) * i / 24 <= most for i in range(25)]
    told = _within(Interval(low, high), least, most)
    if told == "yes":
        assert all(inside)
    elif told == "no":
        assert not any(inside)
    else:
        assert told == "in part"
        assert not all(inside)
    assert _within(Interval(low, None), least, most) in ("no", "unknown")
    assert _within(Interval(low, None), least, float("inf")) == ("yes" if low >= least else "in part")


def test_five_to_ten_as_known_in_may_2016(then: dict[str, ByReading]) -> None:
    bests = {id_: reading.answer.best for id_, reading in then.items() if reading.class_ != "stress"}
    assert bests["two_western_divisions"] == 5
    assert bests["four_battalions_three_divisions"] == 7.5
    assert bests["four_new_divisions"] == 10
    seed = then["four_battalions_three_divisions"]
    assert (seed.class_, seed.later) == ("speaker", False)
    assert (seed.answer.kind, seed.answer.low, seed.answer.high) == ("interval", 7.5, None)  # "up to 4,000"
    assert (seed.within, seed.within_best) == ("unknown", "yes")


def test_the_main_answer_says_that_a_bound_is_missing() -> None:
    finding = asked("2016-05-09", low=5, high=10)
    assert (finding.answer.low, finding.answer.high) == (0, None)
    assert "at the published figure under 3 of 4 readings in use" in finding.headline
    assert "no upper bound on record" in finding.headline
    assert any("A-efp-all.2016-04-30.planned gives an upper figure only" in caveat for caveat in finding.caveats)
    assert "at least 7.5 (best 7.5) troops per troop" in finding.to_text()


def test_five_to_ten_as_known_now(now: dict[str, ByReading]) -> None:
    finding = asked(low=5, high=10)
    assert finding.headline.startswith("5 to 10 troops per troop holds under 3 of 6 readings in use")
    assert (finding.answer.low, finding.answer.high) == (0, 25)
    assert finding.answer.coverage
    assert (finding.answer.coverage.known, finding.answer.coverage.total) == (6, 6)
    inside = {id_ for id_, reading in now.items() if reading.within == "yes" and reading.class_ != "stress"}
    assert inside == {"two_western_divisions", "four_battalions_three_divisions", "four_new_divisions"}
    assert (now["net_growth"].class_, now["net_growth"].within) == ("public", "in part")
    assert (now["host_forces_2022"].class_, now["host_forces_2022"].within) == ("stress", "no")


def test_both_sides_are_in_the_finding(now: dict[str, ByReading]) -> None:
    parts = {part.role: part for part in now["battalions_of_300_to_800"].parts}
    assert (parts["numerator"].low, parts["numerator"].high) == (30_000, 30_000)
    assert (parts["denominator"].low, parts["denominator"].high) == (1_200, 3_200)
    assert {part.unit for part in parts.values()} == {"persons"}


def test_every_row_used_is_evidence() -> None:
    finding = asked()
    cells = {(item.table, item.row, item.field): item for item in finding.evidence}
    for id_ in ("est", "lva", "ltu", "pol"):
        assert cells["deployments", f"D-us-coy-{id_}", "troops_low"].value == 150
    assert cells["strengths", "A-rus-3div.2016-05-04.announced", "troops_high"].value == 30_000
    assert all(item.sources for item in finding.evidence)


@pytest.mark.parametrize("day", ["2016-01-31", "2016-05-09", "2017-07", "2022-06", COMPILED])
def test_order_classes_and_later_readings(day: str) -> None:
    record = open_record(day)
    finding = record.ask("force_ratio")
    readings = record.readings("balance")
    assert [r.reading["balance"] for r in finding.by_reading] == [r.id for r in readings]
    for reading, shown in zip(readings, finding.by_reading, strict=True):
        assert shown.class_ == reading.class_
        assert shown.later is not reading.exists_on(record.as_of)
        assert (shown.answer.why_unknown is None) == (shown.answer.low is not None or shown.answer.high is not None)
    in_use = [r.answer for r in finding.by_reading if r.class_ != "stress" and not r.later and not r.answer.why_unknown]
    lows, highs = [a.low for a in in_use], [a.high for a in in_use]
    assert finding.answer.low == (None if None in lows else min(lows, default=None))  # type: ignore[type-var]
    assert finding.answer.high == (None if None in highs else max(highs, default=None))  # type: ignore[type-var]


def test_nothing_later_is_seen(then: dict[str, ByReading]) -> None:
    finding = asked("2016-05-09")
    assert all(item.known_from and item.known_from <= "2016-05-09" for item in finding.evidence)
    later = then["battalions_of_300_to_800"]
    assert later.later
    assert later.answer.why_unknown == "unit_sizes: no row known by then with id U-nato-bn-300"
    assert not any("drawn from" in caveat or "already in the district" in caveat for caveat in finding.caveats)


def test_a_range_open_on_one_side() -> None:
    at_least = by_id(asked("2016-05-09", low=5))
    assert at_least["four_battalions_three_divisions"].within == "yes"  # 7.5 or more, whatever the open bound
    at_most = by_id(asked("2016-05-09", high=10))
    assert at_most["four_battalions_three_divisions"].within == "unknown"
    assert at_most["present_companies"].within == "no"


@pytest.mark.parametrize(
    ("as_of", "parameters", "said"),
    [
        (COMPILED, {"low": 10, "high": 5}, "low=10 is above high=5"),
        (COMPILED, {"readings": "eastern_flank"}, "select groups, not two sides"),
        ("2012", {}, "no figure for any reading of balance"),
    ],
)
def test_bad_questions_are_refused(as_of: str, parameters: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        asked(as_of, **parameters)
    with pytest.raises(NoSuchName):
        asked(readings="balanec")


READING = """label: A test
class: stress
why: a test
numerator: {label: above, parts: [{table: TABLE, where: WHERE}]}
denominator: {label: below, parts: [{table: strengths, where: {force_key: A-efp-all, scope: planned}, pick: latest}]}
"""


@pytest.mark.parametrize(
    ("table", "where", "said"),
    [
        ("deployments", "{id: [D-us-coy-est, D-us-coy-xxx]}", "deployments: no row known by then with id D-us-coy-xxx"),
        ("strengths", "{force_key: A-bap-all, as_of: 2014-02}", "aircraft cannot be compared with persons"),
        ("deployments", "{id: D-rus-56}", "deployments/D-rus-56: no figure known by then"),
    ],
)
def test_a_sum_that_lacks_a_row_or_mixes_units_is_unknown(
    table: str, where: str, said: str, overlay: Callable[[dict[str, str | bytes]], Path]
) -> None:
    folder = overlay({"readings/mine/one.yml": READING.replace("TABLE", table).replace("WHERE", where)})
    finding = open_record(COMPILED, folder=folder).ask("force_ratio", readings="mine")
    (reading,) = finding.by_reading
    assert reading.answer.low is reading.answer.high is reading.answer.best is None
    assert reading.answer.why_unknown == said
    assert reading.answer.kind == "interval"


def test_json_comes_back_as_it_was() -> None:
    finding = asked("2016-05-09", low=5, high=10)
    again = Finding.model_validate_json(finding.to_json())
    assert again == finding
    assert again.as_of == date(2016, 5, 9)
