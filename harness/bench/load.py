"""Buses filled up: frames nobody asked for, above and below the car's own in priority.

A load is a property of a bus with a bit rate; a virtual one (vcan) has none and offers none. Whether the load was there
is read off the recording; a rig that did not reach it is at fault, not the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.bench.lasting import Lasting
from harness.bench.world import World
from harness.can.port import CyclicTask, Frame
from harness.can.timing import INTERMISSION, Timing
from harness.foundation.errors import NotOffered, RigFault
from harness.foundation.units import MS, Ns
from harness.judging.buses import load

MEASURED_OVER: Ns = 500 * MS
LOOKED_AT_EVERY: Ns = 200 * MS
ABOVE = 0.04
"""So much more is asked for than must be there: the car's own frames do not come evenly."""
FILLING = bytes.fromhex("A5C3960F5A3C69F0")


@contextmanager
def loaded(world: World, share: float) -> Iterator[Lasting]:
    """While it lasts, every bus carries at least ``share`` (0..1) of what it can."""
    if world.level == "vcan":
        raise NotOffered("a virtual CAN has no bit rate: a load means nothing there")
    fillings = [_Filling(world, bus, share + ABOVE) for bus in world.vehicle.buses]
    world.wait(MEASURED_OVER)
    lasting = Lasting(world, f"buses loaded to {share:.0%}", world.now())
    with world.step(f"every bus carries {share:.0%} of what it can"):
        try:
            yield lasting
        finally:
            lasting.ends()
            for filling in fillings:
                filling.stop()
    end = min(lasting.over.t, *(world.recorder.seen_to(f"can/{bus}") for bus in world.vehicle.buses))
    for bus in world.vehicle.buses:
        reached = load(world.recorder, bus, lasting.began.t, end)
        world.journal.write("note", world.clock.now(), text=f"{bus} was loaded to {reached:.1%}")
        if reached < share:
            raise RigFault(f"{bus} was loaded to {reached:.1%} only, {share:.0%} was asked for")


class _Filling:
    """Fills one bus up, and looks again and again at what the car itself sends: with the ignition off that is less."""

    def __init__(self, world: World, bus: str, share: float) -> None:
        self._world, self._bus, self._share = world, bus, share
        of = world.vehicle.buses[bus]
        timing = Timing(of.bitrate, of.data_bitrate)
        self._frames = [Frame(identifier, FILLING) for identifier in _free(world, bus)]
        lasts = sum(timing.duration(frame) + timing.bits(INTERMISSION) for frame in self._frames)
        self._lasts = lasts // len(self._frames)
        self._filled = 0.0
        self._task: CyclicTask | None = None
        self._look()

    def stop(self) -> None:
        self._again.cancel()
        if self._task is not None:
            self._task.stop()

    def _look(self) -> None:
        world, now = self._world, self._world.clock.now()
        own = load(world.recorder, self._bus, now - LOOKED_AT_EVERY, now) - self._filled
        wanted = min(1.0, max(0.01, self._share - own))
        if abs(wanted - self._filled) > 0.005:
            if self._task is not None:
                self._task.stop()
            self._task = world.ports.can[self._bus].cyclic(self._frames, round(self._lasts / wanted))
            self._filled = wanted
        self._again = world.clock.at(now + LOOKED_AT_EVERY, self._look, name=f"load of {self._bus}")


def _free(world: World, bus: str) -> tuple[int, int]:
    """An identifier above all of the car's in priority and one below, that nobody uses."""
    d = world.vehicle.diagnostics
    taken = {key[0] for key in world.vehicle.buses[bus].database.messages} | {d.request, d.response, d.functional}
    standard = range(0x001, 0x7F0)
    return next(i for i in standard if i not in taken), next(i for i in reversed(standard) if i not in taken)
