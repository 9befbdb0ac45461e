"""What a unit has to answer to requests that are wrong, physically and functionally (ISO 14229-1).

The table of DIA-02. A row is a request in the default session (or after ``before``), and what belongs to it: a negative
response code, 0 for a positive answer, None for silence. Functionally addressed, "not supported" of any kind is not
said (8.7, tables 5 to 7). Where the standard leaves a choice, all that it allows are listed.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.diag import names as uds

Codes = tuple[int | None, ...]
QUIET: Codes = (None,)
WITH_FUNCTIONS = frozenset(
    {uds.SESSION_CONTROL, uds.ECU_RESET, uds.READ_DTCS, uds.SECURITY_ACCESS, uds.TESTER_PRESENT, uds.DTC_SETTING}
)
"""Services whose positive answer says the sub-function that was asked for (8.2.2)."""


class Row(NamedTuple):
    """``physical`` and ``functional``: the answers the standard allows."""

    name: str
    request: bytes
    physical: Codes
    functional: Codes | None
    """None: not asked functionally (it does not fit into a single frame, or would lock out the unit)."""
    before: tuple[bytes, ...] = ()


def _row(name: str, request: str, physical: Codes, functional: Codes | None = QUIET, *before: str) -> Row:
    return Row(name, bytes.fromhex(request), physical, functional, tuple(bytes.fromhex(b) for b in before))


EXTENDED = "10 03"
NOT_SUPPORTED = (uds.NOT_SUPPORTED,)
LENGTH = (uds.WRONG_LENGTH,)
SUBFUNCTION = (uds.NO_SUBFUNCTION,)
IN_SESSION = (uds.NOT_IN_SESSION,)
RANGE = (uds.OUT_OF_RANGE,)

TABLE: tuple[Row, ...] = (
    # services that are none
    _row("a service nobody has", "BA 00", NOT_SUPPORTED),
    _row("a service of one byte that nobody has", "99", NOT_SUPPORTED),
    _row("an answer sent as a request", "62 F1 89 31", NOT_SUPPORTED),
    _row("a negative response sent as a request", "7F 22 31", NOT_SUPPORTED),
    # wrong lengths
    _row("read without identifier", "22", LENGTH, LENGTH),
    _row("read with half an identifier", "22 F1", LENGTH, LENGTH),
    _row("read with one and a half identifiers", "22 F1 89 F1", LENGTH, LENGTH),
    _row("session control without session", "10", LENGTH, LENGTH),
    _row("session control with a byte too many", "10 01 00", LENGTH, LENGTH),
    _row("tester present without sub-function", "3E", LENGTH, LENGTH),
    _row("tester present with a byte too many", "3E 00 00", LENGTH, LENGTH),
    _row("trouble codes without mask", "19 02", LENGTH, LENGTH),
    _row("the number of trouble codes without mask", "19 01", LENGTH, LENGTH),
    _row("all trouble codes with a byte too many", "19 0A FF", LENGTH, LENGTH),
    _row("a snapshot without record", "19 04 FF FF FF", LENGTH, LENGTH),
    _row("reset without kind", "11", LENGTH, LENGTH),
    _row("reset with a byte too many", "11 01 00", LENGTH, LENGTH),
    _row("clear without group", "14", LENGTH, LENGTH),
    _row("clear with a byte too few", "14 FF FF", LENGTH, LENGTH),
    _row("clear with a byte too many", "14 FF FF FF FF", LENGTH, LENGTH),
    # sub-functions and values that are none
    _row("a session nobody has", "10 7E", SUBFUNCTION),
    _row("a session nobody has, asked for silence", "10 FE", SUBFUNCTION),
    _row("tester present with another sub-function", "3E 07", SUBFUNCTION),
    _row("trouble codes with another sub-function", "19 77 FF", SUBFUNCTION),
    _row("an identifier nobody has", "22 00 01", RANGE),
    _row("clear of a group nobody has", "14 00 00 01", RANGE),
    _row("a reset nobody has", "11 7E", SUBFUNCTION),
    _row("a snapshot of a code nobody has", "19 04 00 00 01 FF", RANGE),
    # not in this session
    _row("security in the default session", "27 01", IN_SESSION),
    _row("recording of codes off in the default session", "85 02", IN_SESSION),
    _row("write in the default session", "2E F1 90 00", (uds.NOT_IN_SESSION, uds.OUT_OF_RANGE)),
    # wrong order
    _row("a key nobody asked for", "27 02 00 00 00 00", (uds.WRONG_SEQUENCE,), None, EXTENDED),
    _row("write without identifier", "2E", LENGTH, None, EXTENDED),
    _row("recording of codes off with a byte too many", "85 02 00", LENGTH + RANGE, None, EXTENDED),
    _row("recording of codes neither on nor off", "85 7E", SUBFUNCTION, None, EXTENDED),
    _row("recording of codes off", "85 02", (0,), None, EXTENDED),
    _row("recording of codes on", "85 01", (0,), None, EXTENDED),
    _row("a key for another level", "27 7D", SUBFUNCTION, None, EXTENDED),
    _row("a key of the wrong length", "27 02 00", LENGTH, None, EXTENDED, "27 01"),
    _row("write to an identifier nobody has", "2E 00 01 00", RANGE, None, EXTENDED),
    # asked for silence
    _row("tester present", "3E 00", (0,), (0,)),
    _row("tester present, asked for silence", "3E 80", QUIET),
    _row("session control, asked for silence", "10 81", QUIET),
)
AFTER_NONSENSE = _row("tester present after nonsense", "3E 00", (0,), None)
"""What has to be answered still when frames have come that no transport protocol knows."""


def told(request: bytes, answer: bytes | None) -> int | None:
    """What an answer is in terms of the table: None for silence, 0 for positive, the code of a refusal, -1 for
    nonsense."""
    if answer is None:
        return None
    if answer[:2] == bytes((uds.NEGATIVE, request[0])) and len(answer) == 3:
        return answer[2]
    echoed = request[1:2] if request[0] in WITH_FUNCTIONS else b""
    positive = bytes((request[0] + uds.POSITIVE & 0xFF, *(b & ~uds.SUPPRESS for b in echoed)))
    return 0 if answer[: len(positive)] == positive else -1


def named(codes: Codes) -> str:
    """ "serviceNotSupported (0x11)", "silence", "a positive answer"."""
    words = {None: "silence", 0: "a positive answer", -1: "nonsense"}
    return " or ".join(words.get(c) or uds.answer(bytes((uds.NEGATIVE, 0, c or 0))) for c in codes)
