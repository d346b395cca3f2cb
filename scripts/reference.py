"""Writes docs/reference from the code: commands, analyses, readings, the codebook and the tools of assistants.

Run it with ``make docs``; a test fails when a page is not what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.testing import CliRunner

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.assistant.tools import tools
from dualtrack.cli.app import app
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
