"""Speech as it is transmitted: Opus (RFC 6716), wideband, mono, in 20 ms packets, in a container of our own.

Theory. Opus delays what it carries by its look-ahead and works in whole packets. The encoder says how long its
look-ahead is (OpusHead, RFC 7845 clause 5.1); the container keeps that and the true count of samples, the encoder is
flushed until everything is through, and the decoder cuts both ends. So what comes out has as many samples as what
went in, at the same places.

The container: b"HILOPUS1", then big-endian the pre-skip in samples of 48 kHz (u16), the number of samples of 16 kHz
(u32), the number of packets (u32), then each packet behind its length (u16).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from harness.phone.carried import LONGEST, at_rate, rounded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "opus"
RATE = 16_000
"""Samples per second that are carried."""
BIT_RATE = 28_000
MAGIC = b"HILOPUS1"
_HEAD = struct.Struct(">8sHII")
_PACKET = 320
_OPUS_RATE = 48_000
_FACTOR = _OPUS_RATE // RATE
_LONGEST = LONGEST * RATE


def encode(samples: NDArray[np.int16], rate: int) -> bytes:
    """Encode mono int16 ``samples``, shape (n,), at ``rate`` Hz (other rates are brought to 16 kHz first).

    ValueError for another shape or type, or a rate below 8 kHz.
    """
    pcm = at_rate(samples, rate, RATE)
    pre_skip, packets = _packets(pcm)
    body = b"".join(struct.pack(">H", len(p)) + p for p in packets)
    return _HEAD.pack(MAGIC, pre_skip, len(pcm), len(packets)) + body


def decode(data: bytes) -> tuple[NDArray[np.int16], int]:
    """The samples, shape (n,), and their rate (16 kHz). ValueError when ``data`` is not what ``encode`` makes."""
    import numpy as np

    pre_skip, count, packets = _unpack(data)
    pcm = _opus_samples(packets)[pre_skip : pre_skip + count * _FACTOR]
    if len(pcm) < count * _FACTOR:
        raise ValueError(f"broken speech: {count} samples promised, {len(pcm) // _FACTOR} there")
    if not count:
        return np.zeros(0, np.int16), RATE
    from scipy.signal import resample_poly

    return rounded(resample_poly(pcm.astype(np.float64), 1, _FACTOR)), RATE


def _packets(pcm: NDArray[np.int16]) -> tuple[int, list[bytes]]:
    """The encoder's pre-skip (samples of 48 kHz), and packets that cover it and all of ``pcm``."""
    import av
    import numpy as np

    coder = av.CodecContext.create("libopus", "w")
    assert isinstance(coder, av.AudioCodecContext)
    coder.sample_rate, coder.format, coder.layout, coder.bit_rate = RATE, "s16", "mono", BIT_RATE
    coder.options = {"frame_duration": "20", "application": "voip", "vbr": "on"}
    coder.open()
    pre_skip = int(struct.unpack_from("<H", coder.extradata or bytes(19), 10)[0])
    packets: list[bytes] = []
    for start in range(0, len(pcm), _PACKET):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm[None, start : start + _PACKET]), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, start
        packets.extend(bytes(p) for p in coder.encode(frame))
    packets.extend(bytes(p) for p in coder.encode(None))
    return pre_skip, packets


def _opus_samples(packets: list[bytes]) -> NDArray[np.int16]:
    """All that the packets hold, at 48 kHz, look-ahead included."""
    import av
    import numpy as np

    coder = av.CodecContext.create("libopus", "r")
    assert isinstance(coder, av.AudioCodecContext)
    coder.sample_rate, coder.layout = _OPUS_RATE, "mono"
    pieces: list[NDArray[np.int16]] = [np.zeros(0, np.int16)]
    try:
        for packet in packets:
            pieces.extend(frame.to_ndarray()[0] for frame in coder.decode(av.Packet(packet)))
    except av.FFmpegError as why:
        raise ValueError(f"broken speech: {why}") from why
    return np.concatenate(pieces)


def _unpack(data: bytes) -> tuple[int, int, list[bytes]]:
    if len(data) < _HEAD.size or not data.startswith(MAGIC):
        raise ValueError("not speech of ours: the container's head is missing")
    _, pre_skip, count, number = _HEAD.unpack_from(data)
    if count > _LONGEST or number > _LONGEST // _PACKET + 2:
        raise ValueError(f"broken speech: {count} samples in {number} packets are more than a message has")
    place, packets = _HEAD.size, []
    for _ in range(number):
        if place + 2 > len(data):
            raise ValueError("broken speech: it ends inside a packet's length")
        (length,) = struct.unpack_from(">H", data, place)
        packet = data[place + 2 : place + 2 + length]
        if len(packet) != length or not length:
            raise ValueError("broken speech: a packet is empty or cut off")
        packets.append(packet)
        place += 2 + length
    if place != len(data):
        raise ValueError("broken speech: something follows the last packet")
    return pre_skip, count, packets
