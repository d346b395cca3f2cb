"""Offers and answers: counted once, answered by whom, and unknown where nothing is recorded."""

import csv
from collections import Counter
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged


def asked(as_of: str = "2026-11-25", **parameters: object) -> Finding:
    return open_record(as_of).ask("offers_and_answers", **parameters)


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def lines(finding: Finding) -> dict[str, dict[str, Any]]:
    return {line["row"]: line for line in finding.answer.value}


def offers() -> set[str]:
    found = {f"proposals/{row['id']}" for row in table("proposals")}
    return found | {f"dialogue/{row['id']}" for row in table("dialogue") if row["outcome"] == "proposal"}


def test_every_offer_is_shown_and_a_repeated_one_counted_once() -> None:
    finding = asked()
    repeats = {row["offer"] for row in table("answers") if row["repeats"]}
    assert set(lines(finding)) == offers()
    assert sum(line["offers"] for line in finding.answer.summary["By who offered"]) == len(offers() - repeats)


def test_every_answer_is_to_an_offer_and_every_repeat_of_one_that_is_counted() -> None:
    repeats = {row["offer"]: row["repeats"] for row in table("answers") if row["repeats"]}
    for row in table("answers"):
        assert row["offer"] in offers()
        assert row["answer"] or row["repeats"]
    assert set(repeats.values()) <= offers() - set(repeats)


def test_coverage_by_side_is_the_offers_with_an_answer() -> None:
    finding = asked()
    answered = {row["offer"] for row in table("answers") if row["answer"]}
    counted = {key: line for key, line in lines(finding).items() if not line["repeats"]}
    known, total = Counter(), Counter()
    for key, line in counted.items():
        total[line["side"]] += 1
        known[line["side"]] += key in answered
    by_side = {line["offered_by"]: line["known"] for line in finding.answer.summary["By who offered"]}
    assert by_side == {side: f"{known[side]} of {total[side]}" for side in total}
    assert set(finding.answer.unknown) == set(counted) - answered


def test_the_answers_the_record_tells_of() -> None:
    said = {key: line["answer"] for key, line in lines(asked()).items()}
    assert said["dialogue/dlg-2016-04-08-nrc-announce"] == "accepted"
    assert said["proposals/ru-2020-pandemic"] == "refused"
    assert said["proposals/nato-2016-snap"] == "refused"
    assert said["proposals/ru-2019-distance"] == "no reply on record"
    assert said["dialogue/dlg-2016-08-steinmeier"] == "differs by who answers"
    assert said["dialogue/dlg-2022-01-us-answer"] == "nothing on record"


def test_a_later_answer_replaces_an_earlier_one_only_once_it_is_known() -> None:
    offer = "dialogue/dlg-2025-09-22-new-start-offer"
    assert lines(asked("2025-09-30"))[offer]["answer"] == "nothing on record"
    assert lines(asked("2025-10-31"))[offer]["answer"] == "no reply on record"
    assert lines(asked())[offer]["answer"] == "overtaken"


def test_side_is_membership_on_the_day_of_the_offer() -> None:
    assert lines(asked())["proposals/de-2019-package"]["side"] == "NATO or members with others"
    assert "proposals/lv-2017" in lines(asked(by="NATO"))


def test_those_without_an_answer_are_named() -> None:
    finding = asked()
    silent = {row["row"]: row["answer"] for row in finding.answer.summary["Without an answer"]}
    words = ("no reply on record", "nothing on record")
    assert silent == {row["row"]: row["answer"] for row in finding.answer.value if row["answer"] in words}
    assert set(silent.values()) == set(words)


def test_by_and_to_filter() -> None:
    assert {"RUS"} == {code for line in lines(asked(by="RUS")).values() for code in line["by"]}
    assert all("USA" in line["answered_by"] for line in lines(asked(to="USA")).values())
    with pytest.raises(BadInput, match="No offer like this"):
        asked(by="ISL")
