"""What the bench needs of a programmable supply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns


class Point(NamedTuple):
    """A corner of a voltage profile: ``after`` ns from its start the voltage is ``volts``; linear in between."""

    after: Ns
    volts: float


class Reading(NamedTuple):
    """Volts and amperes at the terminals, and when; the truth is within ``volts_within`` and ``amperes_within``."""

    volts: float
    amperes: float
    stamp: Stamp
    volts_within: float = 0.0
    amperes_within: float = 0.0


class SupplyPort(Protocol):
    """A programmable supply on KL30. Volts and amperes, SI."""

    def set_voltage(self, volts: float) -> None: ...

    def output(self, on: bool) -> None: ...

    def profile(self, points: Sequence[Point], at: Ns | None = None) -> Stamp:
        """Follow ``points`` from ``at`` (default: now); the last voltage stays. Returns when it starts."""
        ...

    def read(self) -> Reading: ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
