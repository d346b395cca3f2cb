"""``choose complementarity``, ``rule`` and ``equilibria``: the figures are those of the model, the notes honest."""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dualtrack.api import open_record
from dualtrack.choice import following, quantal
from dualtrack.choice.constant import constant
from dualtrack.choice.decision import START_STATE
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.sampling import sample
from dualtrack.choice.scenario import read_scenario
from dualtrack.choice.static import Pair, contributions, effects, sustainable_presence
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput, NoSuchName

RECORD = open_record()
WARSAW = read_scenario("warsaw-2016", RECORD)
WORLD = WARSAW.box(RECORD).nominal
FOUR, BOTH = "four battalions and dialogue", "both"
SETS = ["neutral", "article", "sceptic_of_dialogue", "sceptic_of_presence"]
PACKAGES = {one.name: one.package for one in WARSAW.packages}


def ask(*words: str) -> str:
    result = CliRunner().invoke(app, ["choose", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_complementarity_has_signs_parts_and_shares_of_every_set() -> None:
    command = ["complementarity", "warsaw-2016", "--worlds", "64", "--presence", "1/3", "--unexplained"]
    found, pair = json.loads(ask(*command, "--json")), Pair(1 / 3, 1.0, 0.0, 1.0)
    assert (found["looks_ahead"], found["quarters"], found["worlds"]) == (False, 1, 64)
    drawn = {name: sample(WARSAW.box(RECORD, name), 64, 2016) for name in SETS}
    for told, own in zip(found["effects"], effects(WORLD[None], pair), strict=True):
        assert (told["id"], told["nominal"], told["formula"]) == (own.id, own.cross[0], own.formula)
        assert told["speaks_for"] == own.speaks_for[0] and list(told["shares"]) == SETS
    for name, worlds in drawn.items():
        for told, own in zip(found["effects"], effects(worlds, pair), strict=True):
            assert told["shares"][name]["share"] == np.mean(own.speaks_for > 0)
        bearable = [sustainable_presence(worlds, one["dialogue"], one["explain"]) for one in found["sustained"]]
        for one, most in zip(found["sustained"], bearable, strict=True):
            assert one["shares"][name]["share"] == np.mean([level >= 1 / 3 for level in most])
    value, own_sum = found["contributions"]["value"], contributions(WORLD[None], pair)
    assert {one["id"]: one["part"] for one in value["channels"]} == {
        name: part[0] for name, part in own_sum.by_channel.items()
    }
    assert value["total"] == pytest.approx(sum(one["part"] for one in value["channels"]) + value["rest"])
    text = ask(*command)
    assert "not a probability" in text and "does not make both the best" in text and "does not look ahead" in text
    assert f"{value['total']:+.4f}" in text and "presence 1/3, dialogue 1; unexplained, multinational" in text
    for one in found["effects"]:
        assert one["title"] in text and one["formula"] in text and one["unit"] in text


def test_a_rule_is_told_between_the_bounds_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, values = following.evaluate_policy, []

    def coarse(*given: Any, told: Callable[[int], None]) -> following.Followed:
        found = kept(*given, cells=(16,), told=told)
        values.append((list(found.value), given[2]))
        return found

    monkeypatch.setattr(following, "evaluate_policy", coarse)
    command = ["rule", "warsaw-2016", "--belief", "0.2", "--below", FOUR, "--above", BOTH, "--gap", "0.2"]
    found = json.loads(ask(*command, "--json"))
    [(value, rule)] = values
    [row] = found["rules"]
    assert row["value"] == value and rule.edges.tolist() == [0.2] and rule.chosen[0].tolist() == [0, 1]
    assert found["always"][0]["package"] == FOUR and found["looks_ahead"] is False
    blind = WORLD.copy()[None]
    blind[0, COLUMN["gR"]] = 0.0
    for one, exact in zip(found["always"], constant(blind, [PACKAGES[FOUR], PACKAGES[BOTH]])[0, :, 0], strict=True):
        assert one["value"] == pytest.approx(exact, rel=1e-9)
    better = max(one["value"] for one in found["always"])
    assert row["beyond_constant"] == pytest.approx([value[0] - better, value[1] - better])
    assert found["best_rule"][1] >= value[0], "no rule is worth more than the best one"
    text = ask(*command)
    assert f"{value[0]:.3f} to {value[1]:.3f}" in text and "does not look ahead" in text
    assert "not to be compared" in text and "better of the two kept always" in text


def test_equilibria_are_told_with_their_starts_and_what_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[quantal.Equilibria] = []
    kept, starts = quantal.equilibria, quantal._starts

    def noted(*given: Any, **options: Any) -> quantal.Equilibria:
        ends.append(kept(*given, **options))
        return ends[-1]

    monkeypatch.setattr(quantal, "_starts", lambda *given: list(starts(*given))[:2])
    monkeypatch.setattr(quantal, "equilibria", noted)
    command = ["equilibria", "warsaw-2016", "--package", BOTH, "--package", FOUR, "--beliefs", "5", "--starts", "0"]
    found = json.loads(ask(*command, "--json"))
    [one], [told] = ends[0].found, found["equilibria"]
    assert (told["value"], told["residual"]) == (one.value, one.residual) and told["starts"] == list(ends[0].led[0])
    assert found["interpolated"] and found["looks_ahead"] and "There may be more" in found["notes"][0]
    for line in told["shown"]:
        at = int(np.argmin(np.abs(ends[0].beliefs - line["belief"])))
        mostly = int(one.shown[:, START_STATE, at].argmax())
        assert line["package"] == [BOTH, FOUR][mostly] and line["probability"] == one.shown[mostly, START_STATE, at]
        assert list(line["answers"]["greedy"].values()) == one.answers[mostly, 1, START_STATE, at].tolist()
    exact = constant(WORLD[None], [PACKAGES[BOTH], PACKAGES[FOUR]])[0, :, 0]
    assert found["best_constant"]["value"] == exact.max()
    monkeypatch.setattr(quantal, "equilibria", lambda *a, **b: ends[0])
    text = ask(*command)
    assert "There may be more" in text and "no bounds" in text and f"{one.value:.3f}" in text
    lost = dataclasses.replace(ends[0], unsettled=ends[0].found)
    monkeypatch.setattr(quantal, "equilibria", lambda *a, **b: lost)
    assert re.search(r"Did not settle: .*; \S+ was left after \d+ steps", ask(*command))


def test_what_cannot_be_asked_is_told_with_what_can() -> None:
    rule = ["rule", "warsaw-2016", "--below", FOUR]
    for words, what in (
        ([*rule, "--above", BOTH, "--belief", "0.2", "--gap", "0"], "such as 0.003"),
        ([*rule, "--above", BOTH, "--belief", "1.5"], "between 0 and 1"),
        ([*rule, "--above", BOTH, "--belief", "nan"], "between 0 and 1"),
        ([*rule, "--above", FOUR, "--belief", "0.2"], "two different ones"),
        (["complementarity", "2025", "--presence", "0"], "above 0"),
        (["complementarity", "2025", "--dialogue", "full"], "such as 2/3"),
        (["equilibria", "2025", "--package", BOTH], "two or more"),
        (["equilibria", "2025", "--precision", "nan"], "above 0"),
    ):
        with pytest.raises(BadInput, match=what):
            ask(*words)
    with pytest.raises(NoSuchName, match="dialog only"):
        ask(*rule, "--above", "dialog only", "--belief", "0.2")
