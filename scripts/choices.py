"""Writes the runs that come with dualtrack: every scenario under every set of priors, told as small files.

Run it with ``make choices`` after the model, its ranges, a scenario or a set of priors changed; a test makes one anew
and fails where it says something else.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from dualtrack.api import open_record
from dualtrack.choice.run import explore
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.choices.retelling import told
from dualtrack.publish.choices.telling import tell
from dualtrack.publish.choices.told import Told, name_of, packaged, sets

WORLDS, SEED = 8192, 2016
DAY = "2026-11-25"
"""Of the record whose table of parameters gives the ranges."""


def made(scenario: str, priors: str, folder: Path, worlds: int = WORLDS) -> Told:
    """The run of a scenario under a set of priors, solved in a folder."""
    record = open_record(DAY)
    asked = read_scenario(scenario, record).model_copy(update={"priors": priors})
    return told(tell(explore(asked, record, worlds, SEED, folder), asked, record), record)


def main() -> None:
    """Writes every file, and removes those of scenarios and sets that are no more."""
    names = set()
    for scenario in packaged_scenarios():
        for priors in sets():
            with tempfile.TemporaryDirectory() as folder:
                found = made(scenario, priors, Path(folder) / "run")
            text = re.sub(r'("(?:wide|narrow)":)', r"\n\1", found.model_dump_json())
            write_whole(packaged() / name_of(scenario, priors), (text + "\n").encode("utf-8"))
            names.add(name_of(scenario, priors))
            print(f"{name_of(scenario, priors)}: {len(text):,} bytes", file=sys.stderr)
    for path in packaged().glob("*.json"):
        if path.name not in names:
            path.unlink()


if __name__ == "__main__":
    main()
