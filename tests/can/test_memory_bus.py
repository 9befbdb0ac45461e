"""The bus in memory: arbitration, exact stamps, load, error frames, bus-off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.memory import MemoryBus, pair
from harness.can.port import Frame, Heard
from harness.can.timing import Timing
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, US, S

BIT = 2 * US


class Bench:
    """A bus at 500 kbit/s with nodes a, b and c, and what c heard."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, 500_000, 2_000_000, "body")
        self.a, self.b, self.c = (self.bus.node(name) for name in "abc")
        self.heard: list[Heard] = []
        self.c.listen(self.heard.append)

    def kinds(self) -> list[str]:
        return [h.kind for h in self.heard]

    def ids(self) -> list[int]:
        return [h.frame.id for h in self.heard if h.frame is not None]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_frame_is_heard_by_all_at_its_end(bench: Bench) -> None:
    at_a: list[Heard] = []
    at_b: list[Heard] = []
    bench.a.listen(at_a.append)
    bench.b.listen(at_b.append)
    frame = Frame(0x123, b"\x01\x02")
    bench.clock.run_until(5 * MS)
    bench.a.send(frame)
    bench.clock.run_until(10 * MS)
    end = 5 * MS + Timing(500_000).duration(frame)
    assert at_b == bench.heard == [Heard(end, end, end, "data", frame)]
    assert at_a == [Heard(end, end, end, "data", frame, own=True)]


def test_the_lowest_id_wins_whatever_the_order_of_sending(bench: Bench) -> None:
    for node, identifier in ((bench.a, 0x300), (bench.b, 0x100), (bench.a, 0x200), (bench.b, 0x0FF)):
        node.send(Frame(identifier, b""))
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x0FF, 0x100, 0x200, 0x300]


def test_a_standard_frame_goes_before_an_extended_one_of_the_same_base_id(bench: Bench) -> None:
    bench.a.send(Frame(0x100 << 18, b"", extended=True))
    bench.b.send(Frame(0x100, b""))
    bench.a.send(Frame(0x0FF << 18 | 0x3FFFF, b"", extended=True))
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x0FF << 18 | 0x3FFFF, 0x100, 0x100 << 18]


def test_a_frame_under_way_is_not_interrupted_and_three_bits_follow_it(bench: Bench) -> None:
    timing = Timing(500_000)
    low, high, middle = Frame(0x700, bytes(8)), Frame(0x001, bytes(8)), Frame(0x400, bytes(8))
    bench.a.send(low)
    bench.clock.run_until(50 * US)
    bench.b.send(middle)
    bench.clock.run_until(60 * US)
    bench.b.send(high)
    bench.clock.run_until(5 * MS)
    ends = [timing.duration(low)]
    ends.append(ends[-1] + 3 * BIT + timing.duration(high))
    ends.append(ends[-1] + 3 * BIT + timing.duration(middle))
    assert bench.ids() == [0x700, 0x001, 0x400]
    assert [h.t for h in bench.heard] == ends


def test_a_frame_sent_in_the_intermission_competes_at_its_end(bench: Bench) -> None:
    bench.a.send(Frame(0x100, b""))
    bench.a.send(Frame(0x300, b""))
    end = Timing(500_000).duration(Frame(0x100, b""))
    bench.clock.at(end + BIT, lambda: bench.b.send(Frame(0x200, b"")), name="late")
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x100, 0x200, 0x300]


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 3 * MS), st.integers(0, 0x7FF), st.integers(0, 8), st.integers(0, 2)),
                min_size=1, max_size=30))
def test_no_frame_is_lost_and_none_overlap(sends: list[tuple[int, int, int, int]]) -> None:
    bench = Bench()
    nodes = (bench.a, bench.b, bench.c)
    for when, identifier, size, who in sends:
        frame = Frame(identifier, bytes(size))
        bench.clock.at(when, lambda node=nodes[who], frame=frame: node.send(frame), name="send")  # type: ignore[misc]
    bench.clock.run_until(50 * MS)
    timing = Timing(500_000)
    assert sorted(bench.ids()) == sorted(identifier for _, identifier, _, _ in sends)
    previous = -3 * BIT
    for h in bench.heard:
        assert h.frame is not None
        assert h.t - timing.duration(h.frame) >= previous + 3 * BIT
        previous = h.t


