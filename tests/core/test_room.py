"""A full disk is told in the system's words, whatever library met it; other errors stay what they are."""

import errno
import os

import duckdb
import pytest

from dualtrack.core.errors import BadInput
from dualtrack.core.room import no_room, room_for


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (duckdb.IOException('Could not write file "x": File too large'), "File too large"),
        (RuntimeError("IO_ENOSPC"), "No space left on device"),  # as lxml says it
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "Disk quota exceeded"),
    ],
)
def test_a_full_disk_is_told(error: Exception, words: str) -> None:
    assert no_room(error) == words
    with pytest.raises(BadInput, match=f"The table cannot be written: {words}"), room_for("The table"):
        raise error


@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "Permission denied"), ValueError("x"), BadInput("No space left on device")]
)
def test_anything_else_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as said, room_for("The table"):
        raise error
    assert said.value is error
