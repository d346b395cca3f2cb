"""docs/importing.md: its commands run in order on files in the shapes it names. Figures are invented."""

import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import pytest
from invented import event, ged, nato, sipri, world_bank_csv

from commanding import completed
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate
from dualtrack.sources.contract import adapters

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
WRITTEN = re.findall(r"^    (dualtrack .*?)(?: +#.*)?$|`(dualtrack [^`]+)`", PAGE, re.MULTILINE)
COMMANDS = list(dict.fromkeys(block or inline for block, inline in WRITTEN))


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return completed(*shlex.split(command)[1:], cwd=folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of every publisher, under the names the page has."""
    place = tmp_path_factory.mktemp("page")
    sipri(place / "SIPRI-Milex-data.xlsx")
    nato(place / "def-exp-2024-en.xlsx")
    ged(place / "GEDEvent_v25_1.csv", [event()])
    (place / "API_MS.MIL.XPND.GD.ZS.csv").write_text(world_bank_csv(), "utf-8")
    return place


def test_there_is_a_command_for_every_adapter() -> None:
    imports = [command.split()[3] for command in COMMANDS if command.startswith("dualtrack know import ")]
    assert set(adapters()) <= set(imports)


def test_the_commands_run_and_what_they_write_is_sound(folder: Path) -> None:
    for command in COMMANDS:
        done = run(command, folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout
    report = validate(folder / "mine", packaged())
    assert report.faults == []
    assert report.counts["conflict_events"] == 1
    assert report.counts["sources"] == 3  # NATO's edition is in the packaged record, whose rows are kept
    asked = "dualtrack know table sources --record mine --where \"id = 'ucdp-ged-25.1'\" --format json"
    said = run(asked, folder).stdout
    assert "CC BY 4.0" in said and '"redistribute": "yes"' in said


def test_what_may_not_be_passed_on_stays_out_of_the_export(folder: Path) -> None:
    if not (folder / "mine").exists():
        pytest.fail("the commands of the page have not run")
    done = run("dualtrack know export record.zip --record mine", folder)
    assert done.returncode == 0, done.stderr
    assert "rows left out that may not be passed on" in done.stdout
    with zipfile.ZipFile(folder / "record.zip") as archive:
        names = archive.namelist()
        text = {name: archive.read(name).decode("utf-8") for name in names if name.startswith("data/")}
    assert "sipri-milex" not in text["data/spending.csv"] and "world-bank" not in text["data/spending.csv"]
    assert "sipri-milex" not in text["data/sources.csv"]
    assert "ged-900001" in text["data/conflict_events.csv"] and "ucdp-ged-25.1" in text["data/sources.csv"]
