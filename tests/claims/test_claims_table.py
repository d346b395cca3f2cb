"""The table of claims is what the claim files say."""

import csv
import subprocess
import sys
from pathlib import Path

from dualtrack.api import open_record
from dualtrack.claims.claim import load_claims

ROOT = Path(__file__).parents[2]


def test_the_table_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/claims_table.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_claim_has_its_row_and_no_row_was_lost() -> None:
    rows = {row.id: row for row in open_record("2026-11-25").rows("claims_public")}
    assert set(rows) == {claim.number for claim in load_claims()}
    assert {f"cp{number:03}" for number in (2, 15, 16, 20, 28, 36, 64)} <= set(rows)
    assert rows["cp015"]["expected_verdict"] == "true"
    assert rows["cp016"]["expected_verdict"] == "depends"


def test_a_claim_is_known_from_the_day_it_was_made() -> None:
    path = ROOT / "src" / "dualtrack" / "record" / "data" / "claims_public.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert bool(row["date"]) == bool(row["known_from"])
