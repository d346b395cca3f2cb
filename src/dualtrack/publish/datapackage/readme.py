"""What stands beside the data for people: README.md and CITATION.cff."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from dualtrack import __version__
from dualtrack.core.dates import spell
from dualtrack.publish.cite import AUTHORS, LICENCE, LICENCE_URL, of_record, sentence, title
from dualtrack.publish.datapackage.descriptor import extents
from dualtrack.publish.datapackage.table_schema import Table
from dualtrack.record.store import Record

_HOW = """\
## How to read it

- An empty cell is unknown, never zero and never no. What lies outside a table's extent was not collected.
- A date is as precise as its source: `2016`, `2016-05` or `2016-05-09`. It is text; do not let a spreadsheet or
  `as.Date` fill in a day that nobody knows.
- Several values in a cell are joined by `;`.
- Text that a spreadsheet would run as a formula has `'` in front. Numbers never have.
- Uncertain figures have a low and a high column. Figures of different editions, definitions or scopes are never
  added up or joined; the columns `edition`, `definition` and `scope` say which is which.
- `known_from` says since when a row was on public record, `known_basis` how that is known.
- `country_year` and `dyad_year` are counted from the other tables; `rests_on` names the rows.
- Every column is explained in codebook.md, and for programs in datapackage.json.

In R:

```r
states <- read.csv("data/country_year.csv", na.strings = "")            # cow_code and gw_number are in it
codes  <- read.csv("data/state_codes.csv", na.strings = "")             # to join the others by ISO code
package <- frictionless::read_package("datapackage.json")
exercises <- frictionless::read_resource(package, "exercises")
```

In Python:

```python
import pandas as pd

exercises = pd.read_csv("data/exercises.csv", keep_default_na=False, na_values=[""])
```
"""


def readme(record: Record, tables: Mapping[str, Table], withheld: int, overlay: bool) -> bytes:
    """README.md: what it is, how to read it, how to cite producers and us, the licence, and what to beware of."""
    basis = "from dated sources only" if record.strict else "to the public"
    lines = [
        f"# {title()}",
        "",
        f"The record of dualtrack {__version__}, compiled on {spell(record.compiled)}, as known {basis} on "
        f"{spell(record.as_of)}: what became known later is not in it.",
        *(["", "A user's own tables are laid over the published ones: this is not the published record."] * overlay),
        "",
        "| file | rows | what |",
        "| --- | ---: | --- |",
        *(f"| data/{name}.csv | {len(table.rows):,} | {table.spec.title} |" for name, table in tables.items()),
        "",
        "Also here: datapackage.json (Data Package 2.0), codebook.md, CITATION.cff, and the sources as sources.bib "
        "(BibTeX), sources.csl.json (CSL-JSON) and sources.ris (RIS).",
        "",
        _HOW,
        "## How to cite",
        "",
        "First the producer of each figure: the `sources` column of a row holds ids of data/sources.csv, which are "
        "also the keys in sources.bib, sources.csl.json and sources.ris. Then dualtrack:",
        "",
        f"> {sentence(of_record(record))}",
        "",
        "## Licence",
        "",
        f"Our coding and tables: [{LICENCE}]({LICENCE_URL}). The facts' sources remain with their producers under "
        "their own terms; data/sources.csv says what may be passed on (`redistribute`). Single facts are passed on "
        "with their citation.",
        *(
            [
                "",
                f"Left out: {withheld:,} rows that rest only on sources which may not be passed on. They were read "
                "from the copy of whoever made this file; panels do not count them.",
            ]
            * bool(withheld)
        ),
        "",
        "## What to beware of",
        "",
        "Tables hold what was found on public record, large and publicised things first. Counts of exercises, "
        "deployments and encounters are lower bounds; counts of encounters measure publicity.",
        "",
        *(
            f"- **{name}**: {table.spec.collected} {' '.join(extents(table.spec))}".rstrip()
            for name, table in tables.items()
        ),
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def citation(record: Record, overlay: bool) -> bytes:
    """CITATION.cff (Citation File Format 1.2.0) of the data."""
    reference = of_record(record)
    found = {
        "cff-version": "1.2.0",
        "message": "Cite the producer of each figure first (sources.bib), then this record.",
        "type": "dataset",
        "title": reference.title + (" (with a user's own tables laid over it)" if overlay else ""),
        "abstract": f"{reference.note}.",
        "authors": [{"name": AUTHORS}],
        "version": f"{record.compiled:%Y.%m.%d}{'+own' if overlay else ''}",
        "date-released": record.compiled.isoformat(),
        "license": LICENCE,
    }
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110).encode("utf-8")
