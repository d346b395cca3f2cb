"""The page of choices: plain words with their conditions, state in the address, no shares without their errors."""

import re
from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.choice.question import questions
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.publish.choices.told import Told, told_of
from dualtrack.publish.site import urls
from dualtrack.publish.site.pages import Site
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.parts import Drawing, Form, Link, Listing, Own, Page, Words
from dualtrack.publish.workbench.rendered import CHART_FILES, chart, chart_file
from dualtrack.publish.workbench.view import Offered, View
from dualtrack.record.store import packaged

RECORD = open_record("2016-05-09")


def runs(id_: str) -> Told:
    """A run of a reader's own, called mine."""
    if id_ != "mine":
        raise NoSuchName("run", id_, ["mine"])
    return told_of("2025", "article").model_copy(update={"scenario": "own", "title": "Mine"})


def made(live: bool = True, offered: bool = True, **query: str) -> Page:
    return pages()["choices"].make(View(RECORD, query, live, Offered(runs, 1024, 20_000) if offered else None))


def said(page: Page) -> str:
    parts = [part for section in page.sections for part in section.parts]
    return " ".join([page.title, page.lead, *(part.text for part in parts if isinstance(part, Words))])


def listings(page: Page) -> list[Listing]:
    return [part for section in page.sections for part in section.parts if isinstance(part, Listing)]


@pytest.mark.parametrize("question", list(questions()))
@pytest.mark.parametrize("priors", ["neutral", "sceptic_of_dialogue"])
def test_every_answer_says_its_share_its_neutral_share_its_drivers_and_that_it_is_no_probability(
    question: str, priors: str
) -> None:
    page = made(question=question, priors=priors)
    answered = told_of("warsaw-2016", priors).answers[question]
    words = said(page)
    assert answered.headline in words and "not probabilities" in words
    assert f"{100 * answered.shares['neutral'].value:.1f} percent" in words
    assert "standard error" in words and "neutral" in words
    assert all(f"({name}, " in words for name in answered.drivers)


def test_no_share_of_a_table_stands_without_its_standard_error() -> None:
    for listing in listings(made()):
        for row in listing.rows:
            for cell in row.values():
                assert not (isinstance(cell, str) and re.fullmatch(r"[\d.]+%", cell)), cell


def test_the_page_holds_what_was_asked_for_in_that_order() -> None:
    assert [section.id for section in made().sections] == [
        "asked", "answer", "packages", "tracks", "regret", "policy", "flips", "assumptions", "runs",
    ]  # fmt: skip
    assert set(made().charts) == set(pages()["choices"].charts)


def test_what_each_track_does_to_the_other_has_units_sums_and_shares_of_every_set() -> None:
    found = told_of("2025", "article")
    assert found.tracks
    [section] = [one for one in made(scenario="2025", priors="article").sections if one.id == "tracks"]
    first, effects, parts, _ = section.parts
    assert isinstance(first, Words) and "under neutral ones in" in first.text and "not make both the best" in first.text
    assert isinstance(effects, Listing) and isinstance(parts, Listing)
    for row, one in zip(effects.rows, found.tracks.effects, strict=True):
        assert (row["unit"], row["formula"]) == (one.unit, one.formula) and set(found.worlds) <= set(row)
    assert f"ranges {str(found.about['parameters_sha256'])[:12]}" in effects.note
    for column, own in (("value", found.tracks.value), ("support", found.tracks.support)):
        assert sum(own.parts.values()) + own.rest == pytest.approx(own.total, abs=1e-5)
        assert parts.rows[-1][column] == f"{own.total:+.4f}" and len(parts.rows) == len(own.parts) + 2
    old = found.model_copy(update={"tracks": None})
    page = pages()["choices"].make(View(RECORD, {"run": "old"}, True, Offered(lambda _: old, 1024, 20_000)))
    assert "tracks" not in [one.id for one in page.sections], "a run told before this was asked"


