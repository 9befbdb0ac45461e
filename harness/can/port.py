"""What the bench needs of a CAN bus, and the values that cross it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from harness.foundation.units import Ns


class Frame(NamedTuple):
    """A data frame as a node sends it. ``extended`` is part of the identity: 0x123 and 0x00000123x differ."""

    id: int
    data: bytes
    extended: bool = False
    fd: bool = False
    brs: bool = False

    @property
    def key(self) -> tuple[int, bool]:
        return (self.id, self.extended)


class Heard(NamedTuple):
    """One thing a node saw on the bus. ``t`` is the end of the frame; the truth lies in [early, late] (ns).

    ``kind`` is "data", "error" (an error frame; ``frame`` is the one destroyed, where known), "state" (bus state;
    ``detail`` is active, warning, passive or off) or "bad" (what arrived was no valid frame; ``detail`` says why).
    ``own`` marks the echo of a frame this node sent. """

    t: Ns
    early: Ns
    late: Ns
    kind: str
    frame: Frame | None
    own: bool = False
    detail: str = ""


Listener = Callable[[Heard], None]


class CyclicTask(Protocol):
    """A frame the port repeats by itself, from a sequence (counters and checksums precomputed). ``sent`` is how many
    of them are known to have been on the wire, by their echoes; after ``stop`` it is final once those have come."""

    @property
    def sent(self) -> int: ...

    def replace(self, frames: Sequence[Frame]) -> None:
        """Swap the sequence without losing the beat; the position continues modulo the new length."""
        ...

    def stop(self) -> None: ...


class CanPort(Protocol):
    """One channel. Reception never ends because of a bad frame or a raising listener: both are counted, and what a
    listener raised stands in ``raised``: (when, who and what), the first ones.

    A port of any kind may say in ``uncertainty`` (a tuple of harness/foundation/uncertainty.py's ``Share``) what the
    bounds of its stamps consist of; without it they are told as the stamps' own.

    A port whose attribute ``keeps_beat`` is true repeats a sequence better than its user could (the kernel's timer):
    the rest-bus then hands its beats over. """

    raised: list[tuple[Ns, str]]

    def send(self, frame: Frame) -> None:
        """Queue ``frame``. Its echo (``own``) tells when it was on the wire. RigFault when the bus cannot send."""
        ...

    def cyclic(self, frames: Sequence[Frame], period: Ns, first: Ns | None = None) -> CyclicTask:
        """Send ``frames`` in turn, one each ``period``, the first at ``first`` (default: now)."""
        ...

    def stop(self) -> None:
        """Stop every cyclic task of this port."""
        ...

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for all that is seen from now on, own echoes included; returns the way to end it."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
