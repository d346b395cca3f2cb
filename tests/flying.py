"""Invented tracks whose encounters are known on paper, as rows of a table of named columns."""

from pathlib import Path

T0 = 1_700_000_000

Row = tuple[float, str, float, float, float | str | None]
"""Seconds after T0, address, latitude, longitude, barometric height in feet."""


def table(path: Path, rows: list[Row], more: str = "") -> Path:
    """The rows as CSV."""
    lines = [f"{T0 + t},{who},{lat:.7f},{lon:.7f},{'' if alt is None else alt}" for t, who, lat, lon, alt in rows]
    path.write_text("\n".join([f"t,icao24,lat,lon,alt_baro_ft{more}", *lines]) + "\n", "utf-8")
    return path


def straight(
    who: str,
    start: tuple[float, float],
    step: tuple[float, float],
    height: float,
    since: int = 0,
    until: int = 400,
    every: int = 10,
    climb: float = 0.0,
) -> list[Row]:
    """Reports of somebody who flies straight on: degrees and feet a second."""
    times = range(since, until + 1, every)
    return [(t, who, start[0] + step[0] * t, start[1] + step[1] * t, height + climb * t) for t in times]


def crossing(a: str = "43c001", b: str = "151001", apart_ft: float = 500.0) -> list[Row]:
    """Two who meet head-on over the equator at 200 s, 0.01 degrees (1,105.74 m) apart in latitude."""
    return [
        *straight(a, (0.0, 19.6), (0.0, 0.002), 30000.0),
        *straight(b, (0.01, 20.4), (0.0, -0.002), 30000.0 + apart_ft),
    ]
