"""``dualtrack choose complementarity``: what each track does to the other in one quarter, and through what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualtrack.cli.options import Folder, Json
from dualtrack.cli.progress import counting
from dualtrack.cli.scenario import Scenario, asked_of, headed, said_of, words
from dualtrack.core.errors import BadInput

if TYPE_CHECKING:
    from dualtrack.choice.estimate import Estimate
    from dualtrack.choice.mutual import Mutual
    from dualtrack.choice.parameters import Floats
    from dualtrack.choice.scenario import Scenario as Asked

_MOST = 100_000  # worlds of a set
_LABEL, _WIDE = 56, 12  # columns of the text
_NOTES = (
    "A share of worlds is a share of a box of assumptions, not a probability; no set of priors stands alone.",
    "That each track makes the other worth more does not make both the best: see choose explore.",
)


def complementarity(
    scenario: Scenario,
    worlds: Annotated[int, typer.Option("--worlds", help="Worlds of each set of priors.", min=1, max=_MOST)] = 2048,
    seed: Annotated[int, typer.Option("--seed", help="Of the Sobol sequence.", min=0)] = 2016,
    presence: Annotated[str, typer.Option("--presence", help="Compared with none: 1/3, 2/3, 1.")] = "2/3",
    dialogue: Annotated[str, typer.Option("--dialogue", help="Compared with none: 1/2, 1.")] = "1",
    unexplained: Annotated[bool, typer.Option("--unexplained", help="Not explained in public.")] = False,
    national: Annotated[bool, typer.Option("--national", help="National troops, not a multinational form.")] = False,
    record: Folder = None,
    as_json: Json = False,
) -> None:
    """What each track does to the other in one quarter: signs, closed forms, and what each channel adds."""
    from dualtrack.choice.mutual import mutual
    from dualtrack.choice.sampling import sample
    from dualtrack.choice.static import Pair

    pair = Pair(_level("--presence", presence), _level("--dialogue", dialogue), float(not unexplained),
                float(not national))  # fmt: skip
    asked, boxes = asked_of(scenario, record)
    with counting("worlds") as [told]:
        drawn = {name: sample(box, worlds, seed) for name, box in boxes.items()}
        found = mutual(boxes[asked.priors].nominal, drawn, pair, told)
    if as_json:
        typer.echo(json.dumps(_json(asked, found, worlds, seed), indent=2))
        return
    for line in _text(asked, found, worlds, seed):
        typer.echo(line)


def _level(option: str, given: str) -> float:
    try:
        level = float(Fraction(given))
    except (ValueError, ZeroDivisionError, OverflowError):
        level = 0.0
    if not 0 < level <= 1:
        raise BadInput(f"{option} {given} cannot be used.", "Give a share above 0 and at most 1, such as 2/3 or 0.5.")
    return level


def _text(asked: Asked, found: Mutual, worlds: int, seed: int) -> list[str]:
    pair = found.pair
    form = f"{'' if pair.explain else 'un'}explained, {'multinational' if pair.multinational else 'national'}"
    return [
        headed(asked, "answers and does not look ahead"),
        f"  Both tracks (presence {_short(pair.presence)}, dialogue {_short(pair.dialogue)}; {form}) beside each alone "
        "and neither, in one quarter",
        *_effects(found, worlds),
        *_parts(found),
        *_sustained(found),
        "",
        f"Seed {seed}, model {said_of(asked)['model']}; standard errors of shares with --json.",
        *_NOTES,
    ]


def _effects(found: Mutual, worlds: int) -> list[str]:
    lines = [
        "",
        f"What both do beyond their parts, and in percent of {worlds:,} worlds of each set where it speaks for both",
        *_heads(found, "nominal"),
    ]
    for effect in found.effects:
        lines.append(_line(effect.title, f"{effect.cross[0]:+.4f}", found.speak[effect.id]))
        lines.append(f"    {_sign(effect.speaks_for[0])}; {effect.unit}; {effect.formula}")
        lines.append(f"    for both where {effect.helps}")
    return [
        *lines,
        "  Cross-differences above zero, all of the above at work:",
        _line("  value of this quarter", "", found.above["value"]),
        _line("  support a quarter later", "", found.above["support"]),
    ]


def _parts(found: Mutual) -> list[str]:
    value, support, titles = found.sums["value"], found.sums["support"], _titles()

    def part(label: str, worth: Floats, seen: Floats) -> str:
        return f"  {label:<{_LABEL}}{worth[0]:>+9.4f}{seen[0]:>+10.4f}"

    return [
        "",
        "What that adds in the nominal world, by channel: the mean over all orders of switching channels on (Shapley)",
        f"  {'':<{_LABEL}}{'value':>9}{'support':>10}",
        *(part(titles[name], own, support.by_channel[name]) for name, own in value.by_channel.items()),
        part("left with all of these off", value.rest, support.rest),
        part("together", value.total, support.total),
        "  Value: of this quarter, in about 10 bn USD of 2016. Support: share of the public, a quarter later.",
        f"  Over all quarters, the other side looking ahead (exact): {found.later:+.3f} in value.",
    ]


def _sustained(found: Mutual) -> list[str]:
    lines = [
        "",
        f"The largest presence that support bears without falling, and percent of worlds that bear "
        f"{_short(found.pair.presence)}",
        *_heads(found, "nominal"),
    ]
    for one in found.sustained:
        label = f"{'with' if one.dialogue else 'without'} dialogue, {'' if one.explain else 'un'}explained"
        lines.append(_line(label, "none" if one.most is None else f"{one.most:.2f}", one.shares))
    return [*lines, "  Pressure that rallies the public is left out. None: support falls without any presence, too."]


def _heads(found: Mutual, figure: str) -> list[str]:
    """Two lines over the columns: names of sets are broken where they are long."""
    names = [wrap(words(name), _WIDE - 2)[:2] for name in found.above["value"]]
    upper = "".join(f"{name[0] if len(name) > 1 else '':>{_WIDE}}" for name in names)
    lower = "".join(f"{name[-1]:>{_WIDE}}" for name in names)
    return [f"  {'':<{_LABEL + 9}}{upper}", f"  {'':<{_LABEL}}{figure:>9}{lower}"]


def _line(label: str, figure: str, shares: Mapping[str, Estimate]) -> str:
    return f"  {label:<{_LABEL}}{figure:>9}" + "".join(f"{100 * one.value:>{_WIDE}.1f}" for one in shares.values())


def _json(asked: Asked, found: Mutual, worlds: int, seed: int) -> dict[str, Any]:
    pair, titles = found.pair, _titles()
    return {
        **said_of(asked), "looks_ahead": False, "quarters": 1, "worlds": worlds, "seed": seed,
        "pair": {"presence": pair.presence, "dialogue": pair.dialogue, "explain": pair.explain,
                 "multinational": pair.multinational},
        "effects": [
            {"id": one.id, "title": one.title, "unit": one.unit, "formula": one.formula, "helps": one.helps,
             "nominal": float(one.cross[0]), "speaks_for": int(one.speaks_for[0]), "shares": _each(found.speak[one.id])}
            for one in found.effects
        ],
        "contributions": {
            measure: {
                "channels": [
                    {"id": name, "title": titles[name], "part": float(part[0])}
                    for name, part in own.by_channel.items()
                ],
                "rest": float(own.rest[0]), "total": float(own.total[0]), "above_zero": _each(found.above[measure]),
            }
            for measure, own in found.sums.items()
        },
        "value_over_all_quarters": found.later,
        "sustained": [
            {"dialogue": one.dialogue, "explain": one.explain, "most": one.most, "shares": _each(one.shares)}
            for one in found.sustained
        ],
        "notes": list(_NOTES),
    }  # fmt: skip


def _titles() -> dict[str, str]:
    from dualtrack.choice.channels import CHANNELS

    return {channel.id: channel.title for channel in CHANNELS}


def _each(shares: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {name: {"share": share.value, "error": share.error} for name, share in shares.items()}


def _sign(speaks: float) -> str:
    return {1: "speaks for both", -1: "speaks against both"}.get(int(speaks), "no such effect")


def _short(level: float) -> str:
    return str(Fraction(level).limit_denominator(12))
