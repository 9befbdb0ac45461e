"""The supply on KL30 that the keeper holds under its lease."""

from __future__ import annotations

from collections.abc import Sequence

from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import Share
from harness.foundation.units import Ns
from harness.rig.keeper.link import Link
from harness.supply.port import Point, Reading


class KeptSupply:
    """A SupplyPort. ``latest`` is the keeper's last reading, without an exchange with the instrument."""

    uncertainty: tuple[Share, ...] = ()
    """As the keeper's port declares it."""

    def __init__(self, link: Link, stall: Ns) -> None:
        self.stall = stall
        self._link = link
        self._seen: Ns = -1
        self._latest: Reading | None = None
        self._fault = ""
        self._closed = False

    def set_voltage(self, volts: float) -> None:
        self._open("set_voltage")
        self._link.call("supply/", "set_voltage", volts)

    def output(self, on: bool) -> None:
        self._open("output")
        self._link.call("supply/", "output", on)

    def profile(self, points: Sequence[Point], at: Ns | None = None) -> Stamp:
        self._open("profile")
        began: Stamp = self._link.call("supply/", "profile", tuple(points), at)
        return began

    def read(self) -> Reading:
        self._open("read")
        reading: Reading = self._link.call("supply/", "read")
        return reading

    def latest(self) -> Reading:
        """RigFault when the keeper could not read the supply, or found that it does not follow."""
        if self._fault:
            raise RigFault(self._fault)
        return self._latest or self.read()

    def seen_to(self) -> Ns:
        return self._seen

    def close(self) -> None:
        self._closed = True

    def take(self, news: tuple[Ns, list[tuple[float, float, Ns, Ns, Ns, float, float]], str]) -> None:
        """A batch of the keeper's stream: (watermark, readings, what is wrong)."""
        seen, readings, fault = news
        for volts, amperes, t, early, late, volts_within, amperes_within in readings:
            self._latest = Reading(volts, amperes, Stamp(t, early, late), volts_within, amperes_within)
        self._fault = fault or self._fault
        self._seen = max(self._seen, seen)

    def _open(self, what: str) -> None:
        if self._closed:
            raise HarnessError(f"{what}: the supply is closed")
