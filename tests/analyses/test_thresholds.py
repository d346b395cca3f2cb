"""Levels of troops of your own: the same answers as the rules give, and as the numbers that sliders compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.thresholds import START, STEP, STOP, by_rules, steps
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.instruments.activities import BASES, Told

RECORD = open_record("2026-11-25")
LEVELS = st.sampled_from(range(START, STOP + 1, STEP))


@given(notification=LEVELS, observation=LEVELS, basis=st.sampled_from(BASES))
def test_numbers_that_were_there_before_give_what_the_rules_give(
    notification: int, observation: int, basis: Told
) -> None:
    found = RECORD.ask("thresholds", notification=notification, observation=observation, basis=basis)
    rules = by_rules(RECORD, basis, notification, observation)
    assert len(rules) == len(steps(RECORD, basis)) == len(found.answer.value)
    for line in found.answer.value:
        assert (line["notifiable"], line["observable"]) == tuple(map(str, rules[line["id"]].values()))


def test_a_question_asked_at_other_levels_rests_on_the_same_cells_and_keeps_its_own_caveats() -> None:
    first = RECORD.ask("thresholds", notification=5_000, since="2015", until="2015")
    plain = RECORD.ask("thresholds", since="2015", until="2015")
    again = RECORD.ask("thresholds", notification=5_000, since="2015", until="2015")
    assert again == first and plain.evidence == first.evidence and plain.method == first.method
    assert len(first.caveats) == len(plain.caveats) + 1  # a level of one's own is invented, the document's is not


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
