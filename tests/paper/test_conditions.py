"""A run on a real bench: who says what of rig, instruments and calibration."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.evidence.finish import finish

Paper = Callable[..., tuple[Any, list[str]]]
Text = Callable[[Any], str]
RIG = """\
schema: 1
title: bench seven
clock: wall
can: {body: {driver: python-can, bitrate: 500000}}
audio: {driver: portaudio, calibration: rigs/bench.sound.json}
screen: {driver: camera, rate: 30, calibration: rigs/bench.camera.json}
supply: {driver: scpi, over_voltage: 18}
"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def bench(run: Any, project: Path, **facts: Any) -> Path:
    rigs = project / "rigs"
    rigs.mkdir()
    (rigs / "bench.yaml").write_text(RIG)
    (rigs / "bench.sound.json").write_text(json.dumps({"measured": "2026-02-20", "expires": "2026-02-28"}))
    run.meta(rig="rigs/bench.yaml", clock="wall", **facts)
    run.case("test_wakes")
    finish(run.out, allure=False)
    return Path(run.out)


def test_ports_and_their_calibration_are_told(run: Any, project: Path, paper: Paper, text: Text) -> None:
    says = "the rig passed its self-check of 2026-02-27, which holds until 2026-03-27"
    reader, missing = paper(bench(run, project, rig_check={"state": "fresh", "says": says}))
    shown = text(reader)
    for told in ("rigs/bench.yaml: bench seven", f"rig self-check fresh: {says}", "wall clock",
                 "can body python-can bitrate 500000", "supply scpi over_voltage 18",
                 "audio portaudio calibration rigs/bench.sound.json 2026-02-20 2026-02-28",
                 "No instrument is listed."):  # fmt: skip
        assert squeezed(told) in shown, told
    assert (
        "Calibrated: audio: had run out on the day of the tests (2026-02-28) (rig file: rigs/bench.sound.json)"
        in missing
    )
    assert "Calibrated: screen (rig file: rigs/bench.camera.json)" in missing
    assert "Instruments (lab.yaml: instruments)" in missing
    assert not [line for line in missing if "hil rig check" in line]


def test_a_real_unit_is_not_called_a_simulator_and_has_to_be_described(
    run: Any, project: Path, paper: Paper, text: Text
) -> None:
    reader, missing = paper(bench(run, project, software=None))
    shown = text(reader)
    assert squeezed("The item under test is a simulated head unit") not in shown
    assert squeezed("g) Item: description, identification, condition not given") in shown
    for key in ("item.description", "item.serial", "item.software"):
        assert any(f"(lab.yaml: {key})" in line for line in missing), key
    assert "the run holds no self-check of the rig (hil rig check)" in missing
