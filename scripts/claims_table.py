"""Writes the table ``claims_public`` from the claim files, so that claims can be cited and linked like any row.

Run it with ``make claims`` after adding or changing a claim; a test fails when the table is not what this writes.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from dualtrack.claims.claim import Claim, load_claims
from dualtrack.core.verdict import Verdict
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged

TABLE = "claims_public"
WORDS = {
    Verdict.SUPPORTED: "true",
    Verdict.MOSTLY: "mostly",
    Verdict.DEPENDS: "depends",
    Verdict.CONTRADICTED: "false",
    Verdict.CANNOT_TELL: "cannot_tell",
}
"""The verdicts as the table has always spelt them."""


def table(claims: Sequence[Claim]) -> str:
    """The table as CSV, by number."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in schemas()[TABLE].fields], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(claim) for claim in sorted(claims, key=lambda claim: claim.number))
    return out.getvalue()


def _row(claim: Claim) -> dict[str, str]:
    verdict = (claim.recorded.said or claim.recorded.latest) if claim.recorded else None
    return {
        "id": claim.number,
        "date": claim.said,
        "speaker": claim.speaker.name,
        "statement_paraphrase": claim.statement.rstrip("."),
        "topic": claim.topic,
        "checkable_by": _by(claim),
        "expected_verdict": WORDS[verdict] if verdict else "not_computed",
        "reasoning": " ".join((claim.note or claim.not_computed or str(claim.test)).split()),
        "sources": ";".join(claim.sources),
        "known_from": claim.day_said,
        "known_basis": "public event" if claim.said else "",
    }


def _by(claim: Claim) -> str:
    if claim.ask is None:
        return "not computed"
    given = ", ".join(f"{name}={value}" for name, value in claim.ask.parameters.items())
    return f"{claim.ask.analysis}{f' ({given})' if given else ''}"


def main() -> None:
    """Writes the table, or with ``--check`` only says whether it is current."""
    path = Path(packaged()) / f"{TABLE}.csv"
    made = table(load_claims())
    if "--check" in sys.argv[1:]:
        sys.exit(0 if path.read_text("utf-8") == made else f"{path} is not current: run make claims")
    path.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
