"""What every scenario does on its way to its own question. A unit that does not get there fails as a prerequisite."""

from __future__ import annotations

from harness.bench.car import Car
from harness.bench.head_unit import HeadUnit
from harness.bench.phones import Phone
from harness.bench.world import World
from harness.foundation.units import S
from harness.judging.accounts import session_is
from harness.judging.judge import PrerequisiteFailed
from harness.judging.pictures import code_there
from harness.judging.signals import reaches

BOOTS_WITHIN = 60 * S
LOGS_IN_WITHIN = 30 * S


def boots(world: World, car: Car, head_unit: HeadUnit) -> None:
    """KL30, ignition on, until the unit shows a code to log in with."""
    with world.step("the head unit boots"):
        car.gets_power()
        started = car.starts()
        world.judge.reached(code_there(started.began), BOOTS_WITHIN, "the head unit boots and shows a login code")


def logs_in(world: World, head_unit: HeadUnit, phone: Phone) -> None:
    """Scan, confirm, until account and unit agree that the session is there and messaging rests."""
    with world.step("the driver logs in"):
        phone.scans(head_unit.screen.code())
        if phone.outcome != "accepted":
            raise PrerequisiteFailed(f"the code was not accepted: {phone.outcome}")
        confirmed = phone.confirms()
        opened = session_is(phone.account.name, "opened", confirmed.began)
        world.judge.reached(opened, LOGS_IN_WITHIN, "the service opens the session")
        if world.vehicle.has("head_unit.session"):
            active = reaches("head_unit.session", "active", confirmed.began)
            world.judge.reached(active, LOGS_IN_WITHIN, "the head unit reports the session")
        world.wait(1 * S)
        head_unit.comes_to_rest()
