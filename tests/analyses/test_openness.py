"""Shares of exercises announced ahead or observed, against a plain count and against every way to fill what is open."""

import csv
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.openness import announced, shares
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import Basis, cell_of, troops
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-25")


@pytest.fixture(scope="module")
def plain() -> list[dict[str, str]]:
    """The file itself, read without the package's loader."""
    with (packaged() / "exercises.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _before(row: dict[str, str]) -> bool:
    known = [row[name] for name in ("known_from", "announced_known_from") if row[name]]
    return min(map(last_day, known)) < first_day(row["start"])


@pytest.mark.parametrize("side", ["nato", "russia", "joint", "other"])
def test_shares_of_a_side_are_the_plain_count(plain: list[dict[str, str]], side: str) -> None:
    rows = [row for row in plain if row["side"] == side]
    yes = {
        "announced": [_before(row) for row in rows],
        "observed": [row["observers_invited"] == "yes" for row in rows],
    }
    no = {
        "announced": [row["kind"] == "snap" and not _before(row) for row in rows],
        "observed": [row["observers_invited"] == "no" for row in rows],
    }
    for matter in ("announced", "observed"):
        answer = RECORD.ask("openness", matter=matter, side=side).answer
        assert answer.low == pytest.approx(100 * sum(yes[matter]) / len(rows))
        assert answer.high == pytest.approx(100 * (len(rows) - sum(no[matter])) / len(rows))
        line = next(line for line in answer.summary["By side"] if line["side"] == side)
        assert (line["yes"], line["no"], line["total"]) == (sum(yes[matter]), sum(no[matter]), len(rows))
        assert answer.coverage is not None
        assert answer.coverage.known == sum(yes[matter]) + sum(no[matter])


PAIRS = st.lists(st.tuples(st.sampled_from([Ternary.YES, Ternary.UNKNOWN]), st.sampled_from(list(Ternary))), max_size=6)


@settings(deadline=None)
@given(PAIRS)
def test_shares_bound_every_way_to_fill_what_is_open(answers: list[tuple[Ternary, Ternary]]) -> None:
    answers = [(Ternary.YES, Ternary.UNKNOWN), *answers]
    both = (Ternary.YES, Ternary.NO)
    ways = []
    for filled in product(
        *(
            product(both if among is Ternary.UNKNOWN else (among,), both if told is Ternary.UNKNOWN else (told,))
            for among, told in answers
        )
    ):
        inside = [told for among, told in filled if among is Ternary.YES]
        ways.append(100 * sum(told is Ternary.YES for told in inside) / len(inside))
    assert shares(answers) == pytest.approx((min(ways), max(ways)))


def test_a_check_without_notice_was_not_announced_and_a_page_not_found_is_no_answer() -> None:
    assert announced(RECORD.row("exercises", "snap-2014-02-wmd")) is Ternary.NO
    assert announced(RECORD.row("exercises", "noble-ledger-2014")) is Ternary.UNKNOWN
    assert announced(RECORD.row("exercises", "siil-2018")) is Ternary.YES


def test_what_may_belong_widens_the_share_only_where_its_answer_moves_it() -> None:
    answer = RECORD.ask("openness", matter="observed", led_by="RUS", since="2014", until="2020", minimum=13_000).answer
    lines = {line["id"]: line for line in answer.summary["Exercises"]}
    assert lines["snap-2016-06"]["belongs"] == "unknown"  # no figure of its size
    assert "snap-2016-06" in answer.unknown
    assert answer.why_unknown is not None and "belongs" in answer.why_unknown
    assert answer.low is not None and answer.high is not None and answer.low < answer.high == 100


def test_exercises_at_sea_or_in_the_air_are_left_out_of_those_ashore() -> None:
    whole = RECORD.ask("openness", matter="observed").answer.summary["Exercises"]
    ashore = {line["id"] for line in RECORD.ask("openness", matter="observed", ashore=True).answer.summary["Exercises"]}
    at_sea = {line["id"] for line in whole} - ashore
    assert at_sea == {row.id for row in RECORD.rows("exercises") if row["domain"] in ("naval", "air")}


def test_who_leads_is_asked_of_every_leader_alike() -> None:
    for leader in ("NATO", "RUS", "BLR", "NOR"):
        lines = RECORD.ask("openness", matter="announced", led_by=leader).answer.summary["Exercises"]
        assert {line["id"] for line in lines} == {
            row.id for row in RECORD.rows("exercises") if leader in row.parts("lead_states")
        }


def test_before_the_exercise_was_on_record_it_is_not_counted() -> None:
    then: OpenRecord = open_record("2015-12-31")
    lines = then.ask("openness", matter="observed", side="nato").answer.summary["Exercises"]
    assert all(line["start"] <= "2016-03" for line in lines)  # of 2016 only what was announced in 2015
    assert "cold-response-2016" in {line["id"] for line in lines}


def test_nothing_on_record_is_not_zero() -> None:
    with pytest.raises(BadInput, match="No exercise like this") as refused:
        RECORD.ask("openness", matter="announced", until="1999")
    assert "not zero" in refused.value.fix


@pytest.mark.parametrize("basis", ["announced", "declared", "low", "high", "published"])
def test_the_figure_that_makes_an_exercise_large_enough_is_evidence_on_every_basis(basis: Basis) -> None:
    found = RECORD.ask("openness", matter="observed", basis=basis, minimum=9_000)
    cells = {(cell.row, cell.field) for cell in found.evidence}
    for line in found.answer.summary["Exercises"]:
        row = RECORD.row("exercises", line["id"])
        assert troops(row, basis) is None or (row.id, cell_of(row, basis)) in cells
