"""A role of one car: which bits carry it, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.can.database import Message, Signal
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError


@dataclass(frozen=True)
class ButtonEvent:
    """A button whose module decides: ``code`` in ``code_signal`` of an event message, the kind of press beside it."""

    code: int
    code_signal: str
    kind_signal: str
    kinds: Mapping[str, int]
    sequence: str | None
    repeat: int


@dataclass(frozen=True)
class Role:
    """``values``: state name -> raw. ``unit`` is "" for what is no number. ``via``: can, ladder or lin."""

    name: str
    kind: str
    bus: str
    message: Message
    signal: Signal | None
    values: dict[str, int]
    unit: str
    via: str = "can"
    event: ButtonEvent | None = None

    @property
    def place(self) -> str:
        """ "body/BCM_Seats.DrvOccupied" """
        return f"{self.bus}/{self.message.name}" + (f".{self.signal.name}" if self.signal else "")

    def read(self, data: bytes) -> str | float | None:
        """The state's name, else the physical number of a number role; None: a raw value nobody named, or no data."""
        if self.signal is None or len(data) != self.message.length:
            return None
        raw = self.signal.read_raw(data)
        state = self._states.get(raw)
        if state is not None or self.kind != "number":
            return state
        return float(self.signal.to_physical(raw))

    @cached_property
    def _states(self) -> dict[int | float, str]:
        return {raw: state for state, raw in self.values.items()}

    def raw(self, state: str | float) -> int:
        """Raw value of a state's name or of a physical number. HarnessError names what there is."""
        if self.signal is None:
            raise HarnessError(f"the role {self.name} is the message {self.place}; it has no states")
        if isinstance(state, str):
            if state not in self.values:
                raise HarnessError(f"the role {self.name} has no state {state!r}. {suggest(state, self.values)}")
            return self.values[state]
        if self.kind != "number":
            raise HarnessError(f"the role {self.name} has states, not numbers. {suggest(str(state), self.values)}")
        try:
            return int(self.signal.to_raw(state))
        except ValueError as why:
            raise HarnessError(f"the role {self.name}: {why}") from None
