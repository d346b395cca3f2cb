"""The reference names all there is, by what lies in the folders, not by the lists it is written from."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from dualtrack.cli.app import app

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PACKAGE = ROOT / "src" / "dualtrack"
RULES = PACKAGE / "instruments" / "data"


def stems(folder: str, pattern: str) -> list[str]:
    return [path.stem for path in (PACKAGE / folder).glob(pattern)]


def provisions() -> list[str]:
    """Rules by name; limits, duties and pledges with their folder, as coverage.yml names them."""
    rules = [path.stem for path in RULES.glob("*/*.yml") if path.stem not in ("instrument", "coverage")]
    return rules + [f"{path.parent.name}/{path.stem}" for path in RULES.glob("*/*/*.yml")]


def commands(group: Any, above: str = "dualtrack") -> list[str]:
    """Every command by its whole name, as typer has them."""
    children = getattr(group, "commands", {})
    return [name for word, one in children.items() for name in commands(one, f"{above} {word}")] or [above]


def questions() -> list[str]:
    found = (PACKAGE / "analyses").glob("*.py")
    return [path.stem for path in found if re.search(r"^def run\(", path.read_text("utf-8"), re.MULTILINE)]


WANTED = {
    "commands.md": ("## {}\n", commands(typer.main.get_command(app))),
    "analyses.md": ("## {}\n", questions()),
    "readings.md": ("| {} |", stems("record/data/readings", "*/*.yml")),
    "rules.md": ("| `{}` |", provisions()),
    "claims.md": ("| `{}` |", stems("claims/data", "*/*.yml")),
    "codebook.md": ("## {}: ", stems("record/data", "*.csv") + stems("publish/panels", "*.yml")),
}


@pytest.mark.parametrize("page", WANTED)
def test_all_there_is_has_a_place_in_the_reference(page: str) -> None:
    """As often as there are files of the name: two instruments have a rule of one name."""
    shape, names = WANTED[page]
    text = (REFERENCE / page).read_text("utf-8")
    assert len(names) > 10, "the folder was not found"
    assert sorted(name for name in names if text.count(shape.format(name)) < names.count(name)) == []
