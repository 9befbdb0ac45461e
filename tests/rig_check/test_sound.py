"""The sound of a rig: its floor, its loop held against the calibration, the burst."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.audio.calibration import Calibration, Loop, save
from harness.audio.memory import NoiseFloor, pair
from harness.audio.none import NoAudio
from harness.audio.port import MICROPHONE, RATE, Capture
from harness.foundation.clock import VirtualClock
from harness.foundation.units import MS, Ns
from harness.rig.probing.findings import Value
from harness.rig.probing.sound import burst_event, sound


class Looped:
    """A rig's end on memory lines that has a loop, as a sound card has one: ``loop`` is what is measured."""

    def __init__(self, clock: VirtualClock, loop: Loop, floor: float, late: Ns = 0) -> None:
        self._port, _ = pair(clock, noise={MICROPHONE: NoiseFloor(1, floor)})
        self._loop, self._late = loop, late

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        return self._port.play(line, samples, at + self._late, name=name)

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        return self._port.heard(line, start, stop)

    def seen_to(self) -> Ns:
        return self._port.seen_to()

    def measure_loop(self, line: str) -> Loop:
        return self._loop


def by_name(values: list[Value]) -> dict[str, Value]:
    return {value.quantity: value for value in values}


AS_EVER = Loop(6784, 0.0, True)


def measured(floor: float = -70.0, loop: Loop = AS_EVER, **settings: Any) -> dict[str, Value]:
    clock = VirtualClock()
    port = Looped(clock, loop, floor)
    return by_name(sound(clock, "audio", port, {"lines": {MICROPHONE: 0}, **settings}))


def calibration(tmp_path: Path, loop: Loop) -> Path:
    path = tmp_path / "bench.sound.json"
    save(path, Calibration(MICROPHONE, loop, "a / b", 0.1, 480, 3, "2026-03-01", "2026-03-31"))
    return path


def test_the_noise_floor_is_measured_in_silence() -> None:
    found = measured(-70.0)[f"noise floor of {MICROPHONE}"]
    assert found.value == pytest.approx(-70.0, abs=0.5)


def test_digital_silence_is_said() -> None:
    clock = VirtualClock()
    port, _ = pair(clock)
    found = by_name(sound(clock, "audio", port, {"lines": {MICROPHONE: 0}}))[f"noise floor of {MICROPHONE}"]
    assert found.said == "digital silence"
    assert found.value is not None
    assert found.value < -96


def test_a_loop_that_agrees_with_its_calibration_is_good(tmp_path: Path) -> None:
    path = calibration(tmp_path, Loop(6785, 0.4, False))
    found = measured(calibration=str(path))
    assert found["loop delay"].value == 6784 / RATE
    assert not any(value.wrong for value in found.values())


@pytest.mark.parametrize(
    ("loop", "quantity", "says"),
    [(Loop(6976, 0.0, True), "loop delay", "Calibrate again"), (Loop(6784, -2.0, False), "loop gain", "knob")],
)
def test_a_loop_that_left_its_calibration_is_wrong(tmp_path: Path, loop: Loop, quantity: str, says: str) -> None:
    path = calibration(tmp_path, Loop(6784, 0.0, True))
    wrong = {name: value.wrong for name, value in measured(loop=loop, calibration=str(path)).items() if value.wrong}
    assert list(wrong) == [quantity]
    assert says in wrong[quantity]


def test_noise_near_the_burst_is_wrong() -> None:
    assert "dB between the burst and the noise" in measured(-40.0)["burst above the noise floor"].wrong
    assert not measured(-60.0)["burst above the noise floor"].wrong


def test_a_rig_without_sound_says_so() -> None:
    (found,) = sound(VirtualClock(), "audio", NoAudio(), {})
    assert found.value is None
    assert "this rig has no sound" in found.said


@pytest.mark.parametrize(("late", "relation"), [(0, "at once"), (40 * MS, "later")])
def test_the_burst_is_seen_where_it_was_asked_for_or_is_told_late(late: Ns, relation: str) -> None:
    clock = VirtualClock()
    event = burst_event(clock, Looped(clock, Loop(0, 0.0, True), -70.0, late))
    (seen,) = event.sightings
    assert seen.relation == relation
    assert seen.low == pytest.approx(late / 1e9, abs=1 / RATE)
