"""Ends of the loop rig's plugs: the unit's side in a thread with a clock of its own, as its process has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.foundation.clock import WallClock
from harness.foundation.desk import Desk
from harness.phone.http import HttpService
from harness.rig.plant import Member


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def unit_side(clock: WallClock) -> Iterator[tuple[WallClock, Desk]]:
    """(clock, desk) of a thread that works as the unit's process does."""
    own, desk, stop = WallClock(zero=clock.zero), Desk(), threading.Event()
    thread = threading.Thread(target=desk.work, args=(own, stop.is_set))
    thread.start()
    yield own, desk
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def service(clock: WallClock, tmp_path: Path) -> Iterator[Any]:
    """The messaging service as a real process, with two people."""
    member = Member("messaging-service", ["harness.phone.server", "--orders"], tmp_path)
    try:
        served = HttpService(clock, member.order(zero=clock.zero, seed="service")["service"])
        for account in ("driver", "contact"):
            served.add_account(account, f"Name of {account}")
        served.befriend("driver", "contact")
        yield served
        served.close()
    finally:
        member.close()
