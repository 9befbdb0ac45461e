"""Sounds to the block and to the hop: how a message is followed, when music counts, when a sound is sure."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.rates import to_rate
from harness.audio.signals import sine
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging import music as tones
from harness.judging import playback, yields, zones
from harness.judging.observation import Undecided
from harness.judging.queue import in_order
from harness.judging.sounds import CERTAIN, TAIL, onset_stamp, plays, read_sound, silent_of
from harness.judging.voice import JUDGED_RATE

LINE, OTHER = "amp.front_left", "amp.rear_left"
SOON, WATCH = Limit("s", high=0.5), Limit("s", low=2.0)
FREQUENCY = 11_000.0
BLOCK = yields.BLOCK * JUDGED_RATE // S


def noise(seconds: float, rms: float = 3000.0, seed: int = 1, rate: int = RATE) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, rms, round(seconds * rate)).astype(np.int16)


# --- a message that gives way, block by block


def test_a_share_is_the_factor_with_which_the_message_is_there() -> None:
    message = noise(1.0, rate=JUDGED_RATE).astype(float)
    factors = np.linspace(-1.0, 1.5, 20)
    heard = message * np.repeat(factors, BLOCK) + 0.0
    assert yields._shares(message, heard) == pytest.approx(np.abs(factors).tolist())
    assert len(yields._shares(message, heard[: 7 * BLOCK + 799])) == 7
    assert len(yields._shares(message[: 3 * BLOCK], heard)) == 3


@pytest.mark.parametrize(("power", "quiet"), [(0.09, True), (0.11, False)])
def test_a_block_with_less_than_a_tenth_of_the_mean_power_is_not_looked_at(power: float, quiet: bool) -> None:
    loud = np.tile([1000.0, -1000.0], 10 * BLOCK // 2)
    faint = np.tile([1000.0, -1000.0], BLOCK // 2) * np.sqrt(power * 10 / (11 - power))
    message = np.concatenate([loud, faint])
    shares = yields._shares(message, message)
    assert shares[:10] == pytest.approx([1.0] * 10)
    assert np.isnan(shares[10]) == quiet


def given(tape, *parts: tuple[float, float], began: Ns = 1300 * MS) -> np.ndarray:
    """Six seconds of noise from ``began`` on, (seconds, gain) one after the other; as it is judged."""
    whole = noise(6.0)
    at = 0
    for seconds, gain in parts:
        piece = whole[at : at + round(seconds * RATE)]
        tape.play(LINE, np.rint(piece * gain).astype(np.int16), began + at * S // RATE)
        at += len(piece)
    return to_rate(whole, RATE, JUDGED_RATE)


def heard_to(tape, reference: np.ndarray, since: Ns, high: float = 0.5, patience: Ns = 2 * S) -> Measurement:
    tape.clock.run_until(40 * S)
    question = yields.gives_way("noise", reference, LINE, Stamp.exact(1 * S), Stamp.exact(since))
    return tape.ask(question, Limit("s", high=high), patience)


@pytest.mark.parametrize(("gain", "gone"), [(0.24, True), (0.26, False)])
def test_a_quarter_of_the_message_still_carries_it(tape, gain: float, gone: bool) -> None:
    reference = given(tape, (3.0, 0.8), (3.0, 0.8 * gain))
    found = heard_to(tape, reference, 4300 * MS)
    assert (found.value.value < 0.1) is gone


def test_it_is_heard_to_the_end_of_the_last_block_that_carries_it(tape) -> None:
    """It ends at 5.30 s, 1 s after it had to give way: some 20 blocks later."""
    found = heard_to(tape, given(tape, (4.0, 1.0)), 4300 * MS)
    assert found.value.low <= 1.0 <= found.value.high
    assert found.value.high - found.value.low == pytest.approx(0.1)
    assert found.value.value - found.value.low == pytest.approx(0.05)
    assert found.refs[0]["t"] == 4300 * MS + round(found.value.low * S)
    assert found.detail.startswith("noise heard to 5.3")


def test_a_message_that_had_gone_before_is_heard_to_the_instant(tape) -> None:
    found = heard_to(tape, given(tape, (2.5, 1.0)), 4300 * MS)
    assert (found.value.value, found.value.low) == (0.0, 0.0)
    assert 0.05 <= found.value.high < 0.1
    assert (found.detail, found.refs[0]["t"]) == ("noise heard to 4.300 s", 4300 * MS)


@pytest.mark.parametrize(("since", "enough"), [(6500 * MS, True), (6600 * MS, False)])
def test_a_message_must_last_five_blocks_beyond_the_limit(tape, since: Ns, enough: bool) -> None:
    """It lasts to 7.3 s: with half a second for the limit and a quarter for five blocks it has to give way at 6.5 s."""
    found = heard_to(tape, given(tape, (6.0, 1.0)), since)
    assert (found.value is not None) is enough
    if not enough:
        assert found.detail == "noise is too short to show that it gave way"


# --- one line beside another


@pytest.mark.parametrize("name", ["leak", "a moment", "nothing"])
def test_the_nearest_block_of_the_nearest_line_counts(tape, name: str) -> None:
    message = noise(2.0)
    tape.play(LINE, message, 1300 * MS)
    if name == "leak":
        tape.play(OTHER, np.rint(message * 0.1).astype(np.int16), 1300 * MS)
    elif name == "a moment":
        moment = message[RATE // 2 : RATE // 2 + RATE // 10] * 0.5
        tape.play("amp.front_right", np.rint(moment).astype(np.int16), 1800 * MS)
    reference = to_rate(message, RATE, JUDGED_RATE)
    question = zones.separation("noise", reference, LINE, (OTHER, "amp.front_right"), Stamp.exact(1 * S))
    tape.clock.run_until(20 * S)
    found = tape.ask(question, Limit("dB", low=20.0), 0)
    at = 1800 * MS if name == "a moment" else None
    if name != "nothing":
        assert found.value.value == pytest.approx({"leak": 20.0, "a moment": 6.02}[name], abs=0.1)
    assert at is None or abs(found.refs[1]["t"] - at) < 20 * MS
    assert [ref["track"] for ref in found.refs] == [
        f"audio/{LINE}", f"audio/{'amp.front_right' if name == 'a moment' else OTHER}",
    ]  # fmt: skip


@pytest.mark.parametrize(("below", "counts"), [(14.9, True), (15.1, False)])
def test_a_block_counts_within_15_db_of_the_loudest(tape, below: float, counts: bool) -> None:
    """In the faint half the other line is as loud as the message: that counts only where the message is loud enough."""
    t = np.arange(RATE)
    tone = 8000 * np.sin(2 * np.pi * 400 * t / RATE) * np.sign(np.sin(2 * np.pi * 7.3 * t / RATE))
    faint = tone * 10 ** (-below / 20)
    message = np.rint(np.concatenate([tone, faint])).astype(np.int16)
    tape.play(LINE, message, 1300 * MS)
    tape.play(OTHER, np.rint(faint).astype(np.int16), 2300 * MS)
    question = zones.separation("tone", to_rate(message, RATE, JUDGED_RATE), LINE, (OTHER,), Stamp.exact(1 * S))
    tape.clock.run_until(20 * S)
    assert (tape.ask(question, Limit("dB", low=20.0), 0).value.value < 10) is counts


# --- music


def music_with(tape, *parts: tuple[float, float], before: Ns = 2 * S) -> tones.Music:
    t = 0
    for seconds, decibel in parts:
        tape.play(LINE, sine(FREQUENCY, seconds, -26.0 + decibel, RATE), t)
        t += round(seconds * S)
    return tones.Music(LINE, FREQUENCY, Stamp.exact(before))


@pytest.mark.parametrize(("late", "depth"), [(250, 20.0), (400, 0.0)])
def test_music_may_take_300_ms_to_give_way(tape, late: int, depth: float) -> None:
    music = music_with(tape, (3.0 + late / 1000, 0.0), (5.0, -20.0))
    tape.clock.run_until(10 * S)
    found = tape.ask(tones.gives_way(music, Stamp.exact(3 * S), Stamp.exact(6 * S)), Limit("dB", low=12.0), 0)
    assert found.value.value == pytest.approx(depth, abs=0.3)


def test_a_moment_too_short_for_a_level_is_given_one_window(tape) -> None:
    music = music_with(tape, (3.0, 0.0), (0.5, -20.0), (5.0, 0.0))
    tape.clock.run_until(10 * S)
    short = tones.gives_way(music, Stamp.exact(3 * S), Stamp.exact(3310 * MS))
    found = tape.ask(short, Limit("dB", low=12.0), 0)
    assert found.value.value == pytest.approx(20.0, abs=0.1)
    assert found.window == (3 * S, 3310 * MS)


def test_a_level_is_told_every_hop_in_the_middle_of_its_window(tape) -> None:
    music = music_with(tape, (3.0, 0.0))
    tape.clock.run_until(10 * S)
    levels = tones.bounded(tape, music, 1 * S, 1500 * MS)
    assert levels.times.tolist() == list(range(1 * S, 1500 * MS + 1, 10 * MS))
    assert levels.value == pytest.approx(np.full(51, -26.0), abs=0.01)
    assert levels.loudest.value == pytest.approx(-26.0, abs=0.01)
    first = tones.bounded(tape, music, 5 * MS, 100 * MS)
    assert first.times[0] == 20 * MS, "no window begins before the recording"


def test_the_music_before_is_that_of_the_last_second_without_the_last_window(tape) -> None:
    music = music_with(tape, (1.5, -6.0), (0.45, 0.0), (1.0, -30.0), before=2 * S)
    tape.clock.run_until(10 * S)
    levels = tones.levels_before(tape, music)
    assert (levels.times[0], levels.times[-1]) == (960 * MS, 1960 * MS)
    early = tones.levels_before(tape, music._replace(before=Stamp.exact(500 * MS)))
    assert (early.times[0], early.times[-1]) == (40 * MS, 460 * MS)


def test_noise_beside_the_tone_widens_a_level_as_it_is_strong(tape, keeps) -> None:
    music = music_with(tape, (6.0, 0.0))
    tape.play(LINE, noise(6.0, 200.0), 0)
    tape.clock.run_until(10 * S)
    for stop in (1040 * MS, 1200 * MS, 5 * S):
        levels = tones.bounded(tape, music, 1 * S, stop)
        assert (levels.low < levels.value).all()
        assert (levels.value < levels.high).all()
        mean, loudest = levels.mean, levels.loudest
        keeps(f"{len(levels.times)}: {' '.join(f'{x:.4f}' for x in (*mean, *loudest))}")


def test_silence_has_the_level_of_the_floor(tape) -> None:
    tape.clock.run_until(10 * S)
    levels = tones.bounded(tape, tones.Music(LINE, FREQUENCY, Stamp.exact(2 * S)), 1 * S, 2 * S)
    assert set(levels.value) == set(levels.low) == {-120.0}
    step = 20 * np.log10(1 / 32768 / np.sqrt(2))
    assert levels.high == pytest.approx(np.full(101, step))


def first_known(tape, question, limit: Limit, patience: Ns = 1 * S) -> Ns:
    """How far the sound must have been captured before the question is answered, to a millisecond."""
    tape.clock.run_until(20 * S)
    low, high = 0, 20_000
    while low < high:
        middle = (low + high) // 2
        tape.lag["audio"] = 20 * S - middle * MS
        decided = isinstance(question.look(tape, limit, patience), Measurement)
        low, high = (low, middle) if decided else (middle + 1, high)
    tape.lag["audio"] = 0
    return low * MS


def back(tape, music: tones.Music, after: Stamp) -> tuple[Ns, Measurement]:
    """When it is first known that the music is back, and the answer."""
    question = tones.returns(music, after, 1.0)
    known = first_known(tape, question, SOON, 5 * S)
    return known, tape.ask(question, SOON, 5 * S)


def test_music_is_back_once_it_has_stayed_back_for_a_second(tape) -> None:
    music = music_with(tape, (3.0, 0.0), (2.0, -20.0), (10.0, 0.0))
    known, found = back(tape, music, Stamp.within(4 * S, 2 * MS))
    assert found.value.value == pytest.approx(1.02, abs=0.011)
    assert found.value.high - found.value.low == pytest.approx(0.044)
    assert known == found.refs[0]["t"] + 990 * MS + 40 * MS
    assert found.window == (4 * S, found.refs[0]["t"] + 1 * S)


def test_music_that_never_went_is_back_at_once(tape) -> None:
    music = music_with(tape, (15.0, 0.0))
    known, found = back(tape, music, Stamp.exact(4 * S))
    assert found.value == (0.0, 0.0, 0.02)
    assert known == 4 * S + 1041 * MS


@pytest.mark.parametrize(("off", "there"), [(0.9, True), (-0.9, True), (1.1, False), (-1.1, False)])
def test_music_is_back_within_the_tolerance_on_both_sides(tape, off: float, there: bool) -> None:
    music = music_with(tape, (3.0, 0.0), (2.0, -20.0), (15.0, off))
    tape.clock.run_until(20 * S)
    found = tape.ask(tones.returns(music, Stamp.exact(4 * S), 1.0), SOON, 5 * S)
    assert (found.value is not None) is there


# --- a known sound


def length_of(gs4, sound: str) -> Ns:
    return len(read_sound(gs4.sounds[sound])) * S // RATE


def test_a_sound_is_known_when_all_of_it_was_heard(tape, gs4) -> None:
    tape.play(LINE, read_sound(gs4.sounds["chime"]), 1200 * MS)
    known = first_known(tape, plays("chime", LINE, Stamp.exact(1 * S)), SOON)
    end = 1200 * MS + length_of(gs4, "chime") + TAIL
    assert end <= known < end + 1 * MS


def test_a_fair_match_is_not_believed_before_a_better_one_could_have_come(tape, gs4) -> None:
    """With noise over it a sound is less like itself: it is known a whole length later."""
    sound = read_sound(gs4.sounds["chime"])
    tape.play(LINE, sound, 1200 * MS)
    tape.play(LINE, noise(3.0, float(np.sqrt(np.mean(sound.astype(float) ** 2))) * 0.6), 1 * S)
    question = plays("chime", LINE, Stamp.exact(1 * S))
    known = first_known(tape, question, SOON)
    found = tape.ask(question, SOON, 1 * S)
    score = float(found.detail.rpartition("match ")[2].rstrip(")"))
    assert 0.7 < score < CERTAIN
    end = 1200 * MS + 2 * length_of(gs4, "chime") + TAIL
    assert end <= known < end + 1 * MS


def test_a_line_is_silent_of_a_sound_once_it_could_not_have_begun_any_more(tape, gs4) -> None:
    question = silent_of("chime", LINE, Stamp.exact(1 * S))
    end = 3 * S + length_of(gs4, "chime") + TAIL
    tape.clock.run_until(end - 1)
    assert tape.ask(question, WATCH, 9 * S) == Undecided(end)
    tape.clock.run_until(end)
    found = tape.ask(question, WATCH, 9 * S)
    assert (found.value, found.window) == ((2.0, 2.0, 2.0), (1 * S, 3 * S))


def test_a_sound_that_begins_after_the_watch_does_not_break_it(tape, gs4) -> None:
    tape.play(LINE, read_sound(gs4.sounds["chime"]), 3100 * MS)
    tape.clock.run_until(20 * S)
    found = tape.ask(silent_of("chime", LINE, Stamp.exact(1 * S)), WATCH, 0)
    assert (found.value, found.detail) == ((2.0, 2.0, 2.0), "no chime on amp.front_left to 3.000 s")


def test_the_instant_of_a_sample_has_the_bounds_of_its_index() -> None:
    from harness.foundation.stamps import Interval

    began = Stamp(2 * S, 2 * S - 3, 2 * S + 5)
    assert onset_stamp(began, Interval(48.0, 47.5, 49.0)) == (2 * S + MS, 2 * S - 3 + 989_583, 2 * S + 5 + 1_020_833)


# --- quality and order


def test_the_stored_sweep_is_known_by_its_ends_and_its_length() -> None:
    assert tuple(vars(playback.sweep_of(np.zeros(JUDGED_RATE * 2, np.int16))).values())[:3] == (100.0, 7500.0, 2.0)


@pytest.mark.parametrize(("until", "heard"), [(5210 * MS, True), (5190 * MS, False)])
def test_a_message_counts_that_was_heard_to_its_end_and_a_little_longer(tape, until: Ns, heard: bool) -> None:
    """From 3 to 5 s, with 200 ms behind it."""
    message = noise(2.0)
    tape.play(LINE, message, 3 * S)
    tape.clock.run_until(20 * S)
    references = {"noise": to_rate(message, RATE, JUDGED_RATE)}
    found = tape.ask(in_order(references, LINE, Stamp.exact(1 * S), Stamp.exact(until)), Limit("1", high=0.0), 0)
    assert isinstance(found, Measurement)
    assert found.window == (1 * S, until)
