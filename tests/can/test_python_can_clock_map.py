"""The mapping of an interface's clock: whatever the delays and the drift, the truth lies within the bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.clock_map import ClockMap
from harness.foundation.units import MS, US, Ns, S

LATENCY: Ns = 2 * MS
DELAYS = st.lists(
    st.tuples(st.integers(1, 400 * MS), st.integers(0, LATENCY), st.booleans(), st.integers(0, 3 * MS)),
    min_size=20, max_size=80,
)  # fmt: skip


def device_time(t: Ns, offset: Ns, ppm: int) -> Ns:
    return t - offset + t * ppm // 1_000_000


@settings(deadline=None, max_examples=60)
@given(DELAYS, st.integers(-(10**18), 10**18), st.integers(-90, 90))
def test_the_truth_lies_within_the_bounds(events: list[tuple[Ns, Ns, bool, Ns]], offset: Ns, ppm: int) -> None:
    clock_map, t = ClockMap(LATENCY), 0
    for gap, delay, own, queued in events:
        t += gap
        device, at = device_time(t, offset, ppm), t + delay
        clock_map.arrived(device, at)
        if own:
            clock_map.happened_after(device, t - queued, at)
        stamp = clock_map.stamp(device, at)
        assert stamp.early <= t <= stamp.late
        assert stamp.early <= stamp.t <= stamp.late <= at
        t = at
    assert clock_map.jumps == 0


def test_own_frames_make_the_bounds_narrow_without_any_assumption() -> None:
    clock_map = ClockMap(10 * MS)
    for i in range(40):
        t = i * 10 * MS
        clock_map.arrived(t + 7 * S, t + 100 * US)
        clock_map.happened_after(t + 7 * S, t - 50 * US, t + 100 * US)
    stamp = clock_map.stamp(t + 7 * S, t + 100 * US)
    assert stamp.late - stamp.early < 200 * US
    assert abs(stamp.t - t) < 100 * US


def test_a_reader_that_was_kept_waiting_does_not_blur_the_stamps() -> None:
    clock_map = ClockMap(LATENCY)
    for i in range(20):
        clock_map.arrived(i * 10 * MS, i * 10 * MS + 50 * US)
    stamp = clock_map.stamp(200 * MS, 500 * MS)
    clock_map.arrived(200 * MS, 500 * MS)
    stamp = clock_map.stamp(200 * MS, 500 * MS)
    assert abs(stamp.t - 200 * MS) < 150 * US


def test_a_clock_that_was_set_is_noticed_by_an_echo_and_learnt_anew() -> None:
    clock_map, t = ClockMap(LATENCY), 0
    for shift in (0, -3 * S, 5 * S):
        for _ in range(30):
            t += 10 * MS
            clock_map.arrived(t + shift, t + 100 * US)
            clock_map.happened_after(t + shift, t - 100 * US, t + 100 * US)
        stamp = clock_map.stamp(t + shift, t + 100 * US)
        assert stamp.early <= t <= stamp.late
        assert stamp.late - stamp.early < 1 * MS
    assert clock_map.jumps == 2


def test_what_was_learnt_long_ago_is_forgotten() -> None:
    clock_map = ClockMap(LATENCY)
    clock_map.arrived(0, 10 * US)
    for i in range(1, 100):
        t = i * S
        clock_map.arrived(t - t * 80 // 1_000_000, t + 10 * US)  # the device is slow by 80 ppm
    stamp = clock_map.stamp(t - t * 80 // 1_000_000, t + 10 * US)
    assert stamp.early <= t <= stamp.late
    assert stamp.late - stamp.early < LATENCY + 1 * MS
