"""What a receiver makes of counters and checksums."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.e2e import Bounds, Receiver, State, StateMachine, Status, Window, check_frame
from harness.can.protection import Checked


def good(counter: int) -> Checked:
    return Checked(counter, True)


@pytest.mark.parametrize(("checked", "last", "status", "then"), [
    (None, 3, Status.NO_NEW_DATA, 3),
    (Checked(4, False), 3, Status.WRONG_CRC, 3),
    (good(7), None, Status.INITIAL, 7),
    (good(3), 3, Status.REPEATED, 3),
    (good(4), 3, Status.OK, 4),
    (good(5), 3, Status.OK_SOME_LOST, 5),
    (good(6), 3, Status.WRONG_SEQUENCE, 6),
    (good(2), 3, Status.WRONG_SEQUENCE, 2),
    (good(0), 14, Status.OK, 0),
    (good(1), 14, Status.OK_SOME_LOST, 1),
    (good(2), 14, Status.WRONG_SEQUENCE, 2),
    (Checked(None, True), None, Status.OK, None),
])
def test_each_row_of_the_check(checked: Checked | None, last: int | None, status: Status, then: int | None) -> None:
    assert check_frame(checked, last, max_delta=2, modulus=15) == (status, then)


def receive(receiver: Receiver, *frames: Checked | None) -> list[Status]:
    return [receiver.receive(frame) for frame in frames]


def test_a_signal_becomes_valid_after_its_second_good_frame() -> None:
    receiver = Receiver(2, 15)
    assert receive(receiver, good(5)) == [Status.INITIAL]
    assert receiver.machine.state is State.INIT
    assert receive(receiver, good(6)) == [Status.OK]
    assert receiver.valid


def test_nothing_received_stays_no_data() -> None:
    receiver = Receiver(2, 15)
    receive(receiver, None, None, Checked(0, False))
    assert receiver.machine.state is State.NODATA


def test_more_errors_than_allowed_make_it_invalid_and_it_heals() -> None:
    receiver = Receiver(1, 15, Window(size=5, init=Bounds(1, 0), valid=Bounds(1, 1), invalid=Bounds(3, 1)))
    receive(receiver, good(0), good(1), good(2))
    receive(receiver, Checked(3, False))
    assert receiver.valid
    receive(receiver, Checked(4, False))
    assert receiver.machine.state is State.INVALID
    assert receive(receiver, good(5)) == [Status.WRONG_SEQUENCE]  # two were lost, max_delta is 1
    receive(receiver, good(6), good(7))
    assert receiver.machine.state is State.INVALID
    receive(receiver, good(8))
    assert receiver.valid


def test_a_frozen_counter_makes_it_invalid_once_the_window_holds_nothing_good() -> None:
    receiver = Receiver(1, 15, Window(size=4))
    receive(receiver, good(0), good(1), good(2))
    receive(receiver, *[good(2)] * 3)
    assert receiver.valid
    receive(receiver, good(2))
    assert receiver.machine.state is State.INVALID


def test_an_error_before_it_was_ever_valid_makes_it_invalid() -> None:
    receiver = Receiver(1, 15)
    receive(receiver, good(0), Checked(1, False))
    assert receiver.machine.state is State.INVALID


def test_restarting_makes_the_next_frame_the_first() -> None:
    receiver = Receiver(1, 15)
    receive(receiver, good(0), good(1))
    receiver.restart()
    assert receiver.machine.state is State.NODATA
    assert receive(receiver, good(2)) == [Status.INITIAL]


def test_unless_told_otherwise_three_errors_in_ten_frames_are_too_many_and_three_good_ones_heal() -> None:
    receiver = Receiver(1, 15)
    receive(receiver, good(0), good(1), Checked(2, False), Checked(3, False), good(2))
    assert receiver.valid
    receive(receiver, Checked(3, False))
    assert receiver.machine.state is State.INVALID
    # the errors have to leave the window of ten first: the last of them was the newest
    states = [(receive(receiver, good(3 + i)), receiver.machine.state)[1] for i in range(10)]
    assert states == [State.INVALID] * 9 + [State.VALID]


def test_a_step_leaves_the_machine_it_came_from_as_it_was() -> None:
    machine = StateMachine(Window(size=3), State.VALID, (1, 1))
    after = machine.after(Status.WRONG_CRC)
    assert (machine.recent, after.recent) == ((1, 1), (1, 1, -1))


@settings(deadline=None, max_examples=200, database=None, derandomize=True)
@given(st.lists(st.sampled_from(list(Status)), max_size=40))
def test_the_window_never_holds_more_than_its_size_and_valid_always_has_enough_good_ones(steps: list[Status]) -> None:
    window = Window(size=4, init=Bounds(2, 1), valid=Bounds(1, 1), invalid=Bounds(2, 0))
    machine = StateMachine(window)
    for status in steps:
        before, machine = machine, machine.after(status)
        assert len(machine.recent) <= window.size
        if machine.state is State.VALID:
            assert machine.recent.count(1) >= 1
            assert machine.recent.count(-1) <= 1
        if before.state is not State.NODATA:
            assert machine.state not in (State.NODATA, State.INIT) or before.state is State.INIT
