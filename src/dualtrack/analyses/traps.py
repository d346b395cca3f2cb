"""Traps of poll wording: which of them a set of figures can lead into (``data/wording_traps.yml``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from dualtrack.analyses.names import named
from dualtrack.analyses.polls import base
from dualtrack.analyses.words import listed
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import spell
from dualtrack.core.errors import NoSuchName
from dualtrack.core.yamlfile import read_model
from dualtrack.record.condition import condition
from dualtrack.record.rows import Row

_PRECISION = {0: "not", 4: "year", 7: "month"}


class Trap(BaseModel):
    """One trap: what it is, for which figures it matters, and what a reader is told.

    ``seen`` are rows of ``polls`` that show it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    what: str
    applies: str
    warning: str
    seen: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    traps: tuple[Trap, ...]


@lru_cache(maxsize=1)
def traps() -> tuple[Trap, ...]:
    """All traps, in the order of the file."""
    path = Path(str(resources.files("dualtrack.analyses") / "data" / "wording_traps.yml"))
    return read_model(path, _File).traps


def trapped(rows: Sequence[Row]) -> list[Trap]:
    """The traps that these rows of ``polls`` can lead into.

    Raises:
        BadInput: a trap's condition names a column that is not there.
    """
    if not rows:
        return []
    dates = frozenset(field.name for field in rows[0].spec.fields if field.type == "date")
    seen = [_described(row, rows) for row in rows]
    return [
        trap
        for trap in traps()
        if any(condition(trap.applies, dates, f"wording_traps.yml, {trap.id}")(row) for row in seen)
    ]


def warn(work: Workings, rows: Sequence[Row]) -> None:
    """Notes as caveats the traps these rows can lead into, each with the rows of the record that show it."""
    for trap in trapped(rows):
        work.caveat(f"{trap.warning.strip()}{_shown(work, trap)}")


def _described(row: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """The columns of a row, and what conditions can ask of its place among the others."""
    here = [other for other in rows if (other["country"], other["question"]) == (row["country"], row["question"])]
    return {
        **row,
        "of": base(row),
        "dated": _PRECISION.get(len(row.text("ref_date")), "day"),
        "wordings_here": len({other["question_paraphrase"] for other in here}),
        "polls_here": len(here),
    }


def _shown(work: Workings, trap: Trap) -> str:
    """Figures that show the trap; empty where one of them was not known yet."""
    try:
        rows = [work.record.row("polls", id_) for id_ in trap.seen]
    except NoSuchName:
        return ""
    if not rows or any(row["support_pct"] is None for row in rows):
        return ""
    for row in rows:
        work.use(row, "country", "ref_date", "question_paraphrase", "support_pct")
    places = list(dict.fromkeys(named(work.record, row.text("country")) for row in rows))
    dates = list(dict.fromkeys(spell(row.text("ref_date")) for row in rows))
    of = [f" ({row['subgroup']})" if row["subgroup"] else "" for row in rows]
    said = listed([
        f"“{row['question_paraphrase']}”{part} {row.number('support_pct'):g}"
        for row, part in zip(rows, of, strict=True)
    ])  # fmt: skip
    return f" Seen in {listed(places)} ({listed(dates)}): {said} percent."
