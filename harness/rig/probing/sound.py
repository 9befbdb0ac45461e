"""The sound of a rig, measured: delay and gain of its loop, noise floor of each line, the burst as an event."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.audio.port import MICROPHONE, RATE
from harness.foundation.clock import Clock
from harness.foundation.errors import BadInput, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.rig.probing.findings import Marker, Value, not_measured, sighting

if TYPE_CHECKING:
    from harness.audio.calibration import Loop

SILENCE: Ns = 1 * S
FULL_SCALE = 32768.0
QUIETEST = 0.5
"""Half a step of 16 bits: what digital silence is shown as (-96 dBov)."""
LEAST_SNR = 30.0
"""dB between the calibration's burst and the noise floor (the project's own limit for a loop)."""
GAIN_APART = 1.0
DELAY_APART = 1
"""What may differ from the calibration: dB, and frames."""


def sound(clock: Clock, port: str, audio: Any, settings: Mapping[str, object]) -> list[Value]:
    """RigFault when the loop is open: that is a wrong rig, whatever it is called."""
    if not getattr(audio, "offered", True):
        return [not_measured(port, "loop and noise floor", _absent(audio))]
    lines = settings.get("lines")
    known = list(lines) if isinstance(lines, Mapping) else list(getattr(audio, "lines", [MICROPHONE]))
    floors = {line: _floor(clock, audio, line) for line in known}
    values = [_floor_value(port, line, found) for line, found in floors.items()]
    if not hasattr(audio, "measure_loop"):
        return [*values, not_measured(port, "loop delay", "this driver has no loop to measure")]
    loop = audio.measure_loop(MICROPHONE)
    return [*_loop(port, loop, settings), *values, _distance(port, loop, floors.get(MICROPHONE))]


def _absent(audio: Any) -> str:
    """Why there is no sound, in the port's own words."""
    try:
        audio.heard(MICROPHONE, 0, 0)
    except NotOffered as why:
        return str(why)
    return "this port offers no sound"


def _floor(clock: Clock, audio: Any, line: str) -> float | str:
    """dBov of a second in which nothing is played, or why it is not known."""
    import numpy as np

    start = max(clock.now(), audio.seen_to() + 1)
    stop = start + SILENCE
    until = stop + 5 * S
    while audio.seen_to() < stop and clock.now() < until:
        clock.run_until(clock.now() + 20 * MS)
    if audio.seen_to() < stop:
        return "no sound came while it was listened to"
    try:
        samples = audio.heard(line, start, stop).samples.astype(np.float64)
    except RigFault as why:
        return str(why)
    rms = float(np.sqrt(np.mean((samples - samples.mean()) ** 2)))
    return 20 * math.log10(max(rms, QUIETEST) / FULL_SCALE)


def _floor_value(port: str, line: str, found: float | str) -> Value:
    quantity = f"noise floor of {line}"
    if isinstance(found, str):
        return not_measured(port, quantity, found)
    silent = found <= 20 * math.log10(QUIETEST / FULL_SCALE)
    return Value(port, quantity, "dBov", round(found, 2), said="digital silence" if silent else "one second of silence")


def _loop(port: str, loop: Loop, settings: Mapping[str, object]) -> list[Value]:
    """The loop as it is now, and held against the calibration the rig file names."""
    kept, missing = _calibrated(settings)
    delay_wrong = gain_wrong = ""
    if kept is not None and abs(kept.delay - loop.delay) > DELAY_APART:
        delay_wrong = (
            f"the loop takes {loop.delay} frames, its calibration says {kept.delay}. Calibrate again: hil rig calibrate"
        )
    if kept is not None and abs(kept.gain - loop.gain) > GAIN_APART:
        gain_wrong = (
            f"the loop has {loop.gain:+.2f} dB, its calibration says {kept.gain:+.2f} dB. Look who turned a knob"
        )
    against = missing or "agrees with the calibration"
    exact = ", bit-exact" if loop.exact else ""
    return [
        Value(port, "loop delay", "s", loop.delay / RATE, said=f"{loop.delay} frames; {against}", wrong=delay_wrong),
        Value(port, "loop gain", "dB", round(loop.gain, 3), said=f"{against}{exact}", wrong=gain_wrong),
    ]


def _calibrated(settings: Mapping[str, object]) -> tuple[Loop | None, str]:
    from harness.audio.calibration import load

    named = settings.get("calibration")
    if not named:
        return None, "the rig file names no calibration to hold it against"
    try:
        return load(Path(str(named))).loop, ""
    except BadInput as why:
        return None, str(why)


def _distance(port: str, loop: Loop, floor: float | str | None) -> Value:
    """How far the calibration's burst stands above the floor."""
    import numpy as np

    from harness.audio.calibration import burst

    quantity = "burst above the noise floor"
    if not isinstance(floor, float):
        return not_measured(port, quantity, "the noise floor is not known")
    sent = burst(0).astype(np.float64)
    level = 20 * math.log10(float(np.sqrt(np.mean(sent**2))) / FULL_SCALE) + loop.gain
    snr = level - floor
    wrong = "" if snr >= LEAST_SNR else (
        f"only {snr:.0f} dB between the burst and the noise (at least {LEAST_SNR:.0f}). Look for a ground loop, and "
        "raise the level before the capture"
    )  # fmt: skip
    return Value(port, quantity, "dB", round(snr, 2), said="", wrong=wrong)


def burst_event(clock: Clock, audio: Any) -> Marker:
    """A burst that is to be heard at an instant, and where the capture has it: the loop's delay taken off. RigFault
    when it does not come back."""
    from harness.audio.calibration import burst, found

    sent = burst(1)
    at = clock.now() + getattr(audio, "lead", 0) + 200 * MS
    audio.play(MICROPHONE, sent, at, name="self-check")
    start, stop = at - 100 * MS, at + round(len(sent) / RATE * S) + 400 * MS
    until = stop + 5 * S
    while audio.seen_to() < stop and clock.now() < until:
        clock.run_until(clock.now() + 20 * MS)
    capture = audio.heard(MICROPHONE, start, stop)
    came = capture.began.shifted(round(found(sent, capture.samples).delay / RATE * S))
    seen = sighting(f"capture of {MICROPHONE}", Stamp.exact(at), (came.early, came.late))
    said = {
        "at once": "the capture has it at the instant it was asked for: sound and bench share one time line",
        "later": "it came later than asked for: the output was late, or the calibration no longer holds",
        "before": "",
        "unseen": "",
    }[seen.relation]
    return Marker("a burst on the sound loop", (seen,), said)
