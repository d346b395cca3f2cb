"""A close encounter as it is told: who, when, how near, how sure, and the reports it rests on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

from dualtrack.tracks.addresses import Known

ABSENCE = (
    "Many military aircraft and ships do not transmit their position: that no encounter is found here is no evidence "
    "that there was none."
)
"""Stands in every output."""

FLAGS = {
    "ghost": "two identities that are likely one: an address that is not ICAO's, or two that move as one throughout",
    "relayed": "a position was sent on by a ground station (TIS-B, ADS-R), which adds delay",
    "formation": "two minutes or more with little speed between them: a formation, refuelling in flight, a tow",
    "meeting": "two ships beside each other for two hours, slower than 2 knots, away from ports: a transfer, or a wait",
    "duplicate_address": "one of the identities was at two places at once: two bearers use it",
    "parallel_approach": "both less than 5,000 ft above a near airport and on nearly one course, as to two runways",
    "stale": "a position was repeated without change near the closest point",
    "long_gap": "the reports on one side lie far apart at the closest point",
    "mlat": "a position comes from multilateration, which is less exact",
}
"""What can be remarked of an encounter, and what it means; flagged encounters are never left out."""

HIDDEN = frozenset({"ghost"})
"""Flags whose encounters the page shows only when asked."""


@dataclass(frozen=True)
class Party:
    """One of the two: its number, name, state of registry and whether it is military, with how that is known.

    ``rows`` are the rows of the record's table ``address_blocks`` that it rests on.
    """

    id: str
    name: str = ""
    state: str = ""
    registry: str = ""
    military: Known = "unknown"
    basis: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report as it was read, for those who check: heights in feet, speed in knots, None where it says nothing."""

    id: str
    t_ms: int
    lat: float
    lon: float
    baro_ft: int | None
    geom_ft: int | None
    speed_kt: float | None
    source: str
    ground: bool = False

    @property
    def time(self) -> str:
        """Its time, ISO 8601."""
        return iso(self.t_ms)


@dataclass(frozen=True)
class Encounter:
    """One episode: the longest time on which two are nearer than both limits.

    Attributes:
        a, b: the two, in the order of their numbers.
        t_in_ms, t_out_ms, t_cpa_ms: when it begins, ends, and when they are nearest on the ground.
        h_min_m: the horizontal distance then; ``h_low_m`` and ``h_high_m`` what it can be, by the positions' own error.
        v_at_cpa_ft: the height of a above b then; None for ships.
        slant_min_m: the least distance in space.
        ratio_min: the least of the larger of distance and height, each as a part of its limit.
        relative_ms: the speed of one against the other at the closest point.
        age_s: the greatest distance in time from the closest point to a report, on either side.
        vertical: which heights were compared: ``baro``, ``geom``, ``mixed``, or ``none`` for ships.
        lat, lon: the middle of the two then.
        a_ft, b_ft: their heights then.
        certain: ``yes`` if all of the band lies within the limit, else ``unknown``.
        flags: see ``FLAGS``.
    """

    a: Party
    b: Party
    t_in_ms: float
    t_out_ms: float
    t_cpa_ms: float
    h_min_m: float
    h_low_m: float
    h_high_m: float
    v_at_cpa_ft: float | None
    slant_min_m: float | None
    ratio_min: float
    relative_ms: float
    age_s: float
    vertical: str
    lat: float
    lon: float
    a_ft: float | None
    b_ft: float | None
    certain: Literal["yes", "unknown"]
    flags: tuple[str, ...]

    @property
    def id(self) -> str:
        """Permanent within a set of inputs and limits: both numbers and the moment of the closest point."""
        return f"{self.a.id}_{self.b.id}_{iso(self.t_cpa_ms).replace(':', '').replace('.', '_')}".replace("~", "-")

    @property
    def hidden(self) -> bool:
        """Whether a first view leaves it out."""
        return bool(HIDDEN & set(self.flags))


def iso(ms: float) -> str:
    """A moment as ISO 8601 to the millisecond, in UTC.

    >>> iso(1533099600123.4)
    '2018-08-01T05:00:00.123Z'
    """
    whole = round(ms)
    moment = datetime.fromtimestamp(whole // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{whole % 1000:03d}Z"


def _parties(name: str) -> list[str]:
    return [f"{name}_{part.name}" for part in fields(Party) if part.name not in ("id", "registry", "rows")]


COLUMNS: dict[str, str] = {
    "a": "VARCHAR",
    "b": "VARCHAR",
    "t_in": "VARCHAR",
    "t_out": "VARCHAR",
    "t_cpa": "VARCHAR",
    "h_min_m": "DOUBLE",
    "v_at_cpa_ft": "DOUBLE",
    "duration_s": "DOUBLE",
    "h_low_m": "DOUBLE",
    "h_high_m": "DOUBLE",
    "slant_min_m": "DOUBLE",
    "ratio_min": "DOUBLE",
    "relative_ms": "DOUBLE",
    "age_s": "DOUBLE",
    "vertical": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "a_ft": "DOUBLE",
    "b_ft": "DOUBLE",
    **dict.fromkeys([*_parties("a"), *_parties("b")], "VARCHAR"),
    "certain": "VARCHAR",
    "flags": "VARCHAR",
}
"""The columns of the table of encounters and their SQL types; times are ISO 8601, flags are joined by ``;``."""

_DECIMALS = {
    "h_min_m": 3, "h_low_m": 1, "h_high_m": 1, "slant_min_m": 3, "v_at_cpa_ft": 3, "ratio_min": 6, "relative_ms": 3,
    "age_s": 3, "lat": 7, "lon": 7, "a_ft": 1, "b_ft": 1,
}  # fmt: skip


def cells(one: Encounter) -> dict[str, Any]:
    """An encounter as a row of ``COLUMNS``, rounded below what any report can tell."""
    row: dict[str, Any] = {
        "a": one.a.id,
        "b": one.b.id,
        "t_in": iso(one.t_in_ms),
        "t_out": iso(one.t_out_ms),
        "t_cpa": iso(one.t_cpa_ms),
        "duration_s": round((one.t_out_ms - one.t_in_ms) / 1000, 3),
        "vertical": one.vertical,
        "certain": one.certain,
        "flags": ";".join(one.flags),
    }
    for name, decimals in _DECIMALS.items():
        value = getattr(one, name)
        row[name] = None if value is None else round(value, decimals) + 0.0  # no negative zero
    for side, party in (("a", one.a), ("b", one.b)):
        row |= {f"{side}_{part.name}": getattr(party, part.name) for part in fields(Party)}
    return {name: row[name] for name in COLUMNS}
