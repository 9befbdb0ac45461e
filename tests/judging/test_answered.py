"""What a tester was told, read off the bus: row by row, to the boundaries of lengths, codes and instants."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging.conversation import conversation, questions
from harness.judging.diagnostics import (
    by_the_table,
    keys_until_locked,
    response_time,
    stays_locked,
    tells,
    told_time,
    unlocks,
)
from harness.judging.refusals import TABLE

UNTIL = 60 * S
START = Stamp.exact(0)
LIMIT = Limit("s", high=0.05)
SEED = "67 01 11 22 33 44"


@pytest.fixture
def bus(tape, gs4):
    """``bus(t, "22 F1 89", "62 F1 89 31")``: a request at ``t`` ms and its answer 20 ms later, each in one frame."""
    d = gs4.diagnostics

    def say(t: float, request: str, *answers: str, to_all: bool = False) -> None:
        for n, text in enumerate((request, *answers)):
            key = d.response if n else d.functional if to_all else d.request
            data = bytes.fromhex(text)
            frame = (bytes((len(data),)) + data).ljust(8, b"\xaa")
            tape.bytes_on(d.bus, (key, False), frame, round(t * MS) + n * 20 * MS)

    return say


def measured(tape, observation) -> Measurement:
    tape.clock.run_until(UNTIL + S)
    answer = tape.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


def test_a_request_without_an_answer_has_no_time(tape, bus) -> None:
    bus(1000, "3E 80")
    bus(2000, "22 F1 89")
    found = measured(tape, response_time(START, UNTIL))
    assert (found.value, found.detail) == (None, "no answer")
    bus(3000, "22 F1 89", "62 F1 89 31")
    found = measured(tape, response_time(START, UNTIL))
    assert found.value == (0.02, 0.02, 0.02)
    assert found.detail == "slowest to 22 F1 89 at 3.000 s"


def test_of_two_that_are_as_slow_the_first_is_told(tape, bus) -> None:
    bus(1000, "22 F1 89 F1", "7F 22 13")
    bus(2000, "22 F1 8A", "7F 22 31")
    assert measured(tape, response_time(START, UNTIL)).detail == "slowest to 22 F1 89 F1 at 1.000 s"


def test_of_a_long_request_four_bytes_are_told(tape, bus) -> None:
    bus(1000, "2E 02 21 41 42 43", "6E 02 21")
    assert measured(tape, response_time(START, UNTIL)).detail == "slowest to 2E 02 21 41 at 1.000 s"


def test_the_bounds_of_a_response_are_those_of_both_frames(make_tape, gs4) -> None:
    tape, d = make_tape(spread=1 * MS), gs4.diagnostics
    for key, data, t in ((d.request, b"\x02\x3e\x00", 1 * S), (d.response, b"\x02\x7e\x00", 1030 * MS)):
        tape.bytes_on(d.bus, (key, False), data.ljust(8, b"\xaa"), t)
    found = measured(tape, response_time(START, UNTIL))
    assert tuple(found.value) == pytest.approx((0.030, 0.028, 0.032))


def test_the_longest_time_that_the_unit_told_counts(tape, bus) -> None:
    bus(1000, "10 03", "50 03 00 32 01 F4")
    bus(2000, "22 F1 86", "62 F1 86 03")
    bus(3000, "10 01", "50 01 00 28 00 04")
    found = measured(tape, told_time(START, UNTIL))
    assert found.value is not None
    assert tuple(found.value) == (0.05, 0.05, 0.05)


@pytest.mark.parametrize(
    "answer",
    ["7F 10 12", "50 03", "50 03 00 32", "50 03 00 32 01 F4 00", "50 03 00 00 01 F4", "50 03 00 32 00 04"],
)
def test_no_time_is_told_without_two_times_of_which_the_second_is_no_shorter(tape, bus, answer) -> None:
    bus(1000, "10 01", "50 01 00 32 01 F4") if answer.startswith("50") else None
    bus(2000, "10 03", answer)
    assert measured(tape, told_time(START, UNTIL)).value is None


def test_wrong_answers_are_told_by_row_and_no_more_than_four_of_them(tape, bus) -> None:
    rows = [row for row in TABLE if len(row.request) < 8 and row.functional is not None][:6]
    asked = []
    for n, row in enumerate(rows):
        bus(1000 + 100 * n, row.request.hex(), f"{row.request[0] + 0x40 & 0xFF:02x} 00")
        asked.append((Stamp.exact((1000 + 100 * n) * MS), row))
    found = measured(tape, by_the_table(asked, False, START, UNTIL))
    assert found.value.value == 6
    assert found.detail.split("; ")[0] == "a service nobody has (BA 00): FA 00, not serviceNotSupported (0x11)"
    assert len(found.detail.split("; ")) == 4
    assert measured(tape, by_the_table(asked[:1], True, START, UNTIL)).detail.endswith("not silence")


def test_rows_that_are_answered_right_are_counted(tape, bus) -> None:
    row = TABLE[0]
    bus(1000, "BA 00", "7F BA 11")
    right = by_the_table([(Stamp.exact(1 * S), row)], False, START, UNTIL)
    assert measured(tape, right).detail == "1 requests answered as the table says"
    elsewhere = by_the_table([(Stamp.exact(1 * S + 1), row)], False, START, UNTIL)
    assert measured(tape, elsewhere).value.value == 1


def test_pending_is_no_answer_and_another_refusal_is_one(tape, bus) -> None:
    row = next(row for row in TABLE if row.name == "clear of a group nobody has")
    bus(1000, "14 00 00 01", "7F 14 78", "7F 14 31")
    bus(2000, "14 00 00 01", "7F 14 78")
    rows = [(Stamp.exact(1 * S), row), (Stamp.exact(2 * S), row)]
    found = measured(tape, by_the_table(rows, False, START, UNTIL))
    assert found.value.value == 1
    assert found.detail.startswith("clear of a group nobody has (14 00 00 01): ")


def test_a_request_to_all_between_the_frames_of_another_has_an_instant_of_its_own(tape, bus, gs4) -> None:
    d = gs4.diagnostics
    tape.bytes_on(d.bus, (d.request, False), bytes.fromhex("10 0A 2E 02 21 41 41 41"), 1000 * MS)
    bus(1002, "3E 80", to_all=True)
    tape.bytes_on(d.bus, (d.request, False), bytes.fromhex("21 41 41 41 41 AA AA AA"), 1005 * MS)
    tape.clock.run_until(2 * S)
    said = conversation(tape, 0, 2 * S)
    assert [(s.payload[:2].hex(), s.first.t // MS, s.last.t // MS, s.functional) for s in said] == [
        ("3e80", 1002, 1002, True), ("2e02", 1000, 1005, False),
    ]  # fmt: skip


def test_what_the_unit_says_unasked_and_after_its_answer_is_no_answer(tape, bus, gs4) -> None:
    d = gs4.diagnostics
    tape.bytes_on(d.bus, (d.response, False), b"\x02\x7e\x00".ljust(8, b"\xaa"), 500 * MS)
    bus(1000, "22 F1 89", "62 F1 89 31", "7F 22 78", "62 F1 89 32")
    tape.clock.run_until(2 * S)
    (asked,) = questions(tape, 0, 2 * S)
    assert asked.answer.payload == b"\x62\xf1\x891"
    assert asked.pending == ()
    assert asked.first_word is asked.answer


def test_the_first_of_several_pending_is_the_first_word(tape, bus) -> None:
    bus(1000, "22 F1 89", "7F 22 78", "7F 22 78", "62 F1 89 31")
    bus(2000, "22 F1 89", "7F 14 78")
    tape.clock.run_until(3 * S)
    first, second = questions(tape, 0, 3 * S)
    assert [p.first.t // MS for p in first.pending] == [1020, 1040]
    assert (first.first_word, first.answer.first.t) == (first.pending[0], 1060 * MS)
    assert (second.pending, second.answer.payload) == ((), b"\x7f\x14\x78")


IDENTIFIERS = [
    ("text", "62 F1 89 31 2E 30", "0xF189 '1.0'"),
    ("text", "62 F1 89 31 00 20", "0xF189 31 00 20"),
    ("text", "62 F1 89 31 FF", "0xF189 31 FF"),
    ("text", "62 F1 89 20 00", "0xF189: 20 00"),
    ("text", "62 F1 89 31 0A 31", "0xF189: 31 0A 31"),
    ("text", "62 F1 89 C3 A4", "0xF189: C3 A4"),
    ("31 2E 30", "62 F1 89 31 2E 30", "0xF189 '1.0'"),
    ("31 2E 31", "62 F1 89 31 2E 30", "0xF189: '1.0'"),
    ("text", "62 F1 8A 31", "0xF189: not told"),
    ("text", "7F 22 31", "0xF189: not told"),
]


@pytest.mark.parametrize(("kind", "answer", "said"), IDENTIFIERS)
def test_an_identifier_is_told_as_it_should_be(tape, bus, kind: str, answer: str, said: str) -> None:
    bus(1000, "22 F1 89", answer)
    found = measured(tape, tells({0xF189: kind}, START, UNTIL))
    assert (found.detail, found.value.value) == (said, 1.0 if ":" in said else 0.0)


def test_several_identifiers_are_told_together(tape, bus) -> None:
    bus(1000, "22 F1 89", "62 F1 89 31")
    bus(2000, "22 F1 8C", "62 F1 8C 32")
    bus(3000, "22 F1 89 F1 8C", "62 F1 89 39")
    bus(4000, "22 F1 91")
    asked = {0xF189: "text", 0xF18C: "text"}
    assert measured(tape, tells(asked, START, UNTIL)).detail == "0xF189 '1', 0xF18C '2'"
    missing = {**asked, 0xF191: "text", 0xF192: "text"}
    assert measured(tape, tells(missing, START, UNTIL)).detail == "0xF191: not told; 0xF192: not told"


def tries(bus, *codes: str, start: float = 1000) -> None:
    for n, code in enumerate(codes):
        bus(start + 1000 * n, "27 01", SEED)
        bus(start + 1000 * n + 100, "27 02 00 00 00 00", code)


def test_the_keys_are_told_with_what_became_of_them(tape, bus) -> None:
    bus(500, "27", "7F 27 13")
    tries(bus, "7F 27 35", "7F 27 36", "7F 27 37")
    found = measured(tape, keys_until_locked(START, UNTIL))
    assert found.value == (2, 2, 2)
    assert found.detail == "locked by wrong key 2: invalidKey (0x35), exceededNumberOfAttempts (0x36)"


def test_keys_that_never_lock_are_told_too(tape, bus) -> None:
    tries(bus, "7F 27 35", "67 02")
    found = measured(tape, keys_until_locked(START, UNTIL))
    assert found.detail == "not locked after 2 wrong keys: invalidKey (0x35), a positive answer"


def test_a_unit_that_never_locked_stays_locked_for_no_time(tape, bus) -> None:
    tries(bus, "7F 27 35")
    found = measured(tape, stays_locked(START, None, UNTIL))
    assert (found.value, found.detail) == (None, "never locked")


def test_a_unit_that_gives_no_seed_any_more_has_no_delay(tape, bus) -> None:
    tries(bus, "7F 27 36")
    bus(5000, "27 01", "7F 27 37")
    found = measured(tape, stays_locked(START, None, UNTIL))
    assert (found.value, found.detail) == (None, "no seed any more up to 60.000 s")


@pytest.mark.parametrize(
    ("since", "value"), [(None, (4.9, 2.9, 4.9)), (Stamp(3 * S, 2990 * MS, 3 * S), (3.02, 1.02, 3.03))]
)
def test_the_delay_counts_from_the_refusal_or_from_the_return_of_power(tape, bus, since, value) -> None:
    """Requests without an answer, keys and what came before say nothing of it."""
    tries(bus, "7F 27 36")
    bus(2000, "27 01", SEED) if since else None
    bus(4000, "27 01", "7F 27 37")
    bus(4500, "27 01")
    bus(5000, "27 02 00 00 00 00", "67 02")
    bus(6000, "27 01", SEED)
    bus(7000, "27 01", SEED)
    found = measured(tape, stays_locked(START, since, UNTIL))
    assert tuple(found.value) == pytest.approx(value)
    assert found.detail == "a seed at 6.020 s, none before"


def test_a_seed_at_once_may_have_been_given_at_any_time_before(make_tape, gs4) -> None:
    tape, d = make_tape(spread=5 * MS), gs4.diagnostics
    for t, key, text in ((1000, d.request, "06 27 02 00 00 00 00"), (1020, d.response, "03 7F 27 36"),
                         (1025, d.request, "02 27 01"), (1030, d.response, "06 67 01 11 22 33 44")):  # fmt: skip
        tape.bytes_on(d.bus, (key, False), bytes.fromhex(text).ljust(8, b"\xaa"), t * MS)
    found = measured(tape, stays_locked(START, None, UNTIL))
    assert tuple(found.value) == pytest.approx((0.010, 0.0, 0.020))


@pytest.mark.parametrize(
    ("levels", "shut", "said"),
    [((1,), 0, "level 1 open"), ((1, 3), 1, "level 3 did not open"), ((3, 5), 2, "level 3, 5 did not open")],
)
def test_a_level_opens_with_a_key_that_was_taken(tape, bus, levels, shut: int, said: str) -> None:
    tries(bus, "67 02")
    bus(3000, "27 03", "67 03 11 22 33 44")
    bus(3100, "27 04 00 00 00 00", "7F 27 35")
    found = measured(tape, unlocks(levels, START, UNTIL))
    assert (found.value.value, found.detail) == (shut, said)


@pytest.mark.parametrize(("t", "counts"), [(1 * S - 1, False), (1 * S, True), (UNTIL - 20 * MS, True)])
def test_what_was_asked_before_the_instant_counts_for_nothing(tape, bus, t: Ns, counts: bool) -> None:
    bus(t / MS, "22 F1 89", "62 F1 89 31")
    found = measured(tape, response_time(Stamp.exact(1 * S), UNTIL))
    assert (found.value is not None) is counts
