"""An ideal supply in memory.

Theory. The voltage is a function of time, not a stream of values: corners joined by straight lines, evaluated when
somebody looks. What was commanded last holds from its start on. The unit is told when something changed abruptly or
turned a corner, and at the exact instant a threshold it named is crossed: the first nanosecond at which
``voltage() >= threshold`` has another answer than before. So a brown-out needs no polling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import isfinite

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns
from harness.supply.course import Course
from harness.supply.port import Point, Reading


class _Watch:
    """A threshold of the unit, on which side of it the voltage was last, and the crossing that is on the clock."""

    def __init__(self, volts: float, above: bool, callback: Callable[[], None]) -> None:
        self.volts = volts
        self.above = above
        self.callback = callback
        self.handle: Handle | None = None


class FarSupply:
    """The unit's end: feels the voltage and draws a current."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._course = Course()
        self._on = False
        self._amperes = 0.0
        self._changed: list[Callable[[], None]] = []
        self._watches: list[_Watch] = []
        self._corners: list[Handle] = []
        self._log: list[Reading] = [self.reading()]

    def voltage(self) -> float:
        """Volts at the terminals now; 0 while the output is off."""
        return self._volts(self._clock.now())

    def draw(self, amperes: float) -> None:
        """The current from now on; none flows while there is no voltage. HarnessError for a negative one."""
        if not (isfinite(amperes) and amperes >= 0):
            raise HarnessError(f"a unit cannot draw {amperes} A")
        self._amperes = amperes
        self._record()

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after the voltage was set or switched and at every corner. Returns the way to stop."""
        self._changed.append(callback)

        def stop() -> None:
            if callback in self._changed:
                self._changed.remove(callback)

        return stop

    def on_crossing(self, volts: float, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` whenever the voltage comes to or falls below ``volts``. Returns the way to stop."""
        watch = _Watch(volts, self.voltage() >= volts, callback)
        self._watches.append(watch)
        self._arm(watch)

        def stop() -> None:
            if watch in self._watches:
                self._watches.remove(watch)
            if watch.handle is not None:
                watch.handle.cancel()

        return stop

    def reading(self) -> Reading:
        volts = self.voltage()
        return Reading(volts, self._amperes if volts > 0 else 0.0, Stamp.exact(self._clock.now()))

    def log(self) -> Sequence[Reading]:
        return tuple(self._log)

    def command(self, start: Ns, points: Sequence[Point]) -> None:
        before = self.reading()
        self._course.follow(start, points)
        self._replan(before)

    def switch(self, on: bool) -> None:
        before = self.reading()
        self._on = on
        self._replan(before)

    def _volts(self, t: Ns) -> float:
        return self._course.volts(t) if self._on else 0.0

    def _replan(self, before: Reading) -> None:
        """Something was commanded now: record it, and put corners and crossings on the clock anew."""
        now = self._clock.now()
        if before.volts != self.voltage() and self._log[-1] != before:
            self._log.append(before)
        self._record()
        for handle in self._corners:
            handle.cancel()
        corners = self._course.corners(now) if self._on else []
        self._corners = [self._clock.at(t, self._turned, name="supply corner") for t in (now, *corners)]
        for watch in self._watches:
            self._arm(watch)

    def _turned(self) -> None:
        now = self._clock.now()
        if self._on and now != self._log[-1].stamp.t and (left := self._course.coming_to(now)) != self.voltage():
            self._log.append(Reading(left, self._amperes if left > 0 else 0.0, Stamp.exact(now)))
        self._record()
        for callback in tuple(self._changed):
            callback()

    def _record(self) -> None:
        reading = self.reading()
        if self._log[-1] != reading:
            self._log.append(reading)

    def _arm(self, watch: _Watch) -> None:
        if watch.handle is not None:
            watch.handle.cancel()
        when = self._next_crossing(watch)
        watch.handle = None
        if when is not None:
            watch.handle = self._clock.at(when, lambda: self._crossed(watch), name="supply crossing")

    def _crossed(self, watch: _Watch) -> None:
        watch.above = not watch.above
        watch.handle = None
        self._arm(watch)
        watch.callback()

    def _next_crossing(self, watch: _Watch) -> Ns | None:
        """The first instant from now at which the answer differs. Between corners the voltage is monotonic, also
        in floating point, so bisection over the integer nanoseconds is exact and agrees with ``voltage()``."""

        def differs(t: Ns) -> bool:
            return (self._volts(t) >= watch.volts) != watch.above

        now = self._clock.now()
        if differs(now):
            return now
        corners = self._course.corners(now) if self._on else []
        for low, high in pairwise((now, *corners)):
            for good, bad in ((low, high - 1), (high - 1, high)):
                if not differs(bad):
                    continue
                while bad - good > 1:
                    middle = (good + bad) // 2
                    good, bad = (good, middle) if differs(middle) else (middle, bad)
                return bad
        return None


class MemorySupply:
    """The rig's end (a ``SupplyPort``). At first 0 V and switched off."""

    uncertainty = EXACT

    def __init__(self, clock: Clock, far: FarSupply) -> None:
        self._clock = clock
        self._far = far
        self._closed = False

    def set_voltage(self, volts: float) -> None:
        """As ``SupplyPort.set_voltage``; ends a profile. HarnessError for a negative voltage or once closed."""
        self._check("set_voltage", volts)
        self._far.command(self._clock.now(), (Point(0, volts),))

    def output(self, on: bool) -> None:
        self._check("output")
        self._far.switch(on)

    def profile(self, points: Sequence[Point], at: Ns | None = None) -> Stamp:
        """As ``SupplyPort.profile``. When the first point lies after the start, the line to it begins at the voltage
        of the start. HarnessError for a start in the past, no points, or points that go back in time."""
        self._check("profile", *(p.volts for p in points))
        now = self._clock.now()
        start = now if at is None else at
        times = [0, *(p.after for p in points)]
        if start < now:
            raise HarnessError(f"profile: its start {start} ns has passed (now {now} ns)")
        if not points or any(b < a for a, b in pairwise(times)):
            raise HarnessError("profile: needs points, and none may lie before the one in front of it")
        self._far.command(start, points)
        return Stamp.exact(start)

    def read(self) -> Reading:
        """The true volts and amperes now."""
        return self._far.reading()

    def log(self) -> Sequence[Reading]:
        """Every change so far, oldest first: straight lines between these readings are the voltage."""
        return self._far.log()

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more commands; the output stays as it is."""
        self._closed = True

    def _check(self, what: str, *volts: float) -> None:
        if self._closed:
            raise HarnessError(f"{what}: the supply is closed")
        for value in volts:
            if not (isfinite(value) and value >= 0):
                raise HarnessError(f"{what}: {value} V is not a voltage this supply has")


def pair(clock: Clock) -> tuple[MemorySupply, FarSupply]:
    """The rig's port and the unit's end of KL30."""
    far = FarSupply(clock)
    return MemorySupply(clock, far), far
