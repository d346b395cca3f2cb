"""Cells as publishers write them."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.sources import figures, places, xlsxfile
from dualtrack.sources.figures import decimals, number, sign, written, year


@pytest.mark.parametrize("module", [figures, places, xlsxfile], ids=lambda m: m.__name__)
def test_examples_in_the_words_of_the_module(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["...", "…", ". .", "..", "xxx", "XXX", " ... ", "-", "–", "n/a", "#REF!", "#DIV/0!"])
def test_every_publishers_sign_for_a_missing_value(text: str) -> None:
    assert sign(text) and number(text) is None


@pytest.mark.parametrize("value", ["2", 2, 2.5, "0", 0, "-1.5", "1e3", "1 234"])
def test_a_number_is_no_sign(value: object) -> None:
    assert sign(value) is None and number(value) is not None


@pytest.mark.parametrize("value", [
    "2,5", "1,234", "1.2.3", "2 5", "", None, True, "2%", float("nan"), float("inf"), 1e300, "١٢", "0x1f", "1_000",
    "--1", "+", ".", "9" * 50, "2016-05-09",
])  # fmt: skip
def test_what_is_no_number_for_sure(value: object) -> None:
    assert number(value) is None


@given(st.floats(0, 1e6))
def test_a_figure_written_is_read_back(value: float) -> None:
    assert number(written(value)) == pytest.approx(value, abs=0.00005)


@given(st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.none(), st.booleans()))
def test_nothing_raises(value: object) -> None:
    for function in (number, sign, year):
        function(value)
    decimals(str(value))


@pytest.mark.parametrize(
    ("cell", "found"),
    [(2019, (2019, False)), ("2019", (2019, False)), ("2023e", (2023, True)), ("2024 e", (2024, True)),
     (2019.0, (2019, False)), ("2010 [YR2010]", (2010, False)), ("2025 (current prices)", None), (1899, None),
     ("2010 [YR2011]", None), ("", None), (True, None), (2019.5, None), ("12019", None)],
)  # fmt: skip
def test_years_of_a_header(cell: object, found: object) -> None:
    assert year(cell) == found
