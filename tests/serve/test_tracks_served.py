"""Track files that readers hand in: searched in a process of their own, escaped, bounded, refused with a reason."""

import asyncio
import gzip
import json
import re
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.publish.encounters.tables import as_csv, as_geojson, as_json
from dualtrack.serve import tracks as module
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.track_files import EXAMPLES, PROFILES, safe_name
from dualtrack.serve.tracks import PLACES
from dualtrack.serve.turns import Turns
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import ABSENCE
from dualtrack.tracks.search import search
from dualtrack.tracks.store import convert
from flying import crossing, straight, table
from serving import DAY, Reply, Served

BOUNDARY = "a-boundary-of-the-tests"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
MARKUP = "<img src=x onerror=alert(1)>"


def form(*files: tuple[str, bytes], **fields: str) -> bytes:
    """A form as a browser sends it."""
    parts = [(f'name="{name}"', text.encode("utf-8")) for name, text in fields.items()]
    parts += [
        (f'name="files"; filename="{name}"\r\nContent-Type: application/octet-stream', data) for name, data in files
    ]
    made = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return made + f"--{BOUNDARY}--\r\n".encode()


def sent(served: Served, body: bytes, path: str = "/tracks.html", accept: str = "text/html") -> Reply:
    return served.get(path, "POST", body, content_type=KIND, accept=accept)


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two who meet, one in a Russian and one in a British military block, and a third far away."""
    rows = [*crossing(), *straight("4ac001", (0.0, 25.0), (0.0, 0.002), 30000.0)]
    return table(tmp_path_factory.mktemp("flown") / "flown.csv", rows)


def test_a_file_gives_what_the_command_gives(served: Served, flown: Path, tmp_path: Path) -> None:
    body = form((flown.name, flown.read_bytes()), horizontal="2 km", vertical="700 ft", profile="air")
    went = sent(served, body)
    assert went.status == 303
    place = went.headers["location"]
    page = served.get(place, accept="text/html")
    assert page.status == 200 and page.headers["cache-control"] == "no-store"
    found = search(convert([flown], tmp_path / "store"), Asked(2000.0, 700.0), open_record(DAY))
    [one] = found.encounters
    told = unescape(page.text).replace("\N{NO-BREAK SPACE}", " ")
    assert "1 close encounter within 1.08 nmi (2.0 km) and 700 ft" in told
    assert re.search(r"<strong>The closest:</strong> \S+ and \S+ came within 0.60 nmi \(1.1 km\) of each other", told)
    assert "with 500 ft between their heights, on 14 November 2023 at 22:16:40 UTC" in told
    assert "151001: Russia" in told and "43c001: United Kingdom, military (community)" in told
    assert ABSENCE in told and "unknown for most addresses, which is not no" in told
    for ending, write in (("csv", as_csv), ("geojson", as_geojson), ("json", as_json)):
        assert served.get(place.replace(".html", f".{ending}")).body == write(found)
        assert f".{ending}" in page.text
    asked = sent(served, body, "/api/encounters")
    assert asked.headers["content-type"] == "application/json"
    assert asked.body == as_json(found)
    assert json.loads(asked.body)["closest"] == one.id


def test_its_page_has_nothing_that_a_strict_policy_forbids(served: Served, flown: Path) -> None:
    page = served.get(sent(served, form((flown.name, flown.read_bytes()))).headers["location"])
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page.text)
    for place in re.findall(r'(?:href|src)="(\.\./tracks/[^"]+)"', page.text):
        assert served.get(place.removeprefix("..")).status == 200, place
    assert served.get("/tracks/../app.js").status == 404
    again = served.get("/tracks/pick.js")
    assert served.get("/tracks/pick.js", if_none_match=again.headers["etag"]).status == 304


def test_markup_in_names_and_cells_is_text(served: Served, tmp_path: Path) -> None:
    rows = table(tmp_path / "x.csv", crossing()).read_text("utf-8").splitlines()
    marked = "\n".join([rows[0] + ",callsign", *(f'{row},"{MARKUP}"' for row in rows[1:])]).encode()
    went = sent(served, form((f"{MARKUP}.csv", marked)))
    page = served.get(went.headers["location"])
    assert "<img" not in page.text and "&lt;img src=x" in page.text
    wrong = sent(served, form((f"{MARKUP}.csv", f"{MARKUP},b\n1,2\n".encode())))
    assert wrong.status == 422 and "<img" not in wrong.text and "&lt;img src=x" in wrong.text
    back = sent(served, form(("a.csv", b""), horizontal=f'"{MARKUP}', profile="<b>", columns='lat="; DROP TABLE x'))
    assert back.status == 422 and "<img" not in back.text and "<b>" not in back.text


WRONG = {
    "nothing.csv": (b"", "is empty"),
    "letter.pdf": (b"%PDF-1.7\n1 0 obj\n", "letter.pdf:1: no adapter knows its columns"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "neither text nor Parquet"),
    "other.json": (b'{"hello": 1}', "other.json:1: no adapter knows this JSON: hello"),
    "broken.json": (b'{"a": }', "broken.json:1, column 7: this is not JSON"),
    "list.json": (b"[1, 2]", "list.json:1: the document is no object"),
    "cut.csv.gz": (gzip.compress(b"t,icao24,lat,lon\n" * 999, mtime=0)[:-20], "cut short"),
    "bomb.csv.gz": (gzip.compress(b"t,icao24,lat,lon\n" + b" " * 300_000_000, 1, mtime=0), "unpacks to more than"),
    "cut.parquet": (b"PAR1" + b"\x00" * 99, "cut short or damaged"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_track_file_is_refused_by_name_and_place(
    served: Served, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    data, said = WRONG[name]
    reader = sent(served, form((name, data)))
    assert reader.status == 422
    assert '<form method="post" action="tracks.html"' in reader.text  # to try again
    alert = unescape(re.sub(r"<[^>]+>", "", reader.text.partition('role="alert">')[2].partition("</div>")[0]))
    assert name in alert and said in alert
    assert "Traceback" not in reader.text and str(tmp_path) not in reader.text and "--column" not in reader.text
    assert list(tmp_path.iterdir()) == []  # nothing of it is kept


def test_a_program_is_told_what_is_wrong_as_problem_details(served: Served) -> None:
    for name in ("letter.pdf", "broken.json"):
        data, said = WRONG[name]
        reply = sent(served, form((name, data)), "/api/encounters")
        assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
        told = json.loads(reply.body)
        assert said in told["detail"] and told["fix"] and "--column" not in reply.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"horizontal": "5"}, "has no unit"),
        ({"horizontal": "9" * 70 + "m"}, "longer than 60"),
        ({"vertical": "much"}, "The vertical limit"),
        ({"max_gap": "0s"}, "The longest gap"),
        ({"from": "soon"}, "neither a day nor a time"),
        ({"from": "2024", "to": "2023"}, "begins after its end"),
        ({"profile": "land"}, "no kind of tracks"),
        ({"columns": "lat"}, "does not say what a column holds"),
        ({"columns": "lat=nowhere"}, "nowhere"),
        ({"example": "none"}, "There is no example"),
    ],
)
def test_what_cannot_be_asked_is_said(served: Served, flown: Path, fields: dict[str, str], said: str) -> None:
    reply = sent(served, form((flown.name, flown.read_bytes()), **fields))
    assert reply.status == 422 and said in unescape(reply.text)
    shown = next((value for name, value in fields.items() if name not in ("example", "profile")), "")
    assert shown in unescape(reply.text)  # to be mended


def test_no_file_and_no_form_are_refused(served: Served) -> None:
    for body, said in ((form(), "There is no track file"), (b"junk", "cannot be read")):
        for path in ("/tracks.html", "/api/encounters"):
            reply = sent(served, body, path)
            assert reply.status == 422 and said in reply.text
    assert served.get("/tracks/0123456789abcdef01234567.html", accept="text/html").status == 404
    assert served.get("/tracks.html", "DELETE").status == 405


def test_too_much_is_not_read(served: Served, flown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = form((flown.name, flown.read_bytes()))
    for path in PLACES:
        monkeypatch.setitem(PLACES, path, len(body) - 1)
        reply = sent(served, body, path)
        assert reply.status == 413 and "larger than 64 MB" in reply.text
        monkeypatch.setitem(PLACES, path, len(body))
        assert sent(served, body, path).status in (200, 303)


def test_one_that_hangs_is_ended(served: Served, flown: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reply = sent(served, form((flown.name, flown.read_bytes()), max_gap="59s"))
    assert reply.status == 422 and "took more than 0.05 seconds" in reply.text and "smaller limits" in reply.text
    assert list(tmp_path.iterdir()) == []


def test_one_that_swells_is_ended() -> None:
    code = (
        "from dualtrack.articles.bounded import answer\n"
        "answer(lambda data: len(bytearray(1_500_000_000)), 1_000_000_000, reserves=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [None, "it needs too much memory"]


def test_more_readers_than_can_wait_are_asked_to_come_back() -> None:
    async def crowd() -> list[object]:
        turns = Turns("Others are first.")
        async with turns.one:
            waiting = [asyncio.create_task(turns.take(lambda: "done")) for _ in range(6)]
            await asyncio.sleep(0)
        return await asyncio.gather(*waiting, return_exceptions=True)

    found = asyncio.run(crowd())
    assert sum(isinstance(one, Refused) and one.status == 503 for one in found) == 2
    assert found.count("done") == 4


def test_the_same_file_is_searched_once_and_so_many_results_are_kept(
    served: Served, flown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sent(served, form((flown.name, flown.read_bytes()))).headers["location"]
    searched: list[object] = []

    def counted(asked: object) -> module.Result:
        searched.append(asked)
        return module.Result("none", "<p>none</p>", {"csv": b"", "geojson": b"", "json": b"{}"})

    monkeypatch.setattr(module, "_worked_out", counted)
    assert sent(served, form((flown.name, flown.read_bytes()))).headers["location"] == first
    assert not searched
    for metres in range(module.KEPT):
        sent(served, form((flown.name, flown.read_bytes()), horizontal=f"{metres + 1} m"))
    assert len(searched) == module.KEPT
    assert served.get(first).status == 404


def test_the_kind_of_tracks_is_taken_from_the_file(served: Served) -> None:
    ships = EXAMPLES["mississippi"]
    found = json.loads(sent(served, form((ships.file, ships.content), horizontal="500m"), "/api/encounters").body)
    assert found["parameters"]["profile"] == "sea" and len(found["encounters"]) == 91
    none = sent(served, form((ships.file, ships.content), horizontal="500m", profile="air"))
    assert "No track of this kind is in the file" in served.get(none.headers["location"]).text


def test_meetings_of_ships_are_asked_with_the_limit_that_is_usual_for_them(served: Served) -> None:
    body = form(example="mississippi", profile="meeting", horizontal="")
    found = json.loads(sent(served, form(example="mississippi", profile="meeting"), "/api/encounters").body)
    assert (found["parameters"]["profile"], found["parameters"]["horizontal_m"]) == ("meeting", 500.0)
    assert "two hours" in served.get(sent(served, body).headers["location"]).text


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_shown_named_and_told_what_it_is(served: Served, name: str) -> None:
    top = served.get("/tracks.html").text
    assert unescape(top).count(EXAMPLES[name].terms) == 1
    assert served.get(f"/tracks/examples/{name}.csv").body == EXAMPLES[name].content
    page = served.get(sent(served, form(example=name)).headers["location"]).text
    assert EXAMPLES[name].file in page and "<svg" in page and 'id="closest"' in page


def test_the_flights_of_the_tutorial_and_of_the_example_are_the_same() -> None:
    docs = Path(__file__).parents[2] / "docs" / "examples" / "baltic-tracks.csv"
    assert docs.read_bytes() == EXAMPLES["baltic"].content


def test_the_page_is_found_from_the_encounters_on_record_and_keeps_the_state(served: Served) -> None:
    dialogue = served.get("/dialogue.html?as_of=2015-03-01&known=strict").text
    link = 'href="tracks.html?as_of=2015-03-01&amp;known=strict"'
    assert dialogue.count(link) == 2  # beside the record's encounters, and in the navigation
    form_ = served.get("/tracks.html?as_of=2015-03-01&known=strict").text
    assert form_.count('action="tracks.html?as_of=2015-03-01&amp;known=strict"') == 2
    went = sent(served, form(example="baltic"), "/tracks.html?as_of=2015-03-01&known=strict").headers["location"]
    assert went.endswith(".html?as_of=2015-03-01&known=strict")
    assert "dialogue.html?as_of=2015-03-01&amp;known=strict" in served.get(went).text


def test_the_api_describes_it_with_examples_that_are_answered(served: Served) -> None:
    paths = json.loads(served.get("/api/openapi.json").body)["paths"]
    asked = paths["/api/encounters"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert {"files", "horizontal", "vertical", "profile", "max_gap"} <= set(asked["schema"]["properties"])
    assert asked["schema"]["properties"]["profile"]["enum"] == list(PROFILES)
    for example in asked["examples"].values():
        reply = sent(served, form(**example["value"]), "/api/encounters")
        assert reply.status == 200 and json.loads(reply.body)["encounters"]
    assert {"200", "413", "422", "503"} <= set(paths["/api/encounters"]["post"]["responses"])


@given(st.text())
def test_a_name_is_safe_on_any_disk(called: str) -> None:
    name = safe_name(called)
    assert name and "/" not in name and "\\" not in name and name not in (".", "..") and name.isprintable()
    assert len(name.encode("utf-8")) <= 120
