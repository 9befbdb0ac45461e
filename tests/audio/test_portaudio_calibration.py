"""A loop is believed when it repeats, and kept with its date and expiry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.calibration import Calibration, Loop, burst, found, later, load, measure, save
from harness.foundation.errors import BadInput, RigFault


def back(sent: np.ndarray, delay: int, gain: float = 1.0, noise: float = 0.0) -> np.ndarray:
    capture = np.random.default_rng(9).standard_normal(len(sent) + 24_000) * noise
    capture[delay : delay + len(sent)] += sent * gain
    return np.rint(capture).astype(np.int16)


@pytest.mark.parametrize("delay", [0, 1, 6784, 23_999])
def test_an_exact_loop_is_found_to_the_frame(delay: int) -> None:
    loop = found(burst(1), back(burst(1), delay))
    assert loop.delay == delay
    assert loop.exact
    assert loop.gain == pytest.approx(0.0, abs=1e-6)


def test_a_noisy_quieter_loop_is_found_with_its_gain() -> None:
    loop = found(burst(1), back(burst(1), 5000, 0.1, 50.0))
    assert loop.delay == 5000
    assert not loop.exact
    assert loop.gain == pytest.approx(-20.0, abs=0.1)


def test_an_inverted_loop_is_found() -> None:
    assert found(burst(1), back(burst(1), 700, -1.0)).delay == 700


def test_an_open_loop_is_the_rigs_fault() -> None:
    with pytest.raises(RigFault, match="loop is open"):
        found(burst(1), back(burst(2), 5000, 1.0, 50.0))
    with pytest.raises(RigFault, match="loop is open"):
        found(burst(1), np.zeros(48_000, np.int16))


def test_a_loop_that_settles_is_believed_when_it_has() -> None:
    delays = iter([6784, 7000, 7232, 7232, 7232])
    assert measure(lambda sent: Loop(next(delays), 0.0, True)).delay == 7232


def test_a_loop_that_never_settles_is_the_rigs_fault() -> None:
    delays = iter(range(6000, 7000))
    with pytest.raises(RigFault, match="not constant"):
        measure(lambda sent: Loop(next(delays), 0.0, True))


def kept() -> Calibration:
    return Calibration("mic.driver", Loop(6784, 0.0, True), "a / b", 0.1, 480, 3, "2026-01-31", later("2026-01-31", 30))


def test_it_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    save(tmp_path / "bench.sound.json", kept())
    assert load(tmp_path / "bench.sound.json") == kept()


def test_it_expires_the_day_after_its_last() -> None:
    assert kept().expires == "2026-03-02"
    assert not kept().expired("2026-03-02")
    assert kept().expired("2026-03-03")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1, "loop": 3}'])
def test_what_is_no_calibration_is_bad_input(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bench.sound.json"
    path.write_text(text)
    with pytest.raises(BadInput, match="hil rig calibrate"):
        load(path)


def test_a_missing_one_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="hil rig calibrate"):
        load(tmp_path / "none.json")
