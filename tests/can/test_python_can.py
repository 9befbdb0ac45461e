"""The python-can driver when things go wrong: bad frames, deaf interfaces, full buffers, dead threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import can
import pytest
from can.interfaces.virtual import VirtualBus

from harness.can.bus_settings import check
from harness.can.port import Frame, Heard
from harness.can.python_can import PythonCan, open_python_can
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns, S


class FaultyBus(VirtualBus):
    """A virtual bus with faults to order: each call of ``receive`` or ``give`` in the lists replaces one turn."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel, receive_own_messages=True)
        self.receive: list[Callable[[], can.Message | None]] = []
        self.give: list[Callable[[], None]] = []
        self.always: Callable[[], can.Message | None] | None = None

    def recv(self, timeout: float | None = None) -> can.Message | None:
        if self.always is not None:
            return self.always()
        if self.receive:
            return self.receive.pop(0)()
        return super().recv(timeout)

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        if self.give:
            self.give.pop(0)()
        super().send(msg, timeout)


def fail(why: BaseException) -> Callable[[], Any]:
    def raise_() -> Any:
        raise why

    return raise_


class Bench:
    def __init__(self, name: str) -> None:
        self.clock = WallClock()
        self.bus = FaultyBus(name)
        channel = check("can/body", {"interface": "virtual", "channel": name, "fd": True})
        self.port = PythonCan(self.clock, channel, self.bus)
        self.far = open_python_can(self.clock, "far", {"interface": "virtual", "channel": name, "fd": True})
        self.heard: list[Heard] = []
        self.port.listen(self.heard.append)

    def wait(self, span: Ns = 60 * MS) -> None:
        self.clock.run_until(self.clock.now() + span)

    def behind(self) -> Ns:
        return self.clock.now() - self.port.seen_to()

    def data(self) -> list[bytes]:
        return [h.frame.data for h in self.heard if h.kind == "data" and h.frame]


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    bench = Bench(request.node.nodeid)
    yield bench
    bench.bus.always = None
    bench.port.close()
    bench.far.close()


def message(data: bytes = b"", **more: Any) -> can.Message:
    return can.Message(arbitration_id=0x123, is_extended_id=False, data=data, timestamp=1.0, **more)


def test_reception_goes_on_after_a_frame_the_interface_cannot_read(bench: Bench) -> None:
    bench.bus.receive = [fail(can.CanOperationError("could not unpack received message")), fail(ValueError("short"))]
    bench.wait()
    bench.far.send(Frame(0x123, b"\x01"))
    bench.wait()
    assert [h.kind for h in bench.heard] == ["bad", "bad", "data"]
    assert "could not unpack" in bench.heard[0].detail
    assert bench.port.fault_count == 2
    assert bench.data() == [b"\x01"]


def test_odd_messages_come_as_bad_and_end_nothing(bench: Bench) -> None:
    odd = [
        can.Message(arbitration_id=0x123, is_extended_id=False, is_remote_frame=True, dlc=4, timestamp=1.0),
        can.Message(arbitration_id=0xFFFF, is_extended_id=False, timestamp=1.0, check=False),
        can.Message(arbitration_id=1, is_extended_id=False, data=bytes(9), dlc=9, timestamp=1.0, check=False),
        object(),
    ]
    for one in odd:
        bench.bus.receive.append(lambda one=one: one)
    bench.wait()
    assert [h.kind for h in bench.heard] == ["bad"] * 4
    assert [h.detail for h in bench.heard[:3]] == [
        "remote frame 0x123", "identifier 0xFFFF is out of range", "0x1 with 9 bytes"]  # fmt: skip
    bench.far.send(Frame(0x123, b"\x01"))
    bench.wait()
    assert bench.data() == [b"\x01"]


def test_error_frames_are_heard(bench: Bench) -> None:
    bench.bus.receive.append(lambda: message(b"\x01", is_error_frame=True))
    bench.wait()
    assert [(h.kind, h.detail) for h in bench.heard] == [("error", "01")]


