"""``hil rig calibrate RIG``: measure the loop of the rig's sound; keep it, with date and expiry, beside it."""

from __future__ import annotations

from pathlib import Path

from harness.cli.project import project_root
from harness.foundation.clock import civil_time
from harness.foundation.errors import BadInput


def calibrate(name: str, days: int) -> int:
    """Writes ``<rig>.sound.json``. BadInput when the rig's sound is not PortAudio's, RigFault when the loop is open."""
    from harness.audio.calibration import SUFFIX, Calibration, later, save
    from harness.audio.port import MICROPHONE, RATE
    from harness.foundation.places import find
    from harness.rig.drivers_sound import SoundSettings, Stream
    from harness.rig.load import load_rig
    from harness.rig.settings import checked

    path = find("rigs", name, ".yaml", project_root(Path.cwd()))
    port_model = load_rig(path).model.audio
    if port_model.driver not in ("portaudio", "harness.rig.drivers_sound:audio"):
        remedy = "Only 'driver: portaudio' has a loop to measure."
        raise BadInput(path, None, f"audio: {port_model.driver}", "there is no sound to calibrate", remedy)
    settings = {k: v for k, v in port_model.settings.items() if k != "calibration"}
    wanted = checked(SoundSettings, "audio", {**settings, "measure": False})
    stream = Stream(wanted)
    port = stream.port
    try:
        loop = port.measure_loop(MICROPHONE)
        spread, xruns, devices = port.residual, port.xruns, port.name
    finally:
        stream.close()
    today = civil_time()[:10]
    kept = Calibration(MICROPHONE, loop, devices, wanted.latency / 1e9, 480, 3, today, later(today, days))
    target = path.with_suffix(SUFFIX)
    save(target, kept)
    print(
        f"{devices}: delay {loop.delay} samples ({loop.delay / RATE * 1000:.2f} ms), gain {loop.gain:+.2f} dB, "
        f"{'bit-exact' if loop.exact else 'not bit-exact'}; callbacks within {spread / 1e6:.1f} ms, {xruns} xruns"
    )
    print(f"kept in {target} until {kept.expires}; name it in the rig: calibration: {target}")
    return 0
