"""A full disk told in words, also where libraries tell it in errors of their own, which are no ``OSError``."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from dualtrack.core.errors import BadInput

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else []))
# DuckDB ends with the system's words, lxml (which openpyxl writes through) with the system's name for the error
_SIGNS = {sign: os.strerror(code) for code in _NO_ROOM for sign in (os.strerror(code), f"IO_{errno.errorcode[code]}")}


def no_room(error: BaseException) -> str:
    """The system's words if an error says that a disk is full or a file may not grow; else nothing."""
    return next((words for sign, words in _SIGNS.items() if sign in str(error)), "")


@contextmanager
def room_for(what: str) -> Iterator[None]:
    """Tells a full disk.

    Args:
        what: what is written meanwhile, as the beginning of a sentence.

    Raises:
        BadInput: the disk is full; any other error stays what it is.
    """
    try:
        yield
    except Exception as error:
        words = no_room(error)
        if not words or isinstance(error, BadInput):
            raise
        raise BadInput(
            f"{what} cannot be written: {words}.",
            "Make room on its disk and on that of the folder for temporary files (TMPDIR).",
        ) from None
