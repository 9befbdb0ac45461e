"""Two people with phones on one adb server, two cars, one service: what the tests of phones live in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.foundation.clock import WallClock
from harness.foundation.units import MS, S
from harness.phone.android import AndroidService
from harness.phone.dialog import Dialog, load_dialog
from harness.phone.events import CodeConfirmed, SessionRevoked
from harness.phone.pool import AccountPool, PhoneAccount
from harness.rig.adb import Device

ROLES = {"acct-driver": "driver", "acct-contact": "contact", "acct-other": "other"}
NOON = "2026-05-05T12:00:00+00:00"


def quick(name: str) -> Dialog:
    """The dialog, but what is not there at once is not waited for: this phone draws at once."""
    dialog = load_dialog(name)
    for action in dialog.actions.values():
        action.steps[:] = [s.model_copy(update={"within": 100 * MS}) for s in action.steps]
    return dialog


class Car:
    """A unit at the service, which is told at once."""

    def __init__(self, service: Any, serial: str) -> None:
        self.serial = serial
        self._service = service
        self.token = ""
        service.call("register_unit", serial, f"key of {serial}")
        service.backend.on_push(serial, self._told)

    def _told(self, event: Any) -> None:
        if isinstance(event, CodeConfirmed):
            self.token = event.token
        if isinstance(event, SessionRevoked) and event.token == self.token:
            self.token = ""

    def code(self) -> str:
        return str(self._service.call("new_code", self.serial))

    def logged_in(self) -> bool:
        return bool(self.token) and self._service.call("session", self.token) is not None

    def send_voice(self, to: str, samples: Any, rate: int) -> None:
        raise AssertionError("a screen shows no sound")


@dataclass
class Street:
    """Two people with phones on one adb server, two cars, one service."""

    clock: WallClock
    phones: list[Any]
    apps: list[Any]
    service: Any
    cars: list[Car]
    server: Any
    state: Path
    opened: list[AndroidService]

    def open(self, *, dump: bool = True, budget: int = 100, **more: Any) -> AndroidService:
        accounts = [
            PhoneAccount("Lin Yue", "driver", "PHONE1", budget),
            PhoneAccount("Wang Fang", "contact", "PHONE2", budget),
        ]
        service = AndroidService(
            self.clock, AccountPool(accounts, self.state, lambda: NOON),
            more.pop("dialog", None) or quick("generic"),
            lambda serial: Device(self.clock, serial, self.server.address),
            roles=ROLES, dump=dump, look_every=100 * MS, **more,
        )  # fmt: skip
        self.opened.append(service)
        return service

    def wait(self, until: Callable[[], object]) -> None:
        end = self.clock.now() + 10 * S
        while not until():
            assert self.clock.now() < end
            self.clock.run_until(self.clock.now() + 10 * MS)
