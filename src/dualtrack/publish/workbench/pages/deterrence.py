"""Deterrence: who is where, how many stand against how many, who spends what, and what could arrive."""

from __future__ import annotations

from dualtrack.analyses.reinforcement import in_words
from dualtrack.core.finding import ByReading, Finding
from dualtrack.core.show import answer_text, span
from dualtrack.publish.charts.force_ratio import force_ratio
from dualtrack.publish.charts.presence import presence
from dualtrack.publish.charts.presence_over_time import presence_over_time
from dualtrack.publish.charts.reinforcement import reinforcement, rounded
from dualtrack.publish.charts.spending import spending
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import Drawing, Field, Form, Link, Listing, Page, Part, Section, Words, given
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Deterrence", 10
CHARTS = ("presence", "presence-over-time", "force-ratio", "spending", "reinforcement")
_GROUPS = {"nato": "The alliance", "eastern_flank": "The eastern flank"}
_CLASSES = {"speaker": "evidently meant", "public": "on record", "stress": "ours, outside the debate"}


def page(view: View) -> Page:
    """Presence by host, the force ratio with a switch per reading, spending by edition, reinforcement."""
    found = view.questions.presence
    return Page(
        title=found.headline if found else "Deterrence",
        lead="Forces abroad and at home, the ratio under each reading of it, spending by edition of the tables, and "
        "what could arrive if it had to. Figures of forces overlap and are never added up.",
        sections=given(_presence(view), _ratio(view), _spending(view), _reinforcement(view)),
    )


def _presence(view: View) -> Section | None:
    asked = view.questions
    if not asked.presence:
        return None
    parts: list[Part] = [Drawing(presence(view.record, asked.presence, asked.exercises))]
    lines = asked.presence.answer.value
    hosts = {line["host"]: view.named(line["host"]) for line in lines}
    host = view.choice("host", {"": "", **hosts})
    chosen = [line for line in lines if not host or line["host"] == host]
    if view.live:
        every = {"": "All hosts", **dict(sorted(hosts.items(), key=lambda item: item[1]))}
        parts.append(Form([Field("select", "host", "Host", host, every)], "presence"))
    rows = [
        {
            "host": view.named(line["host"]),
            "role": figure["role"],
            "label": figure["label"],
            "figure": span(figure["low"], figure["high"]),
            "unit": figure["unit"],
            "as_of": figure["as_of"],
            "row": figure["row"] or [Link(ref, view.row(ref).place) for ref in figure["rows"]],
        }
        for line in sorted(chosen, key=lambda line: view.named(line["host"]))
        for figure in line["figures"]
    ]
    columns = (
        ("host", "Host"), ("role", "Forces"), ("label", "What is counted"), ("figure", "From, to"), ("unit", "Unit"),
        ("as_of", "As of"), ("row", "Row"),
    )  # fmt: skip
    parts.append(Listing(f"Figures by host{': ' + hosts[host] if host else ''}", columns, rows, asked.presence))
    if asked.growth:
        parts.append(Drawing(presence_over_time(view.record, asked.growth)))
    return Section("presence", "Presence by host", parts, Track.DETERRENCE)


def _ratio(view: View) -> Section | None:
    whole = view.questions.ratio
    if not whole:
        return None
    every = {_id(reading): reading.label or _id(reading) for reading in whole.by_reading}
    on = view.several("reading", every)
    found = whole if len(on) == len(every) else view.ask("force_ratio", low=5, high=10, only=",".join(on)) or whole
    parts: list[Part] = [Words(found.headline + ".", strong=True, finding=found)]
    if view.live:
        switches = Field("checks", "reading", "Readings that are switched on", options=every, values=on)
        parts.append(Form([switches], "ratio", "Recount"))
    if any(not r.later and r.answer.low is not None for r in found.by_reading):
        parts.append(Drawing(force_ratio(found)))
    rows = [_reading(view, reading) for reading in found.by_reading]
    columns = (
        ("label", "Reading"), ("class", "Whose"), ("numerator", "So many"), ("denominator", "Against"),
        ("ratio", "Ratio"), ("within", "Five to ten?"), ("row", "Rows"),
    )  # fmt: skip
    note = "The verdict is taken over readings somebody on record uses; those of ours are printed and never counted."
    parts.append(Listing("Why it depends on the reading", columns, rows, found, note))
    return Section("ratio", "Force ratio: does five to ten hold?", parts, Track.DETERRENCE)


