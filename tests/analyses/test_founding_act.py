"""Substantial combat forces: three days by hand under every reading, the same tests for both sides, monotone tests."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack import open_record
from dualtrack.analyses.founding_act import EXAMPLES, SLOT
from dualtrack.analyses.presence import forces
from dualtrack.analyses.stationing import Area, Judged, judge, placed, year_before
from dualtrack.api import OpenRecord
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, BadRecord
from dualtrack.core.finding import Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.stationing import LADDER, StationingTest
from dualtrack.record.store import packaged

COMPILED = date(2026, 11, 24)
RECORD = open_record(COMPILED)
READINGS = [r.id for r in RECORD.readings(SLOT)]
SIGNED = date(1997, 5, 27)
ORDER = {"no": 0, "unknown": 1, "yes": 2}
PERMANENT = ["nato_brigade", "brigade_per_state", "germany_2014", "us_2014", "us_2019", "ischinger", "pism"]


def asked(**parameters: object) -> Finding:
    return RECORD.ask("founding_act", **parameters)


def met(finding: Finding) -> dict[str, str]:
    return {r.reading[SLOT]: r.answer.value for r in finding.by_reading}


def lines(finding: Finding) -> dict[str, dict[str, Any]]:
    return {row["reading"]: row for row in finding.answer.value}


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


# Looked up by hand in deployments.csv and strengths.csv.
# NATO: the only permanent rows in new members are Lask (detachment of 10), bases, and from 2020 a headquarters.
# 2016: companies of about 150 in four states since April 2014. 2017: four battlegroups of 1,000 to 1,350.
# 2022: eight battlegroups. Russia: one sum over units in Crimea since March 2014, a regiment there since April 2021.
BY_HAND: dict[tuple[str, str], dict[str, str]] = {
    ("2016-07-31", "nato"): {
        "any_troops": "yes", "russia_2014": "yes", "russia_2018": "yes",
        "nato_brigade": "no", "brigade_per_state": "no", "poland": "no", "estonia_ilves": "no", "division": "no",
        "announced_brigade": "no",
        "germany_2014": "unknown", "us_2014": "unknown", "us_2019": "unknown", "ischinger": "unknown",
        "pism": "unknown", "germany_2022": "unknown", "estonia_roivas": "unknown",
        "rotation_brigade_per_state": "unknown", "rotation_brigade_in_all": "unknown",
        "all_troops_brigade_per_state": "unknown",
    },
    ("2022-12-31", "nato"): {
        "any_troops": "yes", "russia_2014": "yes", "russia_2018": "yes", "rotation_brigade_in_all": "yes",
        "all_troops_brigade_per_state": "yes",
        "nato_brigade": "no", "brigade_per_state": "no", "poland": "no", "estonia_ilves": "no", "division": "no",
        "announced_brigade": "no", "germany_2022": "no",
        "germany_2014": "unknown", "us_2014": "unknown", "us_2019": "unknown", "ischinger": "unknown",
        "pism": "unknown", "estonia_roivas": "unknown", "rotation_brigade_per_state": "unknown",
    },
    ("2022-12-31", "russia"): {
        "any_troops": "yes", "russia_2014": "yes", "russia_2018": "yes", "germany_2014": "yes", "us_2014": "yes",
        "us_2019": "yes", "all_troops_brigade_per_state": "yes",
        "poland": "no", "estonia_ilves": "no", "germany_2022": "no",
        "nato_brigade": "unknown", "brigade_per_state": "unknown", "ischinger": "unknown", "pism": "unknown",
        "estonia_roivas": "unknown", "division": "unknown", "announced_brigade": "unknown",
        "rotation_brigade_per_state": "unknown", "rotation_brigade_in_all": "unknown",
    },
}  # fmt: skip
BY_HAND["2017-12-31", "nato"] = BY_HAND["2016-07-31", "nato"]
BY_HAND["2016-07-31", "russia"] = {
    **dict.fromkeys(READINGS, "unknown"), "any_troops": "yes", "poland": "no", "estonia_ilves": "no",
}  # fmt: skip
BY_HAND["2017-12-31", "russia"] = BY_HAND["2016-07-31", "russia"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['forces']}-{e['date']}")
def test_every_reading_by_hand(example: dict[str, str]) -> None:
    assert met(asked(**example)) == BY_HAND[example["date"], example["forces"]]


def test_a_brigade_per_state_in_2017_by_hand() -> None:
    """Ten permanent staff at Lask, of whom it is open whether they are a combat force; met from 3,000."""
    line = lines(asked(date="2017-12-31"))["brigade_per_state"]
    assert (line["low"], line["high"], line["met_from"], line["surely_from"]) == (0, 10, 3000, 5000)
    assert (line["hosts"], line["forces"]) == (["POL"], ["D-avdet-lask"])
    assert line["margin"].startswith("2,990 persons short of 3,000; unknown if rotation counts (1,100 to ? persons)")


def test_troops_over_all_hosts_by_hand() -> None:
    """2017: 1,100 + 1,000 + 1,000 + 1,000. 2022: NATO's own total of eight battlegroups without Hungary's, in
    which the host's troops are counted."""
    assert lines(asked(date="2017-12-31"))["rotation_brigade_in_all"]["low"] == 4100
    [total] = [r for r in table("strengths") if r["force_key"] == "A-efp-all" and r["as_of"] == "2022-06-28"]
    [hungary] = [r for r in table("strengths") if r["force_key"] == "D-bg-hun" and r["as_of"] == "2022-06-28"]
    wanted = int(total["troops_low"]) - int(hungary["troops_low"])
    assert lines(asked(date="2022-12-31"))["rotation_brigade_in_all"]["low"] == wanted == 8741


