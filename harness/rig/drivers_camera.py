"""A camera as the screen of a rig: device, stream or still pictures; corners from the rig file or its alignment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator, model_validator

from harness.foundation.errors import BadInput, HarnessError
from harness.rig.drivers import DRIVERS, Driver, Fitted, Site, fit
from harness.rig.settings import Duration, Settings, checked

if TYPE_CHECKING:
    from harness.foundation.clock import Clock
    from harness.screen.camera import View
    from harness.screen.camera_source import Source

NAMES = ("camera", "harness.rig.drivers_camera:camera")
_SOURCES = ("device", "url", "still")


class CameraSettings(Settings):
    """One of ``device`` (number or path), ``url`` (stream or file) and ``still`` (a picture's address). ``latency``:
    the longest time from the beginning of an exposure until the picture is here. ``corners`` in the rig file go before
    those of ``calibration``, the file of ``hil rig align``. ``toucher``: another screen driver with its settings."""

    device: int | str | None = None
    url: str | None = None
    still: str | None = None
    resolution: tuple[int, int] | None = None
    rate: float | None = Field(default=None, gt=0, le=240)
    fourcc: str | None = Field(default=None, min_length=4, max_length=4)
    controls: dict[str, float] = {}  # noqa: RUF012 - pydantic copies it
    latency: Duration = Field(default=1_000_000_000, gt=0, le=10_000_000_000)
    noise: Literal["sensor", "none"] = "sensor"
    threshold: float = Field(default=25.0, gt=0, lt=255)
    stall: Duration = Field(default=2_000_000_000, ge=100_000_000)
    corners: tuple[tuple[float, float], ...] | None = None
    size: tuple[int, int] | None = None
    calibration: Path | None = None
    keep: int = Field(default=1024, ge=16)
    toucher: dict[str, Any] | None = None

    @field_validator("corners")
    @classmethod
    def _round(cls, value: tuple[tuple[float, float], ...] | None) -> tuple[tuple[float, float], ...] | None:
        from harness.screen.perspective import corners_from

        return None if value is None else corners_from(value)

    @field_validator("resolution", "size")
    @classmethod
    def _sizes(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        if value is not None and not all(8 <= side <= 16384 for side in value):
            raise ValueError("a picture that size is not one. Write [width, height] in pixels, such as [1280, 720]")
        return value

    @model_validator(mode="after")
    def _whole(self) -> CameraSettings:
        from harness.screen.camera_source import CONTROLS

        given = [key for key in _SOURCES if getattr(self, key) is not None]
        if len(given) != 1:
            said = "no camera is named" if not given else f"{' and '.join(given)} are named together"
            raise ValueError(
                f"{said}. Write one of 'device: 0', 'url: http://.../stream', 'still: http://.../snap.jpg'"
            )
        asked = [key for key in ("resolution", "fourcc", "controls") if getattr(self, key)]
        if self.device is None and asked:
            raise ValueError(f"{asked[0]} is for a device. Set a network camera by its own pages")
        if self.url is not None and self.rate is not None:
            raise ValueError("rate is for a device or still pictures. A stream has the rate its camera gives it")
        if self.still is not None and not self.still.startswith(("http://", "https://")):
            raise ValueError("still is no address. Write it like 'http://192.168.1.20/snap.jpg'")
        unknown = sorted(set(self.controls) - set(CONTROLS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no control. Controls are {', '.join(CONTROLS)}")
        if self.corners is not None and self.size is None:
            raise ValueError("corners without size. Give the screen's own pixels: 'size: [1920, 720]'")
        if self.toucher is not None and not isinstance(self.toucher.get("driver"), str):
            raise ValueError("a toucher is a screen driver. Write 'toucher: {driver: NAME, ...}'")
        return self


def camera(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: camera, device: 0, resolution: [1280, 720], latency: 80 ms, calibration: rigs/bench.camera.json}``.
    BadInput for a wrong setting, RigFault for a camera or an alignment that will not do."""
    from harness.judging.views import codes_on
    from harness.screen.camera import Camera

    s = checked(CameraSettings, name or "screen", settings)
    # codes are read where the pictures are cut out: judging cannot wait for it
    finger = None if s.toucher is None else _toucher(site, name, s.toucher)
    try:
        source = open_source(site.clock, s)
        port = Camera(
            site.clock,
            source,
            view(s, source),
            latency=s.latency,
            noise=s.noise == "sensor",
            threshold=s.threshold,
            stall=s.stall,
            toucher=finger,
            prepare=codes_on,
            keep=s.keep << 20,
        )
    except BaseException:
        if finger is not None:
            finger.close()
        raise
    return Fitted(port)


def open_source(clock: Clock, s: CameraSettings) -> Source:
    """The camera of the settings. RigFault when it does not open."""
    from harness.screen.camera_source import Still, Video

    if s.still is not None:
        return Still(clock, s.still, s.rate or 5.0)
    if s.device is not None:
        return Video(clock, s.device, resolution=s.resolution, rate=s.rate, fourcc=s.fourcc, controls=s.controls)
    return Video(clock, s.url or "")


def view(s: CameraSettings, source: Source) -> View:
    """How the screen is cut out. RigFault for an alignment that no longer holds for what ``source`` gives."""
    from harness.foundation.clock import civil_time
    from harness.screen.alignment import load
    from harness.screen.camera import View
    from harness.screen.perspective import WHOLE, corners_from

    if s.corners is not None:
        return View(corners_from(s.corners), s.size)
    if s.calibration is None:
        return View(WHOLE, s.size)
    kept = load(s.calibration)
    try:
        seen = source.grab(_no_wait).pixels
        kept.demand(civil_time()[:10], (seen.shape[1], seen.shape[0]), s.calibration)
    except BaseException:
        source.close()
        raise
    return View(kept.corners, s.size or kept.size)


def _no_wait(_seconds: float) -> None:
    """The first picture is due at once."""


def _toucher(site: Site, name: str, settings: dict[str, Any]) -> Any:
    wanted = str(settings["driver"])
    known = [n for room, n in DRIVERS if room == "screen" and n != "camera"]
    driver = Driver(wanted, (site.clock.kind,)) if ":" in wanted else DRIVERS.get(("screen", wanted))
    if driver is None or site.clock.kind not in driver.clocks:
        raise BadInput(
            f"rig file, {name or 'screen'}", None, f"toucher.driver = {wanted!r}", "no such driver can touch here",
            f"Known screens are {', '.join(known)}; or name your own as package.module:function.",
        )  # fmt: skip
    port = fit(driver)(site, name, {k: v for k, v in settings.items() if k != "driver"}).port
    if not hasattr(port, "touch"):
        raise HarnessError(f"{driver.where} makes nothing with a touch(x, y)")
    return port
