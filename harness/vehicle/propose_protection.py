"""Which messages of a foreign database look protected: a counter and a checksum by name and width.

Theory. A receiver that checks them throws away every frame of a rest-bus that does not keep them, so a message that
carries a role must have its protection in the car's file. Names and widths say which signals they are; where an
attribute of the database names a data id it is taken over. The algorithm and a data id that is not sent cannot be seen
in a database: they stay open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.can.message import Message
from harness.vehicle.propose import is_checksum, is_counter
from harness.vehicle.propose_source import Source
from harness.vehicle.propose_words import met


@dataclass(frozen=True)
class Guarded:
    """A message with a counter, a checksum or both ("" where there is none). ``profile`` and ``data_id`` are None where
    nothing tells them; ``reason`` says what was seen."""

    bus: str
    message: Message
    counter: str
    checksum: str
    profile: str | None
    data_id: int | None
    reason: str

    @property
    def place(self) -> str:
        return f"{self.bus}/{self.message.name}"


def guarded(sources: Sequence[Source], numbers: Mapping[str, str] | None = None) -> dict[str, Guarded]:
    """By place ("bus/Message"): every message that looks protected. ``numbers``: by place, the signal that counts
    events and no frames."""
    found = {}
    not_counting = numbers or {}
    for source in sources:
        for message in source.database.messages.values():
            made = _guarded(
                source.bus,
                message,
                source.hints.get(message.name, {}),
                not_counting.get(f"{source.bus}/{message.name}"),
            )
            if made is not None:
                found[made.place] = made
    return found


def _guarded(bus: str, message: Message, hints: Mapping[str, str], event_number: str | None) -> Guarded | None:
    counters = [s for s in message.signals.values() if is_counter(s) and s.name != event_number]
    sums = [s for s in message.signals.values() if is_checksum(s)]
    if not sums and not (hints and counters):
        return None
    counter = min(counters, key=lambda s: (s.length != 4, s.start_bit), default=None)
    checksum = min(sums, key=lambda s: (met({"crc"}, s.name) is None, s.start_bit), default=None)
    seen = [f"{s.name} ({s.length} bits)" for s in (counter, checksum) if s is not None]
    seen += [f"{name} {value}" for name, value in hints.items()]
    number = next((int(v) for k, v in hints.items() if "id" in k.lower() and v.lstrip("-").isdigit()), None)
    profile = None
    if checksum is not None and met({"xor"}, checksum.name):
        profile = "XOR"
    elif checksum is not None and counter is not None and (checksum.length, counter.length) == (16, 8):
        profile = "E2E-P05"
    return Guarded(
        bus,
        message,
        counter.name if counter else "",
        checksum.name if checksum else "",
        profile,
        number if number is not None and number >= 0 else None,
        ", ".join(seen),
    )
