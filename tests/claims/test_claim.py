"""Claim files are read whole or refused with file, line and what to do."""

import os
from pathlib import Path

import pytest
import yaml
from claim_files import TEXT, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dualtrack.claims.claim import BadClaim, load_claims, packaged_claims, read_claim
from dualtrack.claims.tolerances import tolerances
from dualtrack.core.errors import BadInput


def refused(folder: Path, text: str, name: str = "only-two") -> str:
    with pytest.raises(BadInput) as error:
        load_claims([write(folder, text, name)])
    return str(error.value)


def test_a_claim_is_read(tmp_path: Path) -> None:
    claim = read_claim(write(tmp_path))
    assert (claim.id, claim.number, claim.day_said) == ("only-two", "tst001", "2016-05-31")
    assert claim.test and claim.test.value == ["EST", "POL"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("topic: spending", "topic: sports", 8, "topic"),
        ("said: 2016-05", "said: 2016-13", 6, "not a date"),
        ("number: tst001", "number: 1", 2, "number"),
        ("side: analyst", "side: ours", 5, "speaker.side"),
        ("sources: [seed]", "sources: []", 7, "sources"),
        ("readings: [eastern_flank]", "readings: [{eastern_flank: mine, group: nato}]", 11, "private readings"),
        ("readings: [eastern_flank]", "readings: {eastern_flank: {mine: {group: nato}}}", 11, "private readings"),
        ("readings: [eastern_flank]", "readings: [eastern_flank, eastern_flank]", 1, "twice"),
        ("value: [EST, POL]}", "value: [EST, POL], tolerance: 0.2}", 10, "never a number of its own"),
        ("value: [EST, POL]}", "value: 7}", 10, "list of codes"),
        ("recorded: {said: supported,", "recorded: {said: probably,", 12, "recorded.said"),
        ("recorded: {said: supported, latest: contradicted}", "not_computed: why", 1, "one or the other"),
        ("ask: {analysis: spending_guideline, parameters: {year: 2015, group: eastern_flank}}\n", "", 1, "ask missing"),
        ('note: ""', "severity: warn", 13, "not a key of a claim"),
        ('note: ""', "id: other", 13, "name of the file"),
        ('note: ""', "take: {figure: x, table: y}", 13, "stands alone"),
        ('note: ""', "take: {table: rows, where: 'a ==', column: b}", 13, "column"),
        ('note: ""', "take: {of: max}", 13, "needs a table"),
        ('note: ""', "principal: {reading: {balance: x}, why: y}", 1, "one reading of each slot"),
        ("said: 2016-05", "said:", 1, "no date"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in TEXT
    message = refused(tmp_path, TEXT.replace(old, new))
    assert f"only-two.yml:{line}" in message
    assert said in message
    assert "Traceback" not in message


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, TEXT.replace("topic: spending", "topic: x").replace("side: analyst", "side: y"), "one")
    write(tmp_path, "- a list", "two")
    with pytest.raises(BadClaim) as error:
        load_claims([tmp_path])
    assert len(error.value.faults) == 3


def test_ids_and_numbers_are_unique(tmp_path: Path) -> None:
    write(tmp_path / "a")
    write(tmp_path / "b")
    assert load_claims([tmp_path / "a"])
    with pytest.raises(BadInput, match="the number tst001 is that of"):
        load_claims([tmp_path])


def test_a_claim_changed_within_one_tick_of_the_clock_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path)
    [before] = load_claims([path])
    tick = path.stat().st_mtime_ns
    path.write_text(TEXT.replace(before.statement, f"{before.statement} Or so."), "utf-8")
    os.utime(path, ns=(tick, tick))
    [after] = load_claims([path])
    assert after.statement == f"{before.statement} Or so."


def test_a_name_that_is_no_id_is_refused(tmp_path: Path) -> None:
    assert "no id" in refused(tmp_path, TEXT, "Only Two")


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no claim file"):
        load_claims([tmp_path / "missing.yml"])
    with pytest.raises(BadInput, match="holds no claim"):
        load_claims([tmp_path])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mangled_file_is_read_or_refused_never_a_crash(data: st.DataObject, tmp_path: Path) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))))
    filling = data.draw(st.text(st.sampled_from("[]{}:,-#'\"\n\t &*!|>%@`ab1é\x00"), max_size=12))
    path = write(tmp_path, TEXT[:start] + filling + TEXT[end:])
    try:
        claim = read_claim(path)
    except BadInput as error:
        assert "only-two.yml" in str(error)
    else:
        assert claim.id == "only-two"


LEAF = st.none() | st.booleans() | st.integers(-5, 3000) | st.floats(allow_nan=False) | st.text(max_size=5)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(sorted(yaml.safe_load(TEXT))), value=TREE)
def test_anything_in_place_of_a_value_is_read_or_refused(key: str, value: object, tmp_path: Path) -> None:
    path = write(tmp_path, yaml.safe_dump({**yaml.safe_load(TEXT), key: value}, sort_keys=False))
    try:
        read_claim(path)
    except BadInput as error:
        assert "only-two.yml" in str(error)


def test_the_claims_that_ship_can_be_read_and_told_apart() -> None:
    claims = load_claims()
    assert len({claim.number for claim in claims}) == len({claim.id for claim in claims}) == len(claims) > 70
    assert all(claim.path.parent.name == claim.topic for claim in claims)
    assert all(packaged_claims() in claim.path.parents for claim in claims)


def test_every_claim_that_ships_has_two_variants() -> None:
    assert [claim.id for claim in load_claims() if len(claim.variants) < 2] == []


def test_the_same_analysis_means_the_same_readings_and_tolerance_for_everybody() -> None:
    """What a claim may choose is a word of the one table and the slots its analysis answers by, whoever speaks."""
    claims = [claim for claim in load_claims() if claim.ask and claim.test]
    assert {claim.test.tolerance for claim in claims if claim.test} <= set(tolerances())
    slots: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    for claim in claims:
        assert claim.ask
        question = f"{claim.ask.analysis} {sorted(claim.ask.parameters.items(), key=str)}"
        slots.setdefault(question, {}).setdefault(claim.speaker.side, set()).add(claim.readings)
    unlike = {question: by for question, by in slots.items() if len(set().union(*by.values())) > 1}
    assert unlike == {}, "one question asked with different readings"


def test_a_word_before_a_figure_means_the_row_of_the_table_that_lists_it() -> None:
    """A speaker who says "about" gets what "about" allows, neither less nor more."""
    rows = {word: name for name, row in tolerances().items() for word in row.words if word in ("about", "roughly")}
    for claim in load_claims():
        if claim.test is None or claim.test.comparator not in ("equal", "in_range"):
            continue
        said = {rows[word] for word in rows if f" {word} " in f" {claim.statement.lower()} "}
        if said and not isinstance(claim.test.value, str):
            assert claim.test.tolerance in said, claim.id
