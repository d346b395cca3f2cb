"""How long a certified policy map takes, and how close its bounds are on each grid.

    python benchmarks/policymap.py [--worlds 64] [--seed 7] [--numpy 4]

Worlds are drawn by Sobol from the box of the table of parameters; all 48 packages. Time is processor time of one
thread, one world at a time, code compiled before: of the model's arrays, of the bounds (0.1 % apart at the start, or
in every state at every belief) and of the map. Gaps are relative to the value. The ratio to numpy is over the same
worlds in the same run, as are the shares of places where the map tells one package.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time

import numpy as np

from dualtrack.choice import belief_compiled, belief_numpy
from dualtrack.choice.adaptive import solved
from dualtrack.choice.beliefs import GRIDS
from dualtrack.choice.decision import decisions
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.policymap import mapped
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample
from dualtrack.record.store import Record, open_record

TOLERANCE = 1e-3


def spread(values: list[float], digits: int = 1) -> str:
    """Median, ninth decile and largest."""
    return "median {:.{d}f}, p90 {:.{d}f}, most {:.{d}f}".format(*np.quantile(values, [0.5, 0.9, 1]), d=digits)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=64)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--numpy", type=int, default=4, help="worlds that numpy solves too")
    asked = parser.parse_args()
    worlds = sample(ranges(open_record(cls=Record)), asked.worlds, asked.seed)

    mapped(solved(decisions(worlds[:1], PACKAGES)[0], belief_compiled, TOLERANCE, GRIDS, True), belief_compiled)
    for everywhere in (False, True):
        arrays, bounds, maps, told, sizes, settled = [], [], [], [], [], 0
        for world in worlds:
            start = time.process_time()
            [decision] = decisions(world[None], PACKAGES)
            made = time.process_time()
            solution = solved(decision, belief_compiled, TOLERANCE, GRIDS, everywhere)
            done = time.process_time()
            found = mapped(solution, belief_compiled)
            arrays.append(1e3 * (made - start))
            bounds.append(1e3 * (done - made))
            maps.append(1e3 * (time.process_time() - start))
            told.append(100 * float(found.told.mean()))
            sizes.append(len(solution.points))
            settled += solution.settled
        where = "in every state at every belief" if everywhere else "at the start"
        print(f"Bounds {TOLERANCE:.1%} apart {where}: reached in {settled} of {len(worlds)} worlds")
        print(f"  ms, whole map: {spread(maps)}; of it arrays {spread(arrays)}; bounds {spread(bounds)}")
        print(f"  beliefs needed: {dict(zip(*map(list, np.unique(sizes, return_counts=True)), strict=True))}")
        print(f"  share of places where one package is told, %: {spread(told, 0)}")

    print("Gap at the start and widest, %, and ms, by grid (grids up to it, as close as each comes):")
    problems = decisions(worlds, PACKAGES)
    for number, size in enumerate(GRIDS):
        start = time.process_time()
        found = [solved(one, belief_compiled, 0.0, GRIDS[: number + 1]) for one in problems]
        each = 1e3 * (time.process_time() - start) / len(worlds)
        gaps, widest = [100 * one.gap for one in found], [100 * one.widest for one in found]
        print(f"  {size:4}: start {spread(gaps, 3)}; widest {spread(widest, 3)}; {each:.0f} ms")

    few = problems[: asked.numpy]
    spent = {}
    for kernels in (belief_compiled, belief_numpy):
        start = time.process_time()
        for one in few:
            solved(one, kernels, TOLERANCE, GRIDS, True)
        spent[kernels] = (time.process_time() - start) / len(few)
    slow, fast = spent[belief_numpy], spent[belief_compiled]
    print(f"numpy {1e3 * slow:.0f} ms, compiled {1e3 * fast:.0f} ms a world over {len(few)} worlds: {slow / fast:.0f}x")


if __name__ == "__main__":
    main()
