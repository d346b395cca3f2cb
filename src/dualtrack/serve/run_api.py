"""Runs of the model as an API: started, watched, stopped, resumed, removed, and what they say as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, Path, Response
from fastapi import Request as Asked
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from dualtrack.core.errors import NoSuchName
from dualtrack.publish.choices.told import Told
from dualtrack.serve.answers import PROBLEM, json_of
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.problems import as_answer
from dualtrack.serve.run_pages import from_here
from dualtrack.serve.runs import LEAST, LONGEST_FILE, MOST, MOST_SEED, Known, Request, Runs, State

Id = Annotated[str, Path(max_length=40, pattern="^[0-9a-f]{1,40}$", description="of a run", examples=["0123456789ab"])]
Responses = dict[int | str, dict[str, Any]]

_BUSY: Responses = {503: {"description": "Another run is on, or too many are kept.", **PROBLEM}}
_NOT_NOW: Responses = {409: {"description": "The run is not in a state for that.", **PROBLEM}}
_NOT_HERE: Responses = {403: {"description": "Asked by a page of another site.", **PROBLEM}}


class NewRun(BaseModel):
    """A run to be started."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = Field("warsaw-2016", max_length=80, description="one that comes with dualtrack")
    priors: str = Field("neutral", max_length=80, description="the set of priors it is told under")
    worlds: int = Field(8192, ge=LEAST, le=MOST, description="worlds of that set")
    seed: int = Field(2016, ge=0, le=MOST_SEED, description="of the Sobol sequence")
    own: str = Field("", max_length=LONGEST_FILE, description="a scenario as YAML, instead of scenario and priors")


class KnownRun(BaseModel):
    """A run as it is now."""

    id: str
    scenario: str
    priors: str
    worlds: int
    seed: int
    state: State
    phase: str = Field(description="beginning, solving or telling")
    done: int = Field(description="worlds solved, of all sets of priors")
    of: int
    began: str = Field(description="UTC")
    file: str = Field(description="of the scenario, in the folder of the run")
    problem: str
    fix: str
    url: str
    page: str


def add_runs(app: FastAPI, runs: Runs) -> None:
    """Adds the routes of runs to the API."""

    @app.get("/api/runs", summary="Runs of the model", tags=["runs"], **json_of(list[KnownRun]))
    def listed() -> Response:
        return _answered(lambda: [_shown(one) for one in runs.listed()])

    @app.post(
        "/api/runs", summary="Start a run", tags=["runs"], status_code=201,
        responses={201: {"description": "It has begun.", "model": KnownRun},
                   **_refusals(404, 422), **_BUSY, **_NOT_HERE},
    )  # fmt: skip
    def start(new: NewRun, request: Asked) -> Response:
        def begun() -> Known:
            return runs.start(Request(new.scenario, new.priors, new.worlds, new.seed, new.own.strip() and new.own))

        return _changed(request, begun, 201)

    @app.get("/api/runs/{id}", summary="How far a run is", tags=["runs"], **json_of(KnownRun))
    def known(id: Id) -> Response:
        return _answered(lambda: _shown(runs.known(id)))

    @app.get("/api/runs/{id}/result", summary="What a run says", tags=["runs"], **json_of(Told))
    def result(id: Id) -> Response:
        return _answered(lambda: runs.told(id).model_dump(mode="json"))

    for action, do, summary in (
        ("stop", runs.stop, "Stop a run; what is solved is kept"),
        ("resume", runs.resume, "Go on with a run that was stopped"),
    ):  # fmt: skip
        app.post(
            f"/api/runs/{{id}}/{action}", summary=summary, tags=["runs"], operation_id=f"{action}_run",
            responses={200: {"description": "Done.", "model": KnownRun}, **_refusals(404, 422), **_NOT_NOW, **_BUSY,
                       **_NOT_HERE},
        )(_action(do))  # fmt: skip

    @app.delete(
        "/api/runs/{id}", summary="End and delete a run", tags=["runs"], status_code=204,
        responses={204: {"description": "It is gone."}, **_refusals(404, 422), **_NOT_HERE},
    )  # fmt: skip
    def remove(id: Id, request: Asked) -> Response:
        def gone() -> None:
            runs.remove(id)

        return _changed(request, gone, 204)


def _action(do: Callable[[str], Known]) -> Callable[..., Response]:
    def act(id: Id, request: Asked) -> Response:
        return _changed(request, lambda: do(id), 200)

    return act


def _refusals(*statuses: int) -> Responses:
    said = {404: "There is none.", 422: "It cannot be asked."}
    return {status: {"description": said[status], **PROBLEM} for status in statuses}


def _shown(one: Known) -> dict[str, Any]:
    return {**asdict(one), "url": f"/api/runs/{one.id}", "page": f"/runs/{one.id}.html"}


def _changed(request: Asked, do: Callable[[], Known | None], status: int) -> Response:
    if not from_here(request.headers):
        return _problem(403, "Requests of other sites are not answered.", "")

    def done() -> Any:
        found = do()
        return _shown(found) if found else None

    return _answered(done, status)


def _answered(make: Callable[[], Any], status: int = 200) -> Response:
    try:
        found = make()
    except Refused as error:
        return _problem(error.status, error.detail, error.fix)
    except NoSuchName as error:
        return _problem(404, error.problem, error.fix)
    headers = {"cache-control": "no-store", **({"location": found["url"]} if status == 201 else {})}
    if found is None:
        return Response(None, status, headers=headers)
    return JSONResponse(found, status, headers=headers)


def _problem(status: int, detail: str, fix: str) -> Response:
    answer = as_answer(status, detail, fix)
    return Response(answer.body, status, media_type=answer.media, headers={"cache-control": "no-store"})
