"""A person who, by the rig's own file, has no phone here: nothing of him is offered, and judging says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from harness.foundation.clock import Clock
from harness.foundation.errors import NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.phone.port import Delivered, Scan, SessionEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Absent:
    """A ``PhonePort`` and ``AccountPort`` of nobody. ``offered`` False: there is no such witness."""

    offered = False

    def __init__(self, clock: Clock, name: str, role: str) -> None:
        self.name = name
        self._clock = clock
        self._role = role

    def scan(self, code: str) -> Scan:
        self._missing()

    def confirm(self) -> Scan:
        self._missing()

    def refuse(self) -> Scan:
        self._missing()

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        self._missing()

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        self._missing()

    def inbox(self) -> Sequence[Delivered]:
        self._missing()

    def sessions(self) -> Sequence[SessionEvent]:
        self._missing()

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        pass

    def _missing(self) -> NoReturn:
        raise NotOffered(f"this rig has no phone for the role {self._role!r}. Add one to 'accounts' in the rig file.")
