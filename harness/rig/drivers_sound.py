"""Real sound for the driver table: PortAudio on named devices, or on the null sinks of ``hil sound up``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from harness.audio.port import MICROPHONE, SPEAKERS
from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import Ns, S
from harness.rig.drivers import Fitted, Site
from harness.rig.lasting import Lasting
from harness.rig.settings import Duration, Settings, checked
from harness.rig.sinks import (
    CAPTURE,
    RIG_OUT,
    UNIT_OUT,
    occupy,
    place_of,
    running,
    sinks_environment,
    sinks_socket,
    start,
    stop,
)

if TYPE_CHECKING:
    from harness.audio.portaudio import PortAudio
    from harness.audio.shifted import Shifted
    from harness.foundation.clock import Clock
    from harness.rig.load import RigFile

UNIT_PLAYS: Mapping[str, int] = {line: channel for channel, line in enumerate(SPEAKERS)}
SILENT = "HIL_NO_SOUND"
"""With this variable set a rig whose sound is optional has none: for computers too slow for it."""
UNIT_KEEPS: Ns = 200 * S
"""A unit looks back as far as its longest recording."""
_ORDER = (MICROPHONE, *SPEAKERS)
_REMEDY = "Write 'sinks: true' after 'hil sound up', or name both devices"


class SoundSettings(Settings):
    """``capture``, ``output``: PortAudio's device names or numbers; or ``sinks``: true, or the folder given to ``hil
    sound up``. ``lines``: capture channel of each line. ``calibration``: the file of ``hil rig calibrate``; without one
    ``measure`` measures the loop whenever the rig is opened (null sinks do). ``optional``: where the sinks do not run,
    the rig has no sound and judges none."""

    capture: str | int | None = None
    output: str | int | None = None
    sinks: bool | str = False
    optional: bool = False
    lines: dict[str, int] = {line: channel for channel, line in enumerate(_ORDER)}  # noqa: RUF012 - pydantic copies it
    calibration: Path | None = None
    measure: bool | None = None
    latency: Duration = Field(default=100_000_000, gt=0, le=2_000_000_000)
    keep: Duration = Field(default=600_000_000_000, ge=10_000_000_000)

    @model_validator(mode="after")
    def _whole(self) -> SoundSettings:
        if not self.sinks and (self.capture is None or self.output is None):
            raise ValueError(f"capture or output is missing. {_REMEDY}")
        if self.optional and not self.sinks:
            raise ValueError("only null sinks can be optional. A rig without sound says 'driver: none'")
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
    """The rig's end. BadInput for a wrong setting, RigFault where sound is missing or its calibration has expired.

    One stream serves all cases of a process where the site keeps things: opening and measuring it takes 4 s."""
    wanted = checked(SoundSettings, name or "audio", settings)
    why = absent(wanted)
    if why:
        from harness.audio.none import NoAudio

        return Fitted(NoAudio(why))
    if not isinstance(site.clock, WallClock):
        return Fitted(open_sound(site.clock, wanted))
    if site.lasting is None:
        only = Stream(wanted)
        return Fitted(only.share(site.clock, then=only.close))
    stream = site.lasting.get(f"sound {wanted!r}", lambda: Stream(wanted), Stream.good)
    return Fitted(stream.share(site.clock))


def unit_audio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The end of a simulated unit on the same null sinks: it plays the amplifier's channels."""
    wanted = checked(SoundSettings, name or "audio", settings)
    return Fitted(open_sound(site.clock, wanted, UNIT_OUT, UNIT_PLAYS))


def absent(settings: SoundSettings, environment: Mapping[str, str] = os.environ) -> str:
    """Why this rig has no sound, where its file allows that; else ""."""
    if not settings.optional or not settings.sinks:
        return ""
    if environment.get(SILENT):
        return f"this rig has no sound now ({SILENT} is set)"
    if running(place_of(settings.sinks)):
        return ""
    return "this rig has no sound now (its null sinks are not running: hil sound up)"


