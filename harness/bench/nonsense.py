"""Frames that are no request: a consecutive frame alone, flow control for nobody, a message that is never continued,
lengths that are none, an unknown kind of frame, less than it says."""

from __future__ import annotations

NONSENSE = (
    "21 01 02 03 04 05 06 07", "30 00 00", "32 00 00", "10 14 22 F1 89 00 00 00", "00", "08 22 F1 89 00 00 00 00", "1F",
    "40 00 00 00 00 00 00 00", "2F", "03 22 F1",
)  # fmt: skip
