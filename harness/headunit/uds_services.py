"""The unit's services (ISO 14229-1): a table of who may ask what, and what each does.

A rule says in which sessions a service is there, which sub-functions it has and in which sessions, which security
level it needs. The order of refusals is the server's (diagnostics.py); what a handler returns is the answer without the
service, or a negative response code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.diag import names as uds
from harness.diag.names import DEFAULT, EXTENDED, PROGRAMMING
from harness.foundation.units import MS
from harness.headunit import dtc
from harness.headunit.uds_data import EVERY

if TYPE_CHECKING:
    from harness.headunit.diagnostics import Diagnostics

Handler = Callable[["Diagnostics", bytes], "bytes | int"]
NOT_DEFAULT = frozenset({PROGRAMMING, EXTENDED})
MOST_IDENTIFIERS = 8
GROUP_LENGTH = 3


@dataclass(frozen=True)
class Rule:
    """``functions``: sub-function -> sessions in which it is there; None for a service without sub-functions."""

    handler: Handler
    sessions: frozenset[int] = EVERY
    functions: Mapping[int, frozenset[int]] | None = None
    level: int = 0
    slow: bool = False
    """Takes longer than P2: answered by "response pending" first."""


def change_session(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) != 2:
        return uds.WRONG_LENGTH
    wanted = request[1] & 0x7F
    if wanted == PROGRAMMING and server.unit.states["driving"] != "PARKED":
        return uds.CONDITIONS_NOT_CORRECT
    figures = server.unit.figures
    times = (figures["p2_server"] // MS, figures["p2_star_server"] // (10 * MS))
    server.enter(wanted)
    return bytes((wanted,)) + b"".join(int(t).to_bytes(2) for t in times)


def reset(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) != 2:
        return uds.WRONG_LENGTH
    if server.unit.states["driving"] == "MOVING":
        return uds.CONDITIONS_NOT_CORRECT
    server.restart_after_answer()
    return bytes((request[1] & 0x7F,))


def tester_present(server: Diagnostics, request: bytes) -> bytes | int:
    return bytes((request[1] & 0x7F,)) if len(request) == 2 else uds.WRONG_LENGTH


def read_data(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) < 3 or len(request) % 2 == 0 or len(request) > 1 + 2 * MOST_IDENTIFIERS:
        return uds.WRONG_LENGTH
    out = b""
    for place in range(1, len(request), 2):
        identifier = request[place] << 8 | request[place + 1]
        access = server.data.access(identifier)
        if access is None or server.session not in access.read:
            continue
        if access.read_level not in (0, server.security.level):
            return uds.ACCESS_DENIED
        value = server.data.value(identifier)
        if value is not None:
            out += identifier.to_bytes(2) + value
    return out or uds.OUT_OF_RANGE


def write_data(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) < 4:
        return uds.WRONG_LENGTH
    identifier = request[1] << 8 | request[2]
    access = server.data.access(identifier)
    if access is None or server.session not in access.write:
        return uds.OUT_OF_RANGE
    if len(request) != 3 + access.length:
        return uds.WRONG_LENGTH
    if access.write_level not in (0, server.security.level):
        return uds.ACCESS_DENIED
    server.data.write(identifier, request[3:])
    return request[1:3]


def read_dtcs(server: Diagnostics, request: bytes) -> bytes | int:
    unit, sub = server.unit, request[1] & 0x7F
    if len(request) != {0x0A: 2, 0x04: 6}.get(sub, 3):
        return uds.WRONG_LENGTH
    codes = unit.vehicle.diagnostics.dtcs
    if sub == 0x04:
        return _snapshot(server, int.from_bytes(request[2:5]), request[5])
    found = [(code, dtc.status(unit, name)) for name, code in sorted(codes.items(), key=lambda d: d[1])]
    if sub != 0x0A:
        found = [(code, status) for code, status in found if status & request[2] & dtc.AVAILABLE]
    if sub == 0x01:
        return bytes((sub, dtc.AVAILABLE, 0x01)) + len(found).to_bytes(2)
    body = b"".join(code.to_bytes(3) + bytes((status,)) for code, status in found)
    return bytes((sub, dtc.AVAILABLE)) + body


def _snapshot(server: Diagnostics, code: int, record: int) -> bytes | int:
    """All records of a code: the one of when it failed first."""
    names = {number: name for name, number in server.unit.vehicle.diagnostics.dtcs.items()}
    name = names.get(code)
    if name is None or record != 0xFF:
        return uds.OUT_OF_RANGE
    stored = server.unit.flash.more["dtc_snapshots"].get(name)
    head = b"\x04" + code.to_bytes(3) + bytes((dtc.status(server.unit, name),))
    return head + (b"" if stored is None else b"\x01" + stored)


def clear_dtcs(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) != 1 + GROUP_LENGTH:
        return uds.WRONG_LENGTH
    group = int.from_bytes(request[1:])
    names = server.unit.vehicle.diagnostics.dtcs
    chosen = frozenset(name for name, code in names.items() if group in (uds.ALL_DTCS, code))
    if not chosen:
        return uds.OUT_OF_RANGE
    dtc.clear(server.unit, chosen)
    return b""


def set_dtcs(server: Diagnostics, request: bytes) -> bytes | int:
    if len(request) != 2:
        return uds.WRONG_LENGTH
    dtc.set_recording(server.unit, request[1] & 0x7F == 0x01)
    return bytes((request[1] & 0x7F,))


def security(server: Diagnostics, request: bytes) -> bytes | int:
    return server.security.access(server, request)


SERVICES: dict[int, Rule] = {
    uds.SESSION_CONTROL: Rule(
        change_session, functions={DEFAULT: EVERY, PROGRAMMING: NOT_DEFAULT, EXTENDED: frozenset({DEFAULT, EXTENDED})}
    ),
    uds.ECU_RESET: Rule(reset, functions={uds.HARD_RESET: EVERY, uds.SOFT_RESET: EVERY}),
    uds.CLEAR_DTCS: Rule(clear_dtcs, slow=True),
    uds.READ_DTCS: Rule(read_dtcs, functions=dict.fromkeys((0x01, 0x02, 0x04, 0x0A), EVERY)),
    uds.READ_DATA: Rule(read_data),
    uds.SECURITY_ACCESS: Rule(security, NOT_DEFAULT, {0x01: NOT_DEFAULT, 0x02: NOT_DEFAULT}),
    uds.WRITE_DATA: Rule(write_data),
    uds.TESTER_PRESENT: Rule(tester_present, functions={0x00: EVERY}),
    uds.DTC_SETTING: Rule(set_dtcs, NOT_DEFAULT, {0x01: NOT_DEFAULT, 0x02: NOT_DEFAULT}),
}
