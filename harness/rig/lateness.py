"""Which late callbacks matter."""

from __future__ import annotations


def only_reads(callback: str) -> bool:
    """Whether a callback of that name takes over what a driver's thread has stamped already, or looks at an instrument:
    late, it falsifies nothing. What acts on the unit (rest-bus, cyclic frames, steps of a supply) does."""
    if callback.startswith("supply step"):
        return False
    return callback.endswith(" delivery") or callback.startswith(("console ", "screen ", "supply ", "relays "))
