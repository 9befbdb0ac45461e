"""Android devices as a rig fits them: the unit's screen and log, and people's phones, all over an adb server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from harness.bench.people import PEOPLE
from harness.rig.adb import DEFAULT_SERVER, Device
from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Duration, Settings, checked


class AdbSettings(Settings):
    """``server``: where ``adb`` listens, "host:port"."""

    server: str = Field(default=DEFAULT_SERVER, pattern=r"^[^:\s]+:\d+$")


class UnitSettings(AdbSettings):
    """``serial`` as ``adb devices`` lists the unit ("192.168.0.5:5555" over the network)."""

    serial: str = Field(min_length=1)


class ScreenSettings(UnitSettings):
    every: Duration = 200_000_000
    format: Literal["raw", "png"] = "raw"
    display: str = Field(default="", pattern=r"^\d*$")
    stall: Duration = 3_000_000_000


class LogSettings(UnitSettings):
    """``gaps: accepted``: go on after lines were lost (a restart of the unit), with the gap in the record only."""

    buffers: list[Literal["main", "system", "crash", "events", "radio", "kernel", "security"]] = Field(
        default=["main", "system", "crash"], min_length=1
    )
    latency: Duration = 100_000_000
    ask_every: Duration = 1_000_000_000
    gaps: Literal["blocked", "accepted"] = "blocked"
    stall: Duration = 3_000_000_000


class AccountSettings(Settings):
    """``name`` as other people's phones show it; ``logins_per_day`` has no default: only whoever knows the service's
    patience can say."""

    name: str = Field(min_length=1)
    role: Literal["driver", "contact", "other"]
    serial: str = Field(min_length=1)
    logins_per_day: int = Field(ge=0)


class PhoneSettings(AdbSettings):
    """``dialog``: a name from harness/phone/dialogs, or a file. ``state``: where logins are counted, over runs.
    ``mouth``: an output of this computer that is wired to the phones' microphones."""

    dialog: str = Field(min_length=1)
    eyes: Literal["uiautomator2", "dump"] = "uiautomator2"
    accounts: list[AccountSettings] = Field(min_length=1)
    state: str = ""
    look_every: Duration = 2_000_000_000
    mouth: str = ""
    stall: Duration = 15_000_000_000

    @model_validator(mode="after")
    def _one_phone_each(self) -> PhoneSettings:
        for key in ("serial", "name"):
            seen = [getattr(account, key) for account in self.accounts]
            twice = sorted({value for value in seen if seen.count(value) > 1})
            if twice:
                raise ValueError(
                    f"two accounts have the {key} {', '.join(twice)}. One account to a phone, one phone each"
                )
        return self


def screen(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: android, serial: HU0001, every: 200 ms}``."""
    from harness.judging.views import codes_on
    from harness.screen.android import AndroidScreen

    s = checked(ScreenSettings, name, settings)
    port = AndroidScreen(
        site.clock,
        Device(site.clock, s.serial, s.server),
        every=s.every,
        raw=s.format == "raw",
        display=s.display,
        stall=s.stall,
        prepare=codes_on,  # codes are read where the pictures are taken: the bus cannot wait for it
    )
    return Fitted(port)


def console(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: logcat, serial: HU0001}``."""
    from harness.console.logcat import LogcatConsole

    s = checked(LogSettings, name, settings)
    port = LogcatConsole(
        site.clock,
        Device(site.clock, s.serial, s.server),
        buffers=s.buffers,
        latency=s.latency,
        ask_every=s.ask_every,
        accept_gaps=s.gaps == "accepted",
        stall=s.stall,
    )
    return Fitted(port)


def phone(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: android, dialog: rigs/dialogs/app.yaml, accounts: [{name: ..., role: driver, serial: ...,
    logins_per_day: 5}, ...]}``."""
    from harness.phone.android import AndroidService
    from harness.phone.dialog import load_dialog
    from harness.phone.mouth import OutputMouth
    from harness.phone.pool import AccountPool, PhoneAccount

    s = checked(PhoneSettings, name, settings)
    accounts = [PhoneAccount(a.name, a.role, a.serial, a.logins_per_day) for a in s.accounts]
    port = AndroidService(
        site.clock,
        AccountPool(accounts, Path(s.state).expanduser() if s.state else default_state()),
        load_dialog(s.dialog),
        lambda serial: Device(site.clock, serial, s.server),
        roles={person.account: person.role for person in PEOPLE},
        dump=s.eyes == "dump",
        mouth=OutputMouth(s.mouth) if s.mouth else None,
        look_every=s.look_every,
        stall=s.stall,
    )
    return Fitted(port)


def default_state() -> Path:
    """Where this user's programs keep state (XDG Base Directory Specification: XDG_STATE_HOME)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "headunit-hil" / "accounts.json"
