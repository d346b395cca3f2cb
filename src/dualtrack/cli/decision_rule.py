"""``dualtrack choose rule``: what a given rule is worth, one package below a belief and another from it on."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from dualtrack.cli.options import Folder, Json
from dualtrack.cli.progress import counting
from dualtrack.cli.scenario import Scenario, asked_of, headed, package_named, said_of
from dualtrack.core.errors import BadInput

_NOTES = (
    "The other side answers each quarter's package and does not foresee the rule: choose solve, where it looks ahead, "
    "gives figures that are not to be compared with these.",
    "One world of many, none of them a forecast.",
)
_BEST = "the best rule over the two"


def rule(
    scenario: Scenario,
    belief: Annotated[
        list[float],
        typer.Option("--belief", help="That the other side is greedy, where the rule changes; may be given again."),
    ],
    below: Annotated[str, typer.Option("--below", help="Package below it, by its name in the scenario.")],
    above: Annotated[str, typer.Option("--above", help="Package from it on.")],
    gap: Annotated[
        float,
        typer.Option("--gap", help="How near the bounds are brought, as a share of the value; less takes longer."),
    ] = 0.003,
    record: Folder = None,
    as_json: Json = False,
) -> None:
    """What a rule is worth, one package below a belief and another from it on: certified bounds."""
    from dualtrack.choice.adaptive import adaptive
    from dualtrack.choice.decision import START_STATE
    from dualtrack.choice.following import Rule, evaluate_policy
    from dualtrack.choice.information import constants

    for one in belief:
        if not 0 < one < 1:
            raise BadInput(f"--belief {one:g} cannot be used.", "Give a number between 0 and 1, such as 0.2.")
    if not 0 < gap < 1:
        raise BadInput(f"--gap {gap:g} cannot be used.", "Give a share between 0 and 1, such as 0.003.")
    asked, boxes = asked_of(scenario, record)
    packages = [package_named(asked, below), package_named(asked, above)]
    if packages[0] == packages[1]:
        raise BadInput("Below and above the belief stands the same package.", "Name two different ones.")
    world = boxes[asked.priors].nominal
    best = adaptive(world, packages)
    prior = best.decision.belief
    seeking, greedy = constants(best.decision)[:, :, START_STATE].T
    held = [float(value) for value in (1 - prior) * seeking + prior * greedy]
    rows: list[dict[str, Any]] = []
    with counting("cells of beliefs bounded") as [told]:
        for one in dict.fromkeys(belief):
            found = evaluate_policy(world, packages, Rule.threshold(one, 0, 1), gap, told=told)
            lower, upper = found.value
            rows.append(
                {"belief": one, "value": [lower, upper], "beyond_constant": [lower - max(held), upper - max(held)],
                 "gap": found.gap, "settled": found.settled}
            )  # fmt: skip
    if as_json:
        said = {
            **said_of(asked), "looks_ahead": False, "prior_belief": prior, "gap": gap, "below": below, "above": above,
            "rules": rows, "always": [{"package": below, "value": held[0]}, {"package": above, "value": held[1]}],
            "best_rule": list(best.value), "notes": list(_NOTES),
        }  # fmt: skip
        typer.echo(json.dumps(said, indent=2))
        return
    typer.echo(f"{headed(asked, 'answers and does not look ahead')}; it is believed greedy at {prior:g}\n")
    wide = max(len(f"always “{below}”"), len(f"always “{above}”"), len(_BEST))
    for row in rows:
        finest = "" if row["settled"] else "  (as near as the finest cells bring them)"
        typer.echo(f"  {'change at {:g}'.format(row['belief']):<{wide}}{_bounds(row['value'])}{finest}")
    for name, value in zip((below, above), held, strict=True):
        typer.echo(f"  {f'always “{name}”':<{wide}}{value:>12.3f}")
    typer.echo(f"  {_BEST:<{wide}}{_bounds(list(best.value))}")
    typer.echo(f"\nBelow the belief “{below}”, from it on “{above}”, whatever support and tension are.")
    for row in rows:
        typer.echo(f"Changing at {row['belief']:g} {_beyond(*row['beyond_constant'])}")
    typer.echo(
        "The best rule may look at support and tension too.\n"
        "Value: expected discounted sum in about 10 bn USD of 2016, at least and at most."
    )
    for note in _NOTES:
        typer.echo(note)


def _beyond(low: float, high: float) -> str:
    if low <= 0 <= high:
        return "cannot be told apart from the better of the two kept always."
    what = "more" if low > 0 else "less"
    least, most = sorted((abs(low), abs(high)))
    return f"is worth {least:.3f} to {most:.3f} {what} than the better of the two kept always."


def _bounds(ends: list[float]) -> str:
    return f"{ends[0]:>12.3f} to {ends[1]:.3f}"
