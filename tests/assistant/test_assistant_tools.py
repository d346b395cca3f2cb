"""Whatever is asked: an answer that fits, or words; the same figures as the finding has."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.assistant.fitting import LARGEST, PARTS, cut, page, whole
from dualtrack.assistant.server import answered
from dualtrack.assistant.tools import Desk, Tool, tools
from dualtrack.core.errors import BadInput
from dualtrack.serve import handed_in
from dualtrack.serve.workbench import Workbench

KNOWN = tools()


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(Workbench(open_record("2016-05-09"), False, ""))


@pytest.mark.parametrize("name", list(analyses()))
def test_every_question_is_answered_within_bounds_and_every_page_leads_to_the_end(desk: Desk, name: str) -> None:
    parameters = dict(analyses()[name].examples[0]) if analyses()[name].examples else {}
    assert json.loads(KNOWN["list_analyses"].call(desk, {"analysis": name}))["parameters"].keys() == {
        p.name for p in analyses()[name].parameters
    }
    asked = {"analysis": name, "parameters": parameters, "as_of": "2026-11-01", "count": 200}
    text = KNOWN["ask"].call(desk, asked)
    found = json.loads(text)
    assert len(text) <= LARGEST and found["evidence"] and found["headline"]
    with desk.on("2026-11-01", "any") as day:
        own = analyses()[name].ask(day.record, parameters)
    assert (found["headline"], found["caveats"][:1]) == (own.headline, own.caveats[:1])
    assert bool(found["sources"]) == bool(own.sources)
    if own.answer.coverage:
        assert found["answer"]["coverage"] == own.answer.coverage.model_dump()
    for part in PARTS:
        first, entries = 0, 0
        while first is not None:
            text = KNOWN["ask"].call(desk, {**asked, "part": part, "first": first})
            shown = json.loads(text)
            assert len(text) <= LARGEST
            entries += len(shown["entries"])
            assert shown["next"] is None or shown["next"] > first
            first = shown["next"]
        assert entries == shown["of"]


TEXT = st.text(max_size=30) | st.sampled_from(
    ["exercises", "thresholds", "2016", "' OR 1=1", "\x00", "../x.yml", "nan"]
)
VALUE = TEXT | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(TEXT, max_size=3)


@settings(max_examples=150)
@given(name=st.sampled_from([name for name in KNOWN if name != "article"]), data=st.data())
def test_nothing_that_is_asked_breaks_a_tool(desk: Desk, name: str, data: st.DataObject) -> None:
    names = [*KNOWN[name].schema["properties"], "other"]
    given_ = data.draw(st.dictionaries(st.sampled_from(names), VALUE | st.dictionaries(TEXT, VALUE, max_size=2)))
    told: list[str] = []
    result = answered({name: Watched(KNOWN[name], told)}, desk, name, given_)  # type: ignore[dict-item]
    text = result.content[0].text  # type: ignore[union-attr]
    assert text and "Traceback" not in text and told == []
    assert len(text) <= LARGEST
    if not result.is_error:
        json.loads(text)


class Watched:
    """A tool that notes what it did not foresee."""

    def __init__(self, tool: Tool, told: list[str]) -> None:
        self.tool, self.told = tool, told

    def call(self, desk: Desk, given: dict[str, Any]) -> str:
        try:
            return self.tool.call(desk, given)
        except BadInput:
            raise
        except Exception as error:
            self.told.append(f"{type(error).__name__}: {error}")
            raise


def test_what_was_not_foreseen_is_a_sentence_for_the_assistant_and_a_line_for_the_owner(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(desk: Desk, **values: Any) -> dict[str, Any]:
        raise RuntimeError("/a/secret/path")

    tool = Tool("row", "", broken, KNOWN["row"].model)
    result = answered({"row": tool}, desk, "row", {"row": "x"})
    assert result.is_error and "secret" not in result.model_dump_json()
    assert capsys.readouterr().err == "dualtrack: 'row': RuntimeError: /a/secret/path\n"


def test_an_article_that_hangs_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_in, "_SECONDS", 0.05)
    with pytest.raises(BadInput, match=r"more than 0\.05 seconds"):
        KNOWN["article"].call(desk, {"text": "Five of 28 allies met the guideline."})


NESTED = st.recursive(
    st.text(max_size=5) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=60,
)


@given(value=NESTED, most=st.integers(1, 40))
def test_what_is_cut_is_told_and_the_rest_is_as_it_was(value: Any, most: int) -> None:
    cuts: dict[str, str] = {}
    shown = cut(value, most, cuts)
    assert (shown == value) == (cuts == {})
    assert cut(shown, most, again := {}) == shown and again == {}


@given(entries=st.lists(st.text(max_size=3_000), max_size=40), count=st.integers(1, 200))
def test_pages_put_together_are_the_whole(entries: list[str], count: int) -> None:
    found: list[str] = []
    first: int | None = 0
    while first is not None:
        shown = page(entries, first, count, {})
        found += shown["entries"]
        first = shown["next"]
    assert found == entries


def test_a_thing_too_large_is_cut_until_it_fits() -> None:
    found = whole({"lines": [{"text": "x" * 300}] * 5_000})
    assert len(json.dumps(found)) < 1.1 * LARGEST and "of 5000" in found["cut"]["lines"]
