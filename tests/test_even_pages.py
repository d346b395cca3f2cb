"""Even-handed pages: with two states exchanged every page says the same, and with the two sides' labels as well.

The first half asks what a reader is shown. Every page of the workbench, the charts of the brief, the briefs of the two
states and the page of rules are made from the record as it is and with two states' codes exchanged (``swapped`` says
where). A name travels with its row, so words must be the same words, codes must come back when they are mapped back,
and tables must have the same rows. Left out: the order of lists and of words, and addresses.

The second half exchanges the two values of ``side``, which the first leaves as they are: what is counted for the one
must then be counted for the other, figure by figure.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dualtrack.api import OpenRecord, open_record
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import check
from dualtrack.claims.claim import load_claims
from dualtrack.publish.chart import Chart
from dualtrack.publish.encounters.draft import as_draft
from dualtrack.publish.encounters.page import page
from dualtrack.publish.encounters.tables import as_csv
from dualtrack.publish.pages import asked
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.pages.state import StateBrief
from dualtrack.publish.site.pages import Site
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.parts import Drawing, Figures, Form, Link, Listing, Words
from dualtrack.publish.workbench.view import View
from dualtrack.record.store import open_folders, packaged
from dualtrack.record.table import LoadedTable
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.search import search
from dualtrack.tracks.store import convert
from examples import questions
from swapped import Swap

SWAP = Swap("USA", "RUS")
ORIGINAL = open_record("2026-11-24")
OTHER = {"nato": "russia", "russia": "nato"}


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The record with the two states' codes exchanged."""
    folder = SWAP.record(packaged(), tmp_path_factory.mktemp("pages") / "record")
    record = open_folders([folder], ORIGINAL.as_of, cls=OpenRecord)
    tables = {
        name: LoadedTable(SWAP.spec(table.spec), table.rows, table.lines) for name, table in record._tables.items()
    }
    found = OpenRecord(tables, record._readings, record.as_of, record.compiled)
    claims = [SWAP.claim(claim) for claim in load_claims() if claim.day_said <= found.as_of.isoformat()]
    found.once("judged claims", lambda: check(Asker(found), claims))  # claims name states, too
    return found


