"""A Mercator view of a part of Europe, shared by the renderer and by labels that are placed beforehand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import altair as alt


@dataclass(frozen=True)
class View:
    """A frame in degrees, drawn ``width`` pixels wide.

    >>> x, y = View(400, west=0, east=40, south=40, north=60).at(60, 20)
    >>> round(x), round(y)
    (200, 0)
    """

    width: int
    west: float
    east: float
    south: float
    north: float

    @property
    def scale(self) -> float:
        """Pixels per radian of longitude."""
        return self.width / math.radians(self.east - self.west)

    @property
    def height(self) -> int:
        """In pixels."""
        return round(self.scale * (_northing(self.north) - _northing(self.south)))

    @property
    def projection(self) -> alt.Projection:
        """The same view for Vega; what lies outside the frame is not drawn."""
        shift = [-self.scale * math.radians(self.west), self.scale * _northing(self.north)]
        frame = [[-2, -2], [self.width + 2, self.height + 2]]
        return alt.Projection(
            type="mercator", scale=self.scale, translate=shift, center=[0, 0], precision=0, clipExtent=frame
        )

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place is, in pixels from the top left."""
        return self.scale * math.radians(lon - self.west), self.scale * (_northing(self.north) - _northing(lat))

    def holds(self, lat: float | None, lon: float | None) -> bool:
        """Whether a place is known and inside the frame."""
        return lat is not None and lon is not None and self.south < lat < self.north and self.west < lon < self.east


def _northing(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
