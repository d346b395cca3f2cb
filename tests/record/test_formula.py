"""The quote in front of a formula: on when written, off when read, and nothing lost on the way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.record.formula import plain_cell, safe_cell
from dualtrack.record.load import load
from dualtrack.record.store import packaged

TEXT = st.text(alphabet=st.sampled_from("'=+-@\t\r 1.aé;\"\n"), max_size=8) | st.text(max_size=20)


@given(TEXT)
def test_out_and_back_changes_nothing(text: str) -> None:
    assert plain_cell(str(safe_cell(text))) == text


@given(TEXT)
def test_what_is_written_is_no_formula(text: str) -> None:
    written = str(safe_cell(text))
    assert written[:1] not in ("=", "@", "\t", "\r")
    if written[:1] in ("+", "-"):
        float(written)


@pytest.mark.parametrize("value", [-6.0, -2, 0, None, "-2", "+3.5", "'Ndrangheta", "a=b", ""])
def test_harmless_cells_stay_as_they_are(value: object) -> None:
    assert safe_cell(value) is value


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2 rejects it", "@cmd", "-", "'=1", "-1e5", "+49 30 1234"])
def test_risky_text_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_a_folder_with_quoted_text_loads_as_it_was_meant(tmp_path: Path) -> None:
    (tmp_path / "poll_questions.csv").write_text("question,meaning\nmine,'=1+1\n", "utf-8")
    assert load([packaged(), tmp_path])["poll_questions"].rows["mine"]["meaning"] == "=1+1"
