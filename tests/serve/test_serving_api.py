"""The record as an API: described as it is, the same answers as commands give, errors as problem details."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.core.finding import Finding
from serving import DAY, Served


def asked(served: Served, path: str) -> Any:
    reply = served.get(path)
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


@pytest.fixture(scope="module")
def described(served: Served) -> dict[str, Any]:
    found: dict[str, Any] = asked(served, "/api/openapi.json")
    return found


def test_every_analysis_is_described_with_its_parameters_and_examples(described: dict[str, Any]) -> None:
    for question in analyses().values():
        operation = described["paths"][f"/api/findings/{question.name}"]["get"]
        told = {p["name"]: p for p in operation["parameters"]}
        assert set(told) == {"as_of", "known", *(p.name for p in question.parameters)}
        assert all(told[p.name]["description"] == p.about for p in question.parameters if p.about)
        assert {name for name, p in told.items() if p.get("required")} == {
            p.name for p in question.parameters if p.required
        }
    problem = described["components"]["schemas"]["Problem"]["required"]
    assert {"type", "title", "status", "detail"} <= set(problem)


def test_a_finding_is_the_one_that_a_command_gives(served: Served) -> None:
    found = asked(served, "/api/findings/spending_guideline?year=2015&group=eastern_flank")
    assert found == json.loads(open_record(DAY).ask("spending_guideline", year=2015, group="eastern_flank").to_json())
    assert Finding.model_validate(found)
    lines = served.get("/api/findings/spending_guideline.csv?year=2015").text.splitlines()
    assert lines[0] == "table,row,field,value,sources,known_from,known_basis" and len(lines) > 2


def test_examples_of_the_description_are_answered(served: Served, described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        if "get" not in operations or path.startswith("/api/findings/"):
            continue
        query = {}
        for p in operations["get"].get("parameters", []):
            example = (p.get("examples") or p["schema"].get("examples") or [None])[0]
            if p["in"] == "path" and example is not None:
                path = path.replace(f"{{{p['name']}}}", quote(str(example)))
            elif p.get("required") and example is not None:
                query[p["name"]] = quote(str(example))
        if "{" in path or "cp001" in path or path.startswith("/api/runs/"):  # no run has been started
            continue
        reply = served.get(path + "?" + "&".join(f"{name}={text}" for name, text in query.items()))
        assert reply.status == 200 or "zapad-2017" in path, (path, reply.text)


def test_tables_rows_readings_and_verdicts(served: Served) -> None:
    record = open_record(DAY)
    tables = {table["table"]: table for table in asked(served, "/api/tables")}
    assert set(record.tables) <= set(tables)
    some = asked(served, "/api/tables/exercises?where=" + quote("side = 'russia'") + "&limit=3")
    assert len(some) == 3 and {row["side"] for row in some} == {"russia"}
    assert asked(served, "/api/tables/exercises?limit=1&offset=1")[0]["id"] == record.rows("exercises")[1].id
    assert served.get("/api/tables/exercises.csv").text == served.get("/tables/exercises.csv").text
    assert asked(served, "/api/rows/spending/NOR.2015.nato.2015-06-22")[0]["state"] == "NOR"
    assert served.get("/api/rows/spending/NOR.2015.nato.2015-06-22.csv").text.startswith("state,year")
    assert {reading["class"] for reading in asked(served, "/api/readings")["balance"]} <= {
        "speaker",
        "public",
        "stress",
    }
    verdicts = asked(served, "/api/exercises/verdicts?basis=high")
    assert verdicts["basis"] == "high"
    assert {row["notifiable"] for row in verdicts["rows"] if row["notifiable"]} <= {"yes", "no", "unknown"}
    lines = served.get("/api/exercises/verdicts.csv?basis=high").text.splitlines()
    assert lines[0].startswith("id,instrument,notifiable") and len(lines) == len(verdicts["rows"]) + 1
    assert served.get("/api/search.csv?q=zapad").text.startswith("kind,title,text,url")
    claims = asked(served, "/api/claims")
    assert asked(served, f"/api/claims/{claims[0]['id']}") == asked(served, f"/api/claims/{claims[0]['number']}")
    assert served.get("/api/claims.csv").text.count("\n") >= len(claims)


def test_a_later_day_knows_more_and_an_earlier_one_less(served: Served) -> None:
    counts = [len(asked(served, f"/api/tables/dialogue?as_of={day}")) for day in ("2014-01-01", DAY, "2026-11-25")]
    assert counts == sorted(counts) and counts[0] < counts[-1]


def test_the_api_answers_conditionally_and_under_the_same_policy(served: Served) -> None:
    first = served.get("/api/tables/states")
    assert served.get("/api/tables/states", if_none_match=first.headers["etag"]).status == 304
    assert "default-src 'none'" in first.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nothing", 404),
        ("/api/tables/none", 404),
        ("/api/rows/exercises/none", 404),
        ("/api/claims/none", 404),
        ("/api/findings/none", 404),
        ("/api/tables/exercises?where=none+%3D+1", 422),
        ("/api/tables/exercises?where=" + quote("1); DROP TABLE x; --"), 422),
        ("/api/tables/exercises?limit=-1", 422),
        ("/api/tables/exercises?as_of=never", 422),
        ("/api/findings/thresholds?notification=many", 422),
        ("/api/findings/thresholds?basis=guessed", 422),
        ("/api/findings/polls", 422),
        ("/api/exercises/verdicts?instrument=none", 422),
        ("/api/search", 422),
    ],
)
def test_errors_are_problem_details(served: Served, path: str, status: int) -> None:
    reply = served.get(path)
    found = json.loads(reply.body)
    assert (reply.status, found["status"], found["type"]) == (status, status, "about:blank")
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert found["title"] and found["detail"] and "Traceback" not in reply.text
    assert served.get("/api/tables", "DELETE").status == 405


WORDS = st.text(max_size=12) | st.sampled_from(["EST", "2015", "-1", "1e999", "nan", "\x00", "a" * 500, "'", "[]"])


@settings(max_examples=50)
@given(name=st.sampled_from(["thresholds", "exercises", "dialogue", "encounters", "presence"]), data=st.data())
def test_no_parameter_breaks_an_answer(served: Served, name: str, data: st.DataObject) -> None:
    names = [p.name for p in analyses()[name].parameters]
    query = data.draw(st.dictionaries(st.sampled_from([*names, "as_of", "other"]), WORDS, max_size=3))
    text = "&".join(f"{quote(key)}={quote(value, errors='replace')}" for key, value in query.items())
    reply = served.get(f"/api/findings/{name}?{text}")
    assert reply.status in (200, 422), (query, reply.text)


def test_search_finds_by_name_code_and_id(served: Served) -> None:
    found = asked(served, "/api/search?q=zapad+2013&kind=row")
    assert found["results"][0]["url"] == "/rows/exercises/zapad-2013.html"
    assert asked(served, "/api/search?q=eastern+flank")["results"][0]["kind"] == "term"
    assert asked(served, "/api/search?q=qqqqqqq") == {"q": "qqqqqqq", "total": 0, "results": []}


def test_a_slider_move_is_answered_by_numbers_that_were_there_before(served: Served) -> None:
    made = asked(served, "/thresholds.json")
    assert (made["start"], made["stop"], made["step"]) == (1_000, 20_000, 500)
    found = asked(served, "/api/findings/thresholds?notification=5000&observation=13000")["answer"]["value"]
    own = {line["id"]: line["notifiable"] for line in found}
    for one in made["exercises"]:
        told, may = one["on"]["announced"][:2]
        said = "yes" if told > 8 else "unknown" if may > 8 else "no"
        assert own[one["place"].rpartition("/")[2]] == said


def test_a_finding_by_the_short_way_is_the_one_of_the_long_way(served: Served) -> None:
    """What the API does not know by name it passes over, so that such a query goes the long way."""
    for query in ("notification=5000&basis=high", "as_of=2015-06-01&side=nato", "known=strict", "state=XXX", "since=x"):
        for ending in ("", ".csv"):
            short = served.get(f"/api/findings/thresholds{ending}?{query}")
            long_ = served.get(f"/api/findings/thresholds{ending}?{query}&passed_over=1")
            twice = served.get(f"/api/findings/thresholds{ending}?{query}")
            assert (short.status, short.body, short.headers["content-type"]) == (
                long_.status, long_.body, long_.headers["content-type"],
            )  # fmt: skip
            assert (twice.status, twice.body) == (short.status, short.body)
    tag = served.get("/api/findings/thresholds?notification=5000&basis=high").headers["etag"]
    again = served.get("/api/findings/thresholds?notification=5000&basis=high", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert served.get("/api/findings/thresholds?side=nato&side=russia").status in (200, 422)
    assert served.get("/api/findings/model?question=both-tracks-best&worlds=10001").status == 422


def test_a_name_with_a_question_mark_is_not_the_name_before_it(served: Served) -> None:
    assert served.get("/api/rows/exercises/zapad-2013").status == 200
    assert served.get("/api/rows/exercises/zapad-2013%3Fx").status == 404
