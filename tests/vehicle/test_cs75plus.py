"""cs75plus has the shape it claims: a key module of its own, E2E profile 5, CAN FD, classes of occupants, a return."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.can.protection import Protector
from harness.foundation.units import MS, S
from harness.vehicle.check import check
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

CAR = Path(__file__).parents[2] / "dbc" / "cs75plus"
States = dict[str, str | float]


@pytest.fixture(scope="module")
def car() -> Vehicle:
    return load_vehicle(CAR)


def crc16_by_hand(data: bytes) -> int:
    """CRC-16 CCITT (x^16 + x^12 + x^5 + 1, start value 0xFFFF), one bit at a time."""
    rest = 0xFFFF
    for byte in data:
        for i in range(7, -1, -1):
            carry = rest >> 15 ^ byte >> i & 1
            rest = (rest << 1 & 0xFFFF) ^ (0x1021 if carry else 0)
    return rest


class TestFrames:
    def test_the_arithmetic_is_that_of_published_examples(self) -> None:
        assert crc16_by_hand(b"123456789") == 0x29B1  # check value of CRC-16/CCITT-FALSE
        # AUTOSAR PRS_E2EProtocol, profile 5: data id 0x1234, eight bytes of 0, counter 0: bytes 1C CA
        assert crc16_by_hand(bytes(6) + b"\x34\x12") == 0xCA1C

    def test_the_key_pressed(self, car: Vehicle) -> None:
        # Intel. Counter 200 = 0xC8 in byte 2. MsgKey 1 in bits 0..1 of byte 3, Light 1 in bits 2..3: 0x05.
        # Temp 25 degC = 65 = 0x41 in byte 4, Supply 13.4 V = 134 = 0x86 in byte 5, Travel 0, byte 7 unused.
        # CRC over C8 05 41 86 00 00, then the data id 0x2C71 with its low byte first.
        role = car.role("wheel.messaging")
        data = role.message.encode({"MKP_MsgKey": "Pressed"})
        sent = Protector(role.message, car.protection["body", "MKP_Key"]).apply(data, 200)
        crc = crc16_by_hand(bytes.fromhex("C80541860000 712C"))
        assert sent == bytes([crc & 0xFF, crc >> 8]) + bytes.fromhex("C80541860000")
        assert sent.hex() == "7143c80541860000"
        assert role.read(sent) == "pressed"

    def test_the_status_listening(self, car: Vehicle) -> None:
        # 64 bytes. ImState 2 and ImSession 4 in byte 3: 0x42. Unread 3 in byte 4. Byte 5: Audio 3 | Ready 1 << 4 |
        # Mic 1 << 6 = 0x53. View 40 = 0x28. Backlight 80 % = 200 = 0xC8. Then start values: Board 78 = 0x4E in
        # byte 12, memory 1800 = 0x0708 in bytes 13 and 14, load 40 = 0x28 in byte 15.
        role = car.role("head_unit.app")
        values = {"ImState": "Listening", "ImSession": "Active", "ImUnread": 3, "AudioSt": "Voice", "IviReady": "Ready",
                  "MicOpen": "On", "ViewNo": "Listening"}  # fmt: skip
        sent = Protector(role.message, car.protection["infotainment", "IVI_Status"]).apply(
            role.message.encode(values), 255
        )
        body = bytes.fromhex("FF 42 03 53 28 C8 00000000 4E 0807 28".replace(" ", "")).ljust(62, b"\0")
        # the counter is byte 2; up-time takes bytes 8 to 11
        assert sent[2:] == body
        crc = crc16_by_hand(body + b"\x01\x3a")
        assert sent[:2] == bytes([crc & 0xFF, crc >> 8])
        assert [role.read(sent), car.role("head_unit.session").read(sent)] == ["listening", "active"]

    def test_doors_and_lever(self, car: Vehicle) -> None:
        # DoorFL bits 0..1, DoorRR bits 6..7 of byte 0: 0x01 | 0x40. Lever D = 5 in the low nibble; ClutchTemp 60 degC.
        doors = car.role("door.driver").message.encode({"DoorFL": "Ajar", "DoorRR": "Ajar"})
        assert doors == bytes.fromhex("4100000000000000")
        lever = car.role("gear").message.encode({"LeverPos": "D", "GearIn": "G2"})
        assert lever == bytes.fromhex("2564000000000000")

    def test_speed(self, car: Vehicle) -> None:
        # 90 km/h / 0.05625 = 1600 = 0x640 in 13 bits; SpeedQual 1 in bits 13..14: 0x2640; YawRate 0 = 2048 = 0x800.
        assert car.role("speed").message.encode({"VehSpeed": 90}) == bytes.fromhex("4026000800000000")
        assert car.role("speed").read(bytes.fromhex("FF3F000800000000")) == "invalid"


class TestBuses:
    def test_everything_is_intel_and_the_infotainment_carries_up_to_64_bytes(self, car: Vehicle) -> None:
        messages = [m for bus in car.buses.values() for m in bus.database.messages.values()]
        assert {s.little_endian for m in messages for s in m.signals.values()} == {True}
        assert not any(m.fd for m in car.buses["body"].database.messages.values())
        fd = {m.name: m.length for m in car.buses["infotainment"].database.messages.values() if m.fd}
        assert all(m.brs for m in messages if m.fd)
        assert {fd["IVI_Status"], fd["CGW_Vehicle"]} == {64}
        assert len(fd) >= 6
        assert car.buses["infotainment"].data_bitrate == 5_000_000

    def test_the_messaging_key_has_a_module_and_a_message_of_its_own(self, car: Vehicle) -> None:
        own, others = car.role("wheel.messaging").message, car.role("wheel.next").message
        assert own is not others
        assert not set(own.senders) & set(others.senders)
        assert (car.period("wheel.messaging"), car.period("wheel.next")) == (25 * MS, 20 * MS)

    def test_the_counter_of_profile_5_counts_to_255(self, car: Vehicle) -> None:
        protector = Protector(car.role("wheel.messaging").message, car.protection["body", "MKP_Key"])
        assert (protector.modulus, protector.next_counter(255)) == (256, 0)

    def test_the_files_say_whose_they_are(self, car: Vehicle) -> None:
        for bus in car.buses.values():
            text = bus.path.read_text(encoding="utf-8")
            assert "Written by this project" in text
            assert "no data of any car maker" in text


class TestPresence:
    def after(self, car: Vehicle, *events: str) -> States:
        states: States = dict(car.initial)
        for event in events:
            for step in car.event(event):
                if step.what in car.roles:
                    states[step.what] = step.value
        return states

    def test_seat_belt_and_door_are_all_needed(self, car: Vehicle) -> None:
        gone: States = {**car.initial, "seat.driver": "empty", "belt.driver": "open", "door.driver": "open"}
        assert car.presence.has_left(gone)
        for role, other in (("seat.driver", "occupied"), ("belt.driver", "fastened"), ("door.driver", "closed")):
            assert not car.presence.has_left({**gone, role: other})

    @pytest.mark.parametrize("mat", ["unknown", "child_seat", "invalid"])
    def test_only_an_adult_on_the_seat_is_the_driver(self, car: Vehicle, mat: str) -> None:
        states: States = {**car.initial, "seat.driver": mat, "belt.driver": "open", "door.driver": "open"}
        assert not car.presence.is_present(states)
        assert not car.presence.has_left(states)
        assert not car.presence.is_back(states)

    def test_a_door_that_closes_again_is_no_return(self, car: Vehicle) -> None:
        end = self.after(car, "driver_leaves")
        assert end["door.driver"] == "closed"
        assert not car.presence.is_back(end)
        assert car.presence.is_back(self.after(car, "driver_leaves", "driver_returns"))

    @pytest.mark.parametrize(("event", "mark"), [("driver_leaves", "left"), ("driver_leaves_engine_running", "left"),
                                                 ("lock_outside", "locked"), ("seat_flickers", "flicker")])  # fmt: skip
    def test_leaving_is_met_at_the_mark_and_not_before(self, car: Vehicle, event: str, mark: str) -> None:
        states: States = dict(car.initial)
        for step in car.event(event):
            if step.what in car.roles:
                states[step.what] = step.value
            if step.mark:
                assert step.mark == mark
                assert car.presence.has_left(states)
                return
            assert not car.presence.has_left(states)

    @pytest.mark.parametrize("event", ["engine_stop_start", "passenger_leaves", "driver_door_opens_seated",
                                       "ignition_off_seated", "seat_invalid"])  # fmt: skip
    def test_what_is_no_leaving_never_meets_the_rule(self, car: Vehicle, event: str) -> None:
        states: States = dict(car.initial)
        for step in car.event(event):
            states[step.what] = step.value
            assert not car.presence.has_left(states)

    def test_a_flicker_is_shorter_than_the_confirm_time(self, car: Vehicle) -> None:
        waits = [int(s.value) for s in car.event("seat_flickers") if s.what == "wait"]
        assert waits[-1] < int(car.unit["confirm_leave"]) == 3 * S


def test_nothing_is_wrong_with_it() -> None:
    assert check(CAR).findings == ()
