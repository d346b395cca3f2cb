"""Packages that only some commands need: imported when needed, with the line that installs them where missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dualtrack.core.errors import BadInput


def needed(module: str, extra: str, what: str) -> Any:
    """A module of an extra.

    Args:
        module: its full name.
        extra: the extra of this package that brings it.
        what: what needs it, as the beginning of a sentence.

    Raises:
        BadInput: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise BadInput(f"{what} needs {package}.", f'Install it: pip install "dualtrack[{extra}]"') from None
