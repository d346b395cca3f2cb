"""What states would have to tell and be told at other levels of troops: cost and benefit, a panel per state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dualtrack.analyses.words import plural
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.DIALOGUE
_PANELS = 6  # states drawn; the others are in the data
_ASKED = 5_000  # the lower level most often spoken of; an invented one
_MEASURES = {"to_make": "to tell of", "told_of": "to be told of"}
_TABLES = {"to_make": "Notifications to make", "told_of": "Told of activities of others"}
_SURE = ("surely", "possibly")
_HEAD, _FOOT, _LEFT, _APART, _PLOT = 26, 40, 26, 18, 104

Rows = list[dict[str, Any]]
_Curves = Mapping[tuple[str, str, str], Mapping[int, int]]


def threshold_sweep(record: Record, finding: Finding) -> Chart:
    """Cost and benefit by state at each level of a sweep.

    Args:
        record: the record, for the names of states.
        finding: ``threshold_sweep`` on notification, with at least two levels.
    """
    names = {row.id: row.text("name") for row in record.rows("states")}
    curves = _curves(finding)
    levels = [int(line["troops"]) for line in finding.answer.value]
    own = [int(line["troops"]) for line in finding.answer.value if line["level"]]
    drawn = _most(curves, levels)
    return Chart(
        id="threshold-sweep",
        track=_TRACK,
        title=_title(finding, curves, levels, own),
        reading="Activities on record, by the level of troops from which they are notified. Bold: those the state "
        "would have to tell of; thin: those of others it would be told of, allies left out. Pale: what the record "
        "leaves open. Dashed: the level as it is.",
        alt=f"{finding.headline}. {_in_words(curves, levels, own, drawn, names)}",
        draw=lambda width: _draw(curves, levels, own, [(state, names.get(state, state)) for state in drawn], width),
        columns=(
            Column("state", "State"),
            Column("measure", "Activities"),
            Column("certain", "Surely, or also those left open"),
            *(Column(str(level), f"From {level:,} troops", number=True) for level in levels),
            Column("row", "Exercises it leads"),
        ),
        rows=_rows(finding, curves, levels, {state: names.get(state, state) for state in drawn}),
        findings=(finding,),
        coverage="Lower bounds for every state, most of all at low levels: large exercises were collected first. Do "
        "not compare how fast the lines rise.",
        key=(Key("line", "to tell of"), Key("thin-line", "to be told of, by others"), Key("area", "left open")),
        notes=(
            f"Drawn are the {len(drawn)} states that lead most exercises on record; the others are in the finding. "
            "Levels other than the document’s are invented for the question: nobody proposed them.",
            "Counts of notifications, not of effort or of what is learnt. Tanks, other armour, artillery and landings "
            "keep their own levels.",
        ),
    )


def led_by_states(finding: Finding) -> bool:
    """Whether any state leads an activity, so that there is something to draw."""
    return bool(finding.answer.summary[f"{_TABLES['told_of']}, {_SURE[0]}"])


def _curves(finding: Finding) -> _Curves:
    """By state, measure and certainty: the number at each level."""
    return {
        (line["state"], measure, sure): {int(level): int(n) for level, n in line.items() if level != "state"}
        for measure, table in _TABLES.items()
        for sure in _SURE
        for line in finding.answer.summary[f"{table}, {sure}"]
    }


def _most(curves: _Curves, levels: Sequence[int]) -> list[str]:
    """The states that lead most, at the lowest level; by code where they lead as many. NATO itself is no state."""
    states = {state for state, measure, _ in curves if measure == "told_of"}
    return sorted(states, key=lambda state: (-curves[state, "to_make", "possibly"][levels[0]], state))[:_PANELS]


def _asked(levels: Sequence[int], own: Sequence[int]) -> tuple[int, int]:
    """The level spoken of and the document's: the lowest of the sweep where it has no other."""
    return (_ASKED if _ASKED in levels else levels[0]), (own[0] if own else levels[-1])


def _title(finding: Finding, curves: _Curves, levels: Sequence[int], own: Sequence[int]) -> str:
    low, level = _asked(levels, own)
    totals = {int(line["troops"]): int(line["surely"]) for line in finding.answer.value}
    surely = {(state, measure): curve for (state, measure, sure), curve in curves.items() if sure == _SURE[0]}
    more = {key: curve[low] - curve[level] for key, curve in surely.items()}
    states = [state for state, measure in more if measure == "told_of"]
    gain = sum(more[state, "told_of"] > more[state, "to_make"] for state in states)
    more_of_all = totals[low] - totals[level]
    who = f"{gain} of {len(states)}" if gain < len(states) else f"each of the {len(states)}"
    told = f"; {who} states that lead any would get more new notices than they give" if more_of_all else ""
    return (
        f"From {low:,} troops instead of {level:,}, at least {plural(more_of_all, 'more activity', 'more activities')} "
        f"would have been notified{told if len(states) > 1 else ''}"
    )


