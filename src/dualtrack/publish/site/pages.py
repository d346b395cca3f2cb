"""What each page of the site shows, gathered from the record and handed to its template."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from dualtrack import __version__
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import load_claims
from dualtrack.core.finding import Finding
from dualtrack.core.show import amount, answer_text, cell_text
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.verdicts import Verdict, verdicts
from dualtrack.publish.cite import Reference, of_finding, of_rows, sentence
from dualtrack.publish.claims.card import card
from dualtrack.publish.claims.claimreview import as_claimreview
from dualtrack.publish.formats import csv as csv_format
from dualtrack.publish.formats import formats
from dualtrack.publish.formats import json as json_format
from dualtrack.publish.pages.brief import brief, embeds
from dualtrack.publish.pages.template import templates
from dualtrack.publish.site import urls
from dualtrack.publish.site.assumptions import assumptions_page
from dualtrack.publish.site.exercise import exercise_card
from dualtrack.publish.site.rules import rules_page
from dualtrack.publish.theme import DARK, LIGHT, css_variables
from dualtrack.record.cells import Value
from dualtrack.record.rows import Row
from dualtrack.record.schema import FieldSpec, TableSpec
from dualtrack.record.store import Record

CLAIMS = "claims_public"
"""The table whose rows are claims: the page of a row is the page of its claim."""

_FINDING_FILES = ("json", "bibtex", "csl", "ris", "prov")
_CITED = 8
"""References a page prints in full; its BibTeX, CSL and RIS files hold them all."""
_LISTED = 500
"""Rows a table's page lists; the rest are in its data files."""


def in_a_table(column: str, value: Any) -> str:
    """A cell of a finding's table: years as they are, other numbers grouped, nothing where it is unknown."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) and "year" in column else cell_text(value)


@dataclass(frozen=True)
class File:
    """A file of the site: its path within it and its text."""

    path: str
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell as a page shows it: its column, its text, and the pages its ids lead to."""

    field: FieldSpec
    text: str
    links: tuple[tuple[str, str], ...] = ()


