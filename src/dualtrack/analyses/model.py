"""In which worlds of the model the answer to a question is yes, what decides it, and which channels it rests on.

Worlds are drawn from each set of priors (``choice``); the packages of the question are solved exactly in each, against
another side that looks ahead. A share of worlds is a share of a box of assumptions, never a probability. What decides:
for each parameter the largest distance between its distributions in worlds where the answer is yes and where it is no
(regional sensitivity analysis: Spear and Hornberger 1980, with the statistic of Kolmogorov and Smirnov).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from dualtrack.analyses.contract import AtMost
from dualtrack.analyses.words import listed
from dualtrack.analyses.workings import Workings
from dualtrack.choice.ablation import CASES, ablate
from dualtrack.choice.constant import Engine, constant, engine_for
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.priors import NEUTRAL, Priors, all_priors
from dualtrack.choice.question import TOLERANCE, Question, questions
from dualtrack.choice.question import question as question_of
from dualtrack.choice.ranges import TABLE, Ranges, ranges
from dualtrack.choice.sampling import sample
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"question": "presence-makes-dialogue-worth-more"},
    {"question": "dialogue-makes-presence-sustainable"},
    {"question": "both-tracks-best", "worlds": 256},
)

_DRIVERS = 5
_TOLD = 3  # of them in the headline
_LEAST = 20
"""Worlds with each answer below which nothing is said of what decides it."""


def run(
    record: Record,
    question: Annotated[str, f"a question to the model: {', '.join(questions())}"],
    worlds: Annotated[int, Field(ge=64, le=100_000), "worlds drawn from each set of priors", AtMost(10_000)] = 1024,
    seed: Annotated[int, Field(ge=0), "of the random numbers"] = 2016,
) -> Finding:
    """The share of worlds with yes under each set of priors, what decides it, and the same with each channel off."""
    asked = question_of(question)
    work = Workings(record, "model", {"question": question, "worlds": worlds, "seed": seed})
    box = ranges(record)
    meaning = {}
    for row in work.select(TABLE):
        work.use(row, "low", "high")
        meaning[row.id] = row.text("meaning")
    drawn = {
        name: sample(box.replaced(own.ranges), worlds, seed, method="random") for name, own in all_priors().items()
    }
    solve = _solver((len(drawn) + CASES) * worlds, asked.packages)
    solved = solve(np.concatenate(list(drawn.values())))
    margins = dict(zip(drawn, map(asked.margin, np.split(solved, len(drawn))), strict=True))
    ablated = ablate(drawn[NEUTRAL], lambda changed: asked.margin(solve(changed)))
    rows = [_row(own, margins[name], drawn[name], box.replaced(own.ranges)) for name, own in all_priors().items()]
    _caveats(work, rows)
    return work.finding(
        question=asked.title,
        headline=_headline(asked, rows, worlds, meaning),
        answer=Answer(
            kind="table",
            value=rows,
            coverage=Coverage(
                known=sum(bool(row["mapped_from"]) for row in record.rows(TABLE)),
                total=len(NAMES),
                of="parameters have a table of the record that bears on them; all ranges are judgements",
            ),
            summary={
                "What decides it": [
                    {**line, "meaning": meaning[line["parameter"]]}
                    for name in drawn
                    for line in _decides(name, margins[name], drawn[name])
                ],
                "With a channel switched off": [
                    {"off": one.title, "yes_pct": round(100 * one.holds.value, 1), "median": _three(one.median)}
                    for one in ablated
                ],
            },
        ),
        method=f"{asked.why} Yes where the difference is above {TOLERANCE:g}. Each set of priors is a box of uniform, "
        f"independent ranges; {worlds:,} independent worlds, seed {seed}; constant packages against another side "
        "that looks ahead, solved exactly.",
    )


def _row(own: Priors, margin: Floats, drawn: Floats, box: Ranges) -> dict[str, Any]:
    share = float((margin > TOLERANCE).mean())
    decides = [line for line in _decides(own.id, margin, drawn)]
    return {
        "priors": own.id, "yes_pct": round(100 * share, 1),
        "error_pct": round(100 * math.sqrt(share * (1 - share) / len(margin)), 1),
        "median": _three(float(np.median(margin))), "tenth": _three(float(np.quantile(margin, 0.1))),
        "ninetieth": _three(float(np.quantile(margin, 0.9))), "worlds": len(margin),
        "decided_by": ", ".join(str(line["parameter"]) for line in decides),
    }  # fmt: skip


def _three(value: float) -> float:
    """To three figures: more would be noise of the sample."""
    return float(f"{value:.3g}")


@lru_cache(maxsize=64)
def _outcomes(worlds: bytes, packages: tuple[Package, ...], engine: Engine) -> Floats:
    return constant(np.frombuffer(worlds).reshape(-1, len(NAMES)), packages, engine=engine)


def _solver(worlds: int, packages: tuple[Package, ...]) -> Callable[[Floats], Floats]:
    """Outcomes of the packages in worlds, solved once in a process, and all of an answer by one engine."""
    engine = engine_for(worlds * len(packages))

    def solved(drawn: Floats) -> Floats:
        return _outcomes(drawn.tobytes(), packages, engine)

    return solved


def _decides(name: str, margin: Floats, drawn: Floats) -> list[dict[str, Any]]:
    """The parameters whose distributions differ most between yes and no, and on which side yes lies."""
    yes = margin > TOLERANCE
    if min(int(yes.sum()), int((~yes).sum())) < _LEAST:
        return []
    found = []
    for parameter, column in zip(NAMES, drawn.T, strict=True):
        inside = np.sort(column)
        apart = (
            np.searchsorted(np.sort(column[yes]), inside, "right") / yes.sum()
            - np.searchsorted(np.sort(column[~yes]), inside, "right") / (~yes).sum()
        )
        found.append((float(np.abs(apart).max()), parameter, float(apart.sum()) < 0))
    noise = 1.36 * math.sqrt(1 / yes.sum() + 1 / (~yes).sum())
    return [
        {
            "priors": name, "parameter": parameter, "distance": round(distance, 2),
            "yes_where": "higher" if above else "lower",
        }
        for distance, parameter, above in sorted(found, key=lambda one: (-one[0], one[1]))[:_DRIVERS]
        if distance > noise
    ]  # fmt: skip


def _caveats(work: Workings, rows: Sequence[dict[str, Any]]) -> None:
    if {row["yes_pct"] for row in rows} in ({0.0}, {100.0}):
        work.caveat("The answer is the same in every world of every set: that is how the model is built, not a result.")
    work.caveat("Shares of worlds are shares of a box of assumptions, not probabilities, and forecast nothing.")
    work.caveat(
        "No range is an estimate from the record: all are judgements, and the record bears on some of them only."
    )
    work.caveat(
        "The value is that of the side that chooses: what the other side or anybody else loses is no part of it. The "
        "roles can be exchanged in a scenario's file."
    )
    work.caveat("The neutral set, in which every channel can work either way, stands beside every other.")
    work.caveat(
        "The model knows two types of the other side, of one mind each, and an alliance that is one but for its unity; "
        "no nuclear steps, no third theatre, quarters, packages that never change."
    )


def _headline(asked: Question, rows: Sequence[dict[str, Any]], worlds: int, meaning: Mapping[str, str]) -> str:
    shares = {row["priors"]: row for row in rows}
    neutral = shares.pop(NEUTRAL)
    others = listed([f"{row['yes_pct']:g} under {name.replace('_', ' ')}" for name, row in shares.items()])
    names = [name for name in neutral["decided_by"].split(", ") if name]
    told = "; ".join(f"{_within(meaning[name])} ({name})" for name in names[:_TOLD])
    driven = f"; decided most by {told}" if told else ""
    share = f"{neutral['yes_pct']:g} percent of {worlds:,} neutral worlds of the model"
    return f"{asked.title} Yes in {share}, {others}{driven}"


def _within(words: str) -> str:
    """Words that begin a sentence, within one; a name of capitals stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
