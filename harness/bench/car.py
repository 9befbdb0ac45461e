"""The car around the head unit: its signals, its modes, and the things that happen to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.bench.cabin import fills_with_noise
from harness.bench.fingers import Presses
from harness.bench.lasting import Lasting
from harness.bench.load import loaded
from harness.bench.misfortunes import power_lost, presence_lost
from harness.bench.obeyed import buses_are_shorted
from harness.bench.stimulus import Stimulus
from harness.bench.wheel_events import press_event
from harness.bench.world import World
from harness.can.disturbance import Disturbance, frozen_counter, skipped_counter, wrong_checksum
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit
from harness.vehicle.button_event import SHORT
from harness.vehicle.presses import front_after

NOMINAL_VOLTS = 13.5
BUSES_RECOVER: Ns = 3 * S
"""Recovery from bus-off, and then as many good frames as a receiver's E2E window asks for."""
SAFETY_CHIME = ("amplifier.safety_chime", "warning.safety")
DRIVING_SETTLES: Ns = 3 * S
"""Longer than a standstill must last to count as parked by the brake."""
FAULTS: dict[str, Callable[[int], Disturbance]] = {
    "wrong_checksum": lambda _: wrong_checksum(),
    "repeated_counter": lambda _: frozen_counter(),
    "jump_above_max_delta": lambda max_delta: skipped_counter(max_delta),
    "jump_within_max_delta": lambda max_delta: skipped_counter(max_delta - 1),
}
"""What can be wrong with a protected message; a jump of n leaves out n - 1 values."""


