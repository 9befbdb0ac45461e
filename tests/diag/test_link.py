"""Two ends on a memory bus and the bench's clock: 11 and 29 bits, classic and FD, blocks, pauses, waits, overflow."""

from __future__ import annotations

import pytest

from harness.can.memory import MemoryBus
from harness.can.port import Frame
from harness.diag import isotp_frames as pci
from harness.diag.addresses import LARGEST_STANDARD, Address
from harness.diag.client import Tester
from harness.diag.isotp import Begun, Fault, Message, Sent, Settings
from harness.diag.link import Link
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, S


class Ends:
    def __init__(self, here: Address, there: Address, near: Settings, far: Settings) -> None:
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, 500_000, 2_000_000, "diag")
        self.heard: list = []
        self.told: tuple[list, list] = ([], [])
        ports = self.bus.node("one"), self.bus.node("two")
        ports[1].listen(lambda h: self.heard.append(h) if h.kind == "data" else None)
        self.one = Link(self.clock, ports[0], here, there, near, lambda what, _: self.told[0].append(what))
        self.two = Link(self.clock, ports[1], there, here, far, lambda what, _: self.told[1].append(what))


@pytest.fixture
def ends():
    def make(
        here: int = 0x7B3, there: int = 0x7BB, near: Settings | None = None, far: Settings | None = None, dl: int = 8
    ):
        wide = dl > 8
        addresses = [Address(i, i > LARGEST_STANDARD, wide, wide, dl) for i in (here, there)]
        return Ends(addresses[0], addresses[1], near or Settings(tx_dl=dl), far or Settings(tx_dl=dl))

    return make


@pytest.mark.parametrize(("here", "there"), [(0x7B3, 0x7BB), (0x18DA40F1, 0x18DAF140)])
@pytest.mark.parametrize("dl", [8, 64])
@pytest.mark.parametrize("length", [1, 7, 8, 62, 63, 400, 4095])
def test_a_message_crosses_the_bus_both_ways(ends, here: int, there: int, dl: int, length: int) -> None:
    e, payload = ends(here, there, dl=dl), bytes(i & 0xFF for i in range(length))
    e.one.send(payload)
    e.clock.run_until(10 * S)
    e.two.send(payload[::-1])
    e.clock.run_until(20 * S)
    assert e.told[1][-2:] in ([Message(payload), Sent()], [Begun(length), Message(payload)], [Message(payload)]) or (
        Message(payload) in e.told[1]
    )
    assert Message(payload[::-1]) in e.told[0]
    assert {h.frame.extended for h in e.heard} == {here > LARGEST_STANDARD}
    assert {h.frame.fd for h in e.heard} == {dl > 8}


def test_stmin_and_block_size_show_on_the_bus(ends) -> None:
    e = ends(far=Settings(block_size=2, stmin=10))
    e.one.send(bytes(62))
    e.clock.run_until(2 * S)
    assert Message(bytes(62)) in e.told[1]
    kinds = [h.frame.data[0] >> 4 for h in e.heard]
    assert kinds == [1, 3, 2, 2, 3, 2, 2, 3, 2, 2, 3, 2, 2]
    consecutive = [h for h in e.heard if h.frame.data[0] >> 4 == 2]
    in_block = [b.t - a.t for a, b in zip(consecutive[::2], consecutive[1::2], strict=True)]
    assert all(10 * MS <= gap < 11 * MS for gap in in_block)


def test_a_receiver_may_let_the_sender_wait(ends) -> None:
    e = ends(far=Settings(block_size=1))
    e.one.send(bytes(20))
    e.clock.run_until(5 * MS)
    e.two.wait()
    e.clock.run_until(2 * S)
    assert Message(bytes(20)) in e.told[1]


def test_a_receiver_without_room_ends_it_for_both(ends) -> None:
    e = ends(far=Settings(longest=50))
    e.one.send(bytes(51))
    e.clock.run_until(1 * S)
    assert e.told == ([Fault("N_BUFFER_OVFLW", True)], [Fault("N_BUFFER_OVFLW", False)])


def test_nobody_there_is_a_time_out(ends) -> None:
    e = ends()
    e.two.close()
    e.one.send(bytes(20))
    e.clock.run_until(3 * S)
    assert e.told[0] == [Fault("N_TIMEOUT_BS", True)]


def test_an_answer_after_waits_reaches_the_tester() -> None:
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000, None, "diag")
    port, node = bus.node("rig"), bus.node("ecu")
    tester = Tester(clock, port, 0x7B3, 0x7BB)
    requests: list[bytes] = []

    def hear(heard) -> None:
        if heard.kind != "data" or heard.own or heard.frame.id != 0x7B3:
            return
        requests.append(heard.frame.data)
        kind = heard.frame.data[0] >> 4
        if kind == 1:
            for n in range(3):
                at = clock.now() + (n + 1) * 500 * MS
                clock.at(at, lambda: node.send(Frame(0x7BB, pci.flow_control(pci.WAIT))), name="wait")
            clock.at(clock.now() + 1600 * MS, lambda: node.send(Frame(0x7BB, pci.flow_control(0))), name="go")
        elif kind == 2 and len(requests) == 3:
            node.send(Frame(0x7BB, b"\x03\x6e\x02\x21"))

    node.listen(hear)
    done = tester.exchange(b"\x2e\x02\x21" + bytes(12), within=3 * S)
    assert done.answer == b"\x6e\x02\x21"
    assert done.faults == ()


def test_a_tester_on_a_bus_that_is_off_blames_the_rig() -> None:
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000, None, "diag")
    port = bus.node("rig")
    bus.short(True)
    port.send(Frame(0x100, b""))
    clock.run_until(1 * S)
    tester = Tester(clock, port, 0x7B3, 0x7BB)
    with pytest.raises(RigFault):
        tester.ask(b"\x3e\x00")


def test_a_functional_request_of_many_frames_is_our_error() -> None:
    clock = VirtualClock()
    tester = Tester(clock, MemoryBus(clock, 500_000, None, "d").node("rig"), 0x7B3, 0x7BB, functional=0x7DF)
    with pytest.raises(HarnessError):
        tester.exchange(bytes(8), functional=True)
