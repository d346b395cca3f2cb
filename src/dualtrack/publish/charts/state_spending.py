"""One state's defence spending over the years: the latest edition as a line, what earlier editions had as rings."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.analyses.names import named
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import data
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.DETERRENCE
_GUIDELINE = 2.0  # percent of GDP: Wales Summit Declaration 2014, paragraph 14
_COLUMNS = (
    Column("year", "Year"),
    Column("share_of_gdp_pct", "Percent of GDP", number=True),
    Column("edition", "Edition"),
    Column("status", "Status"),
    Column("row", "Row of the record"),
)


def state_spending(record: Record, state: str, finding: Finding) -> Chart:
    """The chart of one state, from every edition known on the record's day.

    Args:
        record: the record as known on its day.
        state: the state's code.
        finding: ``spending_trend`` of the state.
    """
    rows: list[dict[str, Any]] = [
        {
            "year": row.text("year"),
            "share_of_gdp_pct": row.number("share_of_gdp_pct"),
            "edition": row.text("edition"),
            "status": row.text("status"),
            "row": f"spending/{row.id}",
        }
        for row in record.rows("spending", "state = ? AND series = 'nato' AND definition = 'defence'", state)
        if row["share_of_gdp_pct"] is not None
    ]
    rows.sort(key=lambda row: (row["year"], row["edition"]))
    editions = sorted({row["edition"] for row in rows})
    latest: dict[str, str] = {row["year"]: row["edition"] for row in rows}
    shown = [{**row, "latest": row["edition"] == latest[row["year"]]} for row in rows]
    return Chart(
        id="spending",
        track=_TRACK,
        title=finding.headline,
        reading=f"Defence spending of {named(record, state)}, percent of GDP. The line takes each year's figure from "
        "the latest edition that has it; rings are what earlier editions had. Dashed: two percent.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(shown, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{len(latest)} years in {len(editions)} editions, the last of {spell(editions[-1])}.",
        key=(Key("dot", "latest edition"), Key("ring", "earlier editions")),
    )


def _draw(shown: list[dict[str, Any]], width: int) -> Spec:
    top = max(2.4, *(row["share_of_gdp_pct"] * 1.08 for row in shown))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y(
        "share_of_gdp_pct:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=5, labelExpr="datum.value + '%'"),
    )
    base = alt.Chart(data(shown))
    now = base.transform_filter("datum.latest")
    rule = alt.Chart(data([{"share_of_gdp_pct": _GUIDELINE}])).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3])
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    layers = alt.layer(
        rule.encode(y=y),
        base.transform_filter("!datum.latest")
        .mark_point(stroke=_TRACK.colour, fill=LIGHT["paper"], size=40, strokeWidth=1.3, opacity=1)
        .encode(x=x, y=y),
        now.mark_line(color=_TRACK.colour, strokeWidth=2).encode(x=x, y=y),
        now.mark_point(color=_TRACK.colour, filled=True, size=50, opacity=1).encode(x=x, y=y),
    )
    spec: Spec = layers.properties(width=width, height=300, autosize=fit).to_dict()
    return spec
