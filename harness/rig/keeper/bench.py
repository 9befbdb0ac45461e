"""One case's buses, lines and supply, as the keeper holds them: opened, attended, made safe, closed.

Theory. Two threads, each with a clock on the same zero. The buses and the rest-bus live in one, which never waits for
anything; relays and instruments, an exchange with which may take a second, in the other. What is heard goes to disk
(``trace``) and into batches for the test process; a batch leaves every ``BATCH`` and carries the watermarks, so silence
is told apart from deafness.
"""

from __future__ import annotations

import marshal
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from harness.can.port import Heard
from harness.can.restbus import RestBus
from harness.foundation.clock import Handle, WallClock
from harness.foundation.desk import Desk
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns, S
from harness.rig.addresses import fill
from harness.rig.drivers import Site, fit
from harness.rig.keeper.safe_state import Hands, Record, leave_safe
from harness.rig.keeper.targets import HANDLES, ON_THE_BUS
from harness.rig.keeper.trace import Trace
from harness.rig.lateness import only_reads
from harness.rig.load import RigFile
from harness.supply.port import Reading
from harness.vehicle.vehicle import Vehicle

BATCH: Ns = 5 * MS
SOON: Ns = 500_000
EAGER: Ns = 50 * MS
"""After the test process sent a frame, batches leave every ``SOON`` for so long."""
SAMPLE: Ns = 100 * MS
ASK_WITHIN_S = 30.0
"""An instrument may need its time-out several times over; the test process waits for it."""
MOST_BATCHES = 50_000
KEPT_ROOMS = frozenset({"can", "supply", "io"})
"""Rooms whose ports live in the keeper on every wall-clock rig."""


@dataclass(frozen=True)
class Asked:
    """What the test process wants opened. ``zero``: the monotonic counter at bench time 0."""

    zero: int
    seed: int
    folder: Path | None
    restbus_seeds: dict[str, int]


