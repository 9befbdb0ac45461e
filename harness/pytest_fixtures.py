"""People and things, as pytest fixtures. Present only where a rig is set (harness/pytest_plugin.py)."""

from __future__ import annotations

import pytest

from harness.bench.car import Car
from harness.bench.conversation import Conversation
from harness.bench.driver import Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.loudspeakers import Music
from harness.bench.network import Network
from harness.bench.people import CONTACT, DRIVER, OTHER
from harness.bench.phones import Contact, Phone
from harness.bench.power_cuts import PowerCuts
from harness.bench.routines import boots, has_played, takes_a_call
from harness.bench.stimulus import Stimulus
from harness.bench.supply import Supply
from harness.bench.telephone import Telephone
from harness.bench.workshop import Workshop
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
def workshop(world: World) -> Workshop:
    """A workshop tester on the diagnostic connector."""
    return Workshop(world)


@pytest.fixture
def supply(world: World) -> Supply:
    """The supply on KL30."""
    return Supply(world)


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
def in_a_call(logged_in: Phone, world: World, head_unit: HeadUnit, driver: Driver, contact: Contact) -> Stimulus:
    """A friend has called and the driver has taken the call; the value is the press."""
    return takes_a_call(world, head_unit, driver, contact)


@pytest.fixture
def in_a_video_call(logged_in: Phone, world: World, head_unit: HeadUnit, driver: Driver, contact: Contact) -> Stimulus:
    """Likewise, and the friend has called with picture."""
    return takes_a_call(world, head_unit, driver, contact, video=True)


@pytest.fixture
def reference_client(logged_in: Phone, world: World) -> Contact:
    """A phone on the car's own network, which packs and unpacks voice and adds nothing else to its delay."""
    client = Contact(world, OTHER.account, DRIVER.account)
    client.joins_the_network_of_the_car()
    return client


@pytest.fixture
def conversation(world: World) -> Conversation:
    return Conversation(world)


@pytest.fixture
def telephone(logged_in: Phone, world: World) -> Telephone:
    """The driver's telephone on hands-free."""
    return Telephone(world)


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
def power_cuts(request: pytest.FixtureRequest, world: World) -> PowerCuts:
    """KL30 taken away at every moment of a story, each time in a world of its own."""
    case = request.node.stash[CASE]
    return PowerCuts(world, case.another_world, to_the_first=case.run.settings.to_the_first)


@pytest.fixture
def judge(world: World) -> Judge:
    return world.judge


@pytest.fixture
def require(judge: Judge):  # type: ignore[no-untyped-def]
    """Like ``judge``, and the scenario ends when it is not PASS."""
    return judge.require
