"""What goes to the kernel's broadcast manager, against python-can's own packing of the same structures."""

from __future__ import annotations

import can
import pytest
from can.interfaces.socketcan import socketcan

from harness.can import bcm
from harness.can.port import Frame


@pytest.mark.parametrize(
    "frame",
    [
        Frame(0x123, b"\x01\x02\x03"),
        Frame(0x1ABCDE12, bytes(8), extended=True),
        Frame(0x7FF, bytes(range(64)), fd=True, brs=True),
        Frame(0x7FF, b"", fd=True),
    ],
)
def test_a_frame_is_packed_as_the_kernel_wants_it(frame: Frame) -> None:
    message = can.Message(
        arbitration_id=frame.id, data=frame.data, is_extended_id=frame.extended, is_fd=frame.fd,
        bitrate_switch=frame.brs,
    )
    theirs = bytearray(socketcan.build_can_frame(message))
    theirs[7] = 0  # len8_dlc, which python-can fills in for every frame
    assert bcm.pack(frame, frame.fd) == bytes(theirs)


def test_the_head_is_laid_out_as_in_c() -> None:
    ours = bcm._HEAD.pack(1, 3, 0, 0, 0, 2, 500_000, 77, 16)
    assert ours == socketcan.build_bcm_header(1, 3, 0, 0, 0, 2, 500_000, 77, 16)


@pytest.mark.parametrize(("count", "length"), [(1, 240), (4, 240), (15, 240), (16, 240), (14, 112), (30, 240), (7, 112),
                                               (64, 192), (100, 100), (255, 255), (256, 256)])  # fmt: skip
def test_a_sequence_is_laid_out_so_that_other_lengths_fit_later(count: int, length: int) -> None:
    installed = bcm.installed_length(count)
    assert installed % count == 0
    assert installed <= bcm.LONGEST
    assert installed == length


def test_what_the_kernel_cannot_keep_is_known_beforehand() -> None:
    classic, fd = Frame(1, b""), Frame(1, b"", fd=True)
    assert bcm.BcmCyclic.fits([classic] * 256)
    assert not bcm.BcmCyclic.fits([classic] * 257)
    assert not bcm.BcmCyclic.fits([classic, fd])
