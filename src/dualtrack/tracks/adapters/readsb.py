"""What readsb's two kinds of files have in common: addresses, kinds of positions and its database's flags."""

from __future__ import annotations

from typing import Any

from dualtrack.core.errors import BadInput
from dualtrack.tracks.packing import identity

_KINDS = (("adsb", "adsb"), ("mlat", "mlat"), ("tisb", "tisb"), ("adsr", "adsr"), ("mode", "mode_s"))
_MILITARY = 1  # bit of dbFlags (readsb, README-json.md)


def address(text: Any) -> int | None:
    """The packed identity of an address; None where it is none."""
    try:
        packed = identity(str(text).strip())
    except BadInput:
        return None
    return packed if packed < 1 << 25 else None


def kind(text: Any) -> str | None:
    """A type of position (``adsb_icao``, ``tisb_trackfile``, ``mlat`` …) as one of ``packing.SOURCES``."""
    if not isinstance(text, str) or not text:
        return None
    if text == "unknown":
        return text
    return next((known for start, known in _KINDS if text.startswith(start)), "other")


def military(flags: Any) -> bool:
    """Whether readsb's database counts the aircraft as military; false where it says nothing."""
    return isinstance(flags, int) and bool(flags & _MILITARY)
