"""How loud: active speech level, plain level, noise in the pauses.

Theory. Levels are in dBov: RMS against the overload point of 16 bit, so a full-scale square wave is 0 dBov and a
full-scale sine -3.01 dBov. The level of speech counts only while somebody speaks: ITU-T P.56 (12/2011) method B lets
an envelope (two 30 ms smoothings) keep fifteen thresholds an octave apart active, each with 200 ms of hangover, and
takes the level whose own threshold lies 15.9 dB beneath it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

FULL_SCALE = 32768.0
FLOOR = 20.0 * float(np.log10(0.5 / FULL_SCALE))
"""dBov that stands for digital silence: half a step of 16 bit."""

_SMOOTHING = 0.03
_HANGOVER = 0.2
_MARGIN = 15.9
_THRESHOLDS = 2.0 ** np.arange(-15, 0)
_METHOD = 0.1
"""dB that two right implementations of method B may differ by (interpolation between octaves)."""

FRAME = 0.02
"""Seconds per frame when pauses are looked for."""


@dataclass(frozen=True)
class SpeechLevel:
    """``active``: dBov while speaking; ``activity``: share of time spoken, 0..1; ``long_term``: dBov of the whole."""

    active: Interval
    activity: float
    long_term: float
    rate: int
    count: int


@dataclass(frozen=True)
class PauseNoise:
    """``level``: dBov in the pauses; ``seconds`` of pauses it was measured in."""

    level: Interval
    seconds: float


def unit(samples: NDArray[np.generic]) -> NDArray[np.float64]:
    """Samples as float64 with full scale 1: int16 is divided by 32768, floats are taken as they are."""
    x = np.asarray(samples, np.float64)
    return x / FULL_SCALE if np.issubdtype(samples.dtype, np.integer) else x


def decibel(power: float) -> float:
    """Mean square against full scale in dBov, never below ``FLOOR``."""
    return max(10.0 * float(np.log10(power)), FLOOR) if power > 0.0 else FLOOR


def rms(samples: NDArray[np.generic]) -> Interval:
    """Plain level in dBov; the bounds hold half a quantisation step. Unmeasurable without samples."""
    if not len(samples):
        raise Unmeasurable("no samples")
    root = float(np.sqrt(np.mean(np.square(unit(samples)))))
    step = 0.5 / FULL_SCALE
    return Interval(decibel(root**2), decibel(max(root - step, 0.0) ** 2), decibel((root + step) ** 2))


def speech_level(samples: NDArray[np.generic], rate: int) -> SpeechLevel:
    """ITU-T P.56 method B. ``samples``: mono, int16 or float (full scale 1). Unmeasurable when nothing is loud enough
    to be speech (no threshold 15.9 dB beneath the level)."""
    from scipy.signal import lfilter

    x = unit(samples)
    energy = float(np.dot(x, x))
    keep = float(np.exp(-1.0 / (rate * _SMOOTHING)))
    once = [1.0 - keep], [1.0, -keep]
    envelope = lfilter(*once, lfilter(*once, np.abs(x)))
    hangover = round(_HANGOVER * rate)
    above: tuple[float, float] | None = None
    for threshold in _THRESHOLDS:
        loud = np.flatnonzero(envelope >= threshold)
        if not len(loud):
            break
        active = len(loud) + int(np.minimum(np.diff(loud) - 1, hangover).sum())
        active += min(len(x) - 1 - int(loud[-1]), hangover)
        level = 10.0 * float(np.log10(energy / active))
        over = level - 20.0 * float(np.log10(threshold)) - _MARGIN
        if over <= 0.0:
            if above is not None:
                share = above[1] / (above[1] - over)
                level = above[0] + share * (level - above[0])
            activity = min(energy / len(x) / 10.0 ** (level / 10.0), 1.0)
            bounds = Interval(level, level - _METHOD, level + _METHOD)
            return SpeechLevel(bounds, activity, decibel(energy / len(x)), rate, len(x))
        above = (level, over)
    raise Unmeasurable(f"no speech in {len(x) / rate:.3f} s at {decibel(energy / max(len(x), 1)):.1f} dBov")


def frame_powers(samples: NDArray[np.generic], rate: int, seconds: float = FRAME) -> NDArray[np.float64]:
    """Mean square of consecutive frames of ``seconds``, full scale 1; a rest shorter than a frame is left out."""
    size = round(seconds * rate)
    x = unit(samples)
    whole = len(x) // size
    powers: NDArray[np.float64] = np.mean(np.square(x[: whole * size].reshape(whole, size)), axis=1)
    return powers


def pauses(reference: NDArray[np.generic], rate: int, below: float = 40.0) -> NDArray[np.bool_]:
    """Frames of ``FRAME`` seconds in which the reference pauses: more than ``below`` dB under its active level, and so
    in the neighbouring frames, because an echo or a codec smears the edges."""
    limit = 10.0 ** ((speech_level(reference, rate).active.value - below) / 10.0)
    quiet = frame_powers(reference, rate) < limit
    padded = np.concatenate(([False], quiet, [False]))
    inner: NDArray[np.bool_] = padded[1:-1] & padded[:-2] & padded[2:]
    return inner


def noise_floor(samples: NDArray[np.generic], rate: int, quiet: NDArray[np.bool_]) -> PauseNoise:
    """Level in the frames that ``quiet`` marks (see ``pauses``, from the aligned reference). The bounds are those of a
    mean of that many Gaussian samples at an effective bandwidth of 2 kHz (95 %). Unmeasurable below 3 frames."""
    powers = frame_powers(samples, rate)
    count = min(len(powers), len(quiet))
    chosen = powers[:count][quiet[:count]]
    if len(chosen) < 3:
        raise Unmeasurable(f"{len(chosen)} frames of pause, 3 are needed")
    level = decibel(float(np.mean(chosen)))
    seconds = len(chosen) * FRAME
    spread = 1.96 * 4.343 * float(np.sqrt(1.0 / (2000.0 * seconds)))
    return PauseNoise(Interval(level, max(level - spread, FLOOR), level + spread), seconds)


def snr(speech: SpeechLevel, noise: PauseNoise) -> Interval:
    """Speech over noise in dB; the noise that the level of the speech contains is taken out. Bounds by interval
    arithmetic. Unmeasurable when the speech does not rise above the noise."""

    def ratio(loud: float, quiet: float) -> float:
        share = 10.0 ** ((loud - quiet) / 10.0) - 1.0
        if share <= 0.0:
            raise Unmeasurable(f"speech at {speech.active.value:.1f} dBov is not above the noise")
        return 10.0 * float(np.log10(share))

    return Interval(
        ratio(speech.active.value, noise.level.value),
        ratio(speech.active.low, noise.level.high),
        ratio(speech.active.high, noise.level.low),
    )
