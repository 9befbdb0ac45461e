"""The car in the tree has the shape it claims, and its own recipes meet its own rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness.can.protection import Protector
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S
from harness.vehicle.check import check, summary
from harness.vehicle.driving import DrivingState, metres_per_second
from harness.vehicle.roles import ROLES
from harness.vehicle.vehicle import Vehicle

States = dict[str, str | float]


def played(vehicle: Vehicle, *events: str) -> Iterator[tuple[str | None, States]]:
    """States of all roles after each step of ``events``, from the initial state on, with the step's mark."""
    states: States = dict(vehicle.initial)
    for event in events:
        for step in vehicle.event(event):
            if step.what in vehicle.roles:
                states = {**states, step.what: step.value}
            yield step.mark, states


def at_the_end(vehicle: Vehicle, *events: str) -> States:
    return list(played(vehicle, *events))[-1][1]


class TestBuses:
    def test_size_load_and_byte_orders(self, gs4: Vehicle) -> None:
        messages = [m for bus in gs4.buses.values() for m in bus.database.messages.values()]
        assert len(messages) >= 30
        assert 500 <= sum(gs4.frames_per_second().values()) <= 700
        orders = {bus.name: {s.little_endian for m in bus.database.messages.values() for s in m.signals.values()} for bus in gs4.buses.values()}  # fmt: skip  # noqa: E501
        assert orders == {"body": {False}, "infotainment": {True}}

    def test_the_body_is_classic_and_the_infotainment_fd(self, gs4: Vehicle) -> None:
        body, infotainment = gs4.buses["body"], gs4.buses["infotainment"]
        assert (body.bitrate, body.data_bitrate) == (500_000, None)
        assert (infotainment.bitrate, infotainment.data_bitrate) == (500_000, 2_000_000)
        assert not any(m.fd for m in body.database.messages.values())
        longer = [m for m in infotainment.database.messages.values() if m.length > 8]
        assert longer
        assert all(m.fd and m.brs for m in longer)

    def test_one_message_is_multiplexed(self, gs4: Vehicle) -> None:
        tyre = gs4.buses["body"].database.by_name("TPMS_Tyre")
        data = tyre.encode({"TpmsWheel": "RL", "PressRL": 240.0})
        assert tyre.decode(data)["PressRL"] == 240.0
        assert "PressFL" not in tyre.decode(data)

    def test_send_types_are_the_three_and_changes_are_quick(self, gs4: Vehicle) -> None:
        messages = [m for bus in gs4.buses.values() for m in bus.database.messages.values()]
        assert {m.send_type for m in messages} == {"Cyclic", "CyclicAndOnChange", "Event"}
        assert all(m.fast_cycle and m.repetitions for m in messages if m.send_type == "CyclicAndOnChange")
        status = gs4.role("head_unit.app").message
        assert (status.cycle, status.fast_cycle, status.repetitions) == (100 * MS, 20 * MS, 3)

    def test_every_message_starts_within_its_own_bits(self, gs4: Vehicle) -> None:
        for bus in gs4.buses.values():
            for message in bus.database.messages.values():
                assert len(message.start_data()) == message.length

    def test_both_files_say_whose_they_are(self, gs4: Vehicle) -> None:
        for bus in gs4.buses.values():
            text = bus.path.read_text(encoding="utf-8")
            assert "Written by this project" in text
            assert "no data of any car maker" in text


class TestWheel:
    def test_it_is_e2e_profile_1_with_counter_0_to_14(self, gs4: Vehicle) -> None:
        protection = gs4.protection[("body", "SWC_Buttons")]
        assert (protection.profile, protection.data_id, protection.data_id_mode) == ("E2E-P01", 0x1A3, "both")
        assert gs4.period("wheel.messaging") == 20 * MS

    def test_a_golden_frame(self, gs4: Vehicle) -> None:
        """CRC-8 0x1D, start and final value 0, over A3 01 (data id) and the data, worked out bit by bit."""
        role = gs4.role("wheel.messaging")
        data = role.message.encode({"SWC_Msg": "Pressed", "SWC_Illum": 50.0})
        protected = Protector(role.message, gs4.protection[("body", "SWC_Buttons")]).apply(data, 5)
        crc = 0
        for byte in bytes.fromhex("a301 0540006400 0000".replace(" ", "")):
            crc ^= byte
            for _ in range(8):
                crc = (crc << 1 ^ 0x1D) & 0xFF if crc & 0x80 else crc << 1
        assert protected == bytes([crc]) + bytes.fromhex("05400064000000")
        assert protected.hex() == "c805400064000000"

    def test_it_reads_pressed_released_and_invalid(self, gs4: Vehicle) -> None:
        role = gs4.role("wheel.messaging")
        for label, state in (("Pressed", "pressed"), ("Released", "released"), ("SNA", "invalid")):
            assert role.read(role.message.encode({"SWC_Msg": label})) == state
        assert role.read(role.message.encode_raw({"SWC_Msg": 2})) is None
        assert role.read(b"\x00") is None


