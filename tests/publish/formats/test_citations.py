"""References as other programs read them: BibTeX by a strict reader, CSL-JSON and RIS by their rules."""

import json
import re
from datetime import date

import pytest
from bibtex_reader import printed, read
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.publish.cite import Reference, of_finding, of_record, of_rows, of_sources, sentence
from dualtrack.publish.formats import bibtex, csl, formats, ris
from dualtrack.publish.tables import selected

RECORD = open_record(date(2026, 11, 25))
SOURCES = [row.id for row in RECORD.rows("sources")]
FINDING = RECORD.ask("spending_guideline", year=2015, group="eastern_flank")

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from(list("\\{}#$%&_~^\n\r\t,\"'")),
    max_size=30,
)
DATES = st.sampled_from(["", "2016", "2016-05", "2016-05-09"])
REFERENCES = st.builds(
    Reference,
    key=st.just("some-key.1"),
    kind=st.sampled_from(["webpage", "dataset"]),
    author=WORDS,
    title=WORDS,
    published=DATES,
    url=st.sampled_from(["", "https://example.org/a_b?c=%20&d=#e", "https://example.org/{x}\\y z"]),
    accessed=DATES,
    note=WORDS,
)


def one_line(text: str) -> str:
    return " ".join(text.split())


@given(REFERENCES)
def test_bibtex_says_what_was_meant(reference: Reference) -> None:
    entry = read(bibtex.text([reference]))[reference.key]
    for name in ("author", "title", "note"):
        assert printed(entry.get(name, "")) == one_line(getattr(reference, name))
    parts = [entry.get("year"), entry.get("month"), entry.get("day")]
    wanted = {"": [], "2016": ["2016"], "2016-05": ["2016", "may"], "2016-05-09": ["2016", "may", "9"]}
    assert [part for part in parts if part] == wanted[reference.published]
    assert not re.search(r"[{}\\ ]", entry.get("url", ""))


@given(REFERENCES)
def test_ris_has_one_value_a_line(reference: Reference) -> None:
    lines = ris.text([reference]).split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines)
    found = {line[:2]: line[6:] for line in lines}
    assert lines[0] in ("TY  - ELEC", "TY  - DATA")
    assert lines[-1] == "ER  - "
    assert found.get("TI", "") == one_line(reference.title)
    assert "," not in found.get("AU", "")
    assert found.get("PY", "") == reference.published[:4]
    if reference.published:
        assert re.fullmatch(r"\d{4}/(\d\d)?/(\d\d)?/", found["DA"])


@given(REFERENCES)
def test_csl_is_json_with_partial_dates(reference: Reference) -> None:
    (item,) = json.loads(csl.text([reference]))
    assert item["type"] in ("webpage", "dataset")
    assert item.get("title", "") == reference.title
    parts = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
    assert parts == [int(part) for part in reference.published.split("-") if part]


def test_every_source_of_the_record_can_be_cited() -> None:
    references = of_sources(RECORD, SOURCES)
    entries = read(bibtex.text(references))
    assert len(entries) == len({row["same_as"] or row.id for row in RECORD.rows("sources")})
    for reference in references:
        entry = entries[reference.key]
        assert printed(entry["author"]) == reference.author
        assert printed(entry["title"]) == reference.title
    assert len(json.loads(csl.text(references))) == len(entries)
    assert ris.text(references).count("ER  - \r\n") == len(entries)


def test_an_alias_is_cited_as_its_original() -> None:
    alias = next(row for row in RECORD.rows("sources") if row["same_as"])
    assert [r.key for r in of_sources(RECORD, [alias.id, str(alias["same_as"])])] == [alias["same_as"]]


def test_producers_come_first_then_the_row_the_table_or_the_finding() -> None:
    spec, rows = selected(RECORD, "exercises", "id = 'kavkaz-2008'")
    row = of_rows(spec, rows, RECORD)
    assert [r.key for r in row] == ["dib-2008-07-15", "wiki-caucasus-2008", "dualtrack.exercises-kavkaz-2008"]
    table = of_rows(*selected(RECORD, "exercises"), RECORD)
    assert table[-1].key == "dualtrack.exercises"
    assert all(r.kind == "webpage" for r in table[:-1])
    found = of_finding(FINDING, RECORD)
    assert found[-1].title == FINDING.headline
    assert {r.key for r in found[:-1]} == {s.id for s in FINDING.sources}
    assert "As known to the public on 25 November 2026" in found[-1].note


def test_strict_knowledge_is_said() -> None:
    assert "from dated sources" in of_record(open_record("2016-05", strict=True)).note


def test_a_table_of_sources_cites_itself() -> None:
    spec, rows = selected(RECORD, "sources", "id = 'kar-bap'")
    assert [r.key for r in of_rows(spec, rows, RECORD)] == ["kar-bap"]


def test_a_sentence_for_a_footnote() -> None:
    reference = Reference("x", "webpage", "NATO", "A summit", "2016-07", "https://example.org/", "2026-11")
    assert sentence(reference) == "NATO: A summit. July 2016. https://example.org/ (read in November 2026)."


@pytest.mark.parametrize("name", ["bibtex", "csl", "ris"])
def test_both_subjects_are_written(name: str) -> None:
    spec, rows = selected(RECORD, "country_year", "state = 'EST' and year = 2016")
    writer = formats("rows")[name]
    assert writer.rows and writer.finding
    assert b"Estonia" in writer.finding(FINDING, RECORD)
    assert b"country_year" in writer.rows(spec, rows, RECORD).replace(b"\\_", b"_")
