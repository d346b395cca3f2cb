"""Boxes and trees of assumptions: ours beside the EMA workbench's PRIM and scikit-learn's trees, on the same worlds.

    python benchmarks/boxes.py [WORLDS]

Wanted are worlds, under article and neutral priors, in which both tracks are the best of the four named packages. Told
are what the two trajectories cover at the same density, the limits of the first box of density .85 (else the densest
that covers a quarter), seconds of processor time, and the impurity that a tree of three levels leaves. The script stops
where, at one step, coverage differs by more than .02: both peel a twentieth at a time, but ties may be broken either
way.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from choice import HERE, workbench
from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.prim import chosen, peel
from dualtrack.choice.priors import priors
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample
from dualtrack.choice.scenario import NAMED
from dualtrack.choice.tree import grow

APART = 0.02


def peer(worlds: np.ndarray, best: np.ndarray) -> dict[str, Any]:
    """What the workbench and scikit-learn say."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "in.npz"
        np.savez(source, worlds=worlds, best=best, names=NAMES)
        command = [str(workbench()), str(HERE / "peers" / "boxes_in_ema.py"), str(source)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def ours(worlds: np.ndarray, best: np.ndarray) -> dict[str, Any]:
    """What we say, in the peer's form."""
    start = time.process_time()
    boxes = peel(worlds, best == len(NAMED) - 1)
    middle = time.process_time()
    leaves = grow(worlds, best, len(NAMED))
    end = time.process_time()
    return {
        "steps": [[box.coverage, box.density, box.mass] for box in boxes],
        "limits": {limit.parameter: [limit.low, limit.high] for limit in chosen(boxes).limits},
        "box_seconds": middle - start,
        "tree_seconds": end - middle,
        "impurity": sum(leaf.mass * (1 - sum(share**2 for share in leaf.shares)) for leaf in leaves),
    }


def main(count: int) -> None:
    """Prints the table."""
    print("| priors | way | steps | coverage, density | limits | box, s | impurity left by the tree | tree, s |")
    print("| --- | --- | ---: | --- | --- | ---: | ---: | ---: |")
    for name in ("article", "neutral"):
        worlds = sample(ranges(open_record()).replaced(priors(name).ranges), count, 7)
        best = constant(worlds, [one.package for one in NAMED])[:, :, 0].argmax(axis=1)
        both = {"ours": ours(worlds, best), "EMA workbench, scikit-learn": peer(worlds, best)}
        steps = [np.array(found["steps"]) for found in both.values()]
        for way, found in both.items():
            at = next((one for one in found["steps"] if one[0] >= 0.25 and one[1] >= 0.85), None)
            at = at or max((one for one in found["steps"] if one[0] >= 0.25), key=lambda one: one[1])
            limits = ", ".join(f"{key} {low:.2f}–{high:.2f}" for key, (low, high) in sorted(found["limits"].items()))
            print(
                f"| {name} | {way} | {len(found['steps'])} | {at[0]:.3f}, {at[1]:.3f} | {limits} "
                f"| {found['box_seconds']:.1f} | {found['impurity']:.4f} | {found['tree_seconds']:.2f} |", flush=True
            )  # fmt: skip
        shorter = min(map(len, steps))
        apart = np.abs(steps[0][:shorter] - steps[1][:shorter])
        print(f"{name}: at one step, coverage differs by at most {apart[:, 0].max():.3f}", file=sys.stderr)
        if apart[:, 0].max() > APART:
            raise SystemExit(f"{name}: another trajectory")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8192)
