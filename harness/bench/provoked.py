"""Faults that a bench can provoke, by the trouble codes they must bring.

A closed table: a message that stops, frames that are wrong, a supply out of its range. What a car has no code, role or
message for is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.bench.lasting import Lasting
from harness.bench.world import World
from harness.can.disturbance import Disturbance, silence, wrong_checksum
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.stamps import Stamp

DISTURBED = {
    "wheel_communication": ("wheel.messaging", silence),
    "wheel_invalid": ("wheel.messaging", wrong_checksum),
    "speed_lost": ("speed", silence),
}
OUT_OF_RANGE = {"undervoltage": ("voltage_low", -0.5), "overvoltage": ("voltage_high", 0.5)}
"""Volts beyond the side of PWR-02's limit that lies farther out."""
NOMINAL_VOLTS = 13.5


@contextmanager
def provoked(world: World, code: str) -> Iterator[Lasting]:
    """While it lasts, the fault behind ``code`` is there. ``began``: the last good frame, or the setting; ``over``: the
    first good one, or the setting back."""
    if code not in world.vehicle.diagnostics.dtcs:
        raise NotOffered(f"{world.vehicle.name} has no trouble code {code!r}")
    if code in DISTURBED:
        role, disturbance = DISTURBED[code]
        with _disturbed(world, code, role, disturbance()) as fault:
            yield fault
    elif code in OUT_OF_RANGE:
        with out_of_range(world, *OUT_OF_RANGE[code]) as fault:
            yield fault
    else:
        raise HarnessError(f"nobody can provoke {code!r}. {suggest(code, (*DISTURBED, *OUT_OF_RANGE))}")


@contextmanager
def _disturbed(world: World, code: str, name: str, disturbance: Disturbance) -> Iterator[Lasting]:
    role = world.vehicle.roles.get(name)
    if role is None or not role.message.cycle:
        raise NotOffered(f"{code}: {world.vehicle.name} has no cyclic message with {name}")
    if code == "wheel_invalid" and (role.bus, role.message.name) not in world.vehicle.protection:
        raise NotOffered(f"{code}: {role.message.name} has no protection that could be wrong")
    active = world.restbus[role.bus].disturb(role.message.name, disturbance)
    last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now() + 1)
    fault = Lasting(world, f"fault {code}", Stamp(last.t, last.early, last.late) if last else world.now())
    with world.step(f"{code}: {role.message.name} is disturbed"):
        try:
            yield fault
        finally:
            active.end()
            world.wait(2 * role.message.cycle)
            fault.ends()


@contextmanager
def out_of_range(world: World, quantity: str, beyond: float) -> Iterator[Lasting]:
    """While it lasts, the supply is ``beyond`` volts outside PWR-02's limit ``quantity``."""
    limit = world.catalogue["PWR-02"].limits[quantity]
    side = limit.low if beyond < 0 else limit.high
    if side is None:
        raise HarnessError(f"PWR-02.{quantity} has no such side")
    volts = side + beyond
    fault = Lasting(world, f"supply at {volts:g} V", world.now())
    world.ports.supply.set_voltage(volts)
    with world.step(f"the supply is at {volts:g} V"):
        try:
            yield fault
        finally:
            world.ports.supply.set_voltage(NOMINAL_VOLTS)
            fault.ends()
