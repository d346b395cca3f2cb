"""Who met two percent: each ally by edition of NATO's table, on a scale of percent where values are on record."""

from __future__ import annotations

import math
from calendar import month_abbr
from datetime import date
from typing import Any

import altair as alt

from dualtrack.analyses.groups import groupings
from dualtrack.analyses.spending_guideline import counted
from dualtrack.analyses.words import listed
from dualtrack.core.dates import first_day, spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.DETERRENCE
_NAMED = 4  # more states than this are counted in a title, not named
_ROW = 20
_NAME = 92
_COLUMN = 34
_SHOWN = 3  # editions in the matrix, the latest ones
_COLUMNS = (
    Column("state", "Code"),
    Column("name", "State"),
    Column("eastern_flank", "Eastern flank, any reading in use"),
    Column("edition", "Edition"),
    Column("met", "Two percent met"),
    Column("share_of_gdp_pct", "Percent of GDP", number=True),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


def spending(record: Record, alliance: Finding, flank: Finding) -> Chart:
    """The chart of one year's spending.

    Args:
        record: the record as known on the findings' day.
        alliance: ``spending_guideline`` for the alliance.
        flank: the same question for the eastern flank.
    """
    rows = _rows(record, alliance)
    year, level = alliance.parameters["year"], alliance.parameters["threshold"]
    editions = [edition.edition for edition in alliance.editions]
    valued = {row["state"] for row in rows if row["share_of_gdp_pct"] is not None}
    scaled = len(valued) * 2 > len({row["state"] for row in rows})
    joined = "; a line joins an ally’s figures in earlier and later editions" if len(editions) > 1 else ""
    what = (
        f"Defence spending in {year}, percent of GDP{joined}."
        if scaled
        else f"Allies with armed forces, by edition of NATO’s table for {year}."
    )

    def draw(width: int) -> Spec:
        return _dots(rows, editions, level, width) if scaled else _matrix(rows, editions[-_SHOWN:], width)

    return Chart(
        id="spending",
        track=_TRACK,
        title=_title(record, alliance, flank),
        reading=f"{what} {_revisions(rows, editions)}",
        alt=f"{alliance.headline}. {flank.headline}.",
        draw=draw,
        columns=_COLUMNS,
        rows=rows,
        findings=(alliance, flank),
        coverage=_coverage(alliance, len(valued)),
        key=_key(scaled, editions, rows),
    )


def allies(record: Record, year: int) -> list[str]:
    """Members of NATO with armed forces at the end of a year."""
    without = {row.id for row in record.rows("states") if row["armed_forces"] == "no"}
    return [state for state in record.members("nato", date(year, 12, 31)) if state not in without]


def _rows(record: Record, alliance: Finding) -> Rows:
    names = {row.id: row.text("name") for row in record.rows("states")}
    year, metric = alliance.parameters["year"], alliance.parameters["metric"]
    values = {
        (row.text("state"), row.text("edition")): row.id
        for row in record.rows(
            "spending", "series = 'nato' AND year = ? AND definition = ?", year, alliance.parameters["definition"]
        )
    }
    lists = {
        row.text("edition"): row.id
        for row in record.rows("spending_lists", "year = ? AND metric = ? AND relation = 'ge'", year, metric)
        if row.number("threshold") == alliance.parameters["threshold"]
    }
    near = {s for g in groupings(record, "eastern_flank") if not g.later for s in g.states}
    rows = []
    for edition in alliance.editions:
        for state in allies(record, year):
            answer, name = edition.answer, edition.edition
            figure = (answer.figures or {}).get(state)
            row = f"spending/{values[state, name]}" if figure is not None else None
            rows.append(
                {
                    "state": state,
                    "name": names[state],
                    "eastern_flank": "yes" if state in near else "no",
                    "edition": name,
                    "met": "unknown" if state in answer.unknown else "yes" if state in answer.value else "no",
                    "share_of_gdp_pct": figure,
                    "row": row or (f"spending_lists/{lists[name]}" if name in lists else None),
                }
            )
    return rows


def _title(record: Record, alliance: Finding, flank: Finding) -> str:
    names = {row.id: row.text("name") for row in record.rows("states")}
    year = alliance.parameters["year"]
    total = alliance.answer.coverage.total if alliance.answer.coverage else 0
    whole = f"{len(alliance.answer.value or [])} of {total} in the alliance"
    met = flank.answer.value
    used = [r.answer for r in counted(flank.by_reading)]
    if all(answer.coverage and len(answer.value) == answer.coverage.total for answer in used):
        return f"Every ally on the eastern flank met two percent in {year}, {whole}"
    if met is None:
        return f"Who met two percent on the eastern flank in {year} depends on the reading; {whole}"
    who = listed([names[s] for s in met]) if len(met) <= _NAMED else f"{len(met)} allies"
    return f"{who or 'No ally'} met two percent on the eastern flank in {year}, {whole}"


def _revisions(rows: Rows, editions: list[str]) -> str:
    """Whose answer the editions changed, in a sentence."""
    if len(editions) < 2:
        return f"One edition is on record, of {spell(editions[0])}."
    turned: dict[str, list[str]] = {"yes": [], "no": []}
    for name in dict.fromkeys(row["name"] for row in rows):
        answers = [row["met"] for row in rows if row["name"] == name and row["met"] != "unknown"]
        if answers and answers[0] != answers[-1]:
            turned[answers[-1]].append(name)
    between = f"Between the editions of {spell(editions[0])} and {spell(editions[-1])}"
    parts = [f"{listed(turned['yes'])} came to two percent"] if turned["yes"] else []
    parts += [f"{listed(turned['no'])} fell below it"] if turned["no"] else []
    return f"{between} {' and '.join(parts) or 'no answer changed'}."


def _coverage(alliance: Finding, valued: int) -> str:
    known = alliance.answer.coverage
    if known is None:
        return ""
    values = f"values on record for {valued}" if valued else "no values on record"
    return f"{known.known} of {known.total} allies decided; {values}."


def _key(scaled: bool, editions: list[str], rows: Rows) -> list[Key]:
    answers = {row["met"] for row in rows}
    if scaled:
        listed_ = any(row["share_of_gdp_pct"] is None and row["edition"] == editions[-1] for row in rows)
        keys = [Key("dot", f"edition of {spell(editions[-1])}")]
        keys += [Key("ring", "earlier editions")] if len(editions) > 1 else []
        keys += [Key("arrow", "said by a list or count, value not on record")] if listed_ else []
        return [*keys, Key("bold", "bold: eastern flank under a reading in use")]
    said = {"yes": ("dot", "at or above two percent"), "no": ("ring", "below"), "unknown": ("question", "cannot tell")}
    return [Key(*said[answer]) for answer in said if answer in answers]


def _dots(rows: Rows, editions: list[str], level: float, width: int) -> Spec:
    """One line per ally, one dot per edition, joined where the figure was revised; an arrow where only a list says."""
    shown = [{**row, "latest": row["edition"] == editions[-1]} for row in rows if row["share_of_gdp_pct"] is not None]
    last = {row["name"]: row["share_of_gdp_pct"] for row in shown}
    said = [row for row in rows if row["edition"] == editions[-1] and row["name"] not in last]
    rank = {"yes": 0, "unknown": 1, "no": 2}
    order = sorted(last, key=lambda name: (-last[name], name))
    order += [row["name"] for row in sorted(said, key=lambda row: (rank[row["met"]], row["name"]))]
    near = {row["name"] for row in rows if row["eastern_flank"] == "yes"}
    top = math.floor(max(last.values())) + 1
    left, right, head, step = 128.0, 74.0 if said else 44.0, 26.0, 18.0
    scale: float = (width - left - right) / top
    height = head + step * len(order)

    def x(value: float) -> float:
        return left + value * scale

    def y(name: str) -> float:
        return head + step * (order.index(name) + 0.5)

    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    names = [{"x": left - 8, "y": y(name), "label": name, "bold": name in near} for name in order]
    grid = [{"x": x(tick), "y": 18, "y2": height} for tick in range(top + 1)]
    ticks = [{"x": x(tick), "y": 8, "label": f"{tick}%" if tick else "0"} for tick in range(top + 1)]
    dots = [{"x": x(r["share_of_gdp_pct"]), "y": y(r["name"]), "latest": r["latest"]} for r in shown]
    spans = [
        {"x": x(min(values)), "x2": x(max(values)), "y": y(name)}
        for name in last
        for values in [[r["share_of_gdp_pct"] for r in shown if r["name"] == name]]
        if len(values) > 1
    ]
    listed_ = [{"x": x(level), "x2": x(level) + 26, "y": y(row["name"])} for row in said if row["met"] == "yes"]
    below = [{"x": x(level), "x2": x(level) - 26, "y": y(row["name"])} for row in said if row["met"] == "no"]
    words_ = {"yes": f"{level:g} or more", "no": f"below {level:g}", "unknown": "cannot tell"}
    figures = [{"x": width, "y": y(name), "label": f"{last[name]:.2f}"} for name in last]
    figures += [{"x": width, "y": y(row["name"]), "label": words_[row["met"]]} for row in said]
    marks = alt.Chart(data(dots)).encode(**place)
    written = alt.Chart(data(names)).encode(**place)
    layers: list[Any] = [
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data([{"x": x(level), "y": 18, "y2": height}]))
        .mark_rule(color=LIGHT["ink"], strokeDash=[4, 3])
        .encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data(ticks)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(written.transform_filter("!datum.bold"), halo=False, align="right"),
        words(written.transform_filter("datum.bold"), halo=False, align="right", fontWeight="bold"),
        alt.Chart(data(spans)).mark_rule(color=LIGHT["rule"], strokeWidth=1.5).encode(**place, x2=alt.X2("x2")),
        marks.transform_filter("!datum.latest").mark_point(
            fill=LIGHT["paper"], stroke=_TRACK.colour, strokeWidth=1.5, size=45, opacity=1
        ),
        marks.transform_filter("datum.latest").mark_point(filled=True, color=_TRACK.colour, size=60, opacity=1),
        words(alt.Chart(data(figures)).encode(**place), halo=False, align="right"),
    ]
    for arrows, shape in ((listed_, "triangle-right"), (below, "triangle-left")):
        if arrows:
            base = alt.Chart(data(arrows)).encode(y=place["y"])
            layers += [
                base.mark_rule(color=_TRACK.colour, strokeWidth=2).encode(x=place["x"], x2=alt.X2("x2")),
                base.mark_point(shape=shape, filled=True, color=_TRACK.colour, size=45, opacity=1).encode(
                    x=across("x2", width)
                ),
            ]
    return canvas(width, height, *layers)


