"""An Excel workbook as bytes, also where the disk for temporary files is full."""

from __future__ import annotations

import gc
import io
import sys
from typing import TYPE_CHECKING

from dualtrack.core.errors import BadInput
from dualtrack.core.room import room_for

if TYPE_CHECKING:
    from openpyxl import Workbook


def saved(book: Workbook) -> bytes:
    """The workbook's bytes.

    Where the disk is full, openpyxl leaves a generator behind that fails once more when it is collected. That is done
    here, unheard; else Python tells it in the middle of whatever runs then.

    Raises:
        BadInput: the disk for temporary files is full.
    """
    out, heard, failed = io.BytesIO(), sys.unraisablehook, None
    sys.unraisablehook = lambda _: None
    try:
        try:
            with room_for("The workbook"):
                book.save(out)
        except BadInput as error:
            failed = BadInput(error.problem, error.fix)  # without the context, which holds the generator
        if failed:
            gc.collect()
            raise failed
    finally:
        sys.unraisablehook = heard
    return out.getvalue()
