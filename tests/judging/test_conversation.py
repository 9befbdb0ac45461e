"""Requests and answers, put together again from the frames of a recorded bus."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.conversation import conversation, questions
from harness.judging.diagnostics import by_the_table, keys_until_locked, response_time, stays_locked, tells, unlocks
from harness.judging.refusals import TABLE, told

UNTIL = 60 * S
START = Stamp.exact(0)
LIMIT = Limit("s", high=0.05)


@pytest.fixture
def bus(tape, gs4):
    d = gs4.diagnostics

    class Bus:
        def asks(self, t: int, text: str, *, functional: bool = False) -> None:
            data = bytes.fromhex(text)
            key = (d.functional if functional else d.request, False)
            tape.bytes_on(d.bus, key, (bytes((len(data),)) + data).ljust(8, b"\xaa"), t)

        def says(self, t: int, text: str) -> None:
            data = bytes.fromhex(text)
            tape.bytes_on(d.bus, (d.response, False), (bytes((len(data),)) + data).ljust(8, b"\xaa"), t)

        def frame(self, t: int, text: str, *, by_unit: bool = True) -> None:
            tape.bytes_on(d.bus, (d.response if by_unit else d.request, False), bytes.fromhex(text), t)

    return Bus()


def measured(tape, observation) -> Measurement:
    tape.clock.run_until(UNTIL + S)
    answer = tape.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


def test_p2_runs_from_the_last_frame_asked_to_the_first_frame_answered(tape, bus) -> None:
    bus.frame(1000 * MS, "10 0A 2E 02 21 41 41 41", by_unit=False)
    bus.frame(1001 * MS, "30 00 00 AA AA AA AA AA")
    bus.frame(1005 * MS, "21 41 41 41 41 AA AA AA", by_unit=False)
    bus.frame(1035 * MS, "10 08 6E 02 21 01 02 03")
    bus.frame(1036 * MS, "30 00 00 AA AA AA AA AA", by_unit=False)
    bus.frame(1040 * MS, "21 04 05 AA AA AA AA AA")
    found = measured(tape, response_time(START, UNTIL))
    assert found.value is not None
    assert found.value.value == pytest.approx(0.030)
    assert [s.by_unit for s in conversation(tape, 0, UNTIL)] == [False, True]


def test_response_pending_is_the_first_word_and_not_the_answer(tape, bus) -> None:
    bus.asks(1 * S, "14 FF FF FF")
    bus.says(1020 * MS, "7F 14 78")
    bus.says(1300 * MS, "54")
    tape.clock.run_until(UNTIL)
    (asked,) = questions(tape, 0, UNTIL)
    assert asked.answer is not None
    assert asked.answer.payload == b"\x54"
    found = measured(tape, response_time(START, UNTIL))
    assert found.value is not None
    assert found.value.value == pytest.approx(0.020)


def test_a_slow_answer_is_the_one_that_counts(tape, bus) -> None:
    for t, took in ((1, 10), (2, 90), (3, 20)):
        bus.asks(t * S, "3E 00")
        bus.says(t * S + took * MS, "7E 00")
    found = measured(tape, response_time(START, UNTIL))
    assert found.value is not None
    assert found.value.value == pytest.approx(0.090)


def row(name: str):
    return next(r for r in TABLE if r.name == name)


@pytest.mark.parametrize(
    ("answer", "functional", "wrong"),
    [("7F BA 11", False, 0), ("7F BA 12", False, 1), (None, False, 1), (None, True, 0), ("7F BA 11", True, 1),
     ("FA 00", False, 1)],
)  # fmt: skip
def test_each_answer_beside_the_table_counts(tape, bus, answer: str | None, functional: bool, wrong: int) -> None:
    unknown = row("a service nobody has")
    bus.asks(1 * S, "BA 00", functional=functional)
    if answer is not None:
        bus.says(1020 * MS, answer)
    found = measured(tape, by_the_table([(Stamp.exact(1 * S), unknown)], functional, START, UNTIL))
    assert found.value is not None
    assert found.value.value == wrong


def test_silence_that_was_asked_for_is_right_and_an_answer_is_not(tape, bus) -> None:
    quiet = row("tester present, asked for silence")
    bus.asks(1 * S, "3E 80")
    bus.asks(2 * S, "3E 80")
    bus.says(2020 * MS, "7E 00")
    rows = [(Stamp.exact(t * S), quiet) for t in (1, 2)]
    found = measured(tape, by_the_table(rows, False, START, UNTIL))
    assert found.value is not None
    assert found.value.value == 1


def test_an_answer_that_is_none_is_nonsense() -> None:
    assert told(b"\x22\xf1\x89", b"\x62\xf1\x89A") == 0
    assert told(b"\x22\xf1\x89", b"\x7f\x10\x11") == -1
    assert told(b"\x22\xf1\x89", None) is None
    assert told(b"\x3e\x00", b"\x7e\x00") == 0
    assert told(b"\x3e\x00", b"\x7e\x01") == -1
    assert told(b"\x10\x83", b"\x50\x03\x00\x32\x01\xf4") == 0
    assert told(b"\x10\x03", b"\x50") == -1


@pytest.mark.parametrize(
    ("data", "wrong"), [("62 F1 89 31 2E 30", 0), ("62 F1 89", 1), ("62 F1 89 07", 1), ("7F 22 31", 1)]
)
def test_a_text_has_to_be_there_and_printable(tape, bus, data: str, wrong: int) -> None:
    bus.asks(1 * S, "22 F1 89")
    bus.says(1020 * MS, data)
    found = measured(tape, tells({0xF189: "text"}, START, UNTIL))
    assert found.value is not None
    assert found.value.value == wrong


def tries(bus, *codes: str, start: int = 1) -> None:
    for n, code in enumerate(codes):
        bus.asks((start + n) * S, "27 01")
        bus.says((start + n) * S + 20 * MS, "67 01 11 22 33 44")
        bus.asks((start + n) * S + 100 * MS, "27 02 00 00 00 00")
        bus.says((start + n) * S + 120 * MS, code)


def test_the_key_that_locks_is_counted(tape, bus) -> None:
    tries(bus, "7F 27 35", "7F 27 35", "7F 27 36")
    found = measured(tape, keys_until_locked(START, UNTIL))
    assert found.value is not None
    assert found.value.value == 3


def test_a_unit_that_never_locks_has_no_count(tape, bus) -> None:
    tries(bus, *["7F 27 35"] * 5)
    assert measured(tape, keys_until_locked(START, UNTIL)).value is None


def test_the_delay_is_between_the_last_refusal_and_the_first_seed(tape, bus) -> None:
    tries(bus, "7F 27 36")
    for t in (5, 10, 11):
        bus.asks(t * S, "27 01")
        bus.says(t * S + 20 * MS, "7F 27 37")
    bus.asks(12 * S, "27 01")
    bus.says(12 * S + 20 * MS, "67 01 11 22 33 44")
    found = measured(tape, stays_locked(START, None, UNTIL))
    assert found.value is not None
    assert (found.value.low, found.value.high) == pytest.approx((11.020 - 1.120, 12.020 - 1.120))


def test_only_a_positive_answer_opens_a_level(tape, bus) -> None:
    tries(bus, "67 02")
    found = measured(tape, unlocks((1, 3), START, UNTIL))
    assert found.value is not None
    assert found.value.value == 1
    assert "3" in found.detail
