"""The sound driver's settings are checked before any device is touched."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, cast

import pytest

from harness.audio.calibration import Calibration, Loop, save
from harness.audio.portaudio import PortAudio
from harness.cli.main import parser
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import BadInput, HarnessError, RigFault
from harness.rig.drivers import Site
from harness.rig.drivers_sound import audio


def site() -> Site:
    return Site(WallClock(), cast("Any", None), random.Random(1))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "sinks: true"),
        ({"capture": "hw:0,1"}, "sinks: true"),
        ({"sinks": "true", "latencey": "100 ms"}, "latency"),
        ({"sinks": "true", "latency": 0.1}, "unit"),
        ({"sinks": "true", "lines": {"amp.roof": 1}}, "amp.front_left"),
        ({"sinks": "true", "lines": {"mic.driver": 0, "amp.front_left": 0}}, "its own"),
    ],
)
def test_a_wrong_setting_is_bad_input_with_its_remedy(settings: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        audio(site(), "audio", settings)


def test_missing_sinks_say_how_to_start_them(tmp_path: Path) -> None:
    with pytest.raises(RigFault, match="hil sound up"):
        audio(site(), "audio", {"sinks": str(tmp_path)})


def test_an_expired_calibration_is_the_rigs_fault(tmp_path: Path) -> None:
    path = tmp_path / "old.sound.json"
    save(path, Calibration("mic.driver", Loop(1, 0.0, True), "a / b", 0.1, 480, 3, "2020-01-01", "2020-02-01"))
    with pytest.raises(RigFault, match="expired on 2020-02-01"):
        audio(site(), "audio", {"capture": "a", "output": "b", "calibration": str(path)})


def test_a_virtual_clock_is_refused() -> None:
    with pytest.raises(HarnessError, match="wall clock"):
        PortAudio(VirtualClock(), "a", "b")


@pytest.mark.parametrize("what", ["up", "down", "status", "check"])
def test_the_command_line_knows_sound(what: str) -> None:
    options = parser().parse_args(["sound", what, "--dir", "/tmp/s"])
    assert (options.command, options.what, options.dir) == ("sound", what, Path("/tmp/s"))


def test_the_command_line_knows_calibrate() -> None:
    options = parser().parse_args(["rig", "calibrate", "bench", "--days", "7"])
    assert (options.what, options.rig, options.days) == ("calibrate", "bench", 7)
