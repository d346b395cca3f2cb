"""Names, references and earliest dates."""

from datetime import date

import pytest

from dualtrack import open_record
from dualtrack.analyses.names import actors, earliest, label, named, resolved, state_code
from dualtrack.core.errors import NoSuchName

RECORD = open_record("2016-05-09")


def test_a_state_stands_in_a_sentence_with_its_article() -> None:
    assert named(RECORD, "USA") == "the United States"
    assert named(RECORD, "EST") == "Estonia"
    assert named(RECORD, "NATO") == "NATO"


def test_codes_are_read_in_any_case_and_others_refused() -> None:
    assert state_code(RECORD, " est ") == "EST"
    assert state_code(RECORD, "nato", ["NATO"]) == "NATO"
    with pytest.raises(NoSuchName, match="alpha-3"):
        state_code(RECORD, "NATO")


def test_a_reference_is_a_row_as_known_or_nothing() -> None:
    row = resolved(RECORD, "commitments/C-rus-3div")
    assert row is not None and actors(row) == ["RUS"]
    assert label(row).startswith("Three new divisions")
    assert resolved(RECORD, "commitments/C-warsaw-efp") is None  # not yet known
    assert resolved(RECORD, "") is None


def test_the_earliest_of_dates_of_different_precision_is_a_range() -> None:
    row = open_record("2026-11-25").row("deployments", "D-us-34id-2017")  # announced 2016-03, known 2016-03-31
    assert earliest(row, ["announced", "known_from"]) == (date(2016, 3, 1), date(2016, 3, 31))
    assert earliest(row, ["end", "nothing"]) == (date(2017, 10, 1), date(2017, 10, 31))
