"""Logcat as a console: the contract but for writing, device times, and what a broken log costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.console.logcat import LogcatConsole
from harness.console.port import Bytes
from harness.contracts.console import ConsoleContract, ConsoleEnds
from harness.foundation.clock import WallClock
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.units import MS, S
from harness.rig.adb import Device

HOUR = 3600 * S


class FarLog:
    """The unit's end: what it prints goes into the log; nothing can be typed."""

    def __init__(self, android: Any) -> None:
        self._android = android

    def write(self, data: bytes) -> None:
        self._android.log.write(data)

    def on_input(self, callback: Callable[[bytes], None]) -> None:
        pass


@pytest.fixture
def ends(server: Any, android: Any) -> Iterator[ConsoleEnds]:
    clock = WallClock()
    port = LogcatConsole(clock, Device(clock, "FAKE0001", server.address), latency=20 * MS, ask_every=50 * MS)
    assert android.log.wait_for_readers(1)
    yield ConsoleEnds(clock, port, FarLog(android))
    port.close()


class TestLogcat(ConsoleContract):
    def test_every_byte_typed_reaches_the_unit_as_it_is(self, ends: ConsoleEnds) -> None:
        """A log takes no input, and says so."""
        with pytest.raises(NotOffered, match="serial"):
            ends.port.write(b"reboot\n")


class Bench:
    """A console whose device's clock is an hour ahead, and everything heard."""

    def __init__(self, server: Any, android: Any, **settings: Any) -> None:
        android.ahead = HOUR
        self.clock = WallClock()
        device = Device(self.clock, "FAKE0001", server.address, timeout_s=0.5)
        self.port = LogcatConsole(self.clock, device, **{"ask_every": 50 * MS, **settings})
        self.server, self.android = server, android
        self.heard: list[Bytes] = []
        self.port.listen(self.heard.append)
        assert android.log.wait_for_readers(1)

    @property
    def text(self) -> bytes:
        return b"".join(chunk.data for chunk in self.heard)

    def wait(self, until: Callable[[], object]) -> None:
        end = self.clock.now() + 10 * S
        while not until():
            assert self.clock.now() < end
            self.clock.run_until(self.clock.now() + 5 * MS)

    def wait_for(self, lines: int) -> None:
        self.wait(lambda: len(self.heard) == lines)

    def go_away(self) -> None:
        self.server.set_state("FAKE0001", "offline")
        self.wait(lambda: self.port.fault)

    def come_back(self) -> None:
        self.server.set_state("FAKE0001", "device")
        self.wait(lambda: self.port.gaps)


@pytest.fixture
def make(server: Any, android: Any) -> Iterator[Callable[..., Bench]]:
    benches: list[Bench] = []

    def bench(**settings: Any) -> Bench:
        benches.append(Bench(server, android, **settings))
        return benches[-1]

    yield bench
    for one in benches:
        one.port.close()


def test_a_line_is_stamped_by_the_devices_clock_within_what_the_exchange_tells(make: Any, android: Any) -> None:
    bench = make()
    stamps = []
    for _ in range(3):
        before = bench.clock.now()
        android.log.say("ready")
        after = bench.clock.now()
        bench.wait_for(len(stamps) + 1)
        stamp = bench.heard[-1].stamp
        stamps.append(stamp)
        assert stamp.early <= after
        assert stamp.late >= before
        assert stamp.late - stamp.early < 100 * MS
    assert [s.t for s in stamps] == sorted(s.t for s in stamps)


def test_a_stream_that_hangs_is_not_taken_for_silence(make: Any, android: Any, server: Any) -> None:
    bench = make()
    bench.wait(lambda: bench.port.seen_to() > 0)
    server.silent = True
    hung = bench.clock.now()
    bench.clock.run_until(hung + 400 * MS)
    assert bench.port.seen_to() <= hung
    bench.wait(lambda: bench.port.fault)
    assert "FAKE0001" in str(bench.port.fault)
    server.silent = False
    bench.wait(lambda: bench.port.seen_to() > hung + 400 * MS)
    assert bench.port.fault is None


def test_what_was_logged_before_is_not_heard(make: Any, android: Any) -> None:
    android.ahead = HOUR
    android.log.say("yesterday")
    bench = make()
    line = android.log.say("today")
    bench.wait(lambda: bench.heard)
    assert bench.text == line


