"""``dualtrack know export``: the file, what is said, and a kill in the middle of it."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

from commanding import completed
from dualtrack.api import open_record
from dualtrack.publish.datapackage.contents import package

COMMAND = [sys.executable, "-m", "dualtrack", "know", "export"]


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return completed("know", "export", *words, cwd=cwd)


def test_it_writes_the_package_and_says_what_is_in_it(tmp_path: Path) -> None:
    done = run("record.zip", "--as-of", "2016-05-09", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("record.zip: ") and "as known on 9 May 2016" in done.stdout
    assert (tmp_path / "record.zip").read_bytes() == package(open_record("2016-05-09")).zip()


def test_another_name_or_no_folder_is_bad_input(tmp_path: Path) -> None:
    for name in ("record.csv", "none/record.zip"):
        done = run(name, cwd=tmp_path)
        assert done.returncode == 2
        assert name in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_killed_at_random_moments_it_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """5 kills of the whole command, spread over its time; ``DUALTRACK_KILLS=100`` makes it that many."""
    path, moment = tmp_path / "record.zip", random.Random(11)
    old = package(open_record("2016-05-09")).zip()
    new = package(open_record(date(2026, 11, 25))).zip()
    path.write_bytes(old)
    began = time.monotonic()
    subprocess.run([*COMMAND, "other.zip", "--as-of", "2026-11-25"], cwd=tmp_path, check=True, capture_output=True)
    whole = time.monotonic() - began
    for _ in range(int(os.environ.get("DUALTRACK_KILLS", "5"))):
        command = [*COMMAND, "record.zip", "--as-of", "2026-11-25"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writer:
            time.sleep(moment.uniform(0, whole * 1.1))
            writer.send_signal(signal.SIGKILL)
        found = path.read_bytes()
        assert found in (old, new)
        assert zipfile.ZipFile(io.BytesIO(found)).testzip() is None
        path.write_bytes(old)
