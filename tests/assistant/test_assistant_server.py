"""The record as tools: a real process asked by the SDK's own client over standard input and output."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, Tool
from typer.testing import CliRunner

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.assistant.tools import TYPED, tools
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput

DAY = "2016-05-09"
COMMAND = [sys.executable, "-m", "dualtrack", "mcp", "--as-of", DAY]


@dataclass
class Asked:
    """A client of the running server, asked from a test as if it were no coroutine."""

    loop: asyncio.AbstractEventLoop
    client: Client
    said: Path

    def result(self, tool: str, **given: Any) -> CallToolResult:
        return asyncio.run_coroutine_threadsafe(self.client.call_tool(tool, given), self.loop).result(120)

    def __call__(self, tool: str, **given: Any) -> Any:
        result = self.result(tool, **given)
        text = result.content[0].text  # type: ignore[union-attr]
        assert not result.is_error, text
        return json.loads(text)

    def refused(self, tool: str, **given: Any) -> str:
        result = self.result(tool, **given)
        text: str = result.content[0].text  # type: ignore[union-attr]
        assert result.is_error, text
        return text

    def tools(self) -> dict[str, Tool]:
        found = asyncio.run_coroutine_threadsafe(self.client.list_tools(), self.loop).result(60)
        return {tool.name: tool for tool in found.tools}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """The server as an assistant starts it, in a process of its own."""
    said = tmp_path_factory.mktemp("said") / "stderr.txt"
    started, ended = threading.Event(), threading.Event()
    made: list[Asked] = []

    async def hold() -> None:
        with said.open("w") as log:
            transport = stdio_client(StdioServerParameters(command=COMMAND[0], args=COMMAND[1:]), errlog=log)
            async with Client(transport) as client:
                made.append(Asked(asyncio.get_running_loop(), client, said))
                started.set()
                await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    assert started.wait(60)
    yield made[0]
    ended.set()
    thread.join(30)
    assert not thread.is_alive()
    assert said.read_text() == ""  # nothing went wrong that only the server's owner was told


def test_tools_are_described_by_the_code_and_only_read(asked: Asked) -> None:
    listed, known = asked.tools(), tools()
    assert set(listed) == set(known)
    for name, tool in listed.items():
        assert tool.description == known[name].about and len(tool.description or "") > 40
        assert tool.input_schema == known[name].schema
        assert tool.annotations and tool.annotations.read_only_hint and tool.annotations.destructive_hint is False
        if name not in ("list_analyses", "article"):
            assert {"as_of", "known"} <= set(tool.input_schema["properties"])
        assert all(one.get("description") for one in tool.input_schema["properties"].values()), name
    for name in TYPED:
        told = listed[name].input_schema["properties"]
        for p in analyses()[name].parameters:
            assert told[p.name]["description"] == p.about
    assert "Unknown is an answer" in (asked.client.instructions or "")
    names = [line["analysis"] for line in asked("list_analyses")["analyses"]]
    assert names == list(analyses())


def test_a_finding_is_the_one_a_command_gives_with_all_its_evidence_page_by_page(asked: Asked) -> None:
    own = open_record(DAY).ask("thresholds", notification=5000, since="2014")
    whole = json.loads(own.to_json())
    found = asked("ask", analysis="thresholds", parameters={"notification": 5000, "since": "2014"})
    assert found == {**asked("thresholds", notification=5000, since="2014")}
    for name in ("id", "question", "headline", "as_of", "parameters", "caveats", "method"):
        assert found[name] == whole[name]
    assert found["answer"]["coverage"] == whole["answer"]["coverage"]
    assert found["evidence"] == whole["evidence"][: len(found["evidence"])]
    assert {s for e in found["evidence"] for s in e["sources"]} == {source["id"] for source in found["sources"]}
    assert found["cut"]["evidence"] == f"{len(found['evidence'])} of {len(whole['evidence'])}"
    evidence, first = [], 0
    while first is not None:
        page = asked("thresholds", notification=5000, since="2014", part="evidence", first=first, count=90)
        assert page["of"] == len(whole["evidence"])
        evidence += page["entries"]
        first = page["next"]
    assert evidence == whole["evidence"]
    rows = asked("thresholds", notification=5000, since="2014", part="answer", count=200)
    assert rows["entries"] == whole["answer"]["value"] and rows["next"] is None


def test_nothing_known_later_is_told(asked: Asked) -> None:
    assert asked("row", row="exercises/zapad-2013")["cells"]["name"] == "Zapad 2013"
    assert "known on 2016-05-09" in asked.refused("row", row="exercises/zapad-2017")
    later = asked("row", row="exercises/zapad-2017", as_of="2018")
    assert later["as_of"] == "2018-12-31" and later["sources"] and later["sources"][0]["publisher"]
    counts = [asked("rows", table="dialogue", as_of=day, count=1)["of"] for day in ("2014", "", "2018")]
    assert counts == sorted(counts) and counts[0] < counts[1] < counts[2]
    strict = asked("rows", table="dialogue", known="strict", count=1)["of"]
    assert strict == len(open_record(DAY, strict=True).rows("dialogue"))
    assert len(asked("proposals")["proposals"]) < len(asked("proposals", as_of="2026")["proposals"])


def test_what_is_found_can_be_read(asked: Asked) -> None:
    found = asked("find", words="zapad", kind="row", count=50)
    assert found["entries"][0]["title"].startswith("Zapad")
    for one in found["entries"][:8]:
        assert asked("row", row=one["place"].removeprefix("rows/"))["cells"]
    following = asked("find", words="zapad", kind="row", count=2, first=2)
    assert following["entries"] == found["entries"][2:4] and following["of"] == found["of"]
    table = asked("tables", table="exercises")
    assert {column["name"] for column in table["columns"]} == set(asked("row", row="exercises/zapad-2013")["cells"])
    some = asked("rows", table="exercises", where="side = 'russia'", count=3)
    assert len(some["entries"]) == 3 and {one["side"] for one in some["entries"]} == {"russia"}
    assert asked("readings", slot="balance")["entries"]


def test_claims_are_listed_and_judged_as_of_a_day(asked: Asked) -> None:
    found = asked("claims", count=100)
    assert found["next"] is None and {one["said"] for one in found["entries"] if one["said"]} <= {
        one["said"] for one in found["entries"] if (one["said"] or "") <= DAY
    }
    word = found["verdicts"][0]
    assert {one["verdict"] for one in asked("claims", verdict=word)["entries"]} == {word}
    one = next(one for one in found["entries"] if one["verdict"])
    judged = asked("claim", claim=one["number"])
    assert judged["id"] == one["id"] and judged["latest"]["verdict"] == one["verdict"]
    assert judged["latest"]["readings"] and judged["latest"]["evidence"] and judged["latest"]["as_of"] == DAY
    assert "claim made by" in asked.refused("claim", claim="none")


def test_an_article_is_answered_sentence_by_sentence(asked: Asked) -> None:
    text = "It rained. Only five of 28 allies met the two percent guideline in 2015. <script>alert(1)</script>"
    found = asked("article", text=text, date=DAY)
    (one,) = found["entries"]
    assert one["text"].startswith("Only five of 28") and one["claim"] and one["verdict"]
    assert "There is no article" in asked.refused("article", text="  ")
    assert "not a date" in asked.refused("article", text=text, date="2016-02-30")
    assert "English" in asked.refused("article", text="Die Allianz hat fünf von achtundzwanzig Staaten. " * 20)


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("none", {}, "There is no tool called 'none'"),
        ("ask", {"analysis": "thresholdz"}, "Did you mean thresholds"),
        ("ask", {}, "Field required"),
        ("ask", {"analysis": "polls"}, "polls needs question"),
        ("ask", {"analysis": "thresholds", "parameters": {"notification": -1}}, "cannot be used"),
        ("ask", {"analysis": "thresholds", "parameters": {"other": 1}}, "no parameter of thresholds"),
        ("ask", {"analysis": "thresholds", "as_of": "never"}, "not a date"),
        ("ask", {"analysis": "thresholds", "as_of": "1960"}, "outside what can be asked"),
        ("ask", {"analysis": "thresholds", "parameters": {f"p{i}": 1 for i in range(41)}}, "so many"),
        ("ask", {"analysis": "proposal", "parameters": {"proposal": "/etc/passwd"}}, "is no id"),
        ("proposal", {"proposal": "../../x.yml"}, "is no id"),
        ("proposal", {"proposal": "mine.yml"}, "is no id"),
        ("thresholds", {"count": 10_000}, "less than or equal to 200"),
        ("rows", {"table": "exercises", "where": "1); DROP TABLE x"}, ""),
        ("rows", {"table": "none"}, "There is no table"),
        ("row", {"row": "exercises"}, "table/id"),
        ("row", {"row": "../../etc/passwd"}, "There is no table"),
        ("find", {"words": "x" * 300}, "at most 200"),
        ("article", {"text": "x" * 200_001}, "at most 200000"),
    ],
)
def test_a_mistake_is_told_in_words(asked: Asked, tool: str, given: dict[str, Any], said: str) -> None:
    text = asked.refused(tool, **given)
    assert said in text and "Traceback" not in text and ".py" not in text and len(text) < 1_000


def test_a_line_that_is_no_message_does_no_harm_and_the_end_of_input_ends_it(tmp_path: Path) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
    lines = "\n".join(["no message", "{}", "[" * 500, json.dumps(hello), ""])
    done = subprocess.run(COMMAND, input=lines, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["result"]["serverInfo"]["name"] for one in answers if one.get("id") == 1] == ["dualtrack"]
    assert done.returncode == 0 and done.stderr == ""


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    result = CliRunner().invoke(app, ["mcp"])
    assert isinstance(result.exception, BadInput)
    assert "An assistant's server needs mcp." in str(result.exception)
    assert 'pip install "dualtrack[mcp]"' in str(result.exception)


def test_its_own_extra_is_enough() -> None:
    code = "import sys; sys.modules.update(dict.fromkeys(('fastapi', 'uvicorn', 'scipy', 'trafilatura'))); "
    code += "import dualtrack.assistant.server, dualtrack.serve.article_worker"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
