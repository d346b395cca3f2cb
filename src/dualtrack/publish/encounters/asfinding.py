"""The encounters as a finding, with the raw reports around each closest point as its evidence."""

from __future__ import annotations

from datetime import UTC, datetime

from dualtrack import __version__
from dualtrack.core.finding import Answer, Evidence, Finding, Method, Source, finding_id
from dualtrack.publish.encounters.words import headline, limits
from dualtrack.record.store import Record
from dualtrack.tracks.encounter import Encounter, cells, iso
from dualtrack.tracks.found import Found
from dualtrack.tracks.gazetteer import about

_METHOD = (
    "Reports are cleaned by rules that look at one neighbour each way. Between two reports a bearer moves in a "
    "straight line in earth-centred coordinates (WGS 84); long segments follow the geodesic. An encounter is the "
    "longest time on which the horizontal distance and the difference of heights both lie under their limits; its ends "
    "and its closest point are exact for this motion. Heights are compared with heights of the same kind only."
)


def as_finding(found: Found, record: Record) -> Finding:
    """A finding whose answer is the table of encounters.

    Without an encounter the evidence is what was searched: the files and how many of their rows were kept.

    Args:
        found: the encounters.
        record: the source of blocks of addresses.
    """
    day = datetime.fromtimestamp((max(found.hours) if found.hours else 0) * 3600, UTC).date()
    files = {source.sha256: source for batch in found.inputs for source in batch.files}
    sources = [
        Source(id=f"sha256-{digest}", title=source.name, kind="the user's own file") for digest, source in files.items()
    ]
    evidence = [item for one in found.encounters for item in _evidence(one, found, list(files))]
    if not evidence:
        evidence = [
            Evidence(
                table="inputs", row=batch.files[0].sha256, field="kept", value=batch.kept,
                sources=[f"sha256-{source.sha256}" for source in batch.files],
            )
            for batch in found.inputs
        ]  # fmt: skip
    blocks = sorted({row for one in found.encounters for party in (one.a, one.b) for row in party.rows})
    for id_ in blocks:
        item = record.row("address_blocks", id_).evidence("state")
        evidence.append(item)
        sources += [source for source in record.sources(item.sources) if source not in sources]
    sources += record.sources([about()[kind]["source"] for kind in _asked_lists(found)])
    return Finding(
        id=finding_id("close_encounters", found.parameters, day),
        analysis="close_encounters",
        question=f"Which aircraft or ships came within {limits(found.parameters)} of each other?",
        headline=headline(found),
        as_of=day,
        parameters=found.parameters,
        answer=Answer(kind="table", value=[{"id": one.id, **cells(one)} for one in found.encounters]),
        evidence=evidence,
        sources=sources,
        method=Method(text=_METHOD, version=__version__),
        caveats=found.caveats,
    )


def _asked_lists(found: Found) -> list[str]:
    """The lists of places that something of the answer rests on."""
    flags = {flag for one in found.encounters for flag in one.flags}
    lists = ["airports"] if "parallel_approach" in flags else []
    return [*lists, "ports"] if found.parameters["profile"] == "meeting" else lists


def _evidence(one: Encounter, found: Found, files: list[str]) -> list[Evidence]:
    """The raw reports of both: position and height of each."""
    items = []
    for report in found.reports_of(one):
        row = f"{report.id}@{iso(report.t_ms)}"
        height = ("baro_ft", report.baro_ft) if report.baro_ft is not None else ("geom_ft", report.geom_ft)
        for field, value in (("lat", report.lat), ("lon", report.lon), height):
            if value is not None:
                items.append(
                    Evidence(
                        table="reports", row=row, field=field, value=value, sources=[f"sha256-{name}" for name in files]
                    )
                )
    return items
