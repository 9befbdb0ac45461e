"""A tester against the simulated unit, and against an end that answers as we say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harness.can.memory import MemoryBus
from harness.can.port import Frame
from harness.diag import client
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]
REQUEST, RESPONSE = 0x7B3, 0x7BB


@pytest.fixture(scope="module")
def unit_tester():
    """The simulated unit, booted, with a tester on its addresses."""
    vehicle = load_vehicle(ROOT / "dbc" / "gs4")
    rig = open_rig(load_rig(ROOT / "rigs" / "virtual.yaml"), vehicle, random.Random(3))
    rig.supply.set_voltage(13.5)
    rig.supply.output(True)
    rig.io.set("KL15", True)
    rig.clock.run_until(20 * S)
    d = vehicle.diagnostics
    tester = client.Tester(rig.clock, rig.can[d.bus], d.request, d.response, d.padding)
    yield tester
    tester.close()
    rig.close()


def test_a_single_frame_is_answered(unit_tester: client.Tester) -> None:
    assert unit_tester.ask(b"\x3e\x00") == b"\x7e\x00"


def test_an_answer_of_many_frames_comes_whole(unit_tester: client.Tester) -> None:
    serial = unit_tester.read(0xF18C)
    assert serial is not None
    assert len(serial) > 7
    assert serial.isascii()


@pytest.mark.parametrize(("request_", "code"), [(b"\xba\x00", 0x11), (b"\x22\xf1", 0x13), (b"\x22\x00\x01", 0x31)])
def test_what_the_unit_cannot_do_is_refused_by_code(unit_tester: client.Tester, request_: bytes, code: int) -> None:
    assert unit_tester.ask(request_) == bytes([0x7F, request_[0], code])
    assert unit_tester.read(0x0001) is None


class Ecu:
    """Answers single frames as told; records what it was asked."""

    def __init__(self, clock: VirtualClock, node, answers: list[tuple[int, bytes]]) -> None:
        self.heard: list[bytes] = []
        self._clock, self._node, self._answers = clock, node, answers
        node.listen(self._hear)

    def _hear(self, heard) -> None:
        if heard.kind == "data" and heard.frame.id == REQUEST and not heard.own:
            self.heard.append(heard.frame.data)
            for delay, data in self._answers:
                frame = Frame(RESPONSE, data)
                self._clock.at(self._clock.now() + delay, lambda f=frame: self._node.send(f), name="answer")


@pytest.fixture
def bench():
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000, None, "diag")
    port, node = bus.node("rig"), bus.node("ecu")

    def connect(*answers: tuple[int, bytes]) -> tuple[client.Tester, Ecu, VirtualClock]:
        return client.Tester(clock, port, REQUEST, RESPONSE, padding=0x55), Ecu(clock, node, list(answers)), clock

    return connect


def test_a_request_is_padded_to_eight_bytes(bench) -> None:
    tester, ecu, _ = bench((1 * MS, bytes([2, 0x7E, 0, 0, 0, 0, 0, 0])))
    assert tester.ask(b"\x3e\x00") == b"\x7e\x00"
    assert ecu.heard == [b"\x02\x3e\x00" + b"\x55" * 5]


def test_silence_is_none_after_the_time_and_not_before(bench) -> None:
    tester, _, clock = bench()
    assert tester.ask(b"\x3e\x00", within=300 * MS) is None
    assert clock.now() == pytest.approx(300 * MS, abs=10 * MS)


def test_response_pending_is_waited_through(bench) -> None:
    pending = bytes([3, 0x7F, 0x22, 0x78, 0, 0, 0, 0])
    positive = bytes([4, 0x62, 0x01, 0x02, 0x33, 0, 0, 0])
    tester, _, clock = bench((10 * MS, pending), (900 * MS, pending), (1800 * MS, positive))
    assert tester.read(0x0102) == b"\x33"
    assert clock.now() >= 1800 * MS


def test_a_late_answer_is_not_taken_for_the_next_one(bench) -> None:
    tester, ecu, clock = bench((500 * MS, bytes([2, 0x7E, 0x11, 0, 0, 0, 0, 0])))
    assert tester.ask(b"\x3e\x00", within=100 * MS) is None
    clock.run_until(1 * S)
    ecu._answers[:] = [(1 * MS, bytes([2, 0x7E, 0x22, 0, 0, 0, 0, 0]))]
    assert tester.ask(b"\x3e\x00") == b"\x7e\x22"


def test_an_answer_of_two_frames_waits_for_our_flow_control(bench) -> None:
    tester, ecu, _ = bench()
    node = ecu._node

    def hear(heard) -> None:
        if heard.kind == "data" and heard.frame.id == REQUEST and not heard.own:
            kind = heard.frame.data[0] >> 4
            if kind == 0:
                node.send(Frame(RESPONSE, bytes([0x10, 10, 0x62, 0x01, 0x02, 1, 2, 3])))
            elif kind == 3:
                node.send(Frame(RESPONSE, bytes([0x21, 4, 5, 6, 7, 0x55, 0x55, 0x55])))

    node.listen(hear)
    assert tester.read(0x0102) == bytes([1, 2, 3, 4, 5, 6, 7])
    assert [data[0] >> 4 for data in ecu.heard] == [0, 3]


def test_an_empty_request_is_our_error(bench) -> None:
    tester, *_ = bench()
    with pytest.raises(HarnessError):
        tester.ask(b"")


def test_after_close_nothing_is_heard(bench) -> None:
    tester, _, _ = bench((1 * MS, bytes([2, 0x7E, 0, 0, 0, 0, 0, 0])))
    tester.close()
    assert tester.ask(b"\x3e\x00", within=50 * MS) is None
