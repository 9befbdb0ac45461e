"""MSG: faults of the sound path that a quiet car on a table does not show: in the noise of a fast one, over the length
of a message, at the edges of the band, at a high level."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.headunit.blueprint import tap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import amplified, said, speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.int16]

FRAME = RATE // 50
NOISY = -48.0
"""dBov of the quietest frames of a recording from which on the car is loud."""


def floor_of(samples: Sound) -> float:
    """dBov of the quietest tenth of the frames of 20 ms; the cabin, where there is one."""
    import numpy as np

    whole = len(samples) // FRAME * FRAME
    if not whole:
        return -100.0
    power = np.mean(np.square(samples[:whole].reshape(-1, FRAME).astype(np.float64) / 32768.0), axis=1)
    return 10.0 * float(np.log10(max(float(np.quantile(power, 0.1)), 1e-10)))


def in_noise(change: Callable[[Sound], Sound]) -> Callable[[Sound], Sound]:
    """Only where the recording has a loud cabin in it."""
    return lambda samples: change(samples) if floor_of(samples) > NOISY else samples


def gated(above: float) -> Callable[[Sound], Sound]:
    """Frames less than ``above`` dB over the floor are muted."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        least = 10.0 ** ((floor_of(samples) + above) / 10.0)
        out = samples.copy()
        for start in range(0, len(out), FRAME):
            part = out[start : start + FRAME]
            if float(np.mean(np.square(part / 32768.0))) < least:
                part[:] = 0
        return out

    return change


def slow_to_open(attack: float) -> Callable[[Sound], Sound]:
    """A noise suppressor that needs ``attack`` seconds to believe that somebody speaks, and closes in 60 ms."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        least = 10.0 ** ((floor_of(samples) + 6.0) / 10.0)
        out, gain = samples.astype(np.float64), 0.05
        for start in range(0, len(out), FRAME):
            part = out[start : start + FRAME]
            speaks = float(np.mean(np.square(part / 32768.0))) >= least
            before = gain
            gain = min(gain + 0.02 / attack, 1.0) if speaks else max(gain - 0.02 / 0.06, 0.05)
            part *= np.linspace(before, gain, len(part))
        result: Sound = np.rint(out).astype(np.int16)
        return result

    return change


def filtered(kind: str, *edges: float) -> Callable[[Sound], Sound]:
    """A Butterworth filter of fourth order, ``edges`` in Hz."""

    def change(samples: Sound) -> Sound:
        import numpy as np
        from scipy.signal import butter, sosfilt

        sos = butter(4, edges if len(edges) > 1 else edges[0], kind, fs=RATE, output="sos")
        out = sosfilt(sos, samples.astype(np.float64))
        result: Sound = np.clip(np.rint(out), -32768, 32767).astype(np.int16)
        return result

    return change


def stretched(ppm: float) -> Callable[[Sound], Sound]:
    """Sampled by a clock that is ``ppm`` off."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        # a spline of third order: the clock is wrong, the sound is not
        from scipy.interpolate import make_interp_spline

        places = np.arange(0.0, len(samples) - 1, 1.0 - ppm * 1e-6)
        spline = make_interp_spline(np.arange(len(samples)), samples.astype(np.float64), k=3)
        result: Sound = np.clip(np.rint(spline(places)), -32768, 32767).astype(np.int16)
        return result

    return change


def buffer_lost(seconds: float) -> Callable[[Sound], Sound]:
    """In the middle of what is said, ``seconds`` are left out and the ends joined: nothing is silent, time jumps."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        from harness.headunit.defects.filters import loud

        first, last = loud(samples)
        if last <= first:
            return samples
        place, count = (first + last) // 2, round(seconds * RATE)
        return np.concatenate((samples[:place], samples[place + count :]))

    return change


def bent(share: float) -> Callable[[Sound], Sound]:
    """An amplifier that is not straight: a cubic term that takes ``share`` off a full-scale peak."""

    def change(samples: Sound) -> Sound:
        import numpy as np

        x = samples.astype(np.float64)
        peak = max(float(np.abs(x).max(initial=0.0)), 1.0)
        result: Sound = np.clip(np.rint(x - share * x**3 / peak**2), -32768, 32767).astype(np.int16)
        return result

    return change


DEFECTS = (
    Defect(
        "msg-02-clock-off",
        "Long messages end late: the microphone's clock is a third of a per mille slow.",
        ("MSG-02",),
        tap("ear", speech(stretched(333.0))),
        Kind.WRONG_VALUE,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-02-buffer-lost",
        "Once in every message something short is swallowed, without a pause.",
        ("MSG-02",),
        tap("ear", speech(buffer_lost(0.010))),
        Kind.RESOURCE,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-06-distorted-playback",
        "Loud messages rattle: the amplifier's stage in the unit is not straight.",
        ("MSG-06",),
        tap("mouth", said(bent(0.25))),
        Kind.WRONG_VALUE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-06-dull-playback",
        "Messages sound as through a door: everything above 2 kHz is soft.",
        ("MSG-06",),
        tap("mouth", said(filtered("lowpass", 2000.0))),
        Kind.WRONG_VALUE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-06-thin-playback",
        "Messages sound like a small radio: the equaliser of the warning tones is left on.",
        ("MSG-06",),
        tap("mouth", said(filtered("highpass", 500.0))),
        Kind.STATE_LEAK,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-11-gate-chops",
        "On the motorway every word loses its soft sounds; in town nobody has complained.",
        ("MSG-11",),
        tap("ear", speech(in_noise(gated(8.0)))),
        Kind.WRONG_VALUE,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-11-slow-suppressor",
        "In a fast car the beginnings of words are swallowed: the noise reduction opens too slowly.",
        ("MSG-11",),
        tap("ear", speech(in_noise(slow_to_open(0.3)))),
        Kind.WRONG_TIME,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-11-gain-follows-noise",
        "The faster the car, the more the driver's voice is distorted: the gain rises with the noise.",
        ("MSG-11",),
        tap("ear", speech(in_noise(amplified(24.0)))),
        Kind.WRONG_VALUE,
        hooks=("taps.ear",),
    ),
)
