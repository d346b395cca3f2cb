"""The one table of what words such as "about" allow: for every speaker the same."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from math import floor, log10
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dualtrack.core.errors import NoSuchName
from dualtrack.core.yamlfile import read_yaml

_ROUNDED_AT_MOST = 0.05
"""Share of the figure that rounding may move it by: 100,000 told is not everything from 50,000 on."""


class Tolerance(BaseModel):
    """What a word allows to either side of a figure: a share of it, or of its last digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    relative: float = Field(default=0.0, ge=0, lt=1)
    digits: float = Field(default=0.0, ge=0, le=1)
    words: tuple[str, ...] = ()

    def slack(self, told: float) -> float:
        """How far a figure may lie from the one told, in its unit.

        >>> tolerance("rounded").slack(4.2), tolerance("rounded").slack(31_000), tolerance("about").slack(-50.0)
        (0.05, 500.0, 5.0)
        """
        if self.digits:
            return min(self.digits * last_digit(told), _ROUNDED_AT_MOST * abs(told))
        return self.relative * abs(told)


def last_digit(told: float) -> float:
    """The value of the last digit told; zeros at the end of a whole number are not told.

    >>> last_digit(57), last_digit(4.25), last_digit(31_000), last_digit(0)
    (1.0, 0.01, 1000.0, 1.0)
    """
    if told == 0:
        return 1.0
    text = f"{abs(told):.12g}"
    if "e" in text:
        return float(10.0 ** floor(log10(abs(told))))
    whole, _, decimals = text.partition(".")
    if decimals:
        return float(f"1e-{len(decimals)}")
    return float(10 ** (len(whole) - len(whole.rstrip("0"))))


@lru_cache(maxsize=1)
def tolerances() -> dict[str, Tolerance]:
    """The rows of the table by name."""
    raw = read_yaml(Path(str(resources.files("dualtrack.claims") / "data" / "tolerances.yml")))
    return {name: Tolerance.model_validate(row) for name, row in raw.items()}


def tolerance(name: str) -> Tolerance:
    """The row of this name.

    Raises:
        NoSuchName: there is none.
    """
    if name not in tolerances():
        raise NoSuchName("tolerance", name, list(tolerances()))
    return tolerances()[name]
