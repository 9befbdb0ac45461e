"""What every speech codec does first: take mono int16 at any rate and bring it to the rate that is carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOWEST = 8_000
LONGEST = 10 * 60
"""No message is longer than ten minutes; a container that claims more is broken."""


def at_rate(samples: NDArray[np.int16], rate: int, carried: int) -> NDArray[np.int16]:
    """Mono int16 ``samples``, shape (n,), at ``rate`` Hz as the same at ``carried`` Hz.

    ValueError for another shape or type, a rate below 8 kHz, or more than ten minutes.
    """
    import numpy as np

    if samples.dtype != np.int16 or samples.ndim != 1:
        raise ValueError(f"speech is int16 of shape (n,), not {samples.dtype} of shape {samples.shape}")
    if rate < LOWEST:
        raise ValueError(f"{rate} Hz is too low for speech")
    if len(samples) > LONGEST * rate:
        raise ValueError(f"{len(samples) / rate:.0f} s of speech are too long for one message")
    if rate == carried or not len(samples):
        return samples
    from scipy.signal import resample_poly

    return rounded(resample_poly(samples.astype(np.float64), carried, rate))


def rounded(values: NDArray[np.float64]) -> NDArray[np.int16]:
    """To whole numbers, saturating."""
    import numpy as np

    result: NDArray[np.int16] = np.clip(np.rint(values), -32768, 32767).astype(np.int16)
    return result
