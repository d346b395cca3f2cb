"""Damaged files of compiled code are made anew: cut short, empty or of random bytes."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SOURCE = """
from dualtrack.core.compiledcache import compiled_once

def plain(x):
    return x + 1

made = compiled_once(plain)
"""


def fresh(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("kept", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made


@pytest.mark.parametrize("ending", [".nbi", ".nbc"])
def test_a_damaged_file_is_made_anew(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.py"
    path.write_text(SOURCE, "utf-8")
    assert fresh(path)(1) == 2
    [file] = (tmp_path / "__pycache__").glob(f"*{ending}")
    whole = file.read_bytes()
    for data in (whole[:40], whole[:-5], b"", bytes(range(256))):
        file.write_bytes(data)
        assert fresh(path)(1) == 2
    made = fresh(path)
    assert made(1) == 2 and sum(made.stats.cache_hits.values()) == 1, "what was made anew is kept"


def test_without_a_place_to_keep_it_it_is_compiled_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_place(*_: object, **__: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr("numba.core.dispatcher.Dispatcher.enable_caching", no_place)
    path = tmp_path / "kept.py"
    path.write_text(SOURCE, "utf-8")
    assert fresh(path)(1) == 2
    assert list(tmp_path.iterdir()) == [path] or not list(tmp_path.glob("__pycache__/*.nb?"))
