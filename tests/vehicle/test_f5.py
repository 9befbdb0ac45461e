"""f5 has the shape it claims: 29-bit ids, a multiplexed wheel message, XOR sums, active-low switches, no app state."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.can.protection import Protector
from harness.foundation.units import MS
from harness.vehicle.check import check
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

CAR = Path(__file__).parents[2] / "dbc" / "f5"


@pytest.fixture(scope="module")
def car() -> Vehicle:
    return load_vehicle(CAR)


class TestFrames:
    """The XOR of the id 18 A1 E5 F0: 18 ^ A1 = B9, ^ E5 = 5C, ^ F0 = AC."""

    def test_the_page_of_the_keys_with_one_pressed(self, car: Vehicle) -> None:
        # Motorola. Byte 0: page 0 in the high nibble, counter 9 in the low one: 09. Keys have two bits each, released
        # is 1, pressed 0. Byte 1, Msg first: 00 01 01 01 = 15. Byte 2: 01 01 01 01 = 55.
        # AC ^ 09 = A5, ^ 15 = B0, ^ 55 = E5.
        role = car.role("wheel.messaging")
        data = role.message.encode({"WheelPage": "Keys", "KeyMsg": "Pressed"})
        sent = Protector(role.message, car.protection["body", "SWM_Wheel"]).apply(data, 9)
        assert sent.hex() == "09155500000000e5"
        assert role.read(sent) == "pressed"
        assert car.role("wheel.next").read(sent) == "released"

    def test_the_page_of_the_light(self, car: Vehicle) -> None:
        # Page 1, counter 10: 1A. Level 60 % = 120 = 78, red 200 = C8, horn released 01 in the top bits of byte 3: 40.
        # AC ^ 1A = B6, ^ 78 = CE, ^ C8 = 06, ^ 40 = 46.
        role = car.role("wheel.messaging")
        data = role.message.encode({"WheelPage": "Light"})
        sent = Protector(role.message, car.protection["body", "SWM_Wheel"]).apply(data, 10)
        assert sent.hex() == "1a78c84000000046"
        assert not role.in_(sent)
        assert role.read(sent) is None

    def test_all_closures_in_one_byte(self, car: Vehicle) -> None:
        # Six bits from the top, 1 is closed: FC; with the driver's door open 7C. Unlocked is 7 in three bits: E0.
        # Windows F0.
        message = car.role("door.driver").message
        assert message.start_data().hex() == "fce0f00000000000"
        opened = message.encode({"ClosedFL": "Open"})
        assert opened.hex() == "7ce0f00000000000"
        assert car.role("door.driver").read(opened) == "open"
        assert car.role("door.passenger").read(opened) == "closed"
        assert message.encode({"LockMode": "OutsideLocked"}).hex() == "fc40f00000000000"

    def test_speed_and_brake_share_a_frame(self, car: Vehicle) -> None:
        # 59.5 km/h * 128 = 7616 = 1DC0; brake free 01 in the top bits of byte 2: 40.
        assert car.role("speed").message.encode({"SpeedRaw": 59.5}).hex() == "1dc0400000000000"
        assert car.role("brake").read(bytes.fromhex("1dc0000000000000")) == "pressed"

    def test_the_unit_is_alive(self, car: Vehicle) -> None:
        # HutRun booting 01 on top of byte 0, counter 12 below: 4C; 34 degC = 74 = 4A.
        # 18 ^ D0 = C8, ^ 00 = C8, ^ 28 = E0, ^ 4C = AC, ^ 4A = E6.
        message = car.role("head_unit.alive").message
        protector = Protector(message, car.protection["infotainment", "HUT_Alive"])
        assert protector.apply(message.start_data(), 12).hex() == "4c4a0000000000e6"


class TestBuses:
    def test_every_id_has_29_bits_and_every_signal_is_motorola(self, car: Vehicle) -> None:
        messages = [m for bus in car.buses.values() for m in bus.database.messages.values()]
        assert all(m.extended and m.id > 0x7FF for m in messages)
        assert {s.little_endian for m in messages for s in m.signals.values()} == {False}
        assert not any(m.fd for m in messages)
        d = car.diagnostics
        assert min(d.request, d.response, d.functional) > 0x7FF

    def test_the_keys_come_every_second_frame(self, car: Vehicle) -> None:
        role = car.role("wheel.messaging")
        assert (role.message.cycle, car.period("wheel.messaging")) == (10 * MS, 20 * MS)
        assert car.schedules["body", "SWM_Wheel"] == (0, 1, 0, 2)

    def test_switches_are_active_low(self, car: Vehicle) -> None:
        on = {"wheel.messaging": "pressed", "door.driver": "open", "brake": "pressed", "camera.reverse": "on",
              "warning.safety": "active", "seat.driver": "occupied", "belt.driver": "fastened"}  # fmt: skip
        assert {car.role(role).raw(state) for role, state in on.items()} == {0}

    def test_of_messaging_and_login_nothing_is_said(self, car: Vehicle) -> None:
        assert not {"head_unit.app", "head_unit.session", "head_unit.view", "head_unit.unread"} & set(car.roles)
        assert car.has("screen")
        assert car.has("head_unit.app | screen")

    def test_the_files_say_whose_they_are(self, car: Vehicle) -> None:
        for bus in car.buses.values():
            text = bus.path.read_text(encoding="utf-8")
            assert "Written by this project" in text
            assert "no data of any car maker" in text


def test_nothing_is_wrong_with_it() -> None:
    assert check(CAR).findings == ()
