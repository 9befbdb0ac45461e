"""What the bench did has to have happened: a relay that sticks or a wire that is off is the rig's fault, not a finding.

Theory. A scenario that takes power away, shorts a bus or looks for what must not be there passes by itself when the
rig did nothing, or heard nothing. So whoever does such a thing looks, by another way than he did it, whether it
happened; if not, the case is BLOCKED.
"""

from __future__ import annotations

from harness.bench import told
from harness.bench.world import World
from harness.foundation.errors import RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.supply.port import Reading

TOLERANCE = 0.5
"""Volts a reading may lie beside the course when nobody says otherwise (PWR-01.profile_deviation)."""
RESIDUAL = 3.0
"""Volts that capacitors may still hold when KL30 has been away for ``DISCHARGED``."""
DISCHARGED: Ns = 1 * S
UNDER_WAY: Ns = 10 * MS
"""What was on the wire when the relay closed may still get through."""
LEGIBLE = 0.8
"""Share of the console's characters that must be text."""


def kl30_is_off(world: World, since: Stamp) -> None:
    """RigFault when KL30 has been switched off for a while and the supply still reads a voltage."""
    if world.clock.now() - since.t < DISCHARGED:
        return
    volts = world.ports.supply.read().volts
    if volts > RESIDUAL:
        raise RigFault(f"KL30 was switched off and the supply still reads {volts:.2f} V")


def supply_gives(world: World, volts: float) -> Reading:
    """The read-back. RigFault when it is not what the supply was set to."""
    read = world.ports.supply.read()
    if abs(read.volts - volts) > TOLERANCE:
        raise RigFault(f"the supply was set to {volts:g} V and reads {read.volts:.2f} V")
    return read


def buses_are_shorted(world: World, began: Stamp, ended: Stamp) -> None:
    """RigFault when a data frame got through while the buses were shorted."""
    for bus in world.vehicle.buses:
        for heard in world.recorder.everything(bus, began.late + UNDER_WAY, ended.early):
            if heard.kind == "data":
                raise RigFault(f"frames went over {bus} while it was to be shorted: the relay did not close")


def console_is_read(world: World) -> None:
    """RigFault when nothing legible has come from the console since the bench opened: what is not found there then is
    no finding."""
    text = b"".join(chunk.data for chunk in world.recorder.console(0, world.clock.now())).decode("utf-8", "replace")
    if not text:
        raise RigFault("nothing has come from the console yet: a silent unit looks like a wire that is off")
    legible = sum((c.isprintable() and c != "\ufffd") or c in "\r\n\t\x1b" for c in text) / len(text)
    if legible < LEGIBLE:
        raise RigFault(f"what comes from the console is no text ({legible:.0%} legible): is its baud rate right?")


def finger_is_felt(world: World, views: int) -> None:
    """RigFault when all was tapped, nothing changed, and the car is one that lets its driver do things while parked."""
    parked = "gear" in world.vehicle.roles and told.is_now(world, "gear", "P")
    if views == 1 and parked and "settings" in world.vehicle.screens:
        raise RigFault("no tap changed the picture although the car is parked: the finger does not reach the screen")
