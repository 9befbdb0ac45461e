"""A multiplexed message in vehicle.yaml: its pages are scheduled, evenly where a role is on one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS
from harness.vehicle.load import load_vehicle
from harness.vehicle.presence import Presence
from harness.vehicle.vehicle import Vehicle

F5 = Path(__file__).parents[2] / "dbc" / "f5"
LINE = "  body/SWM_Wheel: [0, 1, 0, 2]"


@pytest.fixture
def with_schedule(tmp_path: Path) -> Callable[[str], Vehicle]:
    def load(line: str) -> Vehicle:
        folder = tmp_path / "car"
        shutil.copytree(F5, folder, dirs_exist_ok=True)
        path = folder / "vehicle.yaml"
        text = (F5 / "vehicle.yaml").read_text(encoding="utf-8")
        assert LINE in text
        path.write_text(text.replace(LINE, line), encoding="utf-8")
        return load_vehicle(folder)

    return load


@pytest.mark.parametrize(("pages", "period"), [("[0, 1, 0, 2]", 20), ("[0, 1, 2]", 30), ("[2, 0, 1, 1, 0, 2]", 30),
                                               ("[0]", 10)])  # fmt: skip
def test_the_period_of_a_key_is_as_often_as_its_page_comes_round(
    with_schedule: Callable[[str], Vehicle], pages: str, period: int
) -> None:
    assert with_schedule(f"  body/SWM_Wheel: {pages}").period("wheel.messaging") == period * MS


@pytest.mark.parametrize(("line", "told"), [
    ("  body/SWM_Wheel: [0, 7]", "selects nothing"),
    ("  body/SWM_Wheel: [0, 0, 1]", "even distances"),
    ("  body/SWM_Wheel: [1, 2]", "never sent"),
    ("  body/SWM_Wheel: []", "empty schedule"),
    ("  body/BCM_Closures: [0]", "0 multiplexers"),
    ("  body/Nobody: [0]", "no message"),
])  # fmt: skip
def test_what_is_wrong_is_told(with_schedule: Callable[[str], Vehicle], line: str, told: str) -> None:
    with pytest.raises((BadInput, SeveralBadInputs), match=told):
        with_schedule(line)


def test_a_return_is_what_the_car_says_it_is() -> None:
    door = Presence(present=(), left=({"seat": "empty", "door": "open"},), locked=(), back=({"seat": "taken"},))
    state = Presence(present=(), left=({"seat": "empty", "door": "open"},), locked=())
    closed = {"seat": "empty", "door": "closed"}
    assert (door.is_back(closed), state.is_back(closed)) == (False, True)
    assert door.is_back({"seat": "taken", "door": "open"})
    for unknown in (None, "invalid", "unknown"):
        assert not state.is_back({"seat": unknown, "door": "closed"})
    assert door.roles() == {"seat", "door"}
