"""How a case gets to where its scenario begins. A unit that does not get there fails as a prerequisite."""

from __future__ import annotations

from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.phones import Contact
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.units import S
from harness.judging.calls import call_is
from harness.judging.pictures import code_there

BOOTS_WITHIN = 60 * S
ANSWERED_WITHIN = 5 * S


def boots(world: World, car: Car) -> None:
    """KL30, ignition on, until the unit shows a code to log in with."""
    with world.step("the head unit boots"):
        car.gets_power()
        started = car.starts()
        world.judge.reached(code_there(started.began), BOOTS_WITHIN, "the head unit boots and shows a login code")


def has_played(world: World, head_unit: HeadUnit, driver: Driver, contact: Contact, sentence: str) -> None:
    """A message has come, the driver has heard it, and messaging rests again."""
    with world.step("the driver hears a message"):
        sent = contact.sends_voice(sentence)
        head_unit.prompts(after=sent)
        press = driver.press("messaging")
        head_unit.comes_to_rest(after=press)
        world.wait(1 * S)


def takes_a_call(
    world: World, head_unit: HeadUnit, driver: Driver, contact: Contact, *, video: bool = False
) -> Stimulus:
    """A friend calls and the driver takes the call with the button; both sides have it."""
    with world.step("the driver takes a call"):
        head_unit.is_rung(after=contact.calls(video=video))
        answer = driver.answers()
        taken = call_is(contact.name, "answered", answer.began)
        world.judge.reached(taken, ANSWERED_WITHIN, "the service has the call answered")
        world.wait(1 * S)
    return answer
