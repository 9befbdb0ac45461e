"""A programmable supply that speaks SCPI, in the dialect of its family.

Theory. Nothing is believed that was not read back. Limits stand before the output goes on; after each setting the
error queue is asked, the setting is read back, and while time passes the terminals are measured and compared with the
course that was commanded (a supply at its current limit, a tripped protection, a hand on its front panel: all show
there). What does not follow within ``follow_within`` is a fault of the rig, so cranking is never judged on a supply
that did not crank.

Everything is asked in the caller's thread, so the driver runs on any clock; an exchange takes a few ms on a network,
and the stamp of a reading covers it and the age the instrument's own averaging gives its values. Profiles go by the
instrument's list mode where it has one, else step by step on the clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from math import isfinite

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.supply.accuracy import Accuracy
from harness.supply.course import Course
from harness.supply.dialect import SupplyDialect, fill, load_supply
from harness.supply.multimeter import ScpiMeter
from harness.supply.port import Point, Reading
from harness.supply.steps import coarser, staircase
from harness.supply.visa import VisaSession

BEAT: Ns = 250 * MS
"""So often the supply is looked at, whether or not anybody reads it."""


class ScpiSupply:
    """A ``SupplyPort``. Amperes and volts; ``over_voltage`` and ``over_current`` make the instrument switch itself off.

    ``tolerance`` in V is how far the terminals may be from the setting (accuracy, and the drop in the leads).
    ``list_mode`` False: step profiles on the clock even where the instrument could do them. ``meter`` reads small
    currents better. RigFault when the instrument is silent, is another one, or refuses the limits.
    """

    def __init__(
        self,
        clock: Clock,
        resource: str,
        dialect: SupplyDialect | str = "generic",
        visa_library: str = "@py",
        *,
        current_limit: float,
        over_voltage: float,
        over_current: float | None = None,
        channel: int = 1,
        tolerance: float = 0.1,
        follow_within: Ns = 500 * MS,
        list_mode: bool = True,
        meter: ScpiMeter | None = None,
        volts_accuracy: Accuracy | None = None,
        amperes_accuracy: Accuracy | None = None,
        stall: Ns = 1 * S,
    ) -> None:
        self.dialect = load_supply(dialect) if isinstance(dialect, str) else dialect
        self.stall = stall
        self.fault: RigFault | None = None
        """Why the watermark stopped, or None."""
        self._clock = clock
        self._resource = resource
        self._channel = channel
        self._current_limit = current_limit
        self._over_voltage = over_voltage
        self._over_current = current_limit if over_current is None else over_current
        self._tolerance = tolerance
        self._follow_within = follow_within
        self._list = self.dialect.list_mode if list_mode else None
        self._meter = meter
        self._volts_accuracy = volts_accuracy or self.dialect.volts_accuracy
        self._amperes_accuracy = amperes_accuracy or self.dialect.amperes_accuracy
        self._course = Course()
        self._coarse: Ns = 0
        self._steps: list[Handle] = []
        self._listing = False
        self._on_since: Ns | None = None
        self._astray: Ns | None = None
        self._read_at: Ns = -BEAT
        self._fault_at: Ns = 0
        self._closed = False
        link = self.dialect.connection
        self._session = VisaSession(resource, visa_library, link.write_termination, link.read_termination, link.timeout)
        self._identify()
        self._session.tell("*CLS")
        self._do(self.dialect.remote)
        self._set_limits()
        self._course.follow(clock.now(), (Point(0, self._ask_number(self.dialect.ask_voltage)),))
        if self._is_on():
            self._on_since = clock.now()
        self._handle = clock.at(clock.now() + BEAT, self._beat, name=f"supply {resource}")

    def set_voltage(self, volts: float) -> None:
        """As ``SupplyPort.set_voltage``; ends a profile. HarnessError for a negative voltage or once closed, RigFault
        when the supply refuses it, reads back another, or it lies above the rig's over-voltage limit."""
        self._check("set_voltage", volts)
        self._cancel()
        self._send_voltage(volts)
        self._unlist()
        self._read_back(self.dialect.set_voltage, self.dialect.ask_voltage, volts, "V")
        self._expect((Point(0, volts),))

    def output(self, on: bool) -> None:
        """As ``SupplyPort.output``; the limits are set anew before it goes on. RigFault when it does not switch."""
        self._check("output")
        if on:
            self._set_limits()
        self._do(self.dialect.output.on if on else self.dialect.output.off)
        if self._is_on() != on:
            raise self._wrong(
                f"the output did not go {'on' if on else 'off'}; a protection may have tripped, or its lock is set"
            )
        if not on:
            self._on_since = None
        elif self._on_since is None:
            self._on_since = self._clock.now()
        self._astray = None

    def profile(self, points: Sequence[Point], at: Ns | None = None) -> Stamp:
        """As ``SupplyPort.profile``. When the first point lies after the start, the line to it begins at the voltage of
        the start. The stamp spans what the instrument needs to begin. HarnessError for a start in the past, no points
        or points that go back in time; RigFault for a part too short for this supply, or a refused command."""
        self._check("profile", *(p.volts for p in points))
        if at is not None and at < self._clock.now():
            raise HarnessError(f"profile: its start {at} ns has passed (now {self._clock.now()} ns)")
        if not points or any(b < a for a, b in pairwise([0, *(p.after for p in points)])):
            raise HarnessError("profile: needs points, and none may lie before the one in front of it")
        before = self._course.volts(self._clock.now() if at is None else at)
        timing = self.dialect.timing
        if self._list is not None:
            steps, coarse = coarser(points, before, max(self._list.shortest, 1 * MS), self._list.points)
        else:
            steps, coarse = staircase(points, before, timing.step), timing.step
        self._cancel()
        if self._list is not None:
            self._upload(steps)
        began = self._clock.now()
        if at is None or at <= began:
            self._begin(points, steps, coarse, began)
            return Stamp(began, began, self._clock.now() + timing.takes_effect)
        self._steps.append(
            self._clock.at(at, lambda: self._begin(points, steps, coarse, at), name="supply profile", priority=-1)
        )
        return Stamp(at, at, at + timing.takes_effect + timing.step)

    def read(self) -> Reading:
        """What the supply measures at its terminals now. RigFault when it is silent or does not follow its setting."""
        if self._closed:
            raise HarnessError("read: the supply is closed")
        asked = self._clock.now()
        try:
            volts, volts_step = self._ask_figure(self.dialect.measure_voltage)
            amperes, amperes_step = self._ask_figure(self.dialect.measure_current)
        except RigFault as fault:
            raise self._stopped(fault) from fault
        came = self._clock.now()
        volts_within = self._volts_accuracy.half_width(volts, volts_step)
        amperes_within = self._amperes_accuracy.half_width(amperes, amperes_step)
        if self._meter is not None and amperes < 2 * self._meter.largest:
            small = self._meter.read()
            if small.amperes is not None:
                amperes, amperes_within = small.amperes, small.within
        stamp = Stamp((asked + came) // 2, asked - self.dialect.timing.measures_every, came)
        self._read_at = came
        reading = Reading(volts, amperes, stamp, volts_within, amperes_within)
        self._follows(reading)
        return reading

    def seen_to(self) -> Ns:
        return self._clock.settled() if self.fault is None else self._fault_at

    def close(self) -> None:
        """No more commands; the output stays as it is. Gives the front panel back."""
        if self._closed:
            return
        self._closed = True
        self._handle.cancel()
        self._cancel()
        try:
            for command in self.dialect.local:
                self._session.tell(command)
        finally:
            self._session.close()
            if self._meter is not None:
                self._meter.close()

    def _identify(self) -> None:
        name = self._session.ask("*IDN?")
        if re.search(self.dialect.identification, name) is None:
            raise self._wrong(f"it says it is {name!r}, the dialect is for {self.dialect.title}")
        if self._channel > self.dialect.channels:
            raise self._wrong(f"channel {self._channel} is asked for, the family has {self.dialect.channels}")

    def _check(self, what: str, *volts: float) -> None:
        if self._closed:
            raise HarnessError(f"{what}: the supply is closed")
        for value in volts:
            if not (isfinite(value) and value >= 0):
                raise HarnessError(f"{what}: {value} V is not a voltage a supply has")
            if value > self._over_voltage:
                raise RigFault(
                    f"{what}: {value:g} V lies above this rig's over-voltage limit of {self._over_voltage:g} V. Raise "
                    f"'over_voltage' in the rig file if the unit bears it."
                )

    def _set_limits(self) -> None:
        d = self.dialect
        self._do(d.over_voltage.set, volts=self._over_voltage)
        if d.over_voltage.ask is not None:
            self._read_back(d.over_voltage.set[0], d.over_voltage.ask, self._over_voltage, "V")
        self._do((d.set_current,), amperes=self._current_limit)
        self._read_back(d.set_current, d.ask_current, self._current_limit, "A")
        if d.over_current is not None:
            self._do(d.over_current.set, amperes=self._over_current)
            if d.over_current.ask is not None:
                self._read_back(d.over_current.set[0], d.over_current.ask, self._over_current, "A")

    def _do(self, commands: Sequence[str], **values: object) -> None:
        """Send each and ask the error queue after each."""
        for template in commands:
            command = self._fill(template, **values)
            self._select()
            self._session.tell(command)
            answer = self._session.ask(self.dialect.errors.ask)
            if re.match(self.dialect.errors.none, answer) is None:
                raise self._wrong(f"{command!r} was refused with {answer!r}")

    def _send_voltage(self, volts: float) -> None:
        self._do((self.dialect.set_voltage,), volts=volts)

    def _read_back(self, setting: str, question: str, wanted: float, unit: str) -> None:
        answer = self._ask_number(question)
        if abs(answer - wanted) > max(0.02, 0.005 * wanted):
            raise self._wrong(
                f"{setting!r} asked for {wanted:g} {unit}, {question!r} reads back {answer:g} {unit}; it may be out of "
                f"the instrument's range"
            )

    def _ask_number(self, question: str) -> float:
        return self._ask_figure(question)[0]

    def _ask_figure(self, question: str) -> tuple[float, float]:
        self._select()
        return self._session.figure(self._fill(question))

    def _is_on(self) -> bool:
        self._select()
        answer = self._session.ask(self._fill(self.dialect.output.ask))
        return re.fullmatch(self.dialect.output.is_on, answer) is not None

    def _select(self) -> None:
        for command in self.dialect.select:
            self._session.tell(self._fill(command))

    def _fill(self, template: str, **values: object) -> str:
        return fill(template, channel=self._channel, **values)

    def _upload(self, steps: Sequence[Point]) -> None:
        if self._list is None:
            raise HarnessError("an upload without a list mode")
        dwells = [b.after - a.after for a, b in pairwise(steps)] + [self._list.shortest]
        if max(dwells) > self._list.longest:
            raise self._wrong(f"a step of {show_time(max(dwells))} is longer than its list mode can wait")
        if self._listing:
            self._send_voltage(self._course.volts(self._clock.now()))
            self._unlist()
        self._do(
            self._list.prepare,
            voltages=",".join(f"{p.volts:.3f}" for p in steps),
            dwells=",".join(f"{d / S:.3f}" for d in dwells),
            amperes=self._current_limit,
        )
        self._listing = True

    def _begin(self, points: Sequence[Point], steps: Sequence[Point], coarse: Ns, start: Ns) -> None:
        if self._list is not None:
            self._do(self._list.start)
        else:
            for step in steps[1:]:
                call = partial(self._send_voltage, step.volts)
                self._steps.append(self._clock.at(start + step.after, call, name=f"supply step {step.volts:g} V"))
            self._send_voltage(steps[0].volts)
        self._expect(points, coarse, start)

    def _expect(self, points: Sequence[Point], coarse: Ns = 0, start: Ns | None = None) -> None:
        self._course.follow(self._clock.now() if start is None else start, points)
        self._coarse = coarse
        self._astray = None

    def _cancel(self) -> None:
        for handle in self._steps:
            handle.cancel()
        self._steps.clear()

    def _unlist(self) -> None:
        # After the new setting was sent: leaving the list falls back to the setting.
        if self._listing and self._list is not None:
            self._listing = False
            self._do(self._list.stop)

    def _follows(self, reading: Reading) -> None:
        """Is the reading one the commanded course allows, somewhere within what its stamp and the timing leave open?"""
        if self._on_since is None:
            return
        begin = reading.stamp.early - self.dialect.timing.takes_effect - self._coarse
        end = reading.stamp.late + self._coarse
        corners = [t for t in self._course.corners(begin) if t <= end]
        allowed = [self._course.volts(t) for t in (begin, *corners, end)]
        allowed += [self._course.coming_to(t) for t in corners]
        if begin < self._on_since:
            allowed.append(0.0)
        low, high = min(allowed) - self._tolerance, max(allowed) + self._tolerance
        if low <= reading.volts <= high:
            self._astray = None
            return
        if self._astray is None:
            self._astray = reading.stamp.t
        if reading.stamp.t - self._astray >= self._follow_within:
            limiting = reading.amperes >= 0.97 * self._current_limit
            why = f"it limits the current at {reading.amperes:g} A" if limiting else "nothing limits its current"
            raise self._stopped(
                self._wrong(
                    f"it was set to {low + self._tolerance:g} .. {high - self._tolerance:g} V and measures "
                    f"{reading.volts:g} V for {show_time(reading.stamp.t - self._astray)}; {why}"
                )
            )

    def _beat(self) -> None:
        if self._closed or self.fault is not None:
            return
        if self._clock.now() - self._read_at >= BEAT:
            self.read()
        if self._on_since is not None:
            try:
                self._still_on()
            except RigFault as fault:
                raise self._stopped(fault) from fault
        self._handle = self._clock.at(self._clock.now() + BEAT, self._beat, name=f"supply {self._resource}")

    def _still_on(self) -> None:
        for trip in self.dialect.tripped:
            self._select()
            if re.fullmatch(trip.yes, self._session.ask(self._fill(trip.ask))):
                raise self._wrong(f"its {trip.name} protection has switched the output off")
        if not self._is_on():
            raise self._wrong("the output is off though it was switched on; a protection or a hand did that")

    def _wrong(self, what: str) -> RigFault:
        return RigFault(f"supply {self._resource} ({self.dialect.title}): {what}. Check wiring, limits and dialect.")

    def _stopped(self, fault: RigFault) -> RigFault:
        if self.fault is None:
            self.fault = fault
            self._fault_at = self._clock.settled()
        return fault