@contextmanager
def sinks_of(rig: RigFile, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The null sinks this rig wants, for as long as the block lasts: running ones are left alone, others are started
    and ended. Yields why there are none after all, or "". RigFault when the rig cannot do without them."""
    port = rig.model.audio
    settings = checked(SoundSettings, "audio", port.settings) if port.driver == "portaudio" else None
    if settings is None or not settings.sinks:
        yield ""
        return
    if settings.optional and environment.get(SILENT):
        yield f"{rig.path.name} has no sound, what needs it is NOT APPLICABLE: {SILENT} is set"
        return
    if running(place := place_of(settings.sinks)):
        yield ""
        return
    try:
        start(place)
    except RigFault as why:
        if not settings.optional:
            raise
        yield f"{rig.path.name} has no sound, what needs it is NOT APPLICABLE: {why}"
        return
    try:
        yield ""
    finally:
        stop(place)


class UnitSound:
    """The sound device of a simulated unit in a process of its own, kept for unit after unit. ``settings``: the rig's
    ``audio``, or None when the unit has no sound to be heard."""

    def __init__(self, settings: dict[str, object] | None) -> None:
        """Nothing is opened yet. BadInput for a wrong setting."""
        self._settings = None if settings is None else checked(SoundSettings, "audio", settings)
        self._lasting = Lasting()

    def share(self, clock: WallClock) -> tuple[Shifted, Ns] | None:
        """The device on this clock, and its latency. RigFault when it cannot be opened."""
        if self._settings is None or not self._settings.sinks or absent(self._settings):
            return None
        wanted = self._settings.model_copy(update={"keep": min(UNIT_KEEPS, self._settings.keep)})
        stream = self._lasting.get("unit", lambda: Stream(wanted, unit=True), Stream.good)
        return stream.share(clock), wanted.latency

    def close(self) -> None:
        self._lasting.close()


class Stream:
    """A stream that outlives a case, on a clock of its own. The rig's end takes the sinks for this process."""

    def __init__(self, settings: SoundSettings, unit: bool = False) -> None:
        """RigFault as from ``open_sound``, and when another rig has the sinks."""
        self._clock = WallClock()
        self._lock = occupy(place_of(settings.sinks)) if settings.sinks and not unit else None
        try:
            self.port = open_sound(self._clock, settings, *((UNIT_OUT, UNIT_PLAYS) if unit else ()))
        except BaseException:
            self._free()
            raise
        self._stumbles = self.port.stumbles

    def good(self) -> bool:
        """False when frames were lost since the loop was measured: it may be another one now."""
        return self.port.alive and self.port.stumbles == self._stumbles

    def share(self, clock: WallClock, then: Callable[[], None] = lambda: None) -> Shifted:
        """The port on this clock's time line; ``then`` is done when it is closed."""
        from harness.audio.shifted import Shifted

        return Shifted(self.port, clock.zero - self._clock.zero, then)

    def close(self) -> None:
        try:
            self.port.close()
        finally:
            self._free()

    def _free(self) -> None:
        if self._lock is not None:
            self._lock.close()


def open_sound(
    clock: Clock, settings: SoundSettings, output: str = RIG_OUT, plays: Mapping[str, int] | None = None
) -> PortAudio:
    """The port, its loop calibrated or measured as the settings say. ``output`` and ``plays`` are used on sinks."""
    from harness.audio.calibration import load
    from harness.audio.portaudio import PortAudio
    from harness.foundation.clock import civil_time

    if settings.sinks:
        place = place_of(settings.sinks)
        if not sinks_socket(place).exists():
            raise RigFault(f"no null sinks in {place}. Start them: hil sound up")
        # PortAudio's ALSA has no other way of being told; it is read once, when the library is loaded
        os.environ.update(sinks_environment(place))
    loop, kept = None, None
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
    port.calibrated = "" if kept is None else kept.measured
    if settings.measured_on_opening:
        try:
            port.adopt(port.measure_loop(next(iter(plays or [MICROPHONE]))))
        except BaseException:
            port.close()
            raise
    return port