@pytest.fixture(autouse=True)
def requests_name_states_too(exchanged: OpenRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are measured by questions about states: of the exchanged record they are asked of the other state."""
    theirs, ours = asked.measured, {request.id: SWAP.request(request) for request in asked.recommendations()}
    monkeypatch.setattr(
        asked, "measured",
        lambda asker, of, then, now: theirs(asker, ours[of.id] if asker.latest is exchanged else of, then, now),
    )  # fmt: skip


def shown(part: Any) -> Any:
    """What a reader sees of a part of a page, as lists and words."""
    match part:
        case Drawing(chart=chart):
            return shown(chart)
        case Chart():
            rows = [{column.heading: row.get(column.name) for column in part.columns} for row in part.rows]
            return [part.title, part.reading, part.alt, rows, part.coverage, list(part.notes),
                    [key.label for key in part.key]]  # fmt: skip
        case Listing():
            rows = [{heading: shown(row.get(name)) for name, heading in part.columns} for row in part.rows]
            return [part.title, part.note, part.total, rows]
        case Words():
            return [part.text, shown(list(part.links))]
        case Figures(figures=figures):
            return [[figure.figure, figure.words] for figure in figures]
        case Form(fields=fields):
            return [[field.label, dict(field.options), field.value] for field in fields]
        case Link():
            return part.text
        case list() | tuple():
            return [shown(item) for item in part]
        case _:
            return part


def same(record: OpenRecord, raw: Any) -> Any:
    """What is shown, without order; of the exchanged record with its codes mapped back."""
    return SWAP.unordered(raw, back=record is not ORIGINAL)


def sections(record: OpenRecord, place: str) -> dict[str, Any]:
    """A page as what it shows, by section."""
    made = pages()[place].make(View(record))
    found = {section.id: same(record, [section.heading, shown(section.parts)]) for section in made.sections}
    return {"": same(record, [made.title, made.lead]), **found}


@pytest.mark.parametrize("place", list(pages()))
def test_a_page_shows_the_same_with_two_states_exchanged(place: str, exchanged: OpenRecord) -> None:
    one, other = sections(ORIGINAL, place), sections(exchanged, place)
    assert list(one) == list(other)
    for section, said in one.items():
        assert said == other[section], section


def test_the_brief_shows_the_same_with_two_states_exchanged(exchanged: OpenRecord) -> None:
    one, other = ([Questions(record).title(), shown(Questions(record).charts())] for record in (ORIGINAL, exchanged))
    assert same(ORIGINAL, one) == same(exchanged, other)


@pytest.mark.parametrize("code", ["RUS", "USA", "POL"])
def test_the_page_of_a_state_is_the_page_of_the_other(code: str, exchanged: OpenRecord) -> None:
    def told(record: OpenRecord, of: str) -> Any:
        made = StateBrief(record, of)
        return same(record, [made.name, [[s.title, s.note, s.total, [dict(row) for row in s.rows],
                                          shown(s.chart) if s.chart else None] for s in made.sections]])  # fmt: skip

    assert told(ORIGINAL, code) == told(exchanged, SWAP.code(code))


def test_the_page_of_rules_is_the_same_with_two_states_exchanged(exchanged: OpenRecord) -> None:
    assert same(ORIGINAL, Site(ORIGINAL, [], live=True).rules()) == same(
        exchanged, Site(exchanged, [], live=True).rules()
    )


def test_a_favour_on_a_page_is_noticed(exchanged: OpenRecord) -> None:
    """The comparison is no formality: what is not mapped back is another page."""
    found = pages()["dialogue"].make(View(exchanged))
    raw = [[section.heading, shown(section.parts)] for section in found.sections]
    assert SWAP.unordered(raw, back=False) != SWAP.unordered(raw, back=True)


BY_SIDE = ("exercises", "openness", "presence", "notifiable", "thresholds", "threshold_sweep", "bunching", "proposal",
           "count", "share")  # fmt: skip
"""The analyses that group rows by side, or that can be asked about one."""


def sides(value: Any) -> Any:
    """Anything with the two sides' codes exchanged: in a key, as what ``side`` is, and in a condition on it."""
    if isinstance(value, dict):
        of_side = ("side", "other", "value") if value.get("field") == "side" else ("side", "other")
        return {
            re.sub("^(nato|russia)(?=_|$)", lambda found: OTHER[found[1]], key):
            OTHER.get(item, item) if key in of_side and isinstance(item, str) else sides(item)
            for key, item in value.items()
        }  # fmt: skip
    if isinstance(value, (list, tuple)):
        return [sides(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"(side = '?)(nato|russia)\b", lambda found: found[1] + OTHER[found[2]], value)
    return value


def paired(value: Any) -> Any:
    """Anything with comparisons of two sides as pairs, of which neither comes first."""
    if isinstance(value, dict) and "other_under" in value:
        two = [[value[f"{of}{name}"] for name in ("n", "under")] for of in ("", "other_")]
        named = sorted(zip((value["side"], value["other"]), two, strict=True))
        return {"sides": named, **{key: value[key] for key in ("level", "window", "two_sided", "holm")}}
    if isinstance(value, dict):
        return {key: paired(item) for key, item in value.items()}
    return [paired(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def other_side() -> OpenRecord:
    """The record with NATO's rows under the code of Russia's side and the other way round; nothing else is touched."""
    tables = {}
    for name, table in ORIGINAL._tables.items():
        rows = {id_: {**cells, "side": OTHER.get(cells["side"], cells["side"])} if "side" in cells else cells
                for id_, cells in table.rows.items()}  # fmt: skip
        parts = [extent.model_copy(update={"part": sides(extent.part)}) for extent in table.spec.complete]
        tables[name] = LoadedTable(table.spec.model_copy(update={"complete": tuple(parts)}), rows, table.lines)
    return OpenRecord(tables, ORIGINAL._readings, ORIGINAL.as_of, ORIGINAL.compiled)


@pytest.mark.parametrize("name", BY_SIDE)
def test_what_is_counted_for_one_side_is_counted_for_the_other(name: str, other_side: OpenRecord) -> None:
    """Figures, coverage, what stays unknown and evidence; the labels of sides are words of ours and left out."""
    for example in questions(name):
        one, other = ORIGINAL.ask(name, **example), other_side.ask(name, **sides(example))
        raw = [json.loads(found.to_json()) for found in (one, other)]
        kept = [{part: found[part] for part in ("answer", "evidence", "sources")} for found in raw]
        assert same(ORIGINAL, paired(kept[0])) == same(ORIGINAL, paired(sides(kept[1]))), example


def test_encounters_in_tracks_are_the_same_with_two_registries_exchanged(tmp_path: Path) -> None:
    """Tables, draft rows and page, to the letter: whose a number is has no part in what is found or how it is told."""
    swap = Swap("RUS", "GBR")
    blocks = ORIGINAL._tables["address_blocks"]
    rows = {id_: {**cells, "state": swap.code(cells["state"] or "")} for id_, cells in blocks.rows.items()}
    other = OpenRecord(
        {**ORIGINAL._tables, "address_blocks": LoadedTable(blocks.spec, rows, blocks.lines)}, ORIGINAL._readings,
        ORIGINAL.as_of, ORIGINAL.compiled,
    )  # fmt: skip
    tracks = convert([Path(__file__).parents[1] / "docs" / "examples" / "baltic-tracks.csv"], tmp_path / "tracks")
    one, two = (
        search(tracks, Asked(), record, folder=tmp_path / name) for record, name in ((ORIGINAL, "one"), (other, "two"))
    )
    owners = {(party.state, party.military) for found in one.encounters for party in (found.a, found.b)}
    assert {state for state, _ in owners} >= {"RUS", "GBR"}
    for form in (as_csv, as_draft, page):
        assert form(one).decode() == swap.codes(form(two).decode())
    assert as_csv(one) != as_csv(two)
