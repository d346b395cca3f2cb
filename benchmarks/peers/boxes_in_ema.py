"""The EMA workbench's PRIM, by its original objective, and a tree of scikit-learn, on worlds from a file.

    python boxes_in_ema.py INPUT.npz

Run by `benchmarks/boxes.py` in an environment of its own. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim
from sklearn.tree import DecisionTreeClassifier


def main(source: str) -> None:
    """Peels, grows, and tells."""
    given = np.load(source)
    worlds, best, names = given["worlds"], given["best"], [str(name) for name in given["names"]]
    start = time.process_time()
    way = prim.PRIMObjectiveFunctions.ORIGINAL
    found = prim.Prim(
        pd.DataFrame(worlds, columns=names), best == best.max(), threshold=0.1, peel_alpha=0.05, mass_min=0.02,
        obj_function=way,
    ).find_box()  # fmt: skip
    middle = time.process_time()
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=0.02, random_state=1).fit(worlds, best)
    end = time.process_time()
    steps = found.peeling_trajectory[["coverage", "density", "mass"]]
    wide = steps[steps.coverage >= 0.25]
    dense = wide[wide.density >= 0.85]
    at = dense.index[0] if len(dense) else wide.density.idxmax()
    limits = {name: [float(found.box_lims[at][name].iloc[0]), float(found.box_lims[at][name].iloc[1])]
              for name in found.qp[at]}  # fmt: skip
    leaves = tree.tree_.children_left == -1
    impurity = float((tree.tree_.impurity * tree.tree_.n_node_samples)[leaves].sum() / len(worlds))
    print(json.dumps({
        "steps": steps.to_numpy().tolist(), "limits": limits, "box_seconds": middle - start,
        "tree_seconds": end - middle, "impurity": impurity,
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
