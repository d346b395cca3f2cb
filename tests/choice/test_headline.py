"""A headline cannot be built without what belongs to it, and says what a share is not."""

from dataclasses import replace

import pytest

from dualtrack.choice.estimate import Estimate
from dualtrack.choice.headline import NOT_PROBABLE, Driver, Headline

FIVE = tuple(
    Driver(name, meaning, record)
    for name, meaning, record in (
        ("V_G", "Greedy gain from a challenge", ""),
        ("k2", "Cost of a challenge", ""),
        ("beta", "Precision", ""),
        ("k0d", "Denial without presence", "deployments"),
        ("wk", "Weakness", ""),
    )
)
SHARE, NEUTRAL = Estimate(0.471, 0.0056, 8192), Estimate(0.159, 0.004, 8192)
WHOLE = Headline("Both tracks are the best of four", "article", SHARE, NEUTRAL, FIVE, True, 7, "ab" * 32, "1")


def test_it_says_all_that_belongs_to_it() -> None:
    text = WHOLE.text
    for part in ("47.1 percent", "15.9 percent", "0.6", "8,192", "article", "neutral", "Seed 7", "model 1", "exact"):
        assert part in text
    assert text.count("not in the record") == 4 and "see deployments" in text
    assert all(f"({driver.parameter}, " in text for driver in FIVE)
    assert NOT_PROBABLE in text and "not probabilities" in NOT_PROBABLE
    assert "chance" not in text and "partly chance" in replace(WHOLE, drivers_sure=False).text
    assert "values within 0.02" in replace(WHOLE, gap=0.02).text


def test_under_the_neutral_set_there_is_one_share() -> None:
    alone = replace(WHOLE, priors="neutral", share=NEUTRAL)
    assert alone.text.count("percent (standard error") == 1
    with pytest.raises(ValueError, match="one share"):
        replace(WHOLE, priors="neutral")


@pytest.mark.parametrize(
    "missing",
    [
        {"what": " "}, {"priors": ""}, {"parameters_sha256": ""}, {"model": ""},
        {"drivers": FIVE[:4]}, {"drivers": (*FIVE[:4], FIVE[0])}, {"drivers": (*FIVE[:4], Driver("x", "X", ""))},
        {"share": Estimate(1.2, 0.1, 9)}, {"neutral": Estimate(0.5, 0.1, 0)}, {"share": Estimate(0.5, 0.0, 9)},
        {"seed": -1}, {"gap": -0.1},
    ],
)  # fmt: skip
def test_nothing_of_it_may_be_missing(missing: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        replace(WHOLE, **missing)  # type: ignore[arg-type]


def test_no_part_has_a_value_to_fall_back_on() -> None:
    with pytest.raises(TypeError, match="neutral"):
        Headline(
            what="x",
            priors="article",
            share=SHARE,
            drivers=FIVE,
            drivers_sure=True,
            seed=1,
            parameters_sha256="a",
            model="1",
        )  # type: ignore[call-arg]
