"""A role of one car: which bits carry it, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from harness.can.database import Message, Signal
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError
from harness.vehicle.button_event import ButtonEvent

AWAKE, ASLEEP = "awake", "asleep"


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

    def in_(self, data: bytes) -> bool:
        """Whether these bytes hold the role at all: its message's length, and its page where it is multiplexed."""
        if self.signal is None or len(data) != self.message.length:
            return False
        mux = self.signal.mux
        while mux is not None:
            multiplexer = self.message.signals[mux[0]]
            if multiplexer.read_raw(data) not in mux[1]:
                return False
            mux = multiplexer.mux
        return True

    def read(self, data: bytes) -> str | float | None:
        """The state's name, else the physical number of a number role; None: a raw value nobody named, or not in
        ``data``."""
        if self.event is not None:
            return self.event.kind(data)
        if self.by_presence:
            return AWAKE if len(data) == self.message.length else None
        if self.signal is None or not self.in_(data):
            return None
        raw = self.signal.read_raw(data)
        state = self._states.get(raw)
        if state is not None or self.kind != "number":
            return state
        return float(self.signal.to_physical(raw))

    @property
    def by_presence(self) -> bool:
        """Whether its message's being sent says it all: a network-management PDU is a vote, whatever is in it."""
        return self.signal is None and bool(self.values)

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
