"""The format of a finding is checked in as JSON Schema; it is generated, and grows by additions only.

Write it anew after a change of the models with: python tests/core/test_finding_schema.py
"""

import json
from pathlib import Path
from typing import Any

import jsonschema

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.core.finding import Finding

SHIPPED = Path(__file__).parents[2] / "src" / "dualtrack" / "core" / "finding.schema.json"

# The smallest finding of format 1: what was written when the format was young must stay readable.
FIRST: dict[str, Any] = {
    "schema": 1,
    "id": "x/2016-05-09",
    "analysis": "x",
    "question": "Which?",
    "headline": "These",
    "as_of": "2016-05-09",
    "parameters": {"year": 2015},
    "answer": {"kind": "set", "value": ["EST"], "low": None, "best": None, "high": None, "unit": "states"},
    "by_reading": [{"reading": {"slot": "id"}, "class": "public", "answer": {"kind": "set", "value": ["EST"]}}],
    "editions": [{"edition": "2016-01-28", "answer": {"kind": "set", "value": ["EST"]}}],
    "evidence": [{"table": "spending", "row": "r", "field": "f", "value": 2.0, "sources": ["s"]}],
    "sources": [{"id": "s"}],
    "method": {"text": "by looking", "sql": [], "version": "0.1"},
    "caveats": [],
}


def schema() -> dict[str, Any]:
    """The schema of the format as the models have it, with the names used in JSON (schema, class)."""
    made = Finding.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def as_written() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def validate(text: str) -> None:
    jsonschema.Draft202012Validator(
        json.loads(SHIPPED.read_text("utf-8")), format_checker=jsonschema.FormatChecker()
    ).validate(json.loads(text))


def test_the_shipped_schema_is_current() -> None:
    assert SHIPPED.read_text("utf-8") == as_written(), "run: python tests/core/test_finding_schema.py"


def test_it_is_a_schema_and_uses_the_names_of_the_format() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert {"schema", "id", "analysis", "answer", "evidence", "sources", "method"} <= set(schema()["properties"])
    assert "class" in schema()["$defs"]["ByReading"]["properties"]
    assert "evidence" in schema()["required"]


def test_findings_of_the_record_are_valid() -> None:
    record = open_record("2026-11-24")
    for analysis in analyses().values():
        for example in analysis.examples[:1]:
            validate(record.ask(analysis.name, **example).to_json())


def test_a_finding_of_the_first_day_stays_valid() -> None:
    validate(json.dumps(FIRST))
    assert Finding.model_validate(FIRST).id == "x/2016-05-09"


def refused(text: str) -> bool:
    try:
        validate(text)
    except jsonschema.ValidationError:
        return True
    return False


def test_what_is_no_finding_is_refused() -> None:
    for changed in ({"schema": 2}, {"answer": {"kind": "guess"}}, {"ratio": 7.5}, {"as_of": "soon"}, {"evidence": []}):
        assert refused(json.dumps({**FIRST, **changed})), changed
    assert refused(json.dumps({key: value for key, value in FIRST.items() if key != "evidence"}))


if __name__ == "__main__":
    SHIPPED.write_text(as_written(), "utf-8")
