"""The pooled model: known parameters are found again, closed forms agree with solving anew, names do not matter."""

from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.pooling import PRIORS, Point, Poll, Pooled, forward, logit, observation_variance, percent

_CALIBRATED = 240  # worlds: a coverage of 90 percent is then met within 2 points in two of three runs
COUNTRIES = [f"C{i:02}" for i in range(12)]
HOUSES = [f"H{i}" for i in range(6)]
WORDINGS = ["one", "two", "three"]
TIMES = np.linspace(2010, 2025, 31)
TRUE = {
    "country": 0.6, "drift": 0.3, "years": 4.0, "common": 0.2, "house": 0.2, "house_here": 0.1,
    "wording": 0.4, "wording_here": 0.1, "excess": 0.1,
}  # fmt: skip


class World:
    """Polls drawn from the model with known parameters, and the levels they were drawn around."""

    def __init__(self, seed: int, polls: int = 90, true: dict[str, float] = TRUE, mean: float = 0.4) -> None:
        draw = np.random.default_rng(seed)
        near = np.exp(-np.abs(TIMES[:, None] - TIMES) / true["years"])
        root = np.linalg.cholesky(near + 1e-9 * np.eye(len(TIMES)))
        self.mean = draw.normal(0, mean)
        self.effects = {
            name: defaultdict(lambda name=name: draw.normal(0, true[name]))
            for name in ("country", "house", "house_here", "wording", "wording_here")
        }
        self.common = true["common"] * root @ draw.normal(size=len(TIMES))
        self.drift = {code: true["drift"] * root @ draw.normal(size=len(TIMES)) for code in COUNTRIES}
        self.polls = []
        for number in range(polls):
            code, house, wording = (of[draw.integers(len(of))] for of in (COUNTRIES, HOUSES, WORDINGS))
            at = int(draw.integers(len(TIMES)))
            keys = {"house": house, "house_here": (code, house), "wording": wording, "wording_here": (code, wording)}
            odds = self.level(code, at) + sum(self.effects[name][key] for name, key in keys.items())
            p = float(percent(np.array(odds + draw.normal(0, true["excess"])))) / 100
            share = 100 * draw.binomial(667, p) / 667  # 1,000 asked with a design effect of 1.5
            self.polls.append(
                Poll(f"p{number}", "item", code, house, wording, house, float(TIMES[at]), share, 1000, True)
            )

    def level(self, code: str, at: int) -> float:
        return float(self.mean + self.effects["country"][code] + self.common[at] + self.drift[code][at])


@pytest.fixture(scope="module")
def worlds() -> list[tuple[World, Pooled]]:
    return [(world, Pooled(world.polls)) for world in map(World, range(12))]


def test_bands_hold_as_often_as_they_say() -> None:
    """Simulation-based calibration (Talts and others 2018): parameters drawn from the priors, polls from the model.

    Then the truth lies in a 90 percent band in 90 percent of worlds, and its rank is anywhere as often as elsewhere.
    """
    draw = np.random.default_rng(2016)
    levels, polls = [], []
    for seed in range(_CALIBRATED):
        true = {name: prior.median * np.exp(prior.spread * draw.normal()) for name, prior in PRIORS.items()}
        world = World(seed, 24, true, mean=1.0)
        model = Pooled(world.polls)
        levels.append(model.level([Point("C00", float(TIMES[15]))]).below(world.level("C00", 15))[0])
        numbers = [i for i, poll in enumerate(world.polls) if poll.country == world.polls[0].country]
        polls.append(model.left_out(np.array(numbers)).below(model.odds[numbers])[0])
    for ranks in (levels, polls):
        assert 0.85 <= np.mean([0.05 <= rank <= 0.95 for rank in ranks]) <= 0.95
        quarters = np.histogram(ranks, [0, 0.25, 0.5, 0.75, 1])[0]
        assert ((quarters - _CALIBRATED / 4) ** 2 / (_CALIBRATED / 4)).sum() < 11.3  # chi squared, 3 degrees, 1 percent


