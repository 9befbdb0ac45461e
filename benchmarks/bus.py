"""What a frame costs: the bus in memory beside python-can's ``virtual``, and a rest-bus in virtual time.

Run: ``python -P benchmarks/bus.py`` from the root. Prints frames per second and ratios; there is no limit of its own
here (the limit is on the whole virtual suite), but 100 cyclic messages below 60 times real time are told by exit code
1, because no suite could then keep it.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

import can

from harness.can.candump import CandumpWriter
from harness.can.database import Database, load_dbc
from harness.can.memory import MemoryBus
from harness.can.port import Frame, Heard
from harness.can.protection import Protection
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock, stopwatch
from harness.foundation.units import MS, S

MESSAGES = 100
FRAMES_PER_SECOND = 700


def ours(count: int) -> float:
    """Frames per second through arbitration and bit timing to one receiver and the echo, each frame another."""
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000)
    sender = bus.node("sender")
    heard: list[Heard] = []
    bus.node("receiver").listen(heard.append)
    took = stopwatch()
    for i in range(count):
        sender.send(Frame(0x123, i.to_bytes(8, "big")))
        if i % 100 == 99:
            clock.run_until(clock.now() + 50 * MS)
    assert len(heard) == count
    return count / took()


def theirs(count: int) -> float:
    """The same through python-can's ``virtual``, which has neither arbitration nor a bit rate."""
    with can.Bus("bench", interface="virtual") as sender, can.Bus("bench", interface="virtual") as receiver:
        heard = 0
        took = stopwatch()
        for i in range(count):
            sender.send(can.Message(arbitration_id=0x123, is_extended_id=False, data=i.to_bytes(8, "big")))
            if i % 100 == 99:
                while receiver.recv(timeout=0) is not None:
                    heard += 1
        assert heard == count
        return count / took()


def car() -> Database:
    cycle = MESSAGES * 1000 // FRAMES_PER_SECOND
    rows = ['VERSION ""', "NS_ :", "BS_:", "BU_: Car Unit"]
    for i in range(MESSAGES):
        rows += ["", f"BO_ {256 + i} M{i}: 8 Car", ' SG_ Crc : 0|8@1+ (1,0) [0|0] "" Unit',
                 ' SG_ Counter : 8|4@1+ (1,0) [0|0] "" Unit', ' SG_ A : 12|4@1+ (1,0) [0|0] "" Unit',
                 ' SG_ B : 23|16@0- (0.1,0) [0|0] "" Unit', ' SG_ C : 32|16@1+ (0.01,0) [0|0] "" Unit']
    rows += ["", 'BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;', f'BA_DEF_DEF_ "GenMsgCycleTime" {cycle};']
    path = Path(tempfile.mkdtemp()) / "car.dbc"
    path.write_text("\n".join(rows) + "\n")
    return load_dbc(path)


def rest_bus(database: Database, seconds: int, changing: bool) -> tuple[float, int]:
    """(times real time, frames): all messages protected with profile 1, heard by a recorder and by a decoding unit."""
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000)
    file = io.StringIO()
    bus.node("recorder").listen(CandumpWriter(file, "body"))
    decoded = 0

    def unit(heard: Heard) -> None:
        nonlocal decoded
        if heard.frame is not None:
            decoded += len(database.messages[heard.frame.key].decode(heard.frame.data)) > 0

    bus.node("unit").listen(unit)
    protections = {m.name: Protection("E2E-P01", 0x123, counter="Counter", checksum="Crc")
                   for m in database.messages.values()}
    rest = RestBus(clock, bus.node("rest"), database, nodes_excluded={"Unit"}, protections=protections,
                   random=Random(1))
    rest.start()
    took = stopwatch()
    if changing:
        for step in range(seconds * 10):
            for i in range(0, MESSAGES, 5):
                rest.set(f"M{i}", {"B": step % 100, "C": step % 600})
            clock.run_until((step + 1) * S // 10)
    else:
        clock.run_until(seconds * S)
    wall = took()
    assert file.getvalue().count("\n") == decoded
    return seconds / wall, decoded


def main() -> int:
    rounds = [(ours(20_000), theirs(20_000)) for _ in range(3)]
    one, other = max(r[0] for r in rounds), max(r[1] for r in rounds)
    print(f"bus in memory {one:9,.0f} frames/s   python-can virtual {other:9,.0f} frames/s   ratio {one / other:.1f}x")
    database = car()
    slowest = float("inf")
    for changing in (False, True):
        speed, frames = rest_bus(database, 30, changing)
        slowest = min(slowest, speed)
        what = "20 changed ten times a second" if changing else "payloads at rest"
        print(f"{MESSAGES} cyclic messages, protected, recorded, decoded, {what}: {speed:.0f} times real time, "
              f"{30 / speed / frames * 1e6:.1f} us per frame")
    return 1 if slowest < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
