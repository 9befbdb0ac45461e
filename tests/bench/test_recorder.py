"""The recording: everything since the bench opened, by identity and window, and how far it goes."""

from __future__ import annotations

import pytest

from harness.bench.car import Car
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S


def test_it_begins_before_anything_happens(world) -> None:
    assert len(world.recorder.supply_log) == 1
    Car(world).gets_power()
    role = world.vehicle.role("seat.driver")
    assert world.recorder.frames(role.bus, role.message.key, 0, world.clock.now())


@pytest.mark.parametrize(
    "source", ["can/body", "role/wheel.messaging", "audio", "screen", "console", "supply", "account/acct-7Q4K2"]
)
def test_each_source_has_a_watermark_that_follows_the_clock(world, source: str) -> None:
    world.wait(1 * S)
    first = world.recorder.seen_to(source)
    world.wait(1 * S)
    assert first <= world.recorder.seen_to(source) <= world.clock.now()
    assert world.recorder.seen_to(source) >= 1 * S
    assert world.recorder.stalled(source) > 0


def test_windows_hold_both_their_ends(world) -> None:
    Car(world).gets_power()
    world.wait(2 * S)
    role = world.vehicle.role("seat.driver")
    heard = world.recorder.frames(role.bus, role.message.key, 0, world.clock.now())
    one, other = heard[1].t, heard[3].t
    assert [h.t for h in world.recorder.frames(role.bus, role.message.key, one, other)] == [h.t for h in heard[1:4]]
    last = world.recorder.last_frame(role.bus, role.message.key, other)
    assert last is heard[2]
    assert world.recorder.last_frame(role.bus, role.message.key, 0) is None
    assert world.recorder.frames(role.bus, (0x7FF, True), 0, world.clock.now()) == ()


def test_current_is_read_ten_times_a_second_until_it_is_closed(world) -> None:
    world.wait(2 * S)
    readings = world.recorder.supply(500 * MS, 1500 * MS)
    assert len(readings) == 11
    world.recorder.close()
    count = len(world.recorder.supply_log)
    world.wait(1 * S)
    assert len(world.recorder.supply_log) <= count + 1


def test_an_unknown_role_is_our_error(world) -> None:
    with pytest.raises(HarnessError, match="Did you mean"):
        world.recorder.seen_to("role/wheel.mesaging")


@pytest.mark.parametrize("source", ["can/body", "screen", "console", "supply", "io", "network", "account/acct-7Q4K2"])
def test_on_one_clock_nothing_is_uncertain_about_an_instant(world, source: str) -> None:
    assert [share.half_width for share in world.recorder.uncertainty(source)] == [0]


def test_an_instant_of_sound_is_uncertain_by_a_sample(world) -> None:
    (share,) = world.recorder.uncertainty("audio/amp.front_left")
    assert (share.what, share.half_width) == ("sample period", 20_834)


def test_what_the_bench_does_may_be_late_by_what_the_rig_file_allows(world) -> None:
    (share,) = world.recorder.uncertainty("bench")
    assert (share.what, share.half_width) == ("rig lateness", world.ports.lateness)
    now = world.now()
    assert (now.early, now.late) == (now.t, now.t + world.ports.lateness)


def test_a_source_without_a_port_declares_nothing(world) -> None:
    assert world.recorder.uncertainty("call/contact") == ()
