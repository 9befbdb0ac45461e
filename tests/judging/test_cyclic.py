"""The beat of the unit's own messages, found among what is sent on change."""

from __future__ import annotations

import pytest

from harness.can.protection import Protector
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.cyclic import checksum_errors, counter_errors, own_messages, within_cycle

UNTIL = 10 * S
LIMIT = Limit("%", low=99.0)
START = Stamp.exact(0)


class Unit:
    """Sends every own message on its beat; a message may be left out, moved, repeated or spoilt."""

    def __init__(self, tape) -> None:
        self.tape = tape
        self.counter: dict[str, int] = {}

    def sends(self, moved=None, left_out=(), extra=(), spoilt=(), stands=()) -> None:
        for own in own_messages(self.tape):
            protection = self.tape.vehicle.protection.get((own.bus, own.message.name))
            protector = None if protection is None else Protector(own.message, protection)
            times = [(n, 5 * MS + n * own.cycle) for n in range((UNTIL - 5 * MS) // own.cycle + 1)]
            mine = own.message.name == "HU_Status"
            counter = 0
            for n, t in times:
                if mine and n in left_out:
                    counter += 1
                    continue
                t += (moved or {}).get(n, 0) if mine else 0
                data = own.message.start_data()
                if protector is not None:
                    data = protector.apply(data, counter % protector.modulus)
                    counter += 0 if mine and n in stands else 1
                    data = protector.spoil(data) if mine and n in spoilt else data
                self.tape.bytes_on(own.bus, own.message.key, data, t)
            for t in extra if mine else ():
                self.tape.bytes_on(own.bus, own.message.key, own.message.start_data(), t)


@pytest.fixture
def unit(tape):
    return Unit(tape)


def measured(tape, observation) -> Measurement:
    tape.clock.run_until(UNTIL + S)
    answer = tape.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    assert answer.value is not None
    return answer


def test_an_even_beat_is_wholly_within(tape, unit) -> None:
    unit.sends()
    assert measured(tape, within_cycle(0.1, START, UNTIL)).value.value == 100.0
    assert measured(tape, counter_errors(START, UNTIL)).value.value == 0
    assert measured(tape, checksum_errors(START, UNTIL)).value.value == 0


def test_one_late_frame_is_two_gaps_outside(tape, unit) -> None:
    unit.sends(moved={50: 20 * MS})
    found = measured(tape, within_cycle(0.1, START, UNTIL))
    assert found.value.value == pytest.approx(100 * 97 / 99, abs=0.1)
    assert measured(tape, within_cycle(0.5, START, UNTIL)).value.value == 100.0
    assert "HU_Status" in found.detail


def test_a_missing_frame_is_a_gap_beyond_all(tape, unit) -> None:
    unit.sends(left_out={40})
    assert measured(tape, within_cycle(0.5, START, UNTIL)).value.value < 100.0
    assert measured(tape, counter_errors(START, UNTIL)).value.value == 1


def test_a_frame_for_no_reason_is_a_finding(tape, unit) -> None:
    unit.sends(extra=[5 * S + 40 * MS])
    assert measured(tape, within_cycle(0.5, START, UNTIL)).value.value < 100.0


def test_a_unit_that_falls_silent_has_not_kept_its_cycle(tape, unit) -> None:
    unit.sends(left_out=set(range(50, 200)))
    assert measured(tape, within_cycle(0.5, START, UNTIL)).value.value < 100.0


def test_counters_that_stand_and_sums_that_are_wrong_are_counted(tape, unit) -> None:
    unit.sends(spoilt={10, 20, 30}, stands={60})
    assert measured(tape, checksum_errors(START, UNTIL)).value.value == 3
    assert measured(tape, counter_errors(START, UNTIL)).value.value == 1


def test_what_changes_right_after_the_window_began_is_a_change(tape, unit) -> None:
    """The change is sent 15 ms before a beat, and its repetitions lie on the other side of it."""
    unit.sends(left_out=range(50, 100))
    role = tape.vehicle.role("head_unit.app")
    said = role.message.encode({role.signal.name: "Listening"})
    beats = [5 * MS + n * 100 * MS for n in range(50, 100)]
    burst = [beats[0] - 15 * MS + n * 20 * MS for n in range(4)]
    for t in (*beats, *burst):
        tape.bytes_on(role.bus, role.message.key, said, t)
    for began in (burst[0] - 5 * MS, burst[1] - 8 * MS):  # before the change, and between it and its repetitions
        found = measured(tape, within_cycle(0.5, Stamp.exact(began), 6 * S))
        assert found.value.value == 100.0, found.detail


@pytest.mark.parametrize(("late", "is_change"), [(115 * MS, True), (121 * MS, False)])
def test_repetitions_may_take_half_as_long_again(tape, unit, late: int, is_change: bool) -> None:
    """A change and three repetitions every 20 ms take 80 ms; up to 120 ms a frame may be one of them."""
    unit.sends(left_out=range(50, 100))
    role = tape.vehicle.role("head_unit.app")
    assert (role.message.fast_cycle, role.message.repetitions) == (20 * MS, 3)
    said = role.message.encode({role.signal.name: "Listening"})
    beats = [5 * MS + n * 100 * MS for n in range(50, 100)]
    changed = beats[10] - 40 * MS
    for t in (*beats, changed, changed + late):
        tape.bytes_on(role.bus, role.message.key, said if t >= changed else role.message.start_data(), t)
    found = measured(tape, within_cycle(0.5, START, UNTIL))
    assert (found.value.value == 100.0) is is_change, found.detail


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_the_share_is_told_in_percent(tape, unit, share: float) -> None:
    unit.sends(moved={50: 4 * MS})
    found = measured(tape, within_cycle(share, START, UNTIL))
    assert f"of {found.detail.split(' of ')[1].split()[0]} gaps within {100 * share:.0f} % of" in found.detail
    assert found.quantity == f"cycle_within_{100 * share:.0f}_percent"