def test_a_clock_that_was_set_is_noticed_and_stamps_stay_true(make: Any, android: Any) -> None:
    bench = make()
    android.ahead = 0
    before = bench.clock.now()
    android.log.say("by the old exchange this was an hour ago")
    after = bench.clock.now()
    bench.wait(lambda: bench.port.device_clock.steps)
    android.log.say("now")
    bench.wait(lambda: len(bench.heard) == 2)
    first, second = (chunk.stamp for chunk in bench.heard)
    assert first.early <= after
    assert first.late >= before
    assert first.t <= second.t
    assert second.late - second.early < 100 * MS


def test_a_log_that_breaks_off_goes_on_without_a_loss_and_the_gap_is_kept(make: Any, android: Any) -> None:
    bench = make()
    lines = [android.log.say("one"), android.log.say("two")]
    bench.wait(lambda: len(bench.heard) == 2)
    bench.go_away()
    stopped = bench.port.seen_to()
    lines.append(android.log.say("said while nobody heard it"))
    said = bench.clock.now()
    bench.clock.run_until(said + 250 * MS)
    assert bench.port.seen_to() - stopped < 100 * MS
    assert "offline" in str(bench.port.fault)
    bench.come_back()
    lines.append(android.log.say("three"))
    bench.wait(lambda: len(bench.heard) == 4)
    assert bench.text == b"".join(lines)
    (gap,) = bench.port.gaps
    assert (gap.lost, gap.start < said < gap.stop) == (False, True)
    assert bench.heard[2].stamp.early <= said < gap.stop
    assert bench.heard[2].stamp.late < gap.stop
    assert bench.port.fault is None
    bench.wait(lambda: bench.port.seen_to() > gap.stop)


def test_a_line_that_was_cut_is_completed_and_not_repeated(make: Any, android: Any) -> None:
    bench = make()
    whole = android.log.say("complete")
    bench.wait(lambda: len(bench.heard) == 1)
    when = android.now()
    cut = f"{when // 10**9:>19}.{when % 10**9 // 1000:06}  1  1 I Tag     : half".encode()
    android.log.write(cut, when)
    bench.wait(lambda: len(bench.heard) == 2)
    bench.go_away()
    android.log._ring[-1] = android.log._ring[-1]._replace(data=cut + b" and half\n")
    bench.come_back()
    bench.wait(lambda: len(bench.heard) == 3)
    assert bench.text == whole + cut + b" and half\n"
    assert not bench.port.gaps[0].lost


def test_a_ring_that_was_overwritten_is_a_loss_and_the_console_is_blocked_for_good(make: Any, android: Any) -> None:
    bench = make()
    android.log.say("one")
    bench.wait(lambda: bench.heard)
    bench.go_away()
    android.log.forget()
    later = android.log.say("much later")
    bench.come_back()
    assert bench.port.gaps[0].lost
    stopped = bench.port.seen_to()
    bench.wait(lambda: later in bench.text)
    bench.clock.run_until(bench.clock.now() + 100 * MS)
    assert bench.port.seen_to() == stopped < bench.port.gaps[0].stop
    with pytest.raises(RigFault, match="lines of that time are missing"):
        bench.port.listen(print)


def test_a_rig_that_accepts_gaps_goes_on_and_keeps_them(make: Any, android: Any) -> None:
    bench = make(accept_gaps=True)
    android.log.say("before the restart")
    bench.wait(lambda: bench.heard)
    bench.go_away()
    android.restart()
    boot = android.log.say("boot: first words")
    bench.come_back()
    bench.wait(lambda: boot in bench.text)
    (gap,) = bench.port.gaps
    assert gap.lost
    bench.wait(lambda: bench.port.seen_to() > gap.stop)
    assert bench.port.fault is None


def test_many_lines_keep_their_order_and_none_is_lost_over_repeated_breaks(make: Any, android: Any) -> None:
    bench = make()
    lines = []
    for round_ in range(3):
        lines += [android.log.say(f"{round_} {i}") for i in range(200)]
        bench.wait_for(len(lines))
        bench.port.gaps.clear()
        bench.go_away()
        lines += [android.log.say(f"{round_} away {i}") for i in range(50)]
        bench.come_back()
        bench.wait_for(len(lines))
    assert bench.text == b"".join(lines)


def test_a_device_without_fractions_of_seconds_is_a_fault(server: Any, android: Any) -> None:
    android.shell._do_date = lambda words: ("1700000000.%N\n", 0)
    clock = WallClock()
    with pytest.raises(RigFault, match="should give digits"):
        LogcatConsole(clock, Device(clock, "FAKE0001", server.address))


def test_a_closed_console_is_not_listened_to(make: Any) -> None:
    bench = make()
    bench.port.close()
    with pytest.raises(HarnessError, match="closed"):
        bench.port.listen(print)
