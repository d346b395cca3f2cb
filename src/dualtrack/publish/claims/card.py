"""The card of a claim: what was said, the verdict then and now, readings, editions, flips and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dualtrack.analyses.names import names
from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import Claim
from dualtrack.claims.judging import Judgement, UnderReading
from dualtrack.core.dates import spell
from dualtrack.core.finding import Source
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.claimreview import as_claimreview
from dualtrack.publish.claims.words import firmness, in_names, nearest
from dualtrack.publish.pages.template import templates
from dualtrack.publish.theme import DARK, LIGHT, css_variables
from dualtrack.record.store import Record

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")
_FIGURES = 3
"""Figures whose flips a card names, nearest first."""


@dataclass(frozen=True)
class Line:
    """One reading as a card shows it."""

    label: str
    kind: str
    verdict: str
    value: str
    why: str


@dataclass(frozen=True)
class Then:
    """The verdict as of one day."""

    when: str
    verdict: Verdict
    value: str
    firmness: str
    flips: str
    why: str
    counted: list[Line]
    later: list[Line]
    outside: list[Line]
    editions: list[tuple[str, str, str]]
    caveats: list[str]
    without: list[str]


@dataclass(frozen=True)
class Card:
    """All that a card shows, in words."""

    claim: Claim
    who: str
    said: str
    test: str
    then: list[Then]
    sources: list[Source]
    evidence: list[Source]
    changed: tuple[str, ...]


def card(one: Checked, record: Record) -> Card:
    """What the card of a judged claim shows."""
    claim = one.claim
    called = names(record)
    then = [] if one.asked is None else [_then("as asked", one.asked, called)]
    if one.said or one.latest:
        both = (("when it was said", one.said), ("today", one.latest))
        then = [_then(when, found, called) for when, found in both if found]
        if one.asked and one.asked not in (one.said, one.latest):
            then.insert(0, _then("as asked", one.asked, called))
    role = f", {claim.speaker.role}" if claim.speaker.role else ""
    judged = [found for found in (one.asked, one.said, one.latest) if found]
    evidence = {source.id for found in judged for finding in found.findings for source in finding.sources}
    return Card(
        claim=claim,
        who=f"{claim.speaker.name}{role}",
        said=spell(claim.said) if claim.said else "undated",
        test=in_names(str(claim.test), called) if claim.test else "",
        then=then,
        sources=record.sources(claim.sources),
        evidence=record.sources(sorted(evidence - set(claim.sources))),
        changed=one.changed,
    )


def as_html(one: Checked, record: Record) -> str:
    """The card as a page that stands alone."""
    schemes = f":root{{{css_variables(LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
    return templates().get_template("claims/page.html.j2").render(
        card=card(one, record), schemes=schemes, review=as_claimreview(one, record) or ""
    )  # fmt: skip


def as_markdown(one: Checked, record: Record) -> str:
    """The card in Markdown; nothing of the record can act as markup."""
    return "\n".join(_markdown(card(one, record))) + "\n"


def _then(when: str, found: Judgement, called: Mapping[str, str]) -> Then:
    readings = [reading for reading in found.readings if reading.reading]
    return Then(
        when=f"{when}, as known on {spell(found.day)}",
        verdict=found.verdict,
        value=in_names(found.value, called),
        firmness=firmness(found),
        flips=nearest(found, _FIGURES),
        why=found.why,
        counted=[_line(r, called) for r in readings if r.counts],
        later=[_line(r, called) for r in readings if r.later],
        outside=[_line(r, called) for r in readings if not r.counts and not r.later],
        editions=[
            (e.edition, e.verdict.value, "" if e.value is None else in_names(str(e.value), called))
            for e in found.editions
        ],
        caveats=list(dict.fromkeys(text for finding in found.findings for text in finding.caveats)),
        without=[
            f"without {source}: {verdict.value}"
            for source, verdict in found.without.items()
            if verdict is not found.verdict
        ],
    )


def _line(reading: UnderReading, called: Mapping[str, str]) -> Line:
    value = "" if reading.value is None else in_names(str(reading.value), called)
    return Line(
        label=reading.label or ", ".join(reading.reading.values()),
        kind=reading.class_,
        verdict=reading.verdict.value,
        value=value,
        why=reading.why,
    )


def _markdown(shown: Card) -> Iterator[str]:
    claim = shown.claim
    yield f"## {_plain(claim.statement)}"
    yield ""
    yield f"{_plain(shown.who)}, {shown.said} ({claim.quoted}). {claim.number}, `{claim.id}`."
    if claim.not_computed:
        yield ""
        yield f"**Not computed:** {_plain(claim.not_computed)}"
    for change in shown.changed:
        yield ""
        yield f"**Changed against what is recorded:** {_plain(change)}"
    for then in shown.then:
        yield ""
        yield f"**{then.verdict.value.capitalize()}** {_plain(then.when)}: {_plain(then.value)}"
        for text in (then.firmness, then.flips, then.why, *then.without):
            if text:
                yield f"- {_plain(text)}"
        for title, lines in (
            ("Readings", then.counted),
            ("Later readings, not in use on that day", then.later),
            ("Outside the debate (our stress tests)", then.outside),
        ):
            yield from _table(title, lines)
        if then.editions:
            yield from ["", "| Edition | Verdict | Value |", "| --- | --- | --- |"]
            yield from (f"| {_plain(a)} | {b} | {_plain(c)} |" for a, b, c in then.editions)
    if claim.note:
        yield from ["", _plain(claim.note)]
    yield from ["", "Sources:", ""]
    for source in [*shown.sources, *shown.evidence]:
        yield f"- {_source(source)}"


def _table(title: str, lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    yield from ["", f"| {title} | Class | Verdict | Value |", "| --- | --- | --- | --- |"]
    for line in lines:
        yield f"| {_plain(line.label)} | {line.kind} | {line.verdict} | {_plain(line.value or line.why)} |"


def _source(source: Source) -> str:
    title = _plain(source.title or source.id)
    safe = source.url.startswith(("https://", "http://")) and not re.search(r"[\s<>()]", source.url)
    linked = f"[{title}]({source.url})" if safe else title
    return ", ".join(
        filter(None, [_plain(source.publisher), linked, spell(source.published) if source.published else ""])
    )


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
