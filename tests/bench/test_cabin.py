"""The noise of a driving car at the microphone: as loud as the speed says, without an end, the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.level import rms
from harness.audio.port import MICROPHONE
from harness.bench.cabin import AT_120, fills_with_noise, level_at
from harness.bench.car import Car
from harness.bench.routines import boots
from harness.foundation.units import S


def test_noise_has_its_level_at_120_and_rises_with_speed() -> None:
    assert level_at(120.0) == AT_120
    assert level_at(60.0) == pytest.approx(AT_120 - 15.05, abs=0.01)
    assert level_at(160.0) > AT_120


def test_the_microphone_hears_it_without_a_gap_or_a_step(world) -> None:
    began = fills_with_noise(world, 120.0).began
    world.wait(25 * S)
    heard = world.recorder.sound(MICROPHONE, began.t, began.t + 24 * S).samples
    levels = [rms(part).value for part in np.array_split(heard, 12)]
    assert levels == pytest.approx([AT_120] * 12, abs=1.5)
    steps = np.abs(np.diff(heard.astype(int)))
    seams = [10 * 48_000 * k for k in (1, 2)]
    assert max(steps[s - 50 : s + 50].max() for s in seams) <= np.quantile(steps, 0.9999)


def test_a_car_that_drives_at_a_speed_says_so_and_sounds_so(world) -> None:
    car = Car(world)
    boots(world, car)
    driving = car.drives_at(120)
    assert driving.arguments["speed"] == 120
    role = world.vehicle.role("speed")
    last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now())
    assert role.read(last.frame.data) == pytest.approx(120.0, abs=0.1)
    assert not world.recorder.sound(MICROPHONE, driving.began.t, world.clock.now()).silent
