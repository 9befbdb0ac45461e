"""The memory link beyond the contract: which way a loss goes, and what the service pushes."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.clock import VirtualClock
from harness.foundation.units import MS, S
from harness.network.memory import RETRY, TIMEOUT, FarNetwork, MemoryNetwork, pair
from harness.network.port import Link


def linked(link: Link | None = None, seed: int = 1) -> tuple[VirtualClock, MemoryNetwork, FarNetwork]:
    clock = VirtualClock()
    port, far = pair(clock, Random(seed))
    port.link(link or Link())
    clock.run_until(1 * MS)
    return clock, port, far


def test_a_request_fails_at_once_when_the_link_is_down_but_not_in_the_callers_code():
    clock, _, far = linked(Link(up=False))
    failures = []
    far.request(lambda: 1, lambda r: None, lambda why: failures.append((clock.now(), why)), "r")
    assert failures == []
    clock.run_until(clock.now())
    assert failures == [(1 * MS, "down")]


def test_a_timeout_comes_exactly_two_seconds_after_the_request():
    clock, _, far = linked(Link(loss=1.0))
    failures = []
    far.request(lambda: 1, lambda r: None, lambda why: failures.append((clock.now(), why)), "r")
    clock.run_until(9 * S)
    assert failures == [(1 * MS + TIMEOUT, "timeout")]


def test_an_answer_after_the_timeout_is_dropped():
    clock, _, far = linked(Link(delay=1500 * MS))
    ran, got = [], []
    far.request(lambda: ran.append(1), lambda r: got.append("answer"), got.append, "r")
    clock.run_until(9 * S)
    assert ran == [1]
    assert got == ["timeout"]


def test_losses_take_requests_and_answers_alike():
    clock, _, far = linked(Link(loss=1.0))
    ran = []
    for _ in range(200):
        far.request(lambda: ran.append(1), lambda r: None, lambda why: None, "r")
    clock.run_until(9 * S)
    assert 60 < len(ran) < 140


def test_the_same_seed_loses_the_same():
    def outcome(seed: int) -> list[int]:
        clock, _, far = linked(Link(loss=0.5), seed)
        got: list[int] = []
        for i in range(50):
            far.request(lambda: 0, lambda r, i=i: got.append(i), lambda why: None, "r")
        clock.run_until(9 * S)
        return got

    assert outcome(3) == outcome(3)
    assert outcome(3) != outcome(4)


def test_a_push_waits_for_the_link():
    clock, port, far = linked(Link(up=False))
    got = []
    far.push(lambda: got.append(clock.now()), "p")
    clock.run_until(5 * S)
    assert got == []
    port.link(Link(delay=30 * MS))
    clock.run_until(9 * S)
    assert got == [5 * S + 30 * MS]


def test_a_push_under_way_when_the_link_falls_is_repeated():
    clock, port, far = linked(Link(delay=100 * MS))
    got = []
    far.push(lambda: got.append(clock.now()), "p")
    clock.run_until(50 * MS)
    port.link(Link(up=False))
    port.link(Link(delay=100 * MS))
    clock.run_until(9 * S)
    assert got == [150 * MS]


def test_a_lost_push_comes_again_and_holds_those_behind_it():
    clock, _, far = linked(Link(loss=0.5))
    got = []
    for i in range(30):
        far.push(lambda i=i: got.append((i, clock.now())), "p")
    clock.run_until(60 * S)
    assert [i for i, _ in got] == list(range(30))
    assert all((t - 31 * MS) % RETRY == 0 for _, t in got)
    assert got[-1][1] > 1 * S


def test_the_unit_is_told_of_the_link_only_when_it_changed():
    clock, port, far = linked()
    told = []
    far.on_change(told.append)
    port.link(Link())
    port.link(Link(up=False))
    clock.run_until(1 * S)
    assert told == [Link(up=False)]
    assert far.current() == Link(up=False)


def test_every_setting_is_recorded():
    _, port, _ = linked()
    port.link(Link(loss=0.25))
    assert [(c.stamp.t, c.link) for c in port.log()] == [(0, Link()), (1 * MS, Link(loss=0.25))]


links = st.builds(Link, up=st.booleans(), delay=st.integers(0, 300 * MS), loss=st.sampled_from([0.0, 0.3, 1.0]))
steps = st.tuples(st.integers(0, 500 * MS), st.one_of(links, st.sampled_from(["push", "request"])))


@given(st.lists(steps), st.integers())
@settings(deadline=None, max_examples=150)
def test_whatever_the_link_does_pushes_arrive_once_in_order_and_requests_end_once(steps, seed):
    clock, port, far = linked(seed=seed)
    pushed = asked = 0
    got, ends, runs = [], [], []
    for wait, what in steps:
        clock.run_until(clock.now() + wait)
        if what == "push":
            far.push(lambda n=pushed: got.append(n), "p")
            pushed += 1
        elif what == "request":
            n, asked = asked, asked + 1
            far.request(
                lambda n=n: runs.append(n),
                lambda r, n=n: ends.append((n, "answer")),
                lambda why, n=n: ends.append((n, why)),
                "r",
            )
        else:
            port.link(what)
    port.link(Link())
    clock.run_until(clock.now() + 300 * S)
    assert got == list(range(pushed))
    assert sorted(n for n, _ in ends) == list(range(asked))
    assert len(runs) == len(set(runs))
    assert {n for n, how in ends if how == "answer"} <= set(runs)
    assert not {n for n, how in ends if how == "down"} & set(runs)
