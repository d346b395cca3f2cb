"""The World Bank's answers and downloads. Figures are invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from asking import by, read
from invented import (
    MONEY_CODE,
    SHARE_CODE,
    WB_ERROR,
    databank_csv,
    money,
    share,
    world_bank_csv,
    world_bank_json,
    world_bank_zip,
)

from dualtrack.core.errors import BadInput

KEYS = {(code, str(year)) for code in ("EST", "RUS", "USA") for year in (2020, 2021, 2022)} - {("USA", "2022")}


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read("world_bank", path)
    assert caught.value.fix and str(path) in caught.value.problem
    return caught.value


def test_the_apis_answer(tmp_path: Path) -> None:
    taken = read("world_bank", world_bank_json(tmp_path / "answer.json"))
    rows = by(taken, "state", "year")
    assert set(rows) == KEYS
    assert float(rows["RUS", "2021"]["share_of_gdp_pct"]) == pytest.approx(share("Russian Federation", 2021))
    assert {(r["edition"], r["edition_basis"], r["known_basis"], r["series"], r["definition"]) for r in taken.rows} == {
        ("2024-06-28", "seen", "public event", "world_bank", "military_expenditure")
    }
    assert taken.signs == {"empty": 1} and taken.outside == {"Angola": 3}
    assert taken.aside == {
        "European Union (group EUU)": 3, "World (group WLD)": 3, "Not classified (group without a code)": 3,
    }  # fmt: skip
    assert taken.source["redistribute"] == "no"


def test_the_download_says_the_same_in_every_form(tmp_path: Path) -> None:
    texts = [world_bank_csv(), "\ufeff" + world_bank_csv(), world_bank_csv().replace("\n", "\r\n")]
    found = [read("world_bank", write(tmp_path / f"{at}.csv", text)) for at, text in enumerate(texts)]
    found.append(read("world_bank", world_bank_zip(tmp_path / "API.zip")))
    for taken in found:
        assert taken.rows == found[0].rows
        assert taken.source["published"] == "2024-06-28"
    rows = by(found[0], "state", "year")
    assert {year for _, year in rows} == {"2020", "2021", "2022", "2023"}
    assert float(rows["EST", "2023"]["share_of_gdp_pct"]) == pytest.approx(share("Estonia", 2023))


def test_sums_are_in_millions(tmp_path: Path) -> None:
    rows = by(read("world_bank", world_bank_json(tmp_path / "answer.json", MONEY_CODE)), "state", "year")
    assert float(rows["EST", "2020"]["usd_current_m"]) == pytest.approx(money("Estonia", 2020))
    assert "share_of_gdp_pct" not in rows["EST", "2020"]


def test_the_databanks_file(tmp_path: Path) -> None:
    taken = read("world_bank", write(tmp_path / "bank.csv", databank_csv()))
    rows = by(taken, "state", "year")
    assert {key: row["share_of_gdp_pct"] for key, row in rows.items()} == {
        ("EST", "2020"): "2.5", ("EST", "2022"): "2.75", ("RUS", "2020"): "4.5", ("RUS", "2021"): "4.25"
    }  # fmt: skip
    assert taken.signs == {"..": 1, "empty": 1}
    assert taken.dated.basis == "inferred"


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"value": "2.5%"}, "not a number"), ({"value": True}, "not a number"), ({"value": 999.0}, "more than 200"),
     ({"value": -1.0}, "below zero"), ({"date": "2020Q1"}, "is no year"), ({"date": None}, "is no year"),
     ({"date": "2021"}, "two figures for 2021")],
)  # fmt: skip
def test_a_figure_that_cannot_be_one_is_rejected(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    taken = read("world_bank", world_bank_json(tmp_path / "answer.json", **changed))
    (fault,) = taken.rejected
    assert said in fault.problem and fault.fix and "figure" in str(fault)
    assert len(taken.rows) >= len(KEYS) - 1


def test_a_page_of_several_is_told(tmp_path: Path) -> None:
    (note,) = read("world_bank", world_bank_json(tmp_path / "answer.json", pages=350)).notes
    assert "page 1 of 350" in note and "per_page" in note


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WB_ERROR, "The API answered with an error: The provided parameter value is not valid"),
        ('{"message": "Service unavailable"}', "Service unavailable"),
        ("[]", "is no answer"),
        ('[{"page": 1}]', "is no answer"),
        ('[{"page": 1}, null]', "is no answer"),
        ('[{"page": 1}, []]', "holds no figure"),
        ('[{"page": 1}, [1]]', "Figure 1 has no indicator"),
        ('[{"page": 1}, [{"indicator": {"id": "MS.MIL.XPND.GD.ZS"}}]]', "Figure 1 has no indicator or no value"),
        ('[{"page": 1}, [', "damaged or cut off"),
        ("[" * 100_000, "damaged or cut off"),
        ('[{"page": 1}, [{"indicator": {"id": "SP.POP.TOTL"}, "value": 1}]]', "SP.POP.TOTL, not military expenditure"),
    ],
)
def test_answers_that_are_none(text: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(write(tmp_path / "answer.json", text)).problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (world_bank_csv().replace(",", ";"), "separated by semicolons"),
        (world_bank_csv().replace('",', '"\t'), "separated by tabs"),
        (world_bank_csv().replace("Country Code", "Code"), "There is no header"),
        (world_bank_csv().replace('"19', '"y').replace('"20', '"z'), "The header has no years"),
        (world_bank_csv("SP.POP.TOTL"), "SP.POP.TOTL, not military expenditure"),
        ("a,b\n1,2\n", "There is no header"),
        (world_bank_csv().replace('"EST",', '"EST","x","y",'), "The row has 71 cells, the header 69"),
        ("<html><body>Request Error</body></html>", "a web page"),
        ("<?xml version='1.0'?><Root/>", "XML"),
    ],
)
def test_downloads_that_are_none(text: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(write(tmp_path / "API_MS.csv", text)).problem


def test_faults_name_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "API_MS.csv", world_bank_csv().replace('"EST",', '"EST","x","y",'))
    assert f"{path}:6:" in refusal(path).problem
    path = write(tmp_path / "latin.csv", world_bank_csv().replace("Angola", "Angolé"), "cp1252")
    assert "latin.csv:9: The file is not UTF-8 text." in refusal(path).problem


def test_other_indicators_beside_are_left_out(tmp_path: Path) -> None:
    path = world_bank_json(tmp_path / "answer.json")
    answer = json.loads(path.read_text("utf-8"))
    answer[1].append({**answer[1][0], "indicator": {"id": "SP.POP.TOTL", "value": "Population"}})
    path.write_text(json.dumps(answer), "utf-8")
    taken = read("world_bank", path)
    assert taken.aside["indicator SP.POP.TOTL"] == 1 and set(by(taken, "state", "year")) == KEYS


def test_no_group_has_the_code_of_a_state() -> None:
    from dualtrack.sources.places import codes
    from dualtrack.sources.world_bank import _GROUPS

    assert not _GROUPS & codes()
    assert SHARE_CODE != MONEY_CODE
