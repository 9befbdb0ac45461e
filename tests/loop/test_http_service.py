"""Phones and accounts over HTTP keep the phone contract, with units behind their own links."""

from __future__ import annotations

from typing import Any

import pytest

from harness.contracts.phone import PhoneContract, PhoneEnds
from harness.foundation.clock import WallClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.pseudonyms import Secret
from harness.foundation.units import MS, S
from harness.network.memory import pair
from harness.network.port import Link
from harness.phone import codec
from harness.phone.events import CodeConfirmed, CodeScanned, SessionRevoked
from harness.phone.http import HttpService, HttpUnitService
from harness.phone.messages import Voice


class Unit:
    """A unit that does what it is told."""

    def __init__(self, clock: WallClock, url: str, serial: str) -> None:
        self.serial = serial
        self.clock = clock
        self.link, far = pair(clock)
        self.client = HttpUnitService(clock, url).unit_link(far, serial)
        self.events: list[Any] = []
        self.token = ""
        self.client.on_push(self._told)
        assert self.ask("register_unit", serial, "key") == "accepted"

    def _told(self, event: Any) -> None:
        self.events.append(event)
        if isinstance(event, CodeConfirmed):
            self.token = event.token
        elif isinstance(event, SessionRevoked) and event.token == self.token:
            self.token = ""

    def ask(self, method: str, *args: object) -> Any:
        got: list[Any] = []
        self.client.call(method, *args, answer=got.append, failed=lambda why: got.append(RuntimeError(why)))
        until = self.clock.now() + 3 * S
        while not got and self.clock.now() < until:
            self.clock.run_until(self.clock.now() + 5 * MS)
        return got[0]

    def code(self) -> str:
        return str(self.ask("new_code", self.serial))

    def logged_in(self) -> bool:
        return bool(self.token)

    def send_voice(self, to: str, samples: Any, rate: int) -> None:
        voice = Voice(codec.encode(samples, rate), codec.NAME, len(samples) * S // rate)
        assert self.ask("send", self.token, to, "voice", voice, "u1") == "accepted"


@pytest.fixture
def units(clock: WallClock, service: HttpService) -> Any:
    made = [Unit(clock, service.exchange.url, serial) for serial in ("SN-1", "SN-2")]
    yield made
    for unit in made:
        unit.client.close()


@pytest.fixture
def ends(clock: WallClock, service: HttpService, units: Any) -> PhoneEnds:
    return PhoneEnds(
        clock,
        service.phone("driver"),
        service.account("driver"),
        service.phone("contact"),
        service.account("contact"),
        *units,
        patience=400 * MS,
    )


class TestHttpPhone(PhoneContract):
    pass


def test_a_unit_whose_link_is_down_is_not_told_until_it_returns(ends: PhoneEnds, units: Any) -> None:
    unit = units[0]
    code = unit.code()
    unit.link.link(Link(up=False))
    ends.phone.scan(code)
    ends.clock.run_until(ends.clock.now() + 300 * MS)
    assert unit.events == []
    unit.link.link(Link())
    ends.clock.run_until(ends.clock.now() + 300 * MS)
    assert [type(event) for event in unit.events] == [CodeScanned]


def test_the_bench_is_told_every_code_and_token(ends: PhoneEnds, units: Any, service: HttpService) -> None:
    unit = units[0]
    code = unit.code()
    ends.phone.scan(code)
    ends.phone.confirm()
    until = ends.clock.now() + 3 * S
    while not unit.token and ends.clock.now() < until:
        ends.clock.run_until(ends.clock.now() + 5 * MS)
    assert list(service.issued()) == [Secret("code", code.rpartition("/")[2]), Secret("token", unit.token)]


def test_what_nobody_may_call_is_refused(service: HttpService) -> None:
    with pytest.raises(HarnessError, match="no call"):
        service.exchange.call("_log_in", "driver")


def test_another_time_is_refused(service: HttpService) -> None:
    with pytest.raises(RigFault, match="another time"):
        HttpService(WallClock(), service.exchange.url).exchange.call("accounts")


def test_a_call_takes_less_than_the_delayed_acknowledgement_of_tcp(clock: WallClock, service: HttpService) -> None:
    took = []
    for _ in range(20):
        began = clock.now()
        service.exchange.call("accounts")
        took.append(clock.now() - began)
    assert sorted(took)[10] < 30 * MS  # 44 ms without TCP_NODELAY on both sides
