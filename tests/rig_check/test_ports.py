"""Ports one by one with drivers of somebody's own: what one does never stops the others; the figures of a beat."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.can.port import Frame, Heard
from harness.foundation.clock import WallClock
from harness.foundation.units import MS, US
from harness.rig.drivers import Site
from harness.rig.load import load_rig
from harness.rig.probing.beat import BEATS, PERIOD, beat_of
from harness.rig.probing.findings import Value
from harness.rig.probing.ports import Looked, look
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
DRIVERS = """
from harness.foundation.errors import BadInput, HarnessError, RigFault
from harness.rig.drivers import Fitted

class Port:
    def __init__(self, closing=None): self.closing = closing
    def close(self):
        if self.closing: raise self.closing

def good(site, name, settings): return Fitted(Port())
def clumsy(site, name, settings): return Fitted(Port(RigFault("the plug is stuck")))
def broken(site, name, settings): return {}["x"]
def gone(site, name, settings): raise FileNotFoundError("no /dev/ttyX at http://me:hush@rig/")
def other(site, name, settings): raise RigFault("it says it is\\nsomebody else")
def refused(site, name, settings): raise BadInput("rig file, io", None, "chanel", "unknown key", "Write channel.")
"""


@pytest.fixture
def looked(tmp_path: Path) -> Iterator[dict[str, Looked]]:
    (tmp_path / "own_drivers_of_a_rig.py").write_text(DRIVERS)
    rows = {"audio": "good", "supply": "other", "console": "gone", "screen": "broken", "phone": "clumsy",
            "network": "nobody", "io": "refused"}  # fmt: skip
    lines = ["schema: 1", "clock: wall", "can:", '  body: {driver: "own_drivers_of_a_rig:good", password: hush}',
             '  infotainment: {driver: "no_such_module:x"}']  # fmt: skip
    lines += [f'{room}: {{driver: "own_drivers_of_a_rig:{name}"}}' for room, name in rows.items()]
    path = tmp_path / "own.yaml"
    path.write_text("\n".join(lines) + "\n")
    sys.path.insert(0, str(tmp_path))
    try:
        site = Site(WallClock(), load_vehicle(ROOT / "dbc" / "gs4"), random.Random(0))
        values = {"audio": lambda port, opened, settings: [Value(port, "height", "m", 1.0)]}
        yield {one.finding.port: one for one in look(load_rig(path), site, {}, "", values)}
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("own_drivers_of_a_rig", None)


def test_each_port_is_found_missing_or_wrong_whatever_the_others_do(looked: dict[str, Looked]) -> None:
    assert {port: one.finding.state for port, one in looked.items()} == {
        "can/body": "found",
        "can/infotainment": "missing",
        "audio": "found",
        "supply": "wrong",
        "console": "missing",
        "screen": "wrong",
        "phone": "wrong",
        "network": "missing",
        "io": "wrong",
    }
    assert looked["audio"].values == (Value("audio", "height", "m", 1.0),)
    assert looked["supply"].finding.said == "it says it is somebody else"
    assert "KeyError" in looked["screen"].finding.said
    assert "did not close: the plug is stuck" in looked["phone"].finding.said


def test_only_a_refused_setting_makes_the_file_bad(looked: dict[str, Looked]) -> None:
    assert [port for port, one in looked.items() if one.bad_file] == ["io"]


def test_nothing_secret_is_said(looked: dict[str, Looked]) -> None:
    assert not any("hush" in one.finding.said + one.finding.settings for one in looked.values())
    assert "http://rig/" in looked["console"].finding.said


def echoes(*errors: int, width: int = 20 * US) -> list[Heard]:
    frame = Frame(0x6FF, bytes(8))
    times = [n * PERIOD + (errors[n] if n < len(errors) else 0) for n in range(1, BEATS + 1)]
    return [Heard(t, t - width, t + width, "data", frame, True) for t in times]


def test_the_beat_is_told_with_its_bounds() -> None:
    p50, p99, worst = beat_of("can/body", echoes(0, 0, 0, 3 * MS), 10 * MS)
    assert p50.value == 0
    assert worst.value == pytest.approx(0.003)
    assert (worst.low, worst.high) == (pytest.approx(0.003 - 40e-6), pytest.approx(0.003 + 40e-6))
    assert 0 <= p99.value <= worst.value  # type: ignore[operator]
    assert not worst.wrong


def test_a_beat_later_than_the_rig_allows_is_wrong() -> None:
    (*_, worst) = beat_of("can/body", echoes(0, 0, 0, 12 * MS), 10 * MS)
    assert "came 0.012 s off its time" in worst.wrong


def test_without_echoes_there_is_a_reason() -> None:
    (found,) = beat_of("can/body", echoes()[:3], 10 * MS)
    assert found.value is None
    assert "nobody acknowledges" in found.said
