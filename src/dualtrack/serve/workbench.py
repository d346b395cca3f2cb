"""What the server answers with: a record on any day, its pages and files by address, kept while there is room."""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import urlencode

from dualtrack import __version__
from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord
from dualtrack.core.dates import parse_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.publish.formats import formats
from dualtrack.publish.lines import as_csv
from dualtrack.publish.pages.brief import site_css
from dualtrack.publish.questions import asked_once
from dualtrack.publish.site import urls
from dualtrack.publish.site.pages import Site, assets
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.rendered import (
    CHART_FILES,
    chart,
    chart_file,
    embed,
    search_json,
    threshold_table,
    thresholds_json,
)
from dualtrack.publish.workbench.view import Offered, View
from dualtrack.record.rows import Row
from dualtrack.serve.store import Answer, Kept

Made = TypeVar("Made")
Query = Mapping[str, str]

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
_AT_ONCE = 4  # answers that are made at the same time: some wait for a day that others do not ask about
_DAYS = 6  # days whose record is kept
_ROOM = 256 * 2**20  # bytes of answers
_MEDIA = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".csv": "text/csv; charset=utf-8; header=present", ".svg": "image/svg+xml",
    ".png": "image/png",
}  # fmt: skip
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_STATE = ("as_of", "known")
_TOP = "/index.html"


class NotFound(Exception):
    """That there is nothing at an address, and what there is instead."""

    def __init__(self, error: NoSuchName | str) -> None:
        super().__init__(str(error))
        self.problem = error if isinstance(error, str) else error.problem
        self.fix = "" if isinstance(error, str) else error.fix


class Day:
    """The record as known on one day, with its pages; one thread at a time works on it."""

    def __init__(self, record: OpenRecord, state: Mapping[str, str], runs: Offered | None = None) -> None:
        self.record = record
        self.site = Site(record, live=True, state=state, runs=runs)
        self.lock = RLock()


