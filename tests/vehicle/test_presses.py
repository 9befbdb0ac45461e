"""What a row of short presses leaves in front, by the car's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.units import MS
from harness.vehicle.load import load_vehicle
from harness.vehicle.presses import front_after

ROOT = Path(__file__).resolve().parents[2]
GAP = 400 * MS
TABLE = {
    "idle": {"press": "listen@press", "double": "replay@press"},
    "listening": {"press": "stop_capture@press, send@release"},
}
WITHOUT_DOUBLE = {"idle": {"press": "listen@press"}, "listening": TABLE["listening"]}


def presses(count: int, apart: int) -> list[tuple[int, int]]:
    return [(n * (apart + 100 * MS), n * (apart + 100 * MS) + 100 * MS) for n in range(count)]


CASES = [(0, "idle"), (1, "listening"), (2, "idle"), (3, "listening"), (8, "idle")]


@pytest.mark.parametrize(("count", "front"), CASES)
@pytest.mark.parametrize("apart", [100 * MS, 900 * MS])
@pytest.mark.parametrize("table", [TABLE, WITHOUT_DOUBLE])
def test_presses_open_and_close_in_turn(table, apart: int, count: int, front: str) -> None:
    assert front_after(table, presses(count, apart), GAP) == front


def test_a_gap_as_long_as_the_limit_is_still_a_double() -> None:
    replays = {"idle": {"press": "none@press", "double": "listen@press"}}
    assert front_after(replays, presses(2, GAP), GAP) == "listening"
    assert front_after(replays, presses(2, GAP + 1), GAP) == "idle"


def test_what_a_context_does_not_list_does_nothing_there() -> None:
    assert front_after({"idle": {}}, presses(3, 100 * MS), GAP) == "idle"
    assert front_after({"idle": {"press": "ignore@press"}}, presses(3, 100 * MS), GAP, "call") == "call"


@pytest.mark.parametrize("car", ["gs4", "cs75plus", "f5", "gkui"])
def test_an_even_storm_ends_idle_on_every_car(car: str) -> None:
    vehicle = load_vehicle(ROOT / "dbc" / car)
    assert front_after(vehicle.gestures, presses(50, 100 * MS), GAP) == "idle"


@pytest.mark.parametrize(
    ("action", "front"),
    [
        ("listen", "listening"), ("undo", "idle"), ("replay", "idle"), ("send", "idle"), ("discard", "idle"),
        ("play", "idle"), ("stop", "idle"), ("hang_up", "idle"),
        ("none", "call"), ("ignore", "call"), ("stop_capture", "call"), ("answer", "call"),
    ],
)  # fmt: skip
def test_each_action_leaves_its_own_thing_in_front(action: str, front: str) -> None:
    assert front_after({"call": {"press": f"{action}@press"}}, presses(1, 0), GAP, "call") == front
