"""Several loudspeaker lines: who carries a message, how music gives way to it, when it gives way itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.rates import to_rate
from harness.audio.signals import sine
from harness.audio.stimuli import Library
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging import music as tones
from harness.judging.queue import count_difference, in_order
from harness.judging.voice import JUDGED_RATE
from harness.judging.yields import gives_way
from harness.judging.zones import separation

OWN, OTHERS = "amp.front_left", ("amp.front_right", "amp.rear_left")
AFTER = Stamp.exact(1 * S)
LEAST = Limit("dB", low=20.0)
SOON = Limit("s", high=0.5)
FREQUENCY = 11_000.0


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli")


@pytest.fixture
def say(library, tape):
    """Play a stored sentence on a line at ``t``, ``decibel`` from its level; the sentence as it is judged."""

    def play(name: str, t: int, line: str = OWN, decibel: float = 0.0, stop: float | None = None) -> np.ndarray:
        samples = library.get(name).samples
        cut = samples if stop is None else samples[: round(stop * RATE)]
        tape.play(line, (cut * 10 ** (decibel / 20)).astype(np.int16), t)
        return to_rate(samples, RATE, JUDGED_RATE)

    return play


def answer(tape, question, limit: Limit, patience: int = 1 * S) -> Measurement:
    tape.clock.run_until(40 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


def apart(reference):
    return separation("on_my_way.zh", reference, OWN, OTHERS, AFTER)


def test_a_message_on_one_line_alone_stands_far_above_the_others(tape, say) -> None:
    reference = say("on_my_way.zh", 1300 * MS)
    assert answer(tape, apart(reference), LEAST).value.value > 50


@pytest.mark.parametrize("decibel", [-25.0, -14.0])
def test_what_leaks_is_measured(tape, say, decibel: float) -> None:
    reference = say("on_my_way.zh", 1300 * MS)
    say("on_my_way.zh", 1300 * MS, "amp.rear_left", decibel)
    assert answer(tape, apart(reference), LEAST).value.value == pytest.approx(-decibel, abs=0.5)


def test_a_moment_of_leaking_counts(tape, say) -> None:
    reference = say("on_my_way.zh", 1300 * MS)
    say("on_my_way.zh", 1300 * MS, "amp.front_right", -3.0, stop=0.25)
    found = answer(tape, apart(reference), LEAST)
    assert found.value.value < 5
    assert "amp.front_right" in found.detail


def test_a_message_that_never_came_is_no_separation(tape, library) -> None:
    reference = to_rate(library.get("on_my_way.zh").samples, RATE, JUDGED_RATE)
    assert answer(tape, apart(reference), LEAST).value is None


# --- music


def music_with(tape, *parts: tuple[float, float]) -> tones.Music:
    """The tone on the line: (seconds, dB) one after the other, from 0 on."""
    t = 0
    for seconds, decibel in parts:
        whole = sine(FREQUENCY, seconds, -26.0 + decibel, RATE)
        tape.play(OWN, whole, t)
        t += round(seconds * S)
    return tones.Music(OWN, FREQUENCY, Stamp.exact(2 * S))


def test_music_is_followed_under_speech(tape, say) -> None:
    music = music_with(tape, (3.0, 0.0), (4.0, -15.0), (10.0, 0.0))
    say("on_my_way.zh", 3500 * MS)
    depth = answer(tape, tones.gives_way(music, Stamp.exact(3 * S), Stamp.exact(6900 * MS)), LEAST)
    assert depth.value.value == pytest.approx(15.0, abs=0.2)


def test_the_loudest_moment_counts(tape) -> None:
    music = music_with(tape, (3.0, 0.0), (2.0, -20.0), (0.2, -5.0), (2.0, -20.0), (10.0, 0.0))
    depth = answer(tape, tones.gives_way(music, Stamp.exact(3 * S), Stamp.exact(7 * S)), LEAST)
    assert depth.value.value == pytest.approx(5.0, abs=0.3)


def test_music_is_back_when_it_stays_back(tape) -> None:
    music = music_with(tape, (3.0, 0.0), (4.3, -20.0), (0.2, 0.0), (0.4, -20.0), (10.0, -0.4))
    back = answer(tape, tones.returns(music, Stamp.exact(7 * S), 1.0), SOON, 5 * S)
    assert back.value.low <= 0.9 <= back.value.high
    assert (back.value.value - back.value.low, back.value.high - back.value.value) == pytest.approx((0.02, 0.02))
    assert answer(tape, tones.changed(music, Stamp.exact(9 * S)), LEAST).value.value == pytest.approx(-0.4, abs=0.05)


def test_music_that_stays_lower_never_returns(tape) -> None:
    music = music_with(tape, (3.0, 0.0), (4.0, -20.0), (10.0, -2.5))
    assert answer(tape, tones.returns(music, Stamp.exact(7 * S), 1.0), SOON, 3 * S).value is None


# --- a message that gives way


def test_a_message_that_stops_is_heard_no_more(tape, say) -> None:
    reference = say("long_story.en", 1300 * MS, stop=4.9)
    found = answer(tape, gives_way("long_story.en", reference, OWN, AFTER, Stamp.exact(6 * S)), SOON, 5 * S)
    assert found.value.low <= 0.2 <= found.value.high  # 1.3 s + 4.9 s, counted from 6 s on
    assert found.value.high - found.value.low <= 0.1 + 1e-9


def test_a_message_that_goes_on_under_a_chime_is_heard(tape, say) -> None:
    reference = say("long_story.en", 1300 * MS)
    tape.play(OWN, sine(900.0, 6.0, -12.0, RATE), 6 * S)
    found = answer(tape, gives_way("long_story.en", reference, OWN, AFTER, Stamp.exact(6 * S)), SOON, 5 * S)
    assert found.value.low > 4


def test_a_message_made_faint_gives_way(tape, say, library) -> None:
    reference = say("long_story.en", 1300 * MS, stop=4.7)
    rest = library.get("long_story.en").samples[round(4.7 * RATE) :]
    tape.play(OWN, (rest * 0.1).astype(np.int16), 6 * S)
    found = answer(tape, gives_way("long_story.en", reference, OWN, AFTER, Stamp.exact(6 * S)), SOON, 5 * S)
    assert found.value.high < 0.1


def test_another_message_shows_nothing(tape, say, library) -> None:
    say("on_my_way.zh", 1300 * MS)
    reference = to_rate(library.get("long_story.en").samples, RATE, JUDGED_RATE)
    found = answer(tape, gives_way("long_story.en", reference, OWN, AFTER, Stamp.exact(6 * S)), SOON, 5 * S)
    assert found.value is None


# --- order and count


def test_the_order_of_messages_is_heard(tape, say) -> None:
    references = {"on_my_way.zh": say("on_my_way.zh", 8 * S), "ten_minutes.en": say("ten_minutes.en", 2 * S)}
    until = Stamp.exact(14 * S)
    none = Limit("1", low=0.0, high=0.0)
    assert answer(tape, in_order(references, OWN, AFTER, until), none).value.value == 1
    turned = dict(reversed(references.items()))
    assert answer(tape, in_order(turned, OWN, AFTER, until), none).value.value == 0


def test_a_message_left_out_is_no_order(tape, say, library) -> None:
    references = {
        "on_my_way.zh": say("on_my_way.zh", 2 * S),
        "ten_minutes.en": to_rate(library.get("ten_minutes.en").samples, RATE, JUDGED_RATE),
    }
    found = answer(tape, in_order(references, OWN, AFTER, Stamp.exact(14 * S)), Limit("1", low=0.0, high=0.0))
    assert found.value is None
    assert "ten_minutes.en was never played" in found.detail


def test_unit_and_account_are_compared_when_both_have_had_time(tape) -> None:
    for t in range(0, 10 * S, 100 * MS):
        tape.frame("head_unit.unread", 1.0 if t < 4 * S else 2.0, t)
    tape.counts("driver", (500 * MS, 1), (3900 * MS, 2))
    none = Limit("1", low=0.0, high=0.0)
    assert answer(tape, count_difference("head_unit.unread", "driver", AFTER), none).value.value == 0
    assert answer(tape, count_difference("head_unit.unread", "driver", Stamp.exact(1950 * MS)), none).value.value == -1
