"""What every driver of the unit's network link must keep.

Use: make a class of tests that inherits ``NetworkContract`` beside a pytest fixture ``ends`` that returns
``NetworkEnds``. The far end stands for the unit, and asks something at the other side of the link. ``overhead`` is what
a request costs beyond the link's own delay, as the driver declares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from harness.foundation.clock import Clock
from harness.foundation.units import MS, Ns, S
from harness.network.port import Link, NetworkPort


class FarEnd(Protocol):
    """The unit's side of the link."""

    def request(
        self, call: Callable[[], object], answer: Callable[[object], None], failed: Callable[[str], None], name: str
    ) -> None: ...


@dataclass(frozen=True)
class NetworkEnds:
    """The clock, the rig's port, the unit's end of the same link."""

    clock: Clock
    port: NetworkPort
    far: FarEnd
    overhead: Ns = 0


@dataclass
class Asked:
    """What became of one request."""

    ran: list[Ns] = field(default_factory=list)
    answers: list[tuple[Ns, object]] = field(default_factory=list)
    failures: list[tuple[Ns, str]] = field(default_factory=list)


def ask(ends: NetworkEnds, value: object = 42) -> Asked:
    asked, clock = Asked(), ends.clock

    def call() -> object:
        asked.ran.append(clock.now())
        return value

    ends.far.request(
        call,
        lambda result: asked.answers.append((clock.now(), result)),
        lambda why: asked.failures.append((clock.now(), why)),
        "contract",
    )
    return asked


class NetworkContract:
    @pytest.mark.parametrize("delay", [0, 30 * MS, 400 * MS])
    def test_a_request_takes_the_delay_both_ways(self, ends: NetworkEnds, delay: Ns) -> None:
        ends.port.link(Link(delay=delay))
        self._pass(ends, 100 * MS)
        began = ends.clock.now()
        asked = ask(ends)
        self._pass(ends, 3 * S)
        assert asked.failures == []
        assert [value for _, value in asked.answers] == [42]
        assert delay <= asked.ran[0] - began <= delay + ends.overhead
        assert 2 * delay <= asked.answers[0][0] - began <= 2 * delay + ends.overhead

    def test_a_link_that_is_down_carries_nothing_and_fails(self, ends: NetworkEnds) -> None:
        ends.port.link(Link(up=False))
        self._pass(ends, 100 * MS)
        asked = ask(ends)
        self._pass(ends, 5 * S)
        assert asked.ran == []
        assert asked.answers == []
        assert len(asked.failures) == 1

    def test_what_is_under_way_when_the_link_falls_never_arrives(self, ends: NetworkEnds) -> None:
        ends.port.link(Link(delay=300 * MS))
        self._pass(ends, 100 * MS)
        there = ask(ends)
        self._pass(ends, 100 * MS)
        self._blink(ends, 300 * MS)
        self._pass(ends, 5 * S)
        assert there.ran == []
        back = ask(ends)
        self._pass(ends, 400 * MS)
        self._blink(ends, 300 * MS)
        self._pass(ends, 5 * S)
        assert len(back.ran) == 1
        for asked in (there, back):
            assert asked.answers == []
            assert len(asked.failures) == 1

    def test_it_comes_back(self, ends: NetworkEnds) -> None:
        ends.port.link(Link(up=False))
        self._pass(ends, 500 * MS)
        ends.port.link(Link())
        self._pass(ends, 500 * MS)
        asked = ask(ends)
        self._pass(ends, 3 * S)
        assert len(asked.answers) == 1

    def test_with_total_loss_everything_times_out(self, ends: NetworkEnds) -> None:
        ends.port.link(Link(loss=1.0))
        self._pass(ends, 100 * MS)
        asked = [ask(ends) for _ in range(5)]
        self._pass(ends, 5 * S)
        assert all(a.answers == [] and len(a.failures) == 1 for a in asked)

    def test_with_half_loss_some_arrive_and_some_do_not(self, ends: NetworkEnds) -> None:
        ends.port.link(Link(loss=0.5))
        self._pass(ends, 100 * MS)
        asked = [ask(ends) for _ in range(60)]
        self._pass(ends, 8 * S)
        assert all(len(a.answers) + len(a.failures) == 1 for a in asked)
        assert 0 < sum(len(a.answers) for a in asked) < 60

    @pytest.mark.parametrize("link", [Link(loss=-0.1), Link(loss=1.1), Link(delay=-1)])
    def test_an_impossible_link_is_refused(self, ends: NetworkEnds, link: Link) -> None:
        with pytest.raises(ValueError, match=r"loss|delay"):
            ends.port.link(link)

    def test_the_stamp_says_when_it_took_effect(self, ends: NetworkEnds) -> None:
        self._pass(ends, 50 * MS)
        before = ends.clock.now()
        stamp = ends.port.link(Link(up=False))
        assert stamp.early <= stamp.t <= stamp.late
        assert stamp.late >= before
        assert stamp.early <= ends.clock.now()

    def test_the_watermark_follows_time(self, ends: NetworkEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless(self, ends: NetworkEnds) -> None:
        ends.port.close()
        ends.port.close()

    def _blink(self, ends: NetworkEnds, delay: Ns) -> None:
        ends.port.link(Link(up=False, delay=delay))
        self._pass(ends, 50 * MS)
        ends.port.link(Link(delay=delay))

    def _pass(self, ends: NetworkEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
