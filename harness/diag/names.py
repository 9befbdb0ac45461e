"""Numbers of ISO 14229-1 that both ends and the reports need, by the names the standard gives them.

Services: table 2 and clause 9 to 15. Negative response codes: annex A.1. DTC status bits: annex D.2. Sub-functions
carry "suppress the positive response" in bit 7 (8.2.2).
"""

from __future__ import annotations

SESSION_CONTROL, ECU_RESET, CLEAR_DTCS, READ_DTCS = 0x10, 0x11, 0x14, 0x19
READ_DATA, SECURITY_ACCESS, COMMUNICATION_CONTROL, WRITE_DATA = 0x22, 0x27, 0x28, 0x2E
TESTER_PRESENT, DTC_SETTING = 0x3E, 0x85
NEGATIVE, POSITIVE, SUPPRESS = 0x7F, 0x40, 0x80

SERVICES = {
    SESSION_CONTROL: "DiagnosticSessionControl",
    ECU_RESET: "ECUReset",
    CLEAR_DTCS: "ClearDiagnosticInformation",
    READ_DTCS: "ReadDTCInformation",
    READ_DATA: "ReadDataByIdentifier",
    SECURITY_ACCESS: "SecurityAccess",
    COMMUNICATION_CONTROL: "CommunicationControl",
    WRITE_DATA: "WriteDataByIdentifier",
    TESTER_PRESENT: "TesterPresent",
    DTC_SETTING: "ControlDTCSetting",
}

DEFAULT, PROGRAMMING, EXTENDED = 0x01, 0x02, 0x03
SESSIONS = {"default": DEFAULT, "programming": PROGRAMMING, "extended": EXTENDED}
HARD_RESET, KEY_OFF_ON_RESET, SOFT_RESET = 0x01, 0x02, 0x03

NOT_SUPPORTED = 0x11
NO_SUBFUNCTION = 0x12
WRONG_LENGTH = 0x13
RESPONSE_TOO_LONG = 0x14
BUSY = 0x21
CONDITIONS_NOT_CORRECT = 0x22
WRONG_SEQUENCE = 0x24
OUT_OF_RANGE = 0x31
ACCESS_DENIED = 0x33
INVALID_KEY = 0x35
TOO_MANY_ATTEMPTS = 0x36
DELAY_NOT_EXPIRED = 0x37
PENDING_RESPONSE = 0x78
NO_SUBFUNCTION_IN_SESSION = 0x7E
NOT_IN_SESSION = 0x7F

CODES = {
    0x10: "generalReject",
    NOT_SUPPORTED: "serviceNotSupported",
    NO_SUBFUNCTION: "sub-functionNotSupported",
    WRONG_LENGTH: "incorrectMessageLengthOrInvalidFormat",
    RESPONSE_TOO_LONG: "responseTooLong",
    BUSY: "busyRepeatRequest",
    CONDITIONS_NOT_CORRECT: "conditionsNotCorrect",
    WRONG_SEQUENCE: "requestSequenceError",
    OUT_OF_RANGE: "requestOutOfRange",
    ACCESS_DENIED: "securityAccessDenied",
    INVALID_KEY: "invalidKey",
    TOO_MANY_ATTEMPTS: "exceededNumberOfAttempts",
    DELAY_NOT_EXPIRED: "requiredTimeDelayNotExpired",
    0x72: "generalProgrammingFailure",
    PENDING_RESPONSE: "requestCorrectlyReceived-ResponsePending",
    NO_SUBFUNCTION_IN_SESSION: "sub-functionNotSupportedInActiveSession",
    NOT_IN_SESSION: "serviceNotSupportedInActiveSession",
}
QUIET_WHEN_FUNCTIONAL = frozenset(
    {NOT_SUPPORTED, NO_SUBFUNCTION, OUT_OF_RANGE, NO_SUBFUNCTION_IN_SESSION, NOT_IN_SESSION}
)
"""Refusals that a functional request does not get (8.7, tables 5 and 7)."""

FAILED, FAILED_THIS_CYCLE, PENDING, CONFIRMED = 0x01, 0x02, 0x04, 0x08
NOT_COMPLETED_SINCE_CLEAR, FAILED_SINCE_CLEAR, NOT_COMPLETED_THIS_CYCLE, WARNING = 0x10, 0x20, 0x40, 0x80
STATUS_BITS = {
    FAILED: "testFailed",
    FAILED_THIS_CYCLE: "testFailedThisOperationCycle",
    PENDING: "pendingDTC",
    CONFIRMED: "confirmedDTC",
    NOT_COMPLETED_SINCE_CLEAR: "testNotCompletedSinceLastClear",
    FAILED_SINCE_CLEAR: "testFailedSinceLastClear",
    NOT_COMPLETED_THIS_CYCLE: "testNotCompletedThisOperationCycle",
    WARNING: "warningIndicatorRequested",
}
ALL_DTCS = 0xFFFFFF
NETWORK_DTC = 0b11
"""The two highest bits of a code of the network (a "U" code; ISO 15031-6)."""


def status(bits: int) -> str:
    """The bits that are set, by name."""
    return " ".join(name for bit, name in STATUS_BITS.items() if bits & bit) or "none"


def answer(payload: bytes | None) -> str:
    """An answer as a report writes it: "62 F1 89 ...", "serviceNotSupported (0x11)", "no answer"."""
    if payload is None:
        return "no answer"
    if len(payload) == 3 and payload[0] == NEGATIVE:
        return f"{CODES.get(payload[2], 'reserved')} (0x{payload[2]:02X})"
    return payload[:16].hex(" ").upper() + (" ..." if len(payload) > 16 else "")


def is_network(code: int) -> bool:
    """Whether a trouble code is one of the network's (communication)."""
    return code >> 22 == NETWORK_DTC
