"""Where in a folder of data a benchmark finds its own file: each set of data came with folders of its own."""

import sys
from pathlib import Path


def within(data: Path, name: str, script: str) -> Path:
    """The file of a name in the folder or below it; where there is none, the benchmark ends and says so."""
    found = min(data.rglob(name), key=lambda path: len(path.parts), default=None)
    if found is None:
        print(f"{script}: not measured, {data} holds no {name}.")
        sys.exit(0)
    return found