def test_an_interface_that_only_fails_stops_the_watermark_within_a_second_and_is_not_asked_in_a_frenzy(
    bench: Bench,
) -> None:
    bench.wait()
    assert bench.behind() < 500 * MS
    bench.bus.always = fail(OSError(19, "No such device"))
    bench.wait(1100 * MS)
    assert bench.behind() > bench.port.stall
    assert 5 < bench.port.reader.failures < 40
    assert [h.kind for h in bench.heard] == ["bad"]
    bench.bus.always = None  # plugged in again
    bench.wait(300 * MS)
    assert bench.behind() < 200 * MS


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_thread_stops_the_watermark(bench: Bench) -> None:
    bench.bus.always = fail(SystemExit("killed"))
    bench.wait(1100 * MS)
    assert not bench.port.reader.alive()
    assert bench.behind() > bench.port.stall == 1 * S


def test_an_interface_whose_library_hangs_stops_the_watermark(bench: Bench) -> None:
    hang = threading.Event()
    bench.bus.always = lambda: hang.wait(10) and None
    bench.wait(1100 * MS)
    assert bench.port.reader.alive()
    assert bench.behind() > bench.port.stall
    bench.bus.always = None
    hang.set()


def test_a_silent_bus_is_no_dead_reader(bench: Bench) -> None:
    bench.wait(300 * MS)
    assert bench.heard == []
    assert bench.behind() < 500 * MS


def test_a_full_buffer_is_tried_again(bench: Bench) -> None:
    bench.bus.give = [fail(can.CanOperationError("Failed to transmit: No buffer space available", 105))] * 3
    bench.port.send(Frame(0x123, b"\x07"))
    bench.wait()
    assert bench.data() == [b"\x07"]
    assert bench.heard[0].own


def test_a_buffer_that_stays_full_is_the_rigs_fault_and_says_what_to_look_at(bench: Bench) -> None:
    bench.bus.give = [fail(can.CanOperationError("Transmit buffer full"))] * 1000
    before = bench.clock.now()
    with pytest.raises(RigFault, match="terminated with 60 ohm"):
        bench.port.send(Frame(0x123, b"\x07"))
    assert bench.clock.now() - before < 1 * S
    bench.bus.give.clear()
    bench.port.send(Frame(0x123, b"\x08"))
    bench.wait()
    assert bench.data() == [b"\x08"]
    assert bench.port.unechoed == 0


def test_a_send_that_fails_otherwise_is_not_tried_again(bench: Bench) -> None:
    bench.bus.give = [fail(can.CanOperationError("Failed to transmit: Network is down", 100))]
    with pytest.raises(RigFault, match=r"cannot send 0x123: .*Network is down"):
        bench.port.send(Frame(0x123, b"\x07"))


def test_a_failing_send_does_not_end_a_cyclic_task(bench: Bench) -> None:
    task = bench.port.cyclic([Frame(0x123, bytes([i])) for i in range(4)], 10 * MS)
    bench.wait(25 * MS)
    bench.bus.give = [fail(can.CanOperationError("Failed to transmit: Network is down", 100))]
    bench.wait(100 * MS)
    task.stop()
    assert len(bench.data()) > 6
    assert task.unsent == 1


def test_a_cyclic_task_makes_no_burst_after_time_stood_still(bench: Bench) -> None:
    task = bench.port.cyclic([Frame(0x123, bytes([i])) for i in range(200)], 10 * MS)
    bench.wait(30 * MS)
    count = len(bench.data())
    threading.Event().wait(0.3)
    bench.wait(50 * MS)
    task.stop()
    values = [d[0] for d in bench.data()]
    assert len(values) - count < 12
    assert values == list(range(len(values)))
    assert task.skipped > 20


def test_frames_that_the_channel_cannot_carry_are_misuse(bench: Bench) -> None:
    for frame in (Frame(0x800, b""), Frame(0x1, bytes(9)), Frame(0x1, bytes(13), fd=True), Frame(1 << 29, b"", True)):
        with pytest.raises(HarnessError, match="out of range"):
            bench.port.send(frame)


