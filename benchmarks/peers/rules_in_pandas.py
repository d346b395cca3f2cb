"""The five rules of the Vienna Document 2011 as plain pandas, one variant of the levels after the other.

    python rules_in_pandas.py pandas INPUT.npz OUTPUT.npz RUNS

Run by `benchmarks/rules.py` in an environment of its own. Prints the seconds to set up and, per run, to answer.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

source, target, runs = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
WORDS = {
    "in_zone": ["yes", "partly", "no"],
    "kind": ["scheduled", "snap"],
    "structure": ["single", "multi_host", "sequential", "umbrella", "transit"],
}


def frame(given: dict[str, np.ndarray]) -> pd.DataFrame:
    """The exercises, codes as categories."""
    coded = {name: pd.Categorical.from_codes(given[name], words) for name, words in WORDS.items()}
    return pd.DataFrame({**{name: column for name, column in given.items() if name not in WORDS}, **coded})


def answers(e: pd.DataFrame, notify: float, observe: float) -> tuple[pd.Series, pd.Series]:
    """Whether notifiable, and whether observable, at one pair of levels of troops."""
    zone, transit = e.in_zone.isin(["yes", "partly"]), e.structure == "transit"
    notifiable = (
        (zone & ~transit & ((e.troops >= notify) | (e.tanks >= 250) | (e.acvs >= 500) | (e.artillery >= 250)
                            | (e.armour_combined >= 749)))
        | (zone & (e.landing_troops >= 3000))
        | (zone & transit & (e.troops >= notify))
    )  # fmt: skip
    exempt = (e.kind == "snap") & (e.hours <= 72)
    observable = (
        (notifiable & ~transit & ((e.troops >= observe) | (e.tanks >= 300) | (e.acvs >= 500) | (e.artillery >= 250)
                                  | (e.armour_combined >= 799)) & ~exempt)
        | (notifiable & (e.landing_troops >= 3500) & ~exempt)
    )  # fmt: skip
    return notifiable, observable


given = dict(np.load(source))
levels = list(zip(given.pop("notification_levels"), given.pop("observation_levels"), strict=True))
setting_up, answering = [], []
for _ in range(runs):
    start = time.process_time()
    exercises = frame(given)
    ready = time.process_time()
    found = [answers(exercises, *pair) for pair in levels]
    answering.append(time.process_time() - ready)
    setting_up.append(ready - start)
np.savez(target, notifiable=[pair[0] for pair in found], observable=[pair[1] for pair in found])
print(json.dumps({"setting_up": setting_up, "answering": answering}))
