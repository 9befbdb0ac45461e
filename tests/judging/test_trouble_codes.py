"""Trouble codes read off the bus: a bit changes between the last answer without it and the first one with it."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.decision import decide
from harness.judging.trouble_codes import NEAR, changes, snapshot_tells_supply, status_is, stored
from harness.supply.port import Reading

CODE, OTHER = 0xC12181, 0x930011
BEGAN = Stamp.exact(2 * S)
LIMIT = Limit("s", high=2.0)


@pytest.fixture
def asked(tape, gs4):
    """Put a question and its answer of one frame on the recorded bus; code -> status."""
    d = gs4.diagnostics

    def put(t: int, status: dict[int, int], mask: int = 0xFF) -> None:
        answer = bytes((0x59, 0x02, 0x7F)) + b"".join(c.to_bytes(3, "big") + bytes((s,)) for c, s in status.items())
        tape.bytes_on(d.bus, (d.request, False), bytes((3, 0x19, 0x02, mask)).ljust(8, b"\xaa"), t)
        if len(answer) <= 7:
            tape.bytes_on(d.bus, (d.response, False), bytes((len(answer),)) + answer, t + 20 * MS)
            return
        tape.bytes_on(d.bus, (d.response, False), bytes((0x10, len(answer))) + answer[:6], t + 20 * MS)
        tape.bytes_on(d.bus, (d.request, False), b"\x30\x00\x00", t + 21 * MS)
        for n, place in enumerate(range(6, len(answer), 7), 1):
            frame = bytes((0x20 | n,)) + answer[place : place + 7]
            tape.bytes_on(d.bus, (d.response, False), frame, t + (21 + n) * MS)

    return put


def measured(tape, observation) -> Measurement:
    answer = tape.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


def matures(until: int = 10 * S):
    return changes("wheel_invalid", CODE, 0x08, True, BEGAN, until, "dtc_maturing")


def test_the_bounds_are_the_answers_before_and_with_it(tape, asked) -> None:
    asked(2500 * MS, {})
    asked(3000 * MS, {OTHER: 0x2F})
    asked(3100 * MS, {OTHER: 0x2F, CODE: 0x2F})
    tape.clock.run_until(11 * S)
    value = measured(tape, matures()).value
    assert value is not None
    assert (value.value, value.low, value.high) == pytest.approx((1.12, 1.0, 1.12))


def test_a_code_that_was_there_at_once_may_have_matured_at_any_time_before(tape, asked) -> None:
    asked(2200 * MS, {CODE: 0x2F})
    tape.clock.run_until(11 * S)
    value = measured(tape, matures()).value
    assert value is not None
    assert (value.low, value.high) == pytest.approx((0.0, 0.22))


def test_pending_alone_is_not_confirmed_and_never_is_a_failure(tape, asked) -> None:
    asked(2200 * MS, {CODE: 0x07})
    tape.clock.run_until(11 * S)
    found = measured(tape, matures())
    assert found.value is None
    assert "none of 1 answers" in found.detail
    assert decide(found, LIMIT)[0] is Verdict.FAIL


def test_what_was_asked_before_the_fault_counts_for_nothing(tape, asked) -> None:
    asked(1500 * MS, {CODE: 0x2F})
    tape.clock.run_until(11 * S)
    assert measured(tape, matures()).value is None


@pytest.mark.parametrize(
    ("stage", "status", "wrong"),
    [("failing", 0x2F, 0), ("failing", 0x27, 1), ("failing", 0x7F, 2), ("healed", 0x2E, 0), ("healed", 0x2F, 1),
     ("next cycle", 0x2C, 0), ("next cycle", 0x2E, 1), ("cycle after", 0x28, 0), ("cycle after", 0x2C, 1),
     ("passed", 0x00, 0), ("passed", 0x50, 2), ("cleared", 0x50, 0), ("cleared", 0x28, 4),
     ("not tested", 0x6C, 0), ("not tested", 0x2C, 1), ("not tested", 0x6F, 2)],
)  # fmt: skip
def test_each_wrong_bit_counts(tape, asked, stage: str, status: int, wrong: int) -> None:
    asked(3 * S, {CODE: status} if status else {})
    tape.clock.run_until(4 * S)
    found = measured(tape, status_is("wheel_invalid", CODE, stage, BEGAN, 3100 * MS))
    assert found.value is not None
    assert found.value.value == wrong


def test_codes_that_are_stored_are_counted_by_name(tape, asked) -> None:
    asked(3 * S, {CODE: 0x2F, OTHER: 0x50})
    tape.clock.run_until(4 * S)
    found = measured(tape, stored({"wheel_invalid": CODE, "button_stuck": OTHER}, "", BEGAN, 3100 * MS))
    assert found.value is not None
    assert found.value.value == 1
    assert "wheel_invalid 0x2F" in found.detail


SUPPLY = 0x0213
MATURED = Stamp(2500 * MS, 2400 * MS, 2600 * MS)


@pytest.fixture
def snapshot(tape, gs4, asked):
    """Put the question for a code's snapshot and its answer on the recorded bus."""
    d = gs4.diagnostics

    def put(t: int, data: bytes, code: int = CODE, identifier: int = SUPPLY) -> None:
        name = code.to_bytes(3, "big")
        answer = b"\x59\x04" + name + b"\x2f\x01\x01" + identifier.to_bytes(2, "big") + data
        tape.bytes_on(d.bus, (d.request, False), b"\x06\x19\x04" + name + b"\xff\xaa", t)
        tape.bytes_on(d.bus, (d.response, False), bytes((0x10, len(answer))) + answer[:6], t + 20 * MS)
        tape.bytes_on(d.bus, (d.request, False), b"\x30\x00\x00", t + 21 * MS)
        tape.bytes_on(d.bus, (d.response, False), b"\x21" + answer[6:], t + 22 * MS)

    return put


