"""What every audio driver must keep.

Use: make a class of tests that inherits ``AudioContract`` beside a pytest fixture ``ends`` that returns ``AudioEnds``.
The rig's port plays the driver's microphone; the far end stands for the unit and plays the amplifier channels. Times
come from the drivers' own stamps, so a driver with real latency passes by declaring it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from harness.audio.port import MEDIA, MICROPHONE, RATE, SPEAKERS, AudioPort
from harness.audio.samples import index_at
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns


@dataclass(frozen=True)
class AudioEnds:
    """The clock, the rig's port, the unit's end of the same lines."""

    clock: Clock
    port: AudioPort
    far: AudioPort


def noise(count: int, seed: int, amplitude: int = 3000) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(-amplitude, amplitude, count, dtype=np.int16)


class AudioContract:
    def test_what_the_rig_plays_is_heard_by_the_unit(self, ends: AudioEnds) -> None:
        self._crosses(ends, ends.port, ends.far, MICROPHONE)

    def test_what_a_source_of_music_plays_is_heard_by_the_unit(self, ends: AudioEnds) -> None:
        """Where there is a line for it: a driver that lacks MEDIA does not name it among its ``lines``."""
        if MEDIA not in getattr(ends.port, "lines", ()):
            pytest.skip("this driver has no line for a source of music")
        self._crosses(ends, ends.port, ends.far, MEDIA)

    @pytest.mark.parametrize("line", SPEAKERS)
    def test_what_the_unit_plays_is_heard_by_the_rig(self, ends: AudioEnds, line: str) -> None:
        self._crosses(ends, ends.far, ends.port, line)

    def test_what_an_end_played_it_hears_itself(self, ends: AudioEnds) -> None:
        self._crosses(ends, ends.port, ends.port, MICROPHONE)

    def test_a_line_nobody_plays_is_silent(self, ends: AudioEnds) -> None:
        began = ends.clock.now()
        self._pass(ends, 100 * MS)
        for line in (MICROPHONE, *SPEAKERS):
            capture = ends.port.heard(line, began, began + 50 * MS)
            assert capture.line == line
            assert capture.silent == (not capture.samples.any())
            assert np.abs(capture.samples.astype(np.int32)).max() < 100

    def test_adjoining_windows_share_no_sample_and_miss_none(self, ends: AudioEnds) -> None:
        began = ends.clock.now()
        ends.far.play(SPEAKERS[0], noise(RATE // 10, 1), began)
        self._pass(ends, 200 * MS)
        cuts = [began, began + 7_333_331, began + 7_333_332, began + 61 * MS + 1, began + 100 * MS]
        pieces = [ends.port.heard(SPEAKERS[0], a, b).samples for a, b in pairwise(cuts)]
        whole = ends.port.heard(SPEAKERS[0], cuts[0], cuts[-1]).samples
        assert np.array_equal(np.concatenate(pieces), whole)

    def test_a_capture_stamps_its_first_sample(self, ends: AudioEnds) -> None:
        began = ends.clock.now()
        self._pass(ends, 100 * MS)
        start = began + 10 * MS + 1
        capture = ends.port.heard(MICROPHONE, start, start + 20 * MS)
        assert capture.began.early <= capture.began.t <= capture.began.late
        assert capture.began.late >= start
        assert capture.samples.dtype == np.int16
        assert len(capture.samples) == index_at(start + 20 * MS) - index_at(start)

    def test_two_sounds_on_a_line_are_mixed_and_saturate(self, ends: AudioEnds) -> None:
        began = ends.clock.now() + 10 * MS
        loud = np.full(RATE // 20, 30_000, np.int16)
        ends.far.play(SPEAKERS[1], loud, began)
        ends.far.play(SPEAKERS[1], loud, began)
        self._pass(ends, 200 * MS)
        assert ends.port.heard(SPEAKERS[1], began, began + 40 * MS).samples.max() == 32_767

    def test_a_sound_cut_off_ends_now_and_not_before(self, ends: AudioEnds) -> None:
        began = ends.clock.now()
        cut = ends.far.play(SPEAKERS[0], noise(RATE // 2, 2), began)
        self._pass(ends, 100 * MS)
        before = ends.port.heard(SPEAKERS[0], began, began + 50 * MS).samples.copy()
        cut()
        at = ends.clock.now()
        self._pass(ends, 500 * MS)
        assert np.array_equal(ends.port.heard(SPEAKERS[0], began, began + 50 * MS).samples, before)
        assert ends.port.heard(SPEAKERS[0], at + 200 * MS, at + 400 * MS).silent
        cut()

    def test_the_future_cannot_be_heard(self, ends: AudioEnds) -> None:
        self._pass(ends, 10 * MS)
        beyond = ends.clock.now() + 1000 * MS
        with pytest.raises(HarnessError):
            ends.port.heard(SPEAKERS[0], 0, beyond)

    def test_the_past_cannot_be_played(self, ends: AudioEnds) -> None:
        self._pass(ends, 100 * MS)
        with pytest.raises(HarnessError):
            ends.port.play(MICROPHONE, noise(10, 3), ends.clock.now() - 50 * MS)

    def test_an_unknown_line_is_a_misuse(self, ends: AudioEnds) -> None:
        self._pass(ends, 10 * MS)
        with pytest.raises(HarnessError):
            ends.port.play("amp.roof", noise(10, 4), ends.clock.now())
        with pytest.raises(HarnessError):
            ends.port.heard("amp.roof", 0, 1)

    def test_the_watermark_follows_time(self, ends: AudioEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless(self, ends: AudioEnds) -> None:
        ends.port.close()
        ends.port.close()

    def _crosses(self, ends: AudioEnds, giver: AudioPort, taker: AudioPort, line: str) -> None:
        """A sound arrives whole, where its stamp says within the declared spread, and nothing else beside it."""
        sound = noise(RATE // 10, 5)
        at = ends.clock.now() + 20 * MS
        giver.play(line, sound, at, name="contract")
        self._pass(ends, 400 * MS)
        capture = taker.heard(line, at - 10 * MS, at + 250 * MS)
        assert not capture.silent
        scores = correlate(capture.samples.astype(float), sound.astype(float), "valid", "fft")
        place = int(np.argmax(scores))
        heard = capture.samples[place : place + len(sound)].astype(float)
        assert scores[place] / (np.linalg.norm(heard) * np.linalg.norm(sound.astype(float))) > 0.99
        sample = 1_000_000_000 / RATE
        offset = place * sample
        assert capture.began.early + offset - sample <= at <= capture.began.late + offset + sample

    def _pass(self, ends: AudioEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
