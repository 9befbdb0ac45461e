"""Screens of Android devices: the contract, raw and PNG, and what happens when the device goes and comes back."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from harness.contracts.screen import ScreenContract, ScreenEnds, leading, plain
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, S
from harness.rig.adb import Device
from harness.screen.android import AndroidScreen, from_png, from_raw

EVERY = 20 * MS


@pytest.fixture
def ends(server: Any, android: Any) -> Iterator[ScreenEnds]:
    clock = WallClock()
    port = AndroidScreen(clock, Device(clock, "FAKE0001", server.address), every=EVERY)
    yield ScreenEnds(clock, port, android)
    port.close()


class TestAndroidScreen(ScreenContract):
    pass


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def screen(clock: WallClock, server: Any) -> Iterator[AndroidScreen]:
    port = AndroidScreen(clock, Device(clock, "FAKE0001", server.address), every=EVERY)
    yield port
    port.close()


def wait(clock: WallClock, until: Any) -> None:
    """Let time pass until something is so, 10 s at most."""
    end = clock.now() + 10 * S
    while not until():
        assert clock.now() < end
        clock.run_until(clock.now() + 5 * MS)


def test_pixels_are_what_the_device_has(clock: WallClock, android: Any, server: Any) -> None:
    shown = np.random.default_rng(1).integers(0, 256, (120, 200, 3)).astype(np.uint8)
    android.show(shown)
    for words, raw in ((3, True), (4, True), (4, False)):
        android.header_words = words
        port = AndroidScreen(clock, Device(clock, "FAKE0001", server.address), raw=raw)
        wait(clock, lambda port=port: port.seen_to() >= 0)
        port.close()
        (picture,) = port.frames(0, port.seen_to())
        assert np.array_equal(picture.pixels, shown)


def test_an_unchanged_screen_is_one_picture_however_often_it_is_captured(
    clock: WallClock, screen: AndroidScreen, android: Any
) -> None:
    wait(clock, lambda: screen.seen_to() > 300 * MS)
    assert len(screen.frames(0, screen.seen_to())) == 1
    assert sum("screencap" in asked for asked in android.shell.asked) > 3


def test_a_touch_is_in_pixels_of_the_device_and_time_passes_meanwhile(
    clock: WallClock, screen: AndroidScreen, android: Any
) -> None:
    ticks: list[int] = []
    clock.at(clock.now() + 1, lambda: ticks.append(clock.now()), name="tick")
    before = clock.now()
    stamp = screen.touch(1.0, 0.5)
    assert "input tap 199 60" in android.shell.asked
    assert before <= stamp.early <= stamp.t <= stamp.late <= clock.now()
    assert ticks


def test_a_device_that_goes_stops_the_watermark_and_comes_back_with_the_gap_kept(
    clock: WallClock, screen: AndroidScreen, android: Any, server: Any
) -> None:
    wait(clock, lambda: screen.seen_to() > 0)
    server.set_state("FAKE0001", "offline")
    wait(clock, lambda: screen.fault is not None)
    wait(clock, lambda: not screen._captured)
    stopped = screen.seen_to()
    assert "plug it in again" in str(screen.fault).lower()  # the sentence depends on who notices first
    clock.run_until(clock.now() + 100 * MS)
    assert screen.seen_to() == stopped
    with pytest.raises(RigFault, match="offline"):
        screen.touch(0.5, 0.5)
    android.show(plain(2))
    server.set_state("FAKE0001", "device")
    wait(clock, lambda: screen.seen_to() > stopped)
    ((gone, back, why),) = screen.gaps
    assert gone <= stopped < back
    assert "plug it in again" in why.lower()
    wait(clock, lambda: leading(screen.frames(0, screen.seen_to())[-1]) == 2)
    assert screen.frames(0, screen.seen_to())[-1].stamp.early <= stopped
    assert screen.fault is None


def test_a_capture_that_was_cut_is_no_picture(clock: WallClock, screen: AndroidScreen, android: Any) -> None:
    wait(clock, lambda: screen.seen_to() > 0)
    android.cut_next = 5000
    wait(clock, lambda: bool(screen.gaps))
    assert {p.pixels.shape for p in screen.frames(0, screen.seen_to())} == {(120, 200, 3)}
    assert len(screen.frames(0, screen.seen_to())) == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("unauthorized", "allow this computer's key"),
        ("offline", "Plug it in again"),
        ("absent", "serial in the rig file"),
    ],
)
def test_a_device_that_cannot_be_used_is_a_fault_with_its_remedy(
    clock: WallClock, server: Any, state: str, told: str
) -> None:
    server.set_state("FAKE0001", state)
    with pytest.raises(RigFault, match=told):
        AndroidScreen(clock, Device(clock, "FAKE0001", server.address))


def test_no_adb_server_is_a_fault_with_its_remedy_and_starts_none(clock: WallClock, server: Any) -> None:
    server.close()
    with pytest.raises(RigFault, match="adb start-server"):
        AndroidScreen(clock, Device(clock, "FAKE0001", server.address))


def test_noise_instead_of_an_answer_is_a_fault(clock: WallClock, server: Any) -> None:
    server.garbage = 1
    with pytest.raises(RigFault, match="FAKE0001"):
        AndroidScreen(clock, Device(clock, "FAKE0001", server.address))


def test_virtual_time_is_refused() -> None:
    with pytest.raises(HarnessError, match="wall clock"):
        Device(VirtualClock(), "FAKE0001")


@pytest.mark.parametrize("data", [b"", b"error: closed\n", struct.pack("<4I", 10, 10, 1, 1) + bytes(399),
                                  struct.pack("<4I", 10, 10, 4, 1) + bytes(400)])  # fmt: skip
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(RigFault):
        from_raw(data)
    with pytest.raises(RigFault):
        from_png(data)
