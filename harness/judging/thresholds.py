"""At which supply voltage the unit begins to behave otherwise, out of what was recorded while voltages were tried.

Theory. A trouble code tells where the unit's range ends (undervoltage, overvoltage); the current tells from where on it
runs at all. Voltages are tried by halving, and the search is walked again here: at each voltage that it comes to, the
supply's own reading and the unit's answer of that time decide which way it goes on. What was measured is the interval
between the last voltage without and the first with it, as the supply read them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from harness.diag.names import FAILED
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.trouble_codes import told
from harness.supply.port import Reading

LARGEST = 60.0
"""Volts that no unit of a 12 V car is supplied with."""
STEPS = 4
RUNNING = 0.05
"""Amperes from which a unit with ignition is running: more than any sleep, less than any screen."""
READ_WITHIN: Ns = 2 * S
"""No reading that is older says what the supply gave."""
LOW, OFF = "voltage_low", "voltage_off"


class Tried(NamedTuple):
    """``volts`` were set; at ``settled`` (ns) the unit had had its time, by ``asked`` it had answered."""

    volts: float
    settled: Ns
    asked: Ns


def halve(low: float, high: float, reached: Callable[[float], bool]) -> tuple[float, float]:
    """(last voltage at which it is not reached, first at which it is). Where the ends agree it lies beyond one of them,
    which is outside every limit: from 0 V, or to ``LARGEST``."""
    if reached(low):
        return 0.0, low
    if not reached(high):
        return high, LARGEST
    for _ in range(STEPS):
        middle = round((low + high) / 2, 3)
        low, high = (low, middle) if reached(middle) else (middle, high)
    return low, high


def reached(recording: Recording, quantity: str, code: int | None, tried: Tried) -> bool:
    """Whether the unit was beyond the threshold, coming from below: running, out of undervoltage, or in overvoltage.
    ``code`` is the trouble code that says so; None where the current does. HarnessError where nothing was recorded."""
    if code is None:
        return reading(recording, tried).amperes > RUNNING
    answers = told(recording, tried.settled, tried.asked)
    if not answers:
        raise HarnessError(f"no trouble codes were told from {show_time(tried.settled)} to {show_time(tried.asked)}")
    failed = bool(answers[-1].status.get(code, 0) & FAILED)
    return failed is not (quantity == LOW)


def reading(recording: Recording, tried: Tried) -> Reading:
    """What the supply read at last when the unit had had its time. HarnessError where nothing was recorded."""
    readings = recording.supply(tried.settled - READ_WITHIN, tried.settled)
    if not readings:
        raise HarnessError(f"the supply was not read in the {show_time(READ_WITHIN)} up to {show_time(tried.settled)}")
    return readings[-1]


def threshold(
    quantity: str, code: int | None, low: float, high: float, tries: Sequence[Tried], at: Stamp
) -> Observation:
    """Volts, looked for from ``low`` to ``high`` by ``tries``."""
    by = {tried.volts: tried for tried in tries}
    last = max(tried.asked for tried in tries)

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if min(recording.seen_to("supply"), recording.seen_to("diagnostics")) < last:
            return Undecided(last)

        def was(volts: float) -> bool:
            if volts not in by:
                raise HarnessError(f"the search for {quantity} leads to {volts:g} V, which was never tried")
            return reached(recording, quantity, code, by[volts])

        ends = halve(low, high, was)
        read = [reading(recording, by[volts]) if volts in by else None for volts in ends]
        # the lower one at the least, the higher one at the most; what was not set stays
        below = ends[0] if read[0] is None else round(read[0].volts - read[0].volts_within, 6)
        above = ends[1] if read[1] is None else round(read[1].volts + read[1].volts_within, 6)
        said, value = f"otherwise at {below:.2f} V than at {above:.2f} V", (below + above) / 2
        if not below or above == LARGEST:  # how far beyond, nobody has looked
            value = below or above
            said = f"{'already' if not below else 'not yet'} at {value:.2f} V"
        return Measurement(quantity, "V", Interval(value, below, above), said, (), (tries[0].settled, last))

    arguments = {
        "of": quantity,
        "code": code,
        "low": low,
        "high": high,
        "tries": [list(t) for t in tries],
        "at": list(at),
    }
    return Observation("threshold", arguments, quantity, "supply", at, look, quantity)
