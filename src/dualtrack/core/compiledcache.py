"""Functions compiled by numba and kept on disk: what is kept may be damaged or have no place, and costs time only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from dualtrack.core.extras import needed

F = TypeVar("F", bound=Callable[..., Any])


def compiled_once(function: F, **options: Any) -> F:
    """Compiles on first use and keeps the result where numba keeps it; without such a place it compiles each time.

    numba forgives a kept file that is missing or of another version, but ends with an error of ``pickle`` where one was
    cut short; here it is made anew. The files have no checksum: damage inside the machine code cannot be told. They
    are as trusted as the program itself, beside which or in whose user's own cache they lie.

    Args:
        function: as ``numba.njit`` takes it.
        **options: of ``numba.njit``.

    Raises:
        BadInput: numba is not installed.
    """
    numba = needed("numba", "kernels", "Compiled code")
    made: Any
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # there is no place to keep it
        made = numba.njit(**options)(function)
        kept: F = made
        return kept
    file = made._cache._cache_file
    load = file.load

    def loaded(key: Any) -> Any:
        try:
            return load(key)
        except Exception:  # pickle raises errors of any kind on what is no pickle
            file.flush()  # empties the index, so that it can be added to again
            return None

    file.load = loaded
    kept = made
    return kept