def _in_words(
    curves: _Curves, levels: Sequence[int], own: Sequence[int], drawn: Sequence[str], names: Mapping[str, str]
) -> str:
    low, level = _asked(levels, own)
    said = []
    for state in drawn:
        make, told = (curves[state, measure, _SURE[0]] for measure in _MEASURES)
        said.append(
            f"{names.get(state, state)}: to tell of {make[low]} instead of {make[level]}, told of {told[low]} instead "
            f"of {told[level]}"
        )
    return f"From {low:,} instead of {level:,} troops, at least: {'; '.join(said)}."


def _rows(finding: Finding, curves: _Curves, levels: Sequence[int], names: Mapping[str, str]) -> Rows:
    led: dict[str, list[str]] = {}
    for cell in finding.evidence:
        if cell.table == "exercises" and cell.field == "lead_states":
            for state in str(cell.value).split(";"):
                led.setdefault(state, []).append(f"exercises/{cell.row}")
    return [
        {
            "state": names[state],
            "measure": _MEASURES[measure],
            "certain": "surely" if sure == _SURE[0] else "with those left open",
            **{str(level): curve[level] for level in levels},
            "row": led.get(state, []),
        }
        for (state, measure, sure), curve in sorted(curves.items(), key=lambda item: (item[0][0], item[0][1]))
        if state in names
    ]


def _draw(
    curves: _Curves, levels: Sequence[int], own: Sequence[int], drawn: Sequence[tuple[str, str]], width: int
) -> Spec:
    columns = 3 if width > 500 else 2
    wide = (width - _APART * (columns - 1)) / columns
    tall = _HEAD + _PLOT + _FOOT
    height = float(tall * -(-len(drawn) // columns))
    most = max(max(curves[state, measure, "possibly"].values()) for state, _ in drawn for measure in _MEASURES)
    span = max(levels[-1] - levels[0], 1)
    bands: Rows = []
    lines: dict[str, Rows] = {measure: [] for measure in _MEASURES}
    heads: Rows = []
    ticks: Rows = []
    floors: Rows = []
    marked: Rows = []
    figures: Rows = []
    for number, (state, name) in enumerate(drawn):
        left = (number % columns) * (wide + _APART) + _LEFT
        top = (number // columns) * tall + _HEAD
        bottom, reach = top + _PLOT, wide - _LEFT - 4

        def x(level: int, left: float = left, reach: float = reach) -> float:
            return left + (level - levels[0]) / span * reach

        def y(count: float, bottom: float = bottom) -> float:
            return bottom - count / max(most, 1) * _PLOT

        heads.append({"x": left - _LEFT, "y": top - 16, "label": name})
        floors += [{"x": left, "x2": left + reach, "y": y(tick)} for tick in _ticks(most)]
        ticks += [{"x": left - 6, "y": y(tick), "label": str(tick)} for tick in _ticks(most)]
        figures += [
            {"x": left, "y": bottom + LINE - 3, "label": f"{levels[0]:,}", "align": "left"},
            {"x": left + reach, "y": bottom + LINE - 3, "label": f"{levels[-1]:,}", "align": "right"},
        ]
        for level in own:
            marked.append({"x": x(level), "y": top - 4, "y2": bottom})
            figures.append({"x": x(level), "y": bottom + LINE - 3, "label": f"{level:,}", "align": "center"})
        for measure in _MEASURES:
            sure, open_ = curves[state, measure, "surely"], curves[state, measure, "possibly"]
            key = f"{state} {measure}"
            bands += [{"x": x(n), "y": y(open_[n]), "y2": y(sure[n]), "key": key} for n in levels]
            lines[measure] += [{"x": x(n), "y": y(sure[n]), "key": key} for n in levels]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    styles: dict[str, dict[str, Any]] = {
        "told_of": {"color": LIGHT["ink"], "strokeWidth": 1.2},
        "to_make": {"color": _TRACK.colour, "strokeWidth": 2.6},
    }
    of = alt.Detail("key:N")
    layers: list[Any] = [
        alt.Chart(data(floors)).mark_rule(color=LIGHT["grid"]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(bands)).mark_area(color=_TRACK.soft, opacity=0.6).encode(**place, y2=alt.Y2("y2"), detail=of),
        alt.Chart(data(marked)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, y2=alt.Y2("y2")),
        *(
            alt.Chart(data(lines[measure])).mark_line(**style).encode(**place, detail=of, order=alt.Order("x:Q"))
            for measure, style in styles.items()
        ),
        words(alt.Chart(data(heads)).encode(**place), halo=False, align="left", fontWeight="bold"),
        words(alt.Chart(data(ticks)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        *(
            words(
                alt.Chart(data([f for f in figures if f["align"] == align])).encode(**place),
                halo=False, align=align, color=LIGHT["muted"],
            )
            for align in ("left", "center", "right")
            if any(f["align"] == align for f in figures)
        ),
    ]  # fmt: skip
    return canvas(width, height, *layers)


def _ticks(most: int) -> list[int]:
    """Nothing, and every whole step up to the most: at least one and at most four steps."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if most / step <= 4)
    return list(range(0, most + 1, step))
