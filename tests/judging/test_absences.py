"""No code for as long as is watched; a view that goes."""

from __future__ import annotations

import numpy as np
import pytest
import segno
from PIL import Image

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.judging.absences import leaves, no_code
from harness.judging.observation import Undecided

WATCH = Limit("s", low=10.0)
SOON = Limit("s", high=0.5)
AT = Stamp.exact(2 * S)


def blank():
    return np.full((720, 1280, 3), 20, np.uint8)


def with_code(text: str = "https://login.example.invalid/c/ABCDEF"):
    pixels = blank()
    matrix = np.array([list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)])
    grey = np.where(np.kron(matrix, np.ones((10, 10))) > 0, 0, 255).astype(np.uint8)
    pixels[100 : 100 + len(grey), 100 : 100 + len(grey)] = grey[:, :, None]
    return pixels


def with_icon(vehicle, view: str):
    pixels = blank()
    icon = np.asarray(Image.open(vehicle.screens[view]).convert("L"))
    pixels[64 : 64 + icon.shape[0], 64 : 64 + icon.shape[1]] = np.maximum(20, icon)[:, :, None]
    return pixels


def test_a_screen_without_code_keeps_it_so(tape) -> None:
    tape.show(blank(), 0)
    tape.clock.run_until(11 * S)
    assert isinstance(tape.ask(no_code(AT), WATCH, 0), Undecided)
    tape.clock.run_until(13 * S)
    assert tape.ask(no_code(AT), WATCH, 0).value.value == 10.0


@pytest.mark.parametrize(("shown", "held"), [(1 * S, 0.0), (7 * S, 5.0)])
def test_a_code_ends_the_watch_where_it_comes(tape, shown: int, held: float) -> None:
    tape.show(blank(), 0)
    tape.show(with_code(), shown)
    tape.clock.run_until(20 * S)
    assert tape.ask(no_code(AT), WATCH, 0).value.value == pytest.approx(held)


def test_a_view_leaves_when_another_picture_comes(tape) -> None:
    tape.show(with_icon(tape.vehicle, "settings"), 0)
    tape.show(blank(), AT.t + 300 * MS)
    tape.clock.run_until(20 * S)
    assert tape.ask(leaves("settings", AT), SOON, 5 * S).value.value == pytest.approx(0.3)


def test_a_view_that_stays_never_leaves(tape) -> None:
    tape.show(with_icon(tape.vehicle, "settings"), 0)
    tape.clock.run_until(20 * S)
    assert tape.ask(leaves("settings", AT), SOON, 5 * S).value is None


def test_a_view_that_was_not_there_has_not_left(tape) -> None:
    tape.show(blank(), 0)
    tape.clock.run_until(20 * S)
    found = tape.ask(leaves("settings", AT), SOON, 5 * S)
    assert found.value is None
    assert "was not in front" in found.detail
