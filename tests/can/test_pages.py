"""A multiplexed message goes round its pages by a schedule, in the rest-bus's process and on the kernel's beat."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.can.database import Database, load_dbc
from harness.can.disturbance import wrong_checksum
from harness.can.memory import MemoryBus
from harness.can.pages import first_payload
from harness.can.port import Frame, Heard
from harness.can.protection import Protection, Protector
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns

DBC = """VERSION ""

BS_:

BU_: Wheel Unit

BO_ 2566844926 Keys: 8 Wheel
 SG_ Page M : 0|4@1+ (1,0) [0|15] "" Unit
 SG_ Count : 4|4@1+ (1,0) [0|15] "" Unit
 SG_ Msg m0 : 8|2@1+ (1,0) [0|3] "" Unit
 SG_ Light m1 : 8|8@1+ (1,0) [0|255] "" Unit
 SG_ Heat m2 : 8|8@1+ (1,0) [0|255] "" Unit
 SG_ Always : 48|8@1+ (1,0) [0|255] "" Unit
 SG_ Sum : 56|8@1+ (1,0) [0|255] "" Unit

BA_DEF_ BO_ "GenMsgCycleTime" INT 0 10000;
BA_DEF_ SG_ "GenSigStartValue" FLOAT -1000000000000 1000000000000;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BA_DEF_DEF_ "GenSigStartValue" 0;
BA_ "GenMsgCycleTime" BO_ 2566844926 10;
BA_ "GenSigStartValue" SG_ 2566844926 Msg 1;
BA_ "GenSigStartValue" SG_ 2566844926 Light 77;
"""
KEYS = (0x18FEF1FE, True)
SCHEDULE = (0, 1, 0, 2)
PROTECTION = Protection("XOR", KEYS[0], counter="Count", checksum="Sum")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    path = tmp_path / "keys.dbc"
    path.write_text(DBC)
    return load_dbc(path)


class Keeping:
    """A node that says it keeps the beat, as a SocketCAN channel does."""

    keeps_beat = True

    def __init__(self, node: Any) -> None:
        self._node = node

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)


class Bench:
    def __init__(self, database: Database, outside: bool) -> None:
        self.clock = VirtualClock()
        bus = MemoryBus(self.clock, 500_000)
        self.message = database.by_name("Keys")
        self.heard: list[Heard] = []
        bus.node("unit").listen(self.heard.append)
        node: Any = bus.node("rest")
        port = Keeping(node) if outside else node
        self.rest = RestBus(self.clock, port, database, nodes_excluded={"Unit"}, random=Random(1),
                            protections={"Keys": PROTECTION}, schedules={"Keys": SCHEDULE})  # fmt: skip

    def frames(self) -> list[Frame]:
        return [h.frame for h in self.heard if h.frame is not None]

    def read(self, name: str) -> list[float]:
        return [self.message.decode_raw(f.data).get(name, -1) for f in self.frames()]

    def first(self, **wanted: int) -> Ns:
        return next(h.t for h in self.heard if h.frame is not None
                    and wanted.items() <= self.message.decode_raw(h.frame.data).items())  # fmt: skip


@pytest.fixture(params=[False, True], ids=["clock", "kernel"])
def bench(database: Database, request: pytest.FixtureRequest) -> Bench:
    """The rest-bus on the clock's beat, and on one that the port keeps."""
    return Bench(database, request.param)


def test_the_pages_come_in_the_order_of_the_schedule_and_the_counter_counts_frames(bench: Bench) -> None:
    bench.rest.start()
    bench.clock.run_until(205 * MS)
    assert bench.read("Page")[:9] == [0, 1, 0, 2, 0, 1, 0, 2, 0]
    counts = bench.read("Count")
    assert all((b - a) % 16 == 1 for a, b in pairwise(counts))
    assert {f.id for f in bench.frames()} == {KEYS[0]}
    assert all(f.extended for f in bench.frames())


