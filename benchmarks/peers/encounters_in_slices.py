"""Encounters as they are found with general tools: positions at moments a step apart, and pairs within both limits.

    python encounters_in_slices.py ENGINE INPUT.parquet OUTPUT.npz STEP_S HORIZONTAL_M VERTICAL_FT MAX_GAP_S THREADS

ENGINE is `ckdtree` (scipy, a tree for each slice) or `duckdb` (a self-join on slice and cell). Run by
`benchmarks/encounters.py` in an environment of its own. Both go straight on in earth-centred space between two reports
not farther apart than the gap, as dualtrack does, so that nothing but the step is approximate: what happens between two
slices is not seen. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise

import numpy as np

A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)  # WGS 84
GUARD = 0.001  # metres and feet by which dualtrack takes both limits to be smaller
CELL = 3  # side of a cell in limits; of 1 to 6 the quickest here


def by_ckdtree(path: str, step: float, horizontal: float, vertical: float, gap: float, threads: int) -> np.ndarray:
    """Pairs by a k-d tree for each slice."""
    import pyarrow.parquet as pq
    from scipy.spatial import cKDTree

    table = pq.read_table(path, columns=["id", "t", "lat", "lon", "alt"], use_threads=threads > 1)
    who, t, lat, lon, alt = (table.column(name).to_numpy() for name in table.column_names)
    t = t / 1000
    a, b = np.radians(lat), np.radians(lon)
    sine = np.sin(a)
    normal = A / np.sqrt(1 - E2 * sine**2)
    across = normal * np.cos(a)
    at = np.stack([across * np.cos(b), across * np.sin(b), normal * (1 - E2) * sine, alt], axis=1)
    joined = np.flatnonzero((who[1:] == who[:-1]) & (t[1:] - t[:-1] <= gap))  # reports come by identity and time
    first = np.ceil(t[joined] / step)
    counts = np.maximum(0, np.ceil(t[joined + 1] / step) - first).astype(np.int64)
    row = np.repeat(joined, counts)
    tick = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    part = (tick * step - t[row]) / (t[row + 1] - t[row])
    order = np.argsort(tick, kind="stable")
    row, part, tick = row[order], part[order], tick[order]
    points = at[row] + (at[row + 1] - at[row]) * part[:, None]
    bounds = np.append(np.flatnonzero(np.diff(tick, prepend=-1)), len(tick))
    found = []
    for start, end in pairwise(bounds.tolist()):
        some = points[start:end]
        near = cKDTree(some[:, :3]).query_pairs(horizontal - GUARD, output_type="ndarray")
        near = near[np.abs(some[near[:, 0], 3] - some[near[:, 1], 3]) < vertical - GUARD]
        found.append(np.sort(who[row[start:end]][near], axis=1))
    return np.unique(np.concatenate(found), axis=0)


QUERY = """
WITH reports AS (
    SELECT id, t / 1000.0 AS t, alt::DOUBLE AS v,
        {a} / sqrt(1 - {e2} * sin(radians(lat)) ** 2) AS normal, radians(lat) AS la, radians(lon) AS lo
    FROM read_parquet('{path}')
), placed AS (
    SELECT id, t, v, normal * cos(la) * cos(lo) AS x, normal * cos(la) * sin(lo) AS y,
        normal * (1 - {e2}) * sin(la) AS z FROM reports
), segments AS (
    SELECT *, lead(t) OVER w AS t2, lead(x) OVER w AS x2, lead(y) OVER w AS y2, lead(z) OVER w AS z2,
        lead(v) OVER w AS v2
    FROM placed WINDOW w AS (PARTITION BY id ORDER BY t)
), ticks AS (
    SELECT *, unnest(range(ceil(t / {step})::BIGINT, ceil(t2 / {step})::BIGINT)) AS k
    FROM segments WHERE t2 - t <= {gap}
), points AS MATERIALIZED (
    SELECT id, k, x + (x2 - x) * p AS x, y + (y2 - y) * p AS y, z + (z2 - z) * p AS z, v + (v2 - v) * p AS v
    FROM (SELECT *, (k * {step} - t) / (t2 - t) AS p FROM ticks)
), cells AS (
    SELECT id, k, x, y, z, v, floor(x / {cell})::INT AS i, floor(y / {cell})::INT AS j, floor(z / {cell})::INT AS l
    FROM points
), spread1 AS (
    SELECT *, unnest(range(floor((x - {reach}) / {cell})::INT, floor((x + {reach}) / {cell})::INT + 1)) AS ii
    FROM points
), spread2 AS (
    SELECT *, unnest(range(floor((y - {reach}) / {cell})::INT, floor((y + {reach}) / {cell})::INT + 1)) AS jj
    FROM spread1
), spread AS (
    SELECT *, unnest(range(floor((z - {reach}) / {cell})::INT, floor((z + {reach}) / {cell})::INT + 1)) AS ll
    FROM spread2
)
SELECT DISTINCT a.id AS a, b.id AS b
FROM spread a JOIN cells b ON a.k = b.k AND a.ii = b.i AND a.jj = b.j AND a.ll = b.l AND a.id < b.id
WHERE abs(a.v - b.v) < {height} AND (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2 < {reach} ** 2
"""


def by_duckdb(path: str, step: float, horizontal: float, vertical: float, gap: float, threads: int) -> np.ndarray:
    """Pairs by a self-join on slice and cell; each point of one side is spread over the cells it may reach."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET threads={threads}; SET preserve_insertion_order=false")
    found = con.execute(
        QUERY.format(
            a=A, e2=E2, path=path, step=step, gap=gap, reach=horizontal - GUARD, height=vertical - GUARD,
            cell=CELL * horizontal,
        )
    ).fetchnumpy()  # fmt: skip
    return np.stack([found["a"], found["b"]], axis=1)


def main(engine: str, path: str, target: str, *numbers: str) -> None:
    """Finds pairs, keeps them, and tells."""
    step, horizontal, vertical, gap, threads = map(float, numbers)
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = {"ckdtree": by_ckdtree, "duckdb": by_duckdb}[engine](path, step, horizontal, vertical, gap, int(threads))
    said = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print(json.dumps({**said, "mb": int(peak.split()[1]) / 1024}))
    np.savez(target, pairs=pairs.astype(np.int64))


if __name__ == "__main__":
    main(*sys.argv[1:])
