"""The truth lies within the bounds: levels, currents and margins of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.signals import sine
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging import music as tones
from harness.judging.power import current_after, falls_below
from harness.judging.randomness import evenness
from harness.supply.port import Reading

LINE, FREQUENCY = "amp.front_left", 11_000.0
LEAST = Limit("dB", low=12.0)


def noise(seed: int, seconds: float, rms: float) -> np.ndarray:
    return np.clip(np.random.default_rng(seed).normal(0, rms, round(seconds * RATE)), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("rms", [0.0, 300.0])
@pytest.mark.parametrize("depth", [6.0, 20.0])
def test_how_far_music_gives_way(make_tape, rms: float, depth: float) -> None:
    """Of a dozen stretches with noise 95 of 100 hold the truth: here one may miss it."""
    missed = 0
    for seed in range(12):
        tape = make_tape()
        tape.play(LINE, sine(FREQUENCY, 3.0, -26.0, RATE), 0)
        tape.play(LINE, sine(FREQUENCY, 2.0, -26.0 - depth, RATE), 3 * S)
        if rms:
            tape.play(LINE, noise(seed, 5.0, rms), 0)
        tape.clock.run_until(6 * S)
        music = tones.Music(LINE, FREQUENCY, Stamp.exact(2 * S))
        found = tape.ask(tones.gives_way(music, Stamp.exact(3 * S), Stamp.exact(4900 * MS)), LEAST, 0)
        assert isinstance(found, Measurement)
        assert found.value is not None
        assert found.value.low < found.value.value < found.value.high
        missed += not found.value.low <= depth <= found.value.high
        if not rms:
            assert found.value.high - found.value.low < 0.2
            break
    assert missed <= 1


@pytest.mark.parametrize("change", [-0.8, 0.0, 2.5])
def test_how_much_music_differs(tape, change: float) -> None:
    tape.play(LINE, sine(FREQUENCY, 4.0, -26.0, RATE), 0)
    tape.play(LINE, sine(FREQUENCY, 3.0, -26.0 + change, RATE), 4 * S)
    tape.play(LINE, noise(1, 7.0, 50.0), 0)
    tape.clock.run_until(7 * S)
    music = tones.Music(LINE, FREQUENCY, Stamp.exact(2 * S))
    found = tape.ask(tones.changed(music, Stamp.exact(5 * S)), LEAST, 0)
    assert isinstance(found, Measurement)
    assert found.value is not None
    assert found.value.low <= change <= found.value.high


def test_how_far_a_line_stays_below_another_at_the_last_step_of_16_bit() -> None:
    """0.8 of a step of 16 bit becomes 1 or 0: the level as it was before rounding lies within the bounds."""
    from harness.judging import zones

    t = np.arange(RATE)
    loud, faint = 1000 * np.sin(2 * np.pi * 440 * t / RATE), 0.8 * np.sin(2 * np.pi * 440 * t / RATE)
    truth = 20 * np.log10(np.sqrt(np.mean(loud**2)) / np.sqrt(np.mean(faint**2)))

    class Line:
        def sound(self, line: str, start: int, stop: int):
            class Capture:
                samples = np.round(loud if line == "own" else faint).astype(np.int16)

            return Capture()

    own, other = (zones._levels(Line(), line, 0, S) for line in ("own", "other"))  # type: ignore[arg-type]
    assert (own[1] - other[2]).min() <= truth <= (own[2] - other[1]).max()
    assert abs((own[0] - other[0]).min() - truth) > 0.1


def test_a_current_has_the_bounds_of_the_instrument(tape) -> None:
    stamp = Stamp.exact(2 * S)
    tape._supply += [Reading(13.5, 0.0047, stamp, 0.01, 0.0005), Reading(13.5, 0.004, stamp, 0.01, 0.002)]
    tape.clock.run_until(5 * S)
    found = tape.ask(current_after(Stamp.exact(1 * S), 500 * MS), Limit("A", high=0.005), 0)
    assert isinstance(found, Measurement)
    assert found.value == (0.0047, pytest.approx(0.0042), pytest.approx(0.006))


def test_asleep_is_from_the_last_reading_above_for_sure_to_the_first_below_for_sure(tape) -> None:
    for n in range(120):
        amperes = 0.02 if n < 20 else 0.0055 if n < 25 else 0.0045 if n < 30 else 0.001
        tape._supply.append(Reading(13.5, amperes, Stamp.exact(n * 100 * MS), 0.0, 0.001))
    tape.clock.run_until(12 * S)
    found = tape.ask(falls_below(0.005, Stamp.exact(0)), Limit("s", high=60.0), 0)
    assert isinstance(found, Measurement)
    assert found.value == (2.5, 1.9, 3.0)


def test_a_simulated_chance_has_bounds() -> None:
    rng = np.random.default_rng(5)
    texts = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz234567"), 12)) for _ in range(20)]
    found = evenness(texts)
    assert found.low <= found.p <= found.high
    assert "places" not in found.said or found.low < found.high


def test_codes_that_no_draw_is_as_uneven_as_fail_in_spite_of_the_bounds() -> None:
    """One place that is always the same, seen in few codes: the simulation never has it, its bound is below 0.001."""
    rng = np.random.default_rng(6)
    alphabet = list("abcdefghijklmnopqrstuvwxyz234567")
    texts = ["".join([*rng.choice(alphabet, 5), "q", *rng.choice(alphabet, 20)]) for _ in range(20)]
    found = evenness(texts)
    assert found.low <= found.p <= found.high < 0.001
