"""Dialogue: exercises and what the rules ask of them, meetings and channels, agreements, encounters."""

from __future__ import annotations

from typing import Any

from dualtrack.analyses.thresholds import START, STEP, STOP
from dualtrack.core.finding import Finding
from dualtrack.publish.charts.agreements import agreements
from dualtrack.publish.charts.calendar import calendar
from dualtrack.publish.charts.council import council
from dualtrack.publish.charts.exercises import exercises
from dualtrack.publish.charts.proposal import proposals
from dualtrack.publish.charts.threshold_sweep import led_by_states, threshold_sweep
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import Drawing, Field, Form, Link, Listing, Page, Part, Section, Words, given
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Dialogue", 20
CHARTS = ("exercises", "calendar", "threshold-sweep", "proposals", "council", "agreements")
SIDES = {
    "all": "All",
    "nato": "NATO or a member",
    "russia": "Russia",
    "joint": "Russia with a partner",
    "other": "Others",
}
BASES = {
    "announced": "announced", "declared": "declared under the document", "low": "lowest estimate",
    "high": "highest estimate",
}  # fmt: skip
NOTIFICATION, OBSERVATION = 9_000, 13_000
"""The document's own levels, where the sliders stand before anybody moves them."""
_ENCOUNTERS = 40


def page(view: View) -> Page:
    """Exercises and thresholds, meetings, agreements, encounters."""
    found = view.questions.notifiable
    return Page(
        title=found.headline if found else "Dialogue",
        lead="Exercises and what the Vienna Document asked of them, with levels of your own; when the two sides met; "
        "what they agreed since 1997; and close encounters with what each side says.",
        sections=given(_thresholds(view), _exercises(view), _meetings(view), _agreements(view), _encounters(view)),
    )


def _thresholds(view: View) -> Section | None:
    if not view.questions.exercises:
        return None
    lines = view.questions.exercises.answer.value
    years = sorted({str(line["start"])[:4] for line in lines}, reverse=True)
    states = sorted({state for line in lines for state in line["lead_states"]})
    asked = {
        "notify": view.number("notify", START, STOP, NOTIFICATION),
        "observe": view.number("observe", START, STOP, OBSERVATION),
    }
    basis = view.choice("basis", BASES, "announced")
    year = view.choice("year", {"": "", **dict.fromkeys(years, "")})
    state = view.choice("state", {"": "", **dict.fromkeys(states, "")})
    by_name = {state: view.names.get(state, state) for state in states}
    fields = [
        *(
            Field("range", name, label, str(asked[name]), least=str(START), most=str(STOP), step=str(STEP),
                  unit="troops")
            for name, label in (("notify", "Notified from"), ("observe", "Observed from"))
        ),
        Field("select", "year", "Year", year, {"": "All years", **{y: y for y in years}}),
        Field("select", "state", "Led by", state,
              {"": "Anybody", **dict(sorted(by_name.items(), key=lambda item: item[1]))}),
        Field("select", "basis", "By the figure", basis, BASES),
    ]  # fmt: skip
    form = Form(fields, "thresholds", "Run the rules", module="thresholds", data="thresholds")
    found = view.ask(
        "thresholds", notification=asked["notify"], observation=asked["observe"], basis=basis, state=state,
        since=year, until=year,
    )  # fmt: skip
    parts: list[Part] = [form]
    if found is None:
        parts.append(Words("No exercise like this is on record. That is not zero: not every one was collected."))
    else:
        parts += [Words(f"{found.headline}.", strong=True, finding=found), by_side(found), caught(view, found)]
    links = [Link(y, f"thresholds/{y}") for y in years]
    parts.append(Words("Every level from 1,000 to 20,000 troops, by state and side, as a table:", links))
    sweep = view.questions.sweep
    if sweep and led_by_states(sweep):
        parts.append(Drawing(threshold_sweep(view.record, sweep)))
    return Section("thresholds", "Move the thresholds: what would have been caught?", parts, Track.DIALOGUE)


