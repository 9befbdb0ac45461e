"""Lines and the network link as a rig fits them: relay boards, GPIO pins, netem."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Duration, Settings, checked

LineName = Literal["KL15", "ACC", "reverse", "bus_short"]


class RelaySettings(Settings):
    """``channels``: which line hangs on which channel, as the board counts. ``inverted``: lines on the contact that
    opens. ``settle``: until a contact is at rest."""

    url: str = Field(min_length=1)
    protocol: Literal["lcus", "numato", "devantech"]
    channels: dict[LineName, int] = Field(min_length=1)
    inverted: tuple[LineName, ...] = ()
    baud: int = Field(default=9600, gt=0)
    settle: Duration = 15_000_000
    timeout: Duration = 500_000_000
    stall: Duration = 2_000_000_000

    @model_validator(mode="after")
    def _wired(self) -> RelaySettings:
        from harness.io.relay import PROTOCOLS

        board = PROTOCOLS[self.protocol]
        for line, channel in self.channels.items():
            if not board.first <= channel <= board.last:
                raise ValueError(
                    f"{line} is on channel {channel}, {board.name} boards count from {board.first} to {board.last}. "
                    f"Look at the numbers printed on the board"
                )
        _apart(self.channels)
        _known(self.inverted, self.channels)
        return self


class GpioSettings(Settings):
    """``pins``: which line hangs on which offset of ``chip``."""

    chip: str = "/dev/gpiochip0"
    pins: dict[LineName, int] = Field(min_length=1)
    active_low: tuple[LineName, ...] = ()
    settle: Duration = 0
    stall: Duration = 1_000_000_000

    @model_validator(mode="after")
    def _wired(self) -> GpioSettings:
        if any(pin < 0 for pin in self.pins.values()):
            raise ValueError("a pin has a negative offset. 'gpioinfo' shows them")
        _apart(self.pins)
        _known(self.active_low, self.pins)
        return self


class NetemSettings(Settings):
    """``interface`` leads to the unit (15 characters at most, as the kernel has it)."""

    interface: str = Field(min_length=1, max_length=15)
    ifb: str = Field(default="hil-ifb", min_length=1, max_length=15)
    prefix: tuple[str, ...] = ()
    stall: Duration = 1_000_000_000


def relay(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: relay, url: /dev/ttyUSB1, protocol: numato, channels: {KL15: 0, ACC: 1}}``."""
    from harness.io.relay import PROTOCOLS, RelayBoard

    s = checked(RelaySettings, name, settings)
    port = RelayBoard(
        site.clock,
        s.url,
        PROTOCOLS[s.protocol],
        {str(line): channel for line, channel in s.channels.items()},
        inverted=s.inverted,
        baud=s.baud,
        settle=s.settle,
        timeout=s.timeout,
        stall=s.stall,
    )
    return Fitted(port)


def gpio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: gpio, chip: /dev/gpiochip0, pins: {KL15: 17, ACC: 27}, active_low: [ACC]}``."""
    from harness.io.gpio import GpioLines, request

    s = checked(GpioSettings, name, settings)
    pins = request(s.chip, tuple(s.pins.values()), [s.pins[line] for line in s.active_low])
    return Fitted(
        GpioLines(site.clock, pins, {str(line): pin for line, pin in s.pins.items()}, settle=s.settle, stall=s.stall)
    )


def netem(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: netem, interface: wlan0, prefix: [sudo, -n]}``."""
    from harness.network.netem import Netem

    s = checked(NetemSettings, name, settings)
    return Fitted(Netem(site.clock, s.interface, ifb=s.ifb, prefix=s.prefix, stall=s.stall))


def _apart(wired: dict[LineName, int]) -> None:
    if len(set(wired.values())) < len(wired):
        raise ValueError("two lines hang on one channel. Give each its own")


def _known(lines: tuple[LineName, ...], wired: dict[LineName, int]) -> None:
    if strange := sorted(set(lines) - set(wired)):
        raise ValueError(f"{strange[0]} is not among the wired lines. Add it there or leave it out here")
