"""Phones and accounts in memory keep the phone contract."""

from __future__ import annotations

from typing import Any

import pytest

from harness.contracts.phone import PhoneContract, PhoneEnds


@pytest.fixture
def ends(world: Any) -> PhoneEnds:
    service = world.service
    return PhoneEnds(
        world.clock,
        service.phone("driver"),
        service.account("driver"),
        service.phone("contact"),
        service.account("contact"),
        *world.units,
    )


class TestMemoryPhone(PhoneContract):
    pass
