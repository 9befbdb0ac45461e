"""A loop of sound without hardware, behind the real PortAudio: PipeWire's null sinks, started and ended by us.

Theory. A PipeWire of our own, in a session of its own (D-Bus is needed: without it wireplumber dies and streams hang),
with its socket and settings in one private folder. A null sink has one channel for the stimulus and four for the
amplifier; the rig's and the unit's outputs are remapped into it, and its monitor is the one capture that holds all
five. PortAudio reaches them as ALSA devices, by an ALSA configuration that includes the system's own (PortAudio's
device scan aborts the process without it). PipeWire rather than PulseAudio: see docs/how-to-sound-without-hardware.md.

One set of sinks serves one rig: two rigs on it would hear each other, so whoever runs cases on it says so by a lock.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO

from harness.foundation.clock import pause
from harness.foundation.errors import BadInput, RigFault

CAPTURE, RIG_OUT, UNIT_OUT = "hil_capture", "hil_mic", "hil_amp"
"""The devices: all lines; the rig's output; the unit's output."""
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


def default_sinks() -> Path:
    """Where ``hil sound up`` keeps its sinks unless told otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "headunit-hil" / "sound"


def place_of(setting: bool | str) -> Path:
    """The folder that a rig file's ``sinks`` means."""
    return default_sinks() if setting is True else Path(str(setting)).expanduser().resolve()


def sinks_socket(place: Path) -> Path:
    return place / "run" / "pulse" / "native"


def sinks_environment(place: Path) -> dict[str, str]:
    """What a process needs to reach the sinks in ``place``; to be set before PortAudio is loaded."""
    return {"PULSE_SERVER": f"unix:{sinks_socket(place)}", "ALSA_CONFIG_PATH": str(place / "asound.conf")}


def missing() -> list[str]:
    """What has to be installed first: programs and libraries that are not there."""
    from ctypes.util import find_library
    from importlib.util import find_spec

    absent = [program for program in NEEDED if shutil.which(program) is None]
    absent += [] if find_library("portaudio") else ["libportaudio2"]
    return absent + ([] if find_spec("sounddevice") else ["the Python package sounddevice"])


def why_missing(absent: list[str]) -> str:
    return (
        f"{', '.join(absent)} missing: apt-get install --no-install-recommends {PACKAGES}; "
        "pip install 'headunit-hil[sound]'"
    )


def start(place: Path) -> None:
    """RigFault, and nothing left behind, when the server does not answer within ``WAIT_S``."""
    absent = missing()
    if absent:
        raise RigFault(why_missing(absent))
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
        _await(lambda: running(place), "the sinks do not appear")
    except RigFault:
        stop(place)
        raise


def stop(place: Path) -> bool:
    """Whether there was anything to stop."""
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


def running(place: Path) -> bool:
    return _pid(place) is not None and "hil_amp" in (_pactl(place, "list", "short", "sinks") or "")


def occupy(place: Path) -> IO[str]:
    """Take the sinks for one rig until the file is closed or this process ends. RigFault when another has them."""
    import fcntl

    file = (place / "in use").open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise RigFault(
            f"another rig is using the null sinks in {place}. Wait for it, or give this rig its own: "
            "'hil sound up --dir DIR' and 'sinks: DIR' in the rig file"
        ) from None
    return file


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