class Workbench:
    """A record and everything that can be asked of it by address.

    Args:
        record: the record; its day is shown unless a reader asks for another.
        follows: whether "today" moves on with the calendar, as nobody named a day.
        content: what tells this state of the record's files from another.
    """

    def __init__(self, record: OpenRecord, follows: bool, content: str) -> None:
        self.record = record
        self.follows = follows
        self.content = content
        self.runs: Offered | None = None
        self.answers: Kept[Answer] = Kept(20_000, lambda answer: len(answer.body) + len(answer.packed), _ROOM)
        self.turns = asyncio.Semaphore(_AT_ONCE)  # in turn: threads that wait for a day's lock are not served so
        self._days: Kept[Day] = Kept(_DAYS)
        self._asked: Kept[tuple[str, dict[str, Any]]] = Kept(50_000)

    @property
    def today(self) -> date:
        """The day that is shown unless a reader asks for another."""
        return datetime.now(UTC).date() if self.follows else self.record.as_of

    def day(self, query: Query) -> Day:
        """The record as known on the day the query names, by dated sources only where it says so.

        Raises:
            BadInput: it names no day.
        """
        asked = query.get("as_of", "").strip()
        on = parse_day(asked[:40], "as_of") if asked else self.today
        if not FIRST_DAY <= on <= LAST_DAY:
            raise BadInput(f"as_of={on} is outside what can be asked.", f"Give a day from {FIRST_DAY} to {LAST_DAY}.")
        known = query.get("known", "").strip() or ("strict" if self.record.strict else "any")
        if known not in ("any", "strict"):
            raise BadInput(f"known={known[:40]} cannot be used.", "Give any, or strict: dated sources only.")
        strict = known == "strict"
        state = {
            **({"as_of": on.isoformat()} if on != self.today else {}),
            **({"known": known} if strict != self.record.strict else {}),
        }

        def opened() -> Day:
            record = self.record.at(on)
            record.strict = strict
            return Day(record, state, self.runs)

        return self._days.once((on, strict, bool(state)), opened)

    @contextmanager
    def on(self, query: Query) -> Iterator[Day]:
        """The record on a day, for one thread at a time."""
        day = self.day(query)
        with day.lock:
            yield day

    def tag(self, address: str, query: Query, extra: str = "") -> str:
        """The entity tag of an answer: the record, the day, the version and what is asked (RFC 9110, 8.8.3)."""
        day = self.day(query).record
        asked = urlencode(sorted((name, text) for name, text in query.items() if name not in _STATE))
        parts = (
            __version__, self.content, str(day.as_of), str(day.strict), str(self.today), str(self.runs is None),
            address.rstrip("/") or _TOP, asked, extra,
        )  # fmt: skip
        return f'W/"{hashlib.sha256("|".join(parts).encode("utf-8")).hexdigest()[:32]}"'

    def warm(self, ended: Callable[[], bool] = lambda: False) -> None:
        """Makes the pages of the navigation as they are unasked, before readers come to them, until it is ended."""
        for place in (*pages(), "rules", "record"):
            if ended():
                return
            try:
                self.answers.once(self.tag(f"/{place}.html", {}), lambda place=place: self.page(f"{place}.html", {}))  # type: ignore[misc]
            except BadInput:
                continue
        gc.collect()
        gc.freeze()  # what is kept for good is not looked through again while readers wait

    def page(self, address: str, query: Query) -> Answer:
        """What is at an address of the site.

        Raises:
            NotFound: there is nothing.
            BadInput: the query asks what cannot be asked.
        """
        place, suffix = _parted(address)
        with self.on(query) as day:
            make = self._maker(day, place, suffix, query)
            found = make()
        body = found if isinstance(found, bytes) else found.encode("utf-8")
        media = _MEDIA.get(suffix) or next(
            (form.media_type for form in formats("finding").values() if form.suffix == suffix), "text/plain"
        )
        return Answer(body, media, tuple(hashes(body)) if suffix == ".html" else ())

    def _maker(self, day: Day, place: str, suffix: str, query: Query) -> Callable[[], str | bytes]:
        site, folder, _, rest = day.site, *place.partition("/")
        asked = {name: text for name, text in query.items() if name not in _STATE}
        view = View(day.record, asked, live=True, runs=self.runs)
        whole: dict[str, Callable[[], str | bytes]] = {
            "site.css": site_css, "record.html": site.home, "brief.html": site.brief, "rules.html": site.rules,
            "assumptions.html": site.assumptions, "thresholds.json": lambda: thresholds_json(day.record),
            "search.json": lambda: search_json(view),
        }  # fmt: skip
        if place + suffix in whole:
            return whole[place + suffix]
        if place in pages() and suffix == ".html":
            return lambda: self._workbench(site, place, asked)
        match folder, suffix:
            case "assets", ".js" if f"{rest}.js" in assets():
                return lambda: assets()[f"{rest}.js"]
            case "embed", ".html":
                return lambda: _found(lambda: embed(view, rest, site.links(place)))
            case "charts", _ if suffix in CHART_FILES:
                return lambda: chart_file(day.record, _found(lambda: chart(view, rest)), suffix)
            case "thresholds", ".html":
                return lambda: _found(lambda: site.thresholds(rest))
            case "thresholds", ".csv":
                return lambda: as_csv(_found(lambda: threshold_table(day.record, rest)))
            case "tables", _ if rest in day.record.tables:
                spec = day.record.spec(rest)
                return _page_or_data(lambda: site.table(rest), spec.table, day.record.rows(rest), day.record, suffix)
            case "rows", _:
                row = self.row(day, rest)
                resting = asked.get("findings") == "all"
                return _page_or_data(lambda: site.row(row, resting), row.spec.table, [row], day.record, suffix)
            case "findings", _:
                found = self.finding(rest, query.get("known", ""))
                if suffix == ".html":
                    return lambda: site.finding(found)
                files = site.finding_files(found)
                if suffix in files:
                    return lambda: files[suffix]
        raise NotFound(f"There is nothing at /{place}{suffix}.")

    def _workbench(self, site: Site, place: str, query: Query) -> str:
        text = site.workbench(place, query)
        self._remember(pages()[place].make(View(site.record, query, live=True, runs=self.runs)).findings)
        return text

    def _remember(self, findings: Iterable[Finding]) -> None:
        """Keeps what the findings that a page links to were asked with: their addresses leave some of it out."""
        for found in findings:
            asked = (found.analysis, {name: value for name, value in found.parameters.items() if value is not None})
            self._asked.once(urls.finding(found), lambda asked=asked: asked)  # type: ignore[misc]

    def row(self, day: Day, place: str) -> Row:
        """The row at an address below ``rows``.

        Raises:
            NotFound: there is none, or it was not known yet.
        """
        table, _, name = place.partition("/")
        record = day.record
        if table not in record.tables:
            raise NotFound(f"There is no table called {table[:80]!r}.")
        by_place = record.once(
            ("rows by place", table), lambda: {urls.row(table, row.id): row for row in record.rows(table)}
        )
        if f"rows/{place}" not in by_place:
            raise NotFound(
                f"There is no row {name[:80]!r} in {table} known on {record.as_of}: it may have become known later."
            )
        return by_place[f"rows/{place}"]

    def finding(self, place: str, known: str = "") -> Finding:
        """The finding at an address below ``findings``: its analysis, its day and what it was asked with.

        Args:
            place: the rest of its address.
            known: ``strict`` by dated sources only, ``any`` by all; empty as the server was started.

        Raises:
            NotFound: there is no such analysis, or it has no answer like this.
        """
        address = f"findings/{place}"
        name, _, rest = place.partition("/")
        on, _, asked = rest.partition("/")
        if name not in analyses():
            raise NotFound(f"There is no analysis called {name[:80]!r}.")
        with self.on({"as_of": on, "known": known}) as day:
            for parameters in self._candidates(address, name, asked):
                try:
                    found = asked_once(day.record, name, analyses()[name].for_others(parameters))
                except BadInput:
                    continue
                if found and urls.finding(found) == address:
                    return found
        raise NotFound(f"There is no finding at /{address[:200]}.")

    def _candidates(self, address: str, name: str, asked: str) -> Iterator[dict[str, Any]]:
        """What a finding may have been asked with: as remembered, as published, or as its address says."""
        remembered = self._asked.get(address)
        if remembered:
            yield remembered[1]
        question = analyses()[name]
        known = "|".join(re.escape(p.name) for p in sorted(question.parameters, key=lambda p: -len(p.name)))
        marks = list(re.finditer(rf"(?:^|_)({known})-", asked)) if known else []
        ends = [*(mark.start() for mark in marks[1:]), len(asked)][: len(marks)]
        told = {mark[1]: asked[mark.end() : end] for mark, end in zip(marks, ends, strict=True)}
        for between in ("-", " ", ","):  # an address has - for whatever is no letter
            yield {key: text.replace("-", between) for key, text in told.items()}
        yield from ({key: value for key, value in example.items()} for example in question.examples)