def test_counts_of_all_visiting_troops_are_used_only_where_every_kind_and_basing_counts() -> None:
    found = lines(asked(date="2022-12-31"))
    assert found["all_troops_brigade_per_state"]["low"] == 11600  # Poland, November 2022
    assert found["rotation_brigade_per_state"]["low"] == 1887  # Latvia's battlegroup, June 2022
    poland = next(r for r in asked(date="2022-12-31").answer.summary["By host state"] if r["host"] == "POL")
    assert (poland["all_visiting"], poland["counted_on"]) == (11600, "2022-11")


@pytest.mark.parametrize("day", ["2016-07-31", "2017-12-31", "2022-12-31"])
def test_any_troops_counted_from_the_table(day: str) -> None:
    """Rows with a sender other than the host, of a kind that has people there, begun by the day and not over by it."""
    members = {r["state"] for r in table("groups") if r["group"] == "nato" and "1999" <= r["from"] <= day}
    found = set()
    for row in table("deployments"):
        senders, hosts = set(filter(None, row["sending_states"].split(";"))), row["host_state"].split(";")
        there = [host for host in hosts if host in members and senders - {host}]
        begun = row["start"] and last_day(row["start"]) <= date.fromisoformat(day)
        ended = last_day(row["end"]) <= date.fromisoformat(day) if row["end"] else row["status"] == "ended"
        if row["side"] == "nato" and row["basing"] in ("permanent", "persistent", "rotational") and there and begun:
            found |= set() if ended else {row["id"]}
    assert set(lines(asked(date=day))["any_troops"]["forces"]) == found


def test_readings_of_the_day_are_counted_and_others_stand_apart() -> None:
    later = {r.reading[SLOT] for r in asked(date="2016-07-31").by_reading if r.later}
    assert later == {"brigade_per_state", "germany_2022", "us_2019", "russia_2018", "ischinger", "pism"}
    assert {r.reading[SLOT] for r in asked(date="2022-12-31").by_reading if r.later} == {"germany_2014"}
    assert "under 2 of 8 readings" in asked(date="2016-07-31").headline


def test_the_same_test_is_named_for_those_it_does_not_bind() -> None:
    said = [c for c in asked(date="2017-12-31", forces="russia").caveats if c.startswith("The same test")]
    assert said == ["The same test, though this sentence of the Act does not bind the forces of Russia."]
    assert not [c for c in asked(date="2017-12-31").caveats if c.startswith("The same test")]


def test_both_sides_at_once_are_both_answers() -> None:
    both = asked(date="2022-12-31", forces="all")
    for whose in ("nato", "russia"):
        alone = asked(date="2022-12-31", forces=whose)
        mine = {r.reading[SLOT]: r.answer for r in both.by_reading if r.reading["forces"] == whose}
        assert mine == {r.reading[SLOT]: r.answer for r in alone.by_reading}


