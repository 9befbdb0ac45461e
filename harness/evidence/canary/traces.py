"""Bus traces in formats of other tools, as the frames of each identity."""

from __future__ import annotations

import io

from harness.can.redaction import Frames
from harness.evidence.canary.unpack import Sealed


def of_blf(data: bytes) -> list[Frames]:
    """Of a Vector BLF file, read by python-can. Sealed where it cannot be read."""
    import can

    found: dict[tuple[int, bool, bool], Frames] = {}
    try:
        for number, message in enumerate(can.BLFReader(io.BytesIO(data))):
            if message.is_error_frame or message.is_remote_frame:
                continue
            own = not message.is_rx
            key = (message.arbitration_id, message.is_extended_id, own)
            name = f"{message.arbitration_id:08X}" if message.is_extended_id else f"{message.arbitration_id:03X}"
            frames = found.setdefault(key, Frames(name, own, [], []))
            frames.lines.append(number)
            frames.data.append(bytes(message.data))
    except Exception as why:  # a reader of foreign files raises whatever comes
        raise Sealed(f"a BLF that cannot be read: {why!r}") from why
    return list(found.values())
