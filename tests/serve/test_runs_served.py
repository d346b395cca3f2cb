"""Runs on a real server: started, watched, stopped, gone on with, after a restart too; bounded, refused in words."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dualtrack.core.errors import NoSuchName
from dualtrack.serve import runs as module
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.run_pages import from_here
from dualtrack.serve.runs import LEAST, MOST, Request, Runs
from run_serving import keeping, known, post, until
from serving import Served

SMALL = {"worlds": LEAST, "seed": 7}
FORM = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html"}
OWN = """\
title: A weak tripwire
question: Does presence still pay if it forces nobody's hand?
as_of: "2016-05-09"
chooser: A
sides:
  A:
    name: <b>Alliance</b>
    alliance:
      trip: {range: [0, 0.1], why: Survey experiments find weak effects.}
  B:
    name: Russia
packages:
  - {name: nothing new, presence: 0, dialogue: 0, explain: 1, multinational: 1}
  - {name: battalions, presence: 1/3, dialogue: 0, explain: 1, multinational: 1}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving") / "runs"


@pytest.fixture(scope="module")
def runs_served(folder: Path) -> Iterator[Served]:
    with keeping(folder) as server:
        yield server


def form(served: Served, path: str, **fields: str | int) -> tuple[int, str]:
    """Sends a form; the status and where the browser is to look next."""
    reply = served.get(path, "POST", urlencode(fields).encode("ascii"), **FORM)
    return reply.status, reply.headers.get("location", "")


def test_a_run_is_started_stopped_outlives_its_server_goes_on_and_says_what_it_found(
    runs_served: Served, folder: Path
) -> None:
    assert not folder.exists()  # nothing is written before somebody starts a run
    status, place = form(runs_served, "/runs.html", **SMALL, own=OWN)
    assert status == 303 and re.fullmatch(r"/runs/[0-9a-f]{12}\.html", place)
    id_ = place[6:-5]
    assert known(runs_served, id_)["state"] == "running"
    page = runs_served.get(place, accept="text/html")
    assert page.headers["cache-control"] == "no-store" and "assets/runs.js" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert post(runs_served, "/api/runs", SMALL)[0] == 503  # one at a time
    assert post(runs_served, f"/api/runs/{id_}/resume")[0] == 409
    assert form(runs_served, place, action="stop") == (303, place)
    assert known(runs_served, id_)["state"] == "stopped"
    assert post(runs_served, f"/api/runs/{id_}/stop")[0] == 409
    assert "Go on" in runs_served.get(place).text
    with keeping(folder) as restarted:  # another server finds it and goes on
        assert known(restarted, id_)["state"] == "stopped"
        assert post(restarted, f"/api/runs/{id_}/resume")[1]["state"] == "running"
        until(restarted, id_, "finished", "failed", phase="telling")
        assert post(restarted, f"/api/runs/{id_}/stop")[1]["done"] > LEAST  # what is solved is kept
        assert form(restarted, place, action="resume") == (303, place)
        found = until(restarted, id_, "finished", "failed")
        assert found["state"] == "finished", found
    assert known(runs_served, id_)["state"] == "finished"
    result = json.loads(runs_served.get(f"/api/runs/{id_}/result").body)
    assert result["priors"] == "neutral" and result["worlds"]["neutral"] == LEAST
    assert [one["name"] for one in result["packages"]] == ["nothing new", "battalions"]
    assert result["assumed"][0]["high"] == 0.1
    shown = runs_served.get(f"/choices.html?run={id_}").text
    assert "results of a run of your own" in shown and f"charts/tornado.svg?run={id_}" in shown
    assert "&lt;b&gt;Alliance" in shown and "<b>Alliance" not in shown
    assert "Survey experiments find weak effects." in shown
    assert runs_served.get(f"/charts/regret-cells.csv?run={id_}").status == 200
    assert f"choices.html?run={id_}" in runs_served.get("/runs.html").text
    assert runs_served.get(f"/api/runs/{id_}", "DELETE").status == 204
    assert runs_served.get(place).status == 404
    assert not (folder / id_).exists()


