"""The closest points of approach that the library `traffic` finds in a table of reports.

    python encounters_in_traffic.py INPUT.parquet OUTPUT.npz HORIZONTAL_M VERTICAL_FT

Run by `benchmarks/encounters_samples.py` in an environment of its own. Time frames of ten minutes and a filter of 10
nautical miles, as the library's own test has them; two processes. Prints one line of JSON with processor seconds.
"""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np
import pandas as pd
from cartopy import crs
from traffic.core import Traffic

NAMES = {"lat": "latitude", "lon": "longitude", "alt_baro_ft": "altitude", "gs_kt": "groundspeed"}


def main(source: str, target: str, horizontal: str, vertical: str) -> None:
    """Finds, keeps the pairs within both limits, and tells."""
    table = pd.read_parquet(source).rename(columns=NAMES)
    table["timestamp"] = pd.to_datetime(table.pop("t"), unit="s", utc=True)
    cpu, wall = sum(os.times()[:4]), time.perf_counter()
    found = Traffic(table).closest_point_of_approach(
        lateral_separation=10 * 1852, vertical_separation=float(vertical), projection=crs.EuroPP(), round_t="10 min",
        max_workers=2,
    )  # fmt: skip
    said = {"cpu": sum(os.times()[:4]) - cpu, "wall": time.perf_counter() - wall}
    near = found.data
    near = near[(near.lateral * 1852 < float(horizontal)) & (near.vertical < float(vertical))]
    both = zip(near.icao24_x, near.icao24_y, strict=True)
    pairs = sorted({tuple(sorted((int(a, 16), int(b, 16)))) for a, b in both})
    np.savez(target, pairs=np.array(pairs, np.int64).reshape(-1, 2))
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