class TestRoles:
    def test_every_role_of_the_table_but_none_other_is_there(self, gs4: Vehicle) -> None:
        assert set(ROLES) - {"head_unit.cluster"} == set(gs4.roles)

    def test_speed_is_a_number_or_invalid(self, gs4: Vehicle) -> None:
        speed = gs4.role("speed")
        assert speed.read(speed.message.encode({"VehSpd": 59.99})) == pytest.approx(59.99)
        assert speed.read(speed.message.encode({"VehSpd": "Invalid"})) == "invalid"
        assert (speed.raw(18.0), speed.raw("invalid")) == (1800, 65535)
        with pytest.raises(HarnessError, match="outside"):
            speed.raw(700.0)

    def test_a_wrong_state_or_role_gets_a_suggestion(self, gs4: Vehicle) -> None:
        with pytest.raises(HarnessError, match="'occupied'"):
            gs4.role("seat.driver").raw("ocupied")
        with pytest.raises(HarnessError, match=r"'seat\.driver'"):
            gs4.role("seat.drivr")
        with pytest.raises(HarnessError, match="'driver_leaves'"):
            gs4.event("driver_leafs")

    def test_needs(self, gs4: Vehicle, small: Vehicle) -> None:
        assert gs4.has("button.level")
        assert gs4.has("button.level | button.event")
        assert gs4.has("button.on_can")
        assert not gs4.has("camera")
        assert not small.has("button.level")
        assert small.has("button.event")
        assert not small.has("screen")
        assert not small.has("lock | key")

    def test_a_button_behind_the_unit_is_not_on_can(self, small: Vehicle) -> None:
        ladder = replace(small.role("wheel.messaging"), via="ladder")
        assert small.has("button.on_can")
        assert not replace(small, roles={**small.roles, ladder.name: ladder}).has("button.on_can")

    def test_what_the_unit_sends_is_known(self, gs4: Vehicle) -> None:
        ours = {n for n, r in gs4.roles.items() if gs4.head_unit_nodes & set(r.message.senders)}
        assert ours == {n for n in gs4.roles if n.startswith("head_unit.")} | {"network.head_unit"}


class TestModes:
    def test_each_position_of_the_ignition_has_its_mode(self, gs4: Vehicle) -> None:
        assert [gs4.mode_of(i).name for i in ("off", "acc", "on", "crank")] == ["OFF", "ACC", "ON", "CRANK"]

    def test_presence_is_still_told_with_the_ignition_off_and_nothing_asleep(self, gs4: Vehicle) -> None:
        needed = {gs4.role(r).message.name for r in gs4.presence.roles()}
        assert all(gs4.modes["OFF"].sends(name) for name in needed)
        assert not any(gs4.modes["SLEEP"].sends(name) for name in needed)
        assert gs4.modes["ON"].sends("SWC_Buttons")


