"""Forces of others in place year by year, under whose command, beside the baseline."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.analyses.names import named
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

Rows = list[dict[str, Any]]

_TRACK = Track.DETERRENCE
_TOP, _PLOT, _LEFT, _WIDEST = 20, 190, 34, 80.0
_COMMANDS = {"command_nato": "under alliance command", "others": "under bilateral or national command"}
_COLUMNS = (
    Column("day", "On"),
    Column("forces", "Forces of others in place", number=True),
    Column("command_nato", "Under alliance command", number=True),
    Column("others", "Under bilateral or national command", number=True),
    Column("share", "Share under alliance command, percent", number=True),
    Column("permanent", "Permanent", number=True),
    Column("row", "Rows of the record"),
)


def presence_over_time(record: Record, finding: Finding) -> Chart:
    """The chart of forces in place on the baseline's day of each year.

    Args:
        record: the record as known on the finding's day.
        finding: ``presence_over_time``; each force counts once in every host it is in.
    """
    rows = _years(finding)
    host = finding.parameters["host"]
    where = named(record, host) if host else "all hosts"
    first, last = rows[0], rows[-1]
    gaps = finding.answer.summary["Continuity of rotations"]
    whole = sum(row["without_gap"] == "yes" for row in gaps)
    broken = sum(row["without_gap"] == "no" for row in gaps)
    coverage = finding.answer.coverage
    return Chart(
        id="presence-over-time",
        track=_TRACK,
        title=f"Forces of others listed in {where}: {first['forces']} on {spell(first['day'])}, {last['forces']} on "
        f"{spell(last['day'])}, {last['command_nato']} of these under alliance command",
        reading="Forces listed as in place on the same day of each year, of any size from company to brigade, once for "
        "each host they are in: a count of forces, not of troops.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(rows, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{coverage.known} of {coverage.total} {coverage.of}." if coverage else "",
        key=(
            Key("area", _COMMANDS["others"]), Key("bar", _COMMANDS["command_nato"]),
        ),
        notes=(
            f"Presence called persistent or rotational was free of gaps in {whole} of {len(gaps)} series of host and "
            f"kind of force, had a gap for certain in {broken}; for the others the record cannot decide, as ends of "
            "rotations are given to the month or not at all.",
        ),
    )  # fmt: skip


def _years(finding: Finding) -> Rows:
    used = sorted({f"{cell.table}/{cell.row}" for cell in finding.evidence if cell.table == "deployments"})
    years: dict[str, dict[str, Any]] = {}
    for row in finding.answer.value:
        year = years.setdefault(
            row["day"], {"day": row["day"], "forces": 0, "command_nato": 0, "permanent": 0, "row": used}
        )
        for column in ("forces", "command_nato", "permanent"):
            year[column] += row[column]
    return [
        {
            **year,
            "others": year["forces"] - year["command_nato"],
            "share": round(100 * year["command_nato"] / year["forces"]) if year["forces"] else None,
        }
        for _, year in sorted(years.items())
    ]


def _draw(rows: Rows, width: int) -> Spec:
    height = float(_TOP + _PLOT + LINE + 6)
    most = max(1, *(int(row["forces"]) for row in rows))
    step = min((width - _LEFT - 4) / len(rows), _WIDEST)
    bottom = _TOP + _PLOT

    def y(count: float) -> float:
        return bottom - count / most * _PLOT

    bars: dict[str, Rows] = {"command_nato": [], "others": []}
    counts: Rows = []
    years: Rows = []
    for number, row in enumerate(rows):
        left, right = _LEFT + number * step + 2, _LEFT + (number + 1) * step - 2
        middle = (left + right) / 2
        below = row["command_nato"]
        bars["command_nato"].append({"x": left, "x2": right, "y": y(below), "y2": bottom})
        bars["others"].append({"x": left, "x2": right, "y": y(row["forces"]), "y2": y(below)})
        counts.append({"x": middle, "y": y(row["forces"]) - 9, "label": str(row["forces"])})
        short = width < 500
        years.append({"x": middle, "y": bottom + LINE - 2, "label": f"’{row['day'][2:4]}" if short else row["day"][:4]})
    base = [{"x": _LEFT, "x2": width - 4, "y": y(rows[0]["forces"])}]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    shown: list[Any] = [
        alt.Chart(data(bars["others"])).mark_rect(color=_TRACK.soft).encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data(bars["command_nato"]))
        .mark_rect(color=_TRACK.colour)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data(base)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, x2=alt.X2("x2")),
        words(alt.Chart(data(counts)).encode(**place), halo=False),
        words(alt.Chart(data(years)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(
            alt.Chart(data([{"x": 0, "y": y(rows[0]["forces"]), "label": str(rows[0]["day"][:4])}])).encode(**place),
            halo=False, align="left", color=LIGHT["muted"],
        ),
    ]  # fmt: skip
    return canvas(width, height, *shown)
