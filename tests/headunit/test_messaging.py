"""The outbox: exactly once, in order."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S
from harness.network.port import Link


def speak(car, seconds=0.6):
    car.until(lambda: car.state("voice") in ("idle", "sending"), 20 * S)
    car.until(lambda: car.state("voice") == "idle", 20 * S)
    car.run(600 * MS)
    car.press()
    car.run(400 * MS)
    car.say(seconds)
    car.until(lambda: car.state("voice") != "listening", 10 * S)


@pytest.mark.parametrize("cut", range(0, 320, 40))
def test_a_message_arrives_once_wherever_the_network_drops(make, cut):
    car = make()
    car.log_in()
    speak(car)
    car.run(cut * MS)
    car.network.link(Link(up=False))
    car.run(3 * S)
    car.network.link(Link())
    up = car.clock.now()
    car.until(lambda: len(car.contact.inbox()) == 1, 5 * S)
    assert car.clock.now() - up <= 5 * S
    car.run(5 * S)
    assert len(car.contact.inbox()) == 1
    assert not car.unit.flash.outbox


def test_messages_said_offline_arrive_in_order(car):
    car.log_in()
    car.network.link(Link(up=False))
    for seconds in (0.5, 1.0, 1.5):
        speak(car, seconds)
    car.run(5 * S)
    car.network.link(Link())
    car.until(lambda: len(car.contact.inbox()) == 3, 5 * S)
    lengths = [len(m.samples) for m in car.contact.inbox()]
    assert lengths == sorted(lengths)


def test_a_lossy_link_doubles_nothing(car):
    car.log_in()
    car.network.link(Link(loss=0.4))
    for _ in range(3):
        speak(car)
    car.network.link(Link())
    car.run(15 * S)
    assert len(car.contact.inbox()) == 3


def test_what_arrived_while_offline_is_fetched(car):
    car.log_in()
    car.network.link(Link(up=False))
    car.contact.send_text("li.wei", "hello")
    car.run(5 * S)
    car.network.link(Link())
    car.until(lambda: car.state("voice") == "prompt", 5 * S)
    assert len(car.unit.ram.user.messages) == 1
