"""Reports as whole numbers: how identities, positions, heights and speeds are packed in the track store.

An identity is one positive 32-bit number, so that tracks sort and compare fast:

* a 24-bit aircraft address is itself; bit 24 marks an address that is not ICAO's (``~`` in readsb);
* bit 29 marks a plain number, for tracks that are neither aircraft nor ships with an MMSI;
* bit 30 marks a ship's MMSI (nine digits, less than 2^30).
"""

from __future__ import annotations

import re

from dualtrack.core.errors import BadInput

NOT_ICAO = 1 << 24
NUMBER = 1 << 29
SHIP = 1 << 30

PER_DEGREE = 5_000_000
"""Units of ``lat`` and ``lon`` in a degree of arc: 22 mm at most, and six decimals are kept as they are.

Ten million would leave longitudes whose differences do not fit 32 bits: DuckDB (2.0) packs those with 33 bits, which
Arrow cannot read back.
"""

NO_ALTITUDE = -99999
"""In feet: below any ground, so that it cannot be a height."""

NO_SPEED = -1

SOURCES = ("unknown", "adsb", "mlat", "tisb", "adsr", "mode_s", "other", "ais")
"""How a position became known, by the number stored in the low bits of ``how``."""

ON_GROUND = 128
"""Bit of ``how``: the report says that it is on the ground."""

_ADDRESS = re.compile(r"(~?)([0-9a-fA-F]{6})")


def identity(text: str) -> int:
    """The packed identity of an address (``4b1815``, ``~2b1815``), an MMSI (nine digits) or a number (``#12``).

    >>> identity("43c123") == 0x43C123, identity("~43c123") & NOT_ICAO > 0, identity("276123000") & SHIP > 0
    (True, True, True)

    Raises:
        BadInput: it is none of these.
    """
    if match := _ADDRESS.fullmatch(text):
        return int(match[2], 16) | (NOT_ICAO if match[1] else 0)
    if len(text) == 9 and text.isascii() and text.isdigit():
        return SHIP | int(text)
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit() and int(text[1:]) < NUMBER:
        return NUMBER | int(text[1:])
    raise BadInput(
        f"{text!r} is neither an aircraft address, an MMSI nor a number.",
        "Write six hexadecimal digits (4b1815, or ~2b1815), nine digits (276123000), or #12.",
    )


def identity_text(packed: int) -> str:
    """An identity as it is written.

    >>> identity_text(identity("~2b1815")), identity_text(identity("276123000")), identity_text(identity("#12"))
    ('~2b1815', '276123000', '#12')
    """
    if packed & SHIP:
        return f"{packed ^ SHIP:09d}"
    if packed & NUMBER:
        return f"#{packed ^ NUMBER}"
    return f"{'~' if packed & NOT_ICAO else ''}{packed & 0xFFFFFF:06x}"
