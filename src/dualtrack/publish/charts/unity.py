"""How united members are on each question: how many hold each position, and the agreement among them with its band."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dualtrack.analyses.held import FEWEST
from dualtrack.analyses.voices import LEVELS, signed, subject
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, text_width, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.PUBLIC
_WIDE = 500  # pixels from which a question and its figures stand in one line
_HEAD = 44
_BARS = 26  # height of the highest bar
_BAND = 5  # half the height of a band
_COLUMNS = (
    Column("label", "Question"),
    Column("meaning", "As it is coded"),
    Column("on_record", "Members on record", number=True),
    Column("members", "Members", number=True),
    *(Column(signed(level), f"At {signed(level)}", number=True) for level in LEVELS),
    Column("A", "Agreement A", number=True),
    Column("low", "Band from", number=True),
    Column("high", "Band to", number=True),
    Column("mean", "Mean position", number=True),
    Column("row", "Rows of the record"),
)

Rows = list[dict[str, Any]]


def called(question: str) -> str:
    """A question's name in a chart."""
    name = subject(question).removeprefix("the ").removeprefix("a ")
    return name[:1].upper() + name[1:]


def unity(record: Record, finding: Finding) -> Chart:
    """The chart of all questions.

    Args:
        record: for what the questions mean.
        finding: ``unity`` without a question, for one group.
    """
    meanings = {row.id: row.text("meaning") for row in record.rows("questions")}
    rows = [
        {**line, "label": called(line["question"]), "meaning": meanings[line["question"]]}
        for line in finding.answer.value
    ]
    members = rows[0]["members"]
    return Chart(
        id="unity",
        track=_TRACK,
        title=_title(rows, finding),
        reading="Bars: members by their last position on record, from -2 (against) to +2 (for). Dot: agreement A among "
        "them: 1 if all hold the same, 0 if spread evenly, -1 if halved between the ends. Shade: what coding, the "
        f"choice of members and their weight leave open.{_HALVES if _halved(rows) else ''}",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(rows, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"Of {plural(members, 'member')}, those with a statement by someone in office; the others are silent "
        f"on record, which is not agreement. No index below {FEWEST} members.",
        key=(Key("bar", "members at a position"), Key("dot", "agreement A"), Key("area", "its band")),
        notes=_notes(rows, record, finding),
    )


_HALVES = " A member that held two positions on its last day counts in part at each."


def _halved(rows: Rows) -> bool:
    return any(row[signed(level)] % 1 for row in rows for level in LEVELS)


def _notes(rows: Rows, record: Record, finding: Finding) -> list[str]:
    """Who coded it, and of what age the positions are."""
    used = {reference.partition("/")[2] for row in rows for reference in row["row"]}
    years = sorted(row.text("date")[:4] for row in record.rows("statements") if row.id in used)
    return [
        "One person coded the positions and no second coding is on record: the shade takes "
        f"{finding.parameters['misread']:.0%} of them to be one step off.",
        f"Last positions are from {years[0]} to {years[-1]}, some long before others."
        if years[0] != years[-1]
        else f"All last positions are from {years[0]}.",
        "An index says how far members agree, not on what: the bars do.",
    ]


def _title(rows: Rows, finding: Finding) -> str:
    indexed = [row for row in rows if row["A"] is not None]
    day = spell(finding.as_of)
    if not indexed:
        return f"No question has {FEWEST} members on record, too few for an index of unity, {day}"
    first, last = indexed[0], indexed[-1]
    most = f"{subject(first['question'])} ({_minus(first['A'])})"
    if first is last:
        return f"Only on {most} are members enough on record to tell how far they agree, {day}"
    return (
        f"Members on record agree most on {most} and least on {subject(last['question'])} ({_minus(last['A'])}), {day}"
    )


def _minus(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _draw(rows: Rows, width: int) -> Spec:
    wide = width >= _WIDE
    names = max(text_width(row["label"]) for row in rows) + 14 if wide else 0
    cell = 40 if wide else 30
    value = text_width("−0.00") + 8
    begin = names + 5 * cell + (26 if wide else 18)
    reach = width - value - begin
    tall = _BARS + (24 if wide else 48)
    most = max(row[signed(level)] for row in rows for level in LEVELS)
    height = math.ceil(_HEAD + tall * len(rows))

    def x(index: float) -> float:
        return begin + (index + 1) / 2 * reach

    texts: dict[str, Rows] = {"name": [], "of": [], "count": [], "tick": [], "value": [], "none": [], "head": []}
    bars, floors, bands, dots = [], [], [], []
    for level, at in zip(LEVELS, range(5), strict=True):
        texts["tick"].append({"x": names + (at + 0.5) * cell, "y": _HEAD - 14, "label": signed(level)})
    texts["head"] += [
        {"x": names, "y": 8, "label": "Members by position"},
        {"x": begin, "y": 8, "label": "Agreement A"},
    ]
    texts["tick"] += [{"x": x(v), "y": _HEAD - 14, "label": signed(v)} for v in (-1, 0, 1)]
    for number, row in enumerate(rows):
        top = _HEAD + tall * number
        floor = top + tall - 8
        middle = floor - _BARS / 2
        of = f"{row['on_record']} of {row['members']} members"
        if wide:
            texts["name"].append({"x": 0, "y": middle - 7, "label": row["label"]})
            texts["of"].append({"x": 0, "y": middle + 8, "label": of})
        else:
            texts["name"].append({"x": 0, "y": top + 12, "label": row["label"]})
            texts["of"].append({"x": width, "y": top + 12, "label": of})
        floors.append({"x": names + 1, "x2": names + 5 * cell, "y": floor})
        for at, level in enumerate(LEVELS):
            n = row[signed(level)]
            if n:
                high = _BARS * n / most
                left = names + at * cell
                bars.append({"x": left + 5, "x2": left + cell - 5, "y": floor - high, "y2": floor})
                texts["count"].append({"x": left + cell / 2, "y": floor - high - 8, "label": f"{n:g}"})
        if row["A"] is None:
            texts["none"].append({"x": begin, "y": middle, "label": f"fewer than {FEWEST}: no index"})
        else:
            bands.append({"x": x(row["low"]), "x2": x(row["high"]), "y": middle - _BAND, "y2": middle + _BAND})
            dots.append({"x": x(row["A"]), "y": middle})
            texts["value"].append({"x": width, "y": middle, "label": _minus(row["A"])})
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    grid = [{"x": x(v), "y": _HEAD - 5, "y2": height - 4} for v in (-1, 0, 1)]
    layers = [
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, y2="y2"),
        alt.Chart(data(floors)).mark_rule(color=LIGHT["rule"]).encode(**place, x2="x2"),
        alt.Chart(data(bars)).mark_rect(color=_TRACK.colour, opacity=1).encode(**place, x2="x2", y2="y2"),
        alt.Chart(data(bands)).mark_rect(color=_TRACK.soft, opacity=1).encode(**place, x2="x2", y2="y2"),
        alt.Chart(data(dots)).mark_point(filled=True, color=_TRACK.colour, size=80, opacity=1).encode(**place),
        *(_written(texts[kind], place, style) for kind, style in _styles(wide).items() if texts[kind]),
    ]
    return canvas(width, height, *layers)


def _styles(wide: bool) -> dict[str, dict[str, Any]]:
    return {
        "name": {"align": "left", "fontWeight": "bold"},
        "of": {"align": "left" if wide else "right", "color": LIGHT["muted"]},
        "count": {},
        "tick": {"color": LIGHT["muted"]},
        "head": {"align": "left", "color": LIGHT["muted"]},
        "value": {"align": "right", "fontWeight": "bold"},
        "none": {"align": "left", "color": LIGHT["muted"], "halo": True},
    }


def _written(rows: Sequence[Mapping[str, Any]], place: Mapping[str, Any], style: Mapping[str, Any]) -> alt.LayerChart:
    return words(alt.Chart(data(rows)).encode(**place), **{"halo": False, **style})
