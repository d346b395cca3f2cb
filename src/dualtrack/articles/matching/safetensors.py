"""Reads a safetensors file: eight bytes with the length of a JSON header, the header, then the numbers as they are.

The format holds no code, so that reading it can run none. https://github.com/huggingface/safetensors, "Format".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.core.errors import BadInput

_TYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
}
_LONGEST = 1 << 24  # a header of 16 MB is none of ours


def read(data: bytes, name: str | Path) -> dict[str, NDArray[Any]]:
    """The tensors of a file's bytes by name; views of the bytes, not to be written to.

    Raises:
        BadInput: the bytes are not those of a whole safetensors file of a number type known here.
    """
    try:
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 or size > min(_LONGEST, len(data) - 8):
            raise ValueError("the header is longer than the file")
        header = json.loads(data[8 : 8 + size])
        tensors = {}
        for key, entry in header.items():
            if key == "__metadata__":
                continue
            kind, shape, (start, stop) = _TYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
            part = data[8 + size + start : 8 + size + stop]
            tensors[key] = np.frombuffer(part, dtype=kind).reshape(shape)
        return tensors
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{name} is no safetensors file that can be read: {error}.", "Install the model's package again."
        ) from None
