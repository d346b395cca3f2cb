"""What the middle layers of MiniLM hold of a sentence: its kind rather than its topic.

The last layer was trained to tell what a text is about; how it says it stands in the layers before (cf. G. Jawahar and
others, 2019). On sentences of debates the mean of layers 3 to 5 told check-worthy ones better than the last layer by
three points of F1: see `docs/benchmarks.md`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dualtrack.articles.matching.inverted import Floats
from dualtrack.articles.matching.minilm import LIMIT, SIZE, MiniLM

LAYERS = (3, 4, 5)
"""Counted from 1; the model has six."""
WIDTH = len(LAYERS) * SIZE
_BATCH = 2048


def layered(model: MiniLM, texts: Sequence[str]) -> Floats:
    """The mean of a text's pieces in each of the layers, side by side, shape ``(texts, 1152)``."""
    numbers = [model.pieces.numbers(text, LIMIT) for text in texts]
    out = np.zeros((len(texts), WIDTH), dtype=np.float32)
    batch: list[int] = []
    held = 0
    for at in [*sorted(range(len(texts)), key=lambda at: len(numbers[at])), -1]:
        if batch and (at < 0 or held >= _BATCH):
            out[batch] = np.hstack(model.layer_means([numbers[one] for one in batch], LAYERS))
            batch, held = [], 0
        if at >= 0:
            batch.append(at)
            held += len(numbers[at])
    return out