def test_levels_are_found_again(worlds: list[tuple[World, Pooled]]) -> None:
    """Up to the average house and wording of each world, which no poll tells: errors less their mean in a world."""
    errors, inside = [], []
    for world, model in worlds:
        points = [(code, at) for code in COUNTRIES for at in (8, 15, 22)]
        band = model.level([Point(code, float(TIMES[at])) for code, at in points])
        truth = np.array([world.level(code, at) for code, at in points])
        off = band.quantile(0.5) - truth
        errors += list(off - off.mean())
        inside += list((band.quantile(0.05) <= truth) & (truth <= band.quantile(0.95)))
    assert np.std(errors) < 0.3  # the countries themselves spread by 0.7
    assert 0.8 <= np.mean(inside) <= 0.98


def test_houses_and_wordings_are_found_again(worlds: list[tuple[World, Pooled]]) -> None:
    """Differences between levels under two wordings, which no anchor is needed for."""
    found, true = [], []
    for world, model in worlds:
        band = model.level([Point("C00", 2018.0, wording) for wording in WORDINGS])
        levels = band.quantile(0.5)
        found += [levels[1] - levels[0], levels[2] - levels[0]]
        effect = {
            name: world.effects["wording"][name] + world.effects["wording_here"]["C00", name] for name in WORDINGS
        }
        true += [effect["two"] - effect["one"], effect["three"] - effect["one"]]
    assert np.corrcoef(found, true)[0, 1] > 0.9
    assert np.sqrt(np.mean((np.array(found) - true) ** 2)) < 0.25


@pytest.mark.parametrize(("name", "within"), [("country", 1.35), ("drift", 1.6), ("wording", 1.6), ("house", 1.6)])
def test_spreads_are_found_again(worlds: list[tuple[World, Pooled]], name: str, within: float) -> None:
    """The geometric mean over worlds lies within a factor of the truth."""
    found = np.exp(np.mean([np.log(model.parameter(name)) for _, model in worlds]))
    assert TRUE[name] / within < found < TRUE[name] * within


def test_the_time_scale_is_found_again() -> None:
    """Where drift is most of what there is: one country, one house, a poll every two months, slow or fast drift."""
    found = {}
    for scale in (1.0, 12.0):
        draw = np.random.default_rng(7)
        times = np.arange(2005, 2025, 1 / 6)
        near = np.exp(-np.abs(times[:, None] - times) / scale)
        odds = 0.8 * np.linalg.cholesky(near + 1e-9 * np.eye(len(times))) @ draw.normal(size=len(times))
        polls = [
            Poll(f"p{i}", "item", "A", "H", "w", "s", float(when), float(percent(np.array(y))), 1000, True)
            for i, (when, y) in enumerate(zip(times, odds, strict=True))
        ]
        found[scale] = Pooled(polls).parameter("years")
    assert 0.5 < found[1.0] < 2.5
    assert found[12.0] > 2 * found[1.0]


# --- closed forms against the long way ---