def _page_or_data(
    page: Callable[[], str], table: str, rows: list[Row], record: OpenRecord, suffix: str
) -> Callable[[], str | bytes]:
    if suffix == ".html":
        return page
    forms = {form.suffix: form.rows for form in formats("rows").values() if form.rows and form.suffix in _MEDIA}
    if suffix not in forms:
        raise NotFound(f"There is no file of this kind. There are: {', '.join(sorted(forms))}.")
    write = forms[suffix]
    return lambda: write(record.spec(table), rows, record)


def _found(make: Callable[[], Made]) -> Made:
    """What is made; a name that is not known is an address where nothing is."""
    try:
        return make()
    except NoSuchName as error:
        raise NotFound(error) from None


def _parted(address: str) -> tuple[str, str]:
    """The path without its ending, and the ending; the top is the overview."""
    path = address.strip("/") or "index.html"
    endings = sorted({*_MEDIA, *(form.suffix for form in formats("finding").values())}, key=len, reverse=True)
    ending = next((ending for ending in endings if path.endswith(ending)), "")
    return (path.removesuffix(ending), ending) if ending else (path, ".html")


def hashes(body: bytes) -> Iterator[str]:
    """What a policy without inline styles has to be told of the styles that stand in a page."""
    for style in dict.fromkeys(_STYLE.findall(body)):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode('ascii')}'"


def content_of(folders: Iterable[Path]) -> str:
    """A hash of the files of a record: the same content, the same hash."""
    digest = hashlib.sha256()
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [folder]
        for path in files:
            digest.update(str(path.relative_to(folder)).encode("utf-8", "replace"))
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
