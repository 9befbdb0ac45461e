"""Where captured samples lie on the bench time line, learned from callbacks that come late in bursts."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.port import RATE
from harness.audio.sample_clock import DEAD, STEP, WINDOW, SampleClock
from harness.audio.samples import index_at
from harness.foundation.units import MS, Ns, S

BLOCK = 480
OUT, BACK = 4000, 1000
LOOP = OUT + BACK
"""Frames out to the line, and from the line until the promptest callback."""


class Device:
    """A sound card whose truth is known: frame i is on the line at ``zero`` + i frames at its own rate."""

    def __init__(self, ppm: float, seed: int, zero: Ns = 3 * S) -> None:
        self.clock = SampleClock(BLOCK, LOOP)
        self.rate = RATE * (1 + ppm * 1e-6)
        self.random = random.Random(seed)
        self.zero, self.end, self.lost = float(zero), 0, 0

    def on_line(self, frame: int) -> float:
        return self.zero + (frame + self.lost) * S / self.rate

    def run(self, blocks: int, *, late: Ns = 0) -> None:
        """Blocks come in fragments of five: all with the last one, and up to 3 ms later."""
        for k in range(blocks):
            self.end += BLOCK
            fragment = self.end + (4 - k % 5) * BLOCK
            t = self.on_line(fragment + BACK) + late + self.random.random() * 3 * MS
            self.clock.block(self.end, round(t), lost=False)

    def drop(self, frames: int, *, told: bool) -> None:
        self.lost += frames
        if told:
            self.end += BLOCK
            self.clock.block(self.end, round(self.on_line(self.end + BACK)), lost=True)


@settings(deadline=None, max_examples=25)
@given(st.floats(-100, 100), st.integers(0, 1000), st.integers(8, 60))
def test_the_truth_lies_within_the_stamp(ppm: float, seed: int, seconds: int) -> None:
    device = Device(ppm, seed)
    for _ in range(seconds):
        device.run(100)
        for frame in range(device.end - 40 * BLOCK, device.end, 7 * BLOCK):
            stamp = device.clock.stamp(frame)
            assert stamp.early - DEAD <= device.on_line(frame) <= stamp.late + DEAD


@settings(deadline=None, max_examples=25)
@given(st.floats(-100, 100), st.integers(0, 1000), st.lists(st.integers(0, 20 * RATE), min_size=2, max_size=9))
def test_adjoining_windows_share_no_frame_and_miss_none(ppm: float, seed: int, cuts: list[int]) -> None:
    device = Device(ppm, seed)
    device.run(2000)
    first = index_at(3 * S)
    places = [device.clock.frame(first + cut) for cut in sorted(cuts)]
    assert places == sorted(places)
    for (a, b), (low, high) in zip(pairwise(sorted(cuts)), pairwise(places), strict=True):
        assert abs((high - low) - (b - a)) <= 2 + (b - a) * 0.0025


@settings(deadline=None, max_examples=20)
@given(st.floats(-100, 100), st.integers(0, 1000))
def test_what_was_mapped_stays_mapped(ppm: float, seed: int) -> None:
    device = Device(ppm, seed)
    device.run(500)
    bench = range(device.clock.seen - 100_000, device.clock.seen, 997)
    then = [(device.clock.frame(b), device.clock.stamp(device.clock.frame(b))) for b in bench]
    device.run(3000)
    assert then == [(device.clock.frame(b), device.clock.stamp(device.clock.frame(b))) for b in bench]


def test_a_steady_device_is_never_slipped() -> None:
    device = Device(0.0, 1)
    device.run(3000)
    first = device.clock.seen - 20 * RATE
    assert device.clock.frame(first + 10 * RATE) - device.clock.frame(first) == 10 * RATE


def test_the_drift_is_found() -> None:
    device = Device(80.0, 1)
    device.run(6000)
    assert abs(device.clock.ppm + 80.0) < 10.0


@pytest.mark.parametrize("ppm", [-100.0, 100.0])
def test_the_time_line_follows_the_drift(ppm: float) -> None:
    device = Device(ppm, 1)

    def error() -> float:
        return device.clock.stamp(device.end - 1).t - device.on_line(device.end - 1)

    device.run(200)
    began = error()
    device.run(12_000)
    assert abs(error() - began) < 2 * DEAD + 1 * MS


def test_nothing_is_known_before_the_first_window() -> None:
    device = Device(0.0, 1)
    device.run(WINDOW - 1)
    assert not device.clock.ready
    device.run(1)
    assert device.clock.ready


def test_an_xrun_is_a_gap_and_holds_the_watermark_until_the_frames_are_placed_again() -> None:
    device = Device(0.0, 1)
    device.run(300)
    before = device.clock.seen
    device.drop(10_000, told=True)
    assert device.clock.seen == before
    device.run(WINDOW)
    (gap,) = device.clock.gaps
    assert gap.start == before
    assert abs((gap.stop - gap.start) - 10_000) < 0.08 * RATE
    assert device.clock.gap_within(before - 100, before) is None
    assert device.clock.gap_within(before - 100, before + 1) == gap
    assert device.clock.gap_within(gap.stop, gap.stop + 100) is None
    stamp = device.clock.stamp(device.end - BLOCK)
    assert stamp.early - DEAD <= device.on_line(device.end - BLOCK) <= stamp.late + DEAD


def test_frames_lost_in_silence_are_noticed_and_the_truth_is_within_the_stamp_again() -> None:
    device = Device(0.0, 1)
    device.run(300)
    dropped = device.clock.seen
    device.drop(2 * STEP * RATE // S, told=False)
    device.run(4 * WINDOW)
    assert device.clock.slips == 1
    (gap,) = device.clock.gaps
    assert gap.start <= dropped < gap.stop
    stamp = device.clock.stamp(device.end - BLOCK)
    assert stamp.early - DEAD <= device.on_line(device.end - BLOCK) <= stamp.late + DEAD


def test_one_late_fragment_is_no_slip() -> None:
    device = Device(0.0, 1)
    device.run(300)
    device.run(20, late=60 * MS)
    device.run(300)
    assert device.clock.slips == 0
    assert device.clock.gaps == []


def test_frames_that_wait_longer_from_now_on_are_a_slip_too() -> None:
    device = Device(0.0, 1)
    device.run(300)
    device.run(300, late=4 * STEP)
    assert device.clock.slips == 1
    stamp = device.clock.stamp(device.end - BLOCK)
    assert stamp.early - DEAD <= device.on_line(device.end - BLOCK) <= stamp.late + DEAD
