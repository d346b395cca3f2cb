"""The record opened: on a day, from folders, closed off from files and the network."""

import os
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from conftest import WriteFiles
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.record.store import open_folders, packaged

RECORD = open_record("2016-05-09")


def test_a_month_means_its_last_day() -> None:
    assert open_record("2016-05").as_of == open_record("2016-05-31").as_of == date(2016, 5, 31)
    assert open_record("2016").as_of == date(2016, 12, 31)
    assert open_record(date(2016, 5, 9)).as_of == RECORD.as_of
    assert open_record(datetime(2016, 5, 9, 10, 15)).as_of == RECORD.as_of  # noqa: DTZ001


def test_without_a_date_it_is_today() -> None:
    assert abs((open_record().as_of - date.today()).days) <= 1  # noqa: DTZ011


@pytest.mark.parametrize("day", ["", "soon", "2016-13", "2015-02-30"])
def test_a_date_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(BadInput, match="not a date that exists"):
        open_record(day)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no record folder"):
        open_record("2016", folder=tmp_path / "nowhere")
    with pytest.raises(BadInput, match=r"holds no record\.yml"):
        open_folders([tmp_path], date(2016, 5, 9), cls=OpenRecord)


@pytest.mark.parametrize("text", ["title: x\n", "compiled: soon\n"])
def test_a_record_without_its_day_is_refused(text: str, overlay: WriteFiles) -> None:
    folder = overlay({"record.yml": text, "states.csv": "state,name\nEST,Estonia\n"})
    with pytest.raises(BadInput, match=r"record\.yml: compiled"):
        open_folders([folder], date(2016, 5, 9), cls=OpenRecord)


def test_an_edited_folder_is_read_anew(overlay: WriteFiles) -> None:
    folder = overlay({"states.csv": "state,name\nXXA,Before\n"})
    assert open_record("2016", folder=folder).row("states", "XXA")["name"] == "Before"
    overlay({"states.csv": "state,name\nXXA,Afterwards\n"})
    assert open_record("2016", folder=folder).row("states", "XXA")["name"] == "Afterwards"
    overlay({"readings/mine/all.yml": "label: x\nclass: stress\nwhy: y\ngroup: nato\n"})
    assert open_record("2016", folder=folder).slots == sorted([*RECORD.slots, "mine"])


def test_a_relative_folder_is_where_one_stands(
    overlay: WriteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        overlay({f"{name}/mine/states.csv": f"state,name\nXXA,{name}\n"})
        os.utime(tmp_path / name / "mine" / "states.csv", (1, 1))
        monkeypatch.chdir(tmp_path / name)
        assert open_record("2016", folder="mine").row("states", "XXA")["name"] == name


def test_the_packaged_record_is_loaded_once() -> None:
    one, other = open_record("2016"), open_record("2017")
    assert one.rows("states")[0]._cells is other.rows("states")[0]._cells


def test_rows_come_in_the_order_of_the_file_whatever_selects_them() -> None:
    ids = [row.id for row in RECORD.rows("dialogue")]
    met = [row.id for row in RECORD.rows("dialogue", "outcome = ?", "met")]
    assert met == [id_ for id_ in ids if RECORD.row("dialogue", id_)["outcome"] == "met"] != []


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(NoSuchName, match="no table called 'exercise'") as caught:
        RECORD.rows("exercise")
    assert "exercises" in caught.value.fix
    with pytest.raises(NoSuchName, match="row of spending known on 2016-05-09") as caught:
        RECORD.row("spending", "EST.2015.nato.2025-08-28")
    assert "Did you mean" in caught.value.fix and "2025-08-28" not in caught.value.fix
    with pytest.raises(NoSuchName, match="no group called 'NATO'") as caught:
        RECORD.members("NATO", RECORD.as_of)
    assert "Did you mean nato" in caught.value.fix


@pytest.mark.parametrize(
    ("group", "day", "inside", "outside"),
    [
        ("nato", date(2016, 5, 9), "EST", "FIN"),
        ("nato", date(2023, 1, 1), "FIN", "SWE"),
        ("nato", date(2003, 12, 31), "POL", "EST"),
        ("nato", date(1952, 2, 17), "USA", "TUR"),
        ("nato", date(1952, 2, 18), "TUR", "DEU"),
        ("eu", date(2020, 12, 31), "EST", "NOR"),
    ],
)
def test_members_of_a_group_on_a_day(group: str, day: date, inside: str, outside: str) -> None:
    members = RECORD.members(group, day)
    assert members == sorted(members)
    assert inside in members and outside not in members


def test_a_membership_ends_with_the_last_day_its_date_can_mean(overlay: WriteFiles) -> None:
    groups = "group,state,from,to\nours,EST,2010-06,2014-03\nours,LVA,,\n"
    record = open_record("2016", folder=overlay({"groups.csv": groups}))
    expected = {(2010, 5, 31): "LVA", (2010, 6, 1): "EST LVA", (2014, 3, 31): "EST LVA", (2014, 4, 1): "LVA"}
    assert {day: " ".join(record.members("ours", date(*day))) for day in expected} == expected


@pytest.mark.parametrize(
    "where",
    [
        "(SELECT count(*) FROM read_text('/etc/hostname')) > 0",
        "(SELECT count(*) FROM read_csv('https://example.org/x.csv')) > 0",
        "(SELECT count(*) FROM '/etc/hostname') > 0",
    ],
)
def test_the_database_reaches_no_file_and_no_network(where: str) -> None:
    with pytest.raises(duckdb.Error):
        RECORD.rows("states", where)


def test_the_lock_cannot_be_taken_off() -> None:
    database = RECORD._connection("states")
    for setting in ("enable_external_access=true", "lock_configuration=false", "autoinstall_known_extensions=true"):
        with pytest.raises(duckdb.Error):
            database.execute(f"SET {setting}")
    with pytest.raises(duckdb.Error):
        database.execute(f"COPY states TO '{packaged() / 'out.csv'}'")


def test_another_day_is_another_view_of_the_same_record() -> None:
    later = RECORD.at(date(2022, 6, 30))
    assert type(later) is OpenRecord
    assert (RECORD.as_of, later.as_of) == (date(2016, 5, 9), date(2022, 6, 30))
    assert len(RECORD.rows("exercises")) < len(later.rows("exercises"))
