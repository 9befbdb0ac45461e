"""What can go wrong with a car around the unit: presence signals that say nothing, a battery that is taken away."""

from __future__ import annotations

from harness.bench.obeyed import kl30_is_off
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.can.disturbance import silence
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.units import Ns, show_time
from harness.vehicle.role import Role

KEPT = ("lock", "ignition")
"""What a case about lost presence still needs: the lock that is judged, and what says that the car is off."""
HOW = ("missing", "invalid")


def presence_lost(world: World, how: str) -> Stimulus:
    """The signals that say whether the driver is there go ``missing`` (their messages stop) or ``invalid``.

    NotOffered where this car has none that can.
    """
    if how not in HOW:
        raise HarnessError(f"presence is lost by being {' or '.join(HOW)}, not {how!r}")
    vehicle = world.vehicle
    roles = [vehicle.role(name) for name in sorted(vehicle.presence.roles()) if name not in KEPT]
    began = world.now()
    lost = _silenced(world, roles) if how == "missing" else _invalid(world, roles)
    if not lost:
        raise NotOffered(f"{vehicle.name} has no presence signal that can be {how}")
    with world.step(f"presence signals are {how}: {', '.join(lost)}"):
        world.wait(2 * max(vehicle.role(name).message.cycle or 0 for name in lost))
    return world.did(Stimulus(f"presence {how}", began, world.now(), {"signals": ", ".join(lost)}))


def _silenced(world: World, roles: list[Role]) -> list[str]:
    """Messages that also carry what is kept go on."""
    kept = {id(world.vehicle.roles[name].message) for name in KEPT if name in world.vehicle.roles}
    quiet = [role for role in roles if id(role.message) not in kept and role.message.cycle]
    for bus, name in {(role.bus, role.message.name): None for role in quiet}:
        world.restbus[bus].disturb(name, silence())
    return [role.name for role in quiet]


def _invalid(world: World, roles: list[Role]) -> list[str]:
    able = [role for role in roles if "invalid" in role.values]
    for role in able:
        world.drive(role.name, "invalid")
    return [role.name for role in able]


def power_lost(world: World, duration: Ns) -> Stimulus:
    """KL30 is gone for ``duration`` ns, as when somebody takes the fuse out; the rest of the car goes on."""
    with world.step(f"KL30 is gone for {show_time(duration)}"):
        began = world.now()
        world.ports.supply.output(False)
        world.wait(duration)
        kl30_is_off(world, began)
        world.ports.supply.output(True)
        return world.did(Stimulus("KL30 lost", began, world.now(), {"duration": duration}))
