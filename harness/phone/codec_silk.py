"""Speech as WeChat's files hold it: SILK at 24 kHz behind a byte 0x02 and ``#!SILK_V3``. Needs the extra "silk".

The coder is pilk-nogil (GPL-3, therefore an extra and never a dependency). The form holds no length: what comes out is
a whole number of packets of 20 ms.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harness.phone.carried import LONGEST, at_rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "silk"
RATE = 24_000
"""Samples per second that are carried."""
BIT_RATE = 24_000
MAGIC = b"\x02#!SILK_V3"
_PACKET = 480
_PILK: Any = import_module("pilk_nogil")


def encode(samples: NDArray[np.int16], rate: int) -> bytes:
    """Encode mono int16 ``samples``, shape (n,), at ``rate`` Hz, brought to 24 kHz first. ValueError as ``at_rate``."""
    import numpy as np

    pcm = at_rate(samples, rate, RATE)
    if not len(pcm):
        return MAGIC
    pcm = np.concatenate((pcm, np.zeros(-len(pcm) % _PACKET + _PACKET, np.int16)))
    return bytes(_PILK.encode(pcm.astype("<i2").tobytes(), None, pcm_rate=RATE, silk_rate=BIT_RATE, tencent=True))


def decode(data: bytes) -> tuple[NDArray[np.int16], int]:
    """The samples, shape (n,), and their rate (24 kHz). ValueError when ``data`` is no SILK in this form."""
    import numpy as np

    if not data.startswith(MAGIC):
        raise ValueError("not SILK speech: it does not begin with 0x02 #!SILK_V3")
    _check(data)
    if len(data) == len(MAGIC):
        return np.zeros(0, np.int16), RATE
    try:
        pcm = bytes(_PILK.decode(data, None, pcm_rate=RATE))
    except Exception as why:  # the library raises whatever it likes at broken bytes
        raise ValueError(f"broken SILK speech: {why}") from why
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.int16), RATE


def _check(data: bytes) -> None:
    """Packets behind their lengths (u16, little-endian); nothing of it is left to a library in C to trip over."""
    place, count = len(MAGIC), 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 2], "little")
        if length == 0xFFFF and place + 2 == len(data):
            return
        place += 2 + length
        count += 1
        if place > len(data) or count * _PACKET > (LONGEST + 1) * RATE:
            raise ValueError("broken SILK speech: a packet is cut off, or there are too many")
