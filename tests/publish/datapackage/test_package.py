"""The Data Package against the published profile 2.0, its files against their own schemas."""

import csv
import hashlib
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dualtrack.api import open_record
from dualtrack.publish.archive import unzipped
from dualtrack.publish.datapackage.contents import Package, package
from dualtrack.publish.tables import table_names

NOW = open_record(date(2026, 11, 25))
THEN = open_record("2016-05-09")
PROFILE = json.loads((Path(__file__).parent / "profile-2.0.json").read_text("utf-8"))


@pytest.fixture(scope="module", params=["2026-11-25", "2016-05-09", "2014-01-15"])
def made(request: pytest.FixtureRequest) -> Package:
    return package(open_record(request.param))


@pytest.fixture(scope="module")
def now() -> Package:
    return package(NOW)


def described(made: Package) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made.files["datapackage.json"])
    return found


def lines(made: Package, resource: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.files[resource["path"]].decode("utf-8"), newline="")))


def test_the_descriptor_is_valid(made: Package) -> None:
    faults = [fault.message for fault in jsonschema.Draft7Validator(PROFILE).iter_errors(described(made))]
    assert faults == []
    assert described(made)["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"


def test_the_profile_would_find_a_fault(now: Package) -> None:
    broken = described(now)
    broken["resources"][0]["schema"]["fields"][0]["type"] = "list"
    assert list(jsonschema.Draft7Validator(PROFILE).iter_errors(broken))


def test_every_table_and_panel_is_a_resource(now: Package) -> None:
    found = described(now)
    assert [resource["name"] for resource in found["resources"]] == sorted(table_names(NOW))
    for resource in found["resources"]:
        data = now.files[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        header = data.decode("utf-8").split("\n", 1)[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]


def test_every_cell_meets_its_schema(made: Package) -> None:
    for resource in described(made)["resources"]:
        for line in lines(made, resource):
            for field in resource["schema"]["fields"]:
                text, constraints = line[field["name"]], field.get("constraints", {})
                if not text:
                    assert not constraints.get("required"), f"{resource['name']}: {field['name']} is empty"
                    continue
                if field["type"] == "integer":
                    assert re.fullmatch(r"-?\d+", text)
                if field["type"] == "number":
                    assert constraints.get("minimum", -1e9) <= float(text) <= constraints.get("maximum", 1e9)
                assert re.fullmatch(constraints.get("pattern", ".*"), text, re.DOTALL)
                assert text in constraints.get("enum", [text])
                assert text in [c["value"] for c in field.get("categories", [{"value": text}])]


def test_labels_of_categories_differ(now: Package) -> None:
    for resource in described(now)["resources"]:
        for field in resource["schema"]["fields"]:
            labels = [category["label"] for category in field.get("categories", [])]
            assert len(labels) == len(set(labels))


def test_keys_hold(made: Package) -> None:
    found = described(made)
    by_name = {resource["name"]: resource for resource in found["resources"]}
    for resource in found["resources"]:
        rows = lines(made, resource)
        if key := resource["schema"].get("primaryKey"):
            values = [tuple(line[name] for name in key) for line in rows]
            assert len(values) == len(set(values))
            assert all(all(value) for value in values)
        for foreign in resource["schema"].get("foreignKeys", []):
            target = by_name[foreign["reference"].get("resource", resource["name"])]
            there = {line[foreign["reference"]["fields"][0]] for line in lines(made, target)}
            assert {line[foreign["fields"][0]] for line in rows} - {""} <= there


def test_tables_refer_to_each_other(now: Package) -> None:
    keys = {
        (resource["name"], *key["fields"], key["reference"].get("resource"))
        for resource in described(now)["resources"]
        for key in resource["schema"].get("foreignKeys", [])
    }
    assert {
        ("statements", "question", "questions"),
        ("spending", "state", "states"),
        ("country_year", "state", "states"),
        ("commitment_status", "commitment_id", "commitments"),
        ("sources", "same_as", None),
    } <= keys
    assert all(resource["schema"].get("primaryKey") for resource in described(now)["resources"][:3])


def test_no_source_is_named_that_is_not_there(made: Package) -> None:
    found = described(made)
    cards = {line["id"] for line in lines(made, next(r for r in found["resources"] if r["name"] == "sources"))}
    for resource in found["resources"]:
        names = {field["name"] for field in resource["schema"]["fields"]} & {"sources", "source"}
        for line in lines(made, resource):
            for name in names:
                assert set(line[name].split(";")) - {""} <= cards
    works = json.loads(made.files["sources.csl.json"])
    assert len(found["sources"]) == len(works) > 100
    assert {work["id"] for work in works} <= cards


def test_only_what_was_known(now: Package) -> None:
    then = package(THEN)
    for resource in described(then)["resources"]:
        for line in lines(then, resource):
            assert line.get("known_from", "")[:10] <= "2016-05-09"
    assert then.rows < now.rows
    assert b"as known to the public on 9 May 2016" in then.files["README.md"]
    assert described(then)["dualtrack"]["asOf"] == "2016-05-09"


def test_the_same_record_is_the_same_bytes(made: Package) -> None:
    day = described(made)["dualtrack"]["asOf"]
    assert package(open_record(day)).zip() == made.zip()
    assert list(unzipped(made.zip())) == sorted(made.files)


def test_what_may_not_be_passed_on_stays_here(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(
        "id,publisher,title,url,redistribute\nmine,A seller,A series,https://example.org/,no\n", "utf-8"
    )
    (tmp_path / "spending.csv").write_text(
        "state,year,share_of_gdp_pct,edition,source,series,definition,known_from\n"
        "EST,2015,9.99,2016-01-01,mine,nato,defence,2016-01-01\n"
        "LVA,2015,8.88,2016-01-01,mine;fin-2015,nato,defence,2016-01-01\n",
        "utf-8",
    )
    record = open_record(date(2026, 11, 25), folder=tmp_path)
    made = package(record, overlay=True)
    assert made.withheld == 1
    assert b"9.99" not in made.files["data/spending.csv"] + made.files["data/country_year.csv"]
    assert b"8.88" in made.files["data/spending.csv"]
    text = made.files["README.md"].decode()
    assert "Left out: 1 rows" in text and "A user's own tables are laid over" in text
    assert described(made)["version"] == "2026.11.24+own"


def test_people_find_what_they_need(now: Package) -> None:
    text = now.files["README.md"].decode("utf-8")
    for heading in ("How to read it", "How to cite", "Licence", "What to beware of"):
        assert f"## {heading}" in text
    assert "First the producer of each figure" in text
    assert "Left out" not in text
    for name in table_names(NOW):
        assert f"| data/{name}.csv |" in text
        assert f"## {name}: ".encode() in now.files["codebook.md"]


def test_citation_file(now: Package) -> None:
    found = yaml.safe_load(now.files["CITATION.cff"])
    assert {"cff-version", "message", "title", "authors"} <= set(found)
    assert (found["cff-version"], found["type"], found["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert found["date-released"] == "2026-11-24"
    assert found["authors"] == [{"name": "dualtrack contributors"}]


def test_states_carry_the_codes_of_both_lists(now: Package) -> None:
    rows = csv.DictReader(io.StringIO(now.files["data/state_codes.csv"].decode("utf-8")))
    codes = {row["state"]: (row["cow_code"], row["gw_number"]) for row in rows}
    assert codes["DEU"] == ("255", "260")
    panel = csv.DictReader(io.StringIO(now.files["data/country_year.csv"].decode("utf-8")))
    assert all((row["cow_code"], row["gw_number"]) == codes[row["state"]] for row in panel)
