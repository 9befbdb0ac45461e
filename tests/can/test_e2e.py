"""What a receiver makes of counters and checksums."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.e2e import USABLE, Bounds, Receiver, State, StateMachine, Status, Window, check_frame
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


def test_what_a_reader_is_shown() -> None:
    assert [str(s) for s in Status] == [
        "ok", "ok, some lost", "repeated", "wrong sequence", "wrong crc", "initial", "no new data"]  # fmt: skip
    assert [str(s) for s in State] == ["no data", "init", "valid", "invalid"]
    assert {Status.OK, Status.OK_SOME_LOST} == USABLE


TABLE = [
    # state before, good and errors in the window with the new one, state after (PRS_E2EProtocol, 6.13)
    (State.INIT, (2, 1), State.VALID), (State.INIT, (1, 1), State.INIT), (State.INIT, (2, 2), State.INVALID),
    (State.INIT, (0, 2), State.INVALID), (State.INIT, (3, 0), State.VALID),
    (State.VALID, (1, 2), State.VALID), (State.VALID, (0, 0), State.INVALID), (State.VALID, (4, 3), State.INVALID),
    (State.INVALID, (3, 0), State.VALID), (State.INVALID, (2, 0), State.INVALID),
    (State.INVALID, (5, 1), State.INVALID),
]  # fmt: skip


@pytest.mark.parametrize(("before", "counts", "after"), TABLE)
def test_each_row_of_the_state_machine(before: State, counts: tuple[int, int], after: State) -> None:
    good, errors = counts
    window = Window(size=10, init=Bounds(2, 1), valid=Bounds(1, 2), invalid=Bounds(3, 0))
    machine = StateMachine(window, before, (1,) * good + (-1,) * errors).after(Status.REPEATED)
    assert machine.state is after
    assert machine.recent == (1,) * good + (-1,) * errors + (0,)


@pytest.mark.parametrize("status", Status)
def test_the_first_frame_that_is_none_or_wrong_says_nothing(status: Status) -> None:
    machine = StateMachine(Window()).after(status)
    nothing = status in (Status.WRONG_CRC, Status.NO_NEW_DATA)
    assert (machine.state, machine.recent) == (State.NODATA if nothing else State.INIT, ())


@pytest.mark.parametrize(("status", "counted"), [
    (Status.OK, 1), (Status.OK_SOME_LOST, 1), (Status.WRONG_CRC, -1), (Status.REPEATED, 0),
    (Status.WRONG_SEQUENCE, 0), (Status.INITIAL, 0), (Status.NO_NEW_DATA, 0)])  # fmt: skip
def test_what_counts_as_good_and_as_an_error(status: Status, counted: int) -> None:
    assert StateMachine(Window(), State.VALID, (1,) * 12).after(status).recent == (1,) * 9 + (counted,)
