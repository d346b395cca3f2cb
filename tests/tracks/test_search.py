"""From files to encounters: what is known on paper is found, whoever works and in whatever order files come."""

import csv
import random
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.publish.encounters.page import page
from dualtrack.publish.encounters.tables import as_json
from dualtrack.tracks import search as module
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import Report
from dualtrack.tracks.found import Found
from dualtrack.tracks.packing import SHIP
from dualtrack.tracks.pairwise import cleaned, divided, encounters_of
from dualtrack.tracks.search import search
from dualtrack.tracks.shards import Here, Place, Processes
from dualtrack.tracks.store import convert, hour_number
from dualtrack.tracks.verify import fault
from flying import T0, Row, crossing, straight, table

RECORD = open_record("2026-11-25")


def found(folder: Path, rows: list[Row], place: Place | None = None, **asked: Any) -> Found:
    folder.mkdir(exist_ok=True)
    store = convert([table(folder / "tracks.csv", rows)], folder / "store")
    return search(store, Asked(**asked), RECORD, place=place or Here(), verify=True)


def test_a_crossing_known_on_paper(tmp_path: Path) -> None:
    (one,) = found(tmp_path, crossing()).encounters
    assert (one.a.id, one.a.state, one.a.military) == ("151001", "RUS", "unknown")
    assert (one.b.id, one.b.state, one.b.military) == ("43c001", "GBR", "yes")
    assert one.t_cpa_ms == pytest.approx((T0 + 200) * 1000, abs=1)
    assert one.h_min_m == pytest.approx(1105.743, abs=0.01)
    assert one.v_at_cpa_ft == 500
    assert one.slant_min_m == pytest.approx((1105.743**2 + 152.4**2) ** 0.5, abs=0.01)
    assert one.ratio_min == pytest.approx(0.5)
    assert one.relative_ms == pytest.approx(2 * 0.002 * 111_319.49, rel=1e-4)
    assert (one.lat, one.lon) == pytest.approx((0.005, 20.0), abs=1e-6)
    assert (one.a_ft, one.b_ft, one.vertical, one.certain, one.flags) == (30500, 30000, "baro", "yes", ())
    # two positions of 100 m each, and half a second of 445 m/s, as all stamps are whole seconds
    assert one.h_high_m - one.h_min_m == pytest.approx(200 + 0.5 * one.relative_ms)


@pytest.mark.parametrize(
    ("rows", "flags"),
    [
        ([*straight("400001", (50, 8), (0, 0.002), 3e4), *straight("400002", (50.01, 8), (0, 0.002), 3e4)],
         ("formation",)),
        ([*straight("400001", (50, 8), (0, 0.002), 3e4), *straight("400002", (50.001, 8), (0, 0.002), 3e4)],
         ("ghost", "formation")),
        (crossing(b="~151001"), ("ghost",)),
        ([*straight("400001", (50, 8), (0, 0.002), 2e3, until=100),
          *straight("400002", (50.01, 8), (0, 0.0025), 2e3, until=100)], ("parallel_approach",)),
        ([*straight("400001", (50, 8), (0, 0.002), 3e4, every=40), *straight("400002", (50.4, 8.4), (-0.002, 0), 3e4)],
         ("long_gap",)),
        ([*straight("400001", (50, 8), (0, 0.002), 3e4), *straight("400002", (50.01, 8.8), (0, -0.002), 3e4),
          *[row for since in (5, 8) for row in straight("400001", (52, 9), (0, 0.002), 3e4, since=since, every=70)]],
         ("duplicate_address",)),
    ],
)  # fmt: skip
def test_what_is_remarked(tmp_path: Path, rows: list[Row], flags: tuple[str, ...]) -> None:
    assert found(tmp_path, rows).encounters[0].flags == flags


def test_an_encounter_over_the_hour_is_one(tmp_path: Path) -> None:
    shift = 3600 - T0 % 3600 - 200  # the closest point falls on the full hour
    rows: list[Row] = [(t + shift, *rest) for t, *rest in crossing()]  # type: ignore[misc]
    (one,) = found(tmp_path, rows).encounters
    hours = convert([], tmp_path / "store").hours
    assert hours == [hour_number("2023-11-14T22"), hour_number("2023-11-14T23")]
    assert one.t_cpa_ms == pytest.approx((T0 + shift + 200) * 1000, abs=1)
    assert one.t_out_ms - one.t_cpa_ms == pytest.approx(one.t_cpa_ms - one.t_in_ms, abs=2)
    assert one.t_out_ms - one.t_in_ms > 30_000


