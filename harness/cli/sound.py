"""``hil sound up | down | status | check``: a loop of sound without hardware (``harness/rig/sinks.py``)."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path

from harness.foundation.clock import WallClock, civil_time
from harness.foundation.errors import RigFault
from harness.rig import sinks


def sound(what: str, folder: Path | None) -> int:
    """The command. RigFault (exit code 3) with its remedy where the sound does not come up or is not whole."""
    place = (folder or sinks.default_sinks()).resolve()
    commands: dict[str, Callable[[Path], int]] = {"up": up, "down": down, "status": status, "check": check}
    return commands[what](place)


def up(place: Path) -> int:
    """Start the sinks and print the environment for whoever wants to use them. Running ones are left alone."""
    if not sinks.running(place):
        sinks.start(place)
    print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in sinks.sinks_environment(place).items()))
    return 0


def down(place: Path) -> int:
    """Stop the sinks; nothing to stop is no error."""
    print("stopped" if sinks.stop(place) else "was not running")
    return 0


def status(place: Path) -> int:
    """Say whether the sinks are there: exit code 0, or 3."""
    there = sinks.running(place)
    print(f"{'running' if there else 'not running'}: {place}")
    return 0 if there else 3


def check(place: Path) -> int:
    """Play noise through every line for a few seconds: is it back to the bit, and is the delay constant?"""
    if not sinks.running(place):
        raise RigFault(f"no sinks in {place}; start them: hil sound up")
    os.environ.update(sinks.sinks_environment(place))
    from harness.audio.port import MICROPHONE, RATE, SPEAKERS
    from harness.audio.portaudio import PortAudio

    good = True
    clock = WallClock()
    ends = ((sinks.RIG_OUT, {MICROPHONE: 0}), (sinks.UNIT_OUT, {line: k for k, line in enumerate(SPEAKERS)}))
    for output, plays in ends:
        port = PortAudio(clock, sinks.CAPTURE, output, plays=plays)
        try:
            for line in plays:
                loop = port.measure_loop(line)
                good = good and loop.exact
                print(
                    f"{line:17} delay {loop.delay} samples ({loop.delay / RATE * 1000:.2f} ms), constant; gain "
                    f"{loop.gain:+.2f} dB; {'bit-exact' if loop.exact else 'NOT bit-exact'}"
                )
            print(f"{output}: {port.xruns} xruns, prompt callbacks within {port.residual / 1e6:.2f} ms", flush=True)
        finally:
            port.close()
    print(f"{civil_time()}: {'good' if good else 'not whole'}")
    return 0 if good else 3
