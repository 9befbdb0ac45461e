"""What a gateway in a bus does to frames, on memory buses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.can.memory import pair
from harness.can.port import CanPort, Frame, Heard
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.units import MS
from harness.rig.gateway.can import (
    CanGate,
    Change,
    flipped,
    frozen,
    late,
    lost,
    repeated,
    swapped,
    with_errors,
)
from harness.rig.lateness import only_reads

KEY = (0x100, False)


def frames(count: int) -> list[Frame]:
    return [Frame(0x100, bytes([n, 7])) for n in range(1, count + 1)]


def firsts(heard: Sequence[Heard]) -> list[int]:
    return [h.frame.data[0] for h in heard if h.kind == "data" and h.frame is not None]


def sent(clock: VirtualClock, port: CanPort, count: int = 6) -> None:
    """One frame each 10 ms."""
    for frame in frames(count):
        port.send(frame)
        clock.run_until(clock.now() + 10 * MS)


@pytest.mark.parametrize(
    ("change", "arrived"),
    [
        (lost(), []),
        (lost(3), [1, 2, 4, 5]),
        (frozen(2), [1, 2, 3, 3, 3, 3]),
        (flipped(0, 0x80, 3), [1, 2, 0x83, 4, 5, 0x86]),
        (flipped(9, 0x80), [1, 2, 3, 4, 5, 6]),
        (repeated(3), [1, 2, 3, 3, 4, 5, 6, 6]),
        (swapped(2), [1, 3, 2, 5, 4]),
    ],
    ids=["lost", "every third lost", "frozen", "flipped", "no such byte", "repeated", "swapped"],
)
def test_what_the_unit_sends_arrives_otherwise(change: Change, arrived: list[int]) -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[Heard] = []
    CanGate(clock, port, keys={KEY}, from_unit=change).listen(heard.append)
    sent(clock, far)
    assert firsts(heard) == arrived
    assert [h.t for h in heard] == sorted(h.t for h in heard)


def test_a_late_frame_is_stamped_when_it_comes_and_not_before_it_is_promised() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[tuple[int, Heard]] = []
    gate = CanGate(clock, port, from_unit=late(50 * MS))
    gate.listen(lambda h: heard.append((clock.now(), h)))
    true: list[Heard] = []
    port.listen(true.append)
    far.send(frames(1)[0])
    clock.run_until(20 * MS)
    assert not heard
    assert gate.seen_to() <= true[0].t + 50 * MS
    clock.run_until(100 * MS)
    assert [(now, h.t) for now, h in heard] == [(true[0].t + 50 * MS,) * 2]


def test_an_error_frame_is_heard_beside_a_frame() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[Heard] = []
    CanGate(clock, port, from_unit=with_errors(2)).listen(heard.append)
    sent(clock, far, 4)
    assert [h.kind for h in heard] == ["data", "data", "error", "data", "data", "error"]


def test_other_messages_pass() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[Heard] = []
    CanGate(clock, port, keys={(0x200, False)}, from_unit=lost(), to_unit=lost()).listen(heard.append)
    sent(clock, far, 2)
    assert firsts(heard) == [1, 2]


@pytest.mark.parametrize(
    ("change", "arrived"),
    [(lost(), []), (flipped(0, 0x80), [0x81, 0x82]), (frozen(), [1, 1])],
    ids=("lost", "flipped", "frozen"),
)
def test_the_bench_has_its_echo_of_what_it_sent_whatever_reaches_the_unit(change: Change, arrived: list[int]) -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    echoes: list[Heard] = []
    reached: list[Heard] = []
    gate = CanGate(clock, port, keys={KEY}, to_unit=change)
    gate.listen(echoes.append)
    far.listen(reached.append)
    sent(clock, gate, 2)
    assert firsts(echoes) == [1, 2]
    assert all(h.own for h in echoes)
    assert firsts(reached) == arrived


def test_what_is_late_on_its_way_to_the_unit_comes_late() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    gate = CanGate(clock, port, to_unit=late(50 * MS))
    reached: list[Heard] = []
    far.listen(reached.append)
    gate.send(frames(1)[0])
    clock.run_until(49 * MS)
    assert not reached
    clock.run_until(60 * MS)
    assert firsts(reached) == [1]


def test_a_sequence_is_changed_too_and_stops() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    gate = CanGate(clock, port, to_unit=flipped(0, 0x80))
    reached: list[Heard] = []
    far.listen(reached.append)
    gate.cyclic(frames(3), 10 * MS)
    clock.run_until(25 * MS)
    gate.stop()
    clock.run_until(100 * MS)
    assert firsts(reached) == [0x81, 0x82, 0x83]
    assert not gate.keeps_beat


def test_without_echo_the_bench_hears_only_others() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[Heard] = []
    gate = CanGate(clock, port, echo=False)
    gate.listen(heard.append)
    sent(clock, gate, 1)
    far.send(Frame(0x200, b"\x09"))
    clock.run_until(clock.now() + 10 * MS)
    assert firsts(heard) == [9]


def test_a_dead_reader_hears_nothing_and_promises_nothing() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    heard: list[Heard] = []
    gate = CanGate(clock, port, dead_from=25 * MS)
    gate.listen(heard.append)
    sent(clock, far, 5)
    assert firsts(heard) == [1, 2, 3]
    assert gate.seen_to() == 25 * MS


def test_a_listener_that_raises_ends_no_other() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    gate = CanGate(clock, port)
    heard: list[Heard] = []

    def raises(_heard: Heard) -> None:
        raise ValueError("mine")

    gate.listen(raises)
    gate.listen(heard.append)
    sent(clock, far, 1)
    assert firsts(heard) == [1]
    assert [text for _, text in gate.raised] == ["ValueError: mine"]


def test_being_late_with_what_is_late_anyway_is_no_fault_of_the_rig() -> None:
    clock = WallClock()
    port, far = pair(clock)
    CanGate(clock, port, from_unit=late(5 * MS))
    far.send(frames(1)[0])
    clock.run_until(clock.now() + 2 * MS)
    due = clock.now() + 30 * MS
    while clock.now() < due:
        pass  # the bench is busy elsewhere while the frame's time comes
    clock.run_until(clock.now() + 1 * MS)
    assert any(name == "gateway delivery" for _, _, name in clock.late)
    assert all(only_reads(name) for _, _, name in clock.late if name.startswith("gateway"))