def supply_in(tape, *readings: tuple[int, float, float]) -> Measurement:
    """The question, after these readings: (instant, volts, within)."""
    tape._supply += [Reading(volts, 1.0, Stamp.exact(t), within) for t, volts, within in readings]
    tape.clock.run_until(4 * S)
    question = snapshot_tells_supply("undervoltage", CODE, SUPPLY, {SUPPLY: 2}, MATURED, BEGAN, 3500 * MS)
    found = tape.ask(question, LIMIT, 0)
    assert isinstance(found, Measurement)
    assert (found.unit, found.window) == ("V", (BEGAN.t, 3500 * MS))
    return found


@pytest.mark.parametrize(
    ("volts", "within", "value"),
    [(8.5, 0.0, (0.0, 0.0, 0.0)), (8.3, 0.05, (0.2, 0.15, 0.25)),
     (9.0, 0.1, (0.5, 0.4, 0.6)), (8.5, 0.02, (0, 0, 0.02))],
)  # fmt: skip
def test_a_snapshot_is_held_against_what_the_supply_read(tape, snapshot, volts, within, value) -> None:
    snapshot(3 * S, (85).to_bytes(2, "big"))
    found = supply_in(tape, (MATURED.t, volts, within))
    assert found.value == pytest.approx(value)
    assert found.detail == f"the snapshot says 8.5 V, the supply read {volts:.2f} V"


def test_of_all_readings_about_that_instant_the_nearest_counts(tape, snapshot) -> None:
    snapshot(3 * S, (0x0105).to_bytes(2, "big"))
    edges = MATURED.early - NEAR, MATURED.late + NEAR
    beyond = ((edges[0] - 1, 26.1, 0.0), (edges[1] + 1, 26.1, 0.0))
    found = supply_in(tape, *beyond, (edges[0], 24.0, 0.0), (MATURED.t, 26.4, 0.0), (edges[1], 25.0, 0.0))
    assert found.value is not None
    assert found.value.value == pytest.approx(0.3)


def test_a_snapshot_without_a_reading_or_of_something_else_is_no_figure(tape, snapshot) -> None:
    assert supply_in(tape, (MATURED.t, 8.5, 0.0)).detail == "undervoltage has no snapshot with the supply in it"
    snapshot(2800 * MS, (85).to_bytes(2, "big"), code=OTHER)
    assert supply_in(tape).value is None
    snapshot(3 * S, (85).to_bytes(2, "big"))
    assert supply_in(tape).value is not None
    tape._supply.clear()
    found = supply_in(tape)
    assert (found.value, found.detail) == (None, "no reading of the supply")
