"""What is modelled of the instruments, as a finding."""

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.instruments.instrument import instruments

RECORD = open_record("2026-11-24")
ALL = RECORD.ask("instrument_coverage")


def test_every_paragraph_is_a_line_and_every_provision_evidence() -> None:
    told = [(line["instrument"], line["paragraph"]) for line in ALL.answer.value]
    assert told == [(text.id, p.paragraph) for text in instruments().values() for p in text.coverage]
    assert {e.row for e in ALL.evidence} == {row.id for row in RECORD.rows("rules")}


def test_provisions_that_were_not_read_are_marked() -> None:
    unread = {row.id for row in RECORD.rows("rules") if row["checked"] == "not yet"}
    assert {line["row"] for line in ALL.answer.summary["Not yet checked against the text"]} == unread
    for line in ALL.answer.value:
        if line["provisions"]:
            read = sum(rule not in unread for rule in line["provisions"])
            assert line["checked"] == f"{read} of {len(line['provisions'])} read"


def test_counts_add_up() -> None:
    lines = ALL.answer.summary["By instrument"]
    assert sum(line["paragraphs"] for line in lines) == len(ALL.answer.value)
    assert all(line["yes"] + line["in_part"] + line["no"] == line["paragraphs"] for line in lines)
    coverage = ALL.answer.coverage
    assert coverage and coverage.known == sum(line["yes"] + line["in_part"] for line in lines)


def test_the_parts_make_the_whole() -> None:
    parts = [RECORD.ask("instrument_coverage", modelled=word).answer.value for word in ("yes", "in part", "no")]
    assert sorted(map(str, (line for part in parts for line in part))) == sorted(map(str, ALL.answer.value))


def test_an_instrument_of_later_is_not_there_yet() -> None:
    assert {line["instrument"] for line in open_record("1995").ask("instrument_coverage").answer.value} == {
        name for name, text in instruments().items() if text.about.since < "1996"
    }
    with pytest.raises(BadInput, match="No instrument like this had been agreed by 2024"):
        open_record("2024-06-30").ask("instrument_coverage", instrument="nato_hague_2025")


def test_an_instrument_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="There is no instrument called 'cfe_1999'"):
        RECORD.ask("instrument_coverage", instrument="cfe_1999")
