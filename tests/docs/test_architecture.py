"""ARCHITECTURE.md is read with the tree open: every folder with code has its row, every file that is named is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "dualtrack"
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def folders() -> set[str]:
    return {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")} - {"."}


def test_every_folder_has_a_row_or_stands_in_that_of_the_one_above() -> None:
    rows = {row.split("`")[1]: row for row in PAGE.splitlines() if row.startswith("| `")}
    missing = [
        name
        for name in sorted(folders())
        if name not in rows and f"`{name.rpartition('/')[2]}`" not in rows.get(name.rpartition("/")[0], "")
    ]
    assert missing == []
    assert {name for name in rows if not (PACKAGE / name).exists()} == set()


def test_every_file_it_names_is_there() -> None:
    """By the end of its path, since a step names the folder once and then only files."""
    paths = [path.as_posix() for folder in ("src", "scripts", "tests") for path in (ROOT / folder).rglob("*.*")]
    named = re.findall(r"`([a-z_/]+\.(?:py|yml|json|csv))`", PAGE)
    assert len(named) > 40
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in paths)] == []
