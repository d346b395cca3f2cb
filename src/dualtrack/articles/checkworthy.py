"""Whether a sentence is worth a check, 0 to 1, and what it is: claim, argument, recommendation or background.

Linear models over cues, runs of words and characters, and, where the weights of the extra ``[match]`` are installed,
the middle layers of MiniLM. What ships was fitted on sentences of our own labelling (`benchmarks/gold`) by
`scripts/train_checkworthy.py`; the definitions are in `docs/annotation.md`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from dualtrack.articles.cues import NAMES, cues
from dualtrack.articles.layers import WIDTH as LAYERED
from dualtrack.articles.layers import layered
from dualtrack.articles.linear import Array, Rows, fit, probability
from dualtrack.articles.matching.minilm import INSTALL, MiniLM, installed
from dualtrack.articles.wordgrams import WIDTH, grams, rarity, weighed
from dualtrack.core.errors import BadInput

CLASSES = ("claim", "argument", "recommendation", "background")
LEXICAL, MINILM = "lexical", "minilm"
MODES = (LEXICAL, MINILM)
WEIGHTS = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Worth:
    """A sentence judged: worth a check from 0 to 1, its class, and the probability of each class in that order."""

    worth: float
    kind: str
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Scales:
    """How strongly each kind of feature counts: the standard deviation of a cue, of a layer's number, the length of
    the hashed columns, and the penalty on the squares of the weights."""

    cue: float
    layer: float
    gram: float
    penalty: float


SCALES = {LEXICAL: Scales(1.0, 0.0, 20.0, 3.0), MINILM: Scales(2.0, 0.5, 20.0, 30.0)}
"""Found by cross-validation, article by article, on the half of the gold set that is not held out."""


@dataclass(frozen=True)
class Raw:
    """What is read of sentences, before it is measured against others: cues and layers, and counts of runs."""

    dense: Array
    counts: list[Counter[int]]

    @classmethod
    def of(cls, sentences: Sequence[str], mode: str) -> Raw:
        """Reads sentences.

        Raises:
            BadInput: the mode needs weights that are not installed.
        """
        own = np.array([cues(sentence) for sentence in sentences]).reshape(len(sentences), len(NAMES))
        if mode == MINILM:
            own = np.hstack([own, layered(_encoder(), sentences).astype(np.float64)])
        return cls(own, [grams(sentence) for sentence in sentences])


@dataclass(frozen=True)
class Features:
    """What the features of new sentences are measured against: the training sentences' means, spreads and rarity."""

    mode: str
    mean: Array
    spread: Array
    rare: Array
    scales: Scales

    @classmethod
    def of(cls, sentences: Sequence[str], mode: str, scales: Scales | None = None) -> tuple[Features, Raw]:
        """The features of training sentences, and what was read of them.

        Raises:
            BadInput: the mode needs weights that are not installed.
        """
        raw = Raw.of(sentences, mode)
        spread = raw.dense.std(axis=0) + 1e-6
        features = cls(mode, raw.dense.mean(axis=0), spread, rarity(raw.counts), scales or SCALES[mode])
        return features, raw

    def rows(self, raw: Raw) -> Rows:
        """Sentences as rows of a design."""
        scale = np.full(raw.dense.shape[1], self.scales.layer)
        scale[: len(NAMES)] = self.scales.cue
        hashed = [weighed(counts, self.rare, self.scales.gram) for counts in raw.counts]
        return Rows.of((raw.dense - self.mean) / self.spread * scale, hashed, WIDTH)


def _encoder() -> MiniLM:
    model = installed()
    if model is None:
        raise BadInput("Mode 'minilm' needs weights that are not installed.", f"{INSTALL}, or use mode 'lexical'.")
    return model


def balanced(truth: Array) -> Array:
    """How much each row counts so that both answers count the same in all."""
    positive = max(1.0, float(truth.sum()))
    negative = max(1.0, float(len(truth) - truth.sum()))
    return np.where(truth == 1, len(truth) / (2 * positive), len(truth) / (2 * negative))


