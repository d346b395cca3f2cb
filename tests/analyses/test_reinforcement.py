"""Reinforcement: a host solved by hand, published movements, what more may never do, what is never counted twice."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.analyses.movement import _LOW_IS_BEST
from dualtrack.analyses.reinforcement import ALL_THERE, NOT_YET, in_words
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding

TODAY = "2026-11-24"
BALTIC_AND_POLAND = ("EST", "LVA", "LTU", "POL")
RECORD = open_record(TODAY)
FACTORS = {row.id: row for row in RECORD.rows("planning_factors")}

BY_HAND = {
    "runway_m": 1000, "landings_per_airfield_day": 2, "landings_of_all_lift_day": 3, "persons_per_landing": 10,
    "days_by_air": 1, "air_share": 50, "pieces_per_ship": 100, "days_per_ship": 1, "berths_per_port": 1,
    "days_at_sea": 2, "ships": 4, "pieces_per_soldier": 1, "persons_per_train": 10, "trains_per_line_day": 1,
    "flat_wagons": 10, "persons_per_wagon": 1, "days_per_wagon_turn": 1, "trains_reloaded_per_site_day": 1,
    "vehicles_per_road_day": 5, "road_km_per_day": 100, "rail_km_per_day": 100, "days_to_stage": 1,
    "days_to_draw_stock": 1, "notice_not_on_record": 3, "days_of_permission": 2,
}  # fmt: skip


def asked(record: OpenRecord, host: str, **parameters: object) -> Finding:
    return record.ask("reinforcement", host=host, **parameters)


def factors_csv(values: dict[str, tuple[float, float]]) -> str:
    lines = ["id,factor,low,high,unit,basis,note,checked"]
    for id_, (low, high) in values.items():
        lines.append(f"{id_},{id_},{low},{high},{FACTORS[id_].text('unit')},judgement,by hand,2026-11-24")
    return "\n".join(lines) + "\n"


def one_host(overlay: WriteFiles, **changes: str) -> OpenRecord:
    """Ireland as a host: 100 troops in the United Kingdom, three days of notice, an airfield and a road."""
    files: dict[str, str | bytes] = {
        "planning_factors.csv": factors_csv({name: (value, value) for name, value in BY_HAND.items()}),
        "reinforcement.csv": "id,use,force,states,hosts,start_states,readiness_days_low,readiness_days_high,troops_low,"
        "troops_high,entry,source,known_from\n"
        "R-test,on call,Brigade,GBR,IRL,GBR,3,3,100,100,mixed,army-abct,2020\n",
        "movement_links.csv": "id,state_a,state_b,mode,gauge_mm,lines_low,lines_high,km,basis,checked\n"
        "L-test,GBR,IRL,road,,1,1,100,judgement,2026\n",
        "infrastructure.csv": "id,kind,name,state,runway_m,sources\nI-test,airfield,Field,IRL,2000,ourairports\n"
        "I-short,airfield,Strip,IRL,900,ourairports\n",
    }
    return open_record(TODAY, folder=overlay({**files, **changes}))


def curve(finding: Finding, column: str = "halfway") -> dict[int, int]:
    return {row["day"]: row[column] for row in finding.answer.value}


def summary(finding: Finding, title: str) -> list[dict[str, Any]]:
    return finding.answer.summary[title]


def test_a_host_solved_by_hand(overlay: WriteFiles) -> None:
    """Twenty a day land from day 4 until half are there; five a day come by road from day 5 on."""
    finding = asked(one_host(overlay), "IRL", days=20)
    expected = {1: 0, 3: 0, 4: 20, 5: 45, 6: 60, 7: 65, 8: 70, 9: 75, 10: 80, 12: 90, 14: 100, 20: 100}
    for column in ("low", "halfway", "high"):
        found = curve(finding, column)
        assert {day: found[day] for day in expected} == expected
    limits = {row["day"]: row["limit_halfway"] for row in finding.answer.value}
    assert {day: limits[day] for day in (3, 4, 8, 14)} == {
        3: NOT_YET, 4: "airfields IRL", 8: "roads GBR-IRL", 14: ALL_THERE,
    }  # fmt: skip


def test_gains_solved_by_hand(overlay: WriteFiles) -> None:
    """By day 10 all who can fly have come whatever is added, so only another road or an earlier start helps."""
    gains = {
        row["what"]: row["halfway"]
        for row in summary(asked(one_host(overlay), "IRL", days=10), "What more would buy")
        if row["by_day"] == 10
    }
    assert gains == {
        "one more airfield in the host": 0,
        "one more railway line across each border": 0,
        "one more road across each border": 20,  # 60 by road, of whom at most 50 need it once 50 have flown
        "one more place to change gauge": 0,
        "10 more landings a day": 0,
        "one more ship": 0,
        "100 more flat wagons": 0,
        "3 fewer days of permissions": 0,  # notice is longer
        "3 fewer days of notice": 5,  # then permissions are: one day is won
    }


def test_the_cut_adds_up_to_the_arrivals() -> None:
    for host in ("EST", "BLR"):
        finding = asked(RECORD, host)
        for part in summary(finding, "What limits arrivals"):
            column = {"worst": "low", "halfway": "halfway", "best": "high"}[part["case"]]
            assert part["of"] == curve(finding, column)[part["day"]]
            assert 0 < part["persons"] <= part["of"]


def test_a_change_of_gauge_is_passed_only_where_trains_are_reloaded(overlay: WriteFiles) -> None:
    """France to Spain by two railways of two gauges, then to Ireland: nobody without a site, ten a day with one."""
    links = (
        "id,state_a,state_b,mode,gauge_mm,lines_low,lines_high,km,basis,checked\n"
        "L-1,FRA,GBR,rail,1435,3,3,100,judgement,2026\nL-test,GBR,IRL,rail,1600,3,3,100,judgement,2026\n"
    )
    force = (
        "id,use,force,states,hosts,start_states,readiness_days_low,readiness_days_high,troops_low,troops_high,entry,"
        "source,known_from\nR-test,on call,Brigade,FRA,IRL,FRA,3,3,100,100,heavy,army-abct,2020\n"
    )
    site = "id,kind,name,state,gauge_mm,sources\nI-site,rail node,Site,GBR,1435;1600,ourairports\n"
    changes = {"movement_links.csv": links, "reinforcement.csv": force}
    without = one_host(overlay, **changes, **{"infrastructure.csv": "id,kind,name,state,sources\n"})
    assert set(curve(asked(without, "IRL", days=20)).values()) == {0}
    gained = {row["what"]: row["halfway"] for row in summary(asked(without, "IRL", days=20), "What more would buy")
              if row["by_day"] == 20}  # fmt: skip
    assert gained["one more place to change gauge"] == 100
    with_site = curve(asked(one_host(overlay, **changes, **{"infrastructure.csv": site}), "IRL", days=20))
    assert (with_site[5], with_site[6], with_site[7], with_site[20]) == (0, 10, 20, 100)


def test_stored_equipment_waits_for_its_people(overlay: WriteFiles) -> None:
    """People fly to the depot (a day), draw the equipment (a day), march (a day) and gather (a day)."""
    record = one_host(overlay, **{
        "reinforcement.csv": "id,use,force,states,hosts,start_states,readiness_days_low,readiness_days_high,troops_low,"
        "troops_high,entry,source,known_from\nR-test,on call,Brigade,USA,IRL,GBR,3,3,100,100,stock,army-abct,2020\n",
        "infrastructure.csv": "id,kind,name,state,runway_m,sources\nI-test,airfield,Field,GBR,2000,ourairports\n",
    })  # fmt: skip
    found = curve(asked(record, "IRL", days=20))
    assert (found[6], found[7], found[8]) == (0, 5, 10)


def test_the_three_cases_are_in_order_and_nobody_leaves_again() -> None:
    for host in (*BALTIC_AND_POLAND, "BLR"):
        rows = asked(RECORD, host).answer.value
        for row in rows:
            assert 0 <= row["low"] <= row["halfway"] <= row["high"]
        for before, after in pairwise(rows):
            assert all(before[case] <= after[case] for case in ("low", "halfway", "high"))


@settings(max_examples=12)
@given(st.sampled_from(sorted(BY_HAND)), st.sampled_from([1.5, 3.0]), st.sampled_from(["EST", "LTU", "BLR"]))
def test_no_factor_that_gets_better_makes_anybody_late(
    tmp_path_factory: pytest.TempPathFactory, name: str, by: float, host: str
) -> None:
    row = FACTORS[name]
    low, high = (row.number(column) or 0 for column in ("low", "high"))
    better = (low / by, high / by) if name in _LOW_IS_BEST else (low * by, high * by)
    folder = tmp_path_factory.mktemp("factor")
    (folder / "planning_factors.csv").write_text(factors_csv({name: better}), "utf-8")
    before = asked(RECORD, host, days=40).answer.value
    after = asked(open_record(TODAY, folder=folder), host, days=40).answer.value
    for one, other in zip(before, after, strict=True):
        assert all(one[case] <= other[case] for case in ("low", "high")), (name, one["day"])


@pytest.mark.parametrize(
    ("host", "row", "held_out"),
    [
        ("POL", "R-us-abct17", True),  # no more than 20 days from the port to onward movement
        ("POL", "R-us-convoy17", False),  # the lower road march comes from this convoy
        ("POL", "R-82abn-22", False),  # the slower days by air come from these two
        ("ROU", "R-nrf-fra22", False),
        ("EST", "R-503-4states", True),
        ("LTU", "R-503-4states", True),
        ("BLR", "R-rus-blr22", True),
    ],
)
def test_published_movements_lie_in_the_models_range(host: str, row: str, held_out: bool) -> None:
    """Those held out set no planning factor; the others show only that what they set comes out again."""
    [line] = [r for r in summary(asked(RECORD, host), "Published movements beside the model") if r["row"] == row]
    assert line["reading"] == "within the model's range"
    assert line["model_low"] <= line["days_high"]
    sources = set(RECORD.row("reinforcement", row).parts("source")) - {"army-abct"}
    set_by = {s for factor in FACTORS.values() if factor["unit"] == "days" for s in factor.parts("sources")}
    assert (not sources & (set_by | {"dvids-abct"})) or not held_out


def test_the_airlift_to_kazakhstan_in_january_2022_lies_in_the_models_range(overlay: WriteFiles) -> None:
    fields = "id,kind,name,state,runway_m,sources\n" + "".join(
        f"I-{name},airfield,{name},KAZ,3500,defblog-kaz22\n" for name in ("almaty", "zhetygen")
    )
    record = open_record(TODAY, folder=overlay({"infrastructure.csv": fields}))
    [line] = summary(asked(record, "KAZ"), "Published movements beside the model")
    assert (line["row"], line["reading"]) == ("R-csto-kaz22", "within the model's range")


def test_45_days_for_an_army_lie_between_the_curves() -> None:
    """Officials of the EU said in 2025 that it takes some 45 days: more than a brigade half-way, far less at worst."""
    for host in BALTIC_AND_POLAND:
        row = next(row for row in asked(RECORD, host).answer.value if row["day"] == 45)
        assert row["low"] < 10_000 < row["halfway"]


def test_each_baltic_state_and_poland_has_a_curve_with_its_limit_and_says_what_it_rests_on() -> None:
    for host in BALTIC_AND_POLAND:
        finding = asked(RECORD, host)
        assert curve(finding)[60] > curve(finding)[30] > 0
        named = {row["limit_halfway"] for row in finding.answer.value} - {NOT_YET}
        assert named
        assert finding.answer.coverage and finding.answer.coverage.known < finding.answer.coverage.total
        assert len(finding.caveats) >= 5 and "judgements" in finding.caveats[0]
        assert len(summary(finding, "Planning factors")) == len(FACTORS)


def test_nobody_is_counted_twice() -> None:
    """The spearhead is a part of the response force; the pool and what is in it add up to the pool."""
    for day, total in (("2016-05-09", 40_000), ("2022-02-24", 40_000)):
        finding = asked(open_record(day), "EST", days=120)
        assert finding.answer.value[-1]["high"] == total
        for case, column in (("low", "low"), ("high", "high")):
            assert finding.answer.value[-1][column] <= total, case
    tiers = [row for row in summary(asked(RECORD, "EST"), "Forces on call") if row["force"] != "R-nfm-t3"]
    assert sum(row["high"] for row in tiers) >= 300_000 >= sum(row["low"] for row in tiers)


def test_a_force_that_was_not_on_call_yet_is_not_sent() -> None:
    def forces(day: str) -> set[str]:
        return {row["force"] for row in summary(asked(open_record(day), "EST"), "Forces on call")}

    assert forces("2016-05-09") == {"R-vjtf-main", "R-nrf"}
    assert forces("2022-02-24") == {"R-vjtf-2019", "R-nrf"}
    assert forces(TODAY) == {"R-nfm-t1", "R-nfm-t2", "R-nfm-t3", "R-gbr-4bde", "R-aps2-powidz"}
    assert "R-gbr-4bde" not in {row["force"] for row in summary(asked(RECORD, "POL"), "Forces on call")}


def test_readings_of_permissions_are_the_same_question_asked_with_them() -> None:
    finding = asked(RECORD, "LTU")
    by = {reading.reading["days_of_permission"]: reading for reading in finding.by_reading}
    assert set(by) == {"weeks", "worst_in_the_eu", "three_days", "six_hours"}
    for name, row in (("three_days", "R-perm-3"), ("worst_in_the_eu", "R-perm-45")):
        alone = next(r for r in asked(RECORD, "LTU", permission=row).answer.value if r["day"] == 30)
        answer = by[name].answer
        assert (answer.low, answer.best, answer.high) == (alone["low"], alone["halfway"], alone["high"])
    early = {r.reading["days_of_permission"]: r for r in asked(open_record("2022-02-24"), "LTU").by_reading}
    assert early["three_days"].later and early["three_days"].answer.why_unknown
    assert not early["weeks"].later


def test_a_host_without_forces_or_a_name_that_is_none_is_told() -> None:
    with pytest.raises(BadInput, match=r"no force on call for EST .* 2014-09-05"):
        asked(open_record("2014-09-05"), "EST")
    with pytest.raises(BadInput, match="no airfield, port, road or railway into KAZ"):
        asked(RECORD, "KAZ")
    with pytest.raises(NoSuchName):
        asked(RECORD, "ESX")
    with pytest.raises(NoSuchName, match="R-perm-9"):
        asked(RECORD, "EST", permission="R-perm-9")
    with pytest.raises(BadInput, match="days=5"):
        asked(RECORD, "EST", days=5)


def test_a_host_without_links_says_so() -> None:
    finding = asked(RECORD, "FIN")
    assert any(caveat.startswith("No road or railway from") for caveat in finding.caveats)


def test_limits_in_words() -> None:
    names = {"POL": "Poland", "LTU": "Lithuania"}
    assert in_words("airfields LTU, POL", names) == "airfields Lithuania and Poland"
    assert in_words("airlift", names) == "airlift"
    assert in_words(NOT_YET, names) == NOT_YET


def test_a_brigade_is_there_when_as_many_have_arrived() -> None:
    finding = asked(RECORD, "EST")
    sizes = {row["unit"]: row for row in finding.answer.summary["When a unit of this size could be there"]}
    assert set(sizes) == {"battalion", "brigade"}
    days = asked(RECORD, "EST", days=60).answer.value
    for size in sizes.values():
        needed = {"low": size["persons_high"], "high": size["persons_low"]}
        for column, day in (("low", size["worst"]), ("high", size["best"])):
            assert all((row[column] >= needed[column]) == (row["day"] >= day) for row in days)
        assert size["best"] <= size["halfway"] <= size["worst"]
    assert f"by day {sizes['brigade']['halfway']} after a decision" in finding.headline