def test_a_listener_that_raises_is_named(bench: Bench) -> None:
    def with_a_bug(_: Heard) -> None:
        raise KeyError("x")

    bench.port.listen(with_a_bug)
    bench.far.send(Frame(0x123, b""))
    bench.wait()
    assert [text.endswith("with_a_bug: KeyError: 'x'") for _, text in bench.port.raised] == [True]


def test_stamps_of_own_frames_are_bounded_by_the_call_and_the_arrival(bench: Bench) -> None:
    for i in range(20):
        before = bench.clock.now()
        bench.port.send(Frame(0x123, bytes([i])))
        after = bench.clock.now()
        while len(bench.heard) <= i:
            bench.wait(5 * MS)
        heard = bench.heard[-1]
        assert before - 2 * MS <= heard.early <= heard.t <= heard.late
        assert heard.early <= after
        assert heard.late >= before
    assert bench.heard[-1].late - bench.heard[-1].early < 20 * MS
    assert bench.port.clock_source == "host"


def test_it_wants_a_wall_clock(bench: Bench) -> None:
    with pytest.raises(HarnessError, match="wall clock"):
        PythonCan(VirtualClock(), bench.port.channel, bench.bus)


def test_the_bus_state_of_an_interface_that_tells_it_is_heard(request: pytest.FixtureRequest) -> None:
    class Telling(VirtualBus):
        now = can.BusState.ACTIVE

        @property
        def state(self) -> can.BusState:
            return self.now

    clock, heard = WallClock(), []
    bus = Telling(request.node.nodeid)
    port = PythonCan(clock, check("can/x", {"interface": "virtual", "channel": "x"}), bus)
    port.listen(heard.append)
    for state in (can.BusState.PASSIVE, can.BusState.ERROR, can.BusState.ACTIVE):
        clock.run_until(clock.now() + 150 * MS)
        bus.now = state
    clock.run_until(clock.now() + 150 * MS)
    port.close()
    assert [(h.kind, h.detail) for h in heard] == [("state", "passive"), ("state", "off"), ("state", "active")]


@pytest.mark.parametrize("second", [b"\x05", b"\x06"], ids=["the same contents", "other contents"])
def test_on_udp_own_frames_come_back_once_as_own_and_others_as_others(second: bytes) -> None:
    clock = WallClock()
    settings = {"interface": "udp_multicast", "channel": "239.74.163.2", "port": 43911, "fd": True}
    try:
        port, far = (open_python_can(clock, name, settings) for name in ("port", "far"))
    except RigFault as why:
        pytest.skip(f"no multicast here: {why}")
    heard: list[Heard] = []
    port.listen(heard.append)
    try:
        port.send(Frame(0x123, b"\x05"))
        clock.run_until(clock.now() + 150 * MS)
        if not heard:
            pytest.skip("multicast does not come back on this machine")
        far.send(Frame(0x123, second))
        clock.run_until(clock.now() + 150 * MS)
    finally:
        port.close()
        far.close()
    assert [(h.frame.data, h.own) for h in heard if h.frame] == [(b"\x05", True), (second, False)]


def test_where_the_interface_gives_no_echo_the_driver_does_with_wide_bounds(request: pytest.FixtureRequest) -> None:
    from dataclasses import replace

    clock, heard = WallClock(), []
    channel = replace(check("can/x", {"interface": "virtual", "channel": request.node.nodeid}), echoes=False)
    port = PythonCan(clock, channel, VirtualBus(request.node.nodeid))
    port.listen(heard.append)
    before = clock.now()
    port.send(Frame(0x123, b"\x05"))
    clock.run_until(clock.now() + 50 * MS)
    port.close()
    assert [(h.own, h.detail) for h in heard] == [(True, "given back by the driver")]
    assert before <= heard[0].early <= heard[0].t < heard[0].late
    assert heard[0].late - heard[0].early >= 100 * MS
