"""What can be made wrong with a cyclic message: values, and pure functions on data.

Three places in a frame's making can be disturbed: the signals before protection (value, offset, freeze), the counter
(frozen, repeated, skipped), and what leaves (wrong checksum, wrong length, late, or not at all). Each lasts for a
number of frames, for a time, or until it is ended. """

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.can.message import Message
from harness.can.protection import Protector
from harness.can.signal import Value
from harness.foundation.units import Ns


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One thing made wrong. Made by the functions below; ``for_frames`` and ``for_time`` (ns) bound it, whichever
    comes first; with neither it lasts until it is ended."""

    kind: str
    signal: str = ""
    amount: Value = 0
    for_frames: int | None = None
    for_time: Ns | None = None

    def lasting(self, frames: int | None = None, time: Ns | None = None) -> Disturbance:
        """The same for ``frames`` frames or ``time`` ns."""
        return replace(self, for_frames=frames, for_time=time)


def value(signal: str, to: Value) -> Disturbance:
    """The signal carries ``to`` (physical or label); protection is right."""
    return Disturbance("value", signal, to)


def offset(signal: str, by: int | float) -> Disturbance:
    """The signal carries its value plus ``by`` (physical); protection is right."""
    return Disturbance("offset", signal, by)


def freeze() -> Disturbance:
    """All signals keep what they carried when it began; counter and checksum go on."""
    return Disturbance("freeze")


def wrong_checksum() -> Disturbance:
    """Every bit of the checksum inverted."""
    return Disturbance("wrong_checksum")


def frozen_counter() -> Disturbance:
    """The counter stays at the last value sent; the checksum fits."""
    return Disturbance("frozen_counter")


def repeated_counter(times: int = 1) -> Disturbance:
    """Each counter value is sent ``times`` more times before the next one."""
    return Disturbance("repeated_counter", amount=times)


def skipped_counter(by: int = 1) -> Disturbance:
    """The counter leaves out ``by`` values before each frame."""
    return Disturbance("skipped_counter", amount=by)


def drop() -> Disturbance:
    """Frames get lost on their way: not sent, and the counter goes on."""
    return Disturbance("drop")


def delay(by: Ns) -> Disturbance:
    """Each frame leaves ``by`` ns late; the cycle does not move."""
    return Disturbance("delay", amount=by)


def wrong_dlc(length: int) -> Disturbance:
    """Frames of ``length`` bytes: cut, or filled with 0."""
    return Disturbance("wrong_dlc", amount=length)


def silence() -> Disturbance:
    """Nothing is sent, and the counter stands still."""
    return Disturbance("silence")


def problem_with(d: Disturbance, message: Message, protector: Protector | None) -> str:
    """Why this disturbance cannot be done to this message, or ""."""
    if d.kind in ("value", "offset") and d.signal not in message.signals:
        return f"{message.name} has no signal {d.signal!r}; signals: {', '.join(message.signals)}"
    if d.kind == "wrong_checksum" and (protector is None or not protector.protection.checksum):
        return f"{message.name} has no checksum that could be wrong"
    if d.kind.endswith("_counter") and (protector is None or not protector.protection.counter):
        return f"{message.name} has no counter that could be wrong"
    return ""


def disturb_payload(d: Disturbance, message: Message, data: bytes, frozen: bytes) -> bytes:
    """Data before protection. ``frozen`` is what it was when the disturbance began. ValueError out of range."""
    if d.kind == "value":
        return message.encode({d.signal: d.amount}, start=data)
    if d.kind == "offset":
        signal = message.signals[d.signal]
        physical = signal.to_physical(signal.read_raw(data))
        return message.encode({d.signal: physical + d.amount}, start=data)  # type: ignore[operator]
    return frozen if d.kind == "freeze" else data


def disturbed_counter(d: Disturbance, counter: int, last: int, done: int, modulus: int) -> int:
    """The counter of the next frame: ``counter`` undisturbed, ``last`` the one sent before (of ``modulus`` values),
    ``done`` frames so far under this disturbance."""
    if d.kind == "frozen_counter":
        return last
    if d.kind == "repeated_counter":
        return last if done % (int(d.amount) + 1) else counter
    if d.kind == "skipped_counter":
        return (counter + int(d.amount)) % modulus
    return counter


def disturb_frame(d: Disturbance, protector: Protector | None, data: bytes) -> bytes:
    """Data after protection."""
    if d.kind == "wrong_checksum" and protector is not None:
        return protector.spoil(data)
    if d.kind == "wrong_dlc":
        return data[:int(d.amount)].ljust(int(d.amount), b"\0")
    return data
