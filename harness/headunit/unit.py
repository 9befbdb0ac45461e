"""The head unit: machines driven by one queue of events, between its plugs.

Theory. Nothing here waits. Whatever happens becomes an event; every machine whose table has a row for its state and
that event takes it: first the state changes, then the actions of the row run, in order. Events that actions post are
taken after the present one, so a row is never entered half way. What is in no table is ignored and counted.

What the unit shows (frames, screen, current) is derived from the states after the queue is empty, never ordered
directly: so no action can forget to.

KL30: below the reset voltage the unit is dead at once. Ram is gone, timers and pending answers belong to a generation
that is over and are ignored; flash stays. ``Random`` and ``Clock`` are given, so a run repeats.
"""

from __future__ import annotations

import copy
from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.foundation.clock import Clock, Handle
from harness.foundation.units import Ns
from harness.headunit.blueprint import Action, Blueprint, Condition, Wrap
from harness.headunit.ends import Ends
from harness.headunit.events.event import Elapsed, Event
from harness.headunit.events.messaging import LinkDown, LinkUp
from harness.headunit.events.power import IgnitionOff, IgnitionOn, SupplyOn, VoltageHigh, VoltageLow, VoltageNormal
from harness.headunit.state import Flash, Ram

if TYPE_CHECKING:
    import random

    from harness.vehicle.vehicle import Vehicle


