"""A group of states named by a user: one group of the record, or every reading of a slot."""

from __future__ import annotations

from dataclasses import dataclass, field

from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import ReadingClass
from dualtrack.record.store import Record

_SPOKEN = {"nato": "NATO", "eu": "the EU", "vienna_document": "the Vienna Document"}


@dataclass(frozen=True)
class Grouping:
    """The states a name stands for under one reading."""

    reading: dict[str, str]
    class_: ReadingClass
    label: str
    states: list[str]
    later: bool = False
    sources: list[str] = field(default_factory=list)


def groupings(record: Record, name: str) -> list[Grouping]:
    """What a group's name stands for on the record's day: one grouping, or one per reading of the slot.

    A reading that was not in use on that day is included with the members it got later, and marked ``later``.

    Raises:
        NoSuchName: the name is neither a group nor a slot of group readings.
    """
    groups = sorted({row.text("group") for row in record.rows("groups")})
    if name in groups:
        return [Grouping({"group": name}, "public", name, _states(record, name))]
    slots = [slot for slot in record.slots if any(r.group for r in record.readings(slot))]
    if name not in slots:
        raise NoSuchName("group or slot of group readings", name, [*groups, *slots])
    return [
        Grouping(
            reading={name: reading.id},
            class_=reading.class_,
            label=reading.label,
            states=_states(record, reading.group),
            later=not reading.exists_on(record.as_of),
            sources=list(reading.sources),
        )
        for reading in record.readings(name)
    ]


def spoken(record: Record, name: str) -> str:
    """A group's name as it stands in a sentence.

    >>> from dualtrack.api import open_record
    >>> spoken(open_record("2016"), "eastern_flank"), spoken(open_record("2016"), "nato")
    ('the eastern flank', 'NATO')
    """
    if name in _SPOKEN:
        return _SPOKEN[name]
    if name in record.slots:
        return f"the {name.replace('_', ' ')}"
    labels = [r.label for slot in record.slots for r in record.readings(slot) if r.group == name]
    return labels[0] if labels else name


def _states(record: Record, group: str) -> list[str]:
    """Members on the record's day; of a group that began later, its first members."""
    return record.members(group, record.as_of) or sorted(
        row.text("state") for row in record.rows("groups") if row["group"] == group
    )
