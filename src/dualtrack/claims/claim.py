"""Claims as files: one YAML file per claim, checked in full when it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dualtrack.claims.comparators import Test
from dualtrack.claims.taking import Take
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, Fault
from dualtrack.core.stamp import Stamp, stamp_of
from dualtrack.core.verdict import Verdict
from dualtrack.core.yamlfile import as_fault, line_of, read_yaml

Side = Literal["nato", "russia", "ukraine", "media", "analyst", "other"]
Topic = Literal[
    "spending", "presence", "exercises", "encounters", "dialogue", "polls", "instruments", "enlargement", "arms_control"
]
Quoted = Literal["verbatim", "translated", "paraphrase", "reported"]
SIDES: dict[str, str] = {
    "nato": "NATO and its members",
    "russia": "Russia and its allies",
    "ukraine": "Ukraine",
    "media": "media",
    "analyst": "analysts",
    "other": "others",
}
"""Whose a claim is, in words; for the report only, never for a verdict."""

_OWN = "A claim holds no readings of its own: put each into readings/SLOT/ID.yml and name the slot here."


class _Part(BaseModel):
    """Unknown keys are refused, so that a slip of the pen is no silent change of meaning."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Speaker(_Part):
    """Who said it; ``state`` is a state's code or that of a body, empty where there is none."""

    name: str = Field(min_length=1)
    role: str = ""
    state: str = Field(default="", pattern=r"^([A-Z]{2,5})?$")
    side: Side


class Ask(_Part):
    """The analysis that is asked, and with which parameters."""

    analysis: str
    parameters: dict[str, Any] = {}


class Principal(_Part):
    """The reading the speaker evidently meant, and why we think so."""

    reading: dict[str, str] = Field(min_length=1)
    why: str = Field(min_length=1)


class Recorded(_Part):
    """The verdicts on record, which a run is held against."""

    said: Verdict | None = None
    latest: Verdict


class Change(_Part):
    """One change of the recorded verdicts: when, from what to what, and why."""

    date: str
    was: dict[str, str]
    now: dict[str, str]
    reason: str = Field(min_length=1)


