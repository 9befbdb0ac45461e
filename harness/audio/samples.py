"""Sample index and bench time, exactly.

Theory. Sample ``i`` of every line is taken at ``i * 62500/3`` ns (48 kHz), so two of three samples lie between two
nanoseconds. Arithmetic stays in integers: an index is rounded up to the first sample not before an instant, so that
adjoining half-open windows share no sample and miss none; an instant that falls between two nanoseconds is stamped
with both.
"""

from __future__ import annotations

from harness.audio.port import RATE
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S


def index_at(t: Ns) -> int:
    """Index of the first sample at or after ``t``."""
    return -(-t * RATE // S)


def instant(index: int) -> Stamp:
    """When sample ``index`` is taken: the nanosecond below as the estimate, the one above as the late bound."""
    whole, rest = divmod(index * S, RATE)
    return Stamp(whole, whole, whole + (1 if rest else 0))


def span(count: int) -> Ns:
    """How long ``count`` samples last, rounded up to whole nanoseconds."""
    return -(-count * S // RATE)
