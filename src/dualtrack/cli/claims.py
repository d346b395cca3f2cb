"""``dualtrack check claims``: what the record says of each claim, and whether it still says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.choosing import chosen
from dualtrack.claims.claim import Claim, load_claims
from dualtrack.claims.difference import differences
from dualtrack.claims.life import life
from dualtrack.claims.updating import update
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.core.dates import parse_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.claims import asjson, text
from dualtrack.publish.claims.card import as_html, as_markdown
from dualtrack.publish.claims.claimreview import as_claimreview
from dualtrack.publish.claims.history import append
from dualtrack.publish.claims.junit import as_junit
from dualtrack.record.store import Record

CHANGED = 1

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="Claim files or folders; else ours.")]
Words = Annotated[str, typer.Option("-k", help="Only claims with these words: nrc and not russia.", metavar="EXPR")]
Diff = Annotated[
    tuple[str, str] | None,
    typer.Option("--diff", help="Verdicts that differ between two days, and why.", metavar="D1 D2"),
]
Life = Annotated[
    str | None, typer.Option("--life", help="Each day on which the verdict of one claim changed.", metavar="ID")
]
Sensitivity = Annotated[
    Literal["quick", "full"], typer.Option("--sensitivity", help="full: also without each source a row rests on alone.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why the verdicts are others now.", metavar="TEXT")]


def claims(
    files: Files = None,
    words: Words = "",
    as_of: AsOf = None,
    diff: Diff = None,
    life_of: Life = None,
    sensitivity: Sensitivity = "quick",
    report: Annotated[bool, typer.Option("--report", help="Also the verdicts by side of the speaker.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="Also write JUnit XML.", metavar="FILE")] = None,
    cards: Annotated[
        Path | None,
        typer.Option("--cards", help="Also write a card per claim: HTML, Markdown, ClaimReview.", metavar="DIR"),
    ] = None,
    history: Annotated[
        Path | None, typer.Option("--history", help="Also add the verdicts to a CSV file.", metavar="FILE")
    ] = None,
    update_: Annotated[bool, typer.Option("--update", help="Record the new verdicts in the claims' files.")] = False,
    reason: Reason = "",
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Judge claims as of when they were said and as of today. Exit 1 if a recorded verdict changed."""
    _refuse(as_of, diff, life_of, update_, reason)
    found = load_claims(files)
    if words:
        found = chosen(found, words)
    opened_record = opened(None, record, known)
    asker = Asker(opened_record)
    if diff:
        _diff(asker, found, *diff, as_json)
        return
    if life_of:
        _life(asker, found, life_of, as_json)
        return
    day = parse_day(as_of, "--as-of") if as_of else None
    results = check(asker, found, day, sensitivity == "full")
    today = datetime.now(UTC).date()
    if update_:
        results = _update(results, reason, today)
    if junit:
        write_whole(junit, as_junit(results))
    if history:
        append(history, results, today)
    if cards:
        _cards(cards, results, opened_record)
    typer.echo(asjson.as_json(results) if as_json else text.as_text(results))
    if report and not as_json:
        typer.echo(f"\n{text.as_report(results)}")
    if any(one.changed for one in results):
        raise typer.Exit(CHANGED)


def _refuse(as_of: str | None, diff: tuple[str, str] | None, life_of: str | None, update_: bool, reason: str) -> None:
    """Refuses options that contradict each other."""
    given = [name for name, value in (("--as-of", as_of), ("--diff", diff), ("--life", life_of), ("--update", update_))
             if value]  # fmt: skip
    if len(given) > 1:
        raise BadInput(f"{' and '.join(given)} cannot go together.", "Give one of them.")
    if update_ and not reason.strip():
        raise BadInput("--update needs --reason TEXT.", "Say in a sentence why the verdicts are others now.")
    if reason and not update_:
        raise BadInput("--reason without --update records nothing.", "Add --update.")


def _diff(asker: Asker, found: list[Claim], old: str, new: str, as_json: bool) -> None:
    days = parse_day(old, "--diff"), parse_day(new, "--diff")
    check(asker, found, days[1])  # tells what is wrong with a claim
    result = differences(asker, found, *days)
    asked = sum(claim.ask is not None for claim in found)
    typer.echo(asjson.differences_as_json(result) if as_json else text.differences_as_text(result, asked))


def _life(asker: Asker, found: list[Claim], name: str, as_json: bool) -> None:
    claim = next((claim for claim in found if name in (claim.id, claim.number)), None)
    if claim is None:
        raise NoSuchName("claim", name, [claim.id for claim in found])
    if claim.ask is None:
        raise BadInput(f"{claim.id} is not computed: {claim.not_computed}", "Choose another claim.")
    check(asker, [claim])
    turns = life(asker, claim)
    typer.echo(asjson.life_as_json(claim, turns) if as_json else text.life_as_text(claim, turns))


def _update(results: list[Checked], reason: str, today: date) -> list[Checked]:
    """Writes the new verdicts; says on standard error which files were changed."""
    made = []
    for one in results:
        if one.changed:
            update(one, reason, today)
            typer.echo(f"{one.claim.path}: {'; '.join(one.changed)}", err=True)
        made.append(Checked(one.claim, one.asked, one.said, one.latest))
    return made


def _cards(folder: Path, results: list[Checked], record: Record) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in results:
        write_whole(folder / f"{one.claim.id}.html", as_html(one, record).encode("utf-8"))
        write_whole(folder / f"{one.claim.id}.md", as_markdown(one, record).encode("utf-8"))
        review = as_claimreview(one, record, f"{one.claim.id}.html")
        if review:
            write_whole(folder / f"{one.claim.id}.json", review.encode("utf-8"))
