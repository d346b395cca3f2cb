"""--update writes verdicts and a reason; every other character of the file stays."""

from datetime import date
from pathlib import Path

import pytest
from claim_files import TEXT, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import read_claim
from dualtrack.claims.updating import update
from dualtrack.core.errors import BadInput
from dualtrack.core.verdict import Verdict

ASKER = Asker(open_record("2026-11-25"))
DAY = date(2026, 11, 25)
WRONG = TEXT.replace("{said: supported, latest: contradicted}", "{said: cannot tell, latest: supported}")
BLOCK = WRONG.replace(
    "recorded: {said: cannot tell, latest: supported}  # checked by hand",
    "recorded:   # checked by hand\n  said: cannot tell # then\n  latest: supported",
)


def checked(path: Path) -> Checked:
    [found] = check(ASKER, [read_claim(path)])
    return found


@pytest.mark.parametrize("text", [WRONG, BLOCK, WRONG.replace("\n", "\r\n"), WRONG.rstrip("\n"),
                                  WRONG.replace('note: ""', "history: []  # none yet")],
                         ids=["flow", "block", "crlf", "no last line break", "empty history"])  # fmt: skip
def test_the_new_verdicts_and_the_reason_are_written_and_nothing_else(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    update(checked(path), "Read: the edition of 2025 has it otherwise.", DAY)
    claim = read_claim(path)
    assert claim.recorded
    assert (claim.recorded.said, claim.recorded.latest) == (Verdict.SUPPORTED, Verdict.CONTRADICTED)
    [entry] = claim.history
    assert (entry.date, entry.reason) == ("2026-11-25", "Read: the edition of 2025 has it otherwise.")
    assert entry.was == {"said": "cannot tell", "latest": "supported"}
    assert entry.now == {"said": "supported", "latest": "contradicted"}
    assert checked(path).changed == ()
    before, after = text.splitlines(), path.read_bytes().decode().splitlines()
    kept = [line for line in before if "said: cannot tell" not in line and "latest: supported" not in line]
    kept = [line for line in kept if "history" not in line]
    assert [line for line in after if line in kept] == kept
    assert "# checked by hand" in path.read_text("utf-8")


def test_a_second_change_is_added_behind_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    update(checked(path), "first", DAY)
    once = path.read_text("utf-8")
    path.write_text(once.replace("latest: contradicted}  # checked", "latest: supported}  # checked") + "# the end\n")
    update(checked(path), "second", DAY)
    claim = read_claim(path)
    assert [entry.reason for entry in claim.history] == ["first", "second"]
    assert path.read_text("utf-8").rstrip().endswith("# the end")


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path)
    before = path.stat().st_mtime_ns
    update(checked(path), "no need", DAY)
    assert path.read_text("utf-8") == TEXT
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(reason: str, tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    with pytest.raises(BadInput, match="--reason"):
        update(checked(path), reason, DAY)
    assert path.read_text("utf-8") == WRONG


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_any_reason_is_read_back_as_it_was_given(reason: str, tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    update(checked(path), reason, DAY)
    assert read_claim(path).history[0].reason == reason.strip()
