"""A car while it is being read: what is known so far, and all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harness.can.database import Message
from harness.foundation.config import Located, Where
from harness.foundation.errors import BadInput
from harness.vehicle.role import Role
from harness.vehicle.schema import VehicleModel
from harness.vehicle.vehicle import Bus


@dataclass(frozen=True)
class Draft:
    """``buses``, ``roles`` and ``figures`` fill up while the file is read; ``errors`` are told together."""

    folder: Path
    model: VehicleModel
    located: Located
    buses: dict[str, Bus] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    figures: dict[str, int | float | str] = field(default_factory=dict)
    errors: list[BadInput] = field(default_factory=list)

    def unit_sends(self, message: Message) -> bool:
        """Whether the head unit is among the senders of ``message``."""
        return not set(self.model.head_unit_nodes).isdisjoint(message.senders)

    def wrong(self, where: Where, problem: str, remedy: str) -> None:
        """Something is wrong at ``where`` in vehicle.yaml; reading goes on."""
        self.errors.append(self.located.error(where, problem, remedy))

    def refused(self, where: Where, why: ValueError) -> None:
        """As ``wrong``, from an error whose text is "problem. Remedy"."""
        problem, _, remedy = str(why).partition(". ")
        self.wrong(where, problem, remedy or "Correct it.")
