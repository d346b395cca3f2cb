"""What was asked before Warsaw, and what has happened since: each request with its measures, then and now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dualtrack import __version__
from dualtrack.analyses.words import plural
from dualtrack.articles.recommendation import Measured, Moved, Recommendation, measured, recommendations
from dualtrack.claims.asking import Asker
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.publish.pages.brief import Brief, numbered, page_css
from dualtrack.publish.pages.template import templates
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Asked:
    """A request and its measures."""

    request: Recommendation
    measures: list[Measured]


MOVED = {
    "as asked": "moved as asked",
    "the other way": "moved the other way",
    "not at all": "has not moved",
    "cannot tell": "cannot tell",
    "not judged": "shown, not judged",
}


def asked(record: Record) -> list[Asked]:
    """The requests made by the record's day, with their measures as of the day of each and as of the record's.

    Raises:
        BadInput: none had been made by then.
    """
    made = [r for r in recommendations() if r.day <= record.as_of]
    if not made:
        first = min(r.day for r in recommendations())
        raise BadInput(f"Nothing had been asked yet on {record.as_of}.", f"Give --as-of {first} or later.")
    asker = Asker(record)
    return record.once(
        "asked", lambda: [Asked(request, measured(asker, request, request.day, record.as_of)) for request in made]
    )


def asked_brief(record: Record) -> Brief:
    """The page of requests, as of the day each was made and as of the record's day.

    Raises:
        BadInput: none had been made by the record's day.
    """
    found = asked(record)
    findings = _findings(found)
    sources = numbered(findings, record.sources([s for one in found for s in one.request.sources]))
    counts = Counter(m.moved for one in found for m in one.measures)
    text = templates().get_template("asked.html.j2").render(
        as_of=record.as_of,
        as_of_words=spell(record.as_of),
        headline=_headline(found),
        asked=found,
        moved=MOVED,
        counts=counts,
        spell=spell,
        findings=findings,
        sources=sources,
        numbers={source.id: number for number, source in enumerate(sources, 1)},
        tables=[(record.spec(n), len(record.rows(n))) for n in record.tables if record.spec(n).kind == "fact"],
        strict=record.strict,
        version=__version__,
        css=page_css(),
    )  # fmt: skip
    return Brief(text, [f"{one.request.statement} {_line(one)}" for one in found])


def _findings(asked: list[Asked]) -> list[Finding]:
    found = [finding for one in asked for measure in one.measures for finding in measure.findings]
    return list({finding.id: finding for finding in found}.values())


def _headline(asked: list[Asked]) -> str:
    judged = [m for one in asked for m in one.measures if m.moved != "not judged"]
    counts = Counter(m.moved for m in judged)
    said = [f"{counts[name]} {words}" for name, words in _HEADED.items() if counts[name]]
    measures = plural(len(judged), "measure")
    return f"Of {plural(len(asked), 'request')} of 2016, {measures} can be judged by a direction: {', '.join(said)}"


_HEADED: dict[Moved, str] = {
    "as asked": "moved as asked",
    "the other way": "the other way",
    "not at all": "not at all",
    "cannot tell": "cannot be told",
}


def _line(one: Asked) -> str:
    said = [f"{m.measure.label} ({m.measure.of}): {m.then_words} → {m.now_words}" for m in one.measures]
    return "; ".join(said) or one.request.not_measured