def test_load_is_the_share_of_time_the_bus_is_taken(bench: Bench) -> None:
    frame = Frame(0x100, bytes(8))
    each = Timing(500_000).duration(frame) + 3 * BIT
    bench.a.cyclic([frame], 1 * MS, first=0)
    bench.clock.run_until(1 * S)
    assert bench.bus.load(0, 1 * S) == pytest.approx(each / MS, rel=2e-3)
    assert bench.bus.load(0, each) == 1.0
    assert bench.bus.load(each, 1 * MS) == 0.0
    assert bench.bus.load(each // 2, each) == 1.0


def test_a_saturated_bus_has_load_one(bench: Bench) -> None:
    for _ in range(100):
        bench.a.send(Frame(0x100, bytes(8)))
    bench.clock.run_until(10 * MS)
    assert bench.bus.load(0, 10 * MS) == 1.0


def test_a_destroyed_frame_is_an_error_for_all_and_is_sent_again(bench: Bench) -> None:
    frame = Frame(0x123, b"\x55" * 4)
    bench.bus.destroy_next(frame.key, 2)
    bench.a.send(frame)
    bench.clock.run_until(5 * MS)
    assert bench.kinds() == ["error", "error", "data"]
    assert all(h.frame == frame for h in bench.heard)
    # up to the CRC's end, error flag and delimiter, intermission; then again
    attempt = Timing(500_000).duration(frame) - 10 * BIT + 14 * BIT
    assert [h.t for h in bench.heard[:2]] == [attempt, 2 * attempt + 3 * BIT]
    assert (bench.a.transmit_errors, bench.c.receive_errors) == (15, 1)


def test_error_counters_lead_to_warning_passive_and_off_and_the_node_says_so(bench: Bench) -> None:
    states: list[str] = []
    bench.a.listen(lambda h: states.append(h.detail) if h.kind == "state" else None)
    bench.bus.destroy_next((0x123, False), 40)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(100 * MS)
    assert states == ["warning", "passive", "off"]
    assert bench.kinds() == ["error"] * 32
    assert bench.a.state == "off"
    with pytest.raises(RigFault, match="bus-off"):
        bench.a.send(Frame(0x123, b""))


@pytest.mark.parametrize(("destroyed", "state"), [(11, "active"), (12, "warning"), (15, "warning"), (16, "passive"),
                                                 (31, "passive"), (32, "off")])
def test_the_states_begin_at_96_128_and_256(bench: Bench, destroyed: int, state: str) -> None:
    seen = "active"

    def note(heard: Heard) -> None:
        nonlocal seen
        seen = heard.detail if heard.kind == "state" else seen

    end = bench.a.listen(note)
    bench.a.listen(lambda heard: end() if heard.kind == "data" else None)  # what comes after is not counted
    bench.bus.destroy_next((0x123, False), destroyed)
    bench.a.send(Frame(0x123, b""))
    bench.a.send(Frame(0x124, b""))
    bench.clock.run_until(100 * MS)
    assert seen == state
    assert bench.a.unsent == (2 if state == "off" else 0)


def test_successful_frames_bring_a_node_back_to_active(bench: Bench) -> None:
    states: list[str] = []
    bench.a.listen(lambda h: states.append(h.detail) if h.kind == "state" else None)
    bench.bus.destroy_next((0x123, False), 12)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(20 * MS)
    assert states == ["warning", "active"]  # 96, and 95 after the frame that got through


def test_a_short_takes_the_sender_off_after_32_attempts_and_only_the_sender_hears_it(bench: Bench) -> None:
    at_a: list[Heard] = []
    bench.a.listen(at_a.append)
    bench.bus.short(True)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(20 * MS)
    assert [h.kind for h in at_a].count("error") == 32
    assert at_a[-1].detail == "off"
    assert at_a[-1].t == 31 * 18 * BIT  # SOF, error frame (14) and intermission (3) each
    assert bench.heard == []


def test_recovery_takes_128_times_11_bits_and_only_when_asked_for(bench: Bench) -> None:
    at_a: list[Heard] = []
    bench.bus.short(True)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(20 * MS)
    bench.bus.short(False)
    bench.clock.run_until(1 * S)
    assert bench.a.state == "off"
    bench.a.listen(at_a.append)
    bench.a.recover()
    bench.a.recover()
    bench.clock.run_until(2 * S)
    assert [(h.t, h.detail) for h in at_a] == [(1 * S + 128 * 11 * BIT, "active")]
    assert (bench.a.transmit_errors, bench.a.receive_errors) == (0, 0)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(3 * S)
    assert bench.ids() == [0x123]


def test_a_cyclic_task_survives_bus_off(bench: Bench) -> None:
    bench.a.cyclic([Frame(0x123, b"")], 10 * MS)
    bench.bus.short(True)
    bench.clock.run_until(100 * MS)
    bench.bus.short(False)
    bench.a.recover()
    bench.clock.run_until(200 * MS)
    assert bench.ids()[-5:] == [0x123] * 5
    assert bench.a.unsent > 0


def test_both_nodes_that_want_to_send_go_off_on_a_short(bench: Bench) -> None:
    bench.bus.short(True)
    bench.a.send(Frame(0x123, b""))
    bench.b.send(Frame(0x050, b""))
    bench.clock.run_until(20 * MS)
    assert (bench.a.state, bench.b.state, bench.c.state) == ("off", "off", "active")


def test_a_silenced_node_is_not_heard_and_still_hears(bench: Bench) -> None:
    at_a: list[Heard] = []
    bench.a.listen(at_a.append)
    bench.bus.silence("a")
    bench.a.send(Frame(0x123, b""))
    bench.b.send(Frame(0x124, b""))
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x124]
    assert len(at_a) == 1
    assert bench.a.unsent == 1
    bench.bus.silence(bench.a, on=False)
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(10 * MS)
    assert bench.ids() == [0x124, 0x123]


