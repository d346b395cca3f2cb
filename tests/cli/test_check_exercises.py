"""``check exercises`` as a user runs it: text, JSON, CSV, own files, proposals, mistakes."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.record.store import packaged

ROWS = list(csv.DictReader((packaged() / "exercises.csv").read_text("utf-8").splitlines()))


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["check", "exercises", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("--json", *arguments))
    return found


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_zapad_2017_in_words() -> None:
    text = run("--instrument", "vienna_document_2011", "--basis", "declared")
    part = text[text.index("zapad-2017 ") :].splitlines()
    assert "notify yes" in part[0]
    assert "observe no" in part[0]
    assert "troops 12,700, 3,700 over 9,000" in part[1]
    assert "troops 12,700, 300 under 13,000; turns with 300 more troops" in part[2]
    assert "high yes/yes" in part[3]
    assert "Counts are lower bounds" in text
    assert "Not yet checked against the text: " in text


def test_the_json_is_that_of_the_contract() -> None:
    found = as_json("--basis", "high")
    assert (found["instrument"], found["basis"]) == ("vienna_document", "high")
    rows = {row["id"]: row for row in found["rows"]}
    assert len(rows) == len(ROWS)
    zapad = rows["zapad-2017"]
    assert (zapad["notifiable"], zapad["observable"]) == ("yes", "yes")
    assert zapad["decided_by"] == {
        "rule": "notification_land", "field": "troops", "value": 70_000, "threshold": 9_000, "margin": 61_000,
        "reference": "vd11-n-troops",
    }  # fmt: skip
    assert {"basis": "declared", "verdict": "no"} in zapad["flips"]["observable"]
    assert {"table", "row", "field", "value", "sources"} == set(zapad["evidence"][0])


def test_csv_has_a_line_per_exercise() -> None:
    lines = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert [line["id"] for line in lines] == [row["id"] for row in ROWS]
    assert {line["notifiable"] for line in lines} == {"yes", "no", "unknown"}


def test_strict_leaves_more_open() -> None:
    def opened(*more: str) -> int:
        return sum(row["notifiable"] == "unknown" for row in as_json(*more)["rows"])

    assert opened("--strict") > opened()


def test_own_exercises_of_any_file_name(tmp_path: Path) -> None:
    own = dict(next(row for row in ROWS if row["id"] == "siil-2015"))
    own |= {"id": "mine-2027", "start": "2027-05-01", "end": "2027-05-09", "troops_announced": "8999"}
    own |= dict.fromkeys(("troops_low", "known_from", "announced_known_from", "estimates_known_from"), "")
    own |= {"declared_known_from": "", "known_basis": "", "estimates_known_basis": ""}
    path = write(tmp_path / "next year.csv", [own])
    (row,) = as_json(str(path))["rows"]
    assert (row["id"], row["notifiable"], row["decided_by"]["margin"]) == ("mine-2027", "no", -1)


def test_a_broken_file_names_line_and_column(tmp_path: Path) -> None:
    own = {**ROWS[0], "id": "mine", "troops_announced": "many"}
    with pytest.raises(BadInput, match=r"exercises\.csv:2 \[troops_announced\]"):
        run(str(write(tmp_path / "exercises.csv", [own])))


HEAD = ",".join(ROWS[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        (f"{HEAD}\n", "holds no exercises"),
        (HEAD.replace("id,", "", 1) + "\nx\n", r"\[id\]: The required column is missing"),
        (HEAD.replace(",", ";") + "\n", "separated by semicolons"),
        (HEAD.replace("troops_announced", "troops_anounced") + "\n", r"\[troops_anounced\]: There is no such column"),
    ],
)
def test_a_file_of_any_name_that_is_no_table_says_what_is_wrong(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "next year.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(BadInput, match=said) as error:
        run(str(path))
    assert "next year.csv" in str(error.value)


def test_too_many_exercises_are_refused_before_anything_is_computed(tmp_path: Path) -> None:
    path = write(tmp_path / "many.csv", [{**ROWS[0], "id": f"mine-{n}"} for n in range(20_001)])
    with pytest.raises(BadInput, match=r"many\.csv holds 20,001 exercises; 20,000 can be tested at once"):
        run(str(path))


def test_strict_holds_for_a_proposal_too() -> None:
    found = json.loads(run("--proposal", "what-if-5000-10000", "--strict", "--json"))
    assert found["parameters"]["strict"] is True


def test_a_proposal_over_the_record_and_from_a_file(tmp_path: Path) -> None:
    assert "invented what-if, nobody proposed it" in run("--proposal", "what-if-5000-10000")
    path = tmp_path / "mine.yml"
    path.write_text(
        "title: Mine\nkind: what_if\namends: vienna_document\nchange:\n"
        "  notification_land: {levels: {troops_level: 100}}\n"
    )
    found = json.loads(run("--proposal", str(path), "--json"))
    assert found["analysis"] == "proposal"
    assert found["headline"].startswith("Mine (invented what-if")


def test_the_list_tells_recorded_from_invented() -> None:
    text = run("--list")
    assert "vienna_document_2011" in text
    assert "de-2019-package" in text
    assert "(recorded proposal)" in text
    assert "cannot be run." in text
    found = as_json("--list")
    assert {p["kind"] for p in found["proposals"]} == {"recorded", "what_if"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--instrument", "viena_document"], "vienna_document"),
        (["--instrument", "cfe_1990"], "has no rules on notification"),
        (["--proposal", "nope"], "proposal"),
        (["--proposal", "lv-2017"], "cannot be run"),
        (["--proposal", "missing.yml"], "missing.yml"),
        (["--json", "--csv"], "Leave one of them out"),
        (["--csv", "--proposal", "what-if-5000-10000"], "--csv is given with --proposal"),
        (["--instrument", "vienna_document_2011", "--proposal", "what-if-5000-10000"], "amends vienna_document"),
        (["--as-of", "1900"], "That is not zero"),
        (["--proposal", ""], "--proposal is empty"),
        (["nosuch.csv"], "There is no file nosuch.csv"),
        (["missing.csv"], "missing.csv"),
    ],
)
def test_a_mistake_is_told(arguments: list[str], said: str) -> None:
    with pytest.raises((BadInput, NoSuchName)) as error:
        run(*arguments)
    assert said in str(error.value)
