"""The driver table: what stands behind each port. Imported only when a rig asks for it.

A row is (room, name) -> Driver(where, clock): ``where`` is ``module:function``; the function takes (Site, name of the
port, settings) and returns a Fitted: the port, and for a memory driver the far end that a simulated unit holds. A rig
file may name ``package.module:function`` instead of a name in the table.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from harness.foundation.clock import Clock

if TYPE_CHECKING:
    from harness.rig.lasting import Lasting
    from harness.vehicle.vehicle import Vehicle


class Driver(NamedTuple):
    where: str
    clocks: tuple[str, ...]


DRIVERS: dict[tuple[str, str], Driver] = {
    ("can", "memory"): Driver("harness.rig.embedded:can", ("virtual",)),
    ("audio", "memory"): Driver("harness.rig.embedded:audio", ("virtual",)),
    ("supply", "memory"): Driver("harness.rig.embedded:supply", ("virtual",)),
    ("console", "memory"): Driver("harness.rig.embedded:console", ("virtual",)),
    ("screen", "memory"): Driver("harness.rig.embedded:screen", ("virtual",)),
    ("phone", "memory"): Driver("harness.rig.embedded:phone", ("virtual",)),
    ("network", "memory"): Driver("harness.rig.embedded:network", ("virtual",)),
    ("io", "memory"): Driver("harness.rig.embedded:io", ("virtual",)),
    ("audio", "none"): Driver("harness.rig.drivers_loop:no_audio", ("wall",)),
    ("screen", "http"): Driver("harness.rig.drivers_loop:screen", ("wall",)),
    ("screen", "camera"): Driver("harness.rig.drivers_camera:camera", ("wall",)),
    ("phone", "http"): Driver("harness.rig.drivers_loop:phone", ("wall",)),
    ("network", "line"): Driver("harness.rig.drivers_loop:network", ("wall",)),
    ("audio", "portaudio"): Driver("harness.rig.drivers_sound:audio", ("wall",)),
    ("console", "serial"): Driver("harness.rig.drivers_serial:console", ("wall",)),
    ("supply", "scpi"): Driver("harness.rig.drivers_instruments:supply", ("wall",)),
    ("io", "relay"): Driver("harness.rig.drivers_lines:relay", ("wall",)),
    ("io", "gpio"): Driver("harness.rig.drivers_lines:gpio", ("wall",)),
    ("network", "netem"): Driver("harness.rig.drivers_lines:netem", ("wall",)),
    ("can", "python-can"): Driver("harness.rig.drivers_can:can", ("wall",)),
    ("screen", "android"): Driver("harness.rig.drivers_android:screen", ("wall",)),
    ("console", "logcat"): Driver("harness.rig.drivers_android:console", ("wall",)),
    ("phone", "android"): Driver("harness.rig.drivers_android:phone", ("wall",)),
}


@dataclass(frozen=True)
class Site:
    """What a driver may know when it is opened."""

    clock: Clock
    vehicle: Vehicle
    rng: random.Random
    lasting: Lasting | None = None
    """Where a driver keeps what outlives a case; None when there is only this one."""


@dataclass(frozen=True)
class Fitted:
    port: Any
    far: Any = None


class Fit(Protocol):
    def __call__(self, site: Site, name: str, settings: dict[str, object]) -> Fitted: ...


def fit(driver: Driver) -> Fit:
    """The function behind a row. ImportError where an extra is missing (the caller says which rig line asked for
    it)."""
    module, _, function = driver.where.partition(":")
    found: Fit | None = getattr(import_module(module), function, None)
    if found is None:
        raise ImportError(f"{module} has no {function!r}")
    return found