def test_the_regret_map_follows_the_address_and_its_rows_are_the_runs() -> None:
    found = told_of("warsaw-2016", "neutral")
    x, y = list(found.axes)[3:5]
    drawn = made(x=x, y=y, package="both").charts["regret-cells"]
    assert "“Both”" in drawn.title and f"over {x} and {y}" in drawn.title
    number = [one.name for one in found.packages].index("both")
    grid = [cell for line in found.grid(x, y) for cell in line]
    assert [row["regret"] for row in drawn.rows] == [round(cell.means[number], 1) for cell in grid]
    assert made(x=x, y=x).charts["regret-cells"].title != drawn.title  # never an assumption against itself
    assert made(package="of another scenario", x="b0").charts["regret-cells"].rows


def test_a_set_of_priors_is_a_link_to_the_same_page_under_it() -> None:
    rows = listings(made(question="presence-provokes-pressure", x="k2", as_of="2016-05-09"))[0].rows
    links = [row["priors"] for row in rows if isinstance(row["priors"], Link)]
    assert {link.query["priors"] for link in links} == {"article", "sceptic_of_dialogue", "sceptic_of_presence"}
    assert all(link.query["question"] == "presence-provokes-pressure" and link.query["x"] == "k2" for link in links)


def test_in_a_folder_of_files_the_comparison_stands_without_forms_and_runs() -> None:
    page = made(live=False, offered=False)
    kinds = {type(part) for section in page.sections for part in section.parts}
    assert Form not in kinds and Own not in kinds and Drawing in kinds
    assert "dualtrack serve" in said(page)
    assert not any(isinstance(row["priors"], Link) for row in listings(page)[0].rows)
    text = Site(RECORD, []).workbench("choices", {})
    assert "<form" not in text and "runs.js" not in text and "Source: ." not in text


def test_a_run_of_ones_own_is_shown_as_those_that_come_along() -> None:
    page = made(run="mine", question="both-tracks-best")
    assert "These are the results of a run of your own: Mine" in said(page)
    assert told_of("2025", "article").answers["both-tracks-best"].headline in said(page)
    form = next(part for section in page.sections for part in section.parts if isinstance(part, Form))
    assert [field.name for field in form.fields] == ["question"]


@pytest.mark.parametrize(
    "query", [{"scenario": "1914"}, {"priors": "mine"}, {"question": "who-wins"}, {"run": "other"}, {"x": "x" * 300}]
)
def test_what_there_is_not_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        made(**query)


def test_without_a_server_that_keeps_runs_there_is_none() -> None:
    with pytest.raises(NoSuchName):
        made(offered=False, run="mine")


def test_the_link_to_the_question_as_a_finding_is_where_the_finding_is() -> None:
    page = made(question="support-makes-presence-deter")
    links = [
        link.place
        for section in page.sections
        for part in section.parts
        if isinstance(part, Words)
        for link in part.links
    ]
    assert urls.finding(RECORD.ask("model", question="support-makes-presence-deter")) in links


def test_charts_can_be_had_as_files_with_the_state_of_the_page() -> None:
    view = View(RECORD, {"scenario": "2025", "package": "both"}, live=True)
    for id_ in pages()["choices"].charts:
        found = chart(view, id_)
        for suffix in CHART_FILES:
            assert chart_file(RECORD, found, suffix), (id_, suffix)
    other = View(RECORD, {"package": "deterrence only"}, live=True)
    assert chart_file(RECORD, chart(other, "regret-cells"), ".svg") != chart_file(
        RECORD, chart(view, "regret-cells"), ".svg"
    )


def test_a_record_with_other_ranges_is_told_that_these_results_are_not_of_them(tmp_path: Path) -> None:
    table = (packaged() / "model_parameters.csv").read_text("utf-8").splitlines()
    line = next(line for line in table if line.startswith("b0,"))
    (tmp_path / "model_parameters.csv").write_text(f"{table[0]}\n{line.replace(',0.8,', ',0.7,')}\n", "utf-8")
    view = View(open_record("2016-05-09", folder=tmp_path), {}, live=True)
    assert "Your record has other ranges" in said(pages()["choices"].make(view))
    assert "Your record has other ranges" not in said(made())
