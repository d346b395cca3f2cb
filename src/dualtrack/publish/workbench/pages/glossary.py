"""Glossary: the words that decide an argument, the test each implies, and how many rows meet it."""

from __future__ import annotations

from dualtrack.publish.workbench.parts import Listing, Page, Section
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Glossary", 80


def page(view: View) -> Page:
    """Every term with its meaning, its test and the rows that meet it."""
    found = view.ask("glossary")
    rows = []
    for line in found.answer.value if found else []:
        one = view.ask("glossary", term=line["code"])
        rows.append(
            {
                "term": view.finding(one, line["term"]) if one else line["term"],
                "means": line["means"],
                "test": line["test"],
                "met": line["rows_that_meet_it"] or "",
                "open": line["cannot_tell"],
                "used": line["used_by"],
            }
        )
    columns = (
        ("term", "Term"), ("means", "What it means here"), ("test", "The test it implies"),
        ("met", "Rows that meet it"), ("open", "Cannot tell"), ("used", "Used by"),
    )  # fmt: skip
    listing = Listing("All terms", columns, rows, found, heading=False, whole=True)
    return Page(
        title=found.headline if found else "Glossary",
        lead="Each word has one meaning here, and a test over the columns of a table, so that what it covers can be "
        "counted and looked at. The definitions are ours.",
        sections=[Section("terms", "Terms", [listing])],
    )