def test_each_page_has_its_own_values_and_shares_what_is_on_all(bench: Bench) -> None:
    bench.rest.set("Keys", {"Msg": 0, "Heat": 5, "Always": 9})
    bench.rest.start()
    bench.clock.run_until(100 * MS)
    decoded = [bench.message.decode_raw(f.data) for f in bench.frames()]
    assert {d["Msg"] for d in decoded if d["Page"] == 0} == {0}
    assert {d["Light"] for d in decoded if d["Page"] == 1} == {77}
    assert {d["Heat"] for d in decoded if d["Page"] == 2} == {5}
    assert {d["Always"] for d in decoded} == {9}
    assert (bench.rest.value("Keys", "Heat"), bench.rest.value("Keys", "Light")) == (5, 77)


def test_every_page_is_protected(bench: Bench) -> None:
    bench.rest.start()
    bench.clock.run_until(100 * MS)
    protector = Protector(bench.message, PROTECTION)
    assert all(protector.check(f.data).checksum_ok for f in bench.frames())
    for frame in bench.frames():  # the XOR of all bytes and of the four bytes of the id is 0
        total = 0x18 ^ 0xFE ^ 0xF1 ^ 0xFE
        for byte in frame.data:
            total ^= byte
        assert total == 0


@pytest.mark.parametrize("asked_at", [100 * MS, 113 * MS, 121 * MS])
def test_a_pulse_is_as_long_as_asked_counted_from_the_page_that_shows_it(bench: Bench, asked_at: Ns) -> None:
    bench.rest.start()
    bench.clock.run_until(asked_at)
    bench.rest.pulse("Keys", {"Msg": 0}, {"Msg": 1}, 60 * MS)
    bench.clock.run_until(400 * MS)
    pressed = bench.first(Page=0, Msg=0)
    released = next(h.t for h in bench.heard if h.t > pressed and h.frame is not None
                    and bench.message.decode_raw(h.frame.data).get("Msg") == 1)  # fmt: skip
    assert asked_at <= pressed <= asked_at + 23 * MS  # a round, and a beat that was too near for the kernel
    assert abs(released - pressed - 60 * MS) < MS


def test_a_single_frame_shows_what_it_is_sent_for(bench: Bench) -> None:
    bench.rest.send_event("Keys", {"Heat": 3}, 0)
    bench.rest.send_event("Keys", {"Msg": 2}, 0)
    bench.clock.run_until(10 * MS)
    assert (bench.read("Heat"), bench.read("Msg")) == ([3, -1], [-1, 2])


def test_what_the_schedule_does_not_show_cannot_be_set(database: Database) -> None:
    payload = first_payload(database.by_name("Keys"), (0, 1))
    with pytest.raises(ValueError, match="not in the schedule"):
        payload.changed({"Heat": 1})
    with pytest.raises(ValueError, match="schedule chooses"):
        payload.changed({"Page": 1})
    with pytest.raises(ValueError, match="selects nothing"):
        first_payload(database.by_name("Keys"), (0, 7))


def test_a_message_that_is_not_there_has_no_schedule(database: Database) -> None:
    clock = VirtualClock()
    node = MemoryBus(clock, 500_000).node("rest")
    with pytest.raises(HarnessError, match="'Nobody'"):
        RestBus(clock, node, database, nodes_excluded=set(), protections={}, random=Random(1),
                schedules={"Nobody": [0]})  # fmt: skip


def test_a_disturbance_leaves_the_order_of_the_pages(bench: Bench) -> None:
    bench.rest.start()
    bench.clock.run_until(95 * MS)
    active = bench.rest.disturb("Keys", wrong_checksum())
    bench.clock.run_until(175 * MS)
    active.end()
    bench.clock.run_until(300 * MS)
    pages = bench.read("Page")
    keys = [i for i, page in enumerate(pages) if page == 0]
    assert all(b - a == 2 for a, b in pairwise(keys))
    counts = bench.read("Count")
    assert all((b - a) % 16 == 1 for a, b in pairwise(counts))


def test_stopped_and_started_again_it_goes_on_with_the_next_counter(bench: Bench) -> None:
    bench.rest.start()
    bench.clock.run_until(95 * MS)
    bench.rest.stop_message("Keys")
    bench.clock.run_until(200 * MS)
    bench.rest.start()
    bench.clock.run_until(300 * MS)
    counts = bench.read("Count")
    assert all((b - a) % 16 in (1, 2) for a, b in pairwise(counts))
    assert all({a, b} == {0, page} for a, b in pairwise(bench.read("Page")) for page in {a, b} - {0})
