"""The public surface: what `import dualtrack` promises. It grows by additions only."""

import subprocess
import sys

import pytest

import dualtrack

PUBLIC = ["__version__", "open_record"]


def test_the_surface_is_exactly_this() -> None:
    assert dualtrack.__all__ == PUBLIC


def test_it_is_sorted() -> None:
    assert dualtrack.__all__ == sorted(dualtrack.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_resolves(name: str) -> None:
    assert getattr(dualtrack, name)


def test_a_star_import_brings_these_and_no_others() -> None:
    names: dict[str, object] = {}
    exec("from dualtrack import *", names)
    assert sorted(set(names) - {"__builtins__"}) == PUBLIC


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open_recrod'"):
        _ = dualtrack.open_recrod


def test_the_record_offers_its_verbs() -> None:
    record = dualtrack.open_record("2016-05-09")
    public = {name for name in dir(record) if not name.startswith("_")}
    assert {"ask", "at", "as_of", "rows", "row", "sources", "members", "readings", "tables", "slots"} <= public


def test_importing_it_starts_at_once() -> None:
    code = "import sys, dualtrack; print([m for m in ('duckdb', 'pydantic', 'numpy', 'altair') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
