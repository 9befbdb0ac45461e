"""The plugs of the unit: what it is given to touch the world with, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.can.port import CanPort

if TYPE_CHECKING:
    from harness.audio.memory import MemoryAudio
    from harness.console.memory import FarConsole
    from harness.io.memory import FarIo
    from harness.network.memory import FarNetwork
    from harness.phone.memory import MemoryService
    from harness.screen.memory import FarScreen
    from harness.supply.memory import FarSupply

Aside = Callable[[Callable[[], Any]], Callable[[], Any]]
"""Has a long piece of work done; what it returns gives the result, or None while there is none yet. On a virtual clock
the work is done when the result is wanted: it takes no time. On a true clock a unit would stand still meanwhile, as no
real one does."""


@dataclass(frozen=True)
class Ends:
    """The unit's end of every cable, and somebody for long work. ``can`` is keyed by the car's bus names."""

    can: Mapping[str, CanPort]
    audio: MemoryAudio
    screen: FarScreen
    supply: FarSupply
    console: FarConsole
    io: FarIo
    network: FarNetwork
    service: MemoryService
    aside: Aside = lambda work: work
