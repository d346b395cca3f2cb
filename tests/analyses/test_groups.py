"""Groups of states: members on a day, readings of a slot, and states named by their codes."""

from datetime import date

import pytest

from dualtrack.analyses.groups import groupings, spoken
from dualtrack.api import open_record
from dualtrack.core.errors import NoSuchName

RECORD = open_record("2026-11-24")


def test_members_are_those_of_the_day_asked_about() -> None:
    [now], [then] = groupings(RECORD, "nato"), groupings(RECORD, "nato", date(2016, 7, 8))
    assert set(now.states) - set(then.states) == {"FIN", "MKD", "MNE", "SWE"}
    assert then.states == RECORD.members("nato", date(2016, 7, 8))


def test_a_reading_not_yet_in_use_is_marked() -> None:
    before = {g.reading["eastern_flank"]: g.later for g in groupings(RECORD, "eastern_flank", date(2014, 1, 1))}
    after = {g.reading["eastern_flank"]: g.later for g in groupings(RECORD, "eastern_flank")}
    assert before["host8"]
    assert not after["host8"]
    assert all(g.states for g in groupings(RECORD, "eastern_flank", date(2014, 1, 1)))


def test_states_by_their_codes() -> None:
    [named] = groupings(RECORD, "pol, EST,POL")
    assert named.states == ["EST", "POL"]
    assert spoken(RECORD, "POL,USA") == "Poland and the United States"


@pytest.mark.parametrize("name", ["csto", "POL,XYZ", "POL,", ""])
def test_what_is_no_group_is_refused(name: str) -> None:
    with pytest.raises(NoSuchName):
        groupings(RECORD, name)
