"""States, bodies and rows by the name a reader knows them by; references of the form ``table/row``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dualtrack.core.errors import NoSuchName
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_LABELS = {
    "claims_public": ("statement_paraphrase",),
    "commitments": ("commitment",),
    "deployments": ("unit_or_force",),
    "dialogue": ("forum", "outcome", "topics"),
    "encounters": ("kind", "place"),
    "exercises": ("name",),
    "groups": ("group", "state"),
    "polls": ("question_paraphrase", "pollster"),
    "proposals": ("change",),
    "reinforcement": ("force", "constraint"),
    "sources": ("publisher", "title"),
    "spending": ("state", "year"),
    "spending_lists": ("edition", "members"),
    "statements": ("speaker", "paraphrase"),
}
_ARTICLE = ("United", "Netherlands", "Russian Federation", "Holy See")
_ACTORS = {
    "commitments": "addressee",
    "deployments": "sending_states",
    "dialogue": "initiator",
    "encounters": "actor_a_state",
    "exercises": "lead_states",
    "polls": "country",
    "proposals": "proposer_states",
    "statements": "state_or_org",
}


def names(record: Record) -> dict[str, str]:
    """The names of all states by code; bodies that are no states keep their own."""
    return {row.id: row.text("name") for row in record.rows("states")}


def named(record: Record, code: str) -> str:
    """The name of a state as it stands in a sentence, or the word itself for a body that is none."""
    name = names(record).get(code, code)
    return f"the {name}" if name.startswith(_ARTICLE) else name


def state_code(record: Record, code: str, also: Sequence[str] = ()) -> str:
    """A user's state code in capitals.

    Raises:
        NoSuchName: the record has no state of this code.
    """
    known = [*names(record), *also]
    found = next((name for name in known if name.lower() == code.strip().lower()), "")
    if not found:
        raise NoSuchName("state code (ISO 3166-1 alpha-3)", code, known)
    return found


def resolved(record: Record, reference: str) -> Row | None:
    """The row a reference names, or None where it was not known yet or the reference is empty."""
    table, _, id_ = reference.partition("/")
    if not id_:
        return None
    try:
        return record.row(table, id_)
    except NoSuchName:
        return None


def label(row: Row) -> str:
    """What a row is about, in a few words."""
    fields = _LABELS.get(row.spec.table, ())
    words = [row.text(name).replace("_", " ").replace("; ", ";").replace(";", ", ") for name in fields]
    if row.spec.table == "encounters":  # its codes say airspace_violation; in print every side's words are neutral
        words[0] = row.spec.field("kind").values.get(row.text("kind"), words[0])
    return ": ".join(word for word in words if word) or row.id


def label_cells(row: Row) -> tuple[str, ...]:
    """The cells a row's label is made of."""
    return tuple(name for name in _LABELS.get(row.spec.table, ()) if row[name] is not None)


def actors(row: Row) -> list[str]:
    """The codes of those who act in a row, empty where they are not named."""
    field = _ACTORS.get(row.spec.table, "")
    return row.parts(field) if field else []


def actor_cell(row: Row) -> tuple[str, ...]:
    """The cell those codes stand in, if it is filled."""
    field = _ACTORS.get(row.spec.table, "")
    return (field,) if field and row[field] is not None else ()


def earliest(row: Row, fields: Sequence[str]) -> tuple[date, date] | None:
    """The first and the last day that the earliest of these dates can mean; None where all are unknown."""
    first = [day for name in fields if row.spec.has(name) and (day := row.first(name))]
    last = [day for name in fields if row.spec.has(name) and (day := row.last(name))]
    return (min(first), min(last)) if first and last else None
