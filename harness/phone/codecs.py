"""The speech codecs that a messaging service may carry, by the name a message gives.

Theory. Which codec a phone sends is its rig's data (``phone: {driver: ..., codec: amr-nb}``), which one a unit sends is
the car's (``unit: {voice_codec: amr-nb}``); the receiver reads the name in the message. So a path may be coded one way
out and another way back, as it is between phones and cars. Modules are loaded when a message needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from harness.foundation.config import suggest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODECS: dict[str, str] = {
    "opus": "harness.phone.codec",  # wide band
    "amr-nb": "harness.phone.codec_amr",  # narrow band, as telephone networks carried it
    "silk": "harness.phone.codec_silk",  # needs the extra "silk"
}
DEFAULT = "opus"


class Codec(Protocol):
    """A module with these. ``RATE``: samples per second that are carried (Hz)."""

    NAME: str
    RATE: int

    def encode(self, samples: NDArray[np.int16], rate: int) -> bytes: ...

    def decode(self, data: bytes) -> tuple[NDArray[np.int16], int]: ...


def codec(name: str) -> Codec:
    """The codec of that name. ValueError, with a suggestion, for an unknown one or one whose library is missing."""
    if name not in CODECS:
        raise ValueError(f"no codec {name!r}. {suggest(name, CODECS)}")
    try:
        return cast(Codec, import_module(CODECS[name]))
    except ImportError as why:
        raise ValueError(f"the codec {name!r} needs an extra: pip install 'headunit-hil[{name}]' ({why})") from why


def understood(name: str, data: bytes) -> tuple[NDArray[np.int16] | None, int]:
    """Samples and rate of a coded message; (None, 0) when the codec is unknown, missing, or does not understand it."""
    try:
        return codec(name).decode(data)
    except ValueError:
        return None, 0
