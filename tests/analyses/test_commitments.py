"""Commitments: who is bound, by when, and the latest status of each measure, against the files."""

import csv
from datetime import date
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged

TODAY = "2026-11-25"


def asked(as_of: str = TODAY, **parameters: object) -> Finding:
    return open_record(as_of).ask("commitments", **parameters)


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def lines(finding: Finding) -> dict[str, dict[str, Any]]:
    return {line["row"]: line for line in finding.answer.value}


def test_all_rows_are_coded_and_counted_on_one_track() -> None:
    finding = asked()
    assert len(lines(finding)) == len(table("commitments"))
    by_track = {line["track"]: line["commitments"] for line in finding.answer.summary["By track"]}
    assert by_track == {"deterrence": 35, "dialogue": 1, "public": 0}
    assert list(lines(asked(track="dialogue"))) == ["C-nrfa-97"]


@pytest.mark.parametrize("day", ["2016-05-09", "2019-12-31", TODAY])
def test_a_deadline_has_passed_when_its_last_day_has(day: str) -> None:
    for line in lines(asked(day)).values():
        if line["passed"] in ("passed", "ahead"):
            assert (line["passed"] == "passed") is (last_day(line["deadline"]) < date.fromisoformat(day))
        else:
            assert line["deadline"] in ("none", "every year")


@pytest.mark.parametrize("day", ["2016-05-09", "2019-12-31", TODAY])
def test_the_status_is_the_latest_known_of_each_measure(day: str) -> None:
    known = [row for row in table("commitment_status") if last_day(row["known_from"]).isoformat() <= day]
    known = [row for row in known if first_day(row["as_of"]).isoformat() <= day]
    latest: dict[tuple[str, str], str] = {}
    for row in sorted(known, key=lambda row: last_day(row["as_of"])):
        latest[row["commitment_id"], row["measure"]] = row["as_of"]
    finding = asked(day)
    said = {
        (line["row"], line["measure"]): line["as_of"]
        for line in finding.answer.summary["Latest status of each measure"]
    }
    assert said == {key: as_of for key, as_of in latest.items() if key[0] in lines(finding)}
    coverage = finding.answer.coverage
    assert coverage and coverage.known == len({key for key, _ in said})


def test_a_state_is_bound_by_name_as_an_ally_or_as_a_member_of_the_union() -> None:
    poland = lines(asked(addressee="POL"))
    assert {line["bound"] for line in poland.values()} == {"as an ally", "as a member of the EU"}
    assert "C-riga-2pct" not in lines(asked(addressee="ALB"))  # not an ally in 2006
    assert set(lines(asked(addressee="RUS"))) == {
        row["id"] for row in table("commitments") if row["addressee"] == "RUS"
    }
    assert {line["bound"] for line in lines(asked(addressee="NATO")).values()} == {"by name", "its members"}


def test_the_test_stands_beside_the_status_for_every_side() -> None:
    assert all(line["test"] for line in lines(asked()).values())
    sides = {line["who"]: line["status_known"] for line in asked().answer.summary["By who is bound"]}
    assert sides["RUS"] == "5 of 5" and sides["USA"] == "6 of 6" and sides["every ally"] == "5 of 9"


def test_no_promise_on_a_track_is_not_a_finding() -> None:
    with pytest.raises(BadInput, match="No commitment like this"):
        asked(track="public")
