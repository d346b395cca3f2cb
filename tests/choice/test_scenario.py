"""Scenarios: those of the package, a swap of roles mirrored bit for bit, and broken files told with line and fix."""

from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.sampling import sample
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.core.errors import BadInput

RECORD = open_record("2026-11-25")
WHOLE = """title: Own
question: Which?
as_of: "2016-05-09"
chooser: A
sides:
  A:
    name: One
    alliance:
      trip: {range: [0, 0.2], why: weak}
    adversary:
      V_G: {range: 1.7, why: eager}
  B:
    name: Other
    alliance:
      kW: {range: [0.1, 0.3], why: divided}
    adversary:
      L: {range: [1, 2], why: cautious}
between:
  lam: {range: 0.02, why: close}
priors: article
"""
SWAPPED = WHOLE.translate(str.maketrans("AB", "BA"))


def write(folder: Path, text: str, name: str = "own.yml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", sorted(packaged_scenarios()))
def test_those_of_the_package_are_whole(name: str) -> None:
    found = read_scenario(name, RECORD)
    assert len(found.compared) >= 48 and found.priors == "neutral"


def test_assumptions_come_from_the_role_each_side_has(tmp_path: Path) -> None:
    box = read_scenario(write(tmp_path, WHOLE), RECORD).box(RECORD)
    assert (box.low[COLUMN["trip"]], box.high[COLUMN["trip"]]) == (0, 0.2)
    assert (box.low[COLUMN["L"]], box.high[COLUMN["L"]]) == (1, 2)
    assert box.high[COLUMN["V_G"]] == 2.0 and box.high[COLUMN["kW"]] == 0.6, "what they would be in the other role"
    assert box.low[COLUMN["lam"]] == box.nominal[COLUMN["lam"]] == box.high[COLUMN["lam"]] == 0.02


def test_the_other_side_chooses_by_its_own_assumptions(tmp_path: Path) -> None:
    other = read_scenario(write(tmp_path, WHOLE.replace("chooser: A", "chooser: B")), RECORD).box(RECORD)
    assert other.low[COLUMN["V_G"]] == other.high[COLUMN["V_G"]] == 1.7
    assert (other.low[COLUMN["kW"]], other.high[COLUMN["kW"]]) == (0.1, 0.3)


def test_a_swap_of_sides_is_mirrored_bit_for_bit(tmp_path: Path) -> None:
    one, other = (
        read_scenario(write(tmp_path, text, name), RECORD) for text, name in ((WHOLE, "a.yml"), (SWAPPED, "b.yml"))
    )
    assert one.sides[one.chooser].name == other.sides[other.chooser].name
    assert one.digest == other.digest
    values = [constant(sample(s.box(RECORD), 64, 3), s.compared[::6]) for s in (one, other)]
    assert values[0].tobytes() == values[1].tobytes()


def test_the_example_from_the_other_side_has_the_figures_of_warsaw() -> None:
    """Who is called NATO and who Russia has no part in a share of worlds: roles exchanged, shares exchanged."""
    here = read_scenario("warsaw-2016", RECORD)
    there = read_scenario("moscow-chooses", RECORD)
    assert (here.chooser, there.chooser) == ("A", "B")
    assert {side: one.name for side, one in here.sides.items()} == {side: o.name for side, o in there.sides.items()}
    assert here.digest == there.digest
    named = [[one.package for one in found.packages if one.name in ("deterrence only", "dialogue only", "both")]
             for found in (here, there)]  # fmt: skip
    values = [constant(sample(s.box(RECORD), 64, 3), of) for s, of in zip((here, there), named, strict=True)]
    assert values[0].tobytes() == values[1].tobytes()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chooser: A", "chooser: C", ":4: chooser"),
        ("trip: {", "tripp: {", ":9: "),
        ("trip: {", "tripp: {", "Did you mean trip"),
        ("[0, 0.2]", "[0.2, 0]", "the lower end 0.2 is above the upper end 0"),
        ("[0, 0.2]", "[0, .nan]", ":9: "),
        ("trip: {", "V_S: {", "own.yml:9: V_S describes the adversary, not the alliance"),
        ("lam: {", "trip: {", "own.yml:19: trip describes the alliance"),
        ("trip: {", "lam: {", "Put it under between"),
        ("priors: article", "priors: neutrel", "Did you mean neutral"),
        ("priors: article", "priors: other.yml", "There is no file"),
        ("priors: article", "packages: [{name: a, presence: 2, dialogue: 0, explain: 0, multinational: 0}]", ":20: "),
        ('as_of: "2016-05-09"', "as_of: May", ":3: as_of"),
        ("title: Own\n", "", "title is missing"),
        ("why: weak", "reason: weak", ":9: "),
        ("priors: article", "enough: {losses: {at_most: 1}}", "is no outcome"),
        ("priors: article", "enough: {lost: {}}", "give at_most or at_least"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(BadInput) as told:
        read_scenario(write(tmp_path, WHOLE.replace(old, new, 1)), RECORD)
    assert said in str(told.value) and "Traceback" not in str(told.value)


def test_a_name_nobody_gave_is_told_what_there_is() -> None:
    with pytest.raises(BadInput, match="warsaw-2016"):
        read_scenario("warsaw", RECORD)
    with pytest.raises(BadInput, match="cannot be read"):
        read_scenario("not-there.yml", RECORD)
