"""The rest-bus that lives in the keeper, with the words of harness/can/restbus.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness.can.disturbance import Disturbance
from harness.can.signal import Raw, Value
from harness.foundation.units import Ns
from harness.rig.keeper.link import Link


class KeptRestBus:
    """``messages`` are the names of those that are ours, in the order of the database."""

    def __init__(self, link: Link, bus: str, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        self._link = link
        self._target = f"restbus/{bus}"

    def start(self, messages: Iterable[str] | None = None) -> None:
        self._link.call(self._target, "start", None if messages is None else tuple(messages))

    def stop_message(self, name: str) -> None:
        self._link.call(self._target, "stop_message", name)

    def silence(self) -> None:
        self._link.call(self._target, "silence")

    def running(self) -> tuple[str, ...]:
        return tuple(self._link.call(self._target, "running"))

    def set(self, message: str, values: Mapping[str, Value]) -> None:
        self._link.call(self._target, "set", message, dict(values))

    def pulse(self, message: str, values: Mapping[str, Value], back: Mapping[str, Value], hold: Ns) -> None:
        self._link.call(self._target, "pulse", message, dict(values), dict(back), hold)

    def reset(self, message: str) -> None:
        self._link.call(self._target, "reset", message)

    def send_event(
        self, message: str, values: Mapping[str, Value] | None = None, repetitions: int | None = None
    ) -> None:
        self._link.call(self._target, "send_event", message, dict(values or {}), repetitions)

    def value(self, message: str, signal: str) -> Raw:
        found: Raw = self._link.call(self._target, "value", message, signal)
        return found

    def disturb(self, message: str, disturbance: Disturbance) -> KeptActive:
        return KeptActive(self._link, self._link.call(self._target, "disturb", message, disturbance))


class KeptActive:
    """A disturbance at work in the keeper."""

    def __init__(self, link: Link, target: str) -> None:
        self._link = link
        self._target = target

    @property
    def frames(self) -> int:
        return int(self._link.call(self._target, "frames"))

    def end(self) -> None:
        self._link.call(self._target, "end")
