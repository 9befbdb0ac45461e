"""Cyclic frames sent by the kernel: SocketCAN's broadcast manager (linux/can/bcm.h).

Theory. The kernel repeats a sequence of frames from a timer of its own, so a busy test process cannot stretch the
cycle. Counters and checksums are precomputed into the sequence. Frames are exchanged by a TX_SETUP without any flag:
timer and position stay, only the contents change, so the beat and the counter go on. That works for a sequence of the
installed length. A longer one is refused by the kernel; a shorter one would be looped together with what is left of
the old. Hence each sequence is installed several times over, to a length that has many divisors, and a new one whose
length divides that fits without touching the timer. One that does not is installed anew on the next beat of the old
one: the cycle is kept as well as our own clock can, and ``rearmed`` counts it.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from math import lcm

from harness.can.port import Frame
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import US, Ns, S

LINGER: Ns = 1 * S
LONGEST = 256
"""Frames the kernel keeps for one task (MAX_NFRAMES)."""
_HEAD = struct.Struct("@3I4l2I0q")  # opcode flags count ival1 ival2 can_id nframes; frames are aligned to 8
_CLASSIC, _FD = struct.Struct("=IB3x8s"), struct.Struct("=IBB2x64s")
_TX_SETUP, _TX_DELETE = 1, 2
_SETTIMER, _STARTTIMER, _FD_FRAMES = 0x1, 0x2, 0x800
_EXTENDED, _BRS, _FDF = 0x8000_0000, 0x01, 0x04


def installed_length(count: int) -> int:
    """Over how many frames a sequence of ``count`` is laid out, so that other lengths fit later."""
    for wish in (240, 48, 16, 12, 4, 2):
        if lcm(count, wish) <= LONGEST:
            return lcm(count, wish)
    return count


def pack(frame: Frame, fd: bool) -> bytes:
    """``struct canfd_frame`` or ``struct can_frame``."""
    identifier = frame.id | (_EXTENDED if frame.extended else 0)
    if fd:
        return _FD.pack(identifier, len(frame.data), (_FDF if frame.fd else 0) | (_BRS if frame.brs else 0), frame.data)
    return _CLASSIC.pack(identifier, len(frame.data), frame.data)


class BcmCyclic:
    """A cyclic task in the kernel. ``fits`` says beforehand whether a sequence can be one."""

    def __init__(self, clock: Clock, channel: str, number: int, frames: Sequence[Frame], period: Ns, first: Ns) -> None:
        if not frames or period <= 0:
            raise HarnessError(f"cyclic sending needs frames and a period above 0, not {len(frames)} and {period} ns")
        self.rearmed = 0
        self.sent = 0
        self._clock = clock
        self._channel = channel
        self._number = number
        self._period = max(1, period // US) * US  # the kernel counts in microseconds
        self._frames = tuple(frames)
        self._installed = 0
        self._base = 0  # the place in our sequence of the kernel's first frame
        self._fd = False
        self._began: Ns | None = None
        self._heard = 0
        self.keys = {frames[0].key}
        self.on_new_key: Callable[[], None] = lambda: None
        self._over_at: Ns | None = None
        self._handle: Handle | None = None
        try:
            self._socket = socket.socket(socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_BCM)
            self._socket.connect((channel,))
        except OSError as why:
            raise RigFault(f"{channel}: the kernel's broadcast manager cannot be used: {why}; "
                           "load it with 'modprobe can-bcm'") from why  # fmt: skip
        self._plan(first, 0)

    @staticmethod
    def fits(frames: Sequence[Frame]) -> bool:
        """Whether the kernel can keep ``frames``: few enough, and all classic or all FD."""
        return len(frames) <= LONGEST and len({frame.fd for frame in frames}) == 1

    def owns(self, frame: Frame) -> bool:
        """Whether an echo of ``frame`` may be of this task."""
        return frame.key in self.keys and self._installed > 0 and not self.over()

    def over(self) -> bool:
        """Whether it was stopped so long ago that no echo of it is still to come."""
        return self._over_at is not None and self._clock.now() > self._over_at + LINGER

    def not_before(self) -> Ns | None:
        """Called for each echo in turn: before when it cannot have been sent. The kernel's timer is never early."""
        self.sent += 1
        if self._began is None:
            return None
        earliest = self._began + self._heard * self._period
        self._heard += 1
        return earliest if earliest <= self._clock.now() else None

    def replace(self, frames: Sequence[Frame]) -> None:
        """Swap the sequence; the beat and the position (modulo the new length) stay."""
        if not frames:
            raise HarnessError("a cyclic task needs at least one frame; stop() ends it")
        if not self.fits(frames):
            raise HarnessError(f"the kernel keeps up to {LONGEST} frames of one kind for a task, not {len(frames)}")
        if self._over_at is not None:
            return
        self._frames = tuple(frames)
        if frames[0].key not in self.keys:
            self.keys.add(frames[0].key)
            self.on_new_key()
        if self._began is None:
            return  # not sent yet: it starts with these
        if self._installed % len(frames) == 0 and frames[0].fd == self._fd:
            self._setup(0)
            return
        self.rearmed += 1
        beats = -((self._began - self._clock.now()) // self._period)  # the next one
        when, position = self._began + beats * self._period, self._base + beats
        self._delete()
        self._plan(when, position)

    def stop(self) -> None:
        """End it. Idempotent."""
        if self._over_at is not None:
            return
        self._over_at = self._clock.now()
        if self._handle is not None:
            self._handle.cancel()
        self._delete()
        self._socket.close()

    # -- the kernel -------------------------------------------------------------------------------------------

    def _plan(self, when: Ns, position: int) -> None:
        def start() -> None:
            self._handle = None
            self._base = position
            self._fd = self._frames[0].fd
            self._installed = installed_length(len(self._frames))
            self._began, self._heard = self._clock.now(), 0
            self._setup(_SETTIMER | _STARTTIMER)

        self._began = None
        if when <= self._clock.now():
            start()
        else:
            name = f"can {self._channel} 0x{self._frames[0].id:X} phase"
            self._handle = self._clock.at(when, start, name=name)

    def _setup(self, flags: int) -> None:
        turn = self._base % len(self._frames)
        frames = (self._frames[turn:] + self._frames[:turn]) * (self._installed // len(self._frames))
        head = self._head(_TX_SETUP, flags, len(frames))
        self._tell(head + b"".join(pack(frame, self._fd) for frame in frames))

    def _delete(self) -> None:
        if self._began is not None:
            self._began = None
            try:
                self._tell(self._head(_TX_DELETE, 0, 1))
            except RigFault:
                self._socket.close()  # the kernel drops the task with its socket

    def _head(self, opcode: int, flags: int, count: int) -> bytes:
        seconds, rest = divmod(self._period, S) if flags else (0, 0)
        flags |= _FD_FRAMES if self._fd else 0
        return _HEAD.pack(opcode, flags, 0, 0, 0, seconds, rest // 1000, self._number, count)

    def _tell(self, request: bytes) -> None:
        try:
            self._socket.send(request)
        except OSError as why:
            raise RigFault(f"{self._channel}: the kernel does not take the cyclic task: {why}; "
                           f"is the interface up ('ip link set {self._channel} up')?") from why  # fmt: skip