def test_a_run_is_stopped_and_removed_by_forms(runs_served: Served) -> None:
    status, begun = post(runs_served, "/api/runs", {"scenario": "2025", "priors": "article", **SMALL})
    assert status == 201 and (begun["scenario"], begun["priors"]) == ("2025", "article")
    assert form(runs_served, f"/runs/{begun['id']}.html", action="burn")[0] == 422
    assert form(runs_served, f"/runs/{begun['id']}.html", action="remove") == (303, "/runs.html")
    assert known(runs_served, begun["id"])["status"] == 404


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("title: 5", "own.yml:"),
        ("a: [", "own.yml"),
        (OWN + "priors: ../../etc/passwd.yml\n", "cannot be used"),
        (OWN + "priors: mine.yml\n", "mine.yml"),
        (OWN.replace("trip:", "nonsense:"), "nonsense"),
        (OWN + "".join(f"  - {{name: p{n}, presence: 0, dialogue: 0, explain: 1, multinational: 1}}\n"
                       for n in range(30)), "too many for a run from the browser"),
    ],
)  # fmt: skip
def test_a_scenario_that_is_at_fault_is_told_without_where_files_lie(
    runs_served: Served, folder: Path, own: str, said: str
) -> None:
    status, begun = post(runs_served, "/api/runs", {**SMALL, "own": own})
    assert status == 201
    found = until(runs_served, begun["id"], "finished", "failed")
    assert found["state"] == "failed"
    assert said in found["problem"] and str(folder) not in found["problem"] + found["fix"]
    assert 'role="alert"' in runs_served.get(f"/runs/{begun['id']}.html").text
    runs_served.get(f"/api/runs/{begun['id']}", "DELETE")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"worlds": MOST + 1}, "worlds"),
        ({"worlds": 1}, "worlds"),
        ({"seed": -1}, "seed"),
        ({"scenario": "1914"}, "scenario"),
        ({"priors": "../own"}, "priors"),
        ({"own": "x" * 30_000}, "own"),
        ({"folder": "/"}, "folder"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(runs_served: Served, asked: dict[str, object], said: str) -> None:
    status, found = post(runs_served, "/api/runs", asked)
    assert status == 422 and found["status"] == 422 and said in found["detail"]
    assert json.loads(runs_served.get("/api/runs").body) == []
    fields = {"scenario": "2025", "priors": "neutral", "worlds": 2048, "seed": 1, **asked}
    if "folder" not in asked:
        reply = runs_served.get("/runs.html", "POST", urlencode(fields).encode("ascii"), **FORM)
        assert reply.status == 422 and "Traceback" not in reply.text


@pytest.mark.parametrize("id_", ["0" * 12, "..%2f..%2fetc", "abc", "../asked", "0123456789AB"])
def test_there_is_no_other_run(runs_served: Served, id_: str) -> None:
    for path in (f"/runs/{id_}.html", f"/choices.html?run={id_}"):
        assert runs_served.get(path).status in (404, 422), path
    for path in (f"/api/runs/{id_}", f"/api/runs/{id_}/result"):
        assert runs_served.get(path).status in (404, 422), path
    assert form(runs_served, f"/runs/{id_}.html", action="remove")[0] == 404


def test_pages_of_elsewhere_start_nothing(runs_served: Served) -> None:
    data = urlencode({"scenario": "2025", "priors": "neutral", "worlds": 2048, "seed": 1}).encode("ascii")
    for headers in ({"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "http://evil.example"},
                    {"origin": "null"}):  # fmt: skip
        assert runs_served.get("/runs.html", "POST", data, **FORM, **headers).status == 403, headers
        assert post(runs_served, "/api/runs", SMALL, **headers)[0] == 403, headers
        assert runs_served.get("/api/runs/" + "0" * 12, "DELETE", **headers).status == 403, headers
    assert runs_served.get("/runs.html", "POST", data, content_type="text/plain").status == 415
    assert runs_served.get("/runs.html", "PUT", data).status == 405
    assert json.loads(runs_served.get("/api/runs").body) == []
    assert from_here({"origin": "http://127.0.0.1:80", "host": "127.0.0.1:80"})
    assert not from_here({"origin": "http://127.0.0.1:81", "host": "127.0.0.1:80"})


def test_a_server_that_keeps_none_says_so(served: Served) -> None:
    assert served.get("/runs.html").status == 404
    assert post(served, "/api/runs", SMALL)[0] == 404
    assert json.loads(served.get("/api/runs").body) == []
    assert "dualtrack serve, then Choices" in served.get("/choices.html").text


def test_a_run_that_takes_too_long_or_dies_is_ended_and_can_go_on(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs", lambda: date(2016, 5, 9), seconds=0.3)
    asked = Request("warsaw-2016", "neutral", LEAST, 1)
    id_ = runs.start(asked).id
    end = time.monotonic() + 30
    while runs.known(id_).state == "running" and time.monotonic() < end:
        time.sleep(0.02)
    found = runs.known(id_)
    assert found.state == "failed" and "more than 0.3 seconds" in found.problem
    assert runs.resume(id_).state == "running"
    runs.close()
    assert runs.known(id_).state == "stopped"
    assert runs._processes == {}


def test_only_so_many_are_kept_and_the_disk_is_not_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(tmp_path / "runs", lambda: date(2016, 5, 9))
    asked = Request("warsaw-2016", "neutral", LEAST, 1)
    monkeypatch.setattr(module, "_ROOM", 2**62)
    with pytest.raises(Refused, match="too little room"):
        runs.start(asked)
    monkeypatch.setattr(module, "_ROOM", 0)
    monkeypatch.setattr(module, "KEPT", 1)
    id_ = runs.start(asked).id
    runs.stop(id_)
    with pytest.raises(Refused, match="kept already"):
        runs.start(asked)
    with pytest.raises(NoSuchName):
        runs.told(id_)
    runs.remove(id_)
    assert runs.listed() == []


def test_a_process_ends_with_the_server_that_started_it(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs", lambda: date(2016, 5, 9))
    id_ = runs.start(Request("warsaw-2016", "neutral", MOST, 1)).id
    process = runs._processes[id_]
    assert isinstance(process, subprocess.Popen) and process.stdin
    process.stdin.close()  # as when the server is gone
    assert process.wait(60) == 3
