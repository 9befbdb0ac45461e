"""Audio lines in memory: exact, lazy, unchanging."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.memory import NoiseFloor, pair
from harness.audio.port import MICROPHONE, RATE, SPEAKERS
from harness.audio.samples import index_at, instant, span
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S

FRONT = SPEAKERS[0]


@given(st.integers(0, 10**15))
def test_an_index_is_the_first_sample_not_before_the_instant(t: int) -> None:
    index = index_at(t)
    period = Fraction(S, RATE)
    assert index * period >= t
    assert (index - 1) * period < t


@given(st.integers(0, 10**12))
def test_a_stamp_holds_the_true_instant_and_leads_back_to_its_sample(index: int) -> None:
    stamp = instant(index)
    assert stamp.early <= Fraction(index * S, RATE) <= stamp.late <= stamp.early + 1
    assert index_at(stamp.t) == index
    assert span(index) == stamp.late


def test_silence_is_shared_and_says_so() -> None:
    clock = VirtualClock()
    rig, _ = pair(clock)
    clock.run_until(2 * S)
    one, two = rig.heard(FRONT, 0, S), rig.heard(FRONT, S, 2 * S)
    assert one.silent
    assert np.shares_memory(one.samples, two.samples)
    assert len(one.samples) == RATE
    with pytest.raises(ValueError, match="read-only"):
        one.samples[0] = 1


def test_a_lone_sound_is_a_window_into_what_was_played() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    sound = np.arange(RATE, dtype=np.int16)
    unit.play(FRONT, sound, 0)
    clock.run_until(S)
    capture = rig.heard(FRONT, 100 * MS, 200 * MS)
    assert np.shares_memory(capture.samples, sound)
    assert np.array_equal(capture.samples, sound[4800:9600])


def test_mixing_equals_the_sum_sample_by_sample() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    random = np.random.default_rng(1)
    expected = np.zeros(RATE, np.int64)
    for k in range(8):
        at = k * 37 * MS + k
        sound = random.integers(-20000, 20000, 9000, dtype=np.int16)
        unit.play(FRONT, sound, at, name=f"sound {k}")
        expected[index_at(at) :][: len(sound)] += sound
    clock.run_until(S)
    assert np.array_equal(rig.heard(FRONT, 0, S).samples, np.clip(expected, -32768, 32767))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 300 * MS), min_size=1, max_size=6), st.booleans())
def test_any_slicing_brings_the_same_samples(cuts: list[int], noisy: bool) -> None:
    clock = VirtualClock()
    rig, unit = pair(clock, noise={FRONT: NoiseFloor(7, -60.0)} if noisy else None)
    unit.play(FRONT, np.arange(5000, dtype=np.int16), 20 * MS)
    unit.play(FRONT, np.arange(5000, dtype=np.int16), 90 * MS)
    clock.run_until(300 * MS)
    edges = sorted({0, 300 * MS, *cuts})
    pieces = [rig.heard(FRONT, a, b).samples for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate(pieces), rig.heard(FRONT, 0, 300 * MS).samples)


def test_a_noise_floor_has_its_level_and_its_seed() -> None:
    quiet = NoiseFloor(1, -50.0).samples(12_345, 48_000).astype(float)
    level = 20 * np.log10(np.sqrt(np.mean(quiet**2)) / 32768)
    assert level == pytest.approx(-50.0, abs=0.2)
    assert not np.array_equal(NoiseFloor(2, -50.0).samples(0, 100), NoiseFloor(1, -50.0).samples(0, 100))


def test_polling_a_line_mixes_nothing() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock, noise={FRONT: NoiseFloor(1, -60.0)})
    unit.play(FRONT, np.ones(480, np.int16), 100 * MS)
    clock.run_until(S)
    assert not rig.active(FRONT, 0, 100 * MS)
    assert rig.active(FRONT, 0, 100 * MS + 1)
    assert rig.active(FRONT, 109 * MS, 200 * MS)
    assert not rig.active(FRONT, 110 * MS, S)


def test_the_unit_hears_up_to_the_present_from_within_a_callback() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    rig.play(MICROPHONE, np.full(4800, 5, np.int16), 0)
    heard: list[int] = []
    clock.at(50 * MS, lambda: heard.append(int(unit.heard(MICROPHONE, 0, clock.now()).samples.sum())), name="ear")
    clock.run_until(60 * MS)
    assert heard == [2400 * 5]


def test_a_sound_cut_off_before_it_began_is_never_heard() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    cut = unit.play(FRONT, np.ones(480, np.int16), 100 * MS)
    clock.run_until(10 * MS)
    cut()
    clock.run_until(S)
    assert rig.heard(FRONT, 0, S).silent


def test_a_cut_falls_on_the_sample_of_the_instant() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    cut = unit.play(FRONT, np.ones(4800, np.int16), 0)
    clock.at(10 * MS, cut, name="cut")
    clock.run_until(S)
    assert int(rig.heard(FRONT, 0, S).samples.sum()) == 480


@pytest.mark.parametrize("line", [*SPEAKERS, "amp.roof"])
def test_the_rig_plays_only_the_microphone(line: str) -> None:
    rig, _ = pair(VirtualClock())
    with pytest.raises(HarnessError, match="plays only"):
        rig.play(line, np.zeros(4, np.int16), 0)


def test_the_unit_does_not_play_the_microphone() -> None:
    _, unit = pair(VirtualClock())
    with pytest.raises(HarnessError, match="plays only"):
        unit.play(MICROPHONE, np.zeros(4, np.int16), 0)


@pytest.mark.parametrize("samples", [np.zeros(4), np.zeros((4, 2), np.int16)])
def test_only_mono_int16_is_played(samples: np.ndarray) -> None:
    rig, _ = pair(VirtualClock())
    with pytest.raises(HarnessError, match="mono int16"):
        rig.play(MICROPHONE, samples, 0, name="wrong")


def test_a_closed_end_plays_nothing_and_still_looks_back() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    unit.play(FRONT, np.ones(480, np.int16), 0)
    clock.run_until(S)
    unit.close()
    with pytest.raises(HarnessError, match="closed"):
        unit.play(FRONT, np.ones(4, np.int16), S)
    assert not rig.heard(FRONT, 0, S).silent


def test_a_noise_floor_for_an_unknown_line_is_refused() -> None:
    with pytest.raises(HarnessError, match="unknown line"):
        pair(VirtualClock(), noise={"amp.roof": NoiseFloor(1, -60.0)})


def test_importing_the_port_imports_no_numpy() -> None:
    code = "import sys, harness.audio.port, harness.screen.port; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_long_sound_is_heard_behind_many_short_ones() -> None:
    clock = VirtualClock()
    rig, unit = pair(clock)
    unit.play(FRONT, np.full(10 * RATE, 7, np.int16), 0)
    for k in range(300):
        unit.play(FRONT, np.full(48, 1, np.int16), k * 30 * MS)
    clock.run_until(10 * S)
    late = rig.heard(FRONT, 8_970 * MS, 8_972 * MS).samples
    assert late.tolist() == [8] * 48 + [7] * 48
    assert rig.active(FRONT, 9_900 * MS, 9_901 * MS)
