"""USB relay boards that are driven over a serial port.

Theory. A board's protocol is pure: a command for a channel, and, where the board can tell, a question for its state and
the meaning of the answer. Boards that answer are asked after each command and once a second: a board that lost its
supply or was plugged anew has its relays open without anybody having said so. Boards that do not answer are believed,
and the reference page says which these are.

A relay moves some ms after its command and bounces; ``settle`` is that time. The stamp of a switching spans from the
command's first byte to the contact at rest. At opening all lines are switched off, because a board without an answer
has no other known state. At closing the levels stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.io.port import LINES

if TYPE_CHECKING:
    from serial import SerialBase

LOOK_EVERY: Ns = 1 * S
BITS_PER_BYTE = 10


class RelayProtocol(NamedTuple):
    """``command(channel, on)`` to send; after it the board says ``reply`` last (None: nothing). ``ask(channel)`` is
    None where the board cannot tell; its answer ends with ``ends`` or has ``length`` bytes, and
    ``means(channel, answer)`` is the level, None for an answer that makes no sense."""

    name: str
    first: int
    last: int
    command: Callable[[int, bool], bytes]
    reply: bytes | None = None
    ask: Callable[[int], bytes] | None = None
    ends: bytes | None = None
    length: int = 0
    means: Callable[[int, bytes], bool | None] = lambda channel, answer: None


def _lcus(channel: int, on: bool) -> bytes:
    head = (0xA0, channel, int(on))
    return bytes((*head, sum(head) & 0xFF))


def _numato(verb: str, channel: int) -> bytes:
    # The boards of 16 and 32 relays count on with letters.
    return f"relay {verb} {'0123456789ABCDEFGHIJKLMNOPQRSTUV'[channel]}\r".encode("ascii")


def _numato_level(channel: int, answer: bytes) -> bool | None:
    words = answer.replace(b">", b" ").split()
    return {b"on": True, b"off": False}.get(words[-1]) if words else None


def _devantech_level(channel: int, answer: bytes) -> bool | None:
    return bool(answer[0] >> (channel - 1) & 1) if len(answer) == 1 else None


LCUS = RelayProtocol("lcus", 1, 16, _lcus)
"""LCUS-1 to LCUS-16 and their many copies (CH340, 9600 baud): A0, channel, 0 or 1, sum. No answer."""
NUMATO = RelayProtocol(
    "numato",
    0,
    31,
    lambda channel, on: _numato("on" if on else "off", channel),
    reply=b">",
    ask=lambda channel: _numato("read", channel),
    ends=b">",
    means=_numato_level,
)
"""Numato Lab USB relay modules: "relay on 0", "relay read 0", each echoed and ended with a prompt."""
DEVANTECH = RelayProtocol(
    "devantech",
    1,
    8,
    lambda channel, on: bytes([(100 if on else 110) + channel]),
    ask=lambda channel: b"\x5b",
    length=1,
    means=_devantech_level,
)
"""Devantech USB-RLY02, USB-RLY08, USB-RLY16: 101..108 on, 111..118 off, 91 asks for all levels as one byte."""
PROTOCOLS = {p.name: p for p in (LCUS, NUMATO, DEVANTECH)}


class RelayBoard:
    """An ``IoPort``. ``channels`` says which line hangs on which channel (as the board counts); ``inverted`` lines are
    wired to the contact that opens. RigFault when the board cannot be opened or does not answer as it should."""

    def __init__(
        self,
        clock: Clock,
        url: str,
        protocol: RelayProtocol,
        channels: Mapping[str, int],
        *,
        inverted: Collection[str] = (),
        baud: int = 9600,
        settle: Ns = 15 * MS,
        timeout: Ns = 500 * MS,
        stall: Ns = 2 * S,
    ) -> None:
        for line, channel in channels.items():
            if line not in LINES:
                raise HarnessError(f"no line {line!r}; there are: {', '.join(LINES)}")
            if not protocol.first <= channel <= protocol.last:
                raise HarnessError(f"{line}: {protocol.name} boards count from {protocol.first} to {protocol.last}")
        self.settle = settle
        self.stall = stall
        self.fault: RigFault | None = None
        self._fault_at: Ns = 0
        self._clock = clock
        self._url = url
        self._protocol = protocol
        self._channels = dict(channels)
        self._inverted = frozenset(inverted)
        self._byte_time = BITS_PER_BYTE * S // baud
        self._on: dict[str, bool] = {}
        self._closed = False
        self._handle: Handle | None = None
        self._port = _open(url, baud, timeout)
        for line in self._channels:
            self.set(line, False)
        if protocol.ask is not None:
            self._handle = clock.at(clock.now() + LOOK_EVERY, self._look, name=f"relays {url}")

    def set(self, line: str, on: bool) -> Stamp:
        """As ``IoPort.set``. HarnessError for a line this board does not have, RigFault when it does not switch."""
        if self._closed:
            raise HarnessError(f"set {line}: the relays are closed")
        if line not in self._channels:
            raise HarnessError(f"no line {line!r}; this board has: {', '.join(self._channels)}")
        channel = self._channels[line]
        command = self._protocol.command(channel, on != (line in self._inverted))
        early = self._clock.now()
        self._say(command)
        if self._protocol.reply is not None:
            self._hear(command, self._protocol.reply, 0)
        sent = self._clock.now()
        self._on[line] = on
        self._read_back(line)
        late = sent + len(command) * self._byte_time + self.settle
        return Stamp(sent, early, late)

    def lines(self) -> Sequence[str]:
        return tuple(self._channels)

    def seen_to(self) -> Ns:
        return self._clock.settled() if self.fault is None else self._fault_at

    def close(self) -> None:
        """The relays keep their levels; no more switching."""
        if not self._closed:
            self._closed = True
            if self._handle is not None:
                self._handle.cancel()
            self._port.close()

    def _look(self) -> None:
        for line in self._channels:
            self._read_back(line)
        self._handle = self._clock.at(self._clock.now() + LOOK_EVERY, self._look, name=f"relays {self._url}")

    def _read_back(self, line: str) -> None:
        ask = self._protocol.ask
        if ask is None:
            return
        channel = self._channels[line]
        question = ask(channel)
        self._say(question)
        answer = self._hear(question, self._protocol.ends, self._protocol.length)
        level = self._protocol.means(channel, answer)
        if level is None:
            raise self._wrong(f"{question!r} was answered {answer!r}")
        if level != (self._on[line] != (line in self._inverted)):
            raise self._wrong(f"the relay of {line} (channel {channel}) is not where it was switched to")

    def _say(self, data: bytes) -> None:
        try:
            self._port.reset_input_buffer()
            self._port.write(data)
        except Exception as why:
            raise self._wrong(f"{data!r} could not be sent: {why}") from why

    def _hear(self, command: bytes, ends: bytes | None, length: int) -> bytes:
        try:
            answer = bytes(self._port.read_until(ends) if ends is not None else self._port.read(length))
        except Exception as why:
            raise self._wrong(f"no answer to {command!r}: {why}") from why
        if not answer.endswith(ends) if ends is not None else len(answer) < length:
            raise self._wrong(f"no whole answer to {command!r}, only {answer!r}")
        return answer

    def _wrong(self, what: str) -> RigFault:
        fault = RigFault(
            f"relays {self._url}: {what}. Check that it is a {self._protocol.name} board, its cable, and that nobody "
            f"else has the port open."
        )
        if self.fault is None:
            self.fault, self._fault_at = fault, self._clock.settled()
        return fault


def _open(url: str, baud: int, timeout: Ns) -> SerialBase:
    import serial

    try:
        return serial.serial_for_url(url, baudrate=baud, timeout=timeout / S, write_timeout=timeout / S)
    except (serial.SerialException, OSError, ValueError) as why:
        raise RigFault(
            f"relays {url} cannot be opened: {why}. Check the name of the port ('python -m serial.tools.list_ports') "
            f"and the rights on it (group dialout on Linux)."
        ) from why
