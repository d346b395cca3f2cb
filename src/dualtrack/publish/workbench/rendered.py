"""The files of the workbench: pages, charts to download and to embed, and what scripts read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import vl_convert

from dualtrack.analyses.names import names
from dualtrack.analyses.thresholds import START, STEP, STOP, steps
from dualtrack.core.dates import spell
from dualtrack.core.errors import NoSuchName
from dualtrack.instruments.activities import BASES, troops
from dualtrack.publish.chart import Chart
from dualtrack.publish.pages.brief import drawn_once
from dualtrack.publish.pages.template import templates
from dualtrack.publish.render import WIDE
from dualtrack.publish.site import urls
from dualtrack.publish.site.links import Links
from dualtrack.publish.theme import LIGHT, vega_config
from dualtrack.publish.workbench.contract import Described, page_of_chart
from dualtrack.publish.workbench.pages.dialogue import NOTIFICATION
from dualtrack.publish.workbench.parts import Page
from dualtrack.publish.workbench.searching import KINDS, entries
from dualtrack.publish.workbench.showing import Showing
from dualtrack.publish.workbench.view import View
from dualtrack.record.store import Record

CHART_FILES = (".csv", ".svg", ".png", ".json")
_OWN = (NOTIFICATION - START) // STEP
_LOWER = 5_000  # the level that most what-ifs ask about
_SCALE = 2.0  # pixels of a PNG per pixel of the chart


def page_context(described: Described, page: Page, view: View, links: Links) -> dict[str, Any]:
    """What the template of a page shows, beside what every page of the site shows."""
    return {
        "described": described,
        "page": page,
        "on": Showing(view, links),
        "as_of_words": spell(view.record.as_of),
    }


def embed(view: View, id_: str, links: Links) -> str:
    """A chart as a small page of its own, without script.

    Raises:
        NoSuchName: no page draws such a chart, or there is nothing to draw on that day.
    """
    return templates().get_template("workbench/embed.html.j2").render(
        chart=chart(view, id_), on=Showing(view, links), as_of_words=spell(view.record.as_of)
    )  # fmt: skip


def chart(view: View, id_: str) -> Chart:
    """A chart as its page draws it for the same query.

    Raises:
        NoSuchName: no page draws such a chart, or there is nothing to draw on that day.
    """
    found = page_of_chart(id_).make(view).charts
    if id_ not in found:
        raise NoSuchName(f"chart on {view.record.as_of}", id_, list(found))
    return found[id_]


def chart_file(record: Record, found: Chart, suffix: str) -> bytes:
    """A chart's data (CSV), drawing (SVG, PNG) or specification (Vega-Lite JSON)."""
    if suffix == ".csv":
        return found.csv().encode("utf-8")
    if suffix == ".json":
        spec = {**found.draw(WIDE), "background": LIGHT["paper"], "description": found.alt,
                "usermeta": {"findings": [finding.id for finding in found.findings]}}  # fmt: skip
        config = {**spec, "config": {**vega_config(), "background": LIGHT["paper"]}}
        return (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    head, _, body = drawn_once(record, found)["svg"].partition(">")
    alone = f'{head}><rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>{body}'
    if suffix == ".svg":
        return alone.encode("utf-8")
    made: bytes = vl_convert.svg_to_png(alone, scale=_SCALE)
    return made


def thresholds_json(record: Record) -> str:
    """What the sliders compute from: for each exercise and figure, at how many levels it is caught."""
    found: dict[str, dict[str, Any]] = {}
    for basis in BASES:
        for one in steps(record, basis):
            row = one.row
            line = found.setdefault(
                row.id,
                {"place": urls.row("exercises", row.id), "name": row.text("name"), "side": row.text("side"),
                 "states": row.parts("lead_states"), "start": row.text("start"), "on": {}},
            )  # fmt: skip
            line["on"][basis] = [*one.notifiable, *one.observable, troops(row, basis)]
    made = {"as_of": record.as_of.isoformat(), "start": START, "stop": STOP, "step": STEP,
            "names": {code: name for code, name in names(record).items()
                      if any(code in line["states"] for line in found.values())},
            "exercises": list(found.values())}  # fmt: skip
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def threshold_years(record: Record) -> list[str]:
    """The years with an exercise on record."""
    return sorted({one.row.text("start")[:4] for one in steps(record, "announced")})


def threshold_table(record: Record, year: str) -> list[dict[str, Any]]:
    """Every level of the slider in one year, by side and by lead state: surely, and possibly.

    Observed: at this level of observation, with the document's own level of notification.

    Raises:
        NoSuchName: no exercise of that year is on record.
    """
    some = [one for one in steps(record, "announced") if one.row.text("start")[:4] == year]
    if not some:
        raise NoSuchName("year of exercises", year, threshold_years(record))
    states = sorted({state for one in some for state in one.row.parts("lead_states")})
    groups = {"all": some} | {
        **{
            f"side: {side}": [o for o in some if o.row["side"] == side]
            for side in sorted({o.row.text("side") for o in some})
        },
        **{state: [o for o in some if state in o.row.parts("lead_states")] for state in states},
    }
    return [
        {
            "by": name,
            "level": level,
            "notified": sum(one.notifiable[0] > place for one in chosen),
            "possibly_notified": sum(one.notifiable[1] > place for one in chosen),
            "observed": sum(one.notifiable[0] > _OWN and one.observable[0] > place for one in chosen),
            "possibly_observed": sum(one.notifiable[1] > _OWN and one.observable[1] > place for one in chosen),
            "of": len(chosen),
        }
        for name, chosen in groups.items()
        for place, level in enumerate(range(START, STOP + 1, STEP))
    ]


def threshold_groups(record: Record, year: str) -> list[dict[str, Any]]:
    """The same for readers: all first, then sides in the order they have everywhere, then states by name."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for line in threshold_table(record, year):
        lines.setdefault(line["by"], []).append(line)
    called = names(record)
    labels = record.spec("exercises").field("side").values
    sides = {f"side: {side}": label[:1].upper() + label[1:] for side, label in labels.items()}
    states = sorted((code for code in lines if code != "all" and code not in sides), key=lambda c: called.get(c, c))
    titles = {"all": "All", **sides, **{code: f"Led by {called.get(code, code)}" for code in states}}
    return [{"title": title, "lines": lines[by]} for by, title in titles.items() if by in lines]


def threshold_title(record: Record, year: str) -> str:
    """What a lower level would have caught in a year, in a sentence."""
    on = {line["level"]: line for line in threshold_table(record, year) if line["by"] == "all"}
    own, lower = on[NOTIFICATION], on[_LOWER]
    return (
        f"In {year}, {_span(own)} of {own['of']} exercise{'' if own['of'] == 1 else 's'} on record had to be notified "
        f"from {NOTIFICATION:,} troops; from {_LOWER:,} it would have been {_span(lower)}"
    )


def _span(line: Mapping[str, Any]) -> str:
    low, high = line["notified"], line["possibly_notified"]
    return str(low) if low == high else f"{low} to {high}"


def search_json(view: View) -> str:
    """What the search of a folder of files reads: kind, title, place, words and weight of everything."""
    lines = [
        [e.kind, e.title, e.place + ".html" + (f"#{e.part}" if e.part else ""), e.shown, e.weight]
        for e in entries(view)
    ]
    return json.dumps({"kinds": KINDS, "entries": lines}, ensure_ascii=False, separators=(",", ":"))