def test_own_territory_is_no_host() -> None:
    finding = asked(forces="russia")
    assert {row["host"] for row in finding.answer.summary["By host state"]} == {"UKR", "BLR"}
    with pytest.raises(BadInput, match="lists no forces of Russia on the territory of another state in RUS"):
        asked(forces="russia", host="RUS")


def test_a_state_without_a_row_is_not_a_no() -> None:
    with pytest.raises(BadInput) as caught:
        asked(forces="russia", host="ARM", date="2017-12-31")
    assert "was not collected" in caught.value.fix


def test_a_host_or_a_group_can_be_asked_for() -> None:
    assert lines(asked(date="2022-12-31", host="est"))["any_troops"]["hosts"] == ["EST"]
    found = asked(date="2022-12-31", host="flank.baltic_poland")
    assert {row["host"] for row in found.answer.summary["By host state"]} == {"EST", "LVA", "LTU", "POL"}


def test_states_count_as_hosts_from_the_day_they_joined() -> None:
    hosts = [{row["host"] for row in asked(date=day).answer.summary["By host state"]} for day in ("2022", "2026-06")]
    assert "FIN" not in hosts[0] and "FIN" in hosts[1]


def test_the_day_asked_about_is_not_after_what_is_known() -> None:
    with pytest.raises(BadInput, match="after the as-of day"):
        RECORD.at(date(2016, 5, 9)).ask("founding_act", date="2016-06")


def test_as_of_the_day_itself_less_is_known_of_ends() -> None:
    day = date(2017, 12, 31)
    row = "deployments", "D-us-13id-2015b"
    known, hindsight = RECORD.at(day).ask("founding_act"), asked(date=str(day))
    assert met(known)["russia_2018"] == met(hindsight)["russia_2018"] == "yes"
    assert row in {(e.table, e.row) for e in known.evidence}
    assert "D-us-13id-2015b" in lines(hindsight)["estonia_roivas"]["margin"]


def test_coverage_and_evidence() -> None:
    finding = asked(date="2017-12-31")
    assert finding.answer.coverage
    there = sum(row["in_place"] for row in finding.answer.summary["By host state"])
    assert 0 < finding.answer.coverage.known < finding.answer.coverage.total <= there
    rule = {e.field: e.value for e in finding.evidence if e.table == "rules"}
    assert rule["valid_from"] == "1997-05-27"
    words = {e.row for e in finding.evidence if e.table == "instruments_positions"}
    assert words == {f"ip{n:02}" for n in range(1, 15)}


# One row alone, with a sender and a host of either side: the same test gives the same answers.

