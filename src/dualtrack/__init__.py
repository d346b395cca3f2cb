"""The public record of deterrence and dialogue in Europe, with a source for every figure."""

from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "open_record"]


def __getattr__(name: str) -> Any:
    """Loads the API on first use, so that ``dualtrack --version`` starts at once."""
    if name == "open_record":
        from dualtrack.api import open_record

        return open_record
    raise AttributeError(f"module 'dualtrack' has no attribute {name!r}")
