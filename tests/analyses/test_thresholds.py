"""Levels of troops of your own: the same answers as the rules give, and as the numbers that sliders compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.thresholds import START, STEP, STOP, steps
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.instruments.activities import BASES

RECORD = open_record("2026-11-25")
LEVELS = st.sampled_from(range(START, STOP + 1, STEP))


def word(surely: bool, possibly: bool) -> str:
    return "yes" if surely else "unknown" if possibly else "no"


@given(notification=LEVELS, observation=LEVELS, basis=st.sampled_from(BASES))
def test_numbers_of_steps_give_what_the_rules_give(notification: int, observation: int, basis: str) -> None:
    found = RECORD.ask("thresholds", notification=notification, observation=observation, basis=basis)
    n, o = (notification - START) // STEP, (observation - START) // STEP
    by_steps = {
        one.row.id: (
            word(one.notifiable[0] > n, one.notifiable[1] > n),
            word(
                one.notifiable[0] > n and one.observable[0] > o, one.notifiable[1] > n and one.observable[1] > o
            ),
        )
        for one in steps(RECORD, basis)
    }  # fmt: skip
    assert {line["id"]: (line["notifiable"], line["observable"]) for line in found.answer.value} == by_steps


def test_at_the_documents_levels_it_says_what_notifiable_says() -> None:
    own = {line["id"]: line for line in RECORD.ask("notifiable").answer.value}
    for basis in BASES:
        for line in RECORD.ask("thresholds", notification=9_000, observation=13_000, basis=basis).answer.value:
            assert line["notifiable"] == line["notifiable_as_it_is"]
            told = own[line["id"]][f"notifiable_{basis}"]
            if told is not None:
                assert (line["notifiable"], line["observable"]) == (told, own[line["id"]][f"observable_{basis}"])


def test_it_counts_as_the_sweep_does() -> None:
    swept = RECORD.ask("threshold_sweep", start=5_000, stop=5_000).answer.value
    sides = {line["side"]: line for line in RECORD.ask("thresholds", notification=5_000).answer.summary["By side"]}
    level = next(line for line in swept if line["troops"] == 5_000)
    assert {side: line["notifiable"] for side, line in sides.items()} == {
        side: level[f"{side}_surely"] for side in sides
    }


def test_a_lower_level_never_catches_less() -> None:
    caught = [
        sum(line["notifiable"] == "yes" for line in RECORD.ask("thresholds", notification=level).answer.value)
        for level in range(0, 20_001, 2_500)
    ]
    assert caught == sorted(caught, reverse=True)


def test_what_cannot_be_asked_is_told() -> None:
    with pytest.raises(NoSuchName):
        RECORD.ask("thresholds", state="XYZ")
    with pytest.raises(BadInput, match="cannot be used"):
        RECORD.ask("thresholds", notification=-1)
    with pytest.raises(BadInput, match="No exercise"):
        RECORD.ask("thresholds", until="1990")
