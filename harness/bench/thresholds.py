"""Looks for the supply voltage at which the unit begins to behave otherwise, by halving
(harness/judging/thresholds.py)."""

from __future__ import annotations

from harness.bench.obeyed import supply_gives
from harness.bench.trouble_codes import TroubleCodes
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns, S
from harness.judging import thresholds
from harness.judging.observation import Observation
from harness.judging.thresholds import OFF, Tried

NOMINAL_VOLTS = 13.5
BEYOND = 0.6
"""Volts on either side of the limit's middle from where the halving begins."""
MATURES: Ns = 3 * S
RUNS_WITHIN: Ns = 1 * S
CODES = {"voltage_low": "undervoltage", "voltage_high": "overvoltage"}


def threshold(world: World, quantity: str) -> Observation:
    """PWR-02's ``quantity``: voltage_low and voltage_high by their trouble codes, voltage_off by the current."""
    limit = world.catalogue["PWR-02"].limit(quantity)
    if limit.low is None or limit.high is None:
        raise HarnessError(f"PWR-02.{quantity} must have two sides to be looked for")
    middle = (limit.low + limit.high) / 2
    low, high = middle - BEYOND, middle + BEYOND
    code = None if quantity == OFF else TroubleCodes(world).code(CODES[quantity])
    tries: list[Tried] = []

    def reached(volts: float) -> bool:
        tries.append(_runs(world, volts) if code is None else _codes(world, volts))
        return thresholds.reached(world.recorder, quantity, code, tries[-1])

    with world.step(f"{quantity} is looked for from {low:g} V to {high:g} V"):
        thresholds.halve(low, high, reached)
        world.ports.supply.set_voltage(NOMINAL_VOLTS)
    return world.ask(thresholds.threshold(quantity, code, low, high, tries, world.now()))


def _codes(world: World, volts: float) -> Tried:
    """Set ``volts``, and ask for the trouble codes that came with them."""
    codes = TroubleCodes(world)
    world.ports.supply.set_voltage(NOMINAL_VOLTS)
    world.wait(MATURES)
    codes.clears()
    world.ports.supply.set_voltage(volts)
    world.wait(MATURES)
    supply_gives(world, volts)
    settled = world.clock.now()
    codes.now()
    return Tried(volts, settled, world.clock.now())


def _runs(world: World, volts: float) -> Tried:
    """Set ``volts`` after the unit was without."""
    world.ports.supply.set_voltage(0.0)
    world.wait(500 * MS)
    world.ports.supply.set_voltage(volts)
    world.wait(RUNS_WITHIN)
    supply_gives(world, volts)
    return Tried(volts, world.clock.now(), world.clock.now())