def refitted(model: Pooled, keep: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Conditional mean and variance of polls left out, by solving anew at each point of the parameters."""
    out = [i for i in range(len(model.polls)) if i not in keep]
    covariances = model._covariances(model._parameters)
    means, variances = [], []
    for covariance in covariances:
        gain = np.linalg.solve(covariance[np.ix_(keep, keep)], covariance[np.ix_(keep, out)]).T
        means.append(gain @ model.odds[keep])
        variances.append(np.diag(covariance[np.ix_(out, out)] - gain @ covariance[np.ix_(keep, out)]))
    return np.array(means), np.array(variances)


def test_leaving_out_equals_solving_anew(worlds: list[tuple[World, Pooled]]) -> None:
    _, model = worlds[0]
    out = [3, 17, 40]
    told = model.left_out(np.array(out))
    means, variances = refitted(model, [i for i in range(90) if i not in out])
    assert np.allclose(told.means, means)
    assert np.allclose(told.variances, variances)


def test_looking_ahead_equals_solving_anew(worlds: list[tuple[World, Pooled]]) -> None:
    _, model = worlds[1]
    order = sorted(range(90), key=lambda i: (model.polls[i].when, i))
    told = model.ahead([order[:60], order[60:75]])[1]
    small = Pooled([model.polls[i] for i in order[:75]])
    small._parameters = model._parameters
    means, variances = refitted(small, list(range(60)))
    assert np.allclose(told.means, means)
    assert np.allclose(told.variances, variances)


def test_without_a_house_equals_a_model_that_never_had_it(worlds: list[tuple[World, Pooled]]) -> None:
    world, model = worlds[2]
    points = [Point("C00", 2020.0), Point("C05", 2012.0, "two")]
    without = model.without(points, house="H1")
    anew = Pooled([poll for poll in world.polls if poll.house != "H1"]).level(points)
    assert np.allclose(without.quantile(0.5), anew.quantile(0.5), atol=0.06)
    assert np.allclose(np.sqrt(without.variance), np.sqrt(anew.variance), rtol=0.12)
    fixed = Pooled([poll for poll in world.polls if poll.house != "H1"])
    fixed._parameters, fixed.weights = model._parameters, without.weights
    fixed._inverse = np.linalg.inv(fixed._covariances(fixed._parameters))
    assert np.allclose(without.means, fixed.level(points).means)
    assert np.allclose(without.variances, fixed.level(points).variances)


def test_without_all_polls_the_prior_is_left() -> None:
    model = Pooled([Poll(f"p{i}", "item", "C00", "H", "w", "s", 2015.0 + i, 80, 1000, True) for i in range(4)])
    nothing = model.without([Point("C00", 2020.0)], country="C00")
    assert nothing.mean[0] == pytest.approx(0)
    assert nothing.variance[0] > 1.0  # the item mean alone has a standard deviation of one


# --- what must not matter, and what must ---


def small(seed: int, count: int = 15) -> list[Poll]:
    return World(seed, count).polls


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(seed: int, random: Random) -> None:
    polls = small(seed)
    names = {old: f"other {new}" for old, new in zip(HOUSES, random.sample(HOUSES, 6), strict=True)}
    renamed = [poll._replace(house=names[poll.house]) for poll in polls]
    random.shuffle(renamed)
    points = [Point("C00", 2015.0), Point("C03", 2024.0, "one")]
    one, other = Pooled(polls).level(points), Pooled(renamed).level(points)
    for share in (0.05, 0.5, 0.95):
        assert np.allclose(one.quantile(share), other.quantile(share), atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(HOUSES), st.floats(10, 90))
def test_another_poll_hardly_widens_the_band(seed: int, house: str, share: float) -> None:
    """One that agrees does not by much; with known spreads none does, whatever it found."""
    polls = small(seed, 25)
    before, point = Pooled(polls), [Point("C00", 2015.0)]
    expected = float(percent(before.level(point).quantile(0.5))[0])
    agreeing = Poll("more", "item", "C00", house, "one", house, 2015.0, expected, 1000, True)
    assert Pooled([*polls, agreeing]).level(point).variance[0] < 1.1 * before.level(point).variance[0]
    after = Pooled([*polls, agreeing._replace(share=share)])
    after._parameters, after.weights = before._parameters, before.weights
    after._inverse = np.linalg.inv(after._covariances(after._parameters))
    assert (after.level(point).variances <= before.level(point).variances + 1e-9).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_far_from_its_polls_a_band_is_wider(seed: int) -> None:
    model = Pooled(small(seed))
    last = max(poll.when or 0 for poll in model.polls)
    years = [last, last + 2, last + 10, last + 50]
    widths = [model.level([Point(model.polls[0].country, when)]).variance[0] for when in years]
    assert widths == sorted(widths)


def test_a_country_never_polled_stands_where_the_others_do(worlds: list[tuple[World, Pooled]]) -> None:
    _, model = worlds[4]
    unknown, known = model.level([Point("ZZZ", 2018.0)]), model.level([Point(code, 2018.0) for code in COUNTRIES])
    assert known.mean.min() < unknown.mean[0] < known.mean.max()
    assert unknown.variance[0] > known.variance.max()


def test_an_undated_poll_tells_of_the_level_but_of_no_time() -> None:
    dated = [Poll(f"p{i}", "item", c, "H", "w", "s", 2015.0, 50, 1000, True) for i, c in enumerate(("A", "B", "C"))]
    undated = Poll("u", "item", "D", "H", "w", "s", None, 90, 1000, True)
    model = Pooled([*dated, undated])
    levels = [model.level([Point("D", when)]).mean[0] for when in (1990.0, 2015.0, 2040.0)]
    others = [model.level([Point("E", when)]).mean[0] for when in (1990.0, 2015.0, 2040.0)]
    assert all(level > other + 0.3 for level, other in zip(levels, others, strict=True))
    assert levels[0] == pytest.approx(levels[2])


def test_a_change_goes_the_way_the_polls_go() -> None:
    polls = [
        Poll(f"p{i}", "item", c, "H", "w", "s", 2010.0 + i, share, 1000, True)
        for c, start, step in (("A", 30, 4), ("B", 70, -4))
        for i, share in enumerate(range(start, start + 10 * step, step))
    ]
    model = Pooled(polls)
    up, down = model.change("A", 2010.0, 2019.0), model.change("B", 2010.0, 2019.0)
    assert up.quantile(0.05)[0] > 10
    assert down.quantile(0.95)[0] < -10
    assert model.change("A", 2015.0, 2015.0).mean[0] == pytest.approx(0)


def test_other_items_pooled_inform_less_than_the_item_itself() -> None:
    one = [Poll(f"p{i}", "x", c, "H", "w", "s", 2015.0, 40, 1000, True) for i, c in enumerate("ABC")]
    same, other = one[2]._replace(id="q", country="D"), one[2]._replace(id="q", country="D", item="y")
    point = [Point("D", 2015.0)]
    alone, with_other, with_same = (Pooled(p, "x").level(point).variance[0] for p in (one, [*one, other], [*one, same]))
    assert with_same < with_other < alone * 1.05


# --- parts ---


def test_sampling_variance_is_that_of_the_published_margin() -> None:
    """1,000 asked, half in favour: 3.1 points at 95 percent for a simple sample, times the root of 1.5."""
    poll = Poll("p", "i", "c", "h", "w", "s", None, 50, 1000, True)
    margin = 1.96 * 25 * np.sqrt(observation_variance(poll))
    assert margin == pytest.approx(3.1 * np.sqrt(1.5), abs=0.1)
    assert observation_variance(poll._replace(probability=False)) > observation_variance(poll)
    assert observation_variance(poll._replace(n=None)) == pytest.approx(2 * observation_variance(poll), rel=0.02)
    assert observation_variance(poll._replace(share=0)) < np.inf


def test_logit_and_back() -> None:
    shares = np.array([1.0, 9, 29, 38, 50, 99])
    assert np.allclose(percent(logit(shares)), shares)
    assert np.isfinite(logit(np.array([0.0, 100.0]))).all()


def test_few_polls_leave_the_priors_as_they_are() -> None:
    model = Pooled(small(1, 2))
    for name in model.names:
        expected = PRIORS[name].median * np.exp(PRIORS[name].spread ** 2 / 2)
        assert model.parameter(name) == pytest.approx(expected, rel=0.25), name
    assert 1 / (model.weights**2).sum() > 40  # so many equally weighted points are the weighted ones worth (Kish)


@given(size=st.integers(1, 150), count=st.integers(1, 3), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_forward_substitution_solves_the_triangle_at_every_size(size: int, count: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    roots = np.tril(draw.normal(size=(count, size, size))) / size + np.eye(size)
    right = draw.normal(size=size)
    assert np.allclose(roots @ forward(roots, right)[..., None], right[:, None], atol=1e-9)
