"""The uncertainty of a measurement: its bounds, what they consist of, and the guard band they make.

Theory. A time has two ends, each an instant of a source; what the bounds hold beyond those of the two ends is the
method's (the window of a level, the distance of two readings). Every other figure is the method's alone. The parts sum
up to the bounds. The guard band on a side of the limit is the bound on that side: so far inside a value has to lie to
be PASS (harness/judging/decision.py), and as far outside, by the other bound, to be FAIL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.foundation.stamps import Stamp, elapsed
from harness.foundation.uncertainty import (
    BOUNDS,
    METHOD,
    OF_THE_MEASURE,
    STATISTICAL,
    Part,
    Share,
    parts_of,
    tidy,
)
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation
from harness.judging.recording import Recording

STATISTICS = {
    ("snr", "snr"): STATISTICAL,
    ("gives_way", "duck_depth"): STATISTICAL,
    ("changed", "level_change"): STATISTICAL,
    ("bias", "bias"): STATISTICAL,
    ("drift", "drift"): "99.7 %",
}
"""(observation, quantity) of which a bound is a share of cases and no maximum: 1.96 or, of the drift, three standard
errors, or the like of them where the distribution is no normal one."""
BENCH = "bench"
_DUST = 5e-10

Shares = Callable[[str], Sequence[Share]]


class Origins:
    """Which source an instant was read from, and of what the bounds of that source's stamps consist."""

    def __init__(self, shares: Shares = lambda _source: ()) -> None:
        self.shares = shares
        self._sources: dict[Stamp, str] = {}

    def note(self, stamp: Stamp, source: str) -> Stamp:
        self._sources[stamp] = source
        return stamp

    def did(self, began: Stamp, ended: Stamp) -> None:
        """A stimulus ends where it began, unless something else was said of its end."""
        if began in self._sources:
            self._sources.setdefault(ended, self._sources[began])

    def __getitem__(self, stamp: Stamp) -> str:
        """ "bench" for an instant that was read nowhere: the call's own."""
        return self._sources.get(stamp, BENCH)


def uncertainty(
    observation: Observation, measurement: Measurement, limit: Limit, recording: Recording, origins: Origins
) -> dict[str, Any] | None:
    """As the journal has it; None where nothing was measured. docs/reference/uncertainty.md has the arithmetic."""
    value = measurement.value
    if value is None:
        return None
    minus, plus = tidy(value.value - value.low), tidy(value.high - value.value)
    if measurement.unit == "s":
        minus, plus = round(minus, 9), round(plus, 9)
    parts = _ends(observation, measurement, recording, origins) if measurement.unit == "s" else []
    parts = _within(parts, minus, plus)
    rest = (tidy(minus - sum(p.minus for p in parts)), tidy(plus - sum(p.plus for p in parts)))
    if not parts or any(side > _DUST for side in rest):
        source = source_of(observation, measurement, recording)
        parts.append(Part(METHOD, source, rest[0], rest[1], measurement.unit, OF_THE_MEASURE))
    return {
        "minus": minus,
        "plus": plus,
        "guard_band": guard_band(minus, plus, limit),
        "coverage": STATISTICS.get((observation.name, measurement.quantity), BOUNDS) if minus or plus else BOUNDS,
        "components": [part.to_json() for part in parts],
    }


def guard_band(minus: float, plus: float, limit: Limit) -> Mapping[str, float | None]:
    """How far inside each side of ``limit`` a value has to lie to be PASS; None for a side that it lacks."""
    return {"low": None if limit.low is None else minus, "high": None if limit.high is None else plus}


def source_of(observation: Observation, measurement: Measurement, recording: Recording) -> str:
    """The recording that was looked at: "can/body" of "role/wheel_button", "audio/amp.front_left" of "audio"."""
    kind, _, name = observation.source.partition("/")
    if kind == "role":
        return f"can/{recording.vehicle.role(name).bus}"
    if kind == "diagnostics":
        return f"can/{recording.vehicle.diagnostics.bus}"
    tracks = [str(ref.get("track", "")) for ref in measurement.refs]
    return next((track for track in tracks if track.startswith(f"{kind}/")), observation.source)


def _ends(observation: Observation, measurement: Measurement, recording: Recording, origins: Origins) -> list[Part]:
    """The two instants of a time: what it is counted from, and what was seen."""
    began, found, value = observation.anchor, observation.found, measurement.value
    if found is None or value is None or abs(elapsed(began, found).value - value.value) > _DUST:
        return []  # what was seen last is not where the time ends
    source = source_of(observation, measurement, recording)
    origins.note(found, source)
    cause = origins[began]
    return [
        *parts_of(began, cause, origins.shares(cause), begins=True),
        *parts_of(found, source, origins.shares(source), begins=False),
    ]


def _within(parts: Sequence[Part], minus: float, plus: float) -> list[Part]:
    """Parts that claim no more than the bounds hold: a time that cannot be negative has less below it."""
    fitted = []
    for part in parts:
        low, high = tidy(min(part.minus, max(minus, 0.0))), tidy(min(part.plus, max(plus, 0.0)))
        minus, plus = minus - low, plus - high
        fitted.append(part._replace(minus=low, plus=high))
    return fitted
