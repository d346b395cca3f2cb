"""A file is written whole or not at all, whenever the writer dies."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole

# Both contents are larger than any single write, so that a kill can fall between two of them.
OLD, NEW = b"old" * 700_000, b"new" * 900_000
WRITER = f"""
import sys
from pathlib import Path
from dualtrack.core.wholefile import write_whole
print("ready", flush=True)
while True:
    for data in ({OLD[:3]!r} * 700_000, {NEW[:3]!r} * 900_000):
        write_whole(Path(sys.argv[1]), data)
"""


def test_the_file_is_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_rights_are_those_of_a_new_file_or_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    mask = os.umask(0o022)
    try:
        write_whole(path, b"one")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    write_whole(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["nowhere/file", "file/file", "."])
def test_a_place_that_cannot_be_written_is_said(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(BadInput, match="cannot be written"):
        write_whole(tmp_path / place, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_killed_at_random_moments_it_leaves_a_whole_file(tmp_path: Path) -> None:
    """20 kills; ``DUALTRACK_KILLS=1000`` tries more."""
    path, seen, moment = tmp_path / "file", set(), random.Random(7)
    write_whole(path, OLD)
    for _ in range(int(os.environ.get("DUALTRACK_KILLS", "20"))):
        with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
            time.sleep(moment.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        found = path.read_bytes()
        assert found in (OLD, NEW)
        seen.add(found)
    assert seen == {OLD, NEW}