SENT = {"nato": ("DEU", "EST"), "russia": ("RUS", "BLR")}
ONE_ROW: list[tuple[str, dict[str, object], dict[str, str]]] = [
    ("a brigade of 5,000", {"troops_low": 5000, "troops_high": 5000}, dict.fromkeys(PERMANENT[:5], "yes")),
    ("the unrecorded stays open", {"troops_low": 5000, "troops_high": 5000},
     {"pism": "unknown", "ischinger": "unknown"}),
    ("a brigade of 4,000", {"troops_low": 4000, "troops_high": 4000},
     {"nato_brigade": "yes", "brigade_per_state": "unknown", "rotation_brigade_in_all": "unknown", "division": "no"}),
    ("a brigade of 2,000 disagrees with itself", {"troops_low": 2000, "troops_high": 2000},
     {"nato_brigade": "unknown", "brigade_per_state": "no", "us_2019": "yes"}),
    ("a brigade without a strength", {}, {"nato_brigade": "yes", "brigade_per_state": "unknown", "division": "no"}),
    ("a battalion", {"echelon": "battalion", "troops_low": 800, "troops_high": 1000},
     {"nato_brigade": "no", "brigade_per_state": "no", "germany_2014": "yes", "russia_2018": "yes",
      "estonia_roivas": "no"}),
    ("a regiment that rotates", {"echelon": "regiment", "basing": "rotational", "troops_low": 1, "troops_high": 3500},
     {"estonia_roivas": "unknown", "germany_2014": "no", "us_2014": "no", "rotation_brigade_per_state": "unknown"}),
    ("a sum over units", {"echelon": "aggregate", "troops_low": 9000, "troops_high": 9000},
     {"nato_brigade": "unknown", "germany_2014": "unknown", "any_troops": "yes", "all_troops_brigade_per_state": "yes",
      "division": "no"}),
    ("a staff", {"echelon": "headquarters", "troops_low": 40, "troops_high": 40},
     {"germany_2014": "no", "nato_brigade": "no", "russia_2014": "no", "any_troops": "yes"}),
    ("stores without people", {"echelon": "prepositioned brigade set", "basing": "prepositioned", "troops_low": 0,
     "troops_high": 0}, {"any_troops": "no", "nato_brigade": "no", "russia_2018": "no"}),
    ("a word not on the ladder", {"echelon": "flotilla"}, {"nato_brigade": "unknown", "any_troops": "yes"}),
    ("there before the Act", {"start": "1996", "announced": "", "known_from": "1996-12-31", "strength_as_of": ""},
     {"nato_brigade": "no", "russia_2018": "no", "any_troops": "yes"}),
    ("there since the year of the Act", {"start": "1997", "announced": "", "known_from": "1997-12-31",
     "strength_as_of": ""}, {"nato_brigade": "unknown", "any_troops": "yes"}),
    ("announced only", {"date": "2017-12-31", "strength_as_of": ""},
     {"nato_brigade": "no", "announced_brigade": "yes", "any_troops": "no", "germany_2022": "unknown"}),
    ("there for half a year", {"date": "2018-09-01"}, {"russia_2018": "no", "russia_2014": "no", "any_troops": "yes"}),
    ("there for a year less a day", {"date": "2019-02-27"}, {"russia_2018": "no"}),
    ("there for a year", {"date": "2019-02-28"}, {"russia_2018": "yes", "russia_2014": "yes"}),
    ("since some day of a month", {"start": "2018-03", "date": "2019-02-28"}, {"russia_2018": "unknown"}),
    ("in two states", {"host_state": "LVA;LTU", "troops_low": 6000, "troops_high": 6000, "sending_states": "ISL"},
     {"brigade_per_state": "unknown", "rotation_brigade_in_all": "yes", "nato_brigade": "unknown"}),
    ("no longer binding", {"date": "2022-02-25"}, {"germany_2022": "no", "poland": "no", "estonia_ilves": "no"}),
    ("still binding", {"date": "2022-02-24"}, {"germany_2022": "unknown", "poland": "no"}),
    ("sender not on record", {"sending_states": ""}, {"any_troops": "unknown", "nato_brigade": "unknown"}),
]  # fmt: skip


