"""Forces by host state: looked at by hand for five days, never summed, never later than the day."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack import open_record
from dualtrack.analyses.presence import IN_HOST, Force, forces, forces_in_place
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged

COMPILED = date(2026, 11, 24)
DAYS = ["2014-03", "2016-05-09", "2017-07", "2022-06", "2026-11-24"]


def asked(as_of: str = "2026-11-24", **parameters: object) -> Finding:
    return open_record(as_of).ask("presence", **parameters)


def hosts(finding: Finding) -> dict[str, dict[str, Any]]:
    return {row["host"]: row for row in finding.answer.value}


def figures(row: dict[str, Any], role: str) -> dict[tuple[str, str], tuple[float | None, float | None, str | None]]:
    return {(f["label"], f["unit"]): (f["low"], f["high"], f["as_of"]) for f in row["figures"] if f["role"] == role}


def in_place(as_of: str, host: str, day: str | None = None) -> set[str]:
    record = open_record(as_of)
    return {force.id for force in forces_in_place(record, last_day(day or as_of)) if host in force.hosts}


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


# Looked up by hand in the tables, as known on the day.
BY_HAND = [
    ("2014-03", "LTU", {"D-bap-base-2004", "D-bap-usa-2014a"}),
    ("2014-03-15", "UKR", {"D-rus-crimea-pre"}),
    ("2014-03", "UKR", {"D-rus-crimea"}),
    ("2016-05-09", "EST", {"D-us-coy-est", "D-nfiu-est", "D-us-13id-2015b"}),
    ("2016-05-09", "LTU", {"D-nfiu-ltu", "D-us-coy-ltu", "D-us-13id-2015b"}),
    ("2016-05-09", "POL", {"D-us-coy-pol", "D-nfiu-pol", "D-avdet-lask", "D-us-13id-2015b"}),
    ("2016-05-09", "ROU", {"D-nfiu-rou", "D-us-deveselu", "D-us-13id-2015b"}),
    ("2016-05-09", "RUS", {"D-rus-1gta", "D-rus-20caa"}),
    ("2016-05-09", "BLR", set()),
    ("2017-07", "EST", {"D-efp-est", "D-nfiu-est", "D-us-34id-est", "D-us-34id-2017", "D-us-13id-2015b"}),
    ("2017-07", "LTU", {"D-nfiu-ltu", "D-efp-ltu", "D-us-34id-ltu", "D-us-34id-2017", "D-us-13id-2015b"}),
    (
        "2017-07",
        "LVA",
        {"D-efp-lva", "D-nfiu-lva", "D-us-34id-lva", "D-us-34id-2017", "D-us-10cab", "D-us-13id-2015b"},
    ),
    ("2022-02-10", "BLR", {"D-rus-blr-ar22"}),
    ("2022-06", "BLR", set()),  # ended on 24 February 2022
    ("2022-06", "UKR", {"D-rus-crimea", "D-rus-56"}),
    ("2026-11-24", "BLR", {"D-rus-oreshnik-blr"}),
    ("2026-11-24", "EST", {"D-efp-est", "D-nfiu-est", "D-eastern-sentry"}),
    ("2026-11-24", "LTU", {"D-nfiu-ltu", "D-efp-ltu", "D-deu-bde45", "D-deu-ltu-2022", "D-eastern-sentry"}),
]


@pytest.mark.parametrize(("as_of", "host", "expected"), BY_HAND)
def test_who_was_where(as_of: str, host: str, expected: set[str]) -> None:
    assert in_place(as_of, host) == expected


def test_figures_of_the_battlegroups_by_hand() -> None:
    rows = hosts(asked("2017-07"))
    assert figures(rows["EST"], "visiting")["battlegroup", "persons"] == (1100, 1100, "2017-04")
    assert figures(rows["LVA"], "visiting")["battlegroup", "persons"] == (1000, 1000, "2017-06-19")
    assert figures(rows["LTU"], "visiting")["battlegroup", "persons"] == (1000, 1000, "2017-05-30")
    assert figures(rows["POL"], "visiting")["battlegroup", "persons"] == (1000, 1350, "2017-04-13")
    rows = hosts(asked("2022-06"))
    found = {
        host: figures(rows[host], "visiting")["battlegroup", "persons"][1] for host in ("EST", "LTU", "LVA", "POL")
    }
    assert found == {"EST": 1430, "LTU": 1632, "LVA": 1887, "POL": 1033}  # NATO's count of 28 June 2022
    assert sum(v for v in found.values() if v) == 5982
    everyone = {host: figures(rows[host], "visiting")[IN_HOST, "persons"][1] for host in found}
    assert everyone == {"EST": 2000, "LTU": 4000, "LVA": 1700, "POL": 10500}  # another measure, never mixed
    assert sum(v for v in everyone.values() if v) == 18200


def test_own_forces_stand_apart_from_visiting_ones() -> None:
    rows = hosts(asked("2022-06"))
    assert figures(rows["EST"], "own")["host-nation forces", "persons"] == (7000, 7000, "2022-03-19")
    assert figures(rows["EST"], "own")["military personnel (estimate)", "persons"] == (6285, 6285, "2019")
    assert rows["RUS"]["own"] == rows["RUS"]["forces"] > 0
    assert rows["RUS"]["senders"] == []
    assert not figures(rows["RUS"], "visiting")
    assert figures(rows["RUS"], "own")["military personnel", "persons"] == (None, None, None)  # not collected
    assert rows["UKR"]["own"] == 0
    assert rows["UKR"]["senders"] == ["RUS"]
    assert figures(rows["UKR"], "visiting")["present", "persons"] == (34000, 34000, "2021-08-10")


def test_personnel_is_the_edition_known_then() -> None:
    assert figures(hosts(asked("2016-05-09"))["EST"], "own")["military personnel", "persons"] == (None, None, None)
    now = figures(hosts(asked(date="2016-05-09"))["EST"], "own")
    assert now["military personnel", "persons"] == (6080, 6080, "2016")


def test_a_figure_older_than_the_force_is_not_its_strength() -> None:
    by_id = {force.id: force for force in forces(open_record("2016-05-09"), date(2016, 5, 9))}
    crimea = by_id["D-rus-crimea"]
    assert (crimea.low, crimea.high, crimea.strength_as_of) == (
        None,
        None,
        None,
    )  # 10,000 to 12,000 was before it began
    later = {force.id: force for force in forces(open_record("2023-12-31"), date(2023, 12, 31))}["D-rus-crimea"]
    assert (later.low, later.high, later.measure, later.strength_as_of) == (50000, 50000, "present", "2023")


def test_planned_and_announced_forces_are_not_in_place() -> None:
    finding = asked("2016-05-09", by="force")
    standing = {row["force"]: row["standing"] for row in finding.answer.value}
    assert standing["D-us-34id-2017"] == "planned"  # announced on 30 March 2016, came in January 2017
    assert standing["D-rus-144"] == "planned"
    assert standing["D-us-redzikowo"] == standing["D-rus-3mrd"] == "planned"  # "2016": a start not yet on record
    assert "D-efp-est" not in standing  # decided in July 2016
    assert set(finding.answer.unknown) == {force for force, word in standing.items() if word == "cannot tell"}
    rows = hosts(asked("2016-05-09"))
    assert rows["RUS"]["basing"]["planned"] == 4
    assert rows["DEU"]["forces"] == 0


def test_an_end_without_a_day_is_not_guessed() -> None:
    record = open_record("2026-11-24")
    then = {force.id: force.standing for force in forces(record, date(2022, 6, 30))}
    now = {force.id: force.standing for force in forces(record, COMPILED)}
    assert (then["D-us-82abn-1"], now["D-us-82abn-1"]) == ("cannot tell", "ended")
    assert {f.id: f.standing for f in forces(open_record("2022-06-30"), date(2022, 6, 30))}[
        "D-us-82abn-1"
    ] == "in place"


@pytest.mark.parametrize("day", DAYS)
def test_no_figure_is_a_sum(day: str) -> None:
    finding = asked(day)
    cells = {
        "strengths": {f"{r['force_key']}.{r['as_of']}.{r['scope']}".replace(" ", "-"): r for r in table("strengths")},
        "deployments": {r["id"]: r for r in table("deployments")},
        "personnel": {f"{r['state']}.{r['year']}.{r['edition']}": r for r in table("personnel")},
        "contributions": {f"{r['force_key']}.{r['as_of']}.{r['state']}": r for r in table("contributions")},
    }
    evidence = {(item.table, item.row) for item in finding.evidence}
    for row in finding.answer.value:
        measures = [(f["role"], f["label"], f["unit"]) for f in row["figures"]]
        assert len(measures) == len(set(measures))
        for figure in [*row["figures"], *row["contributions"]]:
            if figure["row"] is None:
                assert figure["low"] is figure["high"] is None
                continue
            name, _, id_ = figure["row"].partition("/")
            source = cells[name][id_]
            low, high = ("aircraft",) * 2 if figure["unit"] == "aircraft" else ("troops_low", "troops_high")
            low, high = ("military_personnel",) * 2 if name == "personnel" else (low, high)
            assert source[low] == ("" if figure["low"] is None else str(int(figure["low"])))
            assert source[high] == ("" if figure["high"] is None else str(int(figure["high"])))
            assert (name, id_) in evidence


@pytest.mark.parametrize("day", DAYS)
def test_each_measure_shows_its_largest_single_figure(day: str) -> None:
    record = open_record(day)
    there = forces_in_place(record, record.as_of)
    for host, row in hosts(asked(day)).items():
        strongest: dict[str, float] = {}
        for force in there:
            if host in force.hosts and not force.own_territory:
                label = force.measure + (f", in {len(force.hosts)} states" if len(force.hosts) > 1 else "")
                size = force.high if force.high is not None else force.low
                strongest[label] = max(strongest.get(label, 0), size or 0)
        shown = {label: high for (label, unit), (_, high, _) in figures(row, "visiting").items() if unit == "persons"}
        assert {label: shown[label] for label, size in strongest.items() if size} == {
            label: size for label, size in strongest.items() if size
        }


@given(st.dates(date(2013, 1, 1), date(2026, 11, 24)), st.integers(0, 4000))
def test_a_later_force_or_figure_never_appears(day: date, back: int) -> None:
    asked_day = max(date(2004, 6, 1), day - timedelta(days=back))
    record = open_record(day)
    raw = {row["id"]: row for row in table("deployments")}
    for force in forces_in_place(record, asked_day):
        row = raw[force.id]
        assert not row["start"] or last_day(row["start"]) <= asked_day
        assert last_day(row["known_from"] or COMPILED.isoformat()) <= day
        assert not (row["end"] and last_day(row["end"]) <= asked_day)
        assert row["basing"] != "planned"
        assert force.strength_as_of is None or last_day(force.strength_as_of) <= asked_day
        assert not (row["start"] and force.strength_as_of and last_day(force.strength_as_of) < first_day(row["start"]))


@pytest.mark.parametrize("day", DAYS)
def test_sides_make_up_the_whole(day: str) -> None:
    whole = asked(day, by="force").answer.value
    sides = [row for side in ("nato", "russia") for row in asked(day, by="force", side=side).answer.value]
    assert sorted(row["force"] for row in sides) == sorted(row["force"] for row in whole)


@pytest.mark.parametrize("day", DAYS)
def test_rows_are_sorted_and_coverage_counts_forces_once(day: str) -> None:
    finding = asked(day)
    codes = [row["host"] for row in finding.answer.value]
    assert codes == sorted(set(codes))
    there = forces_in_place(open_record(day), last_day(day))
    assert finding.answer.coverage
    assert finding.answer.coverage.total == len(there)
    assert finding.answer.coverage.known == sum(force.high is not None or bool(force.low) for force in there)
    assert all(item.known_from is None or last_day(item.known_from) <= last_day(day) for item in finding.evidence)


def test_several_hosts_and_aggregates_are_said_to_overlap() -> None:
    rows = hosts(asked("2017-07"))
    assert figures(rows["EST"], "visiting")["brigade, in 8 states", "persons"] == (3500, 4000, "2017-01-12")
    assert rows["EST"]["overlap"] == "yes"  # the brigade and its company, which are two rows
    assert rows["SVK"]["overlap"] == "no"
    assert rows["RUS"]["overlap"] == "unknown"
    assert hosts(asked("2026-11-24"))["POL"]["overlap"] == "yes"


def test_contributions_are_the_latest_known_by_then() -> None:
    sent = {f["label"]: (f["high"], f["as_of"]) for f in hosts(asked("2022-03-31"))["EST"]["contributions"]}
    assert sent == {"GBR": (1600, "2022-03"), "FRA": (300, "2022-03"), "DNK": (200, "2022-03"), "ISL": (1, "2022-03")}
    assert set(sent) <= set(hosts(asked("2022-03-31"))["EST"]["senders"])


def test_one_host_or_a_group() -> None:
    assert list(hosts(asked("2017-07", host="est"))) == ["EST"]
    assert set(hosts(asked("2017-07", host="flank.baltic_poland"))) == {"EST", "LVA", "LTU", "POL"}
    germany = hosts(asked(host="DEU"))["DEU"]
    assert germany["forces"] == 0
    assert figures(germany, "visiting")["present", "persons"] == (36000, 36000, "2026-05-01")


def test_bad_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="after the as-of day"):
        asked("2016-05-09", date="2017")
    with pytest.raises(BadInput, match="lists no force in PRT"):
        asked("2016-05-09", host="PRT")
    with pytest.raises(NoSuchName):
        asked(host="eastern-flank")


def test_text_shows_every_measure_and_what_is_unknown() -> None:
    text = asked("2016-05-09").to_text()
    assert "16 listed forces in place in 9 states on 9 May 2016" in text
    assert "visiting: company 150 (2014-04-28)" in text
    assert "own: military personnel ?" in text
    assert "some may have left: D-us-coy-pol" in text


def test_a_map_has_what_it_needs() -> None:
    force = next(f for f in forces_in_place(open_record("2017-07"), date(2017, 7, 31)) if f.id == "D-efp-lva")
    assert isinstance(force, Force)
    assert (force.side, force.hosts, force.echelon, force.basing, force.command) == (
        "nato", ("LVA",), "battlegroup", "rotational", "nato",
    )  # fmt: skip
    assert (force.lat, force.lon) == (57.0708, 24.3368)
    assert (force.low, force.high, force.measure) == (1000, 1000, "battlegroup")
    assert (force.own_territory, force.aggregate, force.row.id) == (False, False, "D-efp-lva")


def test_a_users_own_force_takes_part(overlay: Callable[[dict[str, str | bytes]], Path]) -> None:
    header = "id,unit_or_force,side,sending_states,host_state,echelon,troops_low,troops_high,strength_as_of,start,"
    row = (
        "X-1,A unit,nato,CAN,NOR,company,90,110,2016-02,2016-01-15,rotational,bilateral,osce-ps,2016-01-15,dated source"
    )
    folder = overlay({"deployments.csv": f"{header}basing,command,sources,known_from,known_basis\n{row}\n"})
    finding = open_record("2016-05-09", folder=folder).ask("presence", host="NOR")
    assert figures(hosts(finding)["NOR"], "visiting")["company", "persons"] == (90, 110, "2016-02")
