"""ISO-TP (ISO 15765-2:2016) without I/O: bytes and instants in, frames and messages out.

Theory. One ``Transport`` is one end of one pair of addresses: at most one message is being sent and one received at a
time. Its owner gives it what arrived (``take``), tells it when a frame of its own has been on the bus (``confirm``) and
when ``due`` has come (``elapse``); it answers with Actions: frames to send, messages received, faults. So it runs on
any clock, in the unit and in the tester alike.

The rules that matter (clause 9):
- A first frame is answered by flow control: continue, wait (the sender waits again, at most ``most_waits`` times) or
  overflow (the message is longer than there is room: given up on both sides).
- After ``block_size`` consecutive frames the sender waits for the next flow control; 0 means no more of them. Between
  two consecutive frames lies at least STmin, counted from the confirmation of the earlier one.
- A consecutive frame with the wrong sequence number ends the reception; one that nobody waits for is ignored; a single
  or first frame in the middle of a reception ends that one and begins anew.
- N_As: a frame must leave in time. N_Bs: flow control must come in time. N_Cr: so must the next consecutive frame.
- A functional request is a single frame; nothing else is taken from a functional address.

The transport logic of can-isotp reads the wall clock in its timers, so it cannot be driven by ours; it is the oracle in
the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from harness.diag import isotp_frames as pci
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, S


@dataclass(frozen=True)
class Settings:
    """``tx_dl``: length of the frames sent (8, or up to 64 on CAN FD). ``block_size`` and ``stmin`` (the raw byte) are
    what this end asks the other for. ``longest``: the longest message taken. Times in ns (Table 21 of the standard
    gives 1000 ms for each)."""

    padding: int | None = 0xCC
    tx_dl: int = 8
    block_size: int = 0
    stmin: int = 0
    longest: int = 4095
    most_waits: int = 16
    n_as: Ns = S
    n_bs: Ns = S
    n_cr: Ns = S


class Send(NamedTuple):
    """Put these bytes into one frame."""

    data: bytes


class Message(NamedTuple):
    """A whole message has arrived."""

    payload: bytes
    functional: bool = False


class Begun(NamedTuple):
    """A first frame has arrived: a message of ``length`` is on its way."""

    length: int


class Sent(NamedTuple):
    """The message that was being sent is out."""


class Fault(NamedTuple):
    """A transfer has ended badly; ``what`` is the N_Result of the standard."""

    what: str
    sending: bool


Action = Send | Message | Begun | Sent | Fault


class Transport:
    """``due``: when ``elapse`` wants to be called, or None. ``busy``: a message is being sent."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget both transfers, as after a start."""
        self._rest = b""
        self._last = b""
        self._sending = ""  # "", "leaving" (the last frame, not confirmed), "first", "flow", "pause", "frame"
        self._sequence = 0
        self._left_in_block = 0
        self._unlimited = False
        self._gap: Ns = 0
        self._waits = 0
        self._tx_due: Ns | None = None
        self._got = bytearray()
        self._wanted = 0
        self._next = 0
        self._in_block = 0
        self._rx_dl = 0
        self._rx_due: Ns | None = None

    @property
    def busy(self) -> bool:
        return bool(self._sending)

    @property
    def receiving(self) -> bool:
        return self._wanted > 0

    @property
    def due(self) -> Ns | None:
        known = [t for t in (self._tx_due, self._rx_due) if t is not None]
        return min(known) if known else None

    # -- sending ----------------------------------------------------------------------------------------------

    def send(self, payload: bytes, now: Ns) -> list[Action]:
        """Begin to send. HarnessError while another message is under way, for an empty one and above 2^32 - 1."""
        if self._sending:
            raise HarnessError("a message is being sent already")
        if not 0 < len(payload) < 1 << 32:
            raise HarnessError(f"ISO-TP carries 1 to 4294967295 bytes, not {len(payload)}")
        if len(payload) <= pci.longest_single(self.settings.tx_dl):
            self._rest = b""
            return [self._out(pci.single(payload), now, "leaving")]
        frame, room = pci.first(len(payload), payload, self.settings.tx_dl)
        self._rest, self._sequence, self._waits = payload[room:], 1, 0
        return [self._out(frame, now, "first")]

    def confirm(self, data: bytes, now: Ns) -> list[Action]:
        """The frame ``data``, which was given out, has been on the bus. Flow control needs no confirmation."""
        if data != self._last:
            return []
        if self._sending == "leaving":
            self._end_sending()
            return [Sent()]
        if self._sending == "first":
            self._sending, self._tx_due = "flow", now + self.settings.n_bs
        elif self._sending == "frame":
            if not self._unlimited and self._left_in_block == 0:
                self._sending, self._tx_due = "flow", now + self.settings.n_bs
            else:
                self._sending, self._tx_due = "pause", now + self._gap
                if self._gap == 0:
                    return [self._consecutive(now)]
        return []

    def _out(self, data: bytes, now: Ns, state: str) -> Send:
        self._sending, self._tx_due = state, now + self.settings.n_as
        self._last = pci.padded(data, self.settings.padding, self.settings.tx_dl)
        return Send(self._last)

    def _consecutive(self, now: Ns) -> Send:
        room = self.settings.tx_dl - 1
        piece, self._rest = self._rest[:room], self._rest[room:]
        frame = pci.consecutive(self._sequence, piece)
        self._sequence = self._sequence + 1 & 0x0F
        self._left_in_block -= 1
        return self._out(frame, now, "frame" if self._rest else "leaving")

    def _end_sending(self) -> None:
        self._sending, self._rest, self._tx_due = "", b"", None

    def _flow(self, got: pci.FlowControl, now: Ns) -> list[Action]:
        # a driver may tell of it before it confirms the frame that it answers
        if self._sending not in ("flow", "first") and not (self._sending == "frame" and self._left_in_block == 0):
            return []
        if got.status == pci.CONTINUE:
            self._unlimited = got.block_size == 0
            self._left_in_block, self._gap, self._waits = got.block_size, pci.separation(got.stmin), 0
            return [self._consecutive(now)]
        if got.status == pci.WAIT:
            self._waits += 1
            if self._waits > self.settings.most_waits:
                return self._stop_sending("N_WFT_OVRN")
            self._sending, self._tx_due = "flow", now + self.settings.n_bs
            return []
        return self._stop_sending("N_BUFFER_OVFLW" if got.status == pci.OVERFLOW else "N_INVALID_FS")

    def _stop_sending(self, why: str) -> list[Action]:
        self._end_sending()
        return [Fault(why, True)]

    # -- receiving --------------------------------------------------------------------------------------------

    def take(self, data: bytes, now: Ns, functional: bool = False) -> list[Action]:
        """A frame has arrived from the other end (or from the functional address)."""
        got = pci.parse(data)
        if isinstance(got, pci.Single):
            if functional:
                return [Message(got.payload, True)]  # beside a physical reception, which it does not touch
            return [*self._interrupted(), Message(got.payload)]
        if functional or got is None:
            return []
        if isinstance(got, pci.First):
            return self._begin(got, len(data), now)
        if isinstance(got, pci.FlowControl):
            return self._flow(got, now)
        return self._go_on(got, now)

    def wait(self, now: Ns) -> list[Action]:
        """Ask the sender, once more, to wait: for an end that has no room yet. Nothing while nothing is received."""
        if not self._wanted:
            return []
        self._rx_due = now + self.settings.n_cr
        return [self._control(pci.WAIT)]

    def _begin(self, got: pci.First, length: int, now: Ns) -> list[Action]:
        before = self._interrupted()
        if got.length > self.settings.longest:
            return [*before, self._control(pci.OVERFLOW), Fault("N_BUFFER_OVFLW", False)]
        self._wanted, self._got, self._next = got.length, bytearray(got.payload), 1
        self._rx_dl = length
        return [*before, Begun(got.length), *self._continue(now)]

    def _continue(self, now: Ns) -> list[Action]:
        self._in_block, self._rx_due = self.settings.block_size, now + self.settings.n_cr
        return [self._control(pci.CONTINUE)]

    def _control(self, status: int) -> Send:
        data = pci.flow_control(status, self.settings.block_size, self.settings.stmin)
        return Send(pci.padded(data, self.settings.padding, self.settings.tx_dl))

    def _go_on(self, got: pci.Consecutive, now: Ns) -> list[Action]:
        if not self._wanted:
            return []
        left = self._wanted - len(self._got)
        if len(got.payload) < min(left, self._rx_dl - 1):
            return []  # shorter than the first frame has promised: no frame of this message (9.6.2.1)
        if got.sequence != self._next:
            return self._stop_receiving("N_WRONG_SN")
        self._got += got.payload[:left]
        self._next = self._next + 1 & 0x0F
        if len(self._got) >= self._wanted:
            whole = bytes(self._got)
            self._forget()
            return [Message(whole)]
        self._rx_due = now + self.settings.n_cr
        if self.settings.block_size:
            self._in_block -= 1
            if self._in_block == 0:
                return self._continue(now)
        return []

    def _interrupted(self) -> list[Action]:
        return self._stop_receiving("N_UNEXP_PDU") if self._wanted else []

    def _stop_receiving(self, why: str) -> list[Action]:
        self._forget()
        return [Fault(why, False)]

    def _forget(self) -> None:
        self._wanted, self._rx_due = 0, None
        self._got = bytearray()

    # -- time -------------------------------------------------------------------------------------------------

    def elapse(self, now: Ns) -> list[Action]:
        """Time has come to ``now``: what was due happens."""
        out: list[Action] = []
        if self._rx_due is not None and now >= self._rx_due:
            out += self._stop_receiving("N_TIMEOUT_CR")
        if self._tx_due is not None and now >= self._tx_due:
            if self._sending == "pause":
                out.append(self._consecutive(now))
            else:
                out += self._stop_sending("N_TIMEOUT_BS" if self._sending == "flow" else "N_TIMEOUT_A")
        return out
