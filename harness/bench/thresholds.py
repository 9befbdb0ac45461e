"""At which supply voltage the unit begins to behave otherwise, found by halving.

A trouble code tells where the range ends (undervoltage, overvoltage); the current tells from where on the unit runs at
all. What was measured is the interval between the last voltage without and the first with it, as the supply read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.bench.obeyed import supply_gives
from harness.bench.trouble_codes import TroubleCodes
from harness.bench.world import World
from harness.diag.names import FAILED
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Interval
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.supply.port import Reading

NOMINAL_VOLTS = 13.5
BEYOND = 0.6
"""Volts on either side of the limit's middle from where the halving begins."""
LARGEST = 60.0
"""Volts that no unit of a 12 V car is supplied with."""
STEPS = 4
MATURES: Ns = 3 * S
RUNS_WITHIN: Ns = 1 * S
RUNNING = 0.05
"""Amperes from which a unit with ignition is running: more than any sleep, less than any screen."""
CODES = {"voltage_low": "undervoltage", "voltage_high": "overvoltage"}


def threshold(world: World, quantity: str) -> Observation:
    """PWR-02's ``quantity``: voltage_low and voltage_high by their trouble codes, voltage_off by the current."""
    limit = world.catalogue["PWR-02"].limit(quantity)
    if limit.low is None or limit.high is None:
        raise HarnessError(f"PWR-02.{quantity} must have two sides to be looked for")
    middle = (limit.low + limit.high) / 2
    with world.step(f"{quantity} is looked for from {middle - BEYOND:g} V to {middle + BEYOND:g} V"):
        read: dict[float, Reading] = {}
        if quantity == "voltage_off":
            found = _halve(middle - BEYOND, middle + BEYOND, lambda volts: _runs(world, volts, read))
        else:
            code = CODES[quantity]
            low, high = middle - BEYOND, middle + BEYOND
            below = quantity == "voltage_low"
            found = _halve(low, high, lambda volts: _has_code(world, code, volts, read) is not below)
        world.ports.supply.set_voltage(NOMINAL_VOLTS)
    return world.ask(_measured(world, quantity, _as_read(found, read)))


def _as_read(found: tuple[float, float], read: Mapping[float, Reading]) -> tuple[float, float]:
    """The two voltages as they were at the terminals: the lower one at the least, the higher one at the most. What was
    not set stays."""
    low, high = (read.get(volts) for volts in found)
    return (
        found[0] if low is None else round(low.volts - low.volts_within, 6),
        found[1] if high is None else round(high.volts + high.volts_within, 6),
    )


def _halve(low: float, high: float, reached: Callable[[float], bool]) -> tuple[float, float]:
    """(last voltage at which it is not reached, first at which it is). Where the ends agree it lies beyond one of them,
    which is outside every limit: from 0 V, or to ``LARGEST``."""
    if reached(low):
        return 0.0, low
    if not reached(high):
        return high, LARGEST
    for _ in range(STEPS):
        middle = round((low + high) / 2, 3)
        low, high = (low, middle) if reached(middle) else (middle, high)
    return low, high


def _has_code(world: World, code: str, volts: float, read: dict[float, Reading]) -> bool:
    codes = TroubleCodes(world)
    world.ports.supply.set_voltage(NOMINAL_VOLTS)
    world.wait(MATURES)
    codes.clears()
    world.ports.supply.set_voltage(volts)
    world.wait(MATURES)
    read[volts] = supply_gives(world, volts)
    return bool(codes.now().get(codes.code(code), 0) & FAILED)


def _runs(world: World, volts: float, read: dict[float, Reading]) -> bool:
    world.ports.supply.set_voltage(0.0)
    world.wait(500 * MS)
    world.ports.supply.set_voltage(volts)
    world.wait(RUNS_WITHIN)
    read[volts] = supply_gives(world, volts)
    return read[volts].amperes > RUNNING


def _measured(world: World, quantity: str, found: tuple[float, float]) -> Observation:
    low, high = found
    now = world.clock.now()

    def look(_recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        said, value = f"otherwise at {low:.2f} V than at {high:.2f} V", (low + high) / 2
        if not low or high == LARGEST:  # how far beyond, nobody has looked
            value = low or high
            said = f"{'already' if not low else 'not yet'} at {value:.2f} V"
        return Measurement(quantity, "V", Interval(value, low, high), said, (), (now, now))

    return Observation("threshold", {"low": low, "high": high}, quantity, "supply", world.now(), look, quantity)