class HeadUnit:
    """One unit in one car. It starts by itself when KL30 comes and a line or the bus wants it.

    ``states`` are the machines' states by name; ``ignored`` counts events without a row; ``counted`` counts what was
    received and could not be used (wrong length, wrong checksum, nonsense from the network).
    """

    def __init__(self, blueprint: Blueprint, vehicle: Vehicle, clock: Clock, ends: Ends, rng: random.Random) -> None:
        from harness.headunit.diagnostics import Diagnostics
        from harness.headunit.ear import Ear
        from harness.headunit.intake import Intake
        from harness.headunit.log import Log
        from harness.headunit.mouth import Mouth
        from harness.headunit.screens import Screens
        from harness.headunit.service import Service
        from harness.headunit.talk import Talk
        from harness.headunit.telegrams import Telegrams

        self.blueprint = blueprint
        self.figures = blueprint.figures
        self.vehicle = vehicle
        self.clock = clock
        self.ends = ends
        self.rng = rng
        self.alive = False
        self.ignored: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()
        self.states: dict[str, str] = {}
        self.ram = Ram()
        self.flash = Flash(more={k: copy.copy(v) for k, v in blueprint.flash.items()})
        self._generation = 0
        self._timers: dict[str, Handle] = {}
        self._queue: deque[Event] = deque()
        self._draining = False
        self._conditions: list[Condition] = []
        self._watching: dict[type[Event], list[int]] = {}
        self._filters = {
            name: tuple((tap.filter, self._enlist(tap.when)) for tap in taps) for name, taps in blueprint.taps.items()
        }
        self._actions = {name: self._wrapped(name, action) for name, action in blueprint.actions.items()}
        self._routes: dict[type[Event], tuple[str, ...]] = {}
        for name, table in blueprint.tables.items():
            for _, kind in table:
                if name not in self._routes.get(kind, ()):
                    self._routes[kind] = (*self._routes.get(kind, ()), name)
        self.log = Log(self)
        self.mouth = Mouth(self)
        self.ear = Ear(self)
        self.talk = Talk(self)
        self.service = Service(self)
        self.telegrams = Telegrams(self)
        self.screens = Screens(self)
        self.intake = Intake(self)
        self.diagnostics = Diagnostics(self)
        for name in ("voltage_reset", "voltage_off", "voltage_low", "voltage_high"):
            ends.supply.on_crossing(float(self.figures[name]), self._volts_changed)
        ends.io.on_change(self._line_changed)
        ends.network.on_change(lambda link: self._link_changed(link.up))
        self._volts_changed()

    # -- events -------------------------------------------------------------------------------------------------

    def post(self, event: Event) -> None:
        """Take ``event``, now or after the one that is being taken."""
        if not self.alive:
            return
        self._queue.append(event)
        if self._draining:
            return
        self._draining = True
        try:
            while self._queue:
                self._take(self._queue.popleft())
        finally:
            self._draining = False
        self.telegrams.refresh()
        self.screens.refresh()

    def _take(self, event: Event) -> None:
        kind = type(event)
        for index in self._watching.get(kind, ()):
            condition = self._conditions[index]
            kept = self._kept(condition)
            kept[index] = condition.seen(kept.get(index, condition.start))
        if kind is Elapsed:
            event.work(self)  # type: ignore[attr-defined]
            return
        taken = False
        for name in self._routes.get(kind, ()):
            row = self.blueprint.tables[name].get((self.states[name], kind))
            if row is None:
                continue
            taken = True
            if row[0] != self.states[name]:
                self.log.state(name, self.states[name], row[0])
                self.states[name] = row[0]
            for action in row[1]:
                self._actions[action](self, event)
        if not taken:
            self.ignored[kind.__name__] += 1

    def act(self, action: str, event: Event) -> None:
        """Run an action by name, wrappers included."""
        self._actions[action](self, event)

    # -- time ---------------------------------------------------------------------------------------------------

    def start(self, timer: str, after: Ns, event: Event) -> None:
        """Post ``event`` in ``after`` ns (0 or more), unless the timer of that name is started again or stopped."""
        self.stop(timer)

        def ended() -> None:
            self._timers.pop(timer, None)
            self.post(event)

        when = self.clock.now() + self.lasting(max(0, after))
        self._timers[timer] = self.clock.at(when, ended, name=f"unit {timer}")

    def lasting(self, duration: Ns) -> Ns:
        """How long ``duration`` lasts by the unit's own quartz."""
        drift = self.figures["clock_drift"]
        return duration + round(duration * drift * 1e-6) if drift else duration

    def later(self, timer: str, after: Ns, work: Callable[[Any], None]) -> None:
        """Run ``work(unit)`` in ``after`` ns; like ``start``."""
        self.start(timer, after, Elapsed(work))

    def quietly(self, timer: str, when: Ns, work: Callable[[], None]) -> None:
        """Run ``work()`` at ``when``: for what changes nothing inside, such as sending a frame."""
        self.stop(timer)

        def due() -> None:
            self._timers.pop(timer, None)
            work()

        self._timers[timer] = self.clock.at(max(when, self.clock.now()), due, name=f"unit {timer}")

    def stop(self, timer: str) -> None:
        handle = self._timers.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def running(self, timer: str) -> bool:
        return timer in self._timers

    def guarded(self, call: Callable[..., None]) -> Callable[..., None]:
        """``call`` for as long as this life of the unit lasts; afterwards nothing."""
        generation = self._generation

        def run(*values: Any) -> None:
            if generation == self._generation and self.alive:
                call(*values)

        return run

    # -- hooks --------------------------------------------------------------------------------------------------

    def tapped(self, name: str, value: Any) -> Any:
        """``value`` after the filters of tap ``name`` that are at work; None as soon as one swallows it."""
        for work, index in self._filters[name]:
            if index is None or self._at_work(index):
                value = work(value, self)
                if value is None:
                    return None
        return value

    def has_tap(self, name: str) -> bool:
        return bool(self._filters[name])

    def _enlist(self, when: Condition | None) -> int | None:
        if when is None:
            return None
        index = len(self._conditions)
        self._conditions.append(when)
        if when.watch is not None:
            self._watching.setdefault(when.watch, []).append(index)
        return index

    def _kept(self, condition: Condition) -> dict[int, int]:
        return self.ram.conditions if condition.kept == "ram" else self.flash.conditions

    def _at_work(self, index: int) -> bool:
        condition = self._conditions[index]
        kept = self._kept(condition)
        kept[index] = condition.used(kept.get(index, condition.start))
        return condition.holds(kept[index], self)

    def _wrapped(self, name: str, action: Action) -> Action:
        for wrap in self.blueprint.wraps.get(name, ()):
            action = self._wrap(action, wrap)
        return action

    def _wrap(self, inner: Action, wrap: Wrap) -> Action:
        index = self._enlist(wrap.when)

        def outer(unit: HeadUnit, event: Event) -> None:
            if index is None or self._at_work(index):
                wrap.wrapper(unit, event, inner)
            else:
                inner(unit, event)

        return outer

    # -- KL30, lines, link --------------------------------------------------------------------------------------

    def volts(self) -> float:
        return float(self.tapped("volt", self.ends.supply.voltage()))

    def ignition(self) -> bool:
        return self.ends.io.state("KL15") or self.ends.io.state("ACC")

    def _volts_changed(self) -> None:
        volts, figures = self.volts(), self.figures
        if self.alive and volts < figures["voltage_reset"]:
            self._die()
        elif not self.alive and volts >= figures["voltage_off"]:
            self._live()
        if not self.alive:
            return
        low, high = volts < figures["voltage_low"], volts >= figures["voltage_high"]
        band = "low" if low else "high" if high else "normal"
        if band != self.ram.band:
            self.ram.band = band
            self.post({"low": VoltageLow, "high": VoltageHigh, "normal": VoltageNormal}[band]())

    def restart(self) -> None:
        """As after a loss of KL30 (ECU reset): ram is gone, flash stays."""
        if self.alive:
            self._die()
            self._live()

    def _live(self) -> None:
        self.alive = True
        self.ram = Ram(more={k: copy.copy(v) for k, v in self.blueprint.ram.items()})
        self.states = dict(self.blueprint.initial)
        self.ram.link_up = self.ends.network.current().up
        self.flash.starts += 1
        self.intake.start()
        self.post(SupplyOn())
        self.ram.ignition = self.ignition()
        if self.ram.ignition:
            self.post(IgnitionOn())

    def _die(self) -> None:
        self.alive = False
        self._generation += 1
        for handle in self._timers.values():
            handle.cancel()
        self._timers.clear()
        self._queue.clear()
        voice = (self.mouth, self.ear, self.talk)
        for part in (self.intake, *voice, self.service, self.telegrams, self.screens, self.diagnostics):
            part.die()
        self.ram = Ram()
        self.states = {}
        self.ends.supply.draw(0.0)

    def _line_changed(self, line: str, on: bool) -> None:
        # both lines may have been switched before the first of them is told of: what counts is the state, not the edge
        if line in ("KL15", "ACC") and self.alive and self.ignition() != self.ram.ignition:
            self.ram.ignition = self.ignition()
            self.post(IgnitionOn() if self.ram.ignition else IgnitionOff())

    def _link_changed(self, up: bool) -> None:
        if self.alive and up != self.ram.link_up:
            self.ram.link_up = up
            self.post(LinkUp() if up else LinkDown())