def busy_sky(seed: int, hours: float = 1.3) -> list[Row]:
    """Forty who fly about in a small part of the sky, for longer than an hour, some with gaps."""
    rows: list[Row] = []
    dice = random.Random(seed)
    for k in range(40):
        lat, lon, t = dice.uniform(49, 50), dice.uniform(8, 9), dice.uniform(0, 600)
        east, north, height = dice.uniform(-0.002, 0.002), dice.uniform(-0.002, 0.002), 25 * dice.randrange(1000, 1200)
        while t < hours * 3600:
            rows.append((round(t), f"{0x400000 + k:06x}", lat, lon, height))
            dt = dice.choice([8, 10, 12, 12, 70])
            lat, lon, t = lat + north * dt, lon + east * dt, t + dt
            if not 49 < lat < 50:
                north = -north
            if not 8 < lon < 9:
                east = -east
    return rows


def test_workers_and_order_make_no_difference(tmp_path: Path) -> None:
    rows = busy_sky(1)
    first = as_json(found(tmp_path / "one", rows))
    assert first.count(b'"t_cpa"') > 50
    assert as_json(found(tmp_path / "two", rows, Processes(2))) == first
    random.Random(2).shuffle(rows)
    (tmp_path / "three").mkdir()
    halves = [table(tmp_path / "three" / f"{k}.csv", rows[k::2]) for k in (0, 1)]
    store = convert(halves, tmp_path / "three" / "store")
    parts = search(store, Asked(), RECORD)
    assert [one.t_cpa_ms for one in parts.encounters] == [
        one.t_cpa_ms for one in found(tmp_path / "one", rows).encounters
    ]


def test_part_of_the_time(tmp_path: Path) -> None:
    rows = busy_sky(3)
    whole = found(tmp_path / "whole", rows).encounters
    part = found(tmp_path / "part", rows, start_ms=(T0 + 1000) * 1000, end_ms=(T0 + 2000) * 1000).encounters
    inside = [one for one in whole if one.t_in_ms / 1000 > T0 + 1000 and one.t_out_ms / 1000 < T0 + 2000]
    assert len(inside) > 10
    assert {one.id for one in inside} <= {one.id for one in part}
    assert all((T0 + 1000) * 1000 <= one.t_in_ms <= one.t_out_ms <= (T0 + 2000) * 1000 for one in part)


def test_every_encounter_is_borne_out_by_its_reports_and_a_changed_one_is_not(tmp_path: Path) -> None:
    result = found(tmp_path, busy_sky(4))
    assert len(result.encounters) > 50
    assert result.unsound == ()
    one = result.encounters[0]
    reports = list(result.details[one.id].reports)
    assert "the distance is" in fault(replace(one, h_min_m=one.h_min_m + 30), reports, Asked())
    assert one.v_at_cpa_ft is not None
    assert "the height is" in fault(replace(one, v_at_cpa_ft=one.v_at_cpa_ft + 30), reports, Asked())
    assert "not within both limits" in fault(replace(one, t_cpa_ms=one.t_cpa_ms + 1e7), reports, Asked())


def test_pairs_whose_heights_cannot_be_compared_are_counted(tmp_path: Path) -> None:
    lines = ["t,icao24,lat,lon,alt_baro,alt_geom"]
    for k in range(10):
        for number, heights in enumerate(("30000,", ",30000", ",", "30000,30100")):
            lines.append(f"{T0 + 10 * k},40000{number},{50 + number * 0.01},{8 + k * 0.02},{heights}")
    (tmp_path / "tracks.csv").write_text("\n".join(lines), "utf-8")
    store = convert([tmp_path / "tracks.csv"], tmp_path / "store")
    result = search(store, Asked(), RECORD)
    assert {(one.a.id, one.b.id, one.vertical) for one in result.encounters} == {
        ("400000", "400003", "baro"), ("400001", "400003", "geom"),
    }  # fmt: skip
    assert result.undecided == {"mixed_altitude": 1, "unknown_altitude": 3}
    assert sum("nothing is said of them" in caveat for caveat in result.caveats) == 2


