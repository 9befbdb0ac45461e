"""A gateway between supply and unit, or between supply and who reads it.

Theory. Two things can be wrong: what the unit gets, and what the read-back says. What a supply does not do although it
was told to, the rig has to notice by its read-back. What is wrong behind its terminals no read-back tells: that looks
like the unit's fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.foundation.clock import Clock
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.supply.port import Point, Reading, SupplyPort

Volts = Callable[[float], float]
Read = Callable[[Reading], Reading]


class SupplyGate:
    """A SupplyPort before a SupplyPort. ``volts`` changes every voltage on its way to the unit, ``read_back`` every
    reading. Without ``switches`` the output stays as it is once it is on, without ``profiles`` none is followed.
    ``late`` is how much later a command arrives. From ``dead_from`` on the watermark stands."""

    def __init__(
        self,
        clock: Clock,
        port: SupplyPort,
        *,
        volts: Volts = lambda volts: volts,
        read_back: Read = lambda reading: reading,
        switches: bool = True,
        profiles: bool = True,
        late: Ns = 0,
        dead_from: Ns | None = None,
    ) -> None:
        self._clock = clock
        self._port = port
        self._volts = volts
        self._read_back = read_back
        self._switches = switches
        self._profiles = profiles
        self._late = late
        self._dead_from = dead_from
        self._closed = False
        self._last: tuple[Reading, Reading] | None = None

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name == "latest":  # where a keeper reads: the same change
            return lambda: self._changed(found())
        return found

    def set_voltage(self, volts: float) -> None:
        self._in_time(lambda: self._port.set_voltage(self._volts(volts)))

    def output(self, on: bool) -> None:
        if on or self._switches:
            self._in_time(lambda: self._port.output(on))

    def profile(self, points: Sequence[Point], at: Ns | None = None) -> Stamp:
        start = self._clock.now() if at is None else at
        if not self._profiles:
            return Stamp.exact(start)
        changed = [Point(point.after, self._volts(point.volts)) for point in points]
        if not self._late:
            return self._port.profile(changed, at)
        self._port.profile(changed, start + self._late)
        return Stamp.exact(start)

    def read(self) -> Reading:
        return self._changed(self._port.read())

    def seen_to(self) -> Ns:
        seen = self._port.seen_to()
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._closed = True
        self._port.close()

    def _changed(self, reading: Reading) -> Reading:
        if self._last is None or self._last[0] is not reading:
            self._last = (reading, self._read_back(reading))
        return self._last[1]

    def _in_time(self, act: Callable[[], None]) -> None:
        if not self._late:
            act()
            return

        def do() -> None:
            if not self._closed:
                act()

        self._clock.at(self._clock.now() + self._late, do, name="gateway to the supply")


def read_beside(volts: float = 0.0, amperes: float = 0.0) -> Read:
    """The meter reads so much too much."""
    return lambda reading: reading._replace(volts=reading.volts + volts, amperes=reading.amperes + amperes)


def read_noisily(volts: float, seed: int = 5) -> Read:
    """The meter's voltage scatters evenly by up to ``volts``."""
    from random import Random

    chance = Random(seed)
    return lambda reading: reading._replace(volts=reading.volts + chance.uniform(-volts, volts))
