"""A folder replaced whole or not at all: by exchange, by two steps elsewhere, after kills, and when it may not be."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dualtrack.core import wholefolder
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefolder import drafted

WRITER = """
import sys
from pathlib import Path
from dualtrack.core.wholefile import write_whole
from dualtrack.core.wholefolder import drafted
print("ready", flush=True)
while True:
    for text in (b"new", b"old"):
        with drafted(Path(sys.argv[1])) as draft:
            for name in "abcde":
                write_whole(draft.path / name, text * 1000)
            draft.take_place()
"""


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_folder_is_made_and_an_old_one_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for text in ("one", "two"):
        with drafted(folder) as draft:
            path = draft.path / "a.csv"
            path.unlink(missing_ok=True)
            path.write_text(text, "utf-8")
            draft.take_place()
        assert (folder / "a.csv").read_text("utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_everything_else_in_the_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "readings" / "slot").mkdir(parents=True)
    (folder / "readings" / "slot" / "x.yml").write_text("x", "utf-8")
    (folder / "notes.txt").write_text("n", "utf-8")
    (folder / "link").symlink_to("notes.txt")
    folder.chmod(0o750)
    with drafted(folder) as draft:
        draft.take_place()
    assert (folder / "readings" / "slot" / "x.yml").read_text("utf-8") == "x"
    assert (folder / "link").is_symlink() and (folder / "link").read_text("utf-8") == "n"
    assert folder.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("error", [BadInput("no"), KeyboardInterrupt()])
def test_what_fails_leaves_nothing(error: BaseException, tmp_path: Path) -> None:
    with pytest.raises(type(error)), drafted(tmp_path / "mine") as draft:
        (draft.path / "a").write_text("a", "utf-8")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_folder_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    with pytest.raises(BadInput, match="changed while"), drafted(folder) as draft:
        (folder / "theirs").write_text("x", "utf-8")
        draft.take_place()
    assert content(folder) == {"theirs": b"x"}


def test_it_is_not_done_from_inside_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "mine" / "deeper"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    with pytest.raises(BadInput, match="from inside"), drafted(Path("..")):
        pass


@pytest.mark.parametrize("name", ["file", "none/mine", "file/mine"])
def test_a_place_that_can_be_no_folder_is_bad_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(BadInput), drafted(tmp_path / name):
        pass


def test_without_an_exchange_there_are_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wholefolder, "_exchange_call", lambda *_: None)
    folder = tmp_path / "mine"
    for text in (b"one", b"two"):
        with drafted(folder) as draft:
            (draft.path / "a").unlink(missing_ok=True)
            (draft.path / "a").write_bytes(text)
            draft.take_place()
        assert content(folder) == {"a": text}
    folder.rename(tmp_path / ".mine.before")  # killed between the two
    with drafted(folder) as draft:
        assert content(draft.path) == {"a": b"two"}
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_a_killed_run_left_is_removed_and_other_names_are_not(tmp_path: Path) -> None:
    for name in (".mine.abc.draft", ".mine.else.abc.draft", ".other.abc.draft", "mine.abc.draft"):
        (tmp_path / name).mkdir()
    with drafted(tmp_path / "mine"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".mine.else.abc.draft", ".other.abc.draft", "mine.abc.draft",
    ]  # fmt: skip


def test_killed_at_random_moments_it_is_the_old_or_the_new_folder_whole(tmp_path: Path) -> None:
    """20 kills; ``DUALTRACK_KILLS=1000`` tries more."""
    folder, seen, moment = tmp_path / "mine", set(), random.Random(5)
    states = [{name: text * 1000 for name in "abcde"} for text in (b"old", b"new")]
    folder.mkdir()
    for name, data in states[0].items():
        (folder / name).write_bytes(data)
    kills = int(os.environ.get("DUALTRACK_KILLS", "20"))
    for number in range(10 * kills):  # on a busy machine it takes more until both states were met
        if number >= kills and len(seen) == 2:
            break
        with subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE) as writer:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
            time.sleep(moment.uniform(0, 0.1))
            writer.send_signal(signal.SIGKILL)
        found = content(folder)
        assert found in states
        seen.add(found["a"][:3])
    assert seen == {b"old", b"new"}
