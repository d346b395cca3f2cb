"""Names of states to codes: the record's own, those of each publisher, and what is no state."""

from collections import Counter

import pytest
from asking import known

from dualtrack.sources.contract import Dated, Taken
from dualtrack.sources.places import Places, codes, plain

STATES = known()[0]
PLACES = Places(STATES)


def empty() -> Taken:
    return Taken({}, Dated("2025-01-01", "given"))


def test_every_state_of_the_record_is_found_by_its_name() -> None:
    assert {code: PLACES.code(name) for code, name in STATES.items()} == {code: code for code in STATES}
    assert set(STATES) <= codes()


@pytest.mark.parametrize(
    ("name", "code"),
    [("Russia", "RUS"), ("Kyrgyz Republic", "KGZ"), ("United States of America", "USA"), ("Congo, Republic", "COG"),
     ("Slovak Republic", "SVK"), ("Czechia*", "CZE"), ("Czech Republic", "CZE"), ("Turkey", "TUR"), ("TÜRKIYE", "TUR"),
     ("United Kingdom", "GBR"), ("Bosnia-Herzegovina", "BIH"), ("Bosnia & Herzegovina", "BIH"), ("Estonia (1)", "EST"),
     ("Latvia†", "LVA"), ("Serbia (Yugoslavia)", "SRB"), ("Russia (Soviet Union)", "RUS"), ("Laos", "LAO"),
     ("The former Yugoslav Republic of Macedonia", "MKD"), ("Poland¹", "POL"), ("  Poland  ", "POL")],
)  # fmt: skip
def test_names_of_publishers_and_marks_behind_them(name: str, code: str) -> None:
    assert PLACES.code(name) == code


@pytest.mark.parametrize(
    "name", ["Guinea", "Congo, DR", "Yemen", "Kosovo", "USSR", "Europe", "NATO Total", "Estonai", ""]
)
def test_what_is_no_state_of_the_record(name: str) -> None:
    assert PLACES.code(name) is None


def test_others_are_counted_by_kind() -> None:
    taken = empty()
    for name, figures in (
        ("Angola", 3),
        ("Angola", 4),
        ("USSR", 2),
        ("European Union", 1),
        ("Estonai", 5),
        ("Estonai", 6),
    ):
        PLACES.leave(taken, name, figures, f"Sheet!A{figures}")
    assert taken.outside == Counter({"Angola": 7})
    assert taken.aside == Counter({"USSR (former state)": 2, "European Union (group)": 1})
    (one,) = taken.unknown.values()
    assert (one.near[0], one.where, one.figures) == ("Estonia", "Sheet!A5", 11)


def test_a_state_added_by_the_user_is_no_longer_outside() -> None:
    assert Places({**STATES, "AGO": "Angola"}).code("Angola") == "AGO"


def test_no_name_is_another_names_mark() -> None:
    assert plain("Guinea-Bissau") != plain("Guinea")
    assert len({plain(name) for name in STATES.values()}) == len(STATES)
