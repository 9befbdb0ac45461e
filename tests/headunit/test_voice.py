"""Recording, sending, prompting, playing."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.units import MS, S
from harness.headunit.screens import front


@pytest.fixture
def ready(car):
    car.log_in()
    return car


def listen(car, seconds=1.5, wait=350 * MS):
    """Press, and speak after the chime; (samples, when they ended)."""
    car.press()
    car.run(wait)
    said = car.say(seconds)
    return said, car.clock.now() + int(seconds * S)


def first_sound(car, line, start, stop):
    samples = car.audio.heard(line, start, stop).samples
    places = np.flatnonzero(samples)
    return None if not len(places) else start + int(places[0]) * S // 48_000


def test_a_recording_ends_two_seconds_after_the_last_word_with_a_tone(ready):
    _, ended = listen(ready)
    ready.run(6 * S)
    tone = first_sound(ready, "amp.front_left", ended + 100 * MS, ended + 4 * S)
    assert 1.7 * S <= tone - ended <= 2.7 * S


def test_a_recording_ends_after_a_minute(ready):
    listen(ready, 70.0)
    began = ready.unit.ram.chime_at + ready.unit.mouth.length("chime")
    end = ready.until(lambda: ready.state("voice") == "sending", 70 * S)
    assert abs(end - began - 60 * S) <= 300 * MS


def test_what_was_said_arrives_whole(ready):
    listen(ready, 2.0)
    ready.until(lambda: bool(ready.contact.inbox()), 10 * S)
    got = ready.contact.inbox()[0]
    energy = np.convolve(got.samples.astype(float) ** 2, np.ones(320) / 320, "same") ** 0.5
    loud = np.flatnonzero(energy > 300)
    assert 1.95 * 16_000 <= loud[-1] - loud[0] <= 2.1 * 16_000
    assert loud[0] < 0.6 * 16_000


def test_silence_is_not_sent(ready):
    ready.press()
    ready.run(6 * S)
    assert ready.state("voice") == "idle"
    assert not ready.contact.inbox()
    assert not ready.unit.flash.outbox


def test_a_press_while_listening_stops_and_its_release_sends(ready):
    listen(ready, 1.0, 450 * MS)
    ready.run(1200 * MS)
    ready.press()
    ready.until(lambda: len(ready.contact.inbox()) == 1, 2 * S)


def test_a_long_press_while_listening_discards(ready):
    listen(ready, 1.0, 450 * MS)
    ready.run(1200 * MS)
    ready.press(1 * S)
    ready.run(6 * S)
    assert not ready.contact.inbox()
    assert ready.state("voice") == "idle"


def test_a_message_prompts_with_its_sender_and_waits(ready):
    ready.contact.send_voice("li.wei", ready.say(1.0), 48_000)
    ready.until(lambda: ready.said("head_unit.app") == "prompt", 1 * S)
    assert ready.said("head_unit.unread") == 1.0
    ready.run(200 * MS)
    assert ready.unit.screens.shown == "prompt"
    assert front(ready.unit).lines == ("Wang Fang",)
    ready.run(12 * S)
    assert "playing" not in [s for _, s in ready.history("head_unit.app")]
    assert ready.said("head_unit.app") == "idle"


def test_a_press_on_the_prompt_plays_on_the_drivers_channel_only(ready):
    speech = ready.say(1.0)
    ready.contact.send_voice("li.wei", speech, 48_000)
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)
    ready.run(1 * S)
    pressed = ready.press()
    ready.run(3 * S)
    began = first_sound(ready, "amp.front_left", pressed, ready.clock.now())
    assert began - pressed <= 500 * MS
    assert first_sound(ready, "amp.front_right", pressed, ready.clock.now()) is None
    assert ready.said("head_unit.unread") == 0.0
    assert ready.service.account("li.wei").unread() == 0


def test_unread_messages_play_oldest_first(ready):
    for seconds in (0.6, 1.2):
        ready.contact.send_voice("li.wei", ready.say(seconds), 48_000)
        ready.run(100 * MS)
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)
    ready.press()
    ready.until(lambda: ready.state("voice") == "playing", 1 * S)
    assert ready.unit.ram.user.showing is ready.unit.ram.user.messages[0]


def test_a_muted_conversation_does_not_prompt(ready):
    ready.service.account("li.wei").mute("wang.fang")
    ready.contact.send_text("li.wei", "hello")
    ready.run(2 * S)
    assert ready.state("voice") == "idle"
    assert ready.said("head_unit.unread") == 1.0


def test_a_double_press_without_messages_ends_quietly(ready):
    ready.press(80 * MS)
    ready.run(120 * MS)
    ready.press(80 * MS)
    ready.run(1 * S)
    assert ready.state("voice") == "idle"


def test_a_phone_call_drops_the_recording(ready):
    listen(ready, 3.0)
    ready.run(1 * S)
    ready.set("phone.call_hfp", "active")
    ready.run(8 * S)
    assert not ready.contact.inbox()
    ready.set("phone.call_hfp", "idle")
    ready.run(300 * MS)
    ready.press()
    ready.run(300 * MS)
    assert ready.state("voice") == "listening"


def test_a_voice_call_rings_and_is_answered_on_release(ready):
    ready.contact.send_text("li.wei", "", "voice_call")
    ready.until(lambda: ready.said("head_unit.app") == "ringing", 500 * MS)
    ready.set("wheel.messaging", "pressed")
    ready.run(200 * MS)
    assert ready.state("voice") == "ringing"
    ready.set("wheel.messaging", "released")
    ready.run(200 * MS)
    assert ready.said("head_unit.app") == "call"


def level(car, a, b):
    samples = car.audio.heard("amp.rear_left", a, b).samples.astype(float)
    return 20 * np.log10(max(1.0, (samples**2).mean() ** 0.5))


def test_music_ducks_while_listening_and_comes_back(ready):
    seconds = np.arange(20 * 48_000) / 48_000
    music = (3000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)
    ready.audio.play("media.in", music, ready.clock.now() + 10 * MS, name="music")
    ready.run(5 * S)
    now = ready.clock.now()
    before = level(ready, now - 4 * S, now)
    assert ready.said("head_unit.audio") == "media"
    ready.press(1400 * MS)  # a long one: opens and goes again
    ready.run(5 * S)
    ducked_at = now + 500 * MS
    assert level(ready, ducked_at, ducked_at + 200 * MS) < before - 12
    end = ready.clock.now()
    assert abs(level(ready, end - 4 * S, end) - before) < 1.0
