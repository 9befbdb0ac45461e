"""Requests and answers of ISO 14229-1 as values; the codecs are udsoncan's.

What an answer cannot be read as raises nothing: the functions return None (or nothing), because an answer that makes no
sense is a finding about the unit and no fault of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

ALL_STATUS = 0xFF


class Snapshot(NamedTuple):
    """A trouble code's freeze frame: record number, and data by identifier."""

    code: int
    status: int
    record: int
    data: Mapping[int, bytes]


def session(kind: int) -> bytes:
    from udsoncan.services.DiagnosticSessionControl import DiagnosticSessionControl

    return bytes(DiagnosticSessionControl.make_request(kind).get_payload())


def read(*identifiers: int) -> bytes:
    return b"\x22" + b"".join(i.to_bytes(2, "big") for i in identifiers)


def write(identifier: int, data: bytes) -> bytes:
    return b"\x2e" + identifier.to_bytes(2, "big") + data


def still_here(*, quietly: bool = False) -> bytes:
    from udsoncan.services.TesterPresent import TesterPresent

    return bytes(TesterPresent.make_request().get_payload(suppress_positive_response=quietly))


def reset(kind: int) -> bytes:
    from udsoncan.services.ECUReset import ECUReset

    return bytes(ECUReset.make_request(kind).get_payload())


def clear_dtcs(group: int = 0xFFFFFF) -> bytes:
    from udsoncan.services.ClearDiagnosticInformation import ClearDiagnosticInformation

    return bytes(ClearDiagnosticInformation.make_request(group).get_payload())


def dtc_setting(on: bool) -> bytes:
    from udsoncan.services.ControlDTCSetting import ControlDTCSetting

    kind = ControlDTCSetting.SettingType.on if on else ControlDTCSetting.SettingType.off
    return bytes(ControlDTCSetting.make_request(kind).get_payload())


def request_seed(level: int) -> bytes:
    from udsoncan.services.SecurityAccess import SecurityAccess

    return bytes(SecurityAccess.make_request(level, SecurityAccess.Mode.RequestSeed).get_payload())


def send_key(level: int, key: bytes) -> bytes:
    from udsoncan.services.SecurityAccess import SecurityAccess

    return bytes(SecurityAccess.make_request(level, SecurityAccess.Mode.SendKey, key).get_payload())


def text(answer: bytes | None) -> str | None:
    """What an answer to ``read`` of one identifier says, without its padding; None where it is no printable text."""
    if answer is None or answer[:1] != b"\x62":
        return None
    said = answer[3:].rstrip(b"\x00 \xff")
    return said.decode("ascii") if said and said.isascii() and said.decode("ascii").isprintable() else None


def seed(answer: bytes | None) -> bytes | None:
    """The seed in an answer; all zero: already unlocked."""
    return answer[2:] if answer is not None and answer[:1] == b"\x67" and len(answer) > 2 else None


def read_dtcs(mask: int = ALL_STATUS) -> bytes:
    """reportDTCByStatusMask (0x19 02)."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation as Dtcs

    kind = Dtcs.Subfunction.reportDTCByStatusMask
    return bytes(Dtcs.make_request(kind, status_mask=mask).get_payload())


def supported_dtcs() -> bytes:
    """reportSupportedDTCs (0x19 0A): every code with its status."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation as Dtcs

    return bytes(Dtcs.make_request(Dtcs.Subfunction.reportSupportedDTCs).get_payload())


def dtcs(answer: bytes | None) -> dict[int, int] | None:
    """Code -> status byte of an answer to ``read_dtcs`` or ``supported_dtcs``; None when it is none."""
    from udsoncan.exceptions import InvalidResponseException
    from udsoncan.Response import Response
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation as Dtcs

    if answer is None or answer[:1] != b"\x59" or len(answer) < 3:
        return None
    response = Response.from_payload(answer)
    try:
        read = Dtcs.interpret_response(response, answer[1], ignore_all_zero_dtc=False)
    except InvalidResponseException:
        return None
    return {d.id: d.status.get_byte_as_int() for d in read.service_data.dtcs}


def read_snapshot(code: int, record: int = 0xFF) -> bytes:
    """reportDTCSnapshotRecordByDTCNumber (0x19 04)."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation as Dtcs

    kind = Dtcs.Subfunction.reportDTCSnapshotRecordByDTCNumber
    return bytes(Dtcs.make_request(kind, dtc=code, snapshot_record_number=record).get_payload())


def snapshots(answer: bytes | None, lengths: Mapping[int, int]) -> tuple[Snapshot, ...]:
    """The records of an answer to ``read_snapshot``. ``lengths``: bytes of each identifier, which the answer does not
    say itself (as read by 0x22)."""
    from udsoncan.exceptions import ConfigError, InvalidResponseException
    from udsoncan.Response import Response
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation as Dtcs

    if answer is None or answer[:2] != b"\x59\x04":
        return ()
    kind = Dtcs.Subfunction.reportDTCSnapshotRecordByDTCNumber
    config: dict[Any, Any] = {identifier: f"{length}s" for identifier, length in lengths.items()}
    try:
        read = Dtcs.interpret_response(Response.from_payload(answer), kind, didconfig=config,
                                       tolerate_zero_padding=False)  # fmt: skip
    except (InvalidResponseException, ConfigError):
        return ()
    found = []
    for dtc in read.service_data.dtcs:
        records: dict[int, dict[int, bytes]] = {}
        kept: list[Any] = list(dtc.snapshots)
        for one in kept:
            data = one.data[0] if isinstance(one.data, tuple) else one.data
            records.setdefault(one.record_number, {})[one.did] = bytes(data)
        found += [Snapshot(dtc.id, dtc.status.get_byte_as_int(), n, data) for n, data in records.items()]
    return tuple(found)
