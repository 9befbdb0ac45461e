"""Canaries are found in every spelling, and only there."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.privacy import found_in, in_answers, in_files, on_the_buses, on_the_console, spellings

CANARY = "acct-7Q4K2"
NAME = "林悦"
NONE = Limit("1", low=0.0, high=0.0)
AFTER = Stamp.exact(1 * S)
SPELLERS = {
    "utf-8": lambda text: text.encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "gbk": lambda text: text.encode("gbk"),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "hex of utf-16": lambda text: text.encode("utf-16-le").hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
}


@pytest.mark.parametrize("speller", SPELLERS)
@pytest.mark.parametrize("canary", [CANARY, NAME])
def test_a_canary_is_found_in_each_spelling(speller: str, canary: str) -> None:
    assert found_in(b"\x01before " + SPELLERS[speller](canary) + b" after\xff", [canary]) == [canary]


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4, 5])
def test_a_canary_within_a_longer_base64_text_is_found(before: int) -> None:
    text = b"x" * before + CANARY.encode() + b"yyy"
    assert found_in(base64.b64encode(text), [CANARY]) == [CANARY]


@pytest.mark.parametrize("data", [b"", b"acct-7Q4K", b"acct-7Q4K3", b"ACCT", CANARY[::-1].encode()])
def test_what_is_no_canary_is_not_found(data: bytes) -> None:
    assert found_in(data, [CANARY, NAME]) == []


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_random_bytes_hold_no_canary(data: bytes) -> None:
    assert found_in(data, [CANARY, NAME]) == []


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=2, max_size=10))
def test_any_text_has_spellings_and_none_is_empty(text: str) -> None:
    assert all(spellings(text))
    assert found_in(text.encode(), [text]) == [text]


def counted(tape, question) -> Measurement:
    tape.clock.run_until(20 * S)
    found = tape.ask(question, NONE, 0)
    assert isinstance(found, Measurement)
    return found


def test_the_console_is_searched_across_chunks_and_in_its_window(tape) -> None:
    tape.print(CANARY.encode(), 500 * MS)
    tape.print(b"user acct-7", 2 * S)
    tape.print(b"Q4K2 logged out", 2100 * MS)
    tape.print(NAME.encode(), 9 * S)
    found = counted(tape, on_the_console((CANARY, NAME), AFTER, 5 * S))
    assert found.value == Interval.exact(1)
    assert CANARY not in found.detail, "a report is no place for it either"
    assert counted(tape, on_the_console((NAME,), AFTER, 5 * S)).value == Interval.exact(0)


@pytest.mark.parametrize("first_byte", [b"", b"\x21"])
def test_a_canary_split_over_frames_of_the_unit_is_found(tape, first_byte: bytes) -> None:
    message = tape.vehicle.role("head_unit.app").message
    bus = tape.vehicle.role("head_unit.app").bus
    text, size = CANARY.encode(), 4
    for n in range(0, len(text), size):
        tape.bytes_on(bus, message.key, first_byte + text[n : n + size], 2 * S + n * MS)
    assert counted(tape, on_the_buses((CANARY,), AFTER, 5 * S)).value == Interval.exact(1)
    assert counted(tape, on_the_buses((NAME,), AFTER, 5 * S)).value == Interval.exact(0)


def test_what_others_send_is_not_the_units_leak(tape) -> None:
    role = tape.vehicle.role("wheel.messaging")
    tape.bytes_on(role.bus, role.message.key, CANARY.encode(), 2 * S)
    assert counted(tape, on_the_buses((CANARY,), AFTER, 5 * S)).value == Interval.exact(0)


def test_readable_identifiers_are_searched(tape) -> None:
    answers = {0xF190: b"VIN", 0x2001: b"\x02" + NAME.encode() + b"\x00"}
    found = counted(tape, in_answers((CANARY, NAME), answers, AFTER, 5 * S))
    assert found.value == Interval.exact(1)
    assert "0x2001" in found.detail
    assert counted(tape, in_answers((CANARY,), answers, AFTER, 5 * S)).value == Interval.exact(0)


@pytest.mark.parametrize("spelling", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize(("head", "tail", "size"), [(0, 0, 8), (2, 2, 4), (5, 1, 2), (0, 3, 5)])
def test_a_canary_in_any_stretch_of_short_frames_is_found(tape, spelling: str, head: int, tail: int, size: int) -> None:
    where = tape.vehicle.role("head_unit.app")
    text = CANARY.encode(spelling)
    for n in range(0, len(text), size):
        data = bytes([0xA0 + n % 7] * head) + text[n : n + size].ljust(size, b"\0") + bytes([n % 15] * tail)
        tape.bytes_on(where.bus, where.message.key, data, 2 * S + n * MS)
    assert counted(tape, on_the_buses((CANARY,), AFTER, 5 * S)).value == Interval.exact(1)


def test_pieces_that_a_cycle_repeats_are_put_together(tape) -> None:
    where = tape.vehicle.role("head_unit.app")
    for n, start in enumerate(range(0, len(CANARY), 5)):
        for again in range(4):
            data = bytes([n * 4 + again]) + CANARY.encode()[start : start + 5].ljust(5, b"\0")
            tape.bytes_on(where.bus, where.message.key, data, 2 * S + (n * 4 + again) * 100 * MS)
    assert counted(tape, on_the_buses((CANARY,), AFTER, 5 * S)).value == Interval.exact(1)


def test_our_own_files_are_searched(tape, tmp_path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"kind":"note","text":"nothing"}')
    assert counted(tape, in_files((CANARY,), tmp_path, AFTER, 5 * S)).value == Interval.exact(0)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "console.log").write_bytes(base64.b64encode(b"token " + CANARY.encode()))
    found = counted(tape, in_files((CANARY,), tmp_path, AFTER, 5 * S))
    assert found.value == Interval.exact(1)
    assert "console.log" in found.detail


def test_pictures_that_are_still_to_come_are_waited_for(tape, tmp_path) -> None:
    asked = in_files((CANARY,), tmp_path, AFTER, 5 * S)
    tape.clock.run_until(5 * S)
    tape.lag["screen"] = 1
    assert isinstance(asked.look(tape, NONE, S), Undecided)
    tape.lag["screen"] = 0
    assert isinstance(asked.look(tape, NONE, S), Measurement)
