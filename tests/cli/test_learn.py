"""``hil rig learn`` from recordings: what it prints, its exit codes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.can.port import Frame, Heard
from harness.cli.main import main
from harness.foundation.units import MS, S
from harness.rig.learn_folder import Recording, write_recording

WINDOWS = [(5 * S + n * 6 * S, 5 * S + n * 6 * S + 600 * MS) for n in range(6)]


@pytest.fixture
def presses(tmp_path: Path) -> Path:
    """A bus on which the messaging bit of the gs4's wheel goes with six presses."""
    frames = []
    for n, t in enumerate(range(0, 42 * S, 20 * MS)):
        down = any(b + 100 * MS <= t < b + 220 * MS for b, _ in WINDOWS)
        data = bytes([0, n % 15, 0x40 if down else 0, 0, 0, 0, 0, 0])
        frames.append(Heard(t, t, t, "data", Frame(0x1A0, data)))
    folder = tmp_path / "presses"
    write_recording(folder, Recording((0, 42 * S), {"body": frames}, {}, [], "press the messaging button", WINDOWS))
    return folder


def test_what_reacts_is_told_with_the_profile(presses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rig", "learn", "virtual", "--from", str(presses)]) == 0
    out = capsys.readouterr().out
    assert "press the messaging button: 6 times" in out
    assert "the profile's wheel.messaging (body/SWC_Buttons.SWC_Msg) reacts, 6 of 6: released -> pressed" in out
    assert "counter byte 1 bits 0..3" in out
    assert "speaker: not recorded" in out


def test_a_profile_that_does_not_fit_exits_with_1(presses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rig", "learn", "virtual", "--from", str(presses), "--role", "door.driver", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["role"], found["agrees"]) == (1, "door.driver", False)
    assert found["reactions"][0]["name"] == "SWC_Buttons.SWC_Msg"
    assert found["reactions"][0]["seen"] == 6


def test_of_an_unknown_car_lines_are_proposed(presses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rig", "learn", "virtual", "--from", str(presses), "--unknown"]) == 0
    out = capsys.readouterr().out
    assert "wheel.messaging: {kind: button.level, signal: body/X1A0.B2_6" in out
    assert "BO_ 416 X1A0: 8 Vector__XXX" in out
    assert "head_unit.app on CAN: missing" in out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "nobody can act on a rig in virtual time"),
        (["--from", "nowhere"], "no such recording"),
        (["--role", "wheel.mesaging"], "Did you mean 'wheel.messaging'"),
        (["--settle", "soon"], "not a number with a unit"),
    ],
)
def test_wrong_use_exits_with_2(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rig", "learn", "virtual", *words]) == 2
    assert problem in capsys.readouterr().err
