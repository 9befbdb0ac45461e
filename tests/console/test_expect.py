"""Patterns are found by the bytes alone, and nobody eats what another waits for."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console import memory
from harness.console.expect import BLOCK, Expect, Match, wait
from harness.console.port import Bytes
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S

PATTERNS = (re.compile(rb"a(b+)a"), b"ba", re.compile(rb"(?m)^c"), re.compile(rb"c{2,}?b"), re.compile(rb"(?<=a)c[^a]"))


def found(waiter: object) -> list[Match]:
    matches = []
    while (match := waiter.poll()) is not None:  # type: ignore[attr-defined]
        matches.append(match)
    return matches


def cut(text: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(text), *(a % (len(text) + 1) for a in at)})
    return [text[a:b] for a, b in pairwise(places)]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60).map(lambda b: bytes(b"abc\n"[x % 4] for x in b)), st.lists(st.integers(0, 60)))
def test_any_chunks_give_the_same_matches(text: bytes, at: list[int]) -> None:
    whole, byte_by_byte, cut_up = Expect(), Expect(), Expect()
    waiters = [e.look_for(*PATTERNS, since="start") for e in (whole, byte_by_byte, cut_up)]
    results: list[list[Match]] = [[], [], []]
    for i, (expect, pieces) in enumerate(
        ((whole, [text]), (byte_by_byte, [text[j : j + 1] for j in range(len(text))]), (cut_up, cut(text, at)))
    ):
        for piece in pieces:
            expect.feed(Bytes(Stamp.exact(0), piece))
            results[i] += found(waiters[i])
    assert results[0] == results[1] == results[2]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 3 * BLOCK), st.lists(st.integers(0, 4 * BLOCK), max_size=8))
def test_a_match_across_the_blocks_of_a_long_text_is_found_however_it_is_cut(before: int, at: list[int]) -> None:
    text = b"." * before + b"login: " + b"x" * 1500 + b"# "
    expect = Expect()
    waiter = expect.look_for(re.compile(rb"login: x+#"), since="start")
    matches = []
    for piece in cut(text, at):
        expect.feed(Bytes(Stamp.exact(0), piece))
        matches += found(waiter)
    assert [(m.start, m.end) for m in matches] == [(before, len(text) - 1)]


def test_two_waiters_find_the_same_text_each() -> None:
    expect = Expect()
    one, other = expect.look_for(b"ready"), expect.look_for(b"ready", b"panic")
    expect.feed(Bytes(Stamp.exact(1), b"system ready\npanic\n"))
    assert [m.data for m in found(one)] == [b"ready"]
    assert [(m.which, m.data) for m in found(other)] == [(0, b"ready"), (1, b"panic")]


def test_a_late_waiter_looks_from_now_or_from_the_start() -> None:
    expect = Expect()
    expect.feed(Bytes(Stamp.exact(1), b"booted\n"))
    assert expect.look_for(b"booted").poll() is None
    late = expect.look_for(b"booted", since="start").poll()
    assert late is not None
    assert late.start == 0


def test_a_match_carries_the_stamps_of_its_first_and_last_byte_and_its_groups() -> None:
    expect = Expect()
    waiter = expect.look_for(re.compile(rb"version (\d+)\.(\d+)\n"))
    for t, data in ((10, b"U-Boot ver"), (20, b"sion 20"), (30, b"26.1\n")):
        expect.feed(Bytes(Stamp.within(t, 2), data))
    match = waiter.poll()
    assert match is not None
    assert match.groups == (b"2026", b"1")
    assert (match.began, match.ended) == (Stamp.within(10, 2), Stamp.within(30, 2))


@pytest.mark.parametrize(
    "pattern",
    [b"", rb"a*", rb"ready$", rb"ready\b", rb"a(?!b)", rb"(?>ab|a)c", rb"x++y", rb"end\Z", rb"(a)?b(?(1)c|d)"],
)
def test_a_pattern_that_later_text_could_undo_is_refused(pattern: bytes) -> None:
    with pytest.raises(HarnessError):
        Expect().look_for(re.compile(pattern))


def test_no_pattern_is_a_misuse() -> None:
    with pytest.raises(HarnessError):
        Expect().look_for()


def test_waiting_lets_time_pass_up_to_the_match_or_the_end() -> None:
    clock = VirtualClock()
    port, far = memory.pair(clock)
    expect = Expect()
    port.listen(expect.feed)
    clock.at(300 * MS, lambda: far.write(b"login: "), name="unit")
    match = wait(clock, port, expect.look_for(b"login:"), 2 * S)
    assert match is not None
    assert match.began == Stamp.exact(300 * MS)
    assert 300 * MS <= clock.now() <= 320 * MS
    assert wait(clock, port, expect.look_for(b"never"), 1 * S) is None
    assert clock.now() >= 1 * S
