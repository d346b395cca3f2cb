"""What each page of the site shows, gathered from the record and handed to its template."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from importlib import resources
from typing import Any

from dualtrack import __version__
from dualtrack.analyses.contract import analyses
from dualtrack.analyses.names import names
from dualtrack.claims.checking import Checked
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.core.show import amount, answer_text, cell_text
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.verdicts import Verdict, verdicts
from dualtrack.publish.cite import Reference, of_finding, of_rows, sentence
from dualtrack.publish.claims.card import card
from dualtrack.publish.claims.claimreview import as_claimreview
from dualtrack.publish.formats import Format, formats
from dualtrack.publish.formats import csv as csv_format
from dualtrack.publish.formats import json as json_format
from dualtrack.publish.lines import as_csv
from dualtrack.publish.pages.brief import brief, site_css
from dualtrack.publish.pages.template import templates
from dualtrack.publish.questions import published_findings
from dualtrack.publish.site import urls
from dualtrack.publish.site.assumptions import assumptions_page
from dualtrack.publish.site.exercise import exercise_card
from dualtrack.publish.site.links import Links
from dualtrack.publish.site.rules import rules_page
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.pages.claims import judged
from dualtrack.publish.workbench.rendered import (
    CHART_FILES,
    chart_file,
    embed,
    page_context,
    search_json,
    threshold_groups,
    threshold_table,
    threshold_title,
    threshold_years,
    thresholds_json,
)
from dualtrack.publish.workbench.rendered import chart as chart_of
from dualtrack.publish.workbench.view import Offered, View
from dualtrack.record.cells import Value
from dualtrack.record.formula import safe_cell
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
    """A file of the site: its path within it, and its text or what makes its bytes."""

    path: str
    text: str = ""
    make: Callable[[], bytes] | None = None

    @property
    def data(self) -> bytes:
        """What the file holds."""
        return self.make() if self.make else self.text.encode("utf-8")


@dataclass(frozen=True)
class Cell:
    """A cell as a page shows it: its column, its text, the pages its ids lead to, and what its codes mean."""

    field: FieldSpec
    text: str
    links: tuple[tuple[str, str], ...] = ()
    meaning: str = ""


class Site:
    """The pages of one record as known on its day.

    Args:
        record: the record.
        findings: the findings that get a page, beside those that other pages rest on.
        live: whether a server answers, so that forms are shown.
        state: what every link keeps as a query.
        runs: the reader's own runs of the model, where a server keeps some.
    """

    def __init__(
        self,
        record: Record,
        findings: Sequence[Finding] | None = None,
        live: bool = False,
        state: Mapping[str, str] | None = None,
        runs: Offered | None = None,
    ) -> None:
        self.record = record
        self.live = live
        self.runs = runs
        self.state = state or {}
        self._given = findings

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding with a page, each once: those given, or published anyway, and those that pages rest on."""
        given = published_findings(self.record) if self._given is None else self._given
        found = {finding.id: finding for finding in given}
        if not self.live:
            for described in pages().values():
                found |= {finding.id: finding for finding in described.make(View(self.record)).findings}
        return list(found.values())

    def files(self) -> Iterator[File]:
        """Every file of the site, pages and data, in a fixed order."""
        yield File("site.css", site_css())
        yield from (File(f"assets/{name}", text) for name, text in assets().items())
        view = View(self.record)
        for place, described in pages().items():
            yield File(f"{place}.html", self.workbench(place, {}))
            for id_ in described.make(view).charts:
                yield File(f"embed/{id_}.html", embed(view, id_, self.links(f"embed/{id_}")))
                chart = chart_of(view, id_)
                for suffix in CHART_FILES:
                    yield File(f"charts/{id_}{suffix}", make=partial(chart_file, self.record, chart, suffix))
        yield File("thresholds.json", thresholds_json(self.record))
        for year in threshold_years(self.record):
            yield File(f"thresholds/{year}.html", self.thresholds(year))
            yield File(f"thresholds/{year}.csv", as_csv(threshold_table(self.record, year)))
        yield File("search.json", search_json(view))
        yield File("record.html", self.home())
        yield File("brief.html", self.brief())
        yield File("assumptions.html", self.assumptions())
        yield File("rules.html", self.rules())
        for name in self.record.tables:
            yield File(f"{urls.table(name)}.html", self.table(name))
            yield from self._data(urls.table(name), self.record.spec(name), self.record.rows(name))
            for row in self.record.rows(name):
                yield File(f"{urls.row(name, row.id)}.html", self.row(row))
                yield from self._data(urls.row(name, row.id), row.spec, [row])
        for found in self.findings:
            yield File(f"{urls.finding(found)}.html", self.finding(found))
            for suffix, text in self.finding_files(found).items():
                yield File(f"{urls.finding(found)}{suffix}", text)

    def links(self, path: str) -> Links:
        """The links of a page."""
        return Links(path, self.state)

    def workbench(self, place: str, query: Mapping[str, str]) -> str:
        """A page of the workbench, as the query asks for it.

        Raises:
            BadInput: the query asks what there is not.
        """
        described, view = pages()[place], View(self.record, query, self.live, self.runs)
        made = described.make(view)
        shown = page_context(described, made, view, self.links(place))
        return self._page(place, "workbench/page.html.j2", query, **shown)

    def own(self, place: str, template: str, **shown: Any) -> str:
        """A page that a server makes of what it keeps itself, in the look of the others."""
        return self._page(place, template, **shown)

    def thresholds(self, year: str) -> str:
        """Every level of the sliders in one year."""
        return self._page(f"thresholds/{year}", "workbench/thresholds.html.j2", year=year,
                          title=threshold_title(self.record, year), groups=threshold_groups(self.record, year),
                          years=threshold_years(self.record))  # fmt: skip

    def home(self) -> str:
        """The findings and the tables."""
        return self._page("record", "site/home.html.j2", tables=self._tables(), findings=self.findings,
                          asked=analyses())  # fmt: skip

    def brief(self) -> str:
        """The brief, with links to the pages of rows."""
        return brief(self.record, row_url=self.links("brief").row).html

    def assumptions(self) -> str:
        """What models take for granted."""
        return self._page("assumptions", "site/assumptions.html.j2", **assumptions_page(self.record))

    def rules(self) -> str:
        """The rules as code."""
        return self._page("rules", "site/rules.html.j2", **rules_page(self.record, self.findings))

    def _page(self, path: str, template: str, query: Mapping[str, str] | None = None, **shown: Any) -> str:
        links = self.links(path)
        kept = [(name, text) for name, text in (query or {}).items() if name != "as_of" and text]
        return templates().get_template(template).render(
            path=path, top=links.top, to=links.to, urls=urls, record=self.record, version=__version__, live=self.live,
            pages=pages(), kept_day=kept, spell=spell, **shown,
        )  # fmt: skip

    def _tables(self) -> list[dict[str, Any]]:
        return [{"spec": self.record.spec(n), "rows": len(self.record.rows(n))} for n in self.record.tables]

    def table(self, name: str) -> str:
        """A table with its columns and its first rows."""
        spec, rows = self.record.spec(name), self.record.rows(name)
        listed = [(row, [self._cell(row, f) for f in spec.listed]) for row in rows[:_LISTED]]
        return self._page(urls.table(name), "site/table.html.j2", spec=spec, rows=listed, total=len(rows))

    def _data(self, path: str, spec: TableSpec, rows: list[Row]) -> Iterator[File]:
        for form in (csv_format, json_format):
            yield File(f"{path}{form.SUFFIX}", form.rows(spec, rows, self.record).decode("utf-8"))

    def row(self, row: Row, resting: bool = True) -> str:
        """A row with its sources and what rests on it.

        Args:
            row: the row.
            resting: whether the findings that rest on it are told: that asks every question that is published, so a
                server does it only when a reader wants to know.
        """
        used = self._uses.get(row.id, []) if row.spec.table == "sources" else []
        return self._page(
            urls.row(row.spec.table, row.id),
            "site/row.html.j2",
            row=row,
            card=self._card(row),
            cells=[self._cell(row, f) for f in row.spec.fields if row[f.name] is not None],
            empty=[f.name for f in row.spec.fields if row[f.name] is None],
            sources=self.record.sources(row.sources),
            used=used,
            cite=_cited(of_rows(row.spec, [row], self.record)),
            findings=self._resting.get((row.spec.table, row.id), []) if resting else None,
            **self._claim(row),
        )

    def _claim(self, row: Row) -> dict[str, Any]:
        """The card and the ClaimReview of a row that is a claim; nothing of any other row."""
        found = self._judged.get(row.id) if row.spec.table == CLAIMS else None
        if found is None:
            return {"claim": None, "review": ""}
        url = f"{urls.row(CLAIMS, row.id)}.html"
        return {"claim": card(found, self.record), "review": as_claimreview(found, self.record, url) or ""}

    def finding_files(self, found: Finding) -> dict[str, str]:
        """A finding as files, by ending: its evidence, itself, how to cite it, and where it comes from."""
        forms = {form.suffix: form.finding for form in _finding_forms().values() if form.finding}
        return {".csv": evidence_csv(found)} | {
            suffix: write(found, self.record).decode("utf-8") for suffix, write in forms.items()
        }

    def finding(self, found: Finding) -> str:
        """A finding with its evidence and how it was computed."""
        kinds = Counter(source.kind or "not recorded" for source in found.sources)
        shares = [(kind, count, f"{100 * count / len(found.sources):.0f}") for kind, count in sorted(kinds.items())]
        return self._page(
            urls.finding(found),
            "site/finding.html.j2",
            finding=found,
            files=_finding_forms(),
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
        return ", ".join(sorted(self._called.get(code, code) for code in found.answer.value))

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
        return {found.claim.number: found for found in judged(self.record)}

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
        meaning = field.values.get(_text(row[field.name], field), "")
        if target == "states":
            meaning = "; ".join(self._called[part] for part, _ in links)
        return Cell(field, _text(row[field.name], field), links, meaning)

    @cached_property
    def _called(self) -> dict[str, str]:
        return names(self.record)

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


def evidence_csv(found: Finding) -> str:
    """The cells a finding rests on as CSV; no spreadsheet runs any of them."""
    names = ("table", "row", "field", "value", "sources", "known_from", "known_basis")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for item in found.evidence:
        cells = {**dict(item), "sources": ";".join(item.sources)}
        writer.writerow([safe_cell(cells[name]) for name in names])
    return out.getvalue()


def _finding_forms() -> dict[str, Format]:
    return {name: form for name, form in formats("finding").items() if name in _FINDING_FILES}


@lru_cache(maxsize=1)
def assets() -> dict[str, str]:
    """The scripts of the site by file name; everything can be read without them."""
    folder = resources.files("dualtrack.publish") / "assets"
    found = (item for item in folder.iterdir() if item.name.endswith(".js"))
    return {item.name: item.read_text("utf-8") for item in sorted(found, key=lambda item: item.name)}
