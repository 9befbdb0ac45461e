"""Every driver of the table is put to its port's contract suite, or is named here as not run, with the reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.rig.drivers import DRIVERS

TESTS = Path(__file__).parents[1]
PUT_TO = {
    ("can", "memory"): "can/test_contract_memory.py",
    ("can", "python-can"): "can/test_contract_python_can.py",
    ("audio", "memory"): "audio/test_contract_memory.py",
    ("audio", "portaudio"): "audio/test_contract_portaudio.py",
    ("supply", "memory"): "supply/test_contract_memory.py",
    ("supply", "scpi"): "supply/test_contract_scpi.py",
    ("console", "memory"): "console/test_contract_memory.py",
    ("console", "serial"): "console/test_contract_serial.py",
    ("console", "logcat"): "android/test_logcat.py",
    ("screen", "memory"): "screen/test_contract_memory.py",
    ("screen", "http"): "loop/test_http_screen.py",
    ("screen", "camera"): "screen/camera/test_contract_camera.py",
    ("screen", "android"): "android/test_android_screen.py",
    ("phone", "memory"): "phone/test_contract_memory.py",
    ("phone", "http"): "loop/test_http_service.py",
    ("phone", "android"): "android/test_android_phone.py",
    ("network", "memory"): "network/test_contract_memory.py",
    ("io", "memory"): "io/test_contract_memory.py",
    ("io", "relay"): "io/test_contract_relay.py",
    ("io", "gpio"): "io/test_gpio.py",
}
NOT_RUN = {
    ("audio", "none"): "there is nothing to promise: it is the declared absence of sound",
    ("network", "line"): "its far end is in the simulated unit's process; tests/loop/test_instruments.py and every "
    "loop run use it",
    ("network", "netem"): "needs root and a network interface; its commands are tested in tests/network, a shaped "
    "link was measured in the kernel VM",
}


@pytest.mark.parametrize(("room", "driver"), sorted(DRIVERS))
def test_a_driver_keeps_its_contract_or_is_named_as_not_run(room: str, driver: str) -> None:
    if (room, driver) in NOT_RUN:
        assert (room, driver) not in PUT_TO
        pytest.skip(f"the contract suite is not run against {room}/{driver}: {NOT_RUN[room, driver]}")
    text = (TESTS / PUT_TO[room, driver]).read_text("utf-8")
    assert re.search(rf"^class \w+\({room.capitalize()}Contract\)", text, re.MULTILINE)


def test_nothing_is_listed_that_is_not_there() -> None:
    assert set(PUT_TO) | set(NOT_RUN) == set(DRIVERS)
