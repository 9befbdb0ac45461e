"""The loop of a sound rig, measured: how many frames lead from its output back into its capture, and how loud.

Theory. A sound that goes out comes back some constant number of frames later: buffers, sound server, converters. The
driver subtracts that number when it is told to be heard at an instant, so it has to be known to the frame. It is found
by correlating a burst of noise with what came back, and it is believed only when several bursts in a row agree to the
frame and each is truly like what was sent. What was measured holds for a time only; it is kept
in a JSON file beside the rig, with its date and its expiry.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from harness.audio.port import RATE
from harness.foundation.errors import BadInput, RigFault

SUFFIX = ".sound.json"
FAINTEST = -60.0
"""dB: what comes back more quietly than this is another sound."""
UNHEARD = 3
"""So many bursts that do not come back are an open loop; one may have been torn by a busy computer."""
_BURST = RATE // 2
_AMPLITUDE = 8000


@dataclass(frozen=True)
class Loop:
    """``delay``: frames from the output into the capture; ``gain`` dB of the way; ``exact``: every sample came back as
    it went (a digital loop)."""

    delay: int
    gain: float
    exact: bool


@dataclass(frozen=True)
class Calibration:
    """A loop with its conditions. ``measured`` and ``expires`` are dates, YYYY-MM-DD."""

    line: str
    loop: Loop
    devices: str
    latency: float
    blocksize: int
    bursts: int
    measured: str
    expires: str

    def expired(self, today: str) -> bool:
        return today > self.expires


def later(date: str, days: int) -> str:
    """The date so many days after ``date``, both YYYY-MM-DD."""
    return str(np.datetime64(date) + np.timedelta64(days, "D"))


def burst(seed: int) -> NDArray[np.int16]:
    """Half a second of white noise, int16."""
    return np.random.default_rng(seed).integers(-_AMPLITUDE, _AMPLITUDE, _BURST, dtype=np.int16)


def found(sent: NDArray[np.int16], capture: NDArray[np.int16]) -> Loop:
    """Where ``sent`` lies in ``capture`` (mono, both at RATE; ``delay`` counts from the capture's first sample), how
    much louder it is there, and whether it is the same to the bit. RigFault when it is not there."""
    # numpy's transform, not scipy's: loading scipy holds the interpreter long enough for the stream to run dry
    a, b = sent.astype(np.float64), capture.astype(np.float64)
    if len(b) < len(a):
        raise RigFault(f"the capture ({len(b)} samples) is shorter than what was sent ({len(a)})")
    size = 1 << (len(a) + len(b)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    scores = np.abs(cross[: len(b) - len(a) + 1])
    place = int(np.argmax(scores))
    heard = b[place : place + len(a)]
    power = float(np.dot(a, a))
    gain = float(scores[place]) / power
    likeness = float(scores[place]) / max(float(np.sqrt(np.dot(heard, heard) * power)), 1e-9)
    if gain < 10 ** (FAINTEST / 20) or likeness < 0.5:
        raise RigFault(
            f"the loop is open: what was played does not come back (likeness {likeness:.2f}, gain {gain:.4f}). "
            "Check the wiring between output and capture, the levels, and that the devices are the right ones."
        )
    return Loop(place, 20 * float(np.log10(gain)), bool(np.array_equal(heard, a)))


def measure(once: Callable[[NDArray[np.int16]], Loop], bursts: int = 3, most: int = 10) -> Loop:
    """The loop by several bursts. ``once`` plays one and returns its loop.

    A sound server may put silence in while a stream settles, so the last ``bursts`` have to agree to the frame.
    RigFault when among ``most`` no so many in a row do.
    """
    loops: list[Loop] = []
    unheard = 0
    for seed in range(most):
        try:
            loops.append(once(burst(seed)))
        except RigFault:
            unheard += 1
            if unheard == UNHEARD:
                raise
            loops.clear()
            continue
        last = loops[-bursts:]
        if len(last) == bursts and len({loop.delay for loop in last}) == 1:
            gain = float(np.mean([loop.gain for loop in last]))
            return Loop(last[0].delay, round(gain, 6) + 0.0, all(loop.exact for loop in last))
    shown = ", ".join(f"{loop.delay / RATE * 1000:.2f} ms" for loop in loops)
    raise RigFault(f"the loop's delay is not constant: {shown}. Raise latency, or use another sound server.")


def save(path: Path, calibration: Calibration) -> None:
    text = json.dumps({"schema": 1, **asdict(calibration)}, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> Calibration:
    """BadInput, with what to do, when the file is missing or is none."""
    remedy = "Measure it with 'hil rig calibrate RIG'."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("schema") != 1:
            raise ValueError("schema is not 1")
        return Calibration(**{**data, "loop": Loop(**data["loop"])})
    except FileNotFoundError:
        raise BadInput(path, None, "", "this sound rig has never been calibrated", remedy) from None
    except (ValueError, TypeError, KeyError, AttributeError) as why:
        raise BadInput(path, None, str(why), "is not a sound calibration", remedy) from why
