"""The microphone's own noise."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from harness.headunit.blueprint import Change, Filter, tap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.unit import HeadUnit

NOISE = (-78.0, -62.0)
"""dBov RMS: MSG-02 asks for 30 dB under speech at -26 dBov, less 6 dB of what else is added on the way."""


def noisy(level: float, seed: int) -> Filter:
    """Tap "ear": white noise, ``level`` in dBov RMS."""

    def changed(samples: NDArray[np.int16], unit: HeadUnit) -> NDArray[np.int16]:
        import numpy as np

        noise = np.random.Generator(np.random.Philox(key=seed)).standard_normal(len(samples))
        out = np.rint(samples + noise * 32768 * 10 ** (level / 20))
        mixed: NDArray[np.int16] = np.clip(out, -32768, 32767).astype(np.int16)
        return mixed

    return changed


def drawn(rng: random.Random) -> Change:
    return tap("ear", noisy(rng.uniform(*NOISE), rng.getrandbits(32)))
