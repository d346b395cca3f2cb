"""Where leaders spoke and where a question is contested: shares for and against by member, and who is silent."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from dualtrack.analyses.names import names
from dualtrack.analyses.voices import subject
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, text_width, words, wrapped
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.PUBLIC
_ROW = 24
_HEAD = 24
_WIDE = 500  # pixels from which days are written out
_COLUMNS = (
    Column("name", "Member"),
    Column("spoke", "Spoke"),
    Column("said", "Last said"),
    Column("days", "Days since", number=True),
    Column("position", "Position"),
    Column("speaker", "Speaker"),
    Column("support", "In favour, percent", number=True),
    Column("oppose", "Against, percent", number=True),
    Column("contested", "Contested"),
    Column("polled", "Polled"),
    Column("item", "Poll item"),
    Column("pollster", "Pollster"),
    Column("row", "Rows of the record"),
)

Rows = list[dict[str, Any]]


def messaging(record: Record, finding: Finding) -> Chart:
    """The chart of one question.

    Args:
        record: for the members' names.
        finding: ``messaging`` for one group.
    """
    named = names(record)
    every = [{**line, "name": named.get(line["state"], line["state"])} for line in finding.answer.value]
    polled = sorted((row for row in every if row["support"] is not None), key=lambda r: (-r["support"], r["name"]))
    others = [row for row in every if row["support"] is None]
    half = sum(row["oppose"] is None for row in polled)
    both = sum(row["said"] is not None for row in polled)
    coverage = finding.answer.coverage
    return Chart(
        id="messaging",
        track=_TRACK,
        title=_title(finding, polled),
        reading="Percent for and against in the latest poll near the question; on the right, when somebody in office "
        "last spoke on it in public. The closer the two shares, the more contested it is. Silent is silent on record.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(polled, others, width),
        columns=_COLUMNS,
        rows=every,
        findings=(finding,),
        coverage=f"{coverage.known} of {coverage.total} {coverage.of}, {len(polled)} polled, {both} both; the share "
        f"against is on record for {len(polled) - half} of the {len(polled)}."
        if coverage
        else "",
        key=(
            Key("dot", "in favour"),
            Key("ring", "against"),
            *([Key("area", "against, where not on record: none to all that is left")] if half else []),
        ),
        notes=tuple(
            note for note in finding.caveats if note.startswith(("Statements are a sample", "The latest polls"))
        ),
    )


def _title(finding: Finding, polled: Rows) -> str:
    coverage = finding.answer.coverage
    total, known = (coverage.total, coverage.known) if coverage else (0, 0)
    mute = sum(row["said"] is None for row in polled)
    what = subject(finding.parameters["question"])
    where = f"; of {plural(len(polled), 'member')} polled at home, {mute} are silent" if polled else ""
    return f"On {what}, leaders of {known} of {total} members are on record{where}, {spell(finding.as_of)}"


def _when(said: str | None, wide: bool) -> str:
    """When somebody last spoke, or that nobody did: on a phone the month, shortened."""
    if said is None:
        return "silent on record" if wide else "silent"
    *month, year = spell(said if wide else said[:7]).split()
    return " ".join([*(month if wide else (name[:3] for name in month)), year])


def _draw(polled: Rows, others: Rows, width: int) -> Spec:
    left = max([text_width(row["name"]) for row in polled], default=60) + 14
    wide = width >= _WIDE
    said = {row["state"]: _when(row["said"], wide) for row in polled}
    right = max(text_width(text) for text in [*said.values(), "last spoke"]) + 26
    scale = (width - left - right) / 100

    def x(share: float) -> float:
        return left + share * scale

    lines = {row["state"]: _HEAD + _ROW * i + _ROW / 2 for i, row in enumerate(polled)}
    y = _HEAD + _ROW * len(polled) + 16.0
    heads: Rows = []
    rest: Rows = []
    for title, some in (
        ("No poll on record; spoke last", [f"{r['name']} ({spell(r['said'])})" for r in others if r["said"]]),
        ("No poll on record; silent on record", [r["name"] for r in others if not r["said"]]),
    ):
        if some:
            heads.append({"x": 0, "y": y, "label": f"{title} ({len(some)})"})
            y += LINE + 2
            for text in wrapped(", ".join(some), width * 0.96):
                rest.append({"x": 0, "y": y, "label": text})
                y += LINE
            y += 8
    height = math.ceil(y)
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    dots = [{"x": x(row["support"]), "y": lines[row["state"]]} for row in polled]
    rings = [{"x": x(row["oppose"]), "y": lines[row["state"]]} for row in polled if row["oppose"] is not None]
    gaps = [
        {"x": x(row["oppose"]), "x2": x(row["support"]), "y": lines[row["state"]]}
        for row in polled
        if row["oppose"] is not None
    ]
    open_ = [
        {"x": x(0), "x2": x(100 - row["support"]), "y": lines[row["state"]] - 4, "y2": lines[row["state"]] + 4}
        for row in polled
        if row["oppose"] is None
    ]
    tracks = [{"x": x(0), "x2": x(100), "y": at} for at in lines.values()]
    ticks = (0, 25, 50, 75, 100) if scale > 2 else (0, 50, 100)
    axis = [{"x": x(v), "y": 8, "label": f"{v}%" if v else "0"} for v in ticks] if polled else []
    member = [{"x": 0, "y": lines[row["state"]], "label": row["name"]} for row in polled]
    spoke = [{"x": width, "y": lines[r["state"]], "label": said[r["state"]]} for r in polled if r["said"]]
    mute = [{"x": width, "y": lines[r["state"]], "label": said[r["state"]]} for r in polled if not r["said"]]
    last = [{"x": width, "y": 8, "label": "last spoke"}] if polled else []
    half = [{"x": x(50), "y": _HEAD - 4, "y2": _HEAD + _ROW * len(polled)}] if polled else []
    point: dict[str, Any] = {"opacity": 1, "size": 75}
    layers: list[Any] = [
        alt.Chart(data(tracks)).mark_rule(color=LIGHT["grid"]).encode(**place, x2="x2"),
        alt.Chart(data(open_)).mark_rect(color=_TRACK.soft, opacity=1).encode(**place, x2="x2", y2="y2"),
        alt.Chart(data(half)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, y2="y2"),
        alt.Chart(data(gaps)).mark_rule(color=_TRACK.colour, strokeWidth=2).encode(**place, x2="x2"),
        alt.Chart(data(rings)).mark_point(fill=LIGHT["paper"], stroke=_TRACK.colour, strokeWidth=1.8, **point)
        .encode(**place),
        alt.Chart(data(dots)).mark_point(filled=True, color=_TRACK.colour, **point).encode(**place),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(member)).encode(**place), halo=False, align="left"),
        words(alt.Chart(data(spoke)).encode(**place), halo=False, align="right"),
        words(alt.Chart(data([*mute, *last])).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(heads)).encode(**place), halo=False, align="left", fontWeight="bold"),
        words(alt.Chart(data(rest)).encode(**place), halo=False, align="left"),
    ]  # fmt: skip
    return canvas(width, height, *layers)
