"""Whatever happens, in whatever state: the unit never raises, and losing KL30 leaves it in order."""

from __future__ import annotations

import random
from importlib import import_module
from pkgutil import iter_modules

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.port import Frame, Heard
from harness.foundation.units import MS, S
from harness.headunit import events
from harness.headunit.events.button import ButtonDown, ButtonUp
from harness.headunit.events.car import RoleChanged
from harness.headunit.events.event import Elapsed, Event
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.login import CodeArrived, CodeConfirmed, CodeFailed
from harness.headunit.events.messaging import MessageSent, SendFailed
from harness.headunit.events.screen import Touched
from harness.headunit.events.voice import SilenceHeard
from harness.network.port import Link

MAKERS = {
    ButtonDown: lambda: ButtonDown(0),
    ButtonUp: lambda: ButtonUp(0),
    SilenceHeard: lambda: SilenceHeard(True),
    CodeArrived: lambda: CodeArrived("https://login.example.invalid/c/ABC"),
    CodeFailed: lambda: CodeFailed("down"),
    CodeConfirmed: lambda: CodeConfirmed("t", "a", "n", (("wang.fang", "Wang Fang"),)),
    MessageSent: lambda: MessageSent("x"),
    SendFailed: lambda: SendFailed("x", "timeout"),
    RoleChanged: lambda: RoleChanged("gear", "R"),
    FaultSeen: lambda: FaultSeen("microphone"),
    FaultGone: lambda: FaultGone("microphone"),
    Touched: lambda: Touched(0.1, 0.9),
    Elapsed: lambda: Elapsed(lambda unit: None),
}
FAMILIES = [import_module(f"{events.__name__}.{family.name}") for family in iter_modules(events.__path__)]
KINDS = [
    kind
    for family in FAMILIES
    for kind in vars(family).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
]


def event(kind):
    return MAKERS[kind]() if kind in MAKERS else kind()


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 900)), max_size=25), st.integers(0, 3))
def test_any_sequence_of_events_in_any_state_never_raises(gs4, car_type, happenings, begin):
    car = car_type(gs4)
    if begin:
        car.start() if begin == 1 else car.log_in()
    if begin == 3:
        car.press()
    for kind, wait in happenings:
        car.unit.post(event(kind))
        car.run(wait * MS)
    car.run(3 * S)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 2**32))
def test_nonsense_on_the_buses_never_raises(gs4, car_type, seed):
    rng = random.Random(seed)
    car = car_type(gs4)
    car.log_in()
    keys = [(bus, m) for bus, b in gs4.buses.items() for m in b.database.messages.values() if "HU" not in m.senders]
    for _ in range(60):
        bus, message = rng.choice(keys)
        length = rng.choice((message.length, rng.randrange(9)))
        fd = message.fd and length not in range(9)
        data = rng.randbytes(length)
        kind = rng.randrange(10)
        if kind == 0:
            car.buses[bus].inject(Heard(0, 0, 0, "bad", None, False, "cut off"))
        elif kind == 1:
            car.buses[bus].inject(Heard(0, 0, 0, "error", None))
        else:
            car.ports[bus].send(Frame(message.id, data, message.extended, fd or (message.fd and length <= 8), False))
        car.run(rng.randrange(40) * MS)
    car.run(1 * S)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 14_000), st.integers(0, 2_000), st.booleans(), st.integers(0, 2**32))
def test_losing_kl30_at_any_instant_leaves_a_whole_session_or_none(gs4, car_type, cut, dark, leaving, seed):
    """Through login, a message, and leaving: afterwards logged out or the same session; the message at most once."""
    car = car_type(gs4, seed=seed)
    car.power()
    car.ignition(True)
    events = [
        (3600, lambda: car.unit.ram.code and car.phone.scan(car.unit.ram.code)),
        (3900, lambda: car.phone._scanned and car.phone.confirm()),
        (5200, lambda: car.set("wheel.messaging", "pressed")),
        (5300, lambda: car.set("wheel.messaging", "released")),
        (5700, lambda: car.say(0.7)),
        (7000, lambda: car.network.link(Link(loss=0.3))),
        (9500, lambda: car.network.link(Link())),
    ]
    if leaving:
        events += [
            (10_000, lambda: car.ignition(False)),
            (10_100, lambda: car.set("belt.driver", "open")),
            (10_500, lambda: car.set("seat.driver", "empty")),
        ]
    events += [(cut, lambda: car.supply.output(False)), (cut + dark, lambda: car.supply.output(True))]
    now = 0
    for at, work in sorted(events, key=lambda e: e[0]):
        car.run((at - now) * MS)
        now = at
        work()
    if cut < 3700:
        car.run(1 * S)
    car.run(12 * S)
    unit = car.unit
    opened = [e.what for e in car.service.account("li.wei").sessions()]
    if unit.flash.session is None:
        assert unit.ram.user.contacts == []
    else:
        assert unit.flash.session.account == "li.wei"
        assert not leaving
    assert len(car.contact.inbox()) <= 1
    if leaving and opened:
        car.run(10 * S)
        # one that the unit never learned of is ended by the service, when the unit comes back without it
        ended = [e.what for e in car.service.account("li.wei").sessions()][-1]
        assert ended in ("closed", "revoked") or unit.flash.revocations
