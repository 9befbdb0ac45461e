"""Boots, boot loops, panics and crashes are told from the console, however its bytes were cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console.events import SIGNS, ConsoleEvent, ConsoleEvents, sign
from harness.console.port import Bytes
from harness.foundation.stamps import Stamp
from harness.foundation.units import S

LINUX = b"[    0.000000] Linux version 5.15.78 (build@host) #1 SMP\r\n"
START = b"\r\nU-Boot SPL 2022.04 (Jan 01 2024)\r\nU-Boot 2022.04 (Jan 01 2024)\r\n" + LINUX


def kinds(events: list[ConsoleEvent]) -> list[str]:
    return [e.kind for e in events]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"[   12.5] Kernel panic - not syncing: Attempted to kill init!", "panic"),
        (b"[   12.5] Internal error: Oops: 17 [#1] SMP ARM", "oops"),
        (b"Unable to handle kernel NULL pointer dereference at virtual address 00000000", "oops"),
        (b"watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [app:77]", "hang"),
        (b"INFO: task hmi:812 blocked for more than 120 seconds.", "hang"),
        (b"Out of memory: Killed process 812 (hmi)", "out_of_memory"),
        (b"E AndroidRuntime: FATAL EXCEPTION: main", "crash"),
        (b"F libc: Fatal signal 11 (SIGSEGV), code 1", "crash"),
        (b"Process 4102 (hmi) terminated SIGSEGV code=1", "crash"),
        (b"Shutdown[0,0] S/C/F=11/1/11 C/D=...", "panic"),
    ],
)
def test_each_sign_is_known_by_its_words(line: bytes, kind: str) -> None:
    (event,) = ConsoleEvents().feed(Bytes(Stamp.within(5, 1), line + b"\n"))
    assert (event.kind, event.line, event.stamp) == (kind, line, Stamp.within(5, 1))


def test_healthy_chatter_means_nothing() -> None:
    text = b"systemd[1]: Started Watchdog daemon.\nhmi: no panic, all well\nboot completed\nLinux is great\n"
    assert ConsoleEvents().feed(Bytes(Stamp.exact(0), text)) == []


def test_three_starts_in_two_minutes_are_a_loop_and_each_stage_counts_for_itself() -> None:
    events = ConsoleEvents()
    told = [events.feed(Bytes(Stamp.exact(i * 30 * S), START)) for i in range(3)]
    assert [kinds(t) for t in told[:2]] == [["boot"] * 3] * 2
    loops = [e for e in told[2] if e.kind == "boot_loop"]
    assert {e.name for e in loops} == {"U-Boot SPL", "U-Boot", "Linux"}
    assert all(e.stamp.t == 60 * S for e in loops)


def test_starts_far_apart_are_no_loop() -> None:
    events = ConsoleEvents()
    told = [e for i in range(6) for e in events.feed(Bytes(Stamp.exact(i * 61 * S), LINUX))]
    assert kinds(told) == ["boot"] * 6


def test_a_last_line_without_an_end_counts_when_flushed() -> None:
    events = ConsoleEvents()
    assert events.feed(Bytes(Stamp.exact(7), b"Kernel panic - not syncing: VFS")) == []
    assert kinds(events.flush()) == ["panic"]
    assert events.flush() == []


def test_a_car_may_bring_words_of_its_own() -> None:
    events = ConsoleEvents([*SIGNS, sign("crash", "maker", rb"HMI_DOWN")])
    assert kinds(events.feed(Bytes(Stamp.exact(0), b"0x1 HMI_DOWN\n"))) == ["crash"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_any_chunks_give_the_same_events(sizes: list[int]) -> None:
    text = START * 3 + b"Kernel panic - not syncing: x\n"
    whole = ConsoleEvents().feed(Bytes(Stamp.exact(0), text))
    events, told, rest, i = ConsoleEvents(), [], text, 0
    while rest:
        size = sizes[i % len(sizes)]
        told += events.feed(Bytes(Stamp.exact(0), rest[:size]))
        rest, i = rest[size:], i + 1
    assert told == whole
