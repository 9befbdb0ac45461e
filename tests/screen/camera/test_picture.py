"""Pure functions of camera pictures: perspective, change, life, exposure, markers."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.errors import RigFault
from harness.foundation.units import MS, S
from harness.screen import degrade, markers
from harness.screen.change import blocks, changed
from harness.screen.exposure import complaints, demand, describe_picture
from harness.screen.frozen import Pulse, living
from harness.screen.perspective import WHOLE, area, corners_from, correct, homography

SHIFT = st.floats(-0.1, 0.1)


def test_the_whole_picture_is_left_alone() -> None:
    pixels = np.zeros((48, 80, 3), np.uint8)
    assert correct(pixels, WHOLE, (80, 48)) is pixels
    assert area(WHOLE) == 1.0


@settings(max_examples=50, deadline=None)
@given(st.tuples(*[st.tuples(SHIFT, SHIFT)] * 4))
def test_the_corners_of_the_picture_go_to_the_corners_of_the_screen(shifts: Any) -> None:
    square = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    corners = corners_from([(x + dx, y + dy) for (x, y), (dx, dy) in zip(square, shifts, strict=True)])
    matrix = homography(corners, (1280, 720), (800, 480))
    for (x, y), (u, v) in zip(corners, WHOLE, strict=True):
        mapped = matrix @ np.array([x * 1280 - 0.5, y * 720 - 0.5, 1.0])
        assert mapped[:2] / mapped[2] == pytest.approx((u * 800 - 0.5, v * 480 - 0.5), abs=0.05)


def test_a_tilted_screen_is_set_upright(pages: Any, as_seen: Any, quad: Any) -> None:
    page = pages[0]("Straight lines")
    upright = correct(as_seen(page, quad, (1280, 960)), corners_from(quad), (800, 480))
    assert np.abs(upright.astype(int) - page.astype(int)).mean() < 2.0


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(0, 0), (1, 0), (1, 1)], "four points"),
        ([(0, 0), (640, 0), (640, 480), (0, 480)], "not pixels"),
        ([(0, 0), (0, 1), (1, 1), (1, 0)], "top left"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "top left"),
        ([(0, 0), (0.5, 0), (1, 0), (0, 1)], "on a line"),
        ([(0.5, 0.5), (0.55, 0.5), (0.55, 0.55), (0.5, 0.55)], "nearer"),
    ],
)
def test_wrong_corners_say_what_to_write(points: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        corners_from(points)


def test_noise_is_no_change(pages: Any) -> None:
    page, random = pages[0](), Random(1)
    for _ in range(5):
        assert not changed(blocks(degrade.noise(page, random, 6.0)), blocks(degrade.noise(page, random, 6.0)))


def test_the_smallest_digit_is_a_change(pages: Any) -> None:
    random = Random(2)
    assert changed(
        blocks(degrade.noise(pages[0]("12:41"), random, 6.0)), blocks(degrade.noise(pages[0]("12:47"), random, 6.0))
    )


def test_a_colour_of_the_same_brightness_is_a_change() -> None:
    red, green = np.zeros((40, 40, 3), np.uint8), np.zeros((40, 40, 3), np.uint8)
    red[:, :, 0], green[:, :, 1] = 196, 100  # equal luma
    assert changed(blocks(red), blocks(green))


def test_the_threshold_is_what_it_says() -> None:
    dark, light = np.full((16, 16, 3), 100, np.uint8), np.full((16, 16, 3), 110, np.uint8)
    assert changed(blocks(dark), blocks(light), 9.0)
    assert not changed(blocks(dark), blocks(light), 11.0)
    assert changed(blocks(dark), blocks(dark[:8]), 250.0)


def test_a_sensor_lives_and_a_written_clock_alone_does_not(pages: Any) -> None:
    page, random = pages[0](), Random(3)
    assert living(degrade.noise(page, random, 1.0), degrade.noise(page, random, 1.0))
    assert not living(page, page.copy())
    clock = page.copy()
    clock[8:30, 8:120] = 255
    assert not living(page, clock)


def test_life_needs_no_more_than_a_little_noise() -> None:
    black = np.zeros((480, 640, 3), np.uint8)
    speckled = black.copy()
    speckled[np.random.default_rng(1).integers(0, 480, 60), np.random.default_rng(2).integers(0, 640, 60)] = 1
    assert living(black, speckled)


def test_a_pulse_stops_at_the_first_equal_picture(pages: Any) -> None:
    page, random = pages[0](), Random(4)
    pulse = Pulse(noise=True, limit=1 * S)
    assert pulse.beats(degrade.noise(page, random), 0)
    stuck = degrade.noise(page, random)
    assert pulse.beats(stuck, 100 * MS)
    for k in range(2, 15):
        assert not pulse.beats(stuck.copy(), k * 100 * MS)
    assert pulse.frozen_for(1_100 * MS) == 0
    assert pulse.frozen_for(1_400 * MS) == 1_300 * MS
    assert pulse.beats(degrade.noise(page, random), 1_500 * MS)
    assert pulse.frozen_for(1_500 * MS) == 0


def test_without_a_sensor_each_arrival_is_a_beat() -> None:
    still, pulse = np.zeros((48, 80, 3), np.uint8), Pulse(noise=False, limit=1 * S)
    assert all(pulse.beats(still, k * S) for k in range(5))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: degrade.dim(p, 0.15), "underexposed"),
        (lambda p: np.clip(p * 2.0, 0, 255).astype(np.uint8), "overexposed"),
        (lambda p: degrade.blur(p, 4.0), "blurred"),
        (lambda p: degrade.noise(degrade.blur(p, 4.0), Random(1), 6.0), "blurred"),
        (lambda p: degrade.noise(p, Random(1), 30.0), "noisy"),
    ],
)
def test_a_spoilt_picture_is_complained_of_with_its_figure(as_seen: Any, spoil: Any, said: str) -> None:
    seen = as_seen(markers.page((800, 480)))
    assert complaints(describe_picture(degrade.noise(seen, Random(1), 3.0))) == ()
    found = complaints(describe_picture(spoil(seen)))
    assert [said] == [one.partition(":")[0] for one in found if said in one]
    with pytest.raises(RigFault, match=said):
        demand(describe_picture(spoil(seen)), "camera")


def test_sharpness_falls_with_blur_and_noise_is_measured(pages: Any) -> None:
    page = pages[0]()
    figures = [describe_picture(degrade.blur(page, sigma)).sharpness for sigma in (0.5, 1.0, 2.0, 4.0)]
    assert figures == sorted(figures, reverse=True)
    assert describe_picture(degrade.dim(page, 0.5)).sharpness == pytest.approx(
        describe_picture(page).sharpness, rel=0.1
    )
    # each of three colours has its own: their luma has 0.67 of it
    noisy = describe_picture(degrade.noise(np.full((200, 200, 3), 128, np.uint8), Random(1), 8.0))
    assert noisy.noise == pytest.approx(8.0 * 0.67, rel=0.1)


def test_brightness_and_clipping_are_shares() -> None:
    half = np.zeros((100, 100, 3), np.uint8)
    half[:50] = 255
    quality = describe_picture(half)
    assert quality.clipped == 0.5
    assert quality.brightness == pytest.approx(127.5)


@pytest.mark.parametrize("seed", range(8))
def test_corners_are_found_within_a_hundredth(as_seen: Any, seed: int) -> None:
    random = Random(seed)
    square = ((0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85))
    true = [(x + random.uniform(-0.07, 0.07), y + random.uniform(-0.07, 0.07)) for x, y in square]
    size = random.choice([(800, 480), (1280, 480), (1920, 720)])
    seen = as_seen(markers.page(size), true, (640, 480))
    views = degrade.camera_views(seen, random)
    del views["tilt"]  # turns the corners away, too
    for name, view in views.items():
        found = markers.find(view, size)
        assert np.abs(np.array(found.corners) - np.array(true)).max() < 0.01, name
        assert found.residual < 0.005, name


def test_corners_hidden_by_a_rim_are_found_by_the_markers(as_seen: Any, quad: Any) -> None:
    page = markers.page((800, 480))
    page[:20], page[-20:], page[:, :20], page[:, -20:] = 0, 0, 0, 0
    found = markers.find(as_seen(page, quad, (640, 480), 0), (800, 480))
    assert np.abs(np.array(found.corners) - np.array(quad)).max() < 0.01


def test_hidden_markers_are_named(as_seen: Any) -> None:
    seen = as_seen(markers.page((800, 480)))
    seen[:, :320] = 0
    with pytest.raises(RigFault, match=r"0 \(top left\), 3 \(bottom left\) are not seen.*--corners"):
        markers.find(seen, (800, 480))
