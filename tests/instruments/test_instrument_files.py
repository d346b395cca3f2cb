"""Every rule file: its worked cases, its levels against the table of provisions, and what a broken one says."""

from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.instruments.activities import VOCABULARY
from dualtrack.instruments.instrument import Instrument, instrument, instruments
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import Case, Rule, columns_of
from dualtrack.record.schema import schemas

RULES = [rule for i in instruments().values() for rule in i.rules]
CASES = [(rule, case) for rule in RULES for case in rule.written.cases]


@pytest.mark.parametrize(
    ("rule", "case"), CASES, ids=lambda x: x.name if isinstance(x, Case) else f"{x.instrument}.{x.id}"
)
def test_worked_case(rule: Rule, case: Case) -> None:
    where = f"{rule.instrument}/{rule.id}.yml"
    assert rule(columns_of(case, VOCABULARY, where)).at(0) == case.expect


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.instrument}.{rule.id}")
def test_each_level_has_cases_just_under_and_at_it(rule: Rule) -> None:
    given = {value for case in rule.written.cases for value in case.given.values() if isinstance(value, (int, float))}
    for name, level in rule.levels.items():
        step = 24 if name.endswith("hours") else 1
        assert level in given, name
        assert given & {level - step, level + step}, name


def test_every_level_agrees_with_its_row_of_the_table_and_says_whether_it_was_read() -> None:
    found = provenance(open_record(), list(instruments().values()))
    assert {p.checked for p in found} == {True, False}
    assert all(p.row["source"] for p in found if p.checked)
    assert all(p.row["clause"] for p in found)


def test_the_words_of_codes_are_those_of_the_table() -> None:
    for name, kind in VOCABULARY.items():
        if isinstance(kind, tuple):
            assert kind == tuple(schemas()["exercises"].field(name).values), name


def test_a_series_has_the_text_of_the_day() -> None:
    texts = instrument("vienna_document")
    assert [i.id for i in texts] == ["vienna_document_1999", "vienna_document_2011"]
    assert instrument("vienna_document_2011") == texts[1:]
    with pytest.raises(NoSuchName, match="vienna_document"):
        instrument("vienna_documnt")


GOOD = """\
title: A rule
paragraph: 1
outcome: notifiable
addressee: all
obligation: tell
why: because
levels:
  troops_level: {value: 10, unit: persons, rule: vd11-n-troops}
applies: in_zone = 'yes'
condition: troops >= troops_level
cases:
  - {name: under, given: {troops: 9}, expect: no}
  - {name: at, given: {troops: 10}, expect: yes}
  - {name: over, given: {troops: 11}, expect: yes}
"""


def loaded(folder: Path, text: str) -> Instrument:
    home = folder / "mine"
    home.mkdir(parents=True)
    (home / "instrument.yml").write_text("title: Mine\nnature: political\nabout: x\nsince: '2000'\n")
    (home / "rule.yml").write_text(text)
    instruments.cache_clear()
    try:
        return instruments(folder)["mine"]
    finally:
        instruments.cache_clear()


def test_a_rule_is_one_file(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path, GOOD.replace("paragraph: 1", "paragraph: one")).rules
    assert [rule(columns_of(case, VOCABULARY, "x")).at(0).value for case in rule.written.cases] == ["no", "yes", "yes"]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("condition: troops", "condition: troop", "rule.yml:10", "'troop'"),
        ("outcome: notifiable", "outcome: notified", "rule.yml:3", "outcome"),
        ("why: because\n", "", "rule.yml", "why is missing"),
        ("why: because", "why: because\nwhom: me", "rule.yml:7", "whom is not known here"),
        ("value: 10", "value: ten", "rule.yml:8", "levels.troops_level.value"),
        ("  troops_level:", "  troops:", "rule.yml", "has the name of a figure"),
        ("expect: no", "expect: maybe", "rule.yml:12", "expect"),
        ("applies: in_zone = 'yes'", "applies: in_zone = 'inside'", "rule.yml:9", "'inside'"),
        ("title: A rule", "title: &a rule\nother: *a", "rule.yml", "alias"),
    ],
)
def test_a_broken_rule_file_names_file_and_line(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    assert old in GOOD
    text = GOOD.replace("paragraph: 1", "paragraph: one").replace(old, new)
    with pytest.raises(BadInput) as error:
        loaded(tmp_path, text)
    assert place in str(error.value)
    assert said in str(error.value)
    assert error.value.fix


@pytest.mark.parametrize("given", ["{troop: 5}", "{troops: [5, 1]}", "{kind: snappy}", "{troops: many}"])
def test_a_wrong_worked_case_is_told(tmp_path: Path, given: str) -> None:
    (rule,) = loaded(tmp_path, GOOD.replace("paragraph: 1", "paragraph: x").replace("{troops: 9}", given)).rules
    with pytest.raises(BadInput, match="case 'under'"):
        columns_of(rule.written.cases[0], VOCABULARY, "rule.yml")
