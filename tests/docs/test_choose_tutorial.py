"""The tutorial on choosing says what the model says: its two tables, its flips, and its files of one's own."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.flips import flips
from dualtrack.choice.sampling import sample
from dualtrack.choice.scenario import NAMED, read_scenario
from dualtrack.cli.app import app

TEXT = (Path(__file__).parents[2] / "docs" / "tutorials" / "choose.md").read_text("utf-8")
RECORD = open_record("2026-11-25")
WARSAW = read_scenario("warsaw-2016", RECORD)
SETS = ("neutral", "article", "sceptic_of_dialogue", "sceptic_of_presence")


def told(priors: str) -> list[tuple[float, float]]:
    """The figures and standard errors of a set in both tables, in order."""
    lines = [line for line in TEXT.splitlines() if line.startswith(f"| {priors.replace('_', ' ')} |")]
    return [(float(a), float(b)) for line in lines for a, b in re.findall(r"([\d.]+) ± ([\d.]+)", line)]


@pytest.mark.parametrize("priors", SETS)
def test_both_tables_are_what_the_model_says(priors: str) -> None:
    n = 8192
    values = constant(sample(WARSAW.box(RECORD, priors), n, 2016), [one.package for one in NAMED])[:, :, 0]
    best, short = values.argmax(axis=1), values.max(axis=1, keepdims=True) - values
    neither, deterrence, dialogue, both = values.T
    shares = [(best == number).mean() for number in range(4)] + [(both - deterrence > dialogue - neither + 1e-9).mean()]
    expected = [(100 * share, 100 * np.sqrt(share * (1 - share) / n)) for share in shares]
    expected += [(own.mean(), own.std() / np.sqrt(n)) for own in short.T]
    assert np.abs(np.array(told(priors)) - np.array(expected)).max() < 0.06  # told to one decimal


def test_flips_are_where_the_text_has_them() -> None:
    names = [one.name for one in WARSAW.packages]
    found = flips(WARSAW.box(RECORD), [one.package for one in WARSAW.packages], names, "both, national troops")
    first = [flip for flip in found if flip.value is not None][:3]
    said = re.findall(r"`(\w+)` (above|below) ([\d.]+) instead of ([\d.]+)", TEXT)
    assert [(name, float(value), float(nominal)) for name, _, value, nominal in said] == [
        (flip.parameter, float(f"{flip.value:.3g}"), flip.nominal) for flip in first
    ]
    for flip, (_, side, *_) in zip(first, said, strict=True):
        assert (side == "above") == (float(flip.value or 0) > flip.nominal)
        assert flip.before == "both, national troops" and f"“{flip.after}”" in TEXT


def test_files_of_ones_own_are_read_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, mine = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "own.yml").write_text(own, "utf-8")
    (tmp_path / "mine.yml").write_text(mine, "utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["choose", "solve", "own.yml"], catch_exceptions=False)
    assert done.exit_code == 0 and "four battalions and dialogue" in done.output
