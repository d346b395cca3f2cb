"""The monthly round as the page describes it: its tables are there, its commands run, its correction is one."""

import re
import shlex
import sys
from pathlib import Path

import pytest
import yaml

from dualtrack.cli import main
from dualtrack.record.corrections import Correction
from dualtrack.record.schema import schemas

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "updating.md").read_text("utf-8")


def test_the_tables_named_are_tables() -> None:
    cells = re.findall(r"^\| (`[^|]*) \|", PAGE, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert len(named) > 10
    assert set(named) <= set(schemas())


def test_the_commands_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^    (dualtrack .*)$", PAGE, re.MULTILINE)
    assert [command.split()[1] for command in commands] == ["init", "know", "know", "know", "know"]
    for command in commands:
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        try:
            main()
        except SystemExit as done:
            assert not done.code, f"{command}\n{capfd.readouterr().err}"
    assert (tmp_path / "changes.atom").read_bytes().startswith(b"<?xml")


def test_the_correction_shown_is_one() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (entry,) = yaml.load(block, yaml.BaseLoader)["corrections"]
    assert set(entry) == set(Correction.model_fields)
    Correction.model_validate(entry)
