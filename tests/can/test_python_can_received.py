"""Error frames of SocketCAN, read by the meaning that linux/can/error.h gives them."""

from __future__ import annotations

import can
import pytest

from harness.can.candump import from_line, to_line
from harness.can.port import Frame, Heard
from harness.can.received import read_message


@pytest.mark.parametrize(
    ("classes", "data", "kind", "detail"),
    [
        (0x040, "0000000000000000", "state", "off"),
        (0x100, "0000000000000000", "state", "active"),
        (0x004, "0004000000000000", "state", "warning"),
        (0x004, "0008000000000000", "state", "warning"),
        (0x004, "0020000000000000", "state", "passive"),
        (0x004, "0010000000000000", "state", "passive"),
        (0x004, "0040000000000000", "state", "active"),
        (0x004, "0001000000000000", "error", "receive buffer overflow"),
        (0x088, "0000840000000000", "error", "bus error, stuff error, while sending"),
        (0x020, "0000000000000000", "error", "nobody acknowledges"),
        (0x002, "0C00000000000000", "error", "arbitration lost"),
        (0x200, "", "error", "class 0x200"),
    ],
)
def test_an_error_frame_says_what_it_means(classes: int, data: str, kind: str, detail: str) -> None:
    message = can.Message(arbitration_id=classes, is_extended_id=False, is_error_frame=True, data=bytes.fromhex(data))
    assert read_message(message, socketcan=True) == (kind, None, detail)


@pytest.mark.parametrize("state", ["active", "warning", "passive", "off"])
def test_what_a_recording_says_of_a_state_is_read_the_same_way(state: str) -> None:
    line = to_line(Heard(1, 1, 1, "state", None, False, state), "can0")
    identifier, data = line.split()[2].split("#")
    message = can.Message(
        arbitration_id=int(identifier, 16) & 0x7FF, is_extended_id=False, is_error_frame=True, data=bytes.fromhex(data)
    )
    received = read_message(message, socketcan=True)
    assert (received.kind, received.detail) == ("state", state) == (from_line(line)[1].kind, from_line(line)[1].detail)


def test_flags_of_data_frames_are_kept() -> None:
    message = can.Message(arbitration_id=5, is_extended_id=True, is_fd=True, bitrate_switch=True, data=bytes(12))
    assert read_message(message) == ("data", Frame(5, bytes(12), True, True, True), "")