class Car:
    """What QA does to the car: ``happens("driver_leaves")``, ``starts()``, ``drives_off()``."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def name(self) -> str:
        return self._world.vehicle.name

    # -- life ----------------------------------------------------------------------------------------------------
    def gets_power(self) -> Stimulus:
        """KL30: the battery is connected, ignition off, everybody still outside the unit's attention."""
        world = self._world
        world.intends("KL30 on")
        began = world.now()
        for name, state in world.vehicle.initial.items():
            if name != "ignition":
                world.drive(name, state)
        world.ports.supply.set_voltage(NOMINAL_VOLTS)
        world.ports.supply.output(True)
        self._enter("off")
        world.wait(500 * MS)
        return world.did(Stimulus("KL30 on", began, world.now(), {"volts": NOMINAL_VOLTS}))

    def starts(self) -> Stimulus:
        """KL15 on, by the ignition; ``began`` is the instant of the wire."""
        return self._ignition("on")

    def stops(self) -> Stimulus:
        return self._ignition("off")

    def falls_asleep(self, patience: Ns = 120 * S) -> Stimulus:
        """Ignition off, doors closed, network management stops: the buses go quiet."""
        world = self._world
        began = world.now()
        self._ignition("off")
        world.intends("the car falls asleep")
        for bus in world.restbus.values():
            bus.silence()
        world.wait(patience)
        return world.did(Stimulus("the car falls asleep", began, world.now()))

    def turns_to(self, state: str) -> Stimulus:
        """The ignition to off, acc, on or crank."""
        return self._ignition(state)

    def falls_silent(self) -> Stimulus:
        """Every node beside the unit stops sending. Both instants are the last network-management frame."""
        world = self._world
        world.intends("the buses fall silent")
        for bus in world.restbus.values():
            bus.silence()
        world.wait(10 * MS)
        role = world.vehicle.roles.get("network.vehicle_awake")
        last = None
        if role is not None:
            last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now() + 1)
        at = world.now() if last is None else Stamp(last.t, last.early, last.late)
        return world.did(Stimulus("the buses fall silent", at, at))

    @contextmanager
    def loads_the_buses(self) -> Iterator[Lasting]:
        """While it lasts, every bus carries the load of NET-03."""
        with loaded(self._world, (self.limit("NET-03.bus_load").low or 0.0) / 100) as lasting:
            yield lasting

    def _ignition(self, state: str) -> Stimulus:
        with self._world.step(f"ignition {state}"):
            began = self._enter(state)
            return self._world.did(Stimulus(f"ignition {state}", began, self._world.now()))

    def _enter(self, ignition: str) -> Stamp:
        """Lines, rest-bus and the ignition signal of a mode, in the order a car switches them."""
        world = self._world
        mode = world.vehicle.mode_of(ignition)
        switched = world.now()
        for line in world.ports.io.lines():
            if line in ("KL15", "ACC"):
                switched = world.origins.note(world.ports.io.set(line, line in mode.lines), "io")
        for bus in world.restbus.values():
            for name in bus.messages:
                if not mode.sends(name):
                    bus.stop_message(name)
            bus.start([name for name in bus.messages if mode.sends(name)])
        since = world.clock.now()
        role = world.drive("ignition", ignition)
        if mode.sends(role.message.name):
            world.echo(role, ignition, since)
        return switched

    # -- what happens --------------------------------------------------------------------------------------------
    def happens(self, event: str, within: str = "") -> Stimulus:
        """A recipe of the car's data, step by step. ``began`` is the step it marks, ``ended`` its last step.

        ``within`` names a limit ("OUT-03.confirm_leave"): RigFault unless what the mark begins was over before.
        """
        world = self._world
        steps = world.vehicle.event(event)
        marked: Stamp | None = None
        first: Stamp | None = None
        over: Stamp | None = None
        what = ""
        last = world.now()
        with world.step(event.replace("_", " ")):
            for step in steps:
                if step.what == "wait":
                    world.wait(int(step.value))
                    continue
                since = world.clock.now()
                if step.what == "ignition":
                    last = self._enter(str(step.value))
                elif step.what in world.ports.io.lines():
                    last = world.origins.note(world.ports.io.set(step.what, step.value in ("on", True)), "io")
                else:
                    last = world.echo(world.drive(step.what, step.value), step.value, since)
                first = first or last
                if step.mark:
                    marked, what = last, step.what
                elif step.what == what:
                    over = over or last
            if first is None:
                raise HarnessError(f"the event {event} does nothing")
            if within:
                self._must_be_within(within, event, marked, over)
            return world.did(Stimulus(event, marked or first, last))

    def _must_be_within(self, limit: str, event: str, began: Stamp | None, over: Stamp | None) -> None:
        """RigFault when a unit that is as quick as ``limit`` lets it be might not have seen the end in time."""
        least = round((self.limit(limit).low or 0.0) * S)
        if began is None or over is None:
            raise HarnessError(f"the event {event} marks nothing that ends")
        if over.late - began.early >= least:
            took = f"{show_time(over.late - began.early)} from its mark on"
            raise RigFault(f"{event} took {took}: not within {limit}, at least {show_time(least)}")

    def shows(self, role: str, state: str | float) -> Stimulus:
        """Set one role and see it on the wire."""
        world = self._world
        world.intends(f"{role} {state}")
        since = world.clock.now()
        seen = world.echo(world.drive(role, state), state, since)
        return world.did(Stimulus(f"{role} {state}", seen, seen))

    def sounds_a_safety_chime(self) -> Stimulus:
        """What tells this car's units that a safety chime sounds. NotOffered where nothing does."""
        for role in SAFETY_CHIME:
            if self._world.vehicle.has(role):
                return self.shows(role, "active")
        raise NotOffered(f"nothing in {self.name} says that a safety chime sounds")

    def silences_the_safety_chime(self) -> Stimulus:
        """It is over: what told of it says so."""
        for role in SAFETY_CHIME:
            if self._world.vehicle.has(role):
                return self.shows(role, "none")
        raise NotOffered(f"nothing in {self.name} says that a safety chime is over")

    def is_(self, state: str) -> Stimulus:
        """Bring the car into a driving state: parked, idling (stands, not parked) or moving."""
        world = self._world
        began = world.now()
        with world.step(f"the car is {state}"):
            if state == "parked":
                self.shows("speed", 0)
                self.shows("gear", "P")
            else:
                self.shows("gear", "D")
                self.shows("speed", 30 if state == "moving" else 0)
            world.wait(DRIVING_SETTLES)
        return world.did(Stimulus(f"the car is {state}", began, world.now()))

    def drives_at(self, speed: float) -> Stimulus:
        """Drive off, reach ``speed`` km/h and keep it. The cabin is then as loud at the microphone as at that speed."""
        world = self._world
        with world.step(f"the car drives at {speed:g} km/h"):
            self.happens("drive_off")
            self.shows("speed", speed)
            return world.did(fills_with_noise(world, speed))

    def goes_on(self, duration: Ns) -> Stimulus:
        """Nothing happens for a while."""
        began = self._world.now()
        with self._world.step(f"nothing happens for {show_time(duration)}"):
            self._world.wait(duration)
        return Stimulus("nothing happens", began, self._world.now(), {"duration": duration})

    def shorts_the_buses(self, duration: Ns) -> Stimulus:
        """CAN high to CAN low by relay: every node that sends goes bus-off. Afterwards they have time to recover."""
        world = self._world
        if "bus_short" not in world.ports.io.lines():
            raise NotOffered("this rig has no line that shorts the buses")
        with world.step(f"the buses are shorted for {show_time(duration)}"):
            began = world.origins.note(world.ports.io.set("bus_short", True), "io")
            world.wait(duration)
            ended = world.ports.io.set("bus_short", False)
            world.wait(BUSES_RECOVER)
            buses_are_shorted(world, began, ended)
        return world.did(Stimulus("buses shorted", began, ended))

    def one_frame(self, role: str, state: str) -> Stimulus:
        """A single frame of a message that is otherwise not sent."""
        world = self._world
        where = world.vehicle.role(role)
        if where.event is not None:
            return press_event(world, where, SHORT, f"one frame of {role}", frames=1)
        if where.signal is None:
            raise HarnessError(f"{role} has no signal to set")
        world.intends(f"one frame of {role} {state}")
        since = world.clock.now()
        value = where.signal.to_physical(where.raw(state))
        world.restbus[where.bus].send_event(where.message.name, {where.signal.name: value}, 0)
        seen = world.echo(where, state, since)
        return world.did(Stimulus(f"one frame of {role} {state}", seen, seen))

    @contextmanager
    def corrupted(self, role: str, fault: str, frames: int | None = None) -> Iterator[Stimulus]:
        """While it lasts, the message that carries ``role`` has a fault of FAULTS, as its protection defines it; only
        ``frames`` frames of it, where given."""
        world = self._world
        where = world.vehicle.role(role)
        protection = world.vehicle.protection.get((where.bus, where.message.name))
        if protection is None:
            raise HarnessError(f"{where.place} has no protection that could be wrong")
        if fault not in FAULTS:
            raise HarnessError(f"no fault {fault!r}. {suggest(fault, FAULTS)}")
        began = world.now()
        disturbance = FAULTS[fault](protection.max_delta).lasting(frames)
        active = world.restbus[where.bus].disturb(where.message.name, disturbance)
        world.journal.write("note", world.clock.now(), text=f"{where.message.name}: {fault}")
        with world.step(fault.replace("_", " ")):
            # the first disturbed frame must be out before anything else happens
            if where.message.cycle:
                world.wait(2 * world.vehicle.period(role))
            yield world.did(Stimulus(f"{where.message.name}: {fault}", began, world.now()))
        active.end()

    def loses_presence(self, how: str) -> Stimulus:
        """The signals that say whether the driver is there become "missing" or "invalid"."""
        return presence_lost(self._world, how)

    def loses_power(self, duration: Ns) -> Stimulus:
        """KL30 of the unit is gone for ``duration`` ns."""
        return power_lost(self._world, duration)

    # -- its data ------------------------------------------------------------------------------------------------
    def limit(self, name: str) -> Limit:
        """ "BTN-02.long_press": the limit of a requirement as this car has it."""
        requirement, _, quantity = name.partition(".")
        limits = self._world.catalogue[requirement].limits
        if quantity not in limits:
            raise HarnessError(f"{requirement} sets no limit {quantity!r}. {suggest(quantity, limits)}")
        return limits[quantity]

    def limit_ns(self, name: str) -> Ns:
        """The upper side of a limit that is a time, in ns."""
        high = self.limit(name).high
        if high is None:
            raise HarnessError(f"{name} has no upper side")
        return round(high * S)

    def count(self, name: str) -> int:
        """The lower side of a limit that counts something (frames, depth)."""
        low = self.limit(name).low
        if low is None:
            raise HarnessError(f"{name} has no lower side")
        return int(low)

    def samples(self, requirement: str) -> int:
        """How many samples the requirement asks for at this rig's level."""
        return self._world.catalogue[requirement].sample_count(self._world.level)

    def needs(self, role: str) -> None:
        """NotOffered (NOT APPLICABLE) where this car lacks ``role``; for one of several cases of a scenario."""
        if not self._world.vehicle.has(role):
            raise NotOffered(f"{self._world.vehicle.name} has no {role}")

    def button_before(self, button: str) -> str:
        """The wheel button that the car's priority table puts right before ``button``. NotOffered without one."""
        return self._neighbour(button, -1, "before")

    def button_after(self, button: str) -> str:
        """The one right after it."""
        return self._neighbour(button, 1, "after")

    def _neighbour(self, button: str, step: int, where: str) -> str:
        order = self._world.vehicle.priority
        place = order.index(f"wheel.{button}") + step if f"wheel.{button}" in order else -1
        if not 0 <= place < len(order):
            raise NotOffered(f"{self._world.vehicle.name} has no button {where} {button} in its priority table")
        return order[place].removeprefix("wheel.")

    def front_after(self, presses: Presses) -> str:
        """What the car's table of gestures leaves in front after ``presses``, when nobody speaks and nothing waits."""
        gap = self.limit("BTN-03.double_press_gap").high or 0.0
        if self._world.vehicle.role("wheel.messaging").event is not None:
            gap = -1.0  # the wheel module says itself what was a double press: two short ones never are
        pairs = [(began.t, ended.t) for began, ended in presses.instants]
        return front_after(self._world.vehicle.gestures, pairs, round(gap * S))

    def just_inside(self, name: str, *, of: str) -> Ns:
        """The longest duration clearly below the limit's lower side: whole cycles of role ``of``, one to spare."""
        limit, cycle = self.limit(name), self._world.vehicle.period(of)
        low = limit.low if limit.low is not None else limit.high
        assert low is not None
        return (round(low * S) // cycle - 1) * cycle

    def just_outside(self, name: str, *, of: str) -> Ns:
        """The shortest duration that is clearly above the limit's upper side: whole cycles, one to spare."""
        limit, cycle = self.limit(name), self._world.vehicle.period(of)
        high = limit.high if limit.high is not None else limit.low
        assert high is not None
        return (-(-round(high * S) // cycle) + 1) * cycle
