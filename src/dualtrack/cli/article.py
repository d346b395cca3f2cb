"""``dualtrack check article`` and ``check new``: an article answered sentence by sentence, drafts for new claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dualtrack.claims.claim import load_claims
from dualtrack.claims.stub import stub, stub_id
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.core.dates import first_day
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole

if TYPE_CHECKING:
    from dualtrack.articles.annotation import Annotated as AnnotatedArticle

Form = Annotated[
    Literal["text", "html", "md", "json"] | None,
    typer.Option("--format", help="text, html, md or json; else the ending of the output file chooses."),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.", metavar="FILE")]
Date = Annotated[str, typer.Option("--date", help="When the article appeared: 2016, 2016-05 or 2016-05-09.")]
Claims = Annotated[
    list[Path] | None, typer.Option("--claims", help="Claim files or folders, beside ours.", metavar="FILE|DIR")
]
Drafts = Annotated[
    Path | None, typer.Option("--drafts", help="Write a draft for each claim that none of ours covers.", metavar="DIR")
]


def article(
    file: Annotated[str, typer.Argument(help="A text file, web page or PDF; - for standard input.", metavar="FILE|-")],
    form: Form = None,
    output: Output = None,
    date: Date = "",
    claims: Claims = None,
    drafts: Drafts = None,
    mode: Annotated[
        Literal["best", "lexical", "lexical + MiniLM"], typer.Option("--mode", help="How sentences are matched.")
    ] = "best",
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json_: Json = False,
) -> None:
    """Answer an article sentence by sentence: claims, arguments, recommendations, background."""
    # imported here, so that no other command waits for the models
    from dualtrack.articles.annotation import annotate
    from dualtrack.articles.article import read_article
    from dualtrack.claims.asking import Asker

    chosen = "json" if as_json_ else form or _by_ending(output)
    found = annotate(
        read_article(file, _dated(date)), Asker(opened(as_of, record, known)), load_claims(_places(claims)), mode
    )
    text = _written(found, chosen)
    if output:
        write_whole(output, text.encode("utf-8"))
        typer.echo(f"{output}: {len(found.sentences)} sentences, matched by {found.mode}")
    else:
        typer.echo(text)
    if drafts:
        _draft(found, drafts)


def new(
    sentence: Annotated[str, typer.Argument(help="What is claimed, in one sentence.")],
    date: Date = "",
    output: Output = None,
) -> None:
    """Draft the file of a claim."""
    if len(sentence.split()) < 3:
        raise BadInput(
            "That is no sentence.", 'Give the claim in quotes: check new "The Council met three times in 2016."'
        )
    text = stub(sentence, _free_numbers(1)[0], _dated(date))
    if output:
        _refuse_existing(output)
        write_whole(output, text.encode("utf-8"))
        typer.echo(str(output))
    else:
        typer.echo(f"# {stub_id(sentence)}.yml\n{text}", nl=False)


def _written(found: AnnotatedArticle, form: str) -> str:
    from dualtrack.publish.articles.asjson import as_json
    from dualtrack.publish.articles.markdown import as_markdown
    from dualtrack.publish.articles.page import as_html
    from dualtrack.publish.articles.text import as_text

    return {"text": as_text, "html": as_html, "md": as_markdown, "json": as_json}[form](found)


def _by_ending(output: Path | None) -> Literal["text", "html", "md", "json"]:
    endings: dict[str, Literal["html", "md", "json"]] = {".html": "html", ".htm": "html", ".md": "md", ".json": "json"}
    return endings.get(output.suffix.lower(), "text") if output else "text"


def _places(claims: list[Path] | None) -> list[Path] | None:
    from dualtrack.claims.claim import packaged_claims

    return [packaged_claims(), *claims] if claims else None


def _dated(text: str) -> str:
    try:
        if text:
            first_day(text)
    except ValueError:
        raise BadInput(f"--date {text} is not a date that exists.", "Write 2016, 2016-05 or 2016-05-09.") from None
    return text


def _draft(found: AnnotatedArticle, folder: Path) -> None:
    open_ = [one for one in found.sentences if one.open]
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for one, number in zip(open_, _free_numbers(len(open_)), strict=True):
        path = folder / f"{stub_id(one.sentence.text)}.yml"
        if not path.exists():  # a draft somebody has begun to fill in is never written over
            write_whole(path, stub(one.sentence.text, number, found.article.date).encode("utf-8"))
            written += 1
    typer.echo(f"{folder}: {written} drafts written, {len(open_) - written} were there", err=True)


def _free_numbers(count: int) -> list[str]:
    used = [int(claim.number[2:]) for claim in load_claims() if claim.number.startswith("cp")]
    return [f"cp{number:03}" for number in range(max(used, default=0) + 1, max(used, default=0) + 1 + count)]


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise BadInput(f"{path} is there already.", "Name another file.")