def by_side(found: Finding) -> Listing:
    """Counts at the levels asked about, and at the document's, by who leads."""
    columns = (
        ("side", "Led by"), ("notifiable", "Notified"), ("notifiable_open", "Left open"),
        ("notifiable_as_it_is", "As it is"), ("observable", "Observed"), ("observable_open", "Left open"),
        ("observable_as_it_is", "As it is"), ("of", "Of"),
    )  # fmt: skip
    counted = {line["side"]: line for line in found.answer.summary["By side"]}
    rows = [{**counted[side], "side": label} for side, label in SIDES.items() if side in counted]
    note = "At least so many; what the record leaves open stands beside. As it is: at the document's own levels."
    return Listing("What these levels would have caught, by side", columns, rows, found, note, id="by-side")


def caught(view: View, found: Finding) -> Listing:
    """The exercises that had to be notified at the levels asked about, or may have had to be."""
    order = {"yes": 0, "unknown": 1, "no": 2}
    lines = [line for line in found.answer.value if line["notifiable"] != "no"]
    rows = [
        {
            "name": view.row(f"exercises/{line['id']}", line["name"]),
            "led": view.named(line["lead_states"]),
            "start": line["start"],
            "troops": line["troops"],
            "notifiable": line["notifiable"],
            "observable": line["observable"],
            "as_it_is": f"{line['notifiable_as_it_is']}, {line['observable_as_it_is']}",
        }
        for line in sorted(lines, key=lambda line: (order[line["notifiable"]], line["start"]))
    ]
    columns = (
        ("name", "Exercise"), ("led", "Led by"), ("start", "Start"), ("troops", "Troops"), ("notifiable", "Notified"),
        ("observable", "Observed"), ("as_it_is", "As it is"),
    )  # fmt: skip
    return Listing("The exercises they would have caught", columns, rows, found, id="caught")


def _exercises(view: View) -> Section | None:
    asked = view.questions
    if not asked.exercises or not asked.notifiable:
        return None
    side = view.choice("side", SIDES, "all")
    rows = [_exercise(view, line) for line in asked.notifiable.answer.value if side in ("all", line["side"])]
    parts: list[Part] = [Drawing(exercises(asked.exercises)), Drawing(calendar(view.record, asked.notifiable))]
    if view.live:
        parts.append(Form([Field("select", "side", "Led by", side, SIDES)], "exercises"))
    columns = (
        ("name", "Exercise"), ("led", "Led by"), ("start", "Start"), ("notifiable", "To be notified"),
        ("observable", "Open to observers"), ("deadline", "In time"), ("turns", "What would turn it"),
    )  # fmt: skip
    parts.append(Listing("What the rules asked for, on each published figure", columns, rows, asked.notifiable))
    if asked.proposals:
        parts.append(Drawing(proposals(asked.proposals)))
    parts.append(Words(links=[Link("The rules as code, and what would change them", "rules")]))
    return Section("exercises", "Exercises and rule verdicts", parts, Track.DIALOGUE)


def _exercise(view: View, line: dict[str, Any]) -> dict[str, Any]:
    def told(outcome: str) -> str:
        said = {basis: line[f"{outcome}_{basis}"] for basis in BASES if line[f"{outcome}_{basis}"]}
        if len(set(said.values())) == 1:
            return str(next(iter(said.values())))
        return ", ".join(f"{answer} ({basis})" for basis, answer in said.items())

    return {
        "name": view.row(f"exercises/{line['id']}", line["name"]),
        "led": view.named(line["lead_states"]),
        "start": line["start"],
        "notifiable": told("notifiable"),
        "observable": told("observable"),
        "deadline": str(line["deadline_met"]).replace("_", " "),
        "turns": ". ".join(
            f"{what}: {'; '.join(line[f'{outcome}_turns'])}"
            for outcome, what in (("notifiable", "Notice"), ("observable", "Observers"))
            if line[f"{outcome}_turns"]
        ),
    }


def _meetings(view: View) -> Section | None:
    found = view.questions.dialogue
    if not found:
        return None
    forums = {line["channel"]: line["channel"] for line in _channels(view)}
    forum = view.choice("forum", {"": "", **forums})
    asked = view.ask("dialogue", forum=forum or "all") or found
    parts: list[Part] = [Drawing(council(view.record, found))]
    if view.live and forums:
        parts.append(Form([Field("select", "forum", "Channel", forum, {"": "All channels", **forums})], "meetings"))
    rows = [
        {
            "date": line["date"],
            "forum": line["forum"],
            "outcome": line["outcome"],
            "who": view.named(line["initiator"]),
            "level": line["level"],
            "topics": ", ".join(line["topics"]),
            "row": f"dialogue/{line['id']}",
        }
        for line in reversed(asked.answer.value)
    ]
    columns = (
        ("date", "Date"), ("forum", "Channel"), ("outcome", "Step"), ("who", "Initiated by"), ("level", "Level"),
        ("topics", "On"), ("row", "Row"),
    )  # fmt: skip
    parts.append(Listing("Meetings, suspensions and steps, the latest first", columns, rows, asked))
    return Section("meetings", "Meetings and channels", parts, Track.DIALOGUE)


