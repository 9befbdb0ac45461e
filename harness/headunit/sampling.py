"""What the unit's converters do to sound: a quartz of their own, by which it is a little longer or shorter than they
say, and an amplifier. Those of a right unit are exact, and the four cars' do not amplify.

Theory. A converter that is ``ppm`` fast takes more samples of a second than its rate says, and is through with what it
plays sooner. Both are a change of the time axis, read between the samples by the cubic through the four nearest ones;
speech lies far below half the rate, where that is exact to a fraction of a per cent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def amplified(samples: NDArray[np.int16], decibels: float) -> NDArray[np.int16]:
    """int16 samples of the same sound, so much louder; what does not fit is clipped."""
    if not decibels:
        return samples
    import numpy as np

    louder: NDArray[np.int16] = np.clip(np.rint(samples * 10 ** (decibels / 20)), -32768, 32767).astype(np.int16)
    return louder


def stretched(samples: NDArray[np.int16], ppm: float) -> NDArray[np.int16]:
    """int16 samples of the same sound, ``ppm`` more of them in a million (fewer when negative)."""
    if not ppm or len(samples) < 4:
        return samples
    import numpy as np

    count = round(len(samples) * (1 + ppm * 1e-6))
    at = np.minimum(np.arange(count) / (1 + ppm * 1e-6), len(samples) - 1.0)
    first = np.clip(at.astype(np.int64), 1, len(samples) - 3)
    x, f = samples.astype(np.float64), at - first
    a, b, c, d = x[first - 1], x[first], x[first + 1], x[first + 2]
    value = (
        -f * (f - 1) * (f - 2) / 6 * a + (f + 1) * (f - 1) * (f - 2) / 2 * b
        - (f + 1) * f * (f - 2) / 2 * c + (f + 1) * f * (f - 1) / 6 * d
    )  # fmt: skip
    out: NDArray[np.int16] = np.clip(np.rint(value), -32768, 32767).astype(np.int16)
    return out
