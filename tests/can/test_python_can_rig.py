"""The driver as a rig opens it: settings of the rig file, rates of the car."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harness.foundation.clock import WallClock
from harness.foundation.errors import BadInput
from harness.rig.drivers import Driver, Site, fit
from harness.vehicle.load import load_vehicle

WHERE = Driver("harness.rig.drivers_can:can", ("wall",))


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(WallClock(), load_vehicle(Path("dbc/gs4")), random.Random(1))


def test_the_cars_rates_hold_where_the_rig_says_nothing(site: Site) -> None:
    for name, bus in site.vehicle.buses.items():
        port = fit(WHERE)(site, name, {"interface": "virtual", "channel": f"rig {name}"}).port
        try:
            assert (port.channel.bitrate, port.channel.data_bitrate) == (bus.bitrate, bus.data_bitrate)
            assert port.channel.fd == (bus.data_bitrate is not None)
        finally:
            port.close()


def test_a_classic_interface_on_a_car_with_fd_can_be_asked_for(site: Site) -> None:
    name = next(iter(site.vehicle.buses))
    port = fit(WHERE)(site, name, {"interface": "virtual", "channel": "classic", "fd": False}).port
    port.close()
    assert not port.channel.fd


def test_wrong_settings_name_the_port(site: Site) -> None:
    name = next(iter(site.vehicle.buses))
    with pytest.raises(BadInput) as told:
        fit(WHERE)(site, name, {"interface": "virtual", "chanel": "x"})
    assert told.value.where == f"can/{name}"
    assert told.value.remedy == "Did you mean 'channel'?"
