"""Writes docs/reference from the code: commands, analyses, readings, rules, claims, the codebook, tools of assistants.

Run it with ``make docs``; a test fails when a page is not what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.assistant.tools import tools
from dualtrack.claims.claim import SIDES, load_claims
from dualtrack.cli.app import app
from dualtrack.core.verdict import Verdict
from dualtrack.instruments.commitment import measurements
from dualtrack.instruments.duty import duties
from dualtrack.instruments.instrument import Instrument, instruments
from dualtrack.instruments.limit import limits
from dualtrack.instruments.pledge import pledges
from dualtrack.instruments.proposal import proposals
from dualtrack.publish.codebook import codebook
from dualtrack.publish.panels import panels
from dualtrack.record.schema import schemas

NOTE = "<!-- Written by `make docs`; edit the code instead. -->"


def commands() -> str:
    """Every command with its help text."""
    parts = [NOTE, "# Commands", "Exit codes: 0 done, whatever the verdicts; 1 a recorded verdict changed, or "
             "validation found a fault; 2 bad input; 130 interrupted."]  # fmt: skip
    for words in _paths(app, ()):
        told = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"}).invoke(
            app, [*words, "--help"], prog_name="dualtrack"
        )
        parts += [f"## dualtrack {' '.join(words)}", f"```text\n{told.output.strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def _paths(group: typer.Typer, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        yield (*above, name)
    for child in group.registered_groups:
        if child.typer_instance and child.name:
            yield from _paths(child.typer_instance, (*above, child.name))


def analyses_page() -> str:
    """Every analysis with its parameters."""
    parts = [NOTE, "# Analyses", "Asked with `dualtrack know ask NAME key=value …`."]
    for analysis in analyses().values():
        parts += [f"## {analysis.name}", f"{analysis.summary}.", analysis.about]
        rows = ["| parameter | default | meaning |", "| --- | --- | --- |"]
        for p in analysis.parameters:
            default = "required" if p.required else "" if p.default is None else f"`{p.default}`"
            rows.append(f"| {p.name} | {default} | {p.about} |")
        parts.append("\n".join(rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def readings_page() -> str:
    """Every reading of every slot."""
    parts = [NOTE, "# Readings", "*speaker*: evidently meant. *public*: someone on record uses it. *stress*: ours, "
             "printed apart and never counted in a verdict."]  # fmt: skip
    record = open_record()
    for slot in record.slots:
        parts.append(f"## {slot}")
        rows = ["| reading | class | in use since | what it takes | why |", "| --- | --- | --- | --- | --- |"]
        rows += [f"| {r.id} | {r.class_} | {r.since} | {r.label} | {r.why} |" for r in record.readings(slot)]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def rules_page() -> str:
    """Every provision of every instrument, every proposal, and every test of a commitment."""
    parts = [NOTE, "# Rules", "What each provision asks of whom. `dualtrack know ask instrument_coverage` tells which "
             "paragraphs have none and why; sources of levels are rows of the table `rules`."]  # fmt: skip
    for one in instruments().values():
        span = f"{one.about.since} to {one.about.until or 'today'}"
        parts += [f"## {one.about.title}", f"`{one.id}`, in force {span}. {one.about.about}"]
        rows = list(_provisions(one))
        head = ["| provision | what | asks | of whom | levels |", "| --- | --- | --- | --- | --- |"]
        parts.append("\n".join(head + rows) if rows else "None of its provisions is a rule.")
    head = ["| proposal | kind | title | amends | not run because |", "| --- | --- | --- | --- | --- |"]
    rows = [_row(f"`{p.id}`", p.written.kind.replace("_", "-"), p.written.title, p.written.amends, p.written.not_run)
            for p in proposals().values()]  # fmt: skip
    parts += ["## Proposals", "\n".join(head + rows)]
    head = ["| commitment | what has to be shown |", "| --- | --- |"]
    rows = [_row(f"`{name}`", "; ".join(need.what for need in test.written.needs))
            for name, test in measurements().items()]  # fmt: skip
    parts += ["## Tests of commitments", "\n".join(head + rows)]
    return "\n\n".join(parts) + "\n"


def _provisions(instrument: Instrument) -> Iterator[str]:
    """A row for each rule, limit, duty and pledge, named as `coverage.yml` names it."""
    provisions: list[tuple[str, Any]] = [
        *((rule.id, rule.written) for rule in instrument.rules),
        *((f"limits/{limit.id}", limit.written) for limit in limits(instrument.id)),
        *((f"duties/{duty.id}", duty.written) for duty in duties(instrument.id)),
        *((f"pledges/{pledge.id}", pledge.written) for pledge in pledges(instrument.id)),
    ]
    for name, written in provisions:
        levels = "; ".join(f"{level.value:,g} {level.unit}" for level in getattr(written, "levels", {}).values())
        what = f"{written.title} ({written.paragraph})"
        yield _row(f"`{name}`", what, written.obligation, written.addressee, levels)


def claims_page() -> str:
    """Every claim with its test and what was recorded of it."""
    parts = [NOTE, "# Claims", "Judged with `dualtrack check claims`. The verdicts are those on record, as of the day "
             "it was said and as of the latest round."]  # fmt: skip
    by_topic: dict[str, list[str]] = {}
    for claim in load_claims():
        asked = f"`{claim.ask.analysis}`: {claim.test}" if claim.ask else claim.not_computed
        said, latest = (claim.recorded.said, claim.recorded.latest) if claim.recorded else (None, None)
        row = _row(f"`{claim.id}`", claim.statement, f"{claim.speaker.name} ({SIDES[claim.speaker.side]})", claim.said,
                   asked, _verdict(said), _verdict(latest))  # fmt: skip
        by_topic.setdefault(claim.topic, []).append(row)
    for topic, rows in sorted(by_topic.items()):
        head = "| claim | statement | who | said | test, or why none | when said | latest |"
        parts += [f"## {topic.replace('_', ' ')}", "\n".join([head, "| --- " * 7 + "|", *rows])]
    return "\n\n".join(parts) + "\n"


def _verdict(verdict: Verdict | None) -> str:
    return verdict.value if verdict else ""


def _row(*cells: str) -> str:
    """A row of a table; a cell is one line, and a bar in it is no border."""
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '&#124;') for cell in cells)} |"


def codebook_page() -> str:
    """Every table of the record, then every panel counted from them."""
    return f"{NOTE}\n\n{codebook([*schemas().values(), *(panel.spec for panel in panels().values())])}"


def tools_page() -> str:
    """Every tool of `dualtrack mcp` with what it is asked with."""
    parts = [
        NOTE,
        "# Tools of assistants",
        "Offered by `dualtrack mcp`; see [assistant.md](../tutorials/assistant.md).",
    ]
    for tool in tools().values():
        rows = ["| parameter | default | meaning |", "| --- | --- | --- |"]
        for name, told in tool.schema["properties"].items():
            default = "required" if name in tool.schema.get("required", []) else told["default"]
            shown = default if default == "required" else "" if default in ("", None, {}) else f"`{default}`"
            rows.append(f"| {name} | {shown} | {told['description']} |")
        parts += [f"## {tool.name}", tool.about, "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


PAGES = {
    "commands.md": commands,
    "analyses.md": analyses_page,
    "readings.md": readings_page,
    "rules.md": rules_page,
    "claims.md": claims_page,
    "codebook.md": codebook_page,
    "tools.md": tools_page,
}


def main(folder: Path) -> None:
    """Writes all pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
