"""Where agreements and channels stand on a day, and who brought them there."""

from dualtrack.analyses.agreements import lanes
from dualtrack.api import open_record


def test_before_warsaw() -> None:
    rows = {row["instrument"]: row for row in open_record("2016-05-09").ask("agreements").answer.value}
    assert (rows["cfe"]["state"], rows["cfe"]["since"], rows["cfe"]["by"]) == ("limited", "2007-12-12", ["RUS"])
    assert (rows["nrc"]["state"], rows["nrc"]["by"]) == ("limited", ["NATO"])
    assert rows["founding-act"]["state"] == "in force"
    assert "structured-dialogue" not in rows
    assert (rows["inf"]["state"], rows["inf"]["since"]) == ("in force", "1988-06-01")


def test_later_steps_of_both_sides() -> None:
    rows = {row["instrument"]: row for row in open_record("2026-11-25").ask("agreements").answer.value}
    assert (rows["inf"]["state"], rows["inf"]["by"]) == ("ended", ["USA"])
    assert (rows["cfe"]["state"], rows["cfe"]["by"]) == ("suspended", ["NATO"])
    assert (rows["open-skies"]["state"], rows["open-skies"]["since"]) == ("limited", "2020-11-22")
    assert rows["new-start"]["state"] == "ended"


def test_everyone_whose_step_holds_is_named_not_only_who_came_last() -> None:
    rows = {row["instrument"]: row for row in open_record("2026-11-25").ask("agreements").answer.value}
    assert rows["open-skies"]["left_by"] == ["USA", "RUS"]
    assert (rows["cfe"]["limited_by"], rows["cfe"]["left_by"]) == (["NATO"], ["RUS"])
    assert rows["missions"]["limited_by"] == ["NATO", "RUS"]
    assert (rows["inf"]["by"], rows["inf"]["limited_by"]) == (["USA"], ["USA", "RUS"])
    spans = {lane.instrument.id: lane.spans for lane in lanes(open_record("2026-11-25"))}
    assert [(span.state, span.who) for span in spans["nrc"]] == [
        ("in force", ()),
        ("suspended", ("NATO",)),
        ("in force", ()),
        ("limited", ("NATO",)),
    ]
    assert spans["open-skies"][-1].who == ("USA", "RUS")


def test_no_step_is_left_out_of_the_lanes() -> None:
    """Every event that changes an instrument has a step, but for these."""
    record = open_record("2026-11-25")
    left_out = {
        "dlg-2022-11-28-bcc-postponed": "one session put off",
        "dlg-2022-03-01-line": "a line of its own, never suspended",
        "dlg-2026-02-05-mil-dialogue": "when it was suspended is not on record",
    }
    steps = {row["event"] for row in record.rows("instrument_steps")}
    changing = {row.id for row in record.rows("dialogue") if row["outcome"] not in ("met", "proposal")}
    assert changing - steps == set(left_out)


def test_nothing_later_is_seen() -> None:
    for year in range(1998, 2027):
        record = open_record(f"{year}-05-09")
        for lane in lanes(record):
            assert all(event.text("date")[:4] <= str(year) for _, event in lane.steps)


def test_spans_follow_each_other_without_a_break() -> None:
    for lane in lanes(open_record("2026-11-25")):
        for before, after in zip(lane.spans, lane.spans[1:], strict=False):
            assert before.end == after.start
            assert before.state != after.state
        assert lane.spans[-1].end == ""


def test_every_step_is_a_known_event_of_an_instrument() -> None:
    record = open_record("2026-11-25")
    events = {row.id for row in record.rows("dialogue")}
    for row in record.rows("instrument_steps"):
        assert row["event"] in events
        assert row.id.startswith(f"{row['instrument']}.")