class Bench:
    """``stalls`` by port; ``batches`` holds what is to be sent, None at the end."""

    def __init__(self, file: RigFile, vehicle: Vehicle, addresses: Mapping[str, str], asked: Asked) -> None:
        """``addresses`` are the plant's. RigFault when a port cannot be opened; what was open is closed again."""
        self.asked = asked
        self.clock, self._slow_clock = (WallClock(file.model.lateness, zero=asked.zero) for _ in range(2))
        self.batches: SimpleQueue[bytes | None] = SimpleQueue()
        self.vehicle = vehicle
        self._file = file
        self._bus_desk, self._slow_desk = Desk(), Desk()
        self._targets: dict[str, Any] = {}
        self._number = 0
        self._heard: dict[str, list[Heard]] = {}
        self._readings: deque[Reading] = deque()
        self._fault = ""
        self._traces: list[Trace] = []
        self._stopped = threading.Event()
        self._eager_until: Ns = -1
        self._threads: list[threading.Thread] = []
        rng = random.Random(asked.seed)
        self._limits: list[float | None] = [None, None]
        try:
            for (room, name), (driver, settings) in file.ports.items():
                if room not in KEPT_ROOMS or (room == "can" and name not in vehicle.buses):
                    continue
                clock = self.clock if room == "can" else self._slow_clock
                given = fill(settings, addresses)
                try:
                    port = fit(driver)(Site(clock, vehicle, rng), name, given).port
                except (ImportError, OSError) as why:
                    raise RigFault(f"{file.path}: {room} {name} cannot be opened by {driver.where}: {why}") from why
                self._targets[f"can/{name}" if room == "can" else f"{room}/"] = port
                if room == "supply":
                    found = (given.get(key) for key in ("over_voltage", "over_current"))
                    self._limits = [float(v) if isinstance(v, int | float) else None for v in found]
            for name in vehicle.buses:
                self._attend(name)
        except BaseException:
            self._close_ports()
            raise
        self._start()

    def _attend(self, name: str) -> None:
        """Record a bus, and make its rest-bus."""
        port, folder = self._targets[f"can/{name}"], self.asked.folder
        self._heard[name] = []
        port.listen(self._heard[name].append)
        if folder is not None:
            self._traces.append(Trace(self.clock, port, name, folder / f"{name}.log"))
        self._targets[f"restbus/{name}"] = RestBus(
            self.clock,
            port,
            self.vehicle.buses[name].database,
            nodes_excluded=set(self.vehicle.head_unit_nodes),
            protections={m: p for (b, m), p in self.vehicle.protection.items() if b == name},
            random=random.Random(self.asked.restbus_seeds.get(name, 0)),
            schedules={m: pages for (b, m), pages in self.vehicle.schedules.items() if b == name},
        )

    def _start(self) -> None:
        for clock in (self.clock, self._slow_clock):
            clock.run_until(clock.now())  # opening took its time; nothing that waited for it is late
            clock.late.clear()
        self._next_batch: Handle = self.clock.at(self.clock.now(), self._batch, name="keeper batch delivery")
        self._slow_clock.at(self._slow_clock.now(), self._sample, name="keeper sampling delivery")
        for name, clock, desk in (
            ("buses", self.clock, self._bus_desk),
            ("instruments", self._slow_clock, self._slow_desk),
        ):
            work = partial(desk.work, clock, self._stopped.is_set)
            self._threads.append(threading.Thread(target=work, name=f"keeper {name}", daemon=True))
        for thread in self._threads:
            thread.start()

    # -- what the test process may know and ask --------------------------------------------------------------------
    def facts(self) -> dict[str, Any]:
        """What the ports on the other side need to know."""
        return {
            "messages": {name: self._targets[f"restbus/{name}"].messages for name in self.vehicle.buses},
            "lines": tuple(self._targets["io/"].lines()),
            "stall": {room: getattr(self._targets[f"{room}/"], "stall", 1 * S) + SAMPLE for room in ("supply", "io")},
            "recorded": self.asked.folder is not None,
            "uncertainty": {
                target: tuple(tuple(share) for share in getattr(port, "uncertainty", ()))
                for target, port in self._targets.items()
                if target.partition("/")[0] in ("can", "supply", "io")
            },
        }

    def ask(self, target: str, method: str, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Do it where it lives. Raises what it raises; RigFault when it takes longer than any instrument may."""
        desk = self._bus_desk if target.partition("/")[0] in ON_THE_BUS else self._slow_desk
        try:
            return desk.ask(lambda: self._do(target, method, args, options), ASK_WITHIN_S)
        except TimeoutError:
            raise RigFault(f"the rig's keeper: {target} {method} took longer than {ASK_WITHIN_S:g} s") from None

    def late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of what the keeper did to the unit too late."""
        return [entry for entry in (*self.clock.late, *self._slow_clock.late) if not only_reads(entry[2])]

    def raised(self) -> list[tuple[Ns, str]]:
        """(when, who and what) of exceptions while the keeper took frames."""
        ports = [self._targets[f"can/{name}"] for name in self.vehicle.buses]
        return [fault for port in ports for fault in port.raised]

    def _do(self, target: str, method: str, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        one = self._targets.get(target)
        if one is None:
            raise HarnessError(f"the keeper has no {target}")
        if method == "send":
            self._look_soon(one)
        found = getattr(one, method)
        result = found(*args, **options) if callable(found) else found
        kind = HANDLES.get(method)
        if kind is None:
            return result
        self._number += 1
        name = f"{kind}/{self._number}"
        self._targets[name] = result
        return name

    # -- news ------------------------------------------------------------------------------------------------------
    def _look_soon(self, port: Any) -> None:
        """A frame of the test process's own: an answer may follow, and shall not wait for the next batch."""
        if hasattr(port, "look_soon"):
            port.look_soon()
        now = self.clock.now()
        if now >= self._eager_until:
            self._next_batch.cancel()
            self._next_batch = self.clock.at(now + SOON, self._batch, name="keeper batch delivery")
        self._eager_until = now + EAGER

    def _batch(self) -> None:
        now = self.clock.now()
        step = SOON if now < self._eager_until else BATCH
        self._next_batch = self.clock.at((now // step + 1) * step, self._batch, name="keeper batch delivery")
        news: dict[str, Any] = {}
        for name, heard in self._heard.items():
            taken = heard[:]
            del heard[: len(taken)]
            rows = [(*h[:4], None if h[4] is None else tuple(h[4]), *h[5:]) for h in taken]
            news[f"can/{name}"] = (self._targets[f"can/{name}"].seen_to(), rows)
        seen = self._targets["supply/"].seen_to()  # before its readings: what came up to then is among them
        readings = [self._readings.popleft() for _ in range(len(self._readings))]
        read = [(r.volts, r.amperes, *r.stamp, r.volts_within, r.amperes_within) for r in readings]
        news["supply"] = (seen, read, self._fault)
        news["io"] = self._targets["io/"].seen_to()
        if self.batches.qsize() < MOST_BATCHES:  # else the other side has been stopped, and will be told by its gaps
            self.batches.put(marshal.dumps(news))

    def _sample(self) -> None:
        self._slow_clock.at(self._slow_clock.now() + SAMPLE, self._sample, name="keeper sampling delivery")
        try:
            reading = self._targets["supply/"].read()
        except RigFault as why:
            self._fault = str(why)
            return
        self._readings.append(reading)
        danger = self._danger(reading)
        if danger and not self._fault:
            self._targets["supply/"].output(False)
            self._fault = f"KL30 was cut at once: {danger}"
            record = Record(self.asked.folder)
            record.write(t=self.clock.now(), step="KL30 off at once", said=danger)
            record.close()

    def _danger(self, reading: Reading) -> str:
        """What no safe state may wait for: the only reasons to cut a running unit off."""
        volts, amperes = self._limits
        if volts is not None and reading.volts > volts:
            return f"{reading.volts:g} V at the terminals, over_voltage is {volts:g} V"
        if amperes is not None and reading.amperes > amperes:
            return f"{reading.amperes:g} A drawn, over_current is {amperes:g} A"
        return ""

    # -- the end ---------------------------------------------------------------------------------------------------
    def make_safe(self, why: str) -> None:
        """Do the rig's ``safe_state`` and write it down. Safe to call once; blocks until it is done."""
        slow: Callable[[Callable[[], Any]], Any] = partial(self._slow_desk.ask, within_s=ASK_WITHIN_S)
        supply, io = self._targets["supply/"], self._targets["io/"]
        hands = Hands(
            lines=tuple(io.lines()),
            line_off=lambda line: slow(lambda: io.set(line, False)),
            silence=lambda: self._bus_desk.ask(self._silence, ASK_WITHIN_S),
            amperes=lambda: float(slow(supply.read).amperes),
            supply_off=lambda: slow(lambda: supply.output(False)),
        )
        leave_safe(self.clock, self._file.model.safe_state, hands, why, self.asked.folder)

    def _silence(self) -> None:
        for name in self.vehicle.buses:
            self._targets[f"restbus/{name}"].silence()

    def close(self) -> list[str]:
        """End the threads and close every port, the last one first; what went wrong."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        for trace in self._traces:
            trace.close()
        faults = self._close_ports()
        self.batches.put(None)
        return faults

    def _close_ports(self) -> list[str]:
        faults = []
        ports: Sequence[tuple[str, Any]] = [
            (name, port) for name, port in self._targets.items() if name.partition("/")[0] in KEPT_ROOMS
        ]
        for name, port in reversed(ports):
            try:
                port.close()
            except Exception as why:  # noqa: BLE001 - all ports are closed, whatever one of them does
                faults.append(f"{name} did not close: {why!r}")
        self._targets.clear()
        return faults
