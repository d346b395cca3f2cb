"""Which paragraphs of which instruments are modelled, by what, and which are not and why.

Every provision on record stands in exactly one paragraph. A paragraph is modelled when a rule file or an analysis
answers it from the record; in part when something it needs is missing. Numbers that come from general knowledge and
were not yet read in the text are marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.instruments.instrument import Instrument, Paragraph, instruments
from dualtrack.instruments.instrument import instrument as texts_of
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Modelled = Literal["all", "yes", "in part", "no"]

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"instrument": "vienna_document_2011"},
    {"instrument": "cfe_1990"},
    {"modelled": "no"},
)

_WORDS: tuple[Literal["yes", "in part", "no"], ...] = ("yes", "in part", "no")


def run(
    record: Record,
    instrument: Annotated[str | None, "an instrument or a series; all unless given"] = None,
    modelled: Annotated[Modelled, "all, yes, in part or no"] = "all",
) -> Finding:
    """Every paragraph with whether it is modelled, by which files and analyses, and what is left out and why."""
    work = Workings(record, "instrument_coverage", {"instrument": instrument, "modelled": modelled})
    texts = texts_of(instrument) if instrument else tuple(instruments().values())
    texts = tuple(text for text in texts if first_day(text.about.since) <= record.as_of)
    found = [(text, p) for text in texts for p in text.coverage if modelled in ("all", p.modelled)]
    if not found:
        raise BadInput(
            f"No instrument like this had been agreed by {record.as_of}, or none of its paragraphs is modelled so.",
            f"Instruments: {', '.join(instruments())}.",
        )
    rows = {row.id: row for row in work.select("rules")}
    for _, paragraph in found:
        for rule in paragraph.rules:
            work.use(rows[rule], *(name for name in ("instrument", "clause", "action", "threshold_value", "checked")
                                   if rows[rule][name] is not None))  # fmt: skip
    unread = [rows[rule] for _, p in found for rule in p.rules if rows[rule]["checked"] != "text"]
    if unread:
        work.caveat(
            f"{len(unread)} of the provisions are from general knowledge and not yet checked against the text; their "
            "numbers are marked wherever they are used."
        )
    if any(not p.rules for _, p in found):
        work.caveat("Paragraphs without a provision on record are named from general knowledge of the text.")
    work.caveat("Modelled says that the record is asked, not that it knows: see the coverage of each answer.")
    counts = Counter(p.modelled for _, p in found)
    return work.finding(
        question="Which paragraphs of the instruments are modelled, by what, and which are not and why?",
        headline=(
            f"Of {plural(len(found), 'paragraph')} of {plural(len({text.id for text, _ in found}), 'instrument')}, "
            f"{counts['yes']} are modelled, {counts['in part']} in part and {counts['no']} not; {len(unread)} of "
            f"{plural(sum(len(p.rules) for _, p in found), 'provision')} are not yet checked against the text"
        ),
        answer=Answer(
            kind="table",
            value=[_line(text, paragraph, rows) for text, paragraph in found],
            unit="paragraphs",
            coverage=Coverage(
                known=counts["yes"] + counts["in part"], total=len(found), of="paragraphs modelled, at least in part"
            ),
            summary={
                "By instrument": [_by_instrument(text, found, rows) for text in texts
                                  if any(of is text for of, _ in found)],
                **({"Not yet checked against the text": [_unread(row) for row in unread]} if unread else {}),
            },
        ),
        method=(
            "The files coverage.yml of the instruments. A test of the package holds that every row of the table rules "
            "stands in exactly one paragraph and that every rule file is named."
        ),
    )  # fmt: skip


def _line(text: Instrument, paragraph: Paragraph, rows: dict[str, Row]) -> dict[str, Any]:
    return {
        "instrument": text.id,
        "paragraph": paragraph.paragraph,
        "modelled": paragraph.modelled,
        "by": list(paragraph.by) or None,
        "why_not": paragraph.why or None,
        "checked": _checked([rows[rule] for rule in paragraph.rules]),
        "about": paragraph.about,
        "provisions": list(paragraph.rules) or None,
    }


def _checked(rows: Sequence[Row]) -> str | None:
    """How many of some provisions were read in the text, None where there are none."""
    return f"{sum(row['checked'] == 'text' for row in rows)} of {len(rows)} read" if rows else None


def _by_instrument(
    text: Instrument, found: Sequence[tuple[Instrument, Paragraph]], rows: dict[str, Row]
) -> dict[str, Any]:
    of = [p for one, p in found if one is text]
    counts = Counter(p.modelled for p in of)
    return {
        "instrument": text.id,
        "title": text.about.title,
        "nature": text.about.nature,
        **{word.replace(" ", "_"): counts[word] for word in _WORDS},
        "paragraphs": len(of),
        "provisions": _checked([rows[rule] for p in of for rule in p.rules]),
        "since": text.about.since,
        "until": text.about.until or None,
    }


def _unread(row: Row) -> dict[str, Any]:
    return {"row": row.id, "instrument": row["instrument"], "clause": row["clause"], "action": row["action"],
            "level": row["threshold_value"], "unit": row["unit"]}  # fmt: skip
