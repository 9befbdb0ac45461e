"""The memory console beyond the contract: exact stamps, and who hears what."""

from __future__ import annotations

import pytest

from harness.console.memory import pair
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp


def test_a_chunk_carries_the_instant_at_which_it_was_printed():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    port.listen(heard.append)
    clock.at(1234, lambda: far.write(b"x"), name="print")
    clock.run_until(10_000)
    assert [(c.stamp, c.data) for c in heard] == [(Stamp.exact(1234), b"x")]


def test_the_same_function_may_listen_twice_and_leave_once():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    port.listen(heard.append)
    stop = port.listen(heard.append)
    far.write(b"x")
    clock.run_until(1)
    stop()
    far.write(b"y")
    clock.run_until(2)
    assert b"".join(c.data for c in heard) == b"xxy"


def test_who_begins_after_the_print_does_not_hear_it_even_at_the_same_instant():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    far.write(b"before")
    port.listen(heard.append)
    clock.run_until(1)
    assert heard == []


def test_what_the_unit_prints_in_answer_keeps_its_order():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    port.listen(lambda c: heard.append(c.data))
    far.on_input(lambda data: [far.write(b"> " + data), far.write(b"ok")])
    port.write(b"ls")
    clock.run_until(1)
    assert heard == [b"> ls", b"ok"]


def test_an_empty_print_is_nothing():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    port.listen(heard.append)
    far.write(b"")
    clock.run_until(1)
    assert heard == []


def test_the_buffer_may_be_used_again_after_writing():
    clock = VirtualClock()
    port, far = pair(clock)
    heard = []
    port.listen(heard.append)
    buffer = bytearray(b"abc")
    far.write(buffer)
    buffer[:] = b"xyz"
    clock.run_until(1)
    assert heard[0].data == b"abc"


def test_a_closed_console_takes_no_input():
    clock = VirtualClock()
    port, _ = pair(clock)
    port.close()
    with pytest.raises(HarnessError):
        port.write(b"x")
