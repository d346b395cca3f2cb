"""Proposals: every file, recorded and invented told apart, what running them over the record changes."""

import csv
from pathlib import Path

import pytest

from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import activity
from dualtrack.instruments.proposal import Together, load, packaged, proposal, proposals
from dualtrack.instruments.together import together
from dualtrack.instruments.verdicts import parts_of, verdicts
from dualtrack.record.store import packaged as tables

RECORDED = {row["id"] for row in csv.DictReader((tables() / "proposals.csv").read_text("utf-8").splitlines())}
RUN = [p.id for p in proposals().values() if not p.written.not_run]


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record("2026-11-24")


def test_every_recorded_proposal_has_a_file_and_no_invented_one_says_it_is_recorded() -> None:
    coded = {p.written.proposal for p in proposals().values() if p.written.kind == "recorded"}
    assert coded == RECORDED
    for p in proposals().values():
        assert set(p.written.inspired_by) <= RECORDED
        assert ("invented" in p.label) == (p.written.kind == "what_if")
        assert (p.id in RECORDED) == (p.written.kind == "recorded")


def test_lower_levels_catch_more_and_nothing_less(record: OpenRecord) -> None:
    p = proposal("what-if-5000-10000")
    for before, after in zip(verdicts(record, p.before), verdicts(record, p.after), strict=True):
        for basis, on in before.bases.items():
            for outcome, answer in on.answers.items():
                now = after.bases[basis].answers[outcome]
                assert (answer, now) not in ((Ternary.YES, Ternary.NO), (Ternary.YES, Ternary.UNKNOWN))
                assert (answer, now) != (Ternary.UNKNOWN, Ternary.NO)


@pytest.mark.parametrize("name", RUN)
def test_a_proposal_run_over_the_record(record: OpenRecord, name: str) -> None:
    finding = record.ask("proposal", proposal=name)
    assert bool(finding.answer.value) == (name != "what-if-snap-24-hours")  # no short one was large enough
    invented = any("Invented what-if" in caveat for caveat in finding.caveats)
    assert invented == ("invented" in finding.headline) == (name not in RECORDED)
    assert any("lower bound" in caveat for caveat in finding.caveats)
    for line in finding.answer.summary["By side"]:
        assert 0 <= line["notifiable_before"] <= line["exercises"]


def test_snap_exercises_become_observable_whatever_their_length(record: OpenRecord) -> None:
    changed = {line["id"]: line for line in record.ask("proposal", proposal="nato-2016-snap").answer.value}
    assert changed["snap-2020-07"]["observable_before"] == "unknown"
    assert changed["snap-2020-07"]["observable_after"] == "yes"


def test_without_the_exception_a_notice_on_the_day_is_late(record: OpenRecord) -> None:
    changed = {line["id"]: line for line in record.ask("proposal", proposal="de-2019-package").answer.value}
    snap = changed["snap-2014-02-wmd"]
    assert (snap["days_due_before"], snap["in_time_before"]) == (0, "yes")
    assert (snap["days_due_after"], snap["in_time_after"]) == (42, "no")


def test_a_proposal_is_not_run_before_it_was_made(record: OpenRecord) -> None:
    from datetime import date

    with pytest.raises(BadInput, match="was not on record"):
        open_record(date(2016, 5, 9)).ask("proposal", proposal="nato-2016-snap")
    assert open_record(date(2016, 5, 9)).ask("proposal", proposal="what-if-5000-10000").answer.value