def test_of_many_encounters_the_closest_keep_their_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_FULL", 3)
    monkeypatch.setattr(module, "IN_EVIDENCE", 7)
    result = found(tmp_path, busy_sky(5))
    assert len(result.encounters) > 20 and result.unsound == ()
    kept = [one for one in result.encounters if one.id in result.details]
    assert len(kept) == 7
    assert sum(result.details[one.id].profile is not None for one in kept) == 3
    page_ = page(result).decode("utf-8")
    assert page_.count('<section id="e') == 3
    assert "The other" in page_ and "are in the table only" in page_
    assert as_json(result).count(b'"reports": []') == len(result.encounters) - 7


def test_ships_meet_under_way_only(tmp_path: Path) -> None:
    lines = ["t,mmsi,lat,lon,sog"]
    for k in range(20):
        moved = k * 0.003
        lines += [f"{T0 + 60 * k},276000001,{59.5 + moved},24.5,10.8", f"{T0 + 60 * k},276000002,59.53,24.5,0.0",
                  f"{T0 + 60 * k},273000001,59.53,{24.47 + moved},5.6"]  # fmt: skip
    file = tmp_path / "ships.csv"
    file.write_text("\n".join(lines), "utf-8")
    store = convert([file], tmp_path / "store")
    result = search(store, Asked(horizontal_m=500.0, profile="sea"), RECORD)
    (one,) = result.encounters
    assert (one.a.state, one.b.state, one.v_at_cpa_ft, one.vertical) == ("RUS", "EST", None, "none")
    assert result.dropped["not_under_way"] == 20
    assert search(store, Asked(horizontal_m=500.0), RECORD).encounters == ()
    mixed = search(store, Asked(horizontal_m=500.0, profile="mixed"), RECORD).encounters
    assert [(one.t_cpa_ms, one.h_min_m) for one in mixed] == [(one.t_cpa_ms, one.h_min_m)]


AIS = Path(str(resources.files("dualtrack.tracks"))) / "examples" / "noaa_ais_2022-01-03_mississippi.csv"
"""A cut of the US AIS file of that day (NOAA, public domain): 24 minutes on the Mississippi at New Orleans."""


def test_real_ships_every_pair_by_itself_gives_the_same(tmp_path: Path) -> None:
    """92 by a program of another hand on the same file; one of them is with a number that is no ship's."""
    asked = Asked(horizontal_m=500.0, profile="sea")
    store = convert([AIS], tmp_path / "store")
    result = search(store, asked, RECORD, verify=True)
    assert store.manifest.batches[0].adapter == "ais_us"
    assert (len(result.encounters), result.dropped["not_a_ship"]) == (91, 16)
    assert result.unsound == ()
    reports: dict[str, list[Report]] = defaultdict(list)
    with AIS.open(encoding="utf-8") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["BaseDateTime"]):
            t_ms = round(datetime.fromisoformat(row["BaseDateTime"] + "+00:00").timestamp() * 1000)
            if "2" <= row["MMSI"][0] <= "7" and not (reports[row["MMSI"]] and reports[row["MMSI"]][-1].t_ms == t_ms):
                reports[row["MMSI"]].append(
                    Report(
                        row["MMSI"], t_ms, float(row["LAT"]), float(row["LON"]), None, None, float(row["SOG"]), "ais"
                    )
                )
    limits = asked.limits(SHIP)
    ways = {ship: divided(cleaned(some, limits).knots) for ship, some in reports.items()}
    alone = sorted(
        (a, b, piece.t_in, piece.h_m)
        for a, b in combinations(sorted(ways), 2)
        for piece in encounters_of(ways[a], ways[b], limits)
    )
    found_ = sorted((one.a.id, one.b.id, one.t_in_ms / 1000, one.h_min_m) for one in result.encounters)
    assert [one[:2] for one in found_] == [one[:2] for one in alone]
    assert [x for one in found_ for x in one[2:]] == pytest.approx([x for one in alone for x in one[2:]], abs=0.02)
