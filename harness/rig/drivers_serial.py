"""Serial lines as a rig fits them."""

from __future__ import annotations

from pydantic import Field

from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Duration, Settings, checked


class SerialSettings(Settings):
    """``url``: a device ("/dev/ttyUSB0", "COM3"), a pty, or what pyserial knows (socket://, rfc2217://, loop://)."""

    url: str = Field(min_length=1)
    baud: int = Field(default=115_200, gt=0)
    latency: Duration | None = None
    stall: Duration = 1_000_000_000


def console(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: serial, url: /dev/ttyUSB0, baud: 921600, latency: 1 ms}``."""
    from harness.console.serial import SerialConsole

    s = checked(SerialSettings, name, settings)
    return Fitted(SerialConsole(site.clock, s.url, s.baud, latency=s.latency, stall=s.stall))
