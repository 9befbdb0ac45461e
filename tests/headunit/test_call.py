"""A friend's call in the unit, and the telephone's that outranks it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import correlate

from harness.foundation.units import MS, S
from harness.headunit.blueprint import set_figure
from harness.headunit.events.call import HandsFree
from harness.headunit.phone_call import ROWS, rows
from harness.network.port import Link
from harness.vehicle.phone_call import WORDS


@pytest.fixture
def ready(car):
    car.log_in()
    return car


def ring(car):
    car.contact.call("li.wei")
    car.until(lambda: car.state("voice") == "ringing", 500 * MS)
    car.run(500 * MS)


def talk(car):
    ring(car)
    car.press()
    car.until(lambda: car.state("voice") == "call", 500 * MS)
    car.run(500 * MS)


def last(car):
    return car.contact.calls()[-1].what


def speech(count, seed=1):
    return (np.random.default_rng(seed).standard_normal(count) * 3000).clip(-32768, 32767).astype(np.int16)


def test_the_service_hears_of_taking_and_ending(ready):
    talk(ready)
    assert last(ready) == "answered"
    ready.press()
    ready.run(500 * MS)
    assert last(ready) == "ended"
    assert ready.state("voice") == "idle"


def test_a_caller_who_gives_up_ends_the_ringing(ready):
    ring(ready)
    ready.contact.hang_up()
    ready.run(200 * MS)
    assert ready.state("voice") == "idle"
    silent_from = ready.clock.now()
    ready.run(5 * S)
    assert ready.audio.heard("amp.front_left", silent_from, ready.clock.now()).silent


def test_what_the_friend_says_comes_out_after_the_buffer(ready):
    talk(ready)
    said = speech(48_000 // 2)
    at = ready.clock.now()
    ready.contact.speak(said, 48_000, at)
    ready.run(1 * S)
    delay = 20 * MS + Link().delay + ready.unit.figures["talk_buffer"]
    assert np.array_equal(ready.audio.heard("amp.front_left", at + delay, at + delay + S // 2).samples, said)
    assert ready.audio.heard("amp.front_right", at, at + S).silent


def test_what_the_driver_says_reaches_the_friends_ear(ready):
    talk(ready)
    at = ready.clock.now() + 20 * MS
    said = ready.say(0.5, at)
    ready.run(1 * S)
    heard = ready.contact.ear(at, at + S)[0]
    scores = correlate(heard.astype(float), said.astype(float), "valid", "fft")
    assert scores.max() > 0.95 * float(np.dot(said.astype(float), said.astype(float)))
    late = int(np.argmax(scores)) / 48
    assert 20 <= late <= 20 + 20 + 5 + Link().delay / MS + 1


def test_leaving_ends_the_call_at_the_service(ready):
    talk(ready)
    ready.leave()
    ready.run(4 * S)
    assert last(ready) == "ended"
    assert ready.state("session") != "active"


def test_hanging_up_without_network_is_told_when_it_returns(ready):
    talk(ready)
    ready.network.link(Link(up=False))
    ready.run(200 * MS)
    ready.press()
    ready.run(500 * MS)
    assert ready.state("voice") == "idle"
    assert last(ready) == "answered"
    ready.network.link(Link())
    ready.run(3 * S)
    assert last(ready) == "ended"


def test_a_unit_that_lost_its_supply_is_lost_to_the_friend(ready):
    talk(ready)
    ready.run(3 * S)
    ready.supply.output(False)
    ready.run(12 * S)
    assert last(ready) == "lost"


def test_a_second_friend_finds_the_driver_busy(ready):
    talk(ready)
    ready.service.account("zhao.min").call("li.wei")
    ready.run(500 * MS)
    assert ready.service.account("zhao.min").calls()[-1].what == "busy"
    assert ready.state("voice") == "call"


def test_a_friend_who_rings_during_a_telephone_call_is_refused(ready):
    ready.set("phone.call_hfp", "active")
    ready.run(300 * MS)
    ready.contact.call("li.wei")
    ready.run(500 * MS)
    assert last(ready) == "refused"


def test_a_held_friend_hears_nothing_and_is_back_afterwards(ready):
    talk(ready)
    ready.set("phone.call_hfp", "active")
    ready.run(300 * MS)
    assert ready.state("voice") == "held"
    at = ready.clock.now()
    ready.say(1.0, at)
    ready.run(1500 * MS)
    assert not ready.contact.ear(at, ready.clock.now())[0].any()
    ready.set("phone.call_hfp", "idle")
    ready.run(300 * MS)
    assert ready.state("voice") == "call"
    at = ready.clock.now()
    ready.say(0.5, at)
    ready.run(1 * S)
    assert ready.contact.ear(at, ready.clock.now())[0].any()


def test_a_prompt_is_back_after_the_telephone(ready):
    ready.contact.send_text("li.wei", "hello")
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)
    ready.set("phone.call_hfp", "ringing")
    ready.run(300 * MS)
    assert ready.state("voice") == "phone"
    ready.set("phone.call_hfp", "idle")
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)


def test_a_safety_chime_silences_a_message_and_it_prompts_again(ready):
    ready.contact.send_voice("li.wei", speech(16_000 * 4), 16_000)
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)
    ready.run(500 * MS)
    ready.press()
    ready.run(1 * S)
    assert ready.state("voice") == "playing"
    ready.set("amplifier.safety_chime", "active")
    ready.run(200 * MS)
    at = ready.clock.now()
    ready.run(2 * S)
    assert ready.audio.heard("amp.front_left", at, ready.clock.now()).silent
    ready.set("amplifier.safety_chime", "none")
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)


def test_a_place_becomes_the_destination_and_goes_with_the_user(ready):
    ready.contact.send_text("li.wei", "31.2,121.4,People's Square", "location")
    ready.until(lambda: ready.state("voice") == "prompt", 1 * S)
    ready.run(500 * MS)
    ready.press()
    ready.run(500 * MS)
    assert ready.said("head_unit.navigation") == "guiding"
    assert ready.unit.ram.user.destination == "People's Square"
    assert ready.service.account("li.wei").unread() == 0
    ready.leave()
    ready.run(4 * S)
    assert ready.unit.ram.user.destination == ""


def test_a_source_is_brought_to_all_loudspeakers_and_ends_with_it(make):
    car = make(set_figure("media_volume", 0.0))
    car.log_in()
    at = car.clock.now() + 10 * MS
    car.audio.play("media.in", speech(48_000 * 3), at, name="music")
    car.run(2 * S)
    assert car.said("head_unit.audio") == "media"
    one, other = (car.audio.heard(line, at + S // 2, at + S).samples for line in ("amp.front_left", "amp.rear_right"))
    assert one.any()
    assert np.array_equal(one, other)
    car.run(4 * S)
    assert car.said("head_unit.audio") == "silent"


@pytest.mark.parametrize(("state", "word"), [(state, word) for state, words in WORDS.items() for word in words])
def test_the_unit_knows_every_word_of_the_table(state, word):
    assert rows({state: word})[state, HandsFree] == ROWS[state][word]


def test_the_unit_knows_no_other_word():
    assert {state: set(words) for state, words in ROWS.items()} == {state: set(words) for state, words in WORDS.items()}
