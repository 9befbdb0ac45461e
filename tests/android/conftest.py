"""Phones and Android units on a fake adb server that speaks the real host protocol."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests import no test files, and this is none


PURE = ("test_pool", "test_android_dialog", "test_logcat_clock")


@pytest.fixture(autouse=True)
def extra(request: pytest.FixtureRequest) -> None:
    """Without the extra "phone" these tests are skipped by name, but for those that need no device."""
    if request.module.__name__.rpartition(".")[2] not in PURE:
        for package in ("adbutils", "uiautomator2"):
            pytest.importorskip(package, reason="the extra 'phone' is not installed")


@pytest.fixture
def android() -> Any:
    from fake_adb.android import Android

    return Android("FAKE0001")


@pytest.fixture
def server(android: Any) -> Iterator[Any]:
    from fake_adb.server import FakeAdbServer

    server = FakeAdbServer(android)
    yield server
    server.close()


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Any]:
    from fake_adb.android import Android
    from fake_adb.messenger import Messenger, Service
    from fake_adb.server import FakeAdbServer
    from fake_adb.street import Car, Street

    from harness.foundation.clock import WallClock

    clock = WallClock()
    service = Service(clock.now)
    for name in ("Lin Yue", "Wang Fang"):
        service.backend.add_account(name, name)
    service.backend.befriend("Lin Yue", "Wang Fang")
    phones = [Android("PHONE1"), Android("PHONE2")]
    apps = [Messenger(p, service, n) for p, n in zip(phones, ("Lin Yue", "Wang Fang"), strict=True)]
    server = FakeAdbServer(*phones)
    cars = [Car(service, serial) for serial in ("HU-1", "HU-2")]
    street = Street(clock, phones, apps, service, cars, server, tmp_path / "accounts.json", [])
    yield street
    for one in street.opened:
        one.close()
    server.close()
