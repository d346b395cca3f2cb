"""Draft rows for the record's table ``encounters``: what tracks can tell, the rest left empty for a person to judge.

Tracks tell who was near whom, not who closed in, what happened or who says so. Those columns stay empty, so that the
row does not pass the record's checks until somebody has filled them in. No party is put first but by its number.
"""

from __future__ import annotations

import csv
import io

from dualtrack.publish.encounters.words import called
from dualtrack.record.formula import safe_cell
from dualtrack.record.schema import schemas
from dualtrack.tracks.encounter import ABSENCE, Encounter, iso
from dualtrack.tracks.found import Found


def as_draft(found: Found) -> bytes:
    """CSV with the columns of ``encounters``; likely ghosts are left out.

    Where none is left, one row says in its note that this is no evidence of anything; it is there to be deleted.
    """
    columns = [field.name for field in schemas()["encounters"].fields]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    rows = [_row(one) for one in found.encounters if not one.hidden]
    for row in rows or [{"note": f"No row: no encounter was found in these tracks. {ABSENCE}"}]:
        writer.writerow({name: safe_cell(cell) for name, cell in row.items()})
    return out.getvalue().encode("utf-8")


def _row(one: Encounter) -> dict[str, str]:
    at = iso(one.t_cpa_ms)
    flags = f" Flags: {', '.join(one.flags)}." if one.flags else ""
    height = "" if one.v_at_cpa_ft is None else f", {one.v_at_cpa_ft:+,.0f} ft (the first above the second)"
    note = (
        f"Draft from tracks: {called(one.a)} and {called(one.b)}, {one.h_min_m:,.0f} m{height} at {at}, "
        f"from {iso(one.t_in_ms)} to {iso(one.t_out_ms)}.{flags} Who closed in, what happened and who says so is not "
        f"told by tracks. {ABSENCE}"
    )
    return {
        "id": f"enc-{at[:10]}-{one.a.id.strip('~#')}-{one.b.id.strip('~#')}-{at[11:19].replace(':', '')}",
        "date": at[:19] + "Z",
        "domain": "sea" if one.vertical == "none" else "air",
        "lat": f"{one.lat:.5f}",
        "lon": f"{one.lon:.5f}",
        "actor_a_state": one.a.state,
        "actor_b_state": one.b.state,
        "min_distance_m_low": f"{one.h_low_m:.0f}",
        "min_distance_m_high": f"{one.h_high_m:.0f}",
        "transponder_off": "no",
        "note": note,
    }
