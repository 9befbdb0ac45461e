"""Narrow-band speech: AMR (3GPP TS 26.071) at 12.2 kbit/s, 8 kHz, in its own storage format.

Theory. The storage format (RFC 4867, clause 5) is ``#!AMR\\n`` and then frames of 20 ms, each behind one byte that says
its mode: any player opens it. It holds no length, so what comes out is a whole number of frames, 5 ms later than what
went in, because the coder looks so far ahead; one frame more than the speech fills is sent, so that nothing of its end
is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.phone.carried import LONGEST, at_rate, rounded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "amr-nb"
RATE = 8_000
"""Samples per second that are carried."""
BIT_RATE = 12_200
MAGIC = b"#!AMR\n"
_CODEC = "libopencore_amrnb"
_FRAME = 160
_SIZES = {0: 13, 1: 14, 2: 16, 3: 18, 4: 20, 5: 21, 6: 27, 7: 32, 8: 6, 15: 1}
"""Bytes of a frame with its head, by mode (3GPP TS 26.101, annex A): eight rates, comfort noise, nothing."""


def encode(samples: NDArray[np.int16], rate: int) -> bytes:
    """Encode mono int16 ``samples``, shape (n,), at ``rate`` Hz (brought to 8 kHz first). ValueError as ``at_rate``."""
    import av
    import numpy as np

    pcm = at_rate(samples, rate, RATE)
    if not len(pcm):
        return MAGIC
    pcm = np.concatenate((pcm, np.zeros(-len(pcm) % _FRAME + _FRAME, np.int16)))
    coder = av.CodecContext.create(_CODEC, "w")
    assert isinstance(coder, av.AudioCodecContext)
    coder.sample_rate, coder.format, coder.layout, coder.bit_rate = RATE, "s16", "mono", BIT_RATE
    coder.open()
    frames: list[bytes] = []
    for start in range(0, len(pcm), _FRAME):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm[None, start : start + _FRAME]), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, start
        frames.extend(bytes(p) for p in coder.encode(frame))
    return MAGIC + b"".join(frames)


def decode(data: bytes) -> tuple[NDArray[np.int16], int]:
    """The samples, shape (n,), and their rate (8 kHz). ValueError when ``data`` is not AMR in storage format."""
    import av
    import numpy as np

    coder = av.CodecContext.create(_CODEC, "r")
    assert isinstance(coder, av.AudioCodecContext)
    coder.sample_rate, coder.layout = RATE, "mono"
    pieces: list[NDArray[np.int16]] = [np.zeros(0, np.int16)]
    try:
        for frame in _frames(data):
            pieces.extend(_whole(sound.to_ndarray().reshape(-1)) for sound in coder.decode(av.Packet(frame)))
    except av.FFmpegError as why:
        raise ValueError(f"broken speech: {why}") from why
    return np.concatenate(pieces), RATE


def _whole(heard: NDArray[np.generic]) -> NDArray[np.int16]:
    """int16 as it is; floats of full scale 1 as int16."""
    import numpy as np

    if heard.dtype == np.int16:
        return heard.astype(np.int16, copy=False)
    return rounded(heard.astype(np.float64) * 32768.0)


def _frames(data: bytes) -> list[bytes]:
    if not data.startswith(MAGIC):
        raise ValueError("not AMR speech: it does not begin with #!AMR")
    place, frames = len(MAGIC), []
    while place < len(data):
        mode = data[place] >> 3 & 0x0F
        if data[place] & 0x83 or mode not in _SIZES:
            raise ValueError(f"broken AMR speech: no frame begins with 0x{data[place]:02X}")
        frame = data[place : place + _SIZES[mode]]
        if len(frame) != _SIZES[mode]:
            raise ValueError("broken AMR speech: the last frame is cut off")
        frames.append(frame)
        place += len(frame)
    if len(frames) * _FRAME > (LONGEST + 1) * RATE:
        raise ValueError("broken AMR speech: longer than a message may be")
    return frames