class Site:
    """The pages of one record as known on its day.

    Args:
        record: the record.
        findings: the findings that get a page.
    """

    def __init__(self, record: Record, findings: list[Finding]) -> None:
        self.record = record
        self.findings = findings

    def files(self) -> Iterator[File]:
        """Every file of the site, pages and data, in a fixed order."""
        yield File("site.css", _css())
        yield self._page("index", "home.html.j2", tables=self._tables(), findings=self.findings)
        yield File("brief.html", brief(self.record, row_url=lambda ref: f"{urls.row(*ref.split('/', 1))}.html").html)
        for id_, page in embeds(self.record, lambda ref: f"../{urls.row(*ref.split('/', 1))}.html"):
            yield File(f"embed/{id_}.html", page)
        yield self._page("assumptions", "assumptions.html.j2", **assumptions_page(self.record))
        yield self._page("rules", "rules.html.j2", **rules_page(self.record, self.findings))
        for name in self.record.tables:
            yield from self._table(name)
        for found in self.findings:
            yield from self._finding(found)

    def _page(self, path: str, template: str, **shown: Any) -> File:
        text = templates().get_template(f"site/{template}").render(
            path=path, top=urls.up(path), urls=urls, record=self.record, version=__version__, **shown
        )  # fmt: skip
        return File(f"{path}.html", text)

    def _tables(self) -> list[dict[str, Any]]:
        return [{"spec": self.record.spec(n), "rows": len(self.record.rows(n))} for n in self.record.tables]

    def _table(self, name: str) -> Iterator[File]:
        spec, rows, path = self.record.spec(name), self.record.rows(name), urls.table(name)
        yield from self._data(path, spec, rows)
        listed = [(row, [self._cell(row, f) for f in spec.listed]) for row in rows[:_LISTED]]
        yield self._page(path, "table.html.j2", spec=spec, rows=listed, total=len(rows))
        for row in rows:
            yield from self._row(row)

    def _data(self, path: str, spec: TableSpec, rows: list[Row]) -> Iterator[File]:
        for form in (csv_format, json_format):
            yield File(f"{path}{form.SUFFIX}", form.rows(spec, rows, self.record).decode("utf-8"))

    def _row(self, row: Row) -> Iterator[File]:
        path = urls.row(row.spec.table, row.id)
        yield from self._data(path, row.spec, [row])
        used = self._uses.get(row.id, []) if row.spec.table == "sources" else []
        yield self._page(
            path,
            "row.html.j2",
            row=row,
            card=self._card(row),
            cells=[self._cell(row, f) for f in row.spec.fields if row[f.name] is not None],
            empty=[f.name for f in row.spec.fields if row[f.name] is None],
            sources=self.record.sources(row.sources),
            used=used,
            cite=_cited(of_rows(row.spec, [row], self.record)),
            findings=self._resting.get((row.spec.table, row.id), []),
            **self._claim(row),
        )

    def _claim(self, row: Row) -> dict[str, Any]:
        """The card and the ClaimReview of a row that is a claim; nothing of any other row."""
        found = self._judged.get(row.id) if row.spec.table == CLAIMS else None
        if found is None:
            return {"claim": None, "review": ""}
        url = f"{urls.row(CLAIMS, row.id)}.html"
        return {"claim": card(found, self.record), "review": as_claimreview(found, self.record, url) or ""}

    def _finding(self, found: Finding) -> Iterator[File]:
        path = urls.finding(found)
        yield File(f"{path}.csv", _evidence_csv(found))
        files = {name: form for name, form in formats("finding").items() if name in _FINDING_FILES}
        for form in files.values():
            assert form.finding
            yield File(f"{path}{form.suffix}", form.finding(found, self.record).decode("utf-8"))
        kinds = Counter(source.kind or "not recorded" for source in found.sources)
        shares = [(kind, count, f"{100 * count / len(found.sources):.0f}") for kind, count in sorted(kinds.items())]
        yield self._page(
            path,
            "finding.html.j2",
            finding=found,
            files=files,
            cite=_cited(of_finding(found, self.record)),
            answer=self._answer(found),
            answer_text=answer_text,
            cell_text=in_a_table,
            shares=shares,
            table_rows=found.answer.value if found.answer.kind == "table" else None,
        )

    def _answer(self, found: Finding) -> str:
        """The answer in words, with states by name."""
        if found.answer.kind != "set" or not found.answer.value:
            return answer_text(found.answer)
        names = {row.id: row.text("name") for row in self.record.rows("states")}
        return ", ".join(names.get(code, code) for code in found.answer.value)

    def _card(self, row: Row) -> dict[str, Any] | None:
        """What the rules asked for, on the page of an exercise."""
        if row.spec.table != "exercises" or row.id not in self._verdicts:
            return None
        return exercise_card(self.record, self._verdicts[row.id])

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        return {verdict.row.id: verdict for verdict in verdicts(self.record, instrument("vienna_document"))}

    @cached_property
    def _judged(self) -> dict[str, Checked]:
        """The claims made by then, by number."""
        day = self.record.as_of.isoformat()
        made = [claim for claim in load_claims() if claim.day_said <= day]
        return {found.claim.number: found for found in check(Asker(self.record), made)}

    @cached_property
    def _uses(self) -> dict[str, list[Row]]:
        uses: dict[str, list[Row]] = {}
        for name in self.record.tables:
            for row in self.record.rows(name):
                for source in row.sources:
                    uses.setdefault(source, []).append(row)
        return uses

    @cached_property
    def _resting(self) -> dict[tuple[str, str], list[Finding]]:
        resting: dict[tuple[str, str], list[Finding]] = {}
        for found in self.findings:
            for key in dict.fromkeys((e.table, e.row) for e in found.evidence):
                resting.setdefault(key, []).append(found)
        return resting

    def _cell(self, row: Row, field: FieldSpec) -> Cell:
        target = "sources" if field.type == "sources" else field.table if field.type == "ref" else ""
        if field.type in ("state", "states"):
            target = "states"
        links = tuple(
            (part, urls.row(target, part)) for part in row.parts(field.name) if target and part in self._ids(target)
        )
        return Cell(field, _text(row[field.name], field), links)

    @lru_cache(maxsize=64)  # noqa: B019 - a site lives as long as its writing
    def _ids(self, table: str) -> frozenset[str]:
        return frozenset(row.id for row in self.record.rows(table))


def _text(value: Value, field: FieldSpec) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace(";", "; ") if field.is_list else value
    return str(value) if field.name == "year" else amount(value)


def _cited(references: Sequence[Reference]) -> list[str]:
    """References as lines of text, the producers first; long lists are left to the data files."""
    shown = references if len(references) <= _CITED else [*references[: _CITED - 1], references[-1]]
    return [sentence(reference) for reference in shown]


def _evidence_csv(found: Finding) -> str:
    lines = ["table,row,field,value,sources,known_from,known_basis"]
    for item in found.evidence:
        cells = [item.table, item.row, item.field, item.value, ";".join(item.sources), item.known_from,
                 item.known_basis]  # fmt: skip
        lines.append(",".join("" if cell is None else json.dumps(str(cell)).replace('\\"', '""') for cell in cells))
    return "\n".join(lines) + "\n"


def _css() -> str:
    schemes = f":root{{{css_variables(LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}\n"
    source, _, _ = templates().loader.get_source(templates(), "site/site.css")  # type: ignore[union-attr]
    return schemes + source
