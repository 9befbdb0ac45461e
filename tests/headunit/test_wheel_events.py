"""Presses that the wheel module decides: frames in, gestures out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.can.port import Frame
from harness.can.protection import Protector
from harness.foundation.units import MS, S
from harness.headunit.blueprint import gesture, set_figure
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

REPEAT = 20 * MS


@pytest.fixture(scope="module")
def gkui() -> Vehicle:
    found = load_vehicle(Path(__file__).parents[2] / "dbc" / "gkui")
    return replace(found, initial={r: s for r, s in found.initial.items() if not found.role(r).by_presence})


class Wheel:
    """The switches of a car: ``event(kind, number)`` sends it as often as told."""

    def __init__(self, car) -> None:
        self.car = car
        self.role = car.vehicle.role("wheel.messaging")
        self.protector = Protector(self.role.message, car.vehicle.protection[("body", "SWS_Event")])

    def frame(self, kind: str, number: int, button: str = "wheel.messaging", right: bool = True) -> None:
        role = self.car.vehicle.role(button)
        data = self.protector.apply(role.message.encode(role.event.values(kind, number)), 0)
        data = data if right else self.protector.spoil(data)
        self.car.ports["body"].send(Frame(role.message.id, data))

    def event(self, kind: str, number: int, times: int = 3, **how) -> None:
        for _ in range(times):
            self.frame(kind, number, **how)
            self.car.run(REPEAT)


@pytest.fixture
def build(car_type, gkui: Vehicle) -> Callable[..., Wheel]:
    def built(*changes) -> Wheel:
        car = car_type(gkui, changes)
        car.log_in()
        return Wheel(car)

    return built


@pytest.fixture
def wheel(build: Callable[..., Wheel]) -> Wheel:
    return build()


def front(wheel: Wheel) -> str:
    return wheel.car.state("voice")


def test_a_short_event_opens_messaging_once_whatever_its_repeats(wheel):
    wheel.event("short", 4)
    assert front(wheel) == "listening"
    assert wheel.car.unit.counted["wheel repeated"] == 2
    wheel.event("short", 5)
    assert front(wheel) in ("sending", "idle")


def test_the_first_event_after_the_start_counts_whatever_its_number(build):
    for number in (0, 9, 15):
        wheel = build()
        wheel.event("short", number)
        assert front(wheel) == "listening"


def test_a_number_behind_the_last_one_is_a_late_repeat(wheel):
    wheel.event("short", 15)
    wheel.event("short", 0)  # one ahead, round the end
    wheel.car.run(3 * S)
    assert front(wheel) == "idle"
    for stale in (0, 15, 14, 9):
        wheel.event("short", stale)
        assert front(wheel) == "idle", stale
    wheel.event("short", 8)  # half way round is the furthest that may be lost
    assert front(wheel) == "listening"


def test_asleep_the_last_number_is_forgotten(wheel):
    wheel.event("short", 3)
    wheel.car.unit.intake.wheel.reset()
    wheel.car.run(3 * S)
    wheel.event("short", 3)
    assert front(wheel) == "listening"


def test_wrong_frames_count_for_nothing_and_one_good_repeat_is_enough(wheel):
    wheel.event("short", 1, times=2, right=False)
    assert front(wheel) == "idle"
    wheel.event("short", 1, times=1)
    assert front(wheel) == "listening"


def test_three_wrong_frames_make_it_invalid_and_a_good_one_heals(wheel):
    car = wheel.car
    car.run(3 * S)
    wheel.event("short", 1, right=False)
    car.run(1 * S)
    assert car.unit.flash.dtcs["wheel_invalid"] & 0x09 == 0x09
    wheel.event("short", 2)
    car.run(1 * S)
    assert not car.unit.flash.dtcs["wheel_invalid"] & 0x01
    assert front(wheel) == "listening"


def test_an_invalid_signal_needs_as_many_good_frames_as_the_car_says(build):
    wheel = build(set_figure("e2e_good_to_valid", 3))
    wheel.event("short", 1, right=False)
    wheel.event("short", 2, times=2)
    assert front(wheel) == "idle"
    wheel.event("short", 2, times=1)
    assert front(wheel) == "listening"


def test_long_and_double_mean_what_the_table_says(wheel):
    wheel.event("short", 1)
    wheel.event("long", 2)
    assert front(wheel) == "idle"
    wheel.event("long", 3)  # nothing there to undo
    assert front(wheel) == "idle"
    wheel.car.contact.send_text("li.wei", "hello")
    wheel.car.until(lambda: front(wheel) == "prompt")
    wheel.event("long", 4)
    assert front(wheel) == "idle"


def test_what_acts_on_release_acts_at_once(build):
    wheel = build(gesture("listening", "press", "send@release, stop_capture@press"))
    wheel.event("short", 1, times=1)
    wheel.car.run(500 * MS)
    wheel.event("short", 2, times=1)
    assert front(wheel) in ("sending", "idle")  # stopped, and then sent: not the other way round


def test_invalid_is_no_press_and_other_buttons_are_not_the_messaging_button(wheel):
    wheel.event("invalid", 1)
    wheel.event("short", 2, button="wheel.mute")
    wheel.event("short", 3, button="wheel.hangup")
    assert front(wheel) == "idle"
    wheel.event("short", 4)
    assert front(wheel) == "listening"


def test_the_button_beside_hangs_up(wheel):
    car = wheel.car
    car.unit.states["voice"] = "call"
    wheel.event("short", 1, button="wheel.hangup")
    assert front(wheel) == "idle"


def test_a_frame_of_another_length_and_a_kind_nobody_named_do_nothing(wheel):
    role = wheel.role
    data = wheel.protector.apply(role.message.encode({"SwCode": "Talk", "SwKind": 5, "SwSeq": 1}), 0)
    wheel.car.ports["body"].send(Frame(role.message.id, data))
    wheel.car.ports["body"].send(Frame(role.message.id, data[:6]))
    wheel.car.run(100 * MS)
    assert front(wheel) == "idle"
    assert wheel.car.unit.counted["wrong length"] == 1


def test_its_silence_is_no_fault(wheel):
    wheel.event("short", 1)
    wheel.car.run(20 * S)
    assert "wheel_communication" not in wheel.car.unit.flash.dtcs


def test_the_cluster_is_asked_while_a_message_waits(wheel):
    car = wheel.car
    car.contact.send_text("li.wei", "hello")
    car.run(3 * S)
    assert [state for _, state in car.history("head_unit.cluster")][-1] == "new_message"
    wheel.event("long", 1)
    car.run(1 * S)
    assert car.said("head_unit.cluster") == "none"
