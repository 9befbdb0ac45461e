"""Presence and driving: pure rules, tried over all states."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.units import MS, S
from harness.vehicle.driving import DrivingState, metres_per_second
from harness.vehicle.vehicle import Vehicle

FEW = settings(deadline=None, max_examples=150)
ROLES = {
    "seat.driver": ["occupied", "empty", "invalid", None],
    "belt.driver": ["fastened", "open", "invalid", None],
    "ignition": ["off", "acc", "on", "invalid", None],
    "key": ["in_car", "out", "invalid", None],
    "lock": ["unlocked", "locked_outside", "locked_inside", "invalid", None],
    "door.driver": ["open", "closed", "invalid", None],
}
states = st.fixed_dictionaries({role: st.sampled_from(values) for role, values in ROLES.items()})
speeds = st.one_of(st.none(), st.floats(0, 80))
gears = st.sampled_from(["P", "R", "N", "D", "invalid", None])
brakes = st.sampled_from(["pressed", "released", "invalid", None])
standing = st.integers(0, 10 * S)


class TestPresence:
    @FEW
    @given(states)
    def test_nobody_is_present_and_gone_unless_locked_in(self, gs4: Vehicle, now: dict[str, str | None]) -> None:
        rule = gs4.presence
        if rule.is_present(now) and rule.has_left(now):
            assert now["lock"] == "locked_outside"

    @FEW
    @given(states)
    def test_the_rule_of_the_gs4(self, gs4: Vehicle, now: dict[str, str | None]) -> None:
        gone = now["seat.driver"] == "empty" and now["belt.driver"] == "open"
        expected = now["lock"] == "locked_outside" or (gone and (now["ignition"] == "off" or now["key"] == "out"))
        assert gs4.presence.has_left(now) == expected

    @FEW
    @given(states, st.sampled_from(sorted(ROLES)))
    def test_not_knowing_never_makes_anyone_leave(self, gs4: Vehicle, now: dict[str, str | None], unknown: str) -> None:
        if gs4.presence.has_left({**now, unknown: None}):
            assert gs4.presence.has_left(now) or gs4.presence.is_present(now)

    def test_the_seat_alone_is_not_enough(self, gs4: Vehicle) -> None:
        seat_empty = {"seat.driver": "empty", "ignition": "on", "belt.driver": "open", "key": "in_car"}
        assert not gs4.presence.has_left(seat_empty)

    def test_locking_from_outside_is_enough_where_the_seat_is_invalid(self, gs4: Vehicle) -> None:
        assert gs4.presence.has_left({"seat.driver": "invalid", "lock": "locked_outside"})
        assert not gs4.presence.has_left({"seat.driver": "invalid", "lock": "locked_inside"})


class TestDriving:
    @FEW
    @given(speeds, gears, brakes, standing)
    def test_the_table_of_the_gs4(
        self, gs4: Vehicle, speed: float | None, gear: str | None, brake: str | None, still: int
    ) -> None:
        state = gs4.driving.state(speed, {"gear": gear, "brake": brake}, still)
        if speed is None or speed > 0:
            assert state is DrivingState.MOVING
        elif gear == "P" or (brake == "pressed" and still >= 2 * S):
            assert state is DrivingState.PARKED
        else:
            assert state is DrivingState.IDLING

    @FEW
    @given(speeds, speeds)
    def test_faster_is_never_less_restricted(self, gs4: Vehicle, one: float | None, other: float | None) -> None:
        def rank(speed: float | None) -> float:
            return 1000.0 if speed is None else speed

        slow, fast = sorted((one, other), key=rank)
        assert gs4.driving.band(slow) <= gs4.driving.band(fast)

    def test_standing_two_seconds_with_the_brake_is_parked_and_not_a_moment_earlier(self, gs4: Vehicle) -> None:
        braked = {"gear": "D", "brake": "pressed"}
        assert gs4.driving.state(0.0, braked, 2 * S - 1) is DrivingState.IDLING
        assert gs4.driving.state(0.0, braked, 2 * S) is DrivingState.PARKED

    def test_the_bands_end_at_4_99_and_5_metres_per_second(self, gs4: Vehicle) -> None:
        assert [gs4.driving.band(v) for v in (0.0, 0.01, 4.99, 4.995, 5.0, None)] == [0, 1, 1, 2, 2, 2]

    def test_an_invalid_speed_counts_as_moving_even_in_p(self, gs4: Vehicle) -> None:
        assert metres_per_second("invalid") is None
        assert gs4.driving.state(metres_per_second("invalid"), {"gear": "P"}, 9 * S) is DrivingState.MOVING

    def test_a_slow_step_of_the_signal_is_moving(self, gs4: Vehicle) -> None:
        assert gs4.driving.state(metres_per_second(0.01), {"gear": "D"}, 0) is DrivingState.MOVING

    def test_moving_shows_no_text_and_short_lists(self, gs4: Vehicle) -> None:
        moving = gs4.driving.allows(DrivingState.MOVING)
        assert (moving.list_items, moving.depth, moving.characters) == (21, 3, 120)
        assert (moving.message_text, moving.login, moving.settings) == (False, False, False)

    def test_another_car_has_another_rule(self, small: Vehicle) -> None:
        assert small.driving.state(0.0, {"gear": "N"}, 3 * S) is DrivingState.PARKED
        assert small.driving.state(0.0, {"gear": "N"}, 2900 * MS) is DrivingState.IDLING
