"""Where agreements and channels stand on a day, and who brought them there."""

from dualtrack.analyses.agreements import lanes
from dualtrack.api import open_record


def test_before_warsaw() -> None:
    rows = {row["instrument"]: row for row in open_record("2016-05-09").ask("agreements").answer.value}
    assert (rows["cfe"]["state"], rows["cfe"]["since"], rows["cfe"]["by"]) == ("limited", "2007-12-12", ["RUS"])
    assert (rows["nrc"]["state"], rows["nrc"]["by"]) == ("limited", ["NATO"])
    assert rows["founding-act"]["state"] == "in force"
    assert "structured-dialogue" not in rows
    assert "inf" not in rows


def test_later_steps_of_both_sides() -> None:
    rows = {row["instrument"]: row for row in open_record("2026-11-25").ask("agreements").answer.value}
    assert (rows["inf"]["state"], rows["inf"]["by"]) == ("ended", ["USA"])
    assert (rows["cfe"]["state"], rows["cfe"]["by"]) == ("suspended", ["NATO"])
    assert (rows["open-skies"]["state"], rows["open-skies"]["since"]) == ("limited", "2020-11-22")
    assert rows["new-start"]["state"] == "ended"


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
