"""``hil sound up | down | status | check``: a loop of sound without hardware, behind the real PortAudio.

Theory. A PipeWire of our own, in a session of its own (D-Bus is needed: without it wireplumber dies and streams hang),
with its socket and settings in one private folder. A null sink has one channel for the stimulus and four for the
amplifier; the rig's and the unit's outputs are remapped into it, and its monitor is the one capture that holds all
five. PortAudio reaches them as ALSA devices, by an ALSA configuration that includes the system's own (PortAudio's
device scan aborts the process without it). PipeWire rather than PulseAudio: see docs/how-to-sound-without-hardware.md.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from harness.foundation.clock import WallClock, civil_time, pause
from harness.foundation.errors import BadInput, RigFault
from harness.rig.drivers_sound import CAPTURE, RIG_OUT, UNIT_OUT, default_sinks, sinks_environment, sinks_socket

PACKAGES = "pipewire pipewire-pulse wireplumber dbus pulseaudio-utils libasound2-plugins libportaudio2"
NEEDED = ("dbus-run-session", "pipewire", "wireplumber", "pipewire-pulse", "pactl")
SYSTEM_ALSA = Path("/usr/share/alsa/alsa.conf")
WAIT_S = 15.0
LONGEST_SOCKET = 100
_MODULES = (
    "module-null-sink sink_name=hil rate=48000 channels=5 "
    "channel_map=front-left,front-right,rear-left,rear-right,front-center",
    "module-remap-sink sink_name=hil_mic master=hil channels=1 channel_map=mono master_channel_map=front-left remix=no",
    "module-remap-sink sink_name=hil_amp master=hil channels=4 "
    "channel_map=front-left,front-right,rear-left,rear-right "
    "master_channel_map=front-right,rear-left,rear-right,front-center remix=no",
)
_DEVICES = {CAPTURE: "hil.monitor", RIG_OUT: "hil_mic", UNIT_OUT: "hil_amp"}


def sound(what: str, folder: Path | None) -> int:
    """The command. RigFault (exit code 3) with its remedy where the sound does not come up or is not whole."""
    place = (folder or default_sinks()).resolve()
    commands: dict[str, Callable[[Path], int]] = {"up": up, "down": down, "status": status, "check": check}
    return commands[what](place)


def missing() -> list[str]:
    """What has to be installed first: programs that are not there."""
    return [program for program in NEEDED if shutil.which(program) is None]


def up(place: Path) -> int:
    """Start the sinks and print the environment for whoever wants to use them. Running ones are left alone."""
    if not running(place):
        start(place)
    print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in sinks_environment(place).items()))
    return 0


def start(place: Path) -> None:
    """RigFault, and nothing left behind, when the server does not answer within ``WAIT_S``."""
    absent = missing()
    if absent:
        raise RigFault(f"{', '.join(absent)} missing: apt-get install --no-install-recommends {PACKAGES}")
    if len(os.fsencode(sinks_socket(place))) > LONGEST_SOCKET:
        raise BadInput("command line", None, str(place), "this path is too long for a socket", "Give a shorter --dir.")
    for folder in (place, place / "run", place / "home"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _alsa(place)
    with (place / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            ["dbus-run-session", "--", "sh", "-c", "pipewire & sleep 1; wireplumber & exec pipewire-pulse"],  # noqa: S607
            env={**os.environ, **_private(place)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (place / "pid").write_text(f"{process.pid}\n", encoding="ascii")
    try:
        _await(lambda: _pactl(place, "info") is not None, f"the sound server does not answer; see {place / 'log'}")
        for module in _MODULES:
            if _pactl(place, "load-module", *module.split()) is None:
                raise RigFault(f"PipeWire refuses {module.split()[0]}; see {place / 'log'}")
        _await(lambda: "hil_amp" in (_pactl(place, "list", "short", "sinks") or ""), "the sinks do not appear")
    except RigFault:
        _stop(place)
        raise


def down(place: Path) -> int:
    """Stop the sinks; nothing to stop is no error."""
    print("stopped" if _stop(place) else "was not running")
    return 0


def status(place: Path) -> int:
    """Say whether the sinks are there: exit code 0, or 3."""
    there = running(place)
    print(f"{'running' if there else 'not running'}: {place}")
    return 0 if there else 3


def running(place: Path) -> bool:
    return _pid(place) is not None and "hil_amp" in (_pactl(place, "list", "short", "sinks") or "")


def check(place: Path) -> int:
    """Play noise through every line for a few seconds: is it back to the bit, and is the delay constant?"""
    if not running(place):
        raise RigFault(f"no sinks in {place}; start them: hil sound up")
    os.environ.update(sinks_environment(place))
    from harness.audio.port import MICROPHONE, RATE, SPEAKERS
    from harness.audio.portaudio import PortAudio

    good = True
    clock = WallClock()
    ends = ((RIG_OUT, {MICROPHONE: 0}), (UNIT_OUT, {line: k for k, line in enumerate(SPEAKERS)}))
    for output, plays in ends:
        port = PortAudio(clock, CAPTURE, output, plays=plays)
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


def _alsa(place: Path) -> None:
    stanzas = [
        f'pcm.{name} {{ type pulse device "{device}" hint {{ show on description "{name}" }} }}'
        for name, device in _DEVICES.items()
    ]
    (place / "asound.conf").write_text("\n".join([f"<{SYSTEM_ALSA}>", *stanzas, ""]), encoding="utf-8")


def _private(place: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(place / "run"), "HOME": str(place / "home")}


def _pactl(place: Path, *words: str) -> str | None:
    """What pactl says, None when it fails or hangs."""
    try:
        done = subprocess.run(
            ["pactl", *words],  # noqa: S607
            env={**os.environ, **_private(place), **sinks_environment(place)},
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _await(there: Callable[[], bool], problem: str) -> None:
    for _ in range(int(WAIT_S / 0.2)):
        if there():
            return
        pause(0.2)
    raise RigFault(problem)


def _pid(place: Path) -> int | None:
    """The session's process, when it lives and is ours (a number may have been given to another since)."""
    try:
        pid = int((place / "pid").read_text(encoding="ascii"))
        mine = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if b"XDG_RUNTIME_DIR=" + os.fsencode(place / "run") in mine else None


def _stop(place: Path) -> bool:
    pid = _pid(place)
    if pid is None:
        return False
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, kind)
        except ProcessLookupError:
            break
        pause(0.5)
    (place / "pid").unlink(missing_ok=True)
    return True