def row_alone(whose: str, number: int) -> dict[str, object]:
    sender, host = SENT[whose]
    return {
        "id": f"D-{whose}-{number}", "unit_or_force": "One", "side": whose, "sending_states": sender,
        "host_state": host, "echelon": "brigade", "basing": "permanent", "command": "national", "status": "active",
        "sources": "ndc131", "announced": "2017-06", "start": "2018-03-01", "strength_as_of": "2018-03-01",
        "known_from": "2017-06-01", "known_basis": "public event", **ONE_ROW[number][1],
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows_alone(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The record with every row of ``ONE_ROW`` once for either side."""
    folder = tmp_path_factory.mktemp("alone")
    with (folder / "deployments.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(table("deployments")[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(row_alone(whose, number) for whose in SENT for number in range(len(ONE_ROW)))
    return open_record(COMPILED, folder=folder)


@pytest.mark.parametrize("whose", list(SENT))
@pytest.mark.parametrize("number", range(len(ONE_ROW)), ids=[case[0] for case in ONE_ROW])
def test_one_row_alone(whose: str, number: int, rows_alone: OpenRecord) -> None:
    _, cells, expected = ONE_ROW[number]
    only = rows_alone.only(
        lambda row: row.spec.table not in ("deployments", "strengths") or row.id == f"D-{whose}-{number}"
    )
    found = met(only.ask("founding_act", forces=whose, date=str(cells.get("date", "2020-06-30"))))
    assert {name: found[name] for name in expected} == expected


# Properties of every test over the record's own rows.

DAYS = st.dates(date(2014, 6, 1), COMPILED)
SIDES = st.sampled_from(["nato", "russia"])
BASINGS = st.lists(st.sampled_from(["permanent", "persistent", "rotational", "planned"]), min_size=1, unique=True)
TROOPS = st.lists(st.integers(1, 40000), min_size=2, max_size=2).map(sorted)
RUNGS = st.lists(st.sampled_from(LADDER), min_size=2, max_size=2).map(lambda two: sorted(two, key=LADDER.index))


def judged(test: StationingTest, day: date, whose: str) -> Judged:
    known = [force for force in forces(RECORD, day) if force.side == whose]
    return judge(test, day, {day: known}, Area(None, SIGNED, date(2014, 1, 1)), {})


def made(**fields: object) -> StationingTest:
    return StationingTest.model_validate(fields)


@given(DAYS, SIDES, BASINGS, TROOPS, st.sampled_from(["per_force", "per_host", "sum_over_hosts"]), st.booleans())
def test_fewer_troops_never_turn_yes_into_no(
    day: date, whose: str, basing: list[str], troops: list[int], counted: str, combat: bool
) -> None:
    shared = {"basing": basing, "counted": counted, "combat_only": combat}
    few, many = (judged(made(troops_at_least=n, **shared), day, whose).met for n in troops)
    between = judged(made(troops_at_least=troops, **shared), day, whose).met
    assert ORDER[few] >= ORDER[between] >= ORDER[many]


@given(DAYS, SIDES, BASINGS, RUNGS, TROOPS)
def test_a_lower_echelon_never_turns_yes_into_no(
    day: date, whose: str, basing: list[str], rungs: list[str], troops: list[int]
) -> None:
    for more in ({}, {"troops_at_least": troops}):
        low, high = (judged(made(echelon_at_least=e, basing=basing, **more), day, whose).met for e in rungs)
        assert ORDER[low] >= ORDER[high]


@given(DAYS, SIDES, BASINGS, BASINGS, st.integers(1, 20000))
def test_what_counts_more_is_met_no_less(
    day: date, whose: str, basing: list[str], more: list[str], troops: int
) -> None:
    narrow = judged(made(basing=basing, troops_at_least=troops, counted="per_host"), day, whose).met
    for wider in (
        made(basing=[*basing, *more], troops_at_least=troops, counted="per_host"),
        made(basing=basing, troops_at_least=troops, counted="sum_over_hosts"),
        made(basing=basing, troops_at_least=troops, counted="per_host", combat_only=False),
        made(basing=basing, troops_at_least=troops, counted="per_host", additional=False),
        made(basing=basing),
    ):
        assert ORDER[judged(wider, day, whose).met] >= ORDER[narrow]


@given(DAYS, SIDES, st.sampled_from(READINGS))
def test_unknown_always_says_what_is_missing(day: date, whose: str, reading: str) -> None:
    [test] = [r.test for r in RECORD.readings(SLOT) if r.id == reading]
    assert test
    found = judged(test.model_copy(update={"continuous": False}), day, whose)
    assert bool(found.why_unknown) == (found.met is Ternary.UNKNOWN)


@settings(max_examples=12)
@given(DAYS)
def test_every_day_of_a_year_is_every_single_day(day: date) -> None:
    """The continuous test against asking of each day of the year whether somebody was there."""
    wanted = made(basing=["permanent", "persistent", "rotational"], counted="sum_over_hosts")
    finding = RECORD.ask("founding_act", date=str(day))
    hosts = {e.value for e in finding.evidence if (e.table, e.field) == ("groups", "state")}
    area = Area(frozenset(map(str, hosts)) & frozenset(RECORD.members("nato", day)), SIGNED, date(2014, 1, 1))
    each = []
    for back in range(0, 365, 7):
        then = day - timedelta(back)
        known = [force for force in forces(RECORD, then) if force.side == "nato"]
        each.append(judge(wanted, then, {then: known}, area, {}).met)
    answer = met(finding)["russia_2014"]
    if answer == "yes":
        assert set(each) == {Ternary.YES}
    if Ternary.NO in each and day > date(2015, 1, 1):
        assert answer == "no"


def test_what_leaves_a_year_open_is_told_in_the_order_of_the_record() -> None:
    """And not in that of a set of host states, which differs from process to process."""
    day = date(2014, 12, 9)
    [test] = [r.test for r in RECORD.readings(SLOT) if r.id == "russia_2018"]
    assert test
    on = {at: [f for f in forces(RECORD, at) if f.side == "nato"] for at in (year_before(day), day)}
    area = Area(frozenset(RECORD.members("nato", day)), SIGNED, date(2014, 1, 1))
    counted = [p for known in on.values() for p in placed(known, test, area)]
    in_order = sorted(counted, key=lambda p: [q.host for q in counted].index(p.host))
    whys = dict.fromkeys(p.why for p in in_order if p.counts is Ternary.UNKNOWN)
    said = judge(test, day, on, area, {}).why_unknown.split("; ")[1:]
    assert [part.split(" (")[0] for part in said] == list(whys) and len(said) > 1


# Readings are files.

GOOD = "label: Mine\nclass: stress\nwhy: Because.\ntest: {basing: [permanent], troops_at_least: 5, counted: per_host}\n"


def test_a_new_reading_is_one_more_file(overlay: WriteFiles) -> None:
    record = open_record(COMPILED, folder=overlay({f"readings/{SLOT}/mine.yml": GOOD}))
    found = met(record.ask("founding_act", date="2017-12-31"))
    assert set(found) - set(READINGS) == {"mine"}
    assert found["mine"] == "unknown"  # ten at Lask, of whom it is open whether they are a combat force


REFUSED = [
    ("a field it has not", "counted: per_host}", "counted: per_host, weight: 3}", "test.weight: Extra inputs"),
    ("a basing it has not", "[permanent]", "[forever]", "test.basing.0"),
    ("an echelon it has not", "troops_at_least: 5", "echelon_at_least: horde", "test.echelon_at_least.open"),
    ("an echelon by host", "troops_at_least: 5", "echelon_at_least: brigade", "an echelon is a formation's"),
    ("a size that falls", "troops_at_least: 5", "troops_at_least: [5, 4]", "the second value is below the first"),
    ("three sizes", "troops_at_least: 5", "troops_at_least: [1, 2, 3]", "give one value, or two"),
    ("no troops", "troops_at_least: 5", "troops_at_least: 0", "troops_at_least begins at 1"),
    ("nothing that counts", "basing: [permanent], ", "", "basing says what counts as stationed"),
    ("every day and a size", "counted: per_host}", "counted: per_host, continuous: true}", "continuous counts any"),
    ("a day that is none", "counted: per_host}", "counted: per_host, binding_until: soon}", "'soon' is not a date"),
    ("a position not there", "{basing", "{position: ip99, basing", "'ip99' is not a row of instruments_positions."),
    ("a source not there", "class: stress", "class: public\nsources: [nowhere]", "'nowhere' is not a source."),
    ("public without a source", "class: stress", "class: public", "needs the sources that use it"),
    ("a group, too", "class: stress", "class: stress\ngroup: nato", "or is a test"),
    ("over before it began", "class: stress", 'class: stress\nsince: "2016"\nuntil: "2015"', "lies before since"),
]


@pytest.mark.parametrize(("old", "new", "problem"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_faulty_reading_is_refused_with_its_file_and_a_fix(
    old: str, new: str, problem: str, overlay: WriteFiles
) -> None:
    assert old in GOOD
    with pytest.raises(BadRecord) as caught:
        open_record(COMPILED, folder=overlay({f"readings/{SLOT}/mine.yml": GOOD.replace(old, new, 1)}))
    [fault] = caught.value.faults
    assert Path(fault.file).parts[-2:] == (SLOT, "mine.yml")
    assert problem in fault.problem
    assert fault.fix


def test_every_reading_on_record_of_this_sentence_has_its_file() -> None:
    rows = {
        r["id"]: r for r in table("instruments_positions") if r["clause"].startswith("In the current and foreseeab")
    }
    files = {r.test.position: r for r in RECORD.readings(SLOT) if r.test and r.test.position}
    assert set(files) == set(rows)
    for id_, reading in files.items():
        assert set(reading.sources) == set(rows[id_]["sources"].split(";")), id_
        assert reading.class_ == "public"
        assert not rows[id_]["known_from"] or first_day(reading.since) <= date.fromisoformat(rows[id_]["known_from"])
    assert {r.class_ for r in RECORD.readings(SLOT) if r.test and not r.test.position} == {"stress"}
