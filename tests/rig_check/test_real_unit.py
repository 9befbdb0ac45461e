"""A unit that the rig takes for a real one: it is switched on only where somebody says so, and left off."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def real(rig: Callable[..., Path]) -> Iterator[Path]:
    """The rig file of a bench whose unit is somebody else's process; a camera looks at its screen."""
    path = rig(("lateness: 40 ms", "lateness: 400 ms"))
    command = [sys.executable, "-P", "-m", "harness", "headunit", "--rig", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as unit:
        assert unit.stdout is not None
        addresses = json.loads(unit.stdout.readline())
        text = path.read_text("utf-8")
        camera = '{driver: camera, still: "' + addresses["screen"] + '/screen.png", noise: none, latency: 300 ms}'
        text = text.replace('{driver: http, url: "plant:screen"}', camera)
        for name, address in addresses.items():
            text = text.replace(f'"plant:{name}"', json.dumps(address))
        path = path.with_name("bench.yaml")
        path.write_text(text.replace("head_unit: {simulated: process}", "head_unit: {}"), "utf-8")
        yield path
        unit.terminate()


def states(said: dict[str, Any]) -> dict[str, str]:
    return {port["port"]: port["state"] for port in said["ports"]}


def test_it_is_switched_on_only_with_power_and_off_again(
    real: Path, check: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    _, off = check(real)
    assert off["events"] == []
    assert "--power" in off["no_event"]
    (accuracy,) = [v for v in off["values"] if v["quantity"] == "accuracy"]
    assert accuracy["value"] is None
    assert "--power" in accuracy["said"]

    _, on = check(real, "--power")
    (event,) = on["events"]
    assert event["event"] == "KL15 on", "a real unit is never cut off under load"
    assert {s["source"]: s["relation"] for s in event["sightings"]}["supply current"] == "at once"
    assert {v["quantity"] for v in on["values"] if v["port"] == "supply"} >= {"voltage error at 12 V"}

    _, after = check(real, "--power")
    (found,) = [v["value"] for v in after["values"] if v["quantity"] == "voltage found"]
    assert found < 0.5, "the safe state has switched it off"
    assert states(after)["screen"] == "found"
    assert states(after)["phone"] == "wrong", "the service lives on another time line"
    pictures = {v["quantity"]: v for v in after["values"] if v["port"] == "screen"}
    assert pictures["sharpness"]["value"] > 1.5
    assert not pictures["sharpness"]["wrong"]
    assert pictures["pictures taken"]["value"] > 1
    assert {s["source"]: s["relation"] for s in after["events"][0]["sightings"]}["picture"] in ("at once", "later")
