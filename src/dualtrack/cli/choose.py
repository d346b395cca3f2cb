"""``dualtrack choose``: solve a world, explore many, report on a run, verify the solvers, and ask more of one world."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dualtrack.api import OpenRecord
from dualtrack.cli.complementarity import complementarity
from dualtrack.cli.decision_rule import rule
from dualtrack.cli.equilibria import equilibria
from dualtrack.cli.options import Folder, Json, opened
from dualtrack.cli.scenario import Scenario, headed, said_of
from dualtrack.core.errors import BadInput

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Choose a policy: under which assumptions does a package hold up?"
)


@app.command()
def solve(
    scenario: Scenario,
    adaptive: Annotated[
        bool,
        typer.Option("--adaptive", help="Also what adapting, knowing the other side's type and a review are worth."),
    ] = False,
    record: Folder = None,
    as_json: Json = False,
) -> None:
    """Solve the nominal world of a scenario: the value and the rates of each package it names."""
    from dualtrack.choice.constant import constant
    from dualtrack.choice.outcomes import OUTCOMES
    from dualtrack.choice.scenario import read_scenario

    known = _record(record)
    asked = read_scenario(scenario, known)
    box = asked.box(known)
    found = constant(box.nominal[None], [named.package for named in asked.packages])[0]
    rows = [
        {"package": named.name, **dict(zip(OUTCOMES, map(float, outcomes), strict=True))}
        for named, outcomes in zip(asked.packages, found, strict=True)
    ]
    about = {**said_of(asked), "exact": True}
    adapting = _adaptive(box.nominal) if adaptive else None
    if as_json:
        typer.echo(json.dumps({**about, "packages": rows, **({"adaptive": adapting} if adapting else {})}, indent=2))
        return
    typer.echo(f"{headed(asked, 'answers and looks ahead')}; exact values of constant packages\n")
    wide = max(len(named.name) for named in asked.packages)
    heads = ("value", "challenge", "lost", "escalation", "pressure", "support")
    typer.echo(f"  {'package':<{wide}}" + "".join(f"{head:>12}" for head in heads))
    for row in rows:
        rates = "".join(f"{row[head]:>12.3%}" for head in heads[1:])
        typer.echo(f"  {row['package']:<{wide}}{row['value']:>12.3f}{rates}")
    if adapting:
        typer.echo(
            "\nAgainst another side that does not look ahead, with all 48 packages to choose from each quarter:\n"
            f"  best adaptive package               {_bounds(adapting['value'])}\n"
            f"  worth of adapting                   {_bounds(adapting['adapting'])}\n"
            f"  worth of one review after a year    {_bounds(adapting['review_after_4_quarters'])}\n"
            f"  worth of knowing the type           {_bounds(adapting['knowing'])}"
        )
    typer.echo(
        "\nValue: expected discounted sum in about 10 bn USD of 2016; the others: discounted means per quarter.\n"
        "One world of many, none of them a forecast: see choose explore."
    )


def _adaptive(world: Any) -> dict[str, Any]:
    """Bounds of what adapting is worth in a world, and against what other side."""
    from dualtrack.choice.information import information, review

    found, reviewed = information(world), review(world, 4)
    return {
        "adversary": found.solution.adversary, "value": list(found.solution.value),
        "adapting": list(found.adaptivity), "knowing": list(found.knowing),
        "review_after_4_quarters": list(reviewed.clause), "best_constant": found.constant,
    }  # fmt: skip


def _bounds(ends: list[float]) -> str:
    return f"{ends[0]:9.3f} to {ends[1]:.3f}"


@app.command()
def explore(
    scenario: Scenario,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the run; one begun there is taken up again.")],
    worlds: Annotated[int, typer.Option("--worlds", help="Worlds of the scenario's priors.", min=1)] = 8192,
    seed: Annotated[int, typer.Option("--seed", help="Of the Sobol sequence.", min=0)] = 2016,
    until_stable: Annotated[
        bool, typer.Option("--until-stable", help="Stop once the ranking has stayed over three doublings.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", help="Processes, each with one thread.", min=1, max=256)] = 1,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="A Dask scheduler (trusted networks only).", metavar="ADDRESS")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Also write experiments and outcomes for EMA workbench (.tar.gz).")
    ] = None,
    record: Folder = None,
) -> None:
    """Solve every package in many worlds; the run can be interrupted, resumed and continued."""
    from dualtrack.choice.run import explore as run_of
    from dualtrack.choice.scenario import read_scenario
    from dualtrack.tracks.shards import Cluster, Here, Place, Processes

    if cluster and workers > 1:
        raise BadInput("--cluster and --workers are given.", "The cluster has its own workers: leave --workers out.")
    known = _record(record)
    asked = read_scenario(scenario, known)
    place: Place = Cluster(cluster) if cluster else Processes(workers) if workers > 1 else Here()
    try:
        with _progress() as told:
            run = run_of(asked, known, worlds, seed, out, place, until_stable, told)
    except KeyboardInterrupt:
        print(f"Interrupted. What is done is kept in {out}: the same command goes on from there.", file=sys.stderr)
        raise
    finally:
        if isinstance(place, Cluster):
            place.close()
    if export:
        from dualtrack.publish.choices.ema import write_ema

        write_ema(run, asked, export)
    total = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in run.about["worlds"].items())
    typer.echo(f"{out}: {len(run.packages)} packages in {total} worlds. Next: dualtrack choose report {out}")


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="DIR")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The page; report.html in the run's folder unless given.")
    ] = None,
    record: Folder = None,
) -> None:
    """Write the page of a run: what holds up, under which assumptions, and what would flip it."""
    from dualtrack.choice.run import load, scenario_of
    from dualtrack.publish.choices.report import write_report

    run, known = load(folder), _record(record)
    page = out or folder / "report.html"
    said = write_report(run, scenario_of(folder, known), known, page)
    typer.echo(f"{page}")
    for line in said:
        typer.echo(f"  {line}")


@app.command()
def verify(as_json: Json = False) -> None:
    """Solve what has a known answer: expected, got, difference; ends with 1 if one is off."""
    from dualtrack.choice.verification import checks

    found = checks()
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found], indent=2))
    else:
        for one in found:
            mark = "ok " if one.holds else "OFF"
            typer.echo(
                f"{mark} {one.id:<5} {one.title:<76.76} {one.expected:>16.10g} {one.got:>16.10g} "
                f"{one.difference:>9.1e} (at most {one.tolerance:.0e})"
            )
    off = sum(not one.holds for one in found)
    typer.echo(f"{len(found) - off} of {len(found)} as expected.", err=as_json)
    if off:
        raise typer.Exit(1)


app.command()(complementarity)
app.command()(rule)
app.command()(equilibria)


def _told(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "title": one.title, "expected": one.expected, "got": one.got, "difference": one.difference,
        "tolerance": one.tolerance, "holds": one.holds, "source": one.source,
    }  # fmt: skip


def _record(folder: Path | None) -> OpenRecord:
    return opened(None, folder, "any")


@contextmanager
def _progress() -> Iterator[Any]:
    """A line on standard error with what is done and how long the rest will take; only on a terminal."""
    shown = sys.stderr.isatty()
    begun = time.monotonic()
    first: list[int] = []

    def told(done: int, of: int) -> None:
        first[:] = first or [done]
        fresh = done - first[0]
        left = (of - done) * (time.monotonic() - begun) / fresh if fresh else None
        if shown:
            rest = f", about {left:.0f} s left" if left is not None else ""
            print(f"\r{done:,} of {of:,} worlds{rest}\x1b[K", end="", file=sys.stderr, flush=True)

    try:
        yield told
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