@dataclass(frozen=True)
class Judge:
    """A fitted model: features, and one column of weights for worth and one for each class."""

    features: Features
    weights: Array

    @classmethod
    def fitted(cls, sentences: Sequence[str], worth: Sequence[int], kinds: Sequence[str], mode: str) -> Judge:
        """Fits on labelled sentences.

        Args:
            sentences: the sentences.
            worth: 1 if worth a check, else 0.
            kinds: the class of each.
            mode: ``lexical`` or ``minilm``.
        """
        features, raw = Features.of(sentences, mode)
        rows = features.rows(raw)
        truths = [np.array(worth, dtype=float)]
        truths += [np.array([kind == name for kind in kinds], dtype=float) for name in CLASSES]
        columns = [fit(rows, truths[0], features.scales.penalty, balanced(truths[0]))]
        columns += [fit(rows, truth, features.scales.penalty) for truth in truths[1:]]
        return cls(features, np.column_stack(columns))

    def judge(self, sentences: Sequence[str]) -> list[Worth]:
        """Each sentence's worth and class."""
        if not sentences:
            return []
        rows = self.features.rows(Raw.of(sentences, self.features.mode))
        odds = np.column_stack([probability(rows.times(column)) for column in self.weights.T])
        shares = odds[:, 1:] / odds[:, 1:].sum(axis=1, keepdims=True)
        return [
            Worth(float(worth), CLASSES[int(np.argmax(share))], tuple(float(one) for one in share))
            for worth, share in zip(odds[:, 0], shares, strict=True)
        ]

    def to_bytes(self) -> bytes:
        """The model as an npz archive; the same model gives the same bytes."""
        held = io.BytesIO()
        features, scales = self.features, self.features.scales
        np.savez_compressed(
            held,
            mode=np.array(MODES.index(features.mode)),
            mean=features.mean.astype(np.float32),
            spread=features.spread.astype(np.float32),
            rare=features.rare.astype(np.float16),
            scales=np.array([scales.cue, scales.layer, scales.gram, scales.penalty]),
            weights=self.weights.astype(np.float16 if len(features.mean) == len(NAMES) else np.float32),
        )
        return held.getvalue()

    @classmethod
    def from_file(cls, path: Path) -> Judge:
        """Reads a model.

        Raises:
            BadInput: the file is not one that this version wrote.
        """
        try:
            with np.load(path, allow_pickle=False) as held:
                mode = MODES[int(held["mode"])]
                parts = {
                    name: held[name].astype(np.float64) for name in ("mean", "spread", "rare", "scales", "weights")
                }
        except (OSError, KeyError, ValueError, IndexError):
            raise BadInput(f"{path} holds no model of check-worthiness.", "Install dualtrack again.") from None
        wide = len(NAMES) + (LAYERED if mode == MINILM else 0)
        if parts["mean"].shape != (wide,) or parts["weights"].shape != (wide + WIDTH + 1, 1 + len(CLASSES)):
            raise BadInput(f"{path} is of another version.", "Install dualtrack again.")
        cue, layer, gram, penalty = parts["scales"].tolist()
        scales = Scales(cue, layer, gram, penalty)
        return cls(Features(mode, parts["mean"], parts["spread"], parts["rare"], scales), parts["weights"])


@lru_cache(maxsize=2)
def packaged(mode: str) -> Judge:
    """The model that ships for a mode."""
    return Judge.from_file(WEIGHTS / f"checkworthy_{mode}.npz")


def best_mode() -> str:
    """The mode that works here: ``minilm`` where its weights are installed, else ``lexical``."""
    return LEXICAL if installed() is None else MINILM


def judge(sentences: Sequence[str], mode: str | None = None) -> list[Worth]:
    """Each sentence's worth and class by the model that ships.

    Args:
        sentences: the sentences.
        mode: ``lexical`` or ``minilm``; the best there is if not given. Say which one ran: see `best_mode`.
    """
    return packaged(mode or best_mode()).judge(sentences)