def _reading(view: View, reading: ByReading) -> dict[str, object]:
    sides = {part.role: part for part in reading.parts}
    counted = {role: f"{part.label}: {span(part.low, part.high)}" for role, part in sides.items()}
    use = "not in use that day" if reading.later else _CLASSES[reading.class_]
    inside = reading.within
    if inside != "yes" and reading.within_best == "yes":
        inside_words = "yes, at the published figures"
    else:
        inside_words = {"in part": "in part", None: ""}.get(inside, inside or "")
    return {
        "label": reading.label or _id(reading),
        "class": use,
        "numerator": counted.get("numerator"),
        "denominator": counted.get("denominator"),
        "ratio": answer_text(reading.answer) if reading.answer.why_unknown is None else reading.answer.why_unknown,
        "within": inside_words,
        "row": [Link(ref, view.row(ref).place) for part in reading.parts for ref in part.rows],
    }


def _id(reading: ByReading) -> str:
    return next(iter(reading.reading.values()))


def _spending(view: View) -> Section | None:
    latest = view.questions.alliance
    if not latest:
        return None
    last = int(latest.parameters["year"])
    years = {str(year): str(year) for year in range(last, 2013, -1)}
    year = view.choice("year", years, str(last))
    group = view.choice("group", _GROUPS, "nato")
    asked = {name: view.ask("spending_guideline", year=int(year), group=name) for name in _GROUPS}
    alliance, flank = asked["nato"], asked["eastern_flank"]
    parts: list[Part] = []
    if view.live:
        fields = [Field("select", "year", "Year spent in", year, years), Field("select", "group", "Of", group, _GROUPS)]
        parts.append(Form(fields, "spending"))
    if not alliance or not flank:
        parts.append(Words(f"No edition known on this day decides {year}."))
        return Section("spending", "Spending: who met two percent?", parts, Track.DETERRENCE)
    chosen = asked[group] or alliance
    parts.append(Words(f"{chosen.headline}.", strong=True, finding=chosen))
    parts.append(Words(_met(view, chosen)))
    parts.append(Drawing(spending(view.record, alliance, flank)))
    rows = [
        {"edition": edition.edition, "met": view.listed(edition.answer.value) or answer_text(edition.answer),
         "basis": edition.basis}
        for edition in chosen.editions
    ]  # fmt: skip
    columns = (("edition", "Edition"), ("met", "At two percent or more"), ("basis", "From"))
    parts.append(Listing(f"{_GROUPS[group]} in {year}, by edition of the table", columns, rows, chosen))
    parts.append(
        Words(
            "The guideline is the alliance's own, so its members alone are held against it. What one publisher gives "
            "for states of both sides, in dollars:",
            [Link("Totals of military spending", "tables/spending_totals")],
        )
    )
    return Section("spending", "Spending: who met two percent?", parts, Track.DETERRENCE)


def _met(view: View, found: Finding) -> str:
    if found.answer.value is None:
        sets = [f"{r.label}: {view.listed(r.answer.value) or 'none'}" for r in found.by_reading]
        return "By reading of the group: " + "; ".join(sets) + "."
    open_ = f" Cannot be told: {view.listed(found.answer.unknown)}." if found.answer.unknown else ""
    return f"Met: {view.listed(found.answer.value) or 'nobody'}.{open_}"


def _reinforcement(view: View) -> Section | None:
    asked = view.questions.reinforcement
    if not asked:
        return None
    hosts = {finding.parameters["host"]: view.named(finding.parameters["host"]) for finding in asked}
    host = view.choice("arrive", {"": "", **hosts})
    chosen = [finding for finding in asked if not host or finding.parameters["host"] == host]
    parts: list[Part] = []
    if view.live:
        parts.append(Form([Field("select", "arrive", "Host", host, {"": "All five", **hosts})], "reinforcement"))
    parts.append(Drawing(reinforcement(view.record, chosen)))
    rows = [
        {
            "host": hosts[finding.parameters["host"]],
            "day": line["day"],
            "low": rounded(line["low"]),
            "high": rounded(line["high"]),
            "limit": in_words(line["limit_halfway"], view.names),
        }
        for finding in chosen
        for line in finding.answer.value
        if line["day"] in (10, 30, 60)
    ]
    columns = (
        ("host", "Host"), ("day", "Day"), ("low", "At worst"), ("high", "At best"), ("limit", "What limits it"),
    )  # fmt: skip
    parts.append(Listing("Troops that could have arrived", columns, rows, chosen[0]))
    parts.append(Words(links=[Link("The assumptions behind it", "assumptions")]))
    return Section("reinforcement", "Reinforcement", parts, Track.DETERRENCE)
