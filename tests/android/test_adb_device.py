"""A device behind adb: exit codes, raw bytes, files, and every way in which it can fail, with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import S
from harness.rig.adb import Device


@pytest.fixture
def device(server: Any) -> Device:
    return Device(WallClock(), "FAKE0001", server.address, timeout_s=0.3)


USES: list[Callable[[Device], object]] = [
    lambda d: d.shell("echo x"),
    lambda d: d.exec_out("screencap"),
    lambda d: d.push(b"x", "/sdcard/x"),
    lambda d: d.stream("logcat").read(),
    lambda d: d.check(),
]
BY_USE = pytest.mark.parametrize("use", USES, ids=["shell", "exec_out", "push", "stream", "check"])


@pytest.mark.parametrize("features", [("shell_v2", "cmd"), ("cmd",)], ids=["shell_v2", "before Android 7"])
def test_commands_give_what_they_print_or_a_fault_with_their_exit_code(
    server: Any, android: Any, features: Any
) -> None:
    android.features = features
    device = Device(WallClock(), "FAKE0001", server.address)
    assert device.shell("echo hello") == "hello\n"
    with pytest.raises(RigFault, match=r"ended with 127 and said: .*not found"):
        device.shell("nonsense")


def test_warnings_are_no_part_of_an_answer(android: Any, device: Device) -> None:
    def warned(words: list[str]) -> tuple[str, int]:
        return "12.5\n", 0

    android.shell._do_date = warned
    run = android.shell._one
    android.shell._one = lambda c, out, err, gone: (err(b"WARNING: linker: unused entry\n"), run(c, out, err, gone))[1]
    assert device.shell("date") == "12.5\n"


def test_files_arrive_whole_or_not_at_all(device: Device, android: Any) -> None:
    device.push(bytes(range(256)) * 100, "/sdcard/x")
    assert android.files.content["/sdcard/x"] == bytes(range(256)) * 100
    android.files.full = True
    with pytest.raises(RigFault):
        device.push(b"x", "/sdcard/y")


@BY_USE
@pytest.mark.parametrize("state", ["offline", "unauthorized", "absent"])
def test_a_device_that_is_not_there_is_a_fault(server: Any, device: Device, use: Any, state: str) -> None:
    server.set_state("FAKE0001", state)
    with pytest.raises(RigFault, match="FAKE0001"):
        use(device)


@BY_USE
def test_noise_is_a_fault(server: Any, device: Device, use: Any) -> None:
    device.check()
    server.garbage = 1
    with pytest.raises(RigFault, match="FAKE0001"):
        use(device)


@BY_USE
def test_silence_is_a_fault_within_the_time_limit(server: Any, device: Device, use: Any) -> None:
    device.check()
    server.silent = True
    clock = WallClock()
    with pytest.raises(RigFault, match="FAKE0001"):
        use(device)
    assert clock.now() < 5 * S


@pytest.mark.parametrize("bytes_", [0, 2, 6])
def test_a_command_that_is_cut_is_never_taken_for_a_short_answer(android: Any, device: Device, bytes_: int) -> None:
    device.shell("echo x")
    android.cut_next = bytes_
    with pytest.raises(RigFault):
        device.shell("echo hello")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:none", "nonsense"])
def test_no_server_is_a_fault_that_tells_how_to_start_one(address: str) -> None:
    with pytest.raises(RigFault, match="adb start-server"):
        Device(WallClock(), "FAKE0001", address).check()


def test_what_work_in_a_thread_raises_is_raised_where_it_was_asked_for(device: Device) -> None:
    assert device.meanwhile(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        device.meanwhile(lambda: 1 // 0)


def test_a_device_that_comes_back_is_used_again(server: Any, device: Device) -> None:
    assert device.shell("echo x") == "x\n"
    server.set_state("FAKE0001", "offline")
    with pytest.raises(RigFault):
        device.shell("echo x")
    server.set_state("FAKE0001", "device")
    assert device.shell("echo x") == "x\n"
