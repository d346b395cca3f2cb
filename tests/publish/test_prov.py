"""The provenance of a finding against the structure of PROV-JSON: names declared, references resolve."""

import json
from datetime import date
from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.core.finding import Finding
from dualtrack.publish.formats import formats
from dualtrack.publish.prov import document

# Role of each relation and the kind of thing it must name (PROV-JSON, section 3.1).
ROLES = {
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasDerivedFrom": {"prov:generatedEntity": "entity", "prov:usedEntity": "entity", "prov:activity": "activity"},
    "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
}
THINGS = ("entity", "activity", "agent")


@pytest.fixture(scope="module")
def finding() -> Finding:
    return open_record(date(2016, 5, 9)).ask("spending_guideline", year=2015, group="eastern_flank")


@pytest.fixture(scope="module")
def doc(finding: Finding) -> dict[str, Any]:
    return document(finding)


def prefixes(doc: dict[str, Any]) -> set[str]:
    return set(doc["prefix"])


def test_only_what_prov_json_knows(doc: dict[str, Any]) -> None:
    assert set(doc) == {"prefix", *THINGS, *ROLES}
    assert doc["prefix"]["prov"] == "http://www.w3.org/ns/prov#"
    assert all(uri.endswith((":", "#", "/")) for uri in doc["prefix"].values())


def test_every_name_has_a_declared_prefix(doc: dict[str, Any]) -> None:
    for kind in THINGS:
        for name, attributes in doc[kind].items():
            assert name.split(":")[0] in prefixes(doc)
            assert not set(name.partition(":")[2]) & set(" =,;:()[]'\"<>\\")
            for attribute, value in attributes.items():
                assert attribute.split(":")[0] in prefixes(doc)
                for literal in value if isinstance(value, list) else [value]:
                    if isinstance(literal, dict):
                        assert set(literal) == {"$", "type"}
                        assert literal["type"].split(":")[0] in ("xsd", "prov")
                        if literal["type"] == "prov:QUALIFIED_NAME":
                            assert literal["$"].split(":")[0] in prefixes(doc)


def test_every_reference_resolves(doc: dict[str, Any]) -> None:
    seen: set[str] = set()
    for relation, roles in ROLES.items():
        for name, attributes in doc[relation].items():
            assert name.startswith("_:") and name not in seen
            seen.add(name)
            for role, target in attributes.items():
                if role != "prov:type":
                    assert target in doc[roles[role]]


def test_it_says_what_the_finding_says(doc: dict[str, Any], finding: Finding) -> None:
    rows = {f"{item.table}/{item.row}" for item in finding.evidence}
    entities = doc["entity"].values()
    assert {e["dcterms:identifier"] for e in entities if "dcterms:identifier" in e} == rows
    assert len([e for e in doc["entity"] if e.startswith("source:")]) == len(finding.sources)
    (activity,) = doc["activity"].values()
    assert activity["dualtrack:version"] == finding.method.version
    assert activity["parameter:year"] == 2015
    assert activity["dualtrack:selection"] == finding.method.sql
    producers = {agent["dcterms:title"] for agent in doc["agent"].values()}
    assert producers == {source.publisher for source in finding.sources} | {"dualtrack", "dualtrack contributors"}
    derived = [r for r in doc["wasDerivedFrom"].values() if "prov:type" not in r]
    assert len(derived) == len(rows) == len(doc["used"])


def test_it_is_written_for_findings_only(finding: Finding, doc: dict[str, Any]) -> None:
    assert "prov" not in formats("rows")
    writer = formats("finding")["prov"].finding
    assert writer
    assert json.loads(writer(finding, open_record(date(2016, 5, 9)))) == doc
