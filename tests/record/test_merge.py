"""Rows put into a user's folder: merged by id, checked as they will be loaded, all or nothing. Figures are invented."""

import csv
import hashlib
from pathlib import Path

import pytest

from conftest import WriteFiles
from dualtrack.core.errors import BadInput, BadRecord
from dualtrack.record.load import load
from dualtrack.record.merge import known_states, merge
from dualtrack.record.store import packaged

SOURCE = {
    "id": "invented-sipri", "publisher": "Invented", "title": "Invented figures", "published": "2024-04-22",
    "kind": "research", "accessed": "2024-05-01", "terms": "=own copy", "redistribute": "no",
}  # fmt: skip


def row(state: str, year: int, share: str, **more: str) -> dict[str, str]:
    return {
        "state": state, "year": str(year), "share_of_gdp_pct": share, "edition": "2024-04-22", "series": "sipri",
        "definition": "military_expenditure", "source": "invented-sipri", "known_from": "2024-04-22",
        "known_basis": "public event", **more,
    }  # fmt: skip


def id_(state: str, year: int) -> str:
    return f"{state}.{year}.sipri.2024-04-22"


def state_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_new_folder_holds_the_rows_and_their_source(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = merge(folder, packaged(), "spending", [row("EST", 2015, "91.5"), row("RUS", 2015, "92")], SOURCE)
    assert (done.added, done.written) == ([id_("EST", 2015), id_("RUS", 2015)], True)
    tables = load([packaged(), folder])
    assert tables["spending"].rows[id_("EST", 2015)]["share_of_gdp_pct"] == 91.5
    assert tables["sources"].rows["invented-sipri"]["redistribute"] == "no"
    assert tables["sources"].rows["invented-sipri"]["terms"] == "=own copy"
    assert written(folder / "sources.csv")[0]["terms"] == "'=own copy"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_same_rows_again_change_no_byte(tmp_path: Path) -> None:
    folder, rows = tmp_path / "mine", [row("EST", 2015, "91.5", note="-x"), row("RUS", 2015, "92")]
    merge(folder, packaged(), "spending", rows, SOURCE)
    before = state_of(folder)
    for replacing in (False, True):
        done = merge(folder, packaged(), "spending", rows, SOURCE, replacing=replacing)
        assert (len(done.same), done.added, done.replaced, done.written) == (2, [], [], False)
        assert state_of(folder) == before


def test_a_row_of_the_same_id_stays_unless_the_new_one_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    merge(folder, packaged(), "spending", [row("EST", 2014, "90"), row("EST", 2015, "91.5")], SOURCE)
    new = [row("EST", 2014, "95"), row("LVA", 2014, "80")]
    done = merge(folder, packaged(), "spending", new, SOURCE)
    assert (done.kept, done.shipped, done.added) == ([id_("EST", 2014)], [], [id_("LVA", 2014)])
    shares = [line["share_of_gdp_pct"] for line in written(folder / "spending.csv")]
    assert shares == ["90", "91.5", "80"]
    done = merge(folder, packaged(), "spending", new, SOURCE, replacing=True)
    assert (done.replaced, done.same) == ([id_("EST", 2014)], [id_("LVA", 2014)])
    assert [line["share_of_gdp_pct"] for line in written(folder / "spending.csv")] == ["95", "91.5", "80"]


def test_two_files_that_each_know_a_part_of_a_row_add_up(tmp_path: Path) -> None:
    """As the World Bank's two indicators do; an empty cell is unknown, and says nothing against a figure."""
    folder = tmp_path / "mine"
    merge(folder, packaged(), "spending", [row("EST", 2015, "31.5", usd_current_m="1234567.25")], SOURCE)
    money = {**row("EST", 2015, ""), "usd_constant_m": "17", "usd_constant_year": "2015"}
    done = merge(folder, packaged(), "spending", [money], SOURCE)
    assert (done.filled, done.written) == ([id_("EST", 2015)], True)
    (line,) = written(folder / "spending.csv")
    assert (line["share_of_gdp_pct"], line["usd_current_m"], line["usd_constant_m"]) == ("31.5", "1234567.25", "17")
    assert merge(folder, packaged(), "spending", [money], SOURCE).same == [id_("EST", 2015)]
    other = merge(folder, packaged(), "spending", [{**money, "usd_constant_m": "18"}], SOURCE)
    assert (other.kept, other.written) == ([id_("EST", 2015)], False)


def test_a_row_of_the_record_under_it_stays_too(tmp_path: Path) -> None:
    nato = row("EST", 2015, "91.5", series="nato", definition="defence", edition="2025-08-28")
    done = merge(tmp_path / "mine", packaged(), "spending", [nato], SOURCE)
    assert done.kept == done.shipped == ["EST.2015.nato.2025-08-28"]
    assert not done.written and list(tmp_path.iterdir()) == []


def test_existing_files_keep_their_columns_their_text_and_their_neighbours(overlay: WriteFiles) -> None:
    folder = overlay(
        {
            "mine/spending.csv": "year,state,series,edition,source,definition,note\r\n"
            "2013,EST,sipri,2024-04-22,invented-old,military_expenditure,'=x\r\n",
            "mine/sources.csv": "id,title\ninvented-old,Old\n",
            "mine/README.md": "mine",
        }
    )
    merge(folder / "mine", packaged(), "spending", [row("EST", 2015, "91.5")], SOURCE)
    lines = (folder / "mine" / "spending.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("year,state,series,edition,source,definition,note,share_of_gdp_pct,known_from")
    assert lines[1].startswith("2013,EST,sipri,2024-04-22,invented-old,military_expenditure,'=x,,")
    assert (folder / "mine" / "README.md").read_text("utf-8") == "mine"
    assert [line["id"] for line in written(folder / "mine" / "sources.csv")] == ["invented-old", "invented-sipri"]


def test_a_trial_run_writes_nothing(tmp_path: Path) -> None:
    done = merge(tmp_path / "mine", packaged(), "spending", [row("EST", 2015, "91.5")], SOURCE, dry_run=True)
    assert (len(done.added), done.written) == (1, False)
    assert list(tmp_path.iterdir()) == []


def test_rows_that_do_not_fit_are_refused_with_their_place(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    merge(folder, packaged(), "spending", [row("EST", 2015, "91.5")], SOURCE)
    before = state_of(folder)
    for wrong, said in ((row("XYZ", 2015, "1"), "'XYZ' is not a state"), (row("EST", 2016, "1,5"), "not a number")):
        with pytest.raises(BadInput, match=said) as caught:
            merge(folder, packaged(), "spending", [wrong], SOURCE)
        assert f"{folder / 'spending.csv'}:3 [" in str(caught.value) and ".draft" not in str(caught.value)
        assert state_of(folder) == before


def test_a_folder_at_fault_is_not_touched(overlay: WriteFiles) -> None:
    folder = overlay({"mine/states.csv": "state,nome\nXXA,Nowhere\n"}) / "mine"
    before = state_of(folder)
    with pytest.raises(BadRecord):
        merge(folder, packaged(), "spending", [row("EST", 2015, "91.5")], SOURCE)
    assert state_of(folder) == before


def test_a_row_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    rows = [row("EST", 2015, "91.5"), row("EST", 2015, "92")]
    done = merge(tmp_path / "mine", packaged(), "spending", rows, SOURCE)
    assert (len(done.added), done.repeated) == (1, [id_("EST", 2015)])
    assert written(tmp_path / "mine" / "spending.csv")[0]["share_of_gdp_pct"] == "91.5"


def test_the_folder_that_init_makes_is_filled(tmp_path: Path) -> None:
    from dualtrack.cli.init import init

    init(tmp_path / "mine")
    merge(tmp_path / "mine", packaged(), "spending", [row("EST", 2015, "91.5")], SOURCE)
    assert id_("EST", 2015) in load([packaged(), tmp_path / "mine"])["spending"].rows


def test_the_states_an_adapter_may_use_are_the_record_s_and_the_user_s(overlay: WriteFiles) -> None:
    states, numbers = known_states(packaged(), overlay({"mine/states.csv": "state,name\nXXA,Somewhere\n"}) / "mine")
    assert states["EST"] == "Estonia" and states["XXA"] == "Somewhere" and numbers[366] == "EST"
