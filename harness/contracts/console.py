"""What every console driver must keep.

Use: make a class of tests that inherits ``ConsoleContract`` beside a pytest fixture ``ends`` that returns
``ConsoleEnds``. The far end stands for the unit: it prints and reads what is typed. Drivers may cut the bytes into
other chunks than they were written in; the contract compares the bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from harness.console.port import Bytes, ConsolePort
from harness.foundation.clock import Clock
from harness.foundation.units import MS, Ns

EVERY_BYTE = bytes(range(256))


class FarEnd(Protocol):
    """The unit's side of the console."""

    def write(self, data: bytes) -> None: ...

    def on_input(self, callback: Callable[[bytes], None]) -> object: ...


@dataclass(frozen=True)
class ConsoleEnds:
    """The clock, the rig's port, the unit's end of the same console."""

    clock: Clock
    port: ConsolePort
    far: FarEnd


class ConsoleContract:
    def test_every_byte_the_unit_prints_is_heard_as_it_is(self, ends: ConsoleEnds) -> None:
        heard = self._listen(ends)
        ends.far.write(EVERY_BYTE)
        ends.far.write(b"login \xe7\x99\xbb\xe5\xbd\x95\r\n")
        self._pass(ends, 300 * MS)
        assert b"".join(c.data for c in heard) == EVERY_BYTE + b"login \xe7\x99\xbb\xe5\xbd\x95\r\n"
        assert all(c.data for c in heard)

    def test_every_byte_typed_reaches_the_unit_as_it_is(self, ends: ConsoleEnds) -> None:
        typed: list[bytes] = []
        ends.far.on_input(typed.append)
        ends.port.write(EVERY_BYTE)
        ends.port.write(b"\x03")
        self._pass(ends, 300 * MS)
        assert b"".join(typed) == EVERY_BYTE + b"\x03"

    def test_chunks_are_stamped_when_they_were_printed(self, ends: ConsoleEnds) -> None:
        heard = self._listen(ends)
        printed = []
        for word in (b"one\n", b"two\n", b"three\n"):
            printed.append(ends.clock.now())
            ends.far.write(word)
            self._pass(ends, 200 * MS)
        assert b"".join(c.data for c in heard) == b"one\ntwo\nthree\n"
        assert heard[0].stamp.early <= printed[0] + 1 * MS
        stamps = [c.stamp for c in heard]
        assert all(s.early <= s.t <= s.late for s in stamps)
        assert [s.t for s in stamps] == sorted(s.t for s in stamps)
        assert stamps[-1].late >= printed[-1]

    def test_nobody_eats_anothers_bytes(self, ends: ConsoleEnds) -> None:
        one, other = self._listen(ends), self._listen(ends)
        ends.far.write(b"for all of us")
        self._pass(ends, 300 * MS)
        assert b"".join(c.data for c in one) == b"".join(c.data for c in other) == b"for all of us"

    def test_who_stops_listening_hears_no_more_and_the_others_do(self, ends: ConsoleEnds) -> None:
        stayed = self._listen(ends)
        left: list[Bytes] = []
        stop = ends.port.listen(left.append)
        ends.far.write(b"first ")
        self._pass(ends, 300 * MS)
        stop()
        stop()
        ends.far.write(b"second")
        self._pass(ends, 300 * MS)
        assert b"".join(c.data for c in left) == b"first "
        assert b"".join(c.data for c in stayed) == b"first second"

    def test_who_comes_later_hears_only_what_comes_later(self, ends: ConsoleEnds) -> None:
        ends.far.write(b"before")
        self._pass(ends, 300 * MS)
        late = self._listen(ends)
        ends.far.write(b"after")
        self._pass(ends, 300 * MS)
        assert b"".join(c.data for c in late) == b"after"

    def test_a_listener_is_called_only_while_time_passes(self, ends: ConsoleEnds) -> None:
        heard = self._listen(ends)
        ends.far.write(b"x")
        assert heard == []
        self._pass(ends, 300 * MS)
        assert b"".join(c.data for c in heard) == b"x"

    def test_the_watermark_follows_time(self, ends: ConsoleEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless(self, ends: ConsoleEnds) -> None:
        ends.port.close()
        ends.port.close()

    def _listen(self, ends: ConsoleEnds) -> list[Bytes]:
        heard: list[Bytes] = []
        ends.port.listen(heard.append)
        return heard

    def _pass(self, ends: ConsoleEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
