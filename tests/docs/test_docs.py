"""The documentation says what is true now: reference pages are current, documented commands run."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dualtrack.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs" / "tutorials").glob("*.md")])


def documented(page: Path) -> list[str]:
    """Every dualtrack command in the fenced blocks of a page, in order, each once."""
    commands: dict[str, None] = {}
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            text = line.removeprefix("$ ").split("  #")[0].strip()
            if text.startswith("dualtrack "):
                commands[text] = None
    return list(commands)


def test_reference_is_current(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "reference.py", tmp_path], check=True)
    for page in sorted(tmp_path.glob("*.md")):
        shipped = ROOT / "docs" / "reference" / page.name
        assert page.read_text("utf-8") == shipped.read_text("utf-8"), f"run `make docs`: {page.name} is out of date"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_documented_commands_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this process, which has loaded everything already: there are a hundred of them."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    for command in documented(page):
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        try:
            main()
        except SystemExit as done:
            assert not done.code, f"{command}\n{capfd.readouterr().err}"


def test_every_local_link_resolves() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if not target.startswith(("http", "mailto:", "data:")):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
