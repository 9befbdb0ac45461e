"""Buses: how busy they were, when the unit was back on all of them, which error frames there were."""

from __future__ import annotations

import pytest

from harness.can.port import Frame
from harness.can.timing import INTERMISSION, Timing
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.buses import error_frames, load, returns
from harness.judging.cyclic import own_messages
from harness.judging.observation import Undecided

AFTER = Stamp.within(1 * S, 2 * MS)
SOON = Limit("s", high=0.5)
NONE = Limit("1", high=0.0)


class TestLoad:
    def test_it_is_the_time_of_all_bits_and_of_the_pauses(self, tape) -> None:
        of = tape.vehicle.buses["body"]
        timing = Timing(of.bitrate, of.data_bitrate)
        frame = Frame(0x123, bytes(8), False)
        for t in range(0, 100 * MS, 10 * MS):
            tape.bytes_on("body", (0x123, False), frame.data, t)
        tape.clock.run_until(1 * S)
        expected = 10 * (timing.duration(frame) + timing.bits(INTERMISSION)) / (100 * MS)
        assert load(tape, "body", 0, 100 * MS - 1) == pytest.approx(expected, rel=1e-6)
        assert 0.02 < expected < 0.03

    def test_a_silent_bus_is_not_loaded_and_none_is_busier_than_always(self, tape) -> None:
        for t in range(0, 1 * MS, 10_000):
            tape.bytes_on("body", (0x123, False), bytes(8), t)
        tape.clock.run_until(1 * S)
        assert load(tape, "body", 10 * MS, 20 * MS) == 0.0
        assert load(tape, "body", 0, 1 * MS) == 1.0
        assert load(tape, "body", 5 * MS, 5 * MS) == 0.0

    def test_error_frames_are_no_load(self, tape) -> None:
        tape.error_on("body", 5 * MS)
        tape.clock.run_until(1 * S)
        assert load(tape, "body", 0, 10 * MS) == 0.0


def buses_of_the_unit(tape) -> list[str]:
    return sorted({own.bus for own in own_messages(tape)})


def speaks(tape, bus: str, t: int) -> None:
    """Every cyclic message of the unit on ``bus``, the first at ``t``."""
    for number, own in enumerate(o for o in own_messages(tape) if o.bus == bus and not o.may_rest):
        tape.bytes_on(own.bus, own.message.key, own.message.start_data(), t + number * MS)


class TestReturns:
    def test_the_slowest_bus_counts(self, tape) -> None:
        buses = buses_of_the_unit(tape)
        for number, bus in enumerate(buses):
            speaks(tape, bus, 1100 * MS + number * 50 * MS)
        tape.clock.run_until(4 * S)
        found = tape.ask(returns(AFTER, 2 * S), SOON, 0)
        assert isinstance(found, Measurement)
        last = 100 * MS + (len(buses) - 1) * 50 * MS
        assert found.value.value == pytest.approx(last / S)
        assert (found.value.low, found.value.high) == pytest.approx(((last - 2 * MS) / S, (last + 2 * MS) / S))
        assert buses[-1] in found.detail
        assert len(found.refs) == len(buses)
        assert (found.quantity, found.unit, found.window) == ("latency", "s", (1 * S, 3 * S + 2 * MS))

    def test_what_was_sent_before_is_no_return(self, tape) -> None:
        for bus in buses_of_the_unit(tape):
            speaks(tape, bus, 900 * MS)
            speaks(tape, bus, 1200 * MS)
        tape.clock.run_until(4 * S)
        found = tape.ask(returns(AFTER, 2 * S), SOON, 0)
        assert found.value.value == pytest.approx(0.2)

    def test_a_bus_on_which_it_stays_silent_is_told(self, tape) -> None:
        buses = buses_of_the_unit(tape)
        for bus in buses[1:]:
            speaks(tape, bus, 1200 * MS)
        tape.clock.run_until(4 * S)
        found = tape.ask(returns(AFTER, 2 * S), SOON, 0)
        assert isinstance(found, Measurement)
        assert found.value is None
        assert f"nothing on {buses[0]}" in found.detail

    def test_it_is_undecided_until_the_watch_is_over(self, tape) -> None:
        question = returns(AFTER, 2 * S)
        tape.clock.run_until(3 * S)
        assert tape.ask(question, SOON, 0) == Undecided(3 * S + 2 * MS)
        tape.clock.run_until(3 * S + 2 * MS)
        assert isinstance(tape.ask(question, SOON, 0), Measurement)


class TestErrorFrames:
    def test_they_are_counted_on_all_buses_within_the_watch(self, tape) -> None:
        first, second = list(tape.vehicle.buses)[:2]
        tape.error_on(first, 900 * MS)
        tape.error_on(second, 1500 * MS)
        tape.error_on(first, 2900 * MS)
        tape.error_on(first, 3500 * MS)
        tape.bytes_on(first, (0x123, False), bytes(8), 1600 * MS)
        tape.clock.run_until(4 * S)
        found = tape.ask(error_frames(AFTER, 2 * S), NONE, 0)
        assert isinstance(found, Measurement)
        assert (found.value.low, found.value.value, found.value.high) == (2, 2, 2)
        assert found.detail.startswith("2 error frames, first on ")
        assert found.window == (1 * S, 3 * S + 2 * MS)

    def test_none_is_an_answer(self, tape) -> None:
        tape.clock.run_until(4 * S)
        found = tape.ask(error_frames(AFTER, 2 * S), NONE, 0)
        assert (found.value.value, found.detail) == (0, "none")

    @pytest.mark.parametrize("slow", [0, 1])
    def test_every_bus_has_to_be_known(self, tape, slow: int) -> None:
        tape.late[f"can/{list(tape.vehicle.buses)[slow]}"] = 1 * S
        tape.clock.run_until(3 * S + 500 * MS)
        assert tape.ask(error_frames(AFTER, 2 * S), NONE, 0) == Undecided(3 * S + 2 * MS)
