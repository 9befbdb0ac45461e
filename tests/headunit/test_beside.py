"""A key of its own: buttons above it come in another message; and a wheel message that shows one page at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.can.e2e import Status
from harness.can.port import Frame
from harness.foundation.units import MS, S
from harness.headunit.blueprint import tap
from harness.vehicle.load import load_vehicle

DBC = Path(__file__).parents[2] / "dbc"


@pytest.fixture
def two(car_type: Any) -> Any:
    """A car whose messaging key and wheel buttons are two modules."""
    car = car_type(load_vehicle(DBC / "cs75plus"))
    car.set("wheel.next", "released")
    car.log_in()
    return car


@pytest.fixture
def paged(car_type: Any) -> Any:
    """A car whose wheel message shows its keys on one page of several."""
    car = car_type(load_vehicle(DBC / "f5"))
    car.log_in()
    return car


class TestTwoModules:
    def test_alone_the_key_listens(self, two: Any) -> None:
        two.press(150 * MS)
        two.run(300 * MS)
        assert two.state("voice") == "listening"

    @pytest.mark.parametrize("above", ["wheel.hangup", "wheel.mute"])
    def test_a_button_above_it_silences_it(self, two: Any, above: str) -> None:
        two.set(above, "pressed")
        two.run(200 * MS)
        two.press(150 * MS)
        two.run(300 * MS)
        assert two.state("voice") == "idle"

    def test_a_button_below_it_does_not(self, two: Any) -> None:
        two.set("wheel.next", "pressed")
        two.run(200 * MS)
        two.press(150 * MS)
        two.run(300 * MS)
        assert two.state("voice") == "listening"

    def test_a_silent_wheel_takes_nothing_away(self, two: Any) -> None:
        two.set("wheel.mute", "pressed")
        two.run(200 * MS)
        two.silent.add("SWS_Keys")
        two.run(1 * S)
        two.press(150 * MS)
        two.run(300 * MS)
        assert two.state("voice") == "listening"


class TestPages:
    def other_pages(self, car: Any, count: int) -> None:
        """So many frames of the page without keys, right in counter and checksum."""
        role = car.vehicle.role("wheel.messaging")
        key = (role.bus, role.message.name)
        for _ in range(count):
            data = role.message.encode({"WheelPage": "Light"})
            data = car._protectors[key].apply(data, car.counter[key])
            car.counter[key] = car._protectors[key].next_counter(car.counter[key])
            car.ports[role.bus].send(Frame(role.message.id, data, True))
            car.run(2 * MS)

    def test_a_page_without_keys_is_neither_press_nor_release(self, paged: Any) -> None:
        paged.silent.add("SWM_Wheel")
        self.other_pages(paged, 20)
        assert paged.state("button") == "released"
        assert paged.state("voice") == "idle"
        paged.silent.clear()
        paged.press(200 * MS)
        paged.run(200 * MS)
        assert paged.state("voice") == "listening"

    def test_it_counts_for_the_counter(self, paged: Any) -> None:
        paged.silent.add("SWM_Wheel")
        self.other_pages(paged, 3)
        before = paged.unit.counted["wheel wrong sequence"]
        paged.silent.clear()
        paged.run(100 * MS)
        assert paged.unit.counted["wheel wrong sequence"] == before

    @pytest.mark.parametrize(("believes", "state"), [(True, "listening"), (False, "idle")])
    def test_who_believes_a_frozen_counter_goes_on_believing_it(
        self, car_type: Any, believes: bool, state: str
    ) -> None:
        good = tap("e2e", lambda status, unit: Status.OK if believes else status)
        car = car_type(load_vehicle(DBC / "f5"), [good])
        car.log_in()
        role = car.vehicle.role("wheel.messaging")
        car.silent.add("SWM_Wheel")
        for pressed in (*(False for _ in range(30)), *(True for _ in range(30))):  # longer than the window
            data = role.message.encode({"WheelPage": "Keys", "KeyMsg": "Pressed" if pressed else "Released"})
            data = car._protectors[role.bus, role.message.name].apply(data, 7)
            car.ports[role.bus].send(Frame(role.message.id, data, True))
            car.run(10 * MS)
        assert car.state("voice") == state
