"""A group of states named by a user: one group of the record, every reading of a slot, or states by their codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.words import listed, plural
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


def groupings(record: Record, name: str, day: date | None = None) -> list[Grouping]:
    """What a group's name stands for on a day: one grouping, or one per reading of the slot.

    A reading that was not in use on that day is included with the members it got later, and marked ``later``.

    Args:
        record: the record.
        name: a group, a slot of group readings, or two and more states' codes with commas between them.
        day: whose members are meant; the record's day unless given.

    Raises:
        NoSuchName: the name is neither a group nor a slot of group readings, or a code is no state's.
    """
    on = day or record.as_of
    if "," in name:
        codes = list(dict.fromkeys(state_code(record, code) for code in name.split(",")))
        return [Grouping({"states": ",".join(codes)}, "public", spoken(record, name), sorted(codes))]
    groups = sorted({row.text("group") for row in record.rows("groups")})
    if name in groups:
        return [Grouping({"group": name}, "public", name, _states(record, name, on))]
    slots = [slot for slot in record.slots if any(r.group for r in record.readings(slot))]
    if name not in slots:
        raise NoSuchName("group or slot of group readings", name, [*groups, *slots])
    return [
        Grouping(
            reading={name: reading.id},
            class_=reading.class_,
            label=reading.label,
            states=_states(record, reading.group, on),
            later=not reading.exists_on(on),
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
    if "," in name:
        return listed([named(record, state_code(record, code)) for code in name.split(",")])
    if name in _SPOKEN:
        return _SPOKEN[name]
    if name in record.slots:
        return f"the {name.replace('_', ' ')}"
    labels = [r.label for slot in record.slots for r in record.readings(slot) if r.group == name]
    label = labels[0] if labels else name
    return f"the {label[4:]}" if label.startswith("The ") else label


def members_of(record: Record, name: str, count: int) -> str:
    """Those of a group, so many, as they are counted in a sentence: its members, or the states that a list names.

    >>> from dualtrack.api import open_record
    >>> members_of(open_record("2016"), "nato", 28), members_of(open_record("2016"), "POL,DEU", 2)
    ('28 members of NATO', '2 states (Poland and Germany)')
    """
    who = spoken(record, name)
    return f"{plural(count, 'state')} ({who})" if "," in name else f"{plural(count, 'member')} of {who}"


def _states(record: Record, group: str, day: date) -> list[str]:
    """Members on a day; of a group that began later, its first members."""
    return record.members(group, day) or sorted(
        row.text("state") for row in record.rows("groups") if row["group"] == group
    )
