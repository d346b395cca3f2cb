"""Verdicts on exercises, against the table of expected verdicts and the cases the record is known for."""

import csv
from functools import lru_cache
from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, Counting
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.rule import OUTCOMES
from dualtrack.instruments.telling import as_json
from dualtrack.instruments.verdicts import Verdict, verdicts

DATA = Path(__file__).parents[1] / "data"
EXPECTED = list(csv.DictReader((DATA / "exercises.expected.csv").read_text("utf-8").splitlines()))
DEVIATIONS = {
    (row["id"], row["field"]): row
    for row in csv.DictReader((DATA / "exercises.deviations.csv").read_text("utf-8").splitlines())
}
VERSIONS = {"vienna_document_1999": "VD1999", "vienna_document_2011": "VD2011"}
DEADLINES = {None: "none", 42.0: "42_days", 0.0: "at_start"}


@lru_cache
def all_verdicts(strict: bool = False) -> dict[str, Verdict]:
    found = verdicts(open_record("2026-11-24"), instrument("vienna_document"), counting=Counting(strict=strict))
    return {verdict.row.id: verdict for verdict in found}


def computed(verdict: Verdict) -> dict[str, str]:
    """The verdict in the columns of the expected table."""
    found = {"rule_version": VERSIONS[verdict.instrument]}
    for basis in BASES:
        for outcome in OUTCOMES:
            answer = verdict.answer(outcome, basis)
            found[f"{basis}_{outcome}"] = str(answer) if answer else ""
    found["deadline_rule"] = DEADLINES[verdict.deadline_days]
    found["deadline_met"] = verdict.deadline_met
    for outcome in OUTCOMES:
        found[f"{outcome}_flips"] = "yes" if verdict.flips(outcome) else "no"
    return found


def differences(row: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = computed(all_verdicts()[row["id"]])
    return {name: (row[name], value) for name, value in found.items() if row[name] and row[name] != value}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["id"])
def test_verdicts_are_the_expected_ones_or_the_deviation_is_explained(row: dict[str, str]) -> None:
    wrong = differences(row)
    explained = {field: DEVIATIONS[row["id"], field] for field in wrong if (row["id"], field) in DEVIATIONS}
    assert set(wrong) == set(explained)
    for field, (expected, got) in wrong.items():
        assert (explained[field]["expected"], explained[field]["computed"]) == (expected, got)
        assert explained[field]["confidence"] == row["confidence"]


def test_no_deviation_is_on_a_row_of_high_confidence_and_none_is_left_over() -> None:
    of = {(row["id"], field) for row in EXPECTED for field in differences(row)}
    assert of == set(DEVIATIONS)
    assert all(row["confidence"] != "high" and row["why"] for row in DEVIATIONS.values())


def test_zapad_2017_was_notifiable_and_observable_only_on_the_high_estimate() -> None:
    verdict = all_verdicts()["zapad-2017"]
    assert verdict.answer("notifiable", "declared") is Ternary.YES
    assert verdict.answer("observable", "declared") is Ternary.NO
    assert verdict.answer("observable", "high") is Ternary.YES
    decided = verdict.bases["declared"].decided["observable"]
    assert decided
    assert (decided.field, decided.high, decided.threshold, decided.margin) == ("troops", 12_700, 13_000, -300)
    assert verdict.bases["declared"].turns["observable"] == [("troops", 300)]


def test_a_yes_turns_only_when_every_level_reached_is_missed() -> None:
    shown = as_json(all_verdicts()["zapad-2021"], "declared")
    assert shown["notifiable"] == "yes"
    changes = next(flip["changes"] for flip in shown["flips"]["notifiable"] if "changes" in flip)
    assert {change["field"]: change["by"] for change in changes} == {"troops": -3_801, "tanks": -41}


def test_outside_the_zone_nothing_is_due_whatever_the_size() -> None:
    verdict = all_verdicts()["vostok-2018"]
    assert {str(on.answers[outcome]) for on in verdict.bases.values() for outcome in OUTCOMES} == {"no"}
    decided = verdict.bases["announced"].decided["notifiable"]
    assert decided
    assert (decided.field, decided.code) == ("in_zone", "no")


def test_strict_never_decides_what_was_left_open_and_may_leave_open_what_was_decided() -> None:
    for id_, verdict in all_verdicts().items():
        strict = all_verdicts(strict=True)[id_]
        for basis, on in verdict.bases.items():
            for outcome in OUTCOMES:
                under = strict.bases[basis].answers[outcome]
                assert under in (on.answers[outcome], Ternary.UNKNOWN), (id_, basis, outcome)


def test_what_is_not_notifiable_is_not_observable() -> None:
    for verdict in all_verdicts().values():
        for on in verdict.bases.values():
            if on.answers["notifiable"] is Ternary.NO:
                assert on.answers["observable"] is Ternary.NO
            if on.answers["observable"] is Ternary.YES:
                assert on.answers["notifiable"] is Ternary.YES


def test_the_change_that_turns_an_answer_turns_it() -> None:
    from dataclasses import replace

    from dualtrack.instruments.activities import as_columns
    from dualtrack.instruments.outcomes import outcomes

    turned = 0
    for verdict in all_verdicts().values():
        text = next(i for i in instrument("vienna_document") if i.id == verdict.instrument)
        for on in verdict.bases.values():
            for outcome in OUTCOMES:
                if not on.turns[outcome]:
                    continue
                for extra, wanted in ((0.0, True), (1.0, False)):
                    figures = dict(on.activity.figures)
                    for field, change in on.turns[outcome]:
                        less = change - extra if change > 0 else change + extra
                        figures[field] = (figures[field][0] + less, figures[field][1] + less)
                    found = outcomes(text, as_columns([replace(on.activity, figures=figures)]))[outcome].at(0)
                    if outcome == "notifiable":
                        assert (found is not on.answers[outcome]) is wanted, (verdict.row.id, on.activity.basis)
                        turned += 1
    assert turned > 100


def test_json_has_the_keys_of_the_contract() -> None:
    for verdict in all_verdicts().values():
        shown = as_json(verdict, "announced")
        assert {"id", "notifiable", "observable", "deadline_met", "decided_by", "flips", "evidence"} <= set(shown)
        assert set(shown["flips"]) == {"notifiable", "observable"}
        assert shown["evidence"]
        if shown["decided_by"]:
            assert {"rule", "field", "value", "threshold", "margin"} <= set(shown["decided_by"])
