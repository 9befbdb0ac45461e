"""What people and the car do begins and ends where the recording says so, or the rig is at fault."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from harness.audio.port import MICROPHONE
from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.can.disturbance import silence
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S

WHEEL = "wheel.messaging"


@pytest.fixture
def car(world) -> Car:
    car = Car(world)
    car.gets_power()
    car.starts()
    return car


def frames(world, role_name: str, start: int, stop: int):
    role = world.vehicle.role(role_name)
    return [(h, role.read(h.frame.data)) for h in world.recorder.frames(role.bus, role.message.key, start, stop)]


def test_a_press_begins_and_ends_with_the_frames_that_carry_it(world, car) -> None:
    world.wait(7 * MS)
    called = world.clock.now()
    press = Driver(world).press("messaging", hold=120 * MS)

    seen = frames(world, WHEEL, called, world.clock.now())
    first = next(h for h, state in seen if state == "pressed")
    assert press.began == Stamp(first.t, first.early, first.late)
    assert press.began.t > called
    pressed = [h.t for h, state in seen if state == "pressed"]
    assert pressed[0] == press.began.t
    assert pressed[-1] < press.ended.t
    after = next(h for h, state in seen if h.t > pressed[-1])
    assert press.ended.t == after.t
    assert all(h.own for h, _ in seen)


@pytest.mark.parametrize("hold", [1, 33, 120, 130, 995])
def test_presses_are_whole_cycles(world, car, hold: int) -> None:
    cycle = world.vehicle.period(WHEEL)
    press = Driver(world).press("messaging", hold=hold * MS)
    length = press.ended.t - press.began.t
    assert length == pytest.approx(max(1, round(hold * MS / cycle)) * cycle, abs=1 * MS)
    carried = [1 for _, state in frames(world, WHEEL, press.began.t, press.ended.t) if state == "pressed"]
    assert len(carried) == round(length / cycle)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_brief_press_is_exactly_so_many_frames(world, car, count: int) -> None:
    press = Driver(world).brief_press("messaging", frames=count)
    carried = [1 for _, state in frames(world, WHEEL, press.began.t - 1 * S, press.ended.t) if state == "pressed"]
    assert len(carried) == count


@pytest.mark.parametrize("gap", [200 * MS, 380 * MS])
def test_a_double_press_keeps_its_gap_and_begins_with_the_second(world, car, gap: int) -> None:
    before = world.clock.now()
    world.wait(100 * MS)
    twice = Driver(world).double_press("messaging", gap=gap)
    states = frames(world, WHEEL, before, world.clock.now())
    edges = [(h.t, state) for (_, last), (h, state) in pairwise(states) if state != last]
    assert [state for _, state in edges] == ["pressed", "released", "pressed", "released"]
    assert twice.began.t == edges[2][0]
    assert edges[2][0] - edges[1][0] == pytest.approx(gap, abs=world.vehicle.period(WHEEL))


def test_a_press_that_is_not_seen_on_the_wire_is_the_rigs_fault(world, car) -> None:
    role = world.vehicle.role(WHEEL)
    world.restbus[role.bus].disturb(role.message.name, silence())
    with pytest.raises(RigFault, match=r"SWC_Buttons carrying wheel\.messaging=pressed was not seen on body"):
        Driver(world).press("messaging")


def test_a_message_lost_mid_press_ends_with_its_last_frame(world, car) -> None:
    lost = Driver(world).loses_button_mid_press("messaging", after=100 * MS)
    world.wait(1 * S)
    later = frames(world, WHEEL, lost.ended.t + 1, world.clock.now())
    assert later == []
    assert lost.began.t < lost.ended.t <= lost.began.t + 100 * MS


def test_a_wheel_that_comes_back_pressed_was_silent_before(world, car) -> None:
    before = world.clock.now()
    back = Driver(world).holds_button_while_message_returns("messaging", silent=1 * S)
    seen = frames(world, WHEEL, before + 50 * MS, back.began.t)
    assert [state for _, state in seen] == ["pressed"]


def test_an_event_begins_at_its_mark(world, car) -> None:
    before = world.clock.now()
    left = car.happens("driver_leaves")
    marked = next(i for i, step in enumerate(world.vehicle.event("driver_leaves")) if step.mark)
    step = world.vehicle.event("driver_leaves")[marked]
    seen = [(h, state) for h, state in frames(world, step.what, before, world.clock.now()) if state == step.value]
    assert left.began.t == seen[0][0].t
    assert left.ended.t >= left.began.t


def test_ignition_begins_at_the_wire(world) -> None:
    car = Car(world)
    car.gets_power()
    before = world.clock.now()
    started = car.starts()
    assert started.began.t == before
    assert started.ended.t > started.began.t


def test_what_is_said_begins_where_the_captured_line_has_it(world, car) -> None:
    after = world.now()
    said = Driver(world).says("on_my_way.zh", after=after)
    assert said.began.t >= after.t + 250 * MS
    stored = world.library.get("on_my_way.zh").samples
    assert said.ended.t - said.began.t == pytest.approx(len(stored) * S / 48_000, abs=1 * MS)
    heard = world.recorder.sound(MICROPHONE, said.began.t, said.ended.t).samples
    assert np.array_equal(heard[: len(stored)], stored[: len(heard)])


def test_a_silent_line_is_the_rigs_fault(world, car) -> None:
    now = world.clock.now()
    world.wait(1 * S)
    with pytest.raises(RigFault, match="the rig does not play"):
        world.captured(MICROPHONE, now, now + 500 * MS)


def test_what_was_done_is_in_the_journal(world, car, journal) -> None:
    press = Driver(world).press("messaging")
    last = journal("stimulus")[-1]
    assert (last["what"], last["began"], last["ended"]) == ("press messaging", list(press.began), list(press.ended))
    assert "KL30 on" in [r["what"] for r in journal("stimulus")]


@pytest.mark.parametrize(
    "fault", ["wrong_checksum", "repeated_counter", "jump_above_max_delta", "jump_within_max_delta"]
)
def test_a_fault_lasts_as_long_as_its_block(world, car, fault: str) -> None:
    role = world.vehicle.role(WHEEL)

    def data(seconds: int) -> list[bytes]:
        start = world.clock.now()
        world.wait(seconds * S)
        return [h.frame.data for h in world.recorder.frames(role.bus, role.message.key, start, world.clock.now())]

    def counters(found: list[bytes]) -> set[int]:
        values = [role.message.decode_raw(d)["SWC_Counter"] for d in found]
        return {(b - a) % 15 for a, b in pairwise(values)}

    assert counters(data(1)) == {1}
    with car.corrupted(WHEEL, fault):
        steps = counters(data(1))
    world.wait(100 * MS)
    assert counters(data(1)) == {1}
    expected = {"wrong_checksum": {1}, "repeated_counter": {0}}
    assert steps == expected.get(fault, steps)
    if fault.startswith("jump"):
        assert max(steps) > 1


def test_limits_are_tried_from_both_sides_in_whole_cycles(world, car) -> None:
    cycle = world.vehicle.period(WHEEL)
    limit = car.limit("BTN-02.long_press")
    inside, outside = (getattr(car, n)("BTN-02.long_press", of=WHEEL) for n in ("just_inside", "just_outside"))
    assert inside % cycle == outside % cycle == 0
    assert limit.low is not None
    assert limit.high is not None
    assert limit.low * S - 2 * cycle <= inside < limit.low * S
    assert limit.high * S < outside <= limit.high * S + 2 * cycle


def test_misuse_is_our_error_with_a_suggestion(world, car) -> None:
    with pytest.raises(HarnessError, match="Did you mean"):
        car.limit("BTN-02.long_pres")
    with pytest.raises(HarnessError, match="wrong_checksum"), car.corrupted(WHEEL, "wrong_cheksum"):
        pass
    with pytest.raises(HarnessError):
        car.happens("driver_flies")
