"""Answers to a tester: each one as it was wanted, and lists of trouble codes that agree with each other."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.answers import Wanted, answered_so, lists_agree
from harness.judging.observation import Undecided
from harness.judging.trouble_codes import forgotten

UNTIL = 10 * S
START = Stamp.exact(0)
LIMIT = Limit("1", high=0.0)
WRITE = Wanted("write", bytes.fromhex("2E 02 21 41"), (0x33, 0x31))
READ = Wanted("read back", bytes.fromhex("22 02 21"), (0,), bytes.fromhex("02 21 41"))
QUIET = Wanted("silence", bytes.fromhex("3E 80"), (None,))


@pytest.fixture
def says(tape, gs4):
    """A request and, 20 ms later, the answer ("" for none), each in one frame."""
    d = gs4.diagnostics

    def put(t: int, request: str, answer: str = "") -> None:
        for key, text, at in ((d.request, request, t), (d.response, answer, t + 20 * MS)):
            data = bytes.fromhex(text)
            if data:
                tape.bytes_on(d.bus, (key, False), (bytes((len(data),)) + data).ljust(8, b"\xaa"), at)

    return put


@pytest.fixture
def lists(tape, gs4):
    """An answer of any length to a request for trouble codes, in as many frames as it needs."""
    d = gs4.diagnostics

    def put(t: int, request: str, answer: str) -> None:
        asked, data = bytes.fromhex(request), bytes.fromhex(answer)
        tape.bytes_on(d.bus, (d.request, False), (bytes((len(asked),)) + asked).ljust(8, b"\xaa"), t)
        first = [bytes((len(data),)) + data] if len(data) < 8 else [bytes((0x10, len(data))) + data[:6]]
        rest = [] if len(data) < 8 else [data[i : i + 7] for i in range(6, len(data), 7)]
        frames = [*first, *(bytes((0x20 + n % 16,)) + part for n, part in enumerate(rest, 1))]
        for n, frame in enumerate(frames):
            tape.bytes_on(d.bus, (d.response, False), frame.ljust(8, b"\xaa"), t + (20 + n) * MS)

    return put


def measured(tape, observation) -> Measurement:
    tape.clock.run_until(UNTIL + S)
    answer = tape.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


@pytest.mark.parametrize(
    ("wanted", "answer", "wrong"),
    [
        (WRITE, "7F 2E 33", ""),
        (WRITE, "7F 2E 31", ""),
        (WRITE, "6E 02 21", "write (2E 02 21 41): 6E 02 21, not securityAccessDenied (0x33) or requestOutOfRange"),
        (WRITE, "", "write (2E 02 21 41): no answer, not "),
        (READ, "62 02 21 41", ""),
        (READ, "62 02 21 42", "read back (22 02 21): 62 02 21 42, not a positive answer with 02 21 41"),
        (READ, "7F 22 31", "read back (22 02 21): requestOutOfRange (0x31), not a positive answer"),
        (QUIET, "", ""),
        (QUIET, "7E 00", "silence (3E 80): 7E 00, not silence"),
    ],
)
def test_an_answer_is_held_against_what_was_wanted(tape, says, wanted, answer, wrong) -> None:
    says(1 * S, wanted.request.hex(), answer)
    found = measured(tape, answered_so([(Stamp.exact(1 * S), wanted)], "access_mismatches", "guarded", START, UNTIL))
    assert found.value is not None
    assert found.value.value == bool(wrong)
    assert (wrong or "1 requests answered as they should be") in found.detail


def test_the_first_four_wrong_answers_are_told(tape, says) -> None:
    for n in range(1, 7):
        says(n * S, WRITE.request.hex(), "6E 02 21")
    wanted = [(Stamp.exact(n * S), WRITE) for n in range(1, 7)]
    found = measured(tape, answered_so(wanted, "access_mismatches", "guarded", START, UNTIL))
    assert found.value is not None
    assert found.value.value == 6
    assert found.detail.count("write (") == 4


SUPPORTED = "59 0A 7F C1 00 00 50 C1 21 00 2F"
CODES = (0xC10000, 0xC12100)


@pytest.mark.parametrize(
    ("request_", "answer", "wrong"),
    [
        ("19 02 08", "59 02 7F C1 21 00 2F", ""),
        ("19 02 08", "59 02 7F", "19 02 08: none where 0xC12100 0x2F belong"),
        ("19 02 08", "59 02 7F C1 00 00 50 C1 21 00 2F", "19 02 08: 0xC10000 0x50, 0xC12100 0x2F where 0xC12100"),
        ("19 02 08", "59 02 FF C1 21 00 2F", "19 02 08: status availability mask 0xFF, elsewhere 0x7F"),
        ("19 02 08", "7F 19 31", "19 02 08: requestOutOfRange (0x31)"),
        ("19 02 80", "59 02 7F", ""),
        ("19 01 FF", "59 01 7F 01 00 02", ""),
        ("19 01 08", "59 01 7F 04 00 01", ""),
        ("19 01 08", "59 01 7F 05 00 01", "19 01 08: 0x05 is no format of trouble codes"),
        ("19 01 08", "59 01 7F 01 00 02", "19 01 08: 2 codes, and the list has 1"),
        ("19 01 08", "59 01 2F 01 00 01", "19 01 08: status availability mask 0x2F, elsewhere 0x7F"),
        ("19 01 08", "59 01 7F 01 01", "19 01 08: 59 01 7F 01 01"),
        ("19 04 C1 21 00 FF", "7F 19 31", ""),
    ],
)
def test_lists_and_numbers_are_held_against_all_supported_codes(tape, lists, request_, answer, wrong) -> None:
    lists(1 * S, "19 0A", SUPPORTED)
    lists(2 * S, request_, answer)
    found = measured(tape, lists_agree(CODES, START, UNTIL))
    assert found.value is not None
    assert found.value.value == bool(wrong)
    assert (wrong or "2 answers about 2 codes agree") in found.detail


def test_a_code_of_the_car_that_is_not_supported_counts(tape, lists) -> None:
    lists(1 * S, "19 0A", SUPPORTED)
    found = measured(tape, lists_agree((*CODES, 0x931116), START, UNTIL))
    assert found.value is not None
    assert found.value.value == 1
    assert found.detail == "0x931116 is not among the supported codes"


def test_without_the_list_of_all_nothing_is_measured(tape, lists) -> None:
    lists(2 * S, "19 01 08", "59 01 7F 01 00 01")
    found = measured(tape, lists_agree(CODES, START, UNTIL))
    assert found.value is None
    assert found.detail == "the supported trouble codes were not told"


@pytest.mark.parametrize(
    ("answer", "value", "detail"),
    [
        ("59 04 C1 21 00 50", 0, "undervoltage has no snapshot"),
        ("7F 19 31", 0, "undervoltage has no snapshot"),
        ("59 04 C1 21 00 50 01 01 02 13 87", 1, "undervoltage has a snapshot: 01 01 02 13 87"),
    ],
)
def test_a_snapshot_that_is_gone(tape, lists, answer, value, detail) -> None:
    lists(1 * S, "19 04 C1 00 00 FF", "59 04 C1 00 00 50 01 01 02 13 87")
    lists(2 * S, "19 04 C1 21 00 FF", answer)
    found = measured(tape, forgotten("undervoltage", 0xC12100, START, UNTIL))
    assert found.value is not None
    assert found.value.value == value
    assert found.detail == detail


def test_a_snapshot_nobody_asked_for_is_not_gone(tape, lists) -> None:
    lists(1 * S, "19 04 C1 00 00 FF", "7F 19 31")
    found = measured(tape, forgotten("undervoltage", 0xC12100, START, UNTIL))
    assert found.value is None
    assert found.detail == "no snapshot was asked for"


@pytest.mark.parametrize(
    "question",
    [
        answered_so([], "access_mismatches", "guarded", START, UNTIL),
        lists_agree((), START, UNTIL),
        forgotten("undervoltage", 0xC12100, START, UNTIL),
    ],
)
def test_nothing_is_said_before_the_recording_has_come_so_far(tape, question) -> None:
    tape.clock.run_until(UNTIL - 1)
    assert tape.ask(question, LIMIT, 0) == Undecided(UNTIL)
    tape.clock.run_until(UNTIL)
    assert isinstance(tape.ask(question, LIMIT, 0), Measurement)
