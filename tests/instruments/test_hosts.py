"""What each host state had of an exercise held in several states."""

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import Counting
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.rule import OUTCOMES
from dualtrack.instruments.telling import as_json
from dualtrack.instruments.verdicts import Host, Verdict, verdicts


@lru_cache
def found(strict: bool = False) -> dict[str, Verdict]:
    some = verdicts(open_record("2026-11-24"), instrument("vienna_document"), counting=Counting(strict=strict))
    return {verdict.row.id: verdict for verdict in some}


def hosts(exercise: str) -> dict[str, Host]:
    return {host.state: host for host in found()[exercise].hosts}


def answers(host: Host) -> tuple[Ternary, ...]:
    return tuple(host.on.answers[outcome] for outcome in OUTCOMES)


def test_saber_strike_2018_leaves_each_host_open_and_tells_who_had_to_notify() -> None:
    of = hosts("saber-strike-2018")
    assert list(of) == ["POL", "LTU", "LVA", "EST"]
    for host in of.values():
        assert host.on.activity.figures["troops"] == (0.0, 18_000.0)
        assert answers(host) == (Ternary.UNKNOWN, Ternary.UNKNOWN)
    assert [host.part["notified"] for host in of.values()] == ["yes", "voluntary", "voluntary", "voluntary"]
    assert of["POL"].part.number("notice_days") == 42


def test_a_host_with_figures_of_its_own_is_judged_by_them() -> None:
    belarus, russia = hosts("zapad-2017").values()
    assert belarus.on.activity.figures["troops"] == (12_400.0, 12_700.0)
    assert answers(belarus) == (Ternary.YES, Ternary.NO)
    assert russia.on.activity.figures["troops"] == (0.0, 70_000.0)
    assert answers(russia) == (Ternary.UNKNOWN, Ternary.UNKNOWN)
    norway = hosts("cold-response-2026")["NOR"]
    assert answers(norway) == (Ternary.YES, Ternary.NO)


def test_a_lowest_figure_alone_is_no_highest() -> None:
    russia = hosts("zapad-2025")["RUS"]
    assert russia.on.activity.figures["troops"] == (50_000.0, 100_000.0)
    assert answers(russia) == (Ternary.YES, Ternary.YES)


def test_equipment_of_the_whole_is_an_upper_bound_for_a_host() -> None:
    for verdict in found().values():
        for host in verdict.hosts:
            for name, (low, high) in host.on.activity.figures.items():
                most = max(on.activity.figures[name][1] for on in verdict.bases.values())
                if name not in ("troops", "hours"):
                    assert (low, high) == (0.0, most), (verdict.row.id, host.state, name)


def test_no_host_is_held_to_more_than_the_whole() -> None:
    for verdict in found().values():
        for outcome in OUTCOMES:
            whole = {on.answers[outcome] for on in verdict.bases.values()}
            if whole == {Ternary.NO}:
                assert all(host.on.answers[outcome] is Ternary.NO for host in verdict.hosts)


def test_strict_only_opens() -> None:
    for id_, verdict in found().items():
        for host, strict in zip(verdict.hosts, found(strict=True)[id_].hosts, strict=True):
            for outcome in OUTCOMES:
                assert strict.on.answers[outcome] in (host.on.answers[outcome], Ternary.UNKNOWN)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(id_ for id_, verdict in found().items() if verdict.hosts)))
def test_json_has_a_line_per_host(id_: str) -> None:
    verdict = found()[id_]
    shown = as_json(verdict, "announced")["hosts"]
    assert [line["row"] for line in shown] == [host.part.id for host in verdict.hosts]
    for line, host in zip(shown, verdict.hosts, strict=True):
        low, high = host.on.activity.figures["troops"]
        assert (line["low"], line["high"]) == (low, high if high != float("inf") else None)
        assert line["notified"] == host.part["notified"]


def test_an_exercise_with_no_host_on_record_has_no_such_line() -> None:
    assert not found()["saber-guardian-2017"].hosts
    assert as_json(found()["saber-guardian-2017"], "announced")["hosts"] == []
