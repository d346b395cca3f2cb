"""The public case: what people say in polls and how they were asked, what leaders say, and what was asked of them."""

from __future__ import annotations

from dualtrack.analyses.polls import AVERAGES
from dualtrack.analyses.voices import signed
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.publish.charts.messaging import messaging
from dualtrack.publish.charts.polls import polls
from dualtrack.publish.charts.support import support
from dualtrack.publish.charts.unity import called, unity
from dualtrack.publish.pages.asked import MOVED, asked
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import Drawing, Field, Form, Listing, Page, Part, Section, Words, given
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Public case", 30
CHARTS = ("polls", "support", "unity", "messaging")
_POLL, _SAID = "defend_ally", "article5"


def page(view: View) -> Page:
    """Polls with wording, positions and unity over time, messaging, requests then and now."""
    found = view.ask("polls", question=_POLL)
    return Page(
        title=found.headline if found else "The public case",
        lead="What people answered and under which words, how united leaders are and since when, who speaks on what is "
        "contested, and what an article asked for before Warsaw, then and now.",
        sections=given(_polls(view), _unity(view), _messaging(view), _asked(view)),
    )


def _polls(view: View) -> Section | None:
    used = {row.text("question") for row in view.record.rows("polls")}
    questions = {row.id: row.text("meaning") for row in view.record.rows("poll_questions") if row.id in used}
    question = view.choice("poll", questions, _POLL)
    found = view.ask("polls", question=question)
    if not found:
        return None
    parts: list[Part] = []
    if view.live:
        parts.append(Form([Field("select", "poll", "Question", question, questions)], "polls"))
    parts.append(Drawing(polls(view.record, found)))
    if question == _POLL and view.questions.support:
        every = view.questions
        parts.append(Drawing(support(view.record, view.questions.support, every.fragility, every.backtest)))
    rows = [
        {
            "date": line["date"],
            "where": AVERAGES.get(line["country"]) or view.named(line["country"]),
            "support": line["support"],
            "oppose": line["oppose"],
            "dk": line["dk"],
            "n": line["n"],
            "wording": line["wording"],
            "pollster": line["pollster"],
            "row": f"polls/{line['id']}",
        }
        for line in sorted(found.answer.value, key=lambda line: (line["date"] or "", line["id"]), reverse=True)
    ]
    columns = (
        ("date", "Date"), ("where", "Where"), ("support", "Yes, %"), ("oppose", "No, %"), ("dk", "Don't know, %"),
        ("n", "Sample"), ("wording", "Wording, in our words"), ("pollster", "Pollster"), ("row", "Row"),
    )  # fmt: skip
    note = (
        "Yes is the answer an item names, so of an item on a threat that there is one. Different wordings are not "
        "comparable: a few words move a share by 5 to 20 points."
    )
    parts.append(Listing("Every figure with its wording", columns, rows, found, note))
    return Section("polls", "Polls with their wording", parts, Track.PUBLIC)


def _unity(view: View) -> Section | None:
    whole = view.questions.unity
    if not whole:
        return None
    questions = {line["question"]: called(line["question"]) for line in whole.answer.value}
    question = view.choice("position", questions, next(iter(questions)))
    parts: list[Part] = [Drawing(unity(view.record, whole))]
    if view.live:
        parts.append(Form([Field("select", "position", "Question", question, questions)], "unity"))
    rows = []
    for year in range(2014, view.record.as_of.year + 1):
        until = min(f"{year}-12-31", view.record.as_of.isoformat())
        found = view.ask("unity", question=question, until=until)
        if found:
            a, covered = found.answer, found.answer.coverage
            rows.append(
                {
                    "year": view.finding(found, str(year)),
                    "on": f"{covered.known} of {covered.total}" if covered else "",
                    "a": None if a.best is None else f"{a.best:.2f}",
                    "band": "too few members on record" if a.low is None or a.high is None
                    else f"{a.low:.2f} to {a.high:.2f}",
                }
            )  # fmt: skip
    columns = (("year", "By the end of"), ("on", "Members on record"), ("a", "Agreement A"), ("band", "Its band"))
    latest = view.ask("unity", question=question)
    parts.append(Listing(f"Unity over time: {questions[question]}", columns, rows, latest))
    said = view.ask("positions", question=question)
    if said:
        parts.append(_positions(view, question, questions[question]))
    return Section("unity", "Positions and unity over time", parts, Track.PUBLIC)


def _positions(view: View, question: str, label: str) -> Listing:
    found = view.ask("positions", question=question)
    rows = [
        {
            "date": line["date"],
            "who": view.named(line["state"]),
            "speaker": ", ".join(filter(None, [line["speaker"], line["office"]])),
            "position": line["position"],
            "said": line["said"],
            "row": f"statements/{line['row']}",
        }
        for line in reversed(found.answer.value if found else [])
    ]
    columns = (
        ("date", "Date"), ("who", "State"), ("speaker", "Speaker"), ("position", "Position"),
        ("said", "What was said, in our words"), ("row", "Row"),
    )  # fmt: skip
    note = f"From {signed(-2)} (against) to {signed(2)} (for), coded by one person; the latest first."
    return Listing(f"Positions: {label}", columns, rows, found, note)


def _messaging(view: View) -> Section | None:
    used = {row.text("question") for row in view.record.rows("statements")}
    found = {q: called(q) for q in sorted(used) if view.ask("messaging", question=q)}
    if not found:
        return None
    question = view.choice("said", found, _SAID if _SAID in found else next(iter(found)))
    asked_now = view.ask("messaging", question=question)
    assert asked_now
    parts: list[Part] = []
    if view.live:
        parts.append(Form([Field("select", "said", "Question", question, found)], "messaging"))
    parts += [
        Words(f"{asked_now.headline}.", strong=True, finding=asked_now),
        Drawing(messaging(view.record, asked_now)),
    ]
    return Section("messaging", "Who speaks on what is contested", parts, Track.PUBLIC)


def _asked(view: View) -> Section | None:
    try:
        requests = asked(view.record)
    except BadInput:
        return None
    parts: list[Part] = [
        Words("What an article asked for before the Warsaw Summit, with a measure of each: as known when it was asked, "
              "and as known now. That something moved does not show why.")
    ]  # fmt: skip
    rows = [
        {
            "request": one.request.statement,
            "of": one.request.addressee,
            "measure": f"{measure.measure.label}, {measure.measure.of}",
            "then": measure.then_words,
            "now": measure.now_words,
            "moved": MOVED[measure.moved],
            "computed": [view.finding(found, "then" if number == 0 and len(measure.findings) > 1 else "now")
                         for number, found in enumerate(measure.findings)],
        }
        for one in requests
        for measure in one.measures
    ]  # fmt: skip
    day = spell(requests[0].request.asked) if requests else ""
    columns = (
        ("request", "Asked for"), ("of", "Of"), ("measure", "Measure"), ("then", f"As known {day}"),
        ("now", f"As known {spell(view.record.as_of)}"), ("moved", "Since"), ("computed", "Computed"),
    )  # fmt: skip
    parts.append(Listing("Requests, then and now", columns, rows))
    silent = [one for one in requests if not one.measures]
    parts += [Words(f"{one.request.statement} Not measured: {one.request.not_measured}") for one in silent]
    return Section("asked", "What was asked, then and now", parts, Track.PUBLIC)
