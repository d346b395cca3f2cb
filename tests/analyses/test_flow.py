"""Flows over time: cases solved by hand, another algorithm as oracle, and what more capacity may never do."""

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.flow import Arc, Entry, Flow, Supply

PLACES = "abcde"
DAYS = 8


def waiting(persons: int, place: str, day: int = 0) -> Supply:
    return Supply("force", persons, (Entry(place, day, persons),))


def most_by(arcs: list[Arc], supplies: list[Supply], destination: str, last: int) -> int:
    """The most that can have arrived by a day: shortest augmenting paths (Edmonds and Karp), one day at a time."""
    room: dict[object, dict[object, int]] = {}

    def add(tail: object, head: object, capacity: int) -> None:
        room.setdefault(tail, {})[head] = room.get(tail, {}).get(head, 0) + capacity
        room.setdefault(head, {}).setdefault(tail, 0)

    for arc in arcs:
        for day in range(last + 1 - arc.days):
            add((arc.tail, day), (arc.head, day + arc.days), arc.capacity)
    for place in PLACES:
        for day in range(last):
            add((place, day), (place, day + 1), 10**6)
    for supply in supplies:
        add("source", supply.name, supply.persons)
        for entry in supply.entries:
            if entry.day <= last:
                add(supply.name, (entry.place, entry.day), entry.most)
    total = 0
    while True:
        came: dict[object, object] = {"source": None}
        queue: deque[object] = deque(["source"])
        while queue and (destination, last) not in came:
            here = queue.popleft()
            for there, left in room.get(here, {}).items():
                if left > 0 and there not in came:
                    came[there] = here
                    queue.append(there)
        if (destination, last) not in came:
            return total
        path: list[object] = [(destination, last)]
        while came[path[-1]] is not None:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path, strict=False))
        amount = min(room[tail][head] for tail, head in steps)
        for tail, head in steps:
            room[tail][head] -= amount
            room[head][tail] += amount
        total += amount


def test_one_road() -> None:
    """Ready on day 1, two days on the way, ten a day: the first are there on day 3, the last of 25 on day 5."""
    flow = Flow([Arc("home", "host", 10, 2, "road")], [waiting(25, "home", 1)], "host", 6)
    assert flow.arrivals() == [0, 0, 0, 10, 20, 25, 25]
    assert [flow.limits(day) for day in (2, 4, 5)] == [{}, {"road": 20}, {"force": 25}]


def test_the_narrower_of_two_ways_in_a_row_limits() -> None:
    flow = Flow([Arc("a", "b", 10, 1, "wide"), Arc("b", "c", 4, 1, "narrow")], [waiting(100, "a")], "c", 5)
    assert flow.arrivals() == [0, 0, 4, 8, 12, 16]
    assert flow.limits(5) == {"narrow": 16}


def test_ways_beside_each_other_add_up() -> None:
    arcs = [Arc("a", "c", 3, 1, "air"), Arc("a", "c", 5, 3, "sea")]
    flow = Flow(arcs, [waiting(100, "a")], "c", 4)
    assert flow.arrivals() == [0, 3, 6, 14, 22]
    assert flow.limits(4) == {"air": 12, "sea": 10}


def test_a_share_that_can_fly() -> None:
    """Of 20, at most 6 may enter the air; the others walk."""
    force = Supply("force", 20, (Entry("air", 0, 6, "share"), Entry("road", 0, 20)))
    flow = Flow([Arc("air", "host", 50, 1), Arc("road", "host", 50, 4)], [force], "host", 4)
    assert flow.arrivals() == [0, 6, 6, 6, 20]
    assert flow.limits(3) == {"share": 6}


def test_nobody_ready_in_time_nobody_there() -> None:
    assert Flow([Arc("a", "b", 5)], [waiting(5, "a", 9)], "b", 3).arrivals() == [0, 0, 0, 0]


def test_asked_again_with_other_figures() -> None:
    arcs = [Arc("a", "b", 2, 1, "road")]
    flow = Flow(arcs, [waiting(10, "a", 1)], "b", 4)
    assert flow.arrivals([Arc("a", "b", 5, 1, "road")]) == [0, 0, 5, 10, 10]
    assert flow.arrivals(supplies=[waiting(10, "a", 0)]) == [0, 2, 4, 6, 8]
    assert flow.arrivals() == [0, 0, 2, 4, 6]


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Arc], list[Supply]]:
    some = st.integers(0, 9)
    ends = st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True)
    arcs = [Arc(*draw(ends), draw(some), draw(st.integers(0, 3)), f"way {i}") for i in range(draw(st.integers(1, 7)))]
    supplies = [
        Supply(f"force {i}", draw(st.integers(0, 30)),
               tuple(Entry(draw(st.sampled_from(PLACES[:4])), draw(some), draw(st.integers(0, 30)), f"share {i} {j}")
                     for j in range(draw(st.integers(1, 2)))))
        for i in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    return arcs, supplies


@settings(max_examples=60)
@given(networks())
def test_on_every_day_as_many_as_another_algorithm_finds_and_the_limits_add_up(
    network: tuple[list[Arc], list[Supply]],
) -> None:
    arcs, supplies = network
    flow = Flow(arcs, supplies, "e", DAYS)
    expected = [most_by(arcs, supplies, "e", day) for day in range(DAYS + 1)]
    assert flow.arrivals() == expected
    assert [sum(flow.limits(day).values()) for day in range(DAYS + 1)] == expected


@settings(max_examples=40)
@given(networks(), st.integers(0, 6), st.integers(1, 5))
def test_more_capacity_or_less_notice_never_makes_anybody_late(
    network: tuple[list[Arc], list[Supply]], which: int, more: int
) -> None:
    arcs, supplies = network
    flow = Flow(arcs, supplies, "e", DAYS)
    base = flow.arrivals()
    one = arcs[which % len(arcs)]
    wider = [Arc(a.tail, a.head, a.capacity + more * (a is one), a.days, a.limit) for a in arcs]
    sooner = [
        Supply(s.name, s.persons, tuple(Entry(e.place, max(0, e.day - more), e.most, e.limit) for e in s.entries))
        for s in supplies
    ]
    for changed in (flow.arrivals(wider), flow.arrivals(supplies=sooner)):
        assert all(after >= before for before, after in zip(base, changed, strict=True))


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    Flow([Arc("a", "b", 1)], [waiting(1, "a")], "b", 2).arrivals()
    assert capfd.readouterr() == ("", "")