def _matrix(rows: Rows, editions: list[str], width: int) -> Spec:
    """One line per ally, one column per edition, in as many panels as the width takes."""
    items = _items(rows)
    first = sum(row["edition"] == editions[-1] and row["eastern_flank"] == "yes" for row in rows) + 1
    most = max(1, width // (_NAME + _COLUMN * len(editions)))
    panels = max(n for n in range(1, most + 1) if n == 1 or math.ceil(len(items) / n) >= first)  # one unbroken group
    deep = math.ceil(len(items) / panels)
    step, top = width / panels, 34
    spots: dict[str, dict[str, Any]] = {
        name: {"x": step * (i // deep), "y": top + _ROW * (i % deep + 0.5), "label": name.strip()}
        for i, name in enumerate(items)
    }
    height = top + _ROW * deep
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    heads = [
        {"x": step * panel + _NAME + _COLUMN * (i + 0.5), "y": y, "label": label}
        for panel in range(panels)
        for i, edition in enumerate(editions)
        for y, label in zip((8, 22), (month_abbr[first_day(edition).month], edition[:4]), strict=True)
    ]
    dots = [
        {"x": spots[row["name"]]["x"] + _NAME + _COLUMN * (editions.index(row["edition"]) + 0.5),
         "y": spots[row["name"]]["y"], "met": row["met"], "label": "?"}
        for row in rows if row["edition"] in editions
    ]  # fmt: skip
    groups = [spot for name, spot in spots.items() if name.startswith(" ")]
    names = [spot for name, spot in spots.items() if not name.startswith(" ")]
    marks = alt.Chart(data(dots)).encode(**place)
    return canvas(
        width,
        height,
        words(alt.Chart(data(names)).encode(**place), halo=False, align="left"),
        words(alt.Chart(data(groups)).encode(**place), halo=False, align="left", fontWeight="bold"),
        words(alt.Chart(data(heads)).encode(**place), halo=False, color=LIGHT["muted"]),
        marks.transform_filter("datum.met == 'yes'").mark_point(filled=True, color=_TRACK.colour, size=80, opacity=1),
        marks.transform_filter("datum.met == 'no'").mark_point(stroke=_TRACK.colour, strokeWidth=1.5, size=60),
        words(marks.transform_filter("datum.met == 'unknown'"), halo=False, color=LIGHT["ink"]),
    )


def _items(rows: Rows) -> list[str]:
    """Names in reading order under their group's heading, which begins with a space."""
    items = []
    for group, heading in (("yes", " Eastern flank"), ("no", " Other allies")):
        names = sorted({row["name"] for row in rows if row["eastern_flank"] == group})
        items += [heading, *names] if names else []
    return items
