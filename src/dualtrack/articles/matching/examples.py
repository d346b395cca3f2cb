"""Sentences of which is known what they say, to compare others with: as vectors, without their texts.

A statement has few wordings, and articles have many more. An example says a statement in other words; a near miss was
written beside a statement, on its topic, and says something else. Nearness to the examples speaks for a statement,
nearness to its near misses against it; how much of each, the re-ranker learns.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dualtrack.articles.matching.inverted import Floats
from dualtrack.articles.matching.minilm import SIZE
from dualtrack.articles.matching.vectors import key_of
from dualtrack.core.errors import BadInput

BY_EXAMPLE = ("example", "two examples", "near miss")


@dataclass(frozen=True)
class Places:
    """The place among some statements of what each example says, and of what it is a near miss of; -1 for none."""

    says: NDArray[np.int64]
    misses: NDArray[np.int64]


class Examples:
    """Vectors of example sentences.

    Attributes:
        keys: of the texts, see ``key_of``.
        vectors: of length 1, shape ``(examples, 384)``.
        says: the id of the statement that each says, empty where it says none.
        beside: the id of the statement that each was written beside, empty where it was for none.
    """

    def __init__(self, keys: Sequence[str], vectors: Floats, says: Sequence[str], beside: Sequence[str]) -> None:
        self.keys, self.vectors = tuple(keys), vectors
        self.says, self.beside = tuple(says), tuple(beside)
        self._at = {key: at for at, key in enumerate(self.keys)}

    def places(self, ids: Sequence[str]) -> Places:
        """Where among statements each example belongs; examples of statements that are not there belong nowhere."""
        place = {id_: at for at, id_ in enumerate(ids)}
        missed = [b if b != s else "" for s, b in zip(self.says, self.beside, strict=True)]
        return Places(
            np.array([place.get(id_, -1) for id_ in self.says], dtype=np.int64),
            np.array([place.get(id_, -1) for id_ in missed], dtype=np.int64),
        )

    def near(self, vector: Floats, places: Places, wordings: Floats, without: str | None = None) -> dict[str, Floats]:
        """Per statement: cosine of the nearest example, mean of the two nearest, and cosine of the nearest near miss.

        Args:
            vector: of the sentence asked.
            places: where examples belong.
            wordings: the best cosine with a wording of each statement; a wording counts as an example.
            without: a sentence not to be compared with itself, when a re-ranker is fitted.
        """
        cosines = self.vectors @ vector
        if without is not None and (at := self._at.get(key_of(without))) is not None:
            cosines[at] = 0.0
        nearest = _largest(cosines, places.says, len(wordings))
        others = _largest(np.where(cosines < nearest[places.says], cosines, 0.0), places.says, len(wordings))
        best: Floats = np.maximum(nearest, wordings)
        second: Floats = np.maximum(np.minimum(nearest, wordings), others)
        misses = _largest(cosines, places.misses, len(wordings))
        return dict(zip(BY_EXAMPLE, (best, (best + second) / np.float32(2), misses), strict=True))

    def as_file(self) -> bytes:
        """To be shipped: vectors as halves, two bytes a number."""
        out = io.BytesIO()
        np.savez(
            out,
            keys=np.array(self.keys, dtype="S32"),
            vectors=self.vectors.astype(np.float16),
            says=np.array(self.says, dtype="S96"),
            beside=np.array(self.beside, dtype="S96"),
        )
        return out.getvalue()

    @classmethod
    def read(cls, path: Path) -> Examples:
        """From a file that ``as_file`` made.

        Raises:
            BadInput: it is none.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                keys, says, beside = (_words(file[name]) for name in ("keys", "says", "beside"))
                vectors = file["vectors"].astype(np.float32)
            if vectors.shape != (len(keys), SIZE) or not len(keys) == len(says) == len(beside):
                raise ValueError("other arrays than expected")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise BadInput(
                f"{path} holds no examples that can be read: {error}.", "Make it anew with scripts/train_statements.py."
            ) from None
        return cls(keys, vectors, says, beside)


def _words(found: NDArray[np.bytes_]) -> list[str]:
    if found.ndim != 1 or found.dtype.kind != "S":
        raise ValueError("other arrays than expected")
    return [word.decode("ascii") for word in found.tolist()]


def _largest(values: Floats, places: NDArray[np.int64], count: int) -> Floats:
    """The largest value at each place, 0 where there is none above."""
    found = np.zeros(count, dtype=np.float32)
    some = places >= 0
    np.maximum.at(found, places[some], values[some])
    return found