@pytest.mark.parametrize("name", [p.id for p in proposals().values() if p.written.not_run])
def test_what_cannot_be_run_says_why(record: OpenRecord, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be run") as error:
        record.ask("proposal", proposal=name)
    assert len(error.value.fix) > 20


def test_exercises_of_one_state_near_each_other_are_added(record: OpenRecord) -> None:
    rows = [record.row("exercises", id_) for id_ in ("saber-strike-2016", "dragoon-ride-2016", "zapad-2017")]
    own = [activity(row, parts_of(record).get(row.id, []), "announced") for row in rows]
    strike, ride, zapad = together(own, Together(days=14, km=2000))
    assert strike.figures["troops"] == ride.figures["troops"] == (11_000, 11_000)
    assert zapad.figures == own[2].figures
    near = together(own, Together(days=14, km=1))
    assert [a.figures["troops"] for a in near[:1]] == [own[0].figures["troops"]]


GOOD = (packaged() / "what-if-5000-10000.yml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("  notification_land:", "  notification_lnd:", ":7", "has no rule notification_lnd"),
        ("troops_level: 5000", "troop_level: 5000", ":7", "has no level troop_level"),
        ("troops_level: 5000", "troops_level: -1", ":7", "troops_level is -1"),
        ("troops_level: 5000", "troops_level: .nan", ":7", "finite number"),
        ("amends: vienna_document", "amends: vienna", ":4", "vienna"),
        ("kind: what_if", "kind: recorded", ":", "a recorded proposal names its row"),
        ("kind: what_if", "kind: guess", ":2", "kind"),
        ("{levels: {troops_level: 5000}}", "{condition: troops > 5}", "", ""),
        ("{levels: {troops_level: 5000}}", "{condition: troop > 5}", ":7", "'troop'"),
        ("troops_level: 5000", "troops_level: true", ":7", "valid number"),
        ("troops_level: 5000", "troops_level: .inf", ":7", "finite"),
        ("{levels: {troops_level: 5000}}", f"{{condition: troops > {'9' * 400}}}", ":7", "too large"),
        ("{levels: {troops_level: 5000}}", "{deadlines: [{days: -5, rule: vd11-n-troops}]}", ":7", "greater than"),
        ("{levels: {troops_level: 5000}}", "{deadlines: [{days: .nan, rule: vd11-n-troops}]}", ":7", "finite"),
        ("change:", "together: {days: .inf, km: 5}\nchange:", ":6", "finite"),
        ("amends: vienna_document", "amends: nato_wales_2014", ":4", "has no rules on notification"),
        (
            "title: Lower levels, 5,000 to notify and 10,000 to observe",
            'title: "Mine\\n(recorded proposal)"',
            ":1",
            "one line",
        ),
        (
            "title: Lower levels, 5,000 to notify and 10,000 to observe",
            "title: Mine (recorded proposal)",
            ":1",
            "its kind",
        ),
        ("{levels: {troops_level: 5000}}", "{condition: \"has(kind, 'RUS')\"}", ":7", "names no states"),
    ],
)
def test_a_broken_proposal_names_file_and_line(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    assert old in GOOD
    path = tmp_path / "mine.yml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    if not said:
        assert load(path).after[0].rule("notification_land").written.condition == "troops > 5"
        return
    with pytest.raises(BadInput) as error:
        load(path)
    assert f"mine.yml{place}" in str(error.value)
    assert said in str(error.value)
    assert error.value.fix


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "."])
def test_what_is_no_file_is_not_read(path: str) -> None:
    with pytest.raises(BadInput, match="is no file"):
        load(Path(path))


def test_a_file_of_ones_own_that_says_it_is_recorded_is_told_from_ours(tmp_path: Path, record: OpenRecord) -> None:
    path = tmp_path / "mine.yml"
    made = "title: T\nkind: recorded\nproposal: set-2016-thresholds\namends: vienna_document\nwhole: true\n"
    path.write_text(made, "utf-8")
    label = load(path).label
    assert "(recorded proposal)" not in label
    assert "as a file of your own has it" in label
    assert record.ask("proposal", proposal=str(path)).headline.startswith(label)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[set-2016-thresholds]", "[nosuch]", "nosuch"),
        ("{levels: {troops_level: 5000}}", "{deadlines: [{days: 7, rule: nosuch}]}", "nosuch"),
    ],
)
def test_a_proposal_that_names_no_row_is_told(
    tmp_path: Path, record: OpenRecord, old: str, new: str, said: str
) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput, match=said):
        record.ask("proposal", proposal=str(path))


def test_strict_leaves_no_more_to_be_notified(record: OpenRecord) -> None:
    def after(strict: bool) -> int:
        found = record.ask("proposal", proposal="what-if-5000-10000", strict=strict)
        return int(found.answer.summary["By side"][0]["notifiable_after"])

    assert 0 < after(True) < after(False)


def test_every_row_our_proposals_name_is_there(record: OpenRecord) -> None:
    known = {table: {row.id for row in record.rows(table)} for table in ("proposals", "rules")}
    cited = [pair for found in proposals().values() for pair in found.cited()]
    assert {table for table, _ in cited} == set(known)
    assert all(id_ in known[table] for table, id_ in cited)


def test_an_unknown_proposal_is_told() -> None:
    with pytest.raises(NoSuchName, match="what-if-5000"):
        proposal("what-if-500-10000")