def _channels(view: View) -> list[dict[str, Any]]:
    every = view.ask("dialogue", forum="all")
    forums = sorted({line["forum"] for line in every.answer.value}) if every else []
    return [{"channel": forum} for forum in forums]


def _agreements(view: View) -> Section | None:
    found = view.questions.agreements
    if not found:
        return None
    rows = [
        {
            "name": view.row(f"instruments/{line['instrument']}", line["name"]),
            "state": line["state"],
            "since": line["since"],
            "by": view.named(line["by"]),
            "limited": view.named(line["limited_by"]),
            "left": view.named(line["left_by"]),
        }
        for line in found.answer.value
    ]
    columns = (
        ("name", "Agreement"), ("state", "State"), ("since", "Since"), ("by", "Step taken by"),
        ("limited", "Limited by"), ("left", "Left by"),
    )  # fmt: skip
    drawn = agreements(view.record, found)
    return Section(
        "agreements", "Agreements since 1997", [Drawing(drawn), Listing("Where each stands", columns, rows, found)],
        Track.DIALOGUE,
    )  # fmt: skip


def _encounters(view: View) -> Section | None:
    every = view.ask("encounters")
    if not every:
        return None
    states = sorted(
        {state for line in every.answer.value for key in ("closes_in", "other") for state in line[key] or []}
    )
    severities = {"all": "All", "high_risk": "High risk", "serious": "Serious", "near_routine": "Near routine"}
    state = view.choice("who", {"": "", **dict.fromkeys(states, "")})
    severity = view.choice("severity", severities, "all")
    found = view.ask("encounters", state=state, severity=severity)
    parts: list[Part] = []
    if view.live:
        named = {code: view.names.get(code, code) for code in states}
        fields = [
            Field("select", "who", "Either side", state,
                  {"": "Anybody", **dict(sorted(named.items(), key=lambda item: item[1]))}),
            Field("select", "severity", "Severity", severity, severities),
        ]  # fmt: skip
        parts.append(Form(fields, "encounters"))
        parts.append(Words(links=[Link("Have a track file of your own? Find the close encounters in it", "tracks")]))
    if not found:
        parts.append(Words("No encounter like this is on record; that is not none."))
        return Section("encounters", "Close encounters", parts, Track.DIALOGUE)
    lines = list(reversed(found.answer.value))
    shown = lines[:_ENCOUNTERS] if view.live or len(lines) > 2 * _ENCOUNTERS else lines
    rows = [
        {
            "date": view.row(f"encounters/{line['row']}", line["date"]),
            "place": line["place"],
            "kind": f"{line['kind']}, {line['severity']}",
            "closes_in": _who(view, line["closes_in"], line["closes_in_with"]),
            "other": _who(view, line["other"], line["other_with"]),
            "metres": line["metres"],
            "alleged": view.named(line["alleged_by"]),
            "disputed": line["disputed"],
            "accounts": line["accounts"],
        }
        for line in shown
    ]
    columns = (
        ("date", "Date"), ("place", "Where"), ("kind", "What"), ("closes_in", "Closes in"), ("other", "Other"),
        ("metres", "Metres"), ("alleged", "Who says so"), ("disputed", "Disputed"), ("accounts", "What each side says"),
    )  # fmt: skip
    note = "The latest first. The count measures publicity, not events."
    parts += [
        Words(f"{found.headline}.", strong=True, finding=found),
        Listing("Encounters with both sides' accounts", columns, rows, found, note, total=len(lines)),
        Words(links=[Link("All of them, as a table", "tables/encounters")]),
    ]
    return Section("encounters", "Close encounters", parts, Track.DIALOGUE)


def _who(view: View, states: list[str] | None, platform: str | None) -> str:
    return ": ".join(filter(None, [view.named(states), platform]))
