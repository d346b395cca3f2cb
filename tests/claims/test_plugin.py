"""The pytest plugin: each claim file is a test, which fails when a verdict is another one."""

import subprocess
import sys
import tomllib
from pathlib import Path

from claim_files import TEXT, write

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # -p: also where the package was installed before the plugin was
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "--rootdir", str(folder), *words]
    if (
        "dualtrack"
        not in subprocess.run(
            [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True, cwd=folder
        ).stdout
    ):
        command += ["-p", "dualtrack.claims.plugin"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_claims_in_the_named_folder_are_tests(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ndualtrack_claims = claims\n", "utf-8")
    write(tmp_path / "claims")
    stale = TEXT.replace("latest: contradicted", "latest: supported").replace("tst001", "tst002")
    write(tmp_path / "claims", stale, "stale")
    write(tmp_path / "claims", TEXT.replace("topic: spending", "topic: x").replace("tst001", "tst003"), "broken")
    unbound = "\n".join(line for line in TEXT.splitlines() if not line.startswith(("ask", "test", "read", "recorded")))
    write(tmp_path / "claims", unbound.replace("tst001", "tst004") + "\nnot_computed: A judgement.\n", "judgement")
    write(tmp_path / "others", TEXT)
    done = run(tmp_path)
    assert "3 failed" not in done.stdout
    assert "1 passed, 1 skipped" in done.stdout or "2 failed, 1 passed, 1 skipped" in done.stdout
    assert "stale.yml: latest: supported → contradicted" in done.stdout
    assert "broken.yml" in done.stdout and "topic" in done.stdout
    assert "others" not in done.stdout
    assert done.returncode == 1


def test_without_a_folder_or_the_option_no_claim_is_a_test(tmp_path: Path) -> None:
    write(tmp_path / "claims")
    assert "no tests ran" in run(tmp_path).stdout


def test_the_entry_point_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"dualtrack": "dualtrack.claims.plugin"}
