"""The backtest: bands hold 85 to 95 times in 100 on series left out, and both baselines are what they say."""

import numpy as np
import pytest

from dualtrack.analyses.pooling import Poll, Pooled
from dualtrack.analyses.support_backtest import next_polls, series_left_out
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput

RECORD = open_record("2026-11-25")


@pytest.mark.parametrize("day", ["2020-12-31", "2024-12-31", "2026-11-25"])
def test_bands_hold_85_to_95_times_in_100(day: str) -> None:
    """As the record stands, and as it stood: with fewer polls the model must be as honest."""
    total = {row["test"]: row for row in open_record(day).ask("support_backtest").answer.summary["All items"]}
    assert 85 <= total["series left out"]["coverage"] <= 95
    assert 85 <= total["next poll"]["coverage"] <= 95
    assert total["series left out"]["polls"] > 100


def test_the_model_errs_less_than_both_baselines_on_series_left_out() -> None:
    left_out, ahead = RECORD.ask("support_backtest").answer.summary["All items"]
    assert left_out["error_compared"] < left_out["last_carried_forward"] < left_out["mean_of_others"]
    # the next poll is most often one more wave of the same series, which its last wave foretells as well
    assert ahead["error_compared"] < ahead["last_carried_forward"] + 0.5 < ahead["mean_of_others"]


def poll(id_: str, country: str, series: str, when: float | None, share: float) -> Poll:
    return Poll(id_, "item", country, series, "wording", series, when, share, 1000, True)


POLLS = [
    poll("a", "A", "x", 2010.0, 40),
    poll("b", "A", "y", 2011.0, 44),
    poll("c", "A", "y", 2011.0, 46),
    poll("d", "B", "x", 2010.5, 60),
    poll("e", "A", "x", 2012.0, 50),
    poll("f", "B", "y", None, 70),
]


def test_baselines_by_hand() -> None:
    told = {one.share: one for one in series_left_out(Pooled(POLLS))}
    assert told[50].last == 45  # the mean of both polls of the latest day; its own series is out
    assert told[40].last is None  # nothing earlier
    assert told[44].last == 40
    assert told[50].mean == 65  # both polls of B
    assert told[60].mean == 45  # all four of A
    assert told[70].last is None  # no date
    ahead = {one.share: one for one in next_polls(Pooled(POLLS))}
    assert set(ahead) == {60, 44, 46, 50}  # the first and the undated one are not foretold
    assert (ahead[44].last, ahead[44].mean) == (40, 60)
    assert (ahead[50].last, ahead[50].mean) == (45, 60)


def test_a_poll_is_foretold_without_its_own_answer() -> None:
    """Whatever the last poll found, what was said of it before is the same."""
    other = [*POLLS[:4], POLLS[4]._replace(share=50.0001), POLLS[5]]
    far = [*POLLS[:4], POLLS[4]._replace(share=80), POLLS[5]]
    base, near, moved = (Pooled(polls) for polls in (POLLS, other, far))
    numbers = [[0], [3], [1, 2], [4]]
    assert np.allclose(base.ahead(numbers)[3].mean, near.ahead(numbers)[3].mean, atol=1e-3)
    assert np.allclose(base.ahead(numbers)[3].mean, moved.ahead(numbers)[3].mean, atol=0.05)
    assert np.allclose(base.left_out(np.array([4])).mean, moved.left_out(np.array([4])).mean, atol=0.05)


def test_totals_are_those_of_the_rows() -> None:
    finding = RECORD.ask("support_backtest")
    for total in finding.answer.summary["All items"]:
        rows = [row for row in finding.answer.value if row["test"] == total["test"]]
        for name in ("polls", "in_band", "compared"):
            assert total[name] == sum(row[name] for row in rows)
        errors = sum(row["error"] * row["polls"] for row in rows) / total["polls"]
        assert total["error"] == pytest.approx(errors, abs=0.1)


def test_too_few_polls_are_said_to_be_too_few() -> None:
    with pytest.raises(BadInput, match="8 polls"):
        RECORD.ask("support_backtest", question="fear_nato")
