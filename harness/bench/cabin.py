"""The cabin while the car drives: noise at the driver's microphone, mixed in by the rig.

Theory. The noise has the shape of ``harness.audio.signals.cabin_noise`` and a level that follows the speed. One piece
of ten seconds is made from the case's own randomness, so a replay hears the same one; it is made by a transform, so its
end runs into its beginning without a seam and it can be repeated for as long as the case lasts. Level and shape are
ours: at 120 km/h the noise lies ``AT_120`` dBov at a microphone on which speech has -26 dBov, about 16 dB under it when
both are weighted as the ear hears (IEC 61672-1, A). Nobody speaks louder because of it, as people would.
"""

from __future__ import annotations

import math
import random

from harness.audio.port import MICROPHONE, RATE
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.units import MS, Ns, S

AT_120 = -30.0
"""dBov (RMS) at the microphone at 120 km/h."""
PER_SPEED = 50.0
"""dB for ten times the speed: between the tyres' 30 to 40 and the wind's 60."""
PIECE: Ns = 10 * S
_AHEAD: Ns = 1 * S
_SEEN: Ns = 200 * MS


def level_at(speed: float) -> float:
    """dBov of the cabin's noise at ``speed`` km/h (> 0)."""
    return AT_120 + PER_SPEED * math.log10(speed / 120.0)


def fills_with_noise(world: World, speed: float) -> Stimulus:
    """From now to the end of the case the microphone hears the cabin at ``speed`` km/h. RigFault when it does not."""
    from harness.audio.signals import cabin_noise

    level, seed = level_at(speed), world.rng.getrandbits(64)
    piece = cabin_noise(random.Random(seed), PIECE / S, level, RATE)
    audio, clock = world.ports.audio, world.clock
    begin = clock.now() + max(MS, int(getattr(audio, "lead", 0)))

    def play(at: Ns) -> None:
        audio.play(MICROPHONE, piece, at, name=f"cabin at {speed:g} km/h")
        clock.at(at + PIECE - _AHEAD, lambda: play(at + PIECE), name="cabin noise")

    play(begin)
    clock.run_until(begin + _SEEN)
    patience = begin + _SEEN + world.recorder.stalled("audio")
    while world.recorder.seen_to("audio") < begin + _SEEN and clock.now() < patience:
        clock.run_until(clock.now() + 10 * MS)
    began, _ = world.captured(MICROPHONE, begin, begin + _SEEN)
    arguments = {"speed": speed, "level": round(level, 1), "seed": f"{seed:016x}"}
    return Stimulus(f"cabin at {speed:g} km/h", began, began, arguments)
