"""Moments: taken as of a day by one rule, and worlds held against them."""

from datetime import date

import numpy as np
import pytest

from dualtrack.api import open_record
from dualtrack.choice.moments import Moment, moments, not_ruled_out

RECORD = open_record("2026-11-25")


@pytest.mark.parametrize("day", ["2016-05-09", "2025-06-30"])
def test_each_moment_is_a_range_with_its_rows(day: str) -> None:
    found = moments(open_record(day))
    assert [moment.outcome for moment in found] == ["pressure", "support", "challenge"]
    for moment in found:
        assert 0 <= moment.low <= moment.high <= 1
    for moment in found[:2]:
        assert moment.rows
        for ref in moment.rows:
            table, row = ref.split("/", 1)
            assert row in {r.id for r in RECORD.rows(table)}


def test_what_became_known_later_changes_nothing() -> None:
    assert moments(RECORD.at(date(2016, 5, 9))) == moments(open_record("2016-05-09"))
    assert moments(open_record("2016-05-09")) != moments(open_record("2018-05-09"))


def test_before_there_is_a_record_nothing_is_said() -> None:
    assert moments(open_record("2010-01-01")) == []


def test_no_challenge_in_n_quarters_is_the_rule_of_three() -> None:
    [*_, challenge] = moments(open_record("2025-06-30"))
    assert challenge.high == pytest.approx(3 / 45, rel=0.05)


def test_worlds_are_kept_inside_every_range_ends_included() -> None:
    outcomes = np.zeros((4, 6))
    outcomes[:, 4] = [0.1, 0.2, 0.3, 0.2]
    outcomes[:, 5] = [0.5, 0.5, 0.5, 0.9]
    of = [Moment("pressure", 0.2, 0.3, "", ()), Moment("support", 0.4, 0.5, "", ())]
    assert not_ruled_out(outcomes, of).tolist() == [False, True, True, False]
    assert not_ruled_out(outcomes, []).all()
