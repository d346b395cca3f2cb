"""Both tracks and the public case on one day, and what had become known by then."""

from __future__ import annotations

from datetime import date

from dualtrack.core.dates import spell
from dualtrack.publish.changes import changes
from dualtrack.publish.chart import Chart
from dualtrack.publish.charts.council import council
from dualtrack.publish.charts.polls import polls
from dualtrack.publish.charts.presence import presence
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import (
    Drawing,
    Field,
    Figures,
    Form,
    Link,
    Listing,
    Page,
    Part,
    Section,
    Words,
    given,
)
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Overview", 0
FIRST = date(2014, 3, 1)
"""The first month of the slider: before it the record holds little but agreements."""

KNOWN = {"any": "all facts known by then", "strict": "dated sources only"}
"""What may be shown of a day: all of it, or only what a dated source says was known (``--known strict``)."""

_PLACES = {Track.DETERRENCE: "deterrence", Track.DIALOGUE: "dialogue", Track.PUBLIC: "public-case"}


def page(view: View) -> Page:
    """A key figure and a chart for each track, and the rows that became known in the year before."""
    record, asked = view.record, view.questions
    drawn: dict[Track, Chart | None] = {
        Track.DETERRENCE: presence(record, asked.presence, asked.exercises) if asked.presence else None,
        Track.DIALOGUE: council(record, asked.dialogue) if asked.dialogue else None,
        Track.PUBLIC: polls(record, asked.polls) if asked.polls else None,
    }
    sections = [
        Section(
            track.value,
            track.heading,
            [
                *([Drawing(chart)] if chart else [Words("Nothing is on record yet on this day.")]),
                Words(links=[Link(f"All of {track.heading[:1].lower()}{track.heading[1:]}", _PLACES[track])]),
            ],
            track,
        )
        for track, chart in drawn.items()
    ]
    return Page(
        title=asked.title() or "Nothing is on record yet",
        lead=f"What the public record held on {spell(record.as_of)} of deterrence, of dialogue, and of the public case "
        "for either. Every figure leads to its source; nothing that became known later is used.",
        sections=given(Section("day", "On one day", _head(view)), _questions(view), *sections, _new(view)),
    )


def _head(view: View) -> list[Part]:
    slider: list[Part] = []
    if view.live:
        field = Field(
            "date", "as_of", "What was known on", view.record.as_of.isoformat(), least=FIRST.isoformat(),
            most=max(view.record.compiled, view.record.as_of).isoformat(),
        )  # fmt: skip
        known = Field("select", "known", "From", "strict" if view.record.strict else "any", KNOWN)
        slider.append(Form([field, known], "content", "Show this day", module="dates"))
    figures = view.questions.figures()
    return [*slider, *([Figures(figures)] if figures else [])]


def _questions(view: View) -> Section:
    """Where the answers are that people come for; an article and a track file are answered by a server alone."""
    asked = [
        ("Which allies met two percent?", "deterrence", "spending", "Choose the year, and the alliance or the flank."),
        (
            "Five to ten against one: does it hold?",
            "deterrence",
            "ratio",
            "See it under each reading, and why it differs.",
        ),
        (
            "What would a lower threshold have caught, on each side?",
            "dialogue",
            "thresholds",
            "Move it and choose the year.",
        ),
        ("When did the two sides meet, and when not?", "dialogue", "meetings", "Choose the channel."),
        ("Who would defend an ally?", "public-case", "polls", "Choose the question; each has its wording."),
        (
            "Which holds up: presence, dialogue, or both?",
            "choices",
            "",
            "See under which assumptions, and what flips it.",
        ),
    ]
    if view.live:
        asked += [
            ("Is it true what an article says?", "claims", "article", "Paste it; each sentence is answered."),
            (
                "Who came how near to whom?",
                "tracks",
                "",
                "Hand in a file of aircraft or ship tracks, or take the example.",
            ),
        ]
    rows = [{"ask": [Link(text, place, part=part)], "how": how} for text, place, part, how in asked]
    columns = (("ask", "Question"), ("how", "There"))
    return Section(
        "questions",
        "Start with a question",
        [Listing("Questions, and where they are answered", columns, rows, heading=False, whole=True)],
    )


def _new(view: View) -> Section | None:
    record = view.record
    since = record.as_of.replace(year=record.as_of.year - 1, day=min(record.as_of.day, 28))
    found = changes(record, since, [], [])
    if not found.tables:
        return None
    rows = [
        {
            "table": change.title,
            "count": change.count,
            "latest": [Link(new.words, view.row(new.row).place) for new in change.named[:3]],
        }
        for change in found.tables
    ]
    listing = Listing(
        f"Rows that became known from {spell(since)} to {spell(record.as_of)}",
        (("table", "Table"), ("count", "New rows"), ("latest", "The latest")),
        rows,
        heading=False,
        whole=True,
    )
    words = Words(f"{found.total:,} rows became known in the twelve months up to this day.")
    return Section("new", "What became known", [words, listing])


CHARTS = ()
