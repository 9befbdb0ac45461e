"""A device's own clock on the bench time line, with bounds.

Theory. The device is asked for its time between ``asked`` and ``answered``; so at device time d the bench had some
instant between them, and bench minus device lies in [asked - d, answered - d], plus what one digit of d is worth. Each
exchange gives such bounds; the truth is in all of them, widened by what two crystals may drift apart in between.
Exchanges that share no instant say that the device's clock was set (it does so itself, from the network): then only
the newer one counts. Pure; who asks is elsewhere.
"""

from __future__ import annotations

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns

DRIFT_PPM = 100
"""Crystals of phones and head units are within 20 to 50 ppm over temperature, each."""


class DeviceClock:
    """``stamp`` turns device time into bench time. ``steps`` counts how often the device's clock was set."""

    def __init__(self) -> None:
        self.steps = 0
        self._bounds: tuple[Ns, Ns] | None = None
        self._at: Ns = 0

    @property
    def known(self) -> bool:
        return self._bounds is not None

    def exchange(self, asked: Ns, device: Ns, answered: Ns, resolution: Ns = 1) -> None:
        """The device said ``device`` (ns, of its own epoch) between the bench instants ``asked`` and ``answered``."""
        low, high = asked - device - resolution, answered - device
        if self._bounds is not None:
            drift = _drift(answered - self._at)
            before = (self._bounds[0] - drift, self._bounds[1] + drift)
            if max(low, before[0]) <= min(high, before[1]):
                low, high = max(low, before[0]), min(high, before[1])
            else:
                self.steps += 1
        self._bounds, self._at = (low, high), answered

    def stamp(self, device: Ns, resolution: Ns, now: Ns) -> Stamp | None:
        """When it was ``device`` there (cut off to ``resolution`` ns), as known at bench instant ``now``; None before
        the first exchange."""
        if self._bounds is None:
            return None
        drift = _drift(max(abs(now - self._at), abs(self._at - (device + self._bounds[1]))))
        early, late = device + self._bounds[0] - drift, device + resolution + self._bounds[1] + drift
        return Stamp((early + late) // 2, early, late)


def _drift(span: Ns) -> Ns:
    return abs(span) * DRIFT_PPM // 1_000_000