class Claim(_Part):
    """A statement, who made it, and the test that judges it; ``id`` is the file's name."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    path: Path
    number: str = Field(pattern=r"^[a-z]{2,8}\d{3,}$")
    statement: str = Field(min_length=1)
    variants: tuple[str, ...] = ()
    speaker: Speaker
    said: str = ""
    quoted: Quoted = "paraphrase"
    sources: tuple[str, ...] = Field(min_length=1)
    topic: Topic
    ask: Ask | None = None
    take: Take = Take()
    test: Test | None = None
    readings: tuple[str, ...] = ()
    principal: Principal | None = None
    as_of: str = "said"
    recorded: Recorded | None = None
    not_computed: str = ""
    note: str = ""
    history: tuple[Change, ...] = ()

    @field_validator("said", "as_of", mode="before")
    @classmethod
    def _a_year_is_text(cls, value: object) -> object:
        return "" if value is None else str(value) if isinstance(value, int) else value

    @field_validator("readings", mode="before")
    @classmethod
    def _readings_are_names_of_slots(cls, value: object) -> object:
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
            raise ValueError(f"private readings. {_OWN}")
        return value

    @field_validator("said")
    @classmethod
    def _said_is_a_date(cls, value: str) -> str:
        return _date(value) if value else ""

    @field_validator("as_of")
    @classmethod
    def _as_of_is_a_day(cls, value: str) -> str:
        return value if value in ("said", "latest") else _date(value)

    @model_validator(mode="after")
    def _is_bound_or_says_why_not(self) -> Claim:
        if self.not_computed:
            bound = [name for name in ("ask", "test", "recorded", "principal") if getattr(self, name) is not None]
            if bound or self.readings:
                raise ValueError(f"not_computed and {bound[0] if bound else 'readings'}: a claim has one or the other")
            return self
        if self.ask is None or self.test is None or self.recorded is None:
            missing = [name for name in ("ask", "test", "recorded") if getattr(self, name) is None]
            raise ValueError(f"{' and '.join(missing)} missing; or say in not_computed why no analysis can carry it")
        if self.said and self.recorded.said is None:
            raise ValueError("recorded.said is missing: the claim has a date")
        if not self.said and (self.recorded.said is not None or self.as_of == "said"):
            raise ValueError("the claim has no date: set as_of to latest and leave recorded.said out")
        if len(set(self.readings)) < len(self.readings):
            raise ValueError("readings names a slot twice")
        lost = sorted(set(self.principal.reading) ^ set(self.readings)) if self.principal else []
        if lost:
            raise ValueError(f"principal.reading must name one reading of each slot in readings, see {lost[0]}")
        return self

    @property
    def day_said(self) -> str:
        """The last day on which it can have been said, ISO 8601; empty where undated."""
        return last_day(self.said).isoformat() if self.said else ""


def _date(value: str) -> str:
    try:
        first_day(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a date that exists; write 2016, 2016-05 or 2016-05-09") from None
    return value


def packaged_claims() -> Path:
    """The folder of the claims that come with the package."""
    return Path(str(resources.files("dualtrack.claims") / "data"))


def claim_files(places: Sequence[Path]) -> list[Path]:
    """The claim files of files and folders: every ``*.yml`` below a folder but the table of tolerances.

    Raises:
        BadInput: a place is not there, or a folder holds no claim.
    """
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = [path for path in sorted(place.rglob("*.yml")) if path.name != "tolerances.yml"]
            if not inside:
                raise BadInput(f"{place} holds no claim.", "Name a folder with claim files, *.yml.")
            found += inside
        elif place.exists():
            found.append(place)
        else:
            raise BadInput(f"There is no claim file {place}.", "Name a file or a folder, or -k for a part of an id.")
    return list(dict.fromkeys(found))


def load_claims(places: Sequence[Path] | None = None) -> list[Claim]:
    """The claims of files and folders, ours unless others are named, sorted by id.

    Raises:
        BadInput: a file is no claim, or two share an id or a number; every fault is named with file and line.
    """
    files = claim_files(places or [packaged_claims()])
    return list(_loaded(tuple(files), stamp_of(files)))


@lru_cache(maxsize=8)
def _loaded(files: tuple[Path, ...], _state: Stamp) -> tuple[Claim, ...]:
    claims, faults = [], list[Fault]()
    for path in files:
        try:
            claims.append(read_claim(path))
        except BadClaim as error:
            faults += error.faults
    faults += _twice(claims)
    if faults:
        raise BadClaim(faults)
    return tuple(sorted(claims, key=lambda claim: claim.id))


def read_claim(path: Path) -> Claim:
    """The claim a file holds.

    Raises:
        BadClaim: it is not YAML, or no claim.
    """
    try:
        raw = read_yaml(path)
    except BadInput as error:
        raise BadClaim([as_fault(path, error)]) from None
    said = [name for name in ("id", "path") if name in raw]
    if said:
        fix = "The name of the file says it: leave it out."
        raise BadClaim([Fault(str(path), line_of(path, said), said[0], f"{said[0]} is given.", fix)])
    try:
        return Claim.model_validate({**raw, "id": path.stem, "path": path})
    except ValidationError as error:
        raise BadClaim([_fault(path, item) for item in error.errors()]) from None


class BadClaim(BadInput):
    """One or more faults in claim files; no claim of the run was judged."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        shown = [str(fault) for fault in faults[:20]]
        more = [f"… and {len(faults) - 20} more"] if len(faults) > 20 else []
        super().__init__("\n  ".join(["a claim cannot be used.", *shown, *more]))


_FIXES = {
    "extra_forbidden": "Leave it out; CONTRIBUTING, A claim, lists the keys.",
    "missing": "Add it; CONTRIBUTING, A claim, shows one.",
}


def _fault(path: Path, item: Any) -> Fault:
    loc = [key for key in item["loc"] if isinstance(key, (str, int))]
    named = ".".join(map(str, loc))
    said = item["msg"].removeprefix("Value error, ").rstrip(".")
    problem = "is not a key of a claim" if item["type"] == "extra_forbidden" else said
    if loc == ["id"]:
        problem, named = "the file's name is no id: lower-case words joined by hyphens", ""
    fix = _FIXES.get(item["type"], "See CONTRIBUTING, A claim.")
    return Fault(str(path), line_of(path, loc), named, f"{problem}.", "" if _OWN in item["msg"] else fix)


def _twice(claims: Iterable[Claim]) -> list[Fault]:
    claims = list(claims)
    faults = []
    for name, line in (("id", 1), ("number", 0)):
        counts = Counter(getattr(claim, name) for claim in claims)
        for claim in claims:
            if counts[getattr(claim, name)] > 1:
                others = [str(c.path) for c in claims if c is not claim and getattr(c, name) == getattr(claim, name)]
                at = line or line_of(claim.path, ["number"])
                problem = f"the {name} {getattr(claim, name)} is that of {', '.join(others)}, too."
                faults.append(Fault(str(claim.path), at, name, problem, "Give it another."))
    return faults
