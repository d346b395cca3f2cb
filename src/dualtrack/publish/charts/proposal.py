"""What proposals would have caught: exercises notifiable and observable, as the rules are and as proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, words, wrapped
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DIALOGUE
_OUTCOMES = (("notifiable", "notified"), ("observable", "open to observers"))
_HEAD, _GAP = 24, 16
_COLUMNS = (
    Column("proposal", "Proposal"),
    Column("kind", "Kind"),
    Column("outcome", "Outcome"),
    Column("side", "Led by"),
    Column("before", "As the rules are", number=True),
    Column("after", "As proposed, at least", number=True),
    Column("exercises", "Exercises with a figure", number=True),
    Column("row", "Exercises that change"),
)


def proposals(findings: Sequence[Finding]) -> Chart:
    """Before and after of several proposals, each a finding of ``proposal`` on the same basis."""
    rows = [row for finding in findings for row in _rows(finding)]
    drawn = [row for row in rows if row["side"] == "all"]
    most = max(drawn, key=lambda row: row["after"] - row["before"])
    return Chart(
        id="proposals",
        track=_TRACK,
        title=_title(most),
        reading="Exercises on record, on announced figures. Ring: as the rules are; dot: as proposed. Invented "
        "what-ifs are marked: nobody proposed them.",
        alt=". ".join(finding.headline for finding in findings),
        draw=lambda width: _draw(drawn, width),
        columns=_COLUMNS,
        rows=[row for row in rows if row["row"]],
        findings=tuple(findings),
        coverage="Lower bounds for every state: exercises below today’s levels were collected less completely.",
        key=(Key("ring", "as the rules are"), Key("dot", "as proposed, at least")),
        notes=("The data by side, and each exercise that would change, are in the findings.",),
    )


def _rows(finding: Finding) -> list[dict[str, Any]]:
    invented = any("Invented what-if" in caveat for caveat in finding.caveats)
    name = finding.question.removeprefix("What would have changed under the proposal: ").rstrip("?").rpartition(" (")[0]
    return [
        {
            "proposal": name,
            "kind": "invented what-if" if invented else "recorded proposal",
            "outcome": words_,
            "side": line["side"],
            "before": line[f"{outcome}_before"],
            "after": line[f"{outcome}_after"],
            "exercises": line["exercises"],
            "row": _changed(finding, outcome, line["side"]),
        }
        for outcome, words_ in _OUTCOMES
        for line in finding.answer.summary["By side"]
    ]


def _changed(finding: Finding, outcome: str, side: str) -> list[str]:
    """The exercises of a side whose answer changes, else those of which anything changes, such as the days due."""
    of_side = [line for line in finding.answer.value if side in ("all", line["side"])]
    changed = [line for line in of_side if line[f"{outcome}_before"] != line[f"{outcome}_after"]]
    return [f"exercises/{line['id']}" for line in changed or of_side]


def _title(most: dict[str, Any]) -> str:
    label = "an invented what-if" if most["kind"] == "invented what-if" else "a recorded proposal"
    return (
        f"The largest difference is by {label}: at least {most['after']} exercises {most['outcome']} instead of "
        f"{most['before']}"
    )


def _draw(rows: Sequence[dict[str, Any]], width: int) -> Spec:
    names = list(dict.fromkeys((row["proposal"], row["kind"]) for row in rows))
    wide = width > 500
    left = 330 if wide else 8
    top, places = float(_HEAD), {}
    labels: list[dict[str, Any]] = []
    for name, kind in names:
        lines = wrapped(f"{name} ({kind})", left - 30 if wide else width - 16)
        labels += [{"x": 0, "y": top + n * LINE + 8, "label": line} for n, line in enumerate(lines)]
        body = 0 if wide else len(lines) * LINE + 4
        for n, (_, outcome) in enumerate(_OUTCOMES):
            places[name, outcome] = top + body + n * LINE + 10
        top += max(len(lines) * LINE if wide else 0, body + 2 * LINE) + _GAP
    most = max(max(row["before"], row["after"]) for row in rows)
    scale = (width - left - 130) / max(most, 1)
    marks = [
        {"x": left + row["before"] * scale, "x2": left + row["after"] * scale,
         "y": places[row["proposal"], row["outcome"]],
         "label": f"{row['before']} to {row['after']} {row['outcome']}" if row["before"] != row["after"]
         else f"{row['after']} {row['outcome']}"}
        for row in rows
    ]  # fmt: skip
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", top)}
    after = [{"x": m["x2"], "y": m["y"]} for m in marks]
    said = [{"x": max(m["x"], m["x2"]) + 9, "y": m["y"], "label": m["label"]} for m in marks]
    axis = [{"x": left, "y": _HEAD - 6, "y2": top - _GAP}] if wide else []
    layers: list[Any] = [
        alt.Chart(data(axis)).mark_rule(color=LIGHT["rule"])
        .encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data([{"x": left, "y": 8, "label": "0 exercises"}])).encode(**place), halo=False, align="left",
              color=LIGHT["muted"]),
        alt.Chart(data(marks)).mark_rule(color=_TRACK.colour, strokeWidth=2, opacity=0.6)
        .encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(after)).mark_point(shape="circle", fill=_TRACK.colour, stroke=_TRACK.colour, size=56, opacity=1)
        .encode(**place),
        alt.Chart(data(marks)).mark_point(shape="circle", fill=LIGHT["paper"], stroke=_TRACK.colour, strokeWidth=1.6,
                                          size=56, opacity=1).encode(**place),
        words(alt.Chart(data(said)).encode(**place), align="left"),
        words(alt.Chart(data(labels)).encode(**place), halo=False, align="left"),
    ]  # fmt: skip
    return canvas(width, top, *layers)
