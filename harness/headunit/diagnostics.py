"""Diagnostics: a small UDS server (ISO 14229-1) on ISO-TP (ISO 15765-2) over one pair of CAN ids.

Theory. Transport first: single frames, and segmented ones with flow control both ways; anything out of order ends the
transfer and is counted. Then the service table: read data by identifier, read and clear DTCs, tester present. What is
not in it gets "service not supported", and nothing at all when the request was functional.

Nothing of the user can be read: ``last_user`` tells whether somebody is logged in, and after a logout what the logout
has left behind, which is how a workshop checks that it left nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.can.port import Frame, Heard
from harness.foundation.units import MS, Ns, S
from harness.headunit.dtc import AVAILABLE
from harness.headunit.telegrams import SESSION

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

NEGATIVE = 0x7F
GENERAL_REJECT, NOT_SUPPORTED, NO_SUBFUNCTION, WRONG_LENGTH, OUT_OF_RANGE = 0x10, 0x11, 0x12, 0x13, 0x31
QUIET_WHEN_FUNCTIONAL = frozenset({NOT_SUPPORTED, NO_SUBFUNCTION, OUT_OF_RANGE})
FLOW_TIMEOUT: Ns = S
SESSIONS = ("none", "logged_out", "code_shown", "confirming", "active", "leaving")


class Diagnostics:
    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        data = unit.vehicle.diagnostics
        self._data = data
        self._fd = unit.vehicle.buses[data.bus].database.messages.get((data.response, data.response > 0x7FF))
        self._got = bytearray()
        self._wanted = self._next = 0
        self._rest = b""
        self._sequence = 0
        for key in (data.request, data.functional):
            functional = key == data.functional
            unit.intake.also(data.bus, (key, key > 0x7FF), self._taker(functional))

    def die(self) -> None:
        self._got.clear()
        self._wanted = 0
        self._rest = b""

    # -- transport ----------------------------------------------------------------------------------------------

    def _taker(self, functional: bool) -> Callable[[Heard], None]:
        def take(heard: Heard) -> None:
            frame = heard.frame
            if frame is not None and frame.data:
                self._frame(frame.data, functional)

        return take

    def _frame(self, data: bytes, functional: bool) -> None:
        kind, low = data[0] >> 4, data[0] & 0x0F
        if kind == 0 and 0 < low <= 7 and low < len(data):
            self._wanted = 0
            self._request(data[1 : 1 + low], functional)
        elif kind == 1 and not functional and len(data) == 8:
            self._wanted, self._got, self._next = low << 8 | data[1], bytearray(data[2:]), 1
            self._send(bytes((0x30, 0, 0)))
        elif kind == 2 and self._wanted and low == self._next:
            self._got += data[1:]
            self._next = (self._next + 1) & 0x0F
            if len(self._got) >= self._wanted:
                request, self._wanted = bytes(self._got[: self._wanted]), 0
                self._request(request, False)
        elif kind == 3 and self._rest:
            if low == 0:
                self._consecutive()
            elif low == 2:
                self._rest = b""
        else:
            self._wanted = 0
            self._unit.counted["isotp"] += 1

    def _send(self, payload: bytes) -> None:
        data = payload.ljust(8, bytes((self._data.padding,)))
        fd = self._fd is not None and self._fd.fd
        frame = Frame(self._data.response, data, self._data.response > 0x7FF, fd, fd)
        if self._unit.has_tap("can_out"):
            frame = self._unit.tapped("can_out", frame)
        if frame is not None:
            self._unit.telegrams.put(self._unit.ends.can[self._data.bus], frame)

    def _reply(self, payload: bytes) -> None:
        if len(payload) <= 7:
            self._send(bytes((len(payload),)) + payload)
            return
        self._send(bytes((0x10 | len(payload) >> 8, len(payload) & 0xFF)) + payload[:6])
        self._rest, self._sequence = payload[6:], 1
        self._unit.later("flow control", FLOW_TIMEOUT, lambda unit: unit.diagnostics.give_up())

    def give_up(self) -> None:
        """The tester never sent its flow control."""
        self._rest = b""

    def _consecutive(self) -> None:
        self._unit.stop("flow control")
        piece, self._rest = self._rest[:7], self._rest[7:]
        self._send(bytes((0x20 | self._sequence,)) + piece)
        self._sequence = (self._sequence + 1) & 0x0F
        if self._rest:
            self._unit.quietly("consecutive", self._unit.clock.now() + MS, self._consecutive)

    # -- services -----------------------------------------------------------------------------------------------

    def _request(self, request: bytes, functional: bool) -> None:
        unit = self._unit
        if not request:
            return
        after = unit.figures["p2_server"] // 2
        unit.later("uds", after, lambda u: u.diagnostics.answer(request, functional))

    def answer(self, request: bytes, functional: bool) -> None:
        """Work on one request and answer it, unless it asked for silence."""
        service = request[0]
        handler = {0x22: self._read, 0x19: self._dtcs, 0x14: self._clear, 0x3E: self._present}.get(service)
        payload = NOT_SUPPORTED if handler is None else handler(request)
        if isinstance(payload, int):
            if not (functional and payload in QUIET_WHEN_FUNCTIONAL):
                self._reply(bytes((NEGATIVE, service, payload)))
        elif payload:
            self._reply(bytes((service + 0x40,)) + payload)

    def _read(self, request: bytes) -> bytes | int:
        if len(request) < 3 or len(request) % 2 == 0:
            return WRONG_LENGTH
        out = b""
        for place in range(1, len(request), 2):
            identifier = request[place] << 8 | request[place + 1]
            value = self.value(identifier)
            if value is None:
                continue
            out += identifier.to_bytes(2, "big") + value
        return out or OUT_OF_RANGE

    def value(self, identifier: int) -> bytes | None:
        """What one identifier holds; None for one the unit does not have."""
        names = {number: name for name, number in self._data.dids.items()}
        name = names.get(identifier)
        if name is None:
            return None
        unit = self._unit
        figures = unit.figures
        session = SESSION.get(unit.states["session"], unit.states["session"])
        if name in ("software", "hardware", "serial", "part_number", "vin"):
            value = str(figures.get(name, "")).encode("ascii", "replace")
        elif name == "active_session":
            value = b"\x01"
        elif name == "login_state":
            value = bytes((SESSIONS.index(session),))
        elif name == "unread":
            value = bytes((min(254, sum(not m.played for m in unit.ram.user.messages)),))
        elif name == "supply":
            value = round(unit.volts() * 10).to_bytes(1, "big")
        elif name == "last_user":
            value = self._left_behind()
        else:
            value = b"\x4b"
        tapped: tuple[int, bytes] | None = unit.tapped("did", (identifier, value))
        return None if tapped is None else tapped[1]

    def _left_behind(self) -> bytes:
        """One byte: somebody is logged in; then whatever of a user is still there although nobody is."""
        unit = self._unit
        if unit.flash.session is not None:
            return b"\x01"
        user = unit.ram.user
        left = [*user.contacts, *(m.sender for m in user.messages), *(m.text for m in user.messages)]
        return b"\x00" + ",".join(left).encode()[:200]

    def _dtcs(self, request: bytes) -> bytes | int:
        if len(request) < 2:
            return WRONG_LENGTH
        sub = request[1] & 0x7F
        if sub not in (0x01, 0x02, 0x0A):
            return NO_SUBFUNCTION
        if len(request) != (2 if sub == 0x0A else 3):
            return WRONG_LENGTH
        mask = 0xFF if sub == 0x0A else request[2] & AVAILABLE
        stored = self._unit.flash.dtcs
        found = [(code, stored.get(name, 0)) for name, code in sorted(self._data.dtcs.items(), key=lambda d: d[1])]
        if sub != 0x0A:
            found = [(code, status) for code, status in found if status & mask]
        if sub == 0x01:
            return bytes((sub, AVAILABLE, 0x01)) + len(found).to_bytes(2, "big")
        body = b"".join(code.to_bytes(3, "big") + bytes((status,)) for code, status in found)
        return bytes((sub, AVAILABLE)) + body

    def _clear(self, request: bytes) -> bytes | int:
        if len(request) != 4:
            return WRONG_LENGTH
        group = int.from_bytes(request[1:], "big")
        names = {code: name for name, code in self._data.dtcs.items()}
        if group == 0xFFFFFF:
            self._unit.flash.dtcs.clear()
        elif group in names:
            self._unit.flash.dtcs.pop(names[group], None)
        else:
            return OUT_OF_RANGE
        self._reply(b"\x54")
        return b""

    def _present(self, request: bytes) -> bytes | int:
        if len(request) != 2:
            return WRONG_LENGTH
        if request[1] & 0x7F:
            return NO_SUBFUNCTION
        return b"" if request[1] & 0x80 else b"\x00"
