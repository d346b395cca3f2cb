"""The compiled engine: agreement with numpy and the plain definition, and the same bits however worlds are cut."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from numba.core.caching import CacheImpl
from test_constant import of_priors, worlds

from dualtrack.choice.compiled import solved
from dualtrack.choice.constant import Engine, constant, engine_for
from dualtrack.choice.lanes import WIDTH, compiled, exponential, listening, load, store
from dualtrack.choice.package import PACKAGES, Package, as_array
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.priors import all_priors
from dualtrack.choice.verification.plain import plain


@pytest.mark.parametrize("priors", [*all_priors(), "restless"])
def test_agrees_with_numpy_on_every_package(priors: str) -> None:
    drawn = of_priors(priors, 1, 70)
    fast, slow = (constant(drawn, PACKAGES, engine=engine) for engine in ("compiled", "numpy"))
    np.testing.assert_allclose(fast, slow, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("priors", [*all_priors(), "restless"])
@settings(max_examples=12)
@given(st.integers(0, 2**32), st.tuples(*[st.floats(0, 1)] * 4))
def test_agrees_with_the_plain_definition_between_the_levels_too(
    priors: str, seed: int, levels: tuple[float, ...]
) -> None:
    [world], package = of_priors(priors, seed, 1), Package(*levels)
    expected = plain(world, package)
    np.testing.assert_allclose(constant(world[None], [package], "compiled")[0, 0], expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_cuts_change_no_bit(threads: int) -> None:
    drawn = worlds(2, 2100)
    some = PACKAGES[::11]
    whole = constant(drawn, some, "compiled", threads=1)
    assert constant(drawn, some, "compiled", threads=threads).tobytes() == whole.tobytes()
    parts = [constant(part, some, "compiled", threads=threads) for part in np.array_split(drawn, 2 * threads + 1)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert constant(drawn[::-1], some, "compiled", threads)[::-1].tobytes() == whole.tobytes()
    assert constant(drawn, some[:1], "compiled")[:, 0].tobytes() == whole[:, 0].tobytes()


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])

    def twice(x: float) -> float:
        return 2 * x

    with pytest.raises(RuntimeError, match="no locator"):
        njit(cache=True)(twice)
    assert compiled(twice)(4.0) == 8.0


def test_what_is_kept_is_named_after_all_it_was_made_of() -> None:
    def same(x: float) -> float:
        return x

    files = sorted(Path(__file__).parent.glob("*.py"))
    digest = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    assert compiled(same).py_func.__qualname__.endswith(f"same_{digest[:16]}")


def test_compiling_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    @njit
    def half(x: float) -> float:
        return x / 2

    with listening():
        half(1.0)
        half(1)
    assert capsys.readouterr().err.count("Compiling the model") == 1
    with listening():
        half(3.0)
    assert not capsys.readouterr().err


def test_one_engine_for_a_run_in_pieces() -> None:
    assert [engine_for(values) for values in (48, 10**6)] == ["numpy", "compiled"]


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_arrays_of_any_kind_but_of_one_shape(engine: Engine) -> None:
    drawn = worlds(8, 9)
    expected = constant(drawn, PACKAGES[:3], engine)
    sealed = drawn.copy()
    sealed.flags.writeable = False
    for same in (sealed, np.asfortranarray(drawn), np.repeat(drawn, 2, axis=0)[::2]):
        assert constant(same, PACKAGES[:3], engine).tobytes() == expected.tobytes()
    assert constant(drawn[:0], PACKAGES[:3], engine).shape == (0, 3, 6)
    assert constant(drawn, [], engine).shape == (9, 0, 6)
    for other in (drawn[:, :50], drawn[0]):
        with pytest.raises(ValueError, match="51 parameters"):
            constant(other, PACKAGES[:3], engine)


def test_small_inputs_are_solved_without_the_compiled_code() -> None:
    drawn = worlds(3, 40)
    assert constant(drawn, PACKAGES[:2]).tobytes() == constant(drawn, PACKAGES[:2], "numpy").tobytes()


def test_progress_is_told_to_the_end() -> None:
    for engine in ("numpy", "compiled"):
        done: list[int] = []
        constant(worlds(4, 1500), PACKAGES[:1], engine, told=done.append)
        assert done == sorted(done) and done[-1] == 1500


def test_the_exponential_is_right_to_about_the_last_place() -> None:
    x = np.concatenate([np.linspace(-700, 700, 4000), np.linspace(-1, 1, 4000)])
    found = np.empty_like(x)

    @njit
    def each(x: np.ndarray, found: np.ndarray) -> None:
        for place in range(x.size // WIDTH):
            store(found, place, exponential(load(x, place)))

    each(x, found)
    assert np.abs(found / np.exp(x) - 1).max() < 4e-16


def test_what_compiled_code_does_not_settle_numpy_does() -> None:
    drawn = worlds(6, 2000)
    drawn[:, COLUMN["beta"]] *= 40
    drawn[:, COLUMN["gR"]] = 0.995
    some = PACKAGES[8::9]
    left = np.isnan(solved(drawn, as_array(some))[:, :, 0])
    assert 0 < left.sum() < left.size / 100
    found = constant(drawn, some, "compiled")
    for number in np.flatnonzero(left.any(axis=0)):
        own = left[:, number]
        again = constant(drawn[own], [some[number]], "numpy")[:, 0]
        assert found[own, number].tobytes() == again.tobytes()


def test_a_policy_that_newton_does_not_settle_is_iterated(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = worlds(5, 40)
    expected = constant(drawn, PACKAGES[::9], "numpy")
    monkeypatch.setattr("dualtrack.choice.constant._STEPS", 1)
    np.testing.assert_allclose(constant(drawn, PACKAGES[::9], "numpy"), expected, rtol=1e-9, atol=1e-13)
