"""The plugs of the unit: what it is given to touch the world with, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.can.port import CanPort

if TYPE_CHECKING:
    from harness.audio.memory import MemoryAudio
    from harness.console.memory import FarConsole
    from harness.io.memory import FarIo
    from harness.network.memory import FarNetwork
    from harness.phone.memory import MemoryService
    from harness.screen.memory import FarScreen
    from harness.supply.memory import FarSupply


@dataclass(frozen=True)
class Ends:
    """The unit's end of every cable. ``can`` is keyed by the car's bus names."""

    can: Mapping[str, CanPort]
    audio: MemoryAudio
    screen: FarScreen
    supply: FarSupply
    console: FarConsole
    io: FarIo
    network: FarNetwork
    service: MemoryService
