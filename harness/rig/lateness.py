"""Which late callbacks matter."""

from __future__ import annotations

from harness.foundation.units import Ns, S
from harness.foundation.values import Check, Verdict

STOOD_STILL: Ns = 1 * S
"""The shortest time-out with which the unit itself waits for somebody else."""


def only_reads(callback: str) -> bool:
    """Whether a callback of that name takes over what a driver's thread has stamped already, looks at an instrument,
    hands a beat of random phase to the kernel, says once more what an event has said, or sets a value whose time is
    taken from its echo: late, it falsifies nothing. What else acts on the unit (beats, steps of a supply) does."""
    if callback.startswith("supply step"):
        return False
    looks = ("console ", "screen ", "supply ", "relays ")
    return callback.endswith((" delivery", " phase", " repetition", " set")) or callback.startswith(looks)


def explains(check: Check, behind: Ns) -> bool:
    """Whether a simulated unit whose computer was ``behind`` (ns) could have missed this limit for that alone: a time
    that is over by no more than that; anything else only when it stood still for longer than it waits for anybody."""
    if check.verdict is not Verdict.FAIL:
        return False
    if check.limit.unit != "s" or check.limit.high is None:
        return behind >= STOOD_STILL  # nobody does too early, or something else, because his computer is slow
    value = check.measurement.value
    if value is None:
        begin, end = check.measurement.window
        return end - begin <= behind
    return round((value.low - check.limit.high) * S) <= behind
