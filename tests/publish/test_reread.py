"""Questions answered otherwise are found, and what joins them later needs only to say what it says."""

from collections.abc import Iterator

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.claims.claim import load_claims
from dualtrack.publish.reread import PROBES, Reread, Said, findings, reread, verdicts
from dualtrack.record.store import Record

MAY, JULY = open_record("2016-05-09"), open_record("2016-07-09")


def test_nothing_reads_otherwise_in_the_same_record() -> None:
    asked = sum(len(analysis.examples) for analysis in analyses().values())
    asked += sum(claim.ask is not None for claim in load_claims())
    assert reread(MAY, open_record("2016-05-09")) == ([], asked)


def test_every_example_of_every_analysis_is_asked() -> None:
    assert {said.name for said in findings(MAY)} == {name for name, a in analyses().items() if a.examples}
    assert findings in PROBES


def test_verdicts_on_claims_are_compared_with_their_values() -> None:
    found, _ = reread(open_record("2016-05"), open_record("2026-11-24"), (verdicts,))
    [one] = [answer for answer in found if answer.name == "only-estonia-and-poland"]
    assert (one.kind, one.old, one.new) == ("claim", "supported: EST, POL", "contradicted: POL")


def test_another_kind_of_question_joins_with_one_function() -> None:
    def said(record: Record) -> Iterator[Said]:
        yield Said("claim", "cp015", {}, "supported" if record is MAY else "contradicted")
        yield Said("claim", "cp016", {}, f"cannot tell as of {record.as_of}")
        yield Said("claim", "cp017", {"by": "x"}, "the same", {"value": record.as_of})
        if record is JULY:
            yield Said("claim", "cp018", {}, "new here")

    found, asked = reread(MAY, JULY, (said,))
    assert asked == 4
    assert found == [
        Reread("claim", "cp015", {}, "supported", "contradicted", True),
        Reread("claim", "cp017", {"by": "x"}, "the same", "the same", False),
        Reread("claim", "cp018", {}, "", "new here", True),
    ]
    assert found[1].question == "cp017 by=x"
