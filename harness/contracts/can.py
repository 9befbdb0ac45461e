"""What every CanPort must do, as tests that any driver can be put to, here or in another repository.

Use: subclass ``CanContract`` in a test module and give it a fixture ``ends``, two ends of one bus on a clock::

    class TestMyDriver(CanContract):
        @pytest.fixture
        def ends(self):
            yield CanEnds(clock, port, far)

A test that needs what the ends do not have (``capabilities``) is skipped with the reason, and so listed as not run.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from harness.can.port import CanPort, Frame, Heard
from harness.foundation.clock import Clock
from harness.foundation.units import MS, Ns


@dataclass(frozen=True)
class CanEnds:
    """Two ports on one bus. ``settle`` is how long after a send all is surely heard (ns of bench time);
    ``capabilities``: "fd" for FD frames."""

    clock: Clock
    port: CanPort
    far: CanPort
    settle: Ns = 20 * MS
    capabilities: frozenset[str] = frozenset({"fd"})

    def wait(self, time: Ns | None = None) -> None:
        self.clock.run_until(self.clock.now() + (self.settle if time is None else time))


FRAMES = [
    pytest.param(Frame(0x123, b"\x01\x02\x03"), id="standard"),
    pytest.param(Frame(0x000, bytes(8)), id="lowest id"),
    pytest.param(Frame(0x7FF, b"\xff" * 8), id="highest id"),
    pytest.param(Frame(0x456, b""), id="no data"),
    pytest.param(Frame(0x1ABCDE12, b"\xaa\x55", extended=True), id="extended"),
    pytest.param(Frame(0x123, b"\x04", extended=True), id="extended id that fits into 11 bits"),
]
FD_FRAMES = [
    pytest.param(Frame(0x123, bytes(range(64)), fd=True, brs=True), id="64 bytes, fast"),
    pytest.param(Frame(0x123, bytes(range(12)), fd=True), id="12 bytes, not fast"),
    pytest.param(Frame(0x1ABCDE12, b"\x01", extended=True, fd=True, brs=True), id="extended"),
]


def data_frames(heard: list[Heard]) -> list[Frame]:
    return [h.frame for h in heard if h.kind == "data" and h.frame is not None]


class CanContract:
    """The conformance suite of CanPort."""

    @pytest.mark.parametrize("frame", FRAMES)
    def test_a_frame_arrives_as_it_was_sent(self, ends: CanEnds, frame: Frame) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        ends.port.send(frame)
        ends.wait()
        assert data_frames(heard) == [frame]
        assert not heard[0].own

    @pytest.mark.parametrize("frame", FD_FRAMES)
    def test_an_fd_frame_arrives_with_its_flags(self, ends: CanEnds, frame: Frame) -> None:
        if "fd" not in ends.capabilities:
            pytest.skip("the ends do not carry FD frames")
        self.test_a_frame_arrives_as_it_was_sent(ends, frame)

    def test_the_sender_hears_its_own_echo_marked_as_own(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.port.listen(heard.append)
        ends.port.send(Frame(0x100, b"\x01"))
        ends.far.send(Frame(0x200, b"\x02"))
        ends.wait()
        assert {(h.frame.id, h.own) for h in heard if h.frame} == {(0x100, True), (0x200, False)}
        assert len(heard) == 2

    def test_both_directions_work(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.port.listen(heard.append)
        ends.far.send(Frame(0x321, b"\x09"))
        ends.wait()
        assert data_frames(heard) == [Frame(0x321, b"\x09")]

    def test_frames_of_one_id_arrive_in_the_order_they_were_sent(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        for i in range(20):
            ends.port.send(Frame(0x123, bytes([i])))
        ends.wait(ends.settle + 20 * MS)
        assert [frame.data[0] for frame in data_frames(heard)] == list(range(20))

    def test_stamps_lie_between_sending_and_now_and_hold_within_their_bounds(self, ends: CanEnds) -> None:
        echo: list[Heard] = []
        heard: list[Heard] = []
        ends.port.listen(echo.append)
        ends.far.listen(heard.append)
        before = ends.clock.now()
        ends.port.send(Frame(0x123, bytes(8)))
        ends.wait()
        for one in (echo[0], heard[0]):
            assert one.early <= one.t <= one.late
            assert one.late >= before
            assert one.early <= ends.clock.now()
        # both saw the same end of frame: their bounds must overlap
        assert echo[0].early <= heard[0].late
        assert heard[0].early <= echo[0].late

    def test_stamps_do_not_go_backwards(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        for i in range(10):
            ends.port.send(Frame(0x100 + i, bytes(4)))
            ends.wait(1 * MS)
        ends.wait()
        stamps = [h.t for h in heard]
        assert len(stamps) == 10
        assert stamps == sorted(stamps)

    def test_a_raising_listener_does_not_end_reception(self, ends: CanEnds) -> None:
        heard: list[Heard] = []

        def raise_always(_: Heard) -> None:
            raise ValueError("a listener with a bug")

        ends.far.listen(raise_always)
        ends.far.listen(heard.append)
        for i in range(3):
            ends.port.send(Frame(0x123, bytes([i])))
        ends.wait()
        assert len(data_frames(heard)) == 3

    def test_a_listener_that_was_ended_hears_nothing_more(self, ends: CanEnds) -> None:
        first: list[Heard] = []
        second: list[Heard] = []
        end = ends.far.listen(first.append)
        ends.far.listen(second.append)
        ends.port.send(Frame(0x123, b"\x01"))
        ends.wait()
        end()
        end()
        ends.port.send(Frame(0x123, b"\x02"))
        ends.wait()
        assert len(first) == 1
        assert len(second) == 2

    def test_a_listener_may_end_itself_while_it_listens(self, ends: CanEnds) -> None:
        first: list[Heard] = []
        second: list[Heard] = []

        def once(heard: Heard) -> None:
            first.append(heard)
            end()

        end = ends.far.listen(once)
        ends.far.listen(second.append)
        for _ in range(2):
            ends.port.send(Frame(0x123, b""))
        ends.wait()
        assert (len(first), len(second)) == (1, 2)

    def test_a_listener_may_send(self, ends: CanEnds) -> None:
        heard: list[Heard] = []

        def answer(one: Heard) -> None:
            if not one.own and one.frame is not None:
                ends.far.send(Frame(0x7BB, one.frame.data))

        ends.far.listen(answer)
        ends.port.listen(heard.append)
        ends.port.send(Frame(0x7B3, b"\x02\x10\x01"))
        ends.wait()
        assert Frame(0x7BB, b"\x02\x10\x01") in data_frames(heard)

    def test_a_cyclic_task_sends_its_frames_in_turn(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        frames = [Frame(0x123, bytes([i])) for i in range(3)]
        task = ends.port.cyclic(frames, 10 * MS)
        ends.wait(95 * MS)
        task.stop()
        ends.wait()
        values = [frame.data[0] for frame in data_frames(heard)]
        assert task.sent == len(values)
        assert len(values) in range(8, 12)
        assert values == [i % 3 for i in range(len(values))]

    def test_a_cyclic_task_keeps_its_period_without_drift(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        task = ends.port.cyclic([Frame(0x123, bytes(8))], 10 * MS)
        ends.wait(205 * MS)
        task.stop()
        stamps = [h for h in heard if h.kind == "data"]
        spread = max(h.late - h.early for h in stamps) + 5 * MS * (ends.clock.kind == "wall")
        span = stamps[-1].t - stamps[0].t
        assert abs(span - (len(stamps) - 1) * 10 * MS) <= spread
        assert len(stamps) in range(19, 22)

    def test_replacing_keeps_the_beat_and_the_position(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        task = ends.port.cyclic([Frame(0x123, bytes([0, i])) for i in range(4)], 10 * MS)
        ends.wait(45 * MS)
        task.replace([Frame(0x123, bytes([1, i])) for i in range(4)])
        ends.wait(50 * MS)
        task.stop()
        ends.wait()
        frames = data_frames(heard)
        assert {frame.data[0] for frame in frames} == {0, 1}
        assert [frame.data[1] for frame in frames] == [i % 4 for i in range(len(frames))]

    def test_stop_ends_every_cyclic_task_of_the_port(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.port.cyclic([Frame(0x123, b"")], 10 * MS)
        ends.port.cyclic([Frame(0x124, b"")], 10 * MS)
        ends.wait(25 * MS)
        ends.port.stop()
        ends.wait()
        ends.far.listen(heard.append)
        ends.wait(50 * MS)
        assert heard == []

    def test_the_watermark_follows_the_clock_and_never_goes_back(self, ends: CanEnds) -> None:
        before = ends.far.seen_to()
        now = ends.clock.now()
        ends.wait(ends.settle)
        after = ends.far.seen_to()
        assert before <= now
        assert before <= after <= ends.clock.now()
        assert after >= now

    def test_all_up_to_the_watermark_has_been_delivered(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.far.listen(heard.append)
        ends.port.send(Frame(0x123, bytes(8)))
        for _ in range(40):
            ends.wait(ends.settle // 20)
            seen, count = ends.far.seen_to(), len(heard)
            if count:
                break
            # what comes later must be stamped later than what was promised
            ends.wait(0)
            assert all(h.late >= seen for h in heard)
        assert len(heard) == 1

    def test_closing_twice_is_no_error_and_leaves_the_other_end_alive(self, ends: CanEnds) -> None:
        heard: list[Heard] = []
        ends.port.listen(heard.append)
        ends.far.close()
        ends.far.close()
        ends.port.send(Frame(0x123, b""))
        ends.wait()
        assert ends.port.seen_to() <= ends.clock.now()
