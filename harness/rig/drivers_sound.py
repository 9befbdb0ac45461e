"""Real sound for the driver table: PortAudio on named devices, or on the null sinks of ``hil sound up``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from harness.audio.port import MICROPHONE, SPEAKERS
from harness.foundation.errors import RigFault
from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Duration, Settings, checked

if TYPE_CHECKING:
    from harness.audio.portaudio import PortAudio
    from harness.foundation.clock import Clock

CAPTURE, RIG_OUT, UNIT_OUT = "hil_capture", "hil_mic", "hil_amp"
"""The devices ``hil sound up`` makes: all lines; the rig's output; the unit's output."""
_ORDER = (MICROPHONE, *SPEAKERS)
_REMEDY = "Write 'sinks: true' after 'hil sound up', or name both devices"


class SoundSettings(Settings):
    """``capture``, ``output``: PortAudio's device names or numbers; or ``sinks``: true, or the folder given to ``hil
    sound up``. ``lines``: capture channel of each line. ``calibration``: the file of ``hil rig calibrate``; without one
    ``measure`` measures the loop whenever the rig is opened (null sinks do)."""

    capture: str | int | None = None
    output: str | int | None = None
    sinks: bool | str = False
    lines: dict[str, int] = {line: channel for channel, line in enumerate(_ORDER)}  # noqa: RUF012 - pydantic copies it
    calibration: Path | None = None
    measure: bool | None = None
    latency: Duration = Field(default=100_000_000, gt=0, le=2_000_000_000)
    keep: Duration = Field(default=600_000_000_000, ge=10_000_000_000)

    @model_validator(mode="after")
    def _whole(self) -> SoundSettings:
        if not self.sinks and (self.capture is None or self.output is None):
            raise ValueError(f"capture or output is missing. {_REMEDY}")
        unknown = sorted(set(self.lines) - set(_ORDER))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no line. Lines are {', '.join(_ORDER)}")
        if len(set(self.lines.values())) < len(self.lines) or min(self.lines.values(), default=0) < 0:
            raise ValueError("two lines on one channel, or a negative one. Give each its own, from 0 on")
        return self

    @property
    def measured_on_opening(self) -> bool:
        wanted = bool(self.sinks) if self.measure is None else self.measure
        return wanted and self.calibration is None


def audio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The rig's end. BadInput for a wrong setting, RigFault where sound is missing or its calibration has expired."""
    return Fitted(open_sound(site.clock, checked(SoundSettings, name or "audio", settings)))


def unit_audio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The end of a simulated unit on the same null sinks: it plays the amplifier's channels."""
    plays = {line: channel for channel, line in enumerate(SPEAKERS)}
    return Fitted(open_sound(site.clock, checked(SoundSettings, name or "audio", settings), UNIT_OUT, plays))


def default_sinks() -> Path:
    """Where ``hil sound up`` keeps its sinks unless told otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "headunit-hil" / "sound"


def sinks_socket(place: Path) -> Path:
    return place / "run" / "pulse" / "native"


def sinks_environment(place: Path) -> dict[str, str]:
    """What a process needs to reach the sinks in ``place``; to be set before PortAudio is loaded."""
    return {"PULSE_SERVER": f"unix:{sinks_socket(place)}", "ALSA_CONFIG_PATH": str(place / "asound.conf")}


def open_sound(
    clock: Clock, settings: SoundSettings, output: str = RIG_OUT, plays: Mapping[str, int] | None = None
) -> PortAudio:
    """The port, its loop calibrated or measured as the settings say. ``output`` and ``plays`` are used on sinks."""
    from harness.audio.calibration import load
    from harness.audio.portaudio import PortAudio
    from harness.foundation.clock import civil_time

    if settings.sinks:
        place = default_sinks() if settings.sinks is True else Path(str(settings.sinks)).expanduser().resolve()
        if not sinks_socket(place).exists():
            raise RigFault(f"no null sinks in {place}. Start them: hil sound up")
        # PortAudio's ALSA has no other way of being told; it is read once, when the library is loaded
        os.environ.update(sinks_environment(place))
    loop = None
    if settings.calibration is not None:
        kept = load(settings.calibration)
        if kept.expired(civil_time()[:10]):
            raise RigFault(
                f"{settings.calibration}: the sound calibration of {kept.measured} expired on {kept.expires}. "
                "Measure it again: hil rig calibrate"
            )
        loop = kept.loop
    port = PortAudio(
        clock,
        CAPTURE if settings.capture is None else settings.capture,
        output if settings.output is None else settings.output,
        lines=settings.lines,
        plays=plays,
        loop=loop,
        latency=settings.latency / 1e9,
        keep=settings.keep,
    )
    if settings.measured_on_opening:
        try:
            port.adopt(port.measure_loop(next(iter(plays or [MICROPHONE]))))
        except BaseException:
            port.close()
            raise
    return port
