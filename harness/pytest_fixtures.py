"""People and things, as pytest fixtures. Present only where a rig is set (harness/pytest_plugin.py)."""

from __future__ import annotations

import pytest

from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.loudspeakers import Music
from harness.bench.network import Network
from harness.bench.people import CONTACT, DRIVER, OTHER
from harness.bench.phones import Contact, Phone
from harness.bench.routines import boots, has_played
from harness.bench.world import World
from harness.judging.judge import Judge
from harness.pytest_runner import CASE


@pytest.fixture
def world(request: pytest.FixtureRequest, vehicle_name: str) -> World:
    """The case's bench: opened fresh, recording from its first instant."""
    return request.node.stash[CASE].open()  # type: ignore[no-any-return]


@pytest.fixture
def car(world: World) -> Car:
    """The car, powered, not started."""
    return Car(world)


@pytest.fixture
def cold(car: Car) -> Car:
    """KL30 is there and the ignition off: for scenarios that start the unit themselves."""
    car.gets_power()
    return car


@pytest.fixture
def head_unit(request: pytest.FixtureRequest, world: World, car: Car) -> HeadUnit:
    """The head unit: booted and logged out, unless the scenario asks for ``cold`` or ``logged_in``."""
    unit = HeadUnit(world)
    if "cold" not in request.fixturenames:
        boots(world, car)
    return unit


@pytest.fixture
def driver(world: World) -> Driver:
    return Driver(world)


@pytest.fixture
def phone(world: World) -> Phone:
    """The driver's phone."""
    return Phone(world, DRIVER.account)


@pytest.fixture
def other_phone(world: World) -> Phone:
    """Somebody else's phone, with an account of its own."""
    return Phone(world, OTHER.account)


@pytest.fixture
def contact(world: World) -> Contact:
    """The person the driver talks with."""
    return Contact(world, CONTACT.account, DRIVER.account)


@pytest.fixture
def other_contact(world: World) -> Contact:
    """Another friend of the driver's."""
    return Contact(world, OTHER.account, DRIVER.account)


@pytest.fixture
def network(world: World) -> Network:
    return Network(world)


@pytest.fixture
def logged_in(head_unit: HeadUnit, phone: Phone) -> Phone:
    """The driver has logged in by scanning the code; messaging is idle. The value is the driver's phone."""
    head_unit.logs_in(phone)
    return phone


@pytest.fixture
def played(logged_in: Phone, world: World, head_unit: HeadUnit, driver: Driver, contact: Contact) -> str:
    """A message has been received and heard; the value is its name in the stimulus library."""
    sentence = "ten_minutes.zh"
    has_played(world, head_unit, driver, contact, sentence)
    return sentence


@pytest.fixture
def music(logged_in: Phone, world: World) -> Music:
    """Music plays in the car."""
    return Music(world)


@pytest.fixture
def asleep(logged_in: Phone, car: Car) -> Car:
    """The car has been left alone until everything sleeps."""
    car.falls_asleep()
    return car


@pytest.fixture
def judge(world: World) -> Judge:
    return world.judge


@pytest.fixture
def require(judge: Judge):  # type: ignore[no-untyped-def]
    """Like ``judge``, and the scenario ends when it is not PASS."""
    return judge.require
