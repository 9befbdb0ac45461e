"""A button whose module decides by itself what a press was, and says so in an event message.

Theory. There is no level to look at and no cycle: when a switch was used, the module sends a frame with the code of
the switch, the kind of press, and the number of the event; the same frame again a few times, in case one is lost. The
number tells a repeat from a second press. Several buttons share the message, and the number with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.can.message import Message
from harness.can.signal import Raw, Signal

SHORT, LONG, DOUBLE, INVALID = "short", "long", "double", "invalid"
KINDS = (SHORT, LONG, DOUBLE, INVALID)
"""What a module can make of a press; ``invalid`` says that it does not know."""


@dataclass(frozen=True)
class ButtonEvent:
    """Which events of ``message`` are this button's. ``kinds``: kind -> raw; ``repeat``: frames of one event.

    ``sequence`` carries the number of the event; None where the module gives none.
    """

    message: Message
    code: int
    code_signal: Signal
    kind_signal: Signal
    kinds: Mapping[str, int]
    sequence: Signal | None
    repeat: int

    def kind(self, data: bytes) -> str | None:
        """The kind of press; None when the frame is another button's, or the kind is one nobody named."""
        if len(data) != self.message.length or self.code_signal.read_raw(data) != self.code:
            return None
        raw = self.kind_signal.read_raw(data)
        return next((kind for kind, known in self.kinds.items() if known == raw), None)

    def number(self, data: bytes) -> int | None:
        """The number of the event in ``data``; None where the module gives none, or the length is wrong."""
        if self.sequence is None or len(data) != self.message.length:
            return None
        return int(self.sequence.read_raw(data))

    @property
    def numbers(self) -> int:
        """How many numbers there are before they begin again; 1 where there are none."""
        return 1 if self.sequence is None else 1 << self.sequence.length

    def values(self, kind: str, number: int) -> dict[str, Raw]:
        """Physical values of the frame that says ``kind`` as event ``number``. KeyError for a kind the car lacks."""
        found = {
            self.code_signal.name: self.code_signal.to_physical(self.code),
            self.kind_signal.name: self.kind_signal.to_physical(self.kinds[kind]),
        }
        if self.sequence is not None:
            found[self.sequence.name] = self.sequence.to_physical(number)
        return found
