"""PARKED, IDLING and MOVING by a small table."""

from __future__ import annotations

import pytest

from harness.foundation.units import S
from harness.vehicle.driving import Driving, DrivingState, ParkedRule, Restrictions, metres_per_second
from harness.vehicle.gestures import ACTIONS, CONTEXTS, GESTURES, MOMENTS, misfit
from harness.vehicle.presence import Presence

OPEN = Restrictions(True, True, True, None, None, None)
SHUT = Restrictions(False, False, False, 4, 2, 40)
TABLE = Driving(
    (ParkedRule({"gear": "P"}, 0), ParkedRule({"brake": "pressed", "gear": "N"}, 3 * S)),
    (0.5, 4.99, 5.0),
    {DrivingState.PARKED: OPEN, DrivingState.IDLING: SHUT, DrivingState.MOVING: SHUT},
)


@pytest.mark.parametrize(("speed", "states", "standstill", "state"), [
    (0.0, {"gear": "P"}, 0, "PARKED"), (0.5, {"gear": "P"}, 0, "PARKED"), (0.51, {"gear": "P"}, 9 * S, "MOVING"),
    (None, {"gear": "P"}, 9 * S, "MOVING"), (0.0, {"gear": "D"}, 9 * S, "IDLING"), (0.0, {}, 9 * S, "IDLING"),
    (0.0, {"gear": "N", "brake": "pressed"}, 3 * S, "PARKED"),
    (0.0, {"gear": "N", "brake": "pressed"}, 3 * S - 1, "IDLING"),
    (0.0, {"gear": "N", "brake": None}, 9 * S, "IDLING"), (5.0, {}, 0, "MOVING"),
])  # fmt: skip
def test_the_state_by_speed_gear_brake_and_standstill(speed, states, standstill: int, state: str) -> None:
    found = TABLE.state(speed, states, standstill)
    assert str(found) == state
    assert TABLE.allows(found) is (OPEN if state == "PARKED" else SHUT)


@pytest.mark.parametrize(("speed", "band"), [
    (None, 2), (0.0, 0), (0.5, 0), (0.51, 1), (4.99, 1), (4.995, 2), (5.0, 2), (40.0, 2)])  # fmt: skip
def test_the_band_by_speed(speed: float | None, band: int) -> None:
    assert TABLE.band(speed) == band


def test_a_speed_that_is_a_word_or_nothing_is_not_known() -> None:
    assert [metres_per_second(x) for x in (36.0, 0.0, "invalid", None)] == [10.0, 0.0, None, None]


@pytest.mark.parametrize(("text", "told"), [
    ("listen@press", None), ("stop_capture@press, send@release", None), ("none@release", None),
    ("listn@press", "unknown action 'listn'. "),
    ("listen", "the action 'listen' has no moment. Write listen@press or listen@release"),
    ("listen@", "unknown moment ''. "), ("listen@pres", "unknown moment 'pres'. "),
    ("listen@press, snd@release", "unknown action 'snd'. "), ("", "unknown action ''. "),
])  # fmt: skip
def test_a_gesture_acts_at_a_moment(text: str, told: str | None) -> None:
    found = misfit(text)
    assert (found is None) if told is None else (found is not None and found.startswith(told))


def test_the_remedy_names_what_is_meant() -> None:
    assert "listen" in (misfit("listn@press") or "").partition(". ")[2]
    assert "press" in (misfit("listen@pres") or "").partition(". ")[2]


def test_the_words_of_the_gesture_table() -> None:
    assert CONTEXTS == (
        "off",
        "idle",
        "prompt",
        "listening",
        "sending",
        "playing",
        "ringing",
        "call",
        "reverse",
        "warning",
    )
    assert (GESTURES, MOMENTS) == (("press", "long", "double"), ("press", "release"))
    assert ACTIONS == ("none", "ignore", "listen", "undo", "replay", "stop_capture", "send", "discard", "play", "stop",
                       "answer", "hang_up")  # fmt: skip


PRESENCE = Presence(
    present=({"seat": "taken", "belt": "closed"}, {"key": "in"}),
    left=({"seat": "empty"}, {"door": "opened", "key": "out"}),
    locked=({"locks": "outside"},),
)


@pytest.mark.parametrize(("states", "present", "left", "locked", "back"), [
    ({"seat": "taken", "belt": "closed", "door": "shut", "key": "out"}, True, False, False, True),
    ({"seat": "taken", "belt": "open", "door": "shut", "key": "out"}, False, False, False, True),
    ({"seat": "empty", "belt": "open", "door": "shut", "key": "out"}, False, True, False, False),
    ({"seat": "empty", "key": "in"}, True, False, False, True),
    ({"seat": "taken", "door": "opened", "key": "out"}, False, True, False, False),
    ({"seat": "taken", "belt": "closed", "locks": "outside"}, True, True, True, False),
    ({"seat": "unknown", "door": "shut", "key": "out"}, False, False, False, False),
    ({}, False, False, False, False),
])  # fmt: skip
def test_who_is_there_has_left_or_has_come_back(states, present: bool, left: bool, locked: bool, back: bool) -> None:
    found = (
        PRESENCE.is_present(states),
        PRESENCE.has_left(states),
        PRESENCE.is_locked(states),
        PRESENCE.is_back(states),
    )
    assert found == (present, left, locked, back)
    assert PRESENCE.roles() == {"seat", "belt", "key", "door", "locks"}
