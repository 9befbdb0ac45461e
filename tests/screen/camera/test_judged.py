"""A judge that looks through a camera: latencies hold the truth, a frozen camera is BLOCKED, a still unit is not."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.bench.recorder import Recorder
from harness.console import memory as console
from harness.foundation.errors import RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.judging.judge import Judge
from harness.judging.pictures import code_there
from harness.judging.uncertainty import Origins
from harness.screen.camera import Camera, View
from harness.screen.camera_source import Video
from harness.supply import memory as supply

LIMIT = Limit("s", high=0.5)
LOGIN = "https://login.example/car?t=7Hq2mW9ZkPx4Rb1N"


@pytest.fixture
def judge(clock: Any, camera: Any, quad: Any) -> Iterator[Judge]:
    screen = Camera(clock, Video(clock, camera.stream), View(quad, (800, 480)), latency=60 * MS, stall=200 * MS)
    ports = SimpleNamespace(
        clock=clock, vehicle=None, can={}, console=console.pair(clock)[0], supply=supply.pair(clock)[0], screen=screen,
        lateness=5 * MS,
    )  # fmt: skip
    recorder = Recorder(cast("Any", ports))
    yield Judge(clock, recorder, cast("Any", {}), lambda _check: None, Origins(recorder.uncertainty))
    recorder.close()
    screen.close()


def test_a_code_that_comes_is_measured_with_the_truth_inside(clock: Any, camera: Any, judge: Judge, pages: Any) -> None:
    camera.show(pages[0]())
    clock.run_until(clock.now() + 200 * MS)
    pressed = Stamp.exact(clock.now())
    page = pages[1](LOGIN, (250, 100), 8)
    clock.at(pressed.t + 150 * MS, lambda: camera.show(page), name="unit")
    measured = judge.decide(code_there(pressed), LIMIT, 1 * S)
    value, made_of = measured.value, measured.uncertainty
    assert value is not None
    assert made_of is not None
    assert value.low <= (camera.shown[-1] - pressed.t) / S <= value.high
    assert value.high - value.low < 1.0  # a few pictures, also of a camera on a busy computer
    parts = {part["what"]: part for part in made_of["components"] if part["source"] == "screen"}
    assert parts["exposure and transfer"]["minus"] == 0.06
    assert parts["frame time"]["minus"] > 0
    assert sum(part["minus"] for part in made_of["components"]) == pytest.approx(value.value - value.low, abs=1e-8)


def test_a_code_that_does_not_come_is_the_units_fault(clock: Any, camera: Any, judge: Judge, pages: Any) -> None:
    camera.show(pages[0]())
    clock.run_until(clock.now() + 100 * MS)
    assert judge.decide(code_there(Stamp.exact(clock.now())), LIMIT, 600 * MS).value is None


def test_a_frozen_camera_is_the_rigs_fault(clock: Any, camera: Any, judge: Judge, pages: Any) -> None:
    camera.show(pages[0]())
    clock.run_until(clock.now() + 100 * MS)
    camera.stuck = True
    with pytest.raises(RigFault, match="screen has delivered nothing"):
        judge.decide(code_there(Stamp.exact(clock.now())), LIMIT, 600 * MS)
