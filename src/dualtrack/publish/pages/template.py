"""The templates of all pages: everything from the record is escaped, a missing name is an error."""

from __future__ import annotations

from functools import lru_cache

import jinja2

from dualtrack.core.dates import spell
from dualtrack.publish.extents import extent_words


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """The environment that loads ``publish/templates``."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("dualtrack.publish"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"spell": spell, "extent_words": extent_words}
    return environment
