"""The live recording: listens to every port from the moment the bench opens, and answers what observations ask."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from harness.audio.port import RATE, Capture
from harness.audio.samples import index_at, instant
from harness.bench.people import account_of, role_of
from harness.bench.ports import Ports
from harness.can.port import Heard
from harness.console.port import Bytes
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import LATENESS, Share
from harness.foundation.units import MS, Ns, S
from harness.judging.uncertainty import BENCH
from harness.phone.port import AccountPort, CallEvent, Delivered, SessionEvent, Unread
from harness.phone.recorded import Answer
from harness.screen.port import Picture
from harness.supply.port import Reading

STALL: Ns = 1 * S
"""How long a source may lag behind the clock when its driver does not say."""
SUPPLY_EVERY: Ns = 100 * MS
SOURCES = ("can", "audio", "screen", "console", "supply", "io", "network", "account")
CALL_LINE = "call"
"""The line "call/contact" is what the contact hears in a call."""


def able(port: object, what: str) -> Any:
    """What a port can do beyond what all of its kind can. NotOffered where its driver cannot."""
    found = getattr(port, what, None)
    if found is None:
        raise NotOffered(f"this rig's {type(port).__name__} offers no {what.replace('_', ' ')}")
    return found


class _Bus:
    """Everything heard on one bus, and the data frames by identity: these are sorted when somebody asks, since most of
    what is heard is only kept."""

    def __init__(self) -> None:
        self.all: list[Heard] = []
        self._sorted = 0
        self._by_key: dict[tuple[int, bool], tuple[list[Ns], list[Heard]]] = {}

    def of(self, key: tuple[int, bool]) -> tuple[list[Ns], list[Heard]] | None:
        """(instants, frames) of one identity; None while it was never heard."""
        by_key = self._by_key
        for heard in self.all[self._sorted :]:
            frame = heard[4]
            if heard[3] == "data" and frame is not None:
                identity = (frame[0], frame[2])
                known = by_key.get(identity)
                if known is None:
                    known = by_key[identity] = ([], [])
                known[0].append(heard[0])
                known[1].append(heard)
        self._sorted = len(self.all)
        return by_key.get(key)


class Recorder:
    """Implements judging.recording.Recording over live ports."""

    def __init__(self, ports: Ports) -> None:
        self.vehicle = ports.vehicle
        self._ports = ports
        self.buses = {name: _Bus() for name in ports.can}
        self.console_log: list[Bytes] = []
        self.supply_log: list[Reading] = []
        self.answers: list[Answer] = []
        """What the apps on the phones said, as the bench notes it."""
        self._accounts: dict[str, AccountPort] = {}
        self._end: list[Callable[[], None]] = [
            port.listen(self.buses[name].all.append) for name, port in ports.can.items()
        ]
        self._end.append(ports.console.listen(self.console_log.append))
        self._closed = False
        self._sample()

    def account(self, name: str) -> AccountPort:
        if name not in self._accounts:
            self._accounts[name] = self._ports.service.account(account_of(name))
        return self._accounts[name]

    @property
    def accounts(self) -> dict[str, AccountPort]:
        return dict(self._accounts)

    def _source(self, source: str) -> object:
        kind, _, name = source.partition("/")
        if kind == "can":
            return self._ports.can[name]
        if kind == "role":
            return self._ports.can[self.vehicle.role(name).bus]
        if kind == "diagnostics":
            return self._ports.can[self.vehicle.diagnostics.bus]
        if kind == "account":
            return self.account(name)
        if kind == "phone":
            return self._ports.service
        return getattr(self._ports, kind)

    def seen_to(self, source: str) -> Ns:
        seen: Ns = self._source(source).seen_to()  # type: ignore[attr-defined]
        return seen

    def offers(self, source: str) -> bool:
        """False where this rig, by its own file, has no such witness, or this car does not say it on any bus."""
        kind, _, name = source.partition("/")
        if kind == "role" and name not in self.vehicle.roles:
            return False  # what a car does not say on its buses is no witness there
        return bool(getattr(self._source(source), "offered", True))

    def stalled(self, source: str) -> Ns:
        declared: Ns = getattr(self._source(source), "stall", STALL)
        return declared

    def uncertainty(self, source: str) -> Sequence[Share]:
        """What the bounds of this source's stamps consist of, by its driver's word; nothing where it has none."""
        kind, _, _ = source.partition("/")
        if kind == BENCH:
            return (Share(LATENESS, self._ports.lateness, "declared by the rig file: lateness"),)
        if kind not in SOURCES:
            return ()
        declared: Sequence[Share] = getattr(self._source(source), "uncertainty", ())
        return declared

    def frames(self, bus: str, key: tuple[int, bool], start: Ns, stop: Ns) -> Sequence[Heard]:
        known = self.buses[bus].of(key)
        if known is None:
            return ()
        times, heard = known
        return heard[bisect_left(times, start) : bisect_right(times, stop)]

    def last_frame(self, bus: str, key: tuple[int, bool], before: Ns) -> Heard | None:
        known = self.buses[bus].of(key)
        if known is None:
            return None
        position = bisect_left(known[0], before)
        return known[1][position - 1] if position else None

    def everything(self, bus: str, start: Ns, stop: Ns) -> Sequence[Heard]:
        known = self.buses[bus].all
        first = bisect_left(known, start, key=lambda heard: heard.t)
        return known[first : bisect_right(known, stop, key=lambda heard: heard.t)]

    def sound(self, line: str, start: Ns, stop: Ns) -> Capture:
        kind, _, who = line.partition("/")
        if kind != CALL_LINE:
            return self._ports.audio.heard(line, start, stop)
        samples, rate = able(self.account(who), "ear")(start, stop)
        if rate != RATE:
            raise HarnessError(f"{line} carries {rate} samples a second, not {RATE}")
        return Capture(line, samples, instant(index_at(start)), not samples.any())

    def pictures(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        # on a wall clock nothing is seen up to this very instant; what comes later is not there yet
        stop = min(stop, self._ports.screen.seen_to())
        return self._ports.screen.frames(start, stop) if stop >= start else ()

    def console(self, start: Ns, stop: Ns) -> Sequence[Bytes]:
        return [chunk for chunk in self.console_log if start <= chunk.stamp.t <= stop]

    def supply(self, start: Ns, stop: Ns) -> Sequence[Reading]:
        return [reading for reading in self.supply_log if start <= reading.stamp.t <= stop]

    def inbox(self, account: str, start: Ns, stop: Ns) -> Sequence[Delivered]:
        found = (m for m in self.account(account).inbox() if start <= m.stamp.t <= stop)
        return [replace(m, sender=role_of(m.sender)) for m in found]

    def sessions(self, account: str, start: Ns, stop: Ns) -> Sequence[SessionEvent]:
        return [e for e in self.account(account).sessions() if start <= e.stamp.t <= stop]

    def calls(self, account: str, start: Ns, stop: Ns) -> Sequence[CallEvent]:
        log = able(self.account(account), "calls")()
        return [e for e in log if start <= e.stamp.t <= stop]

    def unread(self, account: str, start: Ns, stop: Ns) -> Sequence[Unread]:
        log = [Unread(0, Stamp.exact(0)), *able(self.account(account), "unread_log")()]
        before = [e for e in log if e.stamp.t < start][-1:]
        return [*before, *(e for e in log if start <= e.stamp.t <= stop)]

    def close(self) -> None:
        self._closed = True
        for end in self._end:
            end()
        self._end.clear()

    def _sample(self) -> None:
        if self._closed:
            return
        # who holds the supply elsewhere reads it by himself; asking it would make this process wait
        supply = self._ports.supply
        reading = getattr(supply, "latest", supply.read)()
        if not self.supply_log or reading is not self.supply_log[-1]:
            self.supply_log.append(reading)
        clock = self._ports.clock
        clock.at(clock.now() + SUPPLY_EVERY, self._sample, name="supply sampling")
