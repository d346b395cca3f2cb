"""Every verification target is met, and one that is not met is told."""

import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.choice.parameters import NAMES
from dualtrack.choice.verification import Check, checks, target, targets
from dualtrack.choice.verification.nominal import NOMINAL, nominal
from dualtrack.choice.verification.row import Row
from dualtrack.core.errors import NoSuchName


def test_there_is_a_target_for_each_number() -> None:
    assert list(targets()) == [f"V{number + 1}" for number in range(len(targets()))]
    assert len(targets()) >= 11
    assert all(found.title and found.source for found in targets().values())


@pytest.mark.parametrize("name", targets())
def test_every_figure_is_within_its_tolerance(name: str) -> None:
    found = checks([name])
    assert found and len({check.title for check in found}) == len(found)
    assert [check for check in found if not check.holds] == []
    for check in found:
        assert check.id == name and check.target == targets()[name].title
        assert check.tolerance <= 0.01 * max(1.0, abs(check.expected))  # no target is met by being wide


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        ("v01_tiger", "EXPECTED", {0.95: 19.371368379, 0.75: 1.933438985}),
        ("v02_breakthrough", "STOPPING", 0.263157),
        ("v06_deterrence_game", "LOGIT", {1.0: (0.311283862, 0.738564447)}),
        ("v08_support_chain", "CALM", {"k1": 20.0, "k2": 1.8}),
        ("v10_limits", "KNOWN", {False: -2.2457, True: -5.713219}),
        ("v10_limits", "NOMINAL_VALUE", (-4.27, -4.26)),
        ("v10_limits", "WITHOUT_EFFECT", {"kW": 0.0}),
    ],
)
def test_a_wrong_figure_or_a_wrong_model_is_told(
    module: str, name: str, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"dualtrack.choice.verification.{module}.{name}", wrong)
    failed = [check for check in checks([f"V{int(module[1:3])}"]) if not check.holds]
    assert failed and all(check.difference > check.tolerance for check in failed)


def test_a_model_that_is_off_in_one_formula_fails_against_the_plain_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    from dualtrack.choice import constant, formulas

    monkeypatch.setattr(constant, "utilities", lambda w, p: formulas.utilities(w, p) * 1.000001)
    monkeypatch.setattr("dualtrack.choice.verification.v11_plain_twin.engines", lambda: ("numpy",))
    assert not all(check.holds for check in checks(["V11"]))


def test_a_target_added_as_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only files named after a number are targets; the order is that of the numbers, not of the letters."""
    folder = Path(target.__file__).parent
    for name in ("v09_clock.py", "v04_trust.py", "row.py", "nominal.py"):
        shutil.copy(folder / name, tmp_path / name)
    monkeypatch.setattr(target, "__file__", str(tmp_path / "target.py"))
    assert list(targets()) == ["V4", "V9"]


def test_an_unknown_target_is_told() -> None:
    with pytest.raises(NoSuchName, match="V99"):
        checks(["V99"])


numbers = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.inf, -math.inf]))


@given(numbers, numbers, st.sampled_from(["equal", "least", "most"]))
def test_a_difference_is_how_far_a_figure_is_on_the_wrong_side(expected: float, got: float, at: str) -> None:
    difference = Row("", expected, got, 0.0, at).difference
    fine = {"equal": expected == got, "least": got >= expected, "most": got <= expected}[at]
    assert (difference == 0) == fine and difference >= 0
    if not fine:
        assert difference == abs(expected - got)


@pytest.mark.parametrize("at", ["equal", "least", "most"])
@pytest.mark.parametrize("tolerance", [0.0, math.inf])
def test_what_is_not_a_number_never_holds(at: str, tolerance: float) -> None:
    row = Row("", 1.0, math.nan, tolerance, at)
    check = Check("V0", "", "", row.expected, row.got, row.at, row.difference, row.tolerance, "")
    assert not check.holds


def test_the_nominal_world_has_every_parameter_and_no_other() -> None:
    assert tuple(NOMINAL) == NAMES
    assert nominal(gR=0.0).tolist() == [0.0 if name == "gR" else NOMINAL[name] for name in NAMES]
    with pytest.raises(KeyError):
        nominal(gr=0.0)
