"""Table schemas: one YAML file per table drives loading, checks, as-of rules and the codebook."""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from dualtrack.core.yamlfile import read_yaml

FieldType = Literal[
    "id",
    "text",
    "state",
    "states",
    "code",
    "codes",
    "date",
    "moment",
    "integer",
    "number",
    "sources",
    "url",
    "ref",
]
_LISTS = ("states", "codes", "sources")
_ANY = (float("-inf"), float("inf"))
_BOUNDS = {
    "": _ANY,
    "days": _ANY,  # notice can be given after the fact
    "degrees north": (-90.0, 90.0),
    "degrees east": (-180.0, 180.0),
    "percent": (0.0, 100.0),
    "percent of GDP": (0.0, 200.0),  # a state at war can spend more than it produces, as Kuwait did in 1991
    "percent of defence spending": (0.0, 100.0),
    "scale -2 to 2": (-2.0, 2.0),
    "as the row says": _ANY,
    "year": (1000.0, 9999.0),
}
"""What a number of a unit can be; of units not named here it is not negative."""


class FieldSpec(BaseModel):
    """One column: what it holds, in which unit, and when its value can be known.

    ``hindsight`` marks a value that is only known after the fact: blank as of any day before the record was
    compiled, or, for a date, before that date itself. ``known`` names the column that dates this figure when
    it became known later than its row, and ``basis`` the column that says how that date is known. ``row`` says that
    the cell names a row of any table, as table/row.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: FieldType
    about: str
    unit: str = ""
    required: bool = False
    values: dict[str, str] = {}
    also: tuple[str, ...] = ()
    table: str = ""
    several: bool = False
    hindsight: bool = False
    known: str = ""
    basis: str = ""
    row: bool = False

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest value a number of this column can have."""
        return _BOUNDS.get("year" if self.name == "year" else self.unit, (0.0, float("inf")))

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values joined by ``;``."""
        return self.type in _LISTS or self.several


class Extent(BaseModel):
    """How far a part of a table was collected: outside it means *not collected*, never zero."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: str = ""
    complete_from: str = ""
    complete_to: str = ""
    note: str = ""


class TableSpec(BaseModel):
    """A table: its kind, key, columns, how it was collected and how far.

    ``shown`` are the columns a list of rows shows first; ``when`` is the column that dates a row. ``known_after``
    says that a row is of something that happened, which nobody can have known before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    title: str
    kind: Literal["fact", "reference", "panel"]
    about: str
    key: tuple[str, ...]
    when: str = ""
    known_after: bool = False
    shown: tuple[str, ...] = ()
    collected: str
    complete: tuple[Extent, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    fields: tuple[FieldSpec, ...]

    @model_validator(mode="after")
    def _names_resolve(self) -> TableSpec:
        names = [field.name for field in self.fields]
        used = [*self.key, *self.shown, *(n for pair in (*self.ranges, *self.spans) for n in pair)]
        used += [name for field in self.fields for name in (field.known, field.basis) if name]
        used += [self.when] if self.when else []
        used += [self.when or "when", "known_from", "known_basis"] if self.known_after else []
        lost = sorted(set(used) - set(names))
        if lost:
            raise ValueError(f"schema of {self.table} uses columns it does not declare: {lost}")
        return self

    def field(self, name: str) -> FieldSpec:
        """The column of this name.

        Raises:
            KeyError: there is none.
        """
        return self._by_name[name]

    @property
    def listed(self) -> list[FieldSpec]:
        """The columns a list of rows shows beside the id."""
        plain = [f.name for f in self.fields if f.type != "sources" and f.name not in ("id", "note", "known_basis")]
        return [self.field(name) for name in self.shown or plain[:8]]

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self._by_name

    @cached_property
    def cites(self) -> str:
        """The column that holds a row's sources; empty where there is none."""
        return next((field.name for field in self.fields if field.type == "sources"), "")

    @cached_property
    def dating(self) -> dict[str, str]:
        """The column that dates another, for figures known later than their row, and for that date itself."""
        figures = [field for field in self.fields if field.known]
        return {name: f.known for f in figures for name in (f.name, f.known, f.basis) if name}

    @cached_property
    def _by_name(self) -> dict[str, FieldSpec]:
        return {field.name: field for field in self.fields}


def read_schema(path: Path) -> TableSpec:
    """The schema a file declares, which is named after its table.

    Raises:
        ValueError: it describes another table, or names columns it does not declare.
    """
    raw: dict[str, Any] = read_yaml(path)
    fields = [{"name": field, **spec} for field, spec in raw.pop("fields").items()]
    if path.stem != raw["table"]:
        raise ValueError(f"schema file {path.name} describes table {raw['table']}")
    return TableSpec(fields=tuple(fields), **raw)


@lru_cache(maxsize=1)
def schemas() -> dict[str, TableSpec]:
    """All table schemas by name, sorted; one file in ``record/schemas`` each."""
    folder = Path(str(resources.files("dualtrack.record") / "schemas"))
    return {path.stem: read_schema(path) for path in sorted(folder.glob("*.yml"))}