def test_silencing_drops_what_is_queued(bench: Bench) -> None:
    bench.a.send(Frame(0x123, b""))
    bench.b.send(Frame(0x124, b""))
    bench.bus.silence("a")
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x124]


def test_a_frame_that_lost_its_instant_leaves_no_load_and_no_gap(bench: Bench) -> None:
    bench.a.send(Frame(0x123, b""))
    bench.bus.silence("a")
    bench.b.send(Frame(0x7FF, b""))
    bench.b.send(Frame(0x124, b""))
    bench.clock.run_until(5 * MS)
    first, second = bench.heard
    assert bench.ids() == [0x124, 0x7FF]
    assert first.t == Timing(500_000).duration(Frame(0x124, b""))
    assert bench.bus.load(0, 5 * MS) == pytest.approx((second.t + 3 * BIT) / (5 * MS))


def test_a_raising_listener_is_recorded_and_counted(bench: Bench) -> None:
    def broken(_: Heard) -> None:
        raise KeyError("no such signal")

    bench.b.listen(broken)
    bench.a.send(Frame(0x123, b""))
    bench.a.send(Frame(0x124, b""))
    bench.clock.run_until(5 * MS)
    assert bench.ids() == [0x123, 0x124]
    assert bench.b.fault_count == 2
    t, text = bench.b.raised[0]
    assert t == bench.heard[0].t
    assert "broken" in text
    assert "KeyError" in text


def test_a_bad_frame_is_heard_as_bad(bench: Bench) -> None:
    bench.bus.inject(Heard(1 * MS, 1 * MS, 1 * MS, "bad", None, False, "8 bytes announced, 5 came"))
    bench.a.send(Frame(0x123, b""))
    bench.clock.run_until(5 * MS)
    assert bench.kinds() == ["data", "bad"]
    assert bench.heard[1].detail == "8 bytes announced, 5 came"


@pytest.mark.parametrize("frame", [
    Frame(0x123, bytes(9)), Frame(0x123, bytes(9), fd=True), Frame(0x123, bytes(65), fd=True), Frame(0x800, b""),
    Frame(1 << 29, b"", extended=True),
])
def test_a_frame_that_cannot_be_is_refused(bench: Bench, frame: Frame) -> None:
    with pytest.raises(HarnessError):
        bench.a.send(frame)


def test_a_classic_bus_carries_no_fd_frame() -> None:
    node = MemoryBus(VirtualClock(), 500_000).node("a")
    with pytest.raises(HarnessError, match="data bit rate"):
        node.send(Frame(0x123, b"", fd=True))


def test_a_closed_node_sends_nothing_more(bench: Bench) -> None:
    bench.a.cyclic([Frame(0x123, b"")], 10 * MS)
    bench.a.close()
    bench.clock.run_until(50 * MS)
    assert bench.heard == []
    with pytest.raises(HarnessError, match="closed"):
        bench.a.send(Frame(0x123, b""))


def test_two_runs_are_the_same(bench: Bench) -> None:
    def run() -> list[Heard]:
        clock = VirtualClock()
        port, far = pair(clock)
        heard: list[Heard] = []
        far.listen(heard.append)
        port.cyclic([Frame(0x10, bytes([i])) for i in range(5)], 7 * MS)
        port.cyclic([Frame(0x11, bytes(8))], 7 * MS)
        far.cyclic([Frame(0x12, bytes(8))], 3 * MS)
        clock.run_until(1 * S)
        return heard

    assert run() == run()
