"""``dualtrack choose equilibria``: an adaptive package against another side that looks ahead, in the nominal world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualtrack.cli.options import Folder, Json
from dualtrack.cli.progress import counting
from dualtrack.cli.scenario import Scenario, asked_of, headed, package_named, packages_of, said_of
from dualtrack.core.errors import BadInput

if TYPE_CHECKING:
    from dualtrack.choice.quantal import Ending, Equilibria

_TOLD = (0.01, 0.99)  # beliefs of the grid that are told lie between
_NOTES = (
    "Values are interpolated on the grid of beliefs: they are no bounds, and a finer grid moves them.",
    "None of these is the answer, and none a forecast: one world of many.",
)


def equilibria(
    scenario: Scenario,
    package: Annotated[
        list[str] | None,
        typer.Option("--package", help="Take these alone, by name; all of the scenario's otherwise."),
    ] = None,
    precision: Annotated[
        float, typer.Option("--precision", help="How sharply the chooser chooses, per 10 bn USD of 2016.")
    ] = 200.0,
    beliefs: Annotated[int, typer.Option("--beliefs", help="Points of the grid of beliefs.", min=5, max=65)] = 17,
    starts: Annotated[int, typer.Option("--starts", help="Random starts besides the four named.", min=0)] = 3,
    record: Folder = None,
    as_json: Json = False,
) -> None:
    """Equilibria of a chooser that adapts and another side that looks ahead: all that several starts find."""
    from dualtrack.choice.constant import constant
    from dualtrack.choice.quantal import equilibria as found_of

    if not 0 < precision < float("inf"):
        raise BadInput(f"--precision {precision:g} cannot be used.", "Give a number above 0, such as 200.")
    asked, boxes = asked_of(scenario, record)
    names = list(dict.fromkeys(package)) if package else list(packages_of(asked))
    packages = [package_named(asked, name) for name in names]
    if len(packages) < 2:
        raise BadInput("One package leaves nothing to choose.", "Name two or more, or none to take them all.")
    world = boxes[asked.priors].nominal
    with counting("starts done") as [done]:
        found = found_of(
            world, packages, precision=precision, size=beliefs, seeds=range(1, starts + 1), told=lambda _: done(1)
        )
    held = constant(world[None], packages)[0, :, 0]
    best = {"package": names[int(held.argmax())], "value": float(held.max())}
    told = [_told(one, led, found, names) for one, led in zip(found.found, found.led, strict=True)]
    lost = [{"start": one.start, "residual": one.residual, "steps": one.steps} for one in found.unsettled]
    if as_json:
        said = {
            **said_of(asked), "looks_ahead": True, "interpolated": True, "packages": names, "precision": precision,
            "beliefs": beliefs, "equilibria": told, "unsettled": lost, "best_constant": best,
            "notes": [found.note, *_NOTES],
        }  # fmt: skip
        typer.echo(json.dumps(said, indent=2))
        return
    typer.echo(f"{headed(asked, 'answers, looks ahead and foresees what its answer shows')}\n\n{found.note}")
    for number, one in enumerate(told, 1):
        typer.echo(f"\n{number}. value {one['value']:.3f}; equations hold to {one['residual']:.0e}")
        typer.echo(f"   from: {'; '.join(one['starts'])}")
        wide = max(len(name) for name in names)
        typer.echo(f"   {'belief':<8}{'shown mostly':<{wide + 2}}{'with':>6}   pressure, challenge: seeking; greedy")
        for line in one["shown"]:
            answers = "; ".join(f"{a['pressure']:.1%}, {a['challenge']:.2%}" for a in line["answers"].values())
            typer.echo(f"   {line['belief']:<8.2f}{line['package']:<{wide + 2}}{line['probability']:>6.0%}   {answers}")
    for one in lost:
        typer.echo(f"\nDid not settle: {one['start']}; {one['residual']:.1e} was left after {one['steps']} steps.")
    typer.echo(
        "\nBelief: that the other side is greedy; shown at the start's support of 50 percent and tension of 1.\n"
        f"For comparison, never changing and exact: “{best['package']}”, value {best['value']:.3f}.\n"
        "Value: expected discounted sum in about 10 bn USD of 2016."
    )
    for note in _NOTES:
        typer.echo(note)


def _told(one: Ending, led: tuple[str, ...], found: Equilibria, names: list[str]) -> dict[str, Any]:
    """An equilibrium at the state at the start: what is shown mostly, and what either type answers to that."""
    from dualtrack.choice.decision import START_STATE

    shown = []
    for at, belief in enumerate(found.beliefs):
        if _TOLD[0] <= belief <= _TOLD[1]:
            mostly = int(one.shown[:, START_STATE, at].argmax())
            answers = {
                kind: dict(zip(("restraint", "pressure", "challenge"), map(float, own), strict=True))
                for kind, own in zip(("seeking", "greedy"), one.answers[mostly, :, START_STATE, at], strict=True)
            }
            shown.append(
                {"belief": float(belief), "package": names[mostly],
                 "probability": float(one.shown[mostly, START_STATE, at]), "answers": answers}
            )  # fmt: skip
    return {
        "value": one.value, "residual": one.residual, "steps": one.steps, "starts": list(led), "shown": shown,
    }  # fmt: skip
