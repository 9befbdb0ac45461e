"""A gateway before the messaging service that changes nothing keeps the phone contract."""

from __future__ import annotations

from typing import Any

import pytest

from harness.contracts.phone import PhoneContract, PhoneEnds
from harness.rig.gateway.phone import ServiceGate


class TestServiceGate(PhoneContract):
    @pytest.fixture
    def ends(self, world: Any) -> PhoneEnds:
        gate = ServiceGate(world.clock, world.service)
        return PhoneEnds(
            world.clock,
            gate.phone("driver"),
            gate.account("driver"),
            gate.phone("contact"),
            gate.account("contact"),
            *world.units,
        )
