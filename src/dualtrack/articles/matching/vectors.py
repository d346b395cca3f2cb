"""Vectors of texts kept in a file, so that a collection is encoded once."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dualtrack.articles.matching.inverted import Floats
from dualtrack.articles.matching.minilm import SIZE, WEIGHTS_SHA256, MiniLM
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole

_KEY = "S32"


def encoded(encoder: MiniLM, texts: Sequence[str], folder: Path | None, shipped: Path | None = None) -> Floats:
    """A vector for each text, shape ``(texts, 384)``; those not in the folder's file are made and put there.

    ``shipped`` is such a file that is only read; its vectors may be halves.

    The file is named after the weights, and its keys are the first 32 hex digits of each text's SHA-256: it holds no
    text. Without a folder nothing is kept.

    Raises:
        BadInput: the folder cannot be written to, or holds a file of that name which is none of ours.
    """
    keys = np.array([key_of(text) for text in texts], dtype=_KEY)
    if folder is None:
        return _with_shipped(encoder, texts, keys, shipped) if shipped else encoder.encode(texts)
    path = folder / f"minilm-{WEIGHTS_SHA256[:12]}.npz"
    known, vectors = _read(path)
    place = {key: at for at, key in enumerate(known.tolist())}
    missing = {key: text for key, text in zip(keys.tolist(), texts, strict=True) if key not in place}
    if missing:
        vectors = np.concatenate([vectors, encoder.encode(list(missing.values()))])
        known = np.concatenate([known, np.array(list(missing), dtype=_KEY)])
        place = {key: at for at, key in enumerate(known.tolist())}
        out = io.BytesIO()
        np.savez(out, keys=known, vectors=vectors)
        write_whole(path, out.getvalue())
    return vectors[[place[key] for key in keys.tolist()]]


def key_of(text: str) -> str:
    """The key of a text: it shows nothing of it."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def as_file(texts: Sequence[str], vectors: Floats) -> bytes:
    """A file of vectors to be shipped, as halves: two bytes a number."""
    out = io.BytesIO()
    keys = np.array([key_of(text) for text in texts], dtype=_KEY)
    np.savez(out, keys=keys, vectors=vectors.astype(np.float16))
    return out.getvalue()


def _with_shipped(
    encoder: MiniLM, texts: Sequence[str], keys: np.ndarray[tuple[int], np.dtype[np.bytes_]], shipped: Path
) -> Floats:
    known, vectors = _read(shipped)
    place = {key: at for at, key in enumerate(known.tolist())}
    found = np.zeros((len(texts), SIZE), dtype=np.float32)
    missing = [at for at, key in enumerate(keys.tolist()) if key not in place]
    for at, key in enumerate(keys.tolist()):
        if key in place:
            found[at] = vectors[place[key]]
    if missing:
        found[missing] = encoder.encode([texts[at] for at in missing])
    return found


def _read(path: Path) -> tuple[np.ndarray[tuple[int], np.dtype[np.bytes_]], Floats]:
    if not path.exists():
        return np.zeros(0, dtype=_KEY), np.zeros((0, SIZE), dtype=np.float32)
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, vectors = file["keys"], file["vectors"]
        if keys.ndim != 1 or vectors.shape != (len(keys), SIZE) or vectors.dtype not in (np.float32, np.float16):
            raise ValueError("other arrays than expected")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise BadInput(f"{path} holds no vectors that can be read: {error}.", "Delete it; it is made anew.") from None
    return keys, vectors
