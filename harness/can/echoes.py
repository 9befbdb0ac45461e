"""Which of the frames heard are our own.

Theory. Most interfaces mark the echo of a frame their user sent. SocketCAN marks whatever came from this machine,
other processes included, and UDP multicast marks nothing. So each frame sent is remembered until its echo comes;
where the mark says too little, a frame is ours when one with just these contents is awaited, or when a cyclic task in
the kernel has its identifier. An echo that does not come within ``PATIENCE`` is counted in ``missed``: it was lost,
or the bus did not take it. """

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from harness.can.bcm import BcmCyclic
from harness.can.port import Frame
from harness.foundation.units import Ns, S

PATIENCE: Ns = 2 * S
MARKED, LOCAL, NONE = "marked", "local", "none"
"""What a message's ``is_rx`` tells: our own echo; this machine's; nothing."""
MARKS = {"socketcan": LOCAL, "udp_multicast": NONE, "ixxat": NONE}


class Echoes:
    """``sent`` before a frame is handed over, ``take`` for each frame heard, both in the caller's thread."""

    def __init__(self, mark: str, tasks: Callable[[Frame], Iterable[BcmCyclic]]) -> None:
        """``tasks(frame)``: those in the kernel that may have sent it."""
        self.missed = 0
        self._mark = mark
        self._tasks = tasks
        self._awaited: dict[Frame, deque[Ns]] = {}

    def sent(self, frame: Frame, asked: Ns) -> None:
        self._awaited.setdefault(frame, deque()).append(asked)

    def withdraw(self, frame: Frame) -> None:
        """The last ``sent`` of ``frame`` failed."""
        waiting = self._awaited.get(frame)
        if waiting:
            waiting.pop()
            if not waiting:
                del self._awaited[frame]

    def take(self, frame: Frame, is_rx: bool) -> tuple[bool, Ns | None]:
        """(own, before when it cannot have been sent, where that is known)."""
        if is_rx and self._mark != NONE:
            return False, None
        waiting = self._awaited.get(frame)
        if waiting:
            asked = waiting.popleft()
            if not waiting:
                del self._awaited[frame]
            return True, asked
        for task in self._tasks(frame):
            if task.owns(frame):
                return True, task.not_before()
        return self._mark == MARKED, None

    def expire(self, heard_to: Ns) -> None:
        """Forget what was asked for more than ``PATIENCE`` before ``heard_to`` and never came back."""
        for frame in list(self._awaited):
            waiting = self._awaited[frame]
            while waiting and waiting[0] < heard_to - PATIENCE:
                waiting.popleft()
                self.missed += 1
            if not waiting:
                del self._awaited[frame]