class TestRecipes:
    def test_a_case_begins_seated_parked_and_on(self, gs4: Vehicle) -> None:
        start = gs4.initial
        assert gs4.presence.is_present(start)
        assert not gs4.presence.has_left(start)
        speed = metres_per_second(start["speed"])
        assert gs4.driving.state(speed, {"gear": str(start["gear"])}, 0) is DrivingState.PARKED

    @pytest.mark.parametrize("event", ["driver_leaves", "driver_leaves_engine_running", "lock_outside"])
    def test_leaving_is_met_at_the_mark_and_stays_met(self, gs4: Vehicle, event: str) -> None:
        marked = [gs4.presence.has_left(states) for mark, states in played(gs4, event) if mark]
        assert marked == [True]
        before = []
        for mark, states in played(gs4, event):
            if mark:
                break
            before.append(gs4.presence.has_left(states))
        assert not any(before)
        assert gs4.presence.has_left(at_the_end(gs4, event))

    @pytest.mark.parametrize(
        "event",
        ["engine_stop_start", "passenger_leaves", "passenger_sits", "driver_door_opens_seated", "ignition_off_seated"],
    )
    def test_what_is_no_leaving_never_meets_the_rule(self, gs4: Vehicle, event: str) -> None:
        assert not any(gs4.presence.has_left(states) for _, states in played(gs4, event))

    @pytest.mark.parametrize("event", ["seat_flickers", "driver_leaves_and_returns_in_time"])
    def test_a_short_absence_meets_the_rule_for_less_than_the_confirm_time(self, gs4: Vehicle, event: str) -> None:
        gone = 0
        states: States = dict(gs4.initial)
        for step in gs4.event(event):
            if step.what == "wait" and gs4.presence.has_left(states):
                gone += int(step.value)
            elif step.what in gs4.roles:
                states = {**states, step.what: step.value}
        assert 0 < gone < int(gs4.unit["confirm_leave"])

    def test_coming_back_is_being_present_with_the_ignition_on(self, gs4: Vehicle) -> None:
        end = at_the_end(gs4, "driver_leaves", "driver_returns")
        assert gs4.presence.is_present(end)
        assert end == dict(gs4.initial)

    def test_driving_off_moves_and_parking_parks(self, gs4: Vehicle) -> None:
        def state(states: States) -> DrivingState:
            some = {r: str(states[r]) for r in ("gear", "brake")}
            return gs4.driving.state(metres_per_second(states["speed"]), some, 0)

        marked = [state(states) for mark, states in played(gs4, "drive_off") if mark]
        assert marked == [DrivingState.MOVING]
        assert state(at_the_end(gs4, "drive_off", "stop_in_traffic")) is DrivingState.IDLING
        assert state(at_the_end(gs4, "drive_off", "park")) is DrivingState.PARKED
        assert state(at_the_end(gs4, "speed_invalid")) is DrivingState.MOVING


def test_figures_are_integers_of_ns(gs4: Vehicle) -> None:
    assert gs4.unit["long_press"] == 800 * MS
    assert gs4.unit["code_validity"] == 300 * S
    assert gs4.unit["sleep_current"] == pytest.approx(0.002)
    assert gs4.unit["debounce_frames"] == 2
    assert gs4.serial


def test_check_tells_what_is_there_per_role(gs4: Vehicle) -> None:
    report = check(gs4.folder)
    assert report.findings == ()
    lines = summary(gs4)
    assert report.lines == tuple(lines)
    assert [line for line in lines if line.startswith("role seat.driver (state): body/BCM_Seats.DrvOccupied 0x3B2")]
    assert len([line for line in lines if line.startswith("role ")]) == len(gs4.roles)


def test_check_notes_an_id_that_is_on_two_buses(folder: Path) -> None:
    path = folder / "vehicle.yaml"
    line = "  only: {dbc: small.dbc, bitrate: 250 kbit/s}\n"
    path.write_text(path.read_text().replace(line, line + "  other: {dbc: other.dbc, bitrate: 250 kbit/s}\n"))
    message = 'BO_ 512 Else: 8 X\n SG_ A : 0|8@1+ (1,0) [0|0] "" X\n'
    (folder / "other.dbc").write_text(f'VERSION ""\n\nBS_:\n\nBU_: X\n\n{message}')
    report = check(folder)
    assert report.findings == ()
    notes = [text for text in report.lines if text.startswith("note: id")]
    assert notes == ["note: id 0x200 is only/Body (small.dbc:17) and other/Else (other.dbc:7)"]


def test_check_tells_all_findings_instead_of_raising(folder: Path) -> None:
    path = folder / "vehicle.yaml"
    path.write_text(path.read_text().replace("frames: [Body]", "frames: [A, B]"))
    report = check(folder)
    assert report.vehicle is None
    assert len(report.findings) == 2
    assert all(str(path) in line for line in report.lines)
