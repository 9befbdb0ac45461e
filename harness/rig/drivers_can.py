"""Real CAN channels for the driver table."""

from __future__ import annotations

from harness.rig.drivers import Fitted, Site


def can(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """The bus ``name`` through python-can. The car's bit rates hold where the rig file says nothing of them."""
    from harness.can.python_can import open_python_can

    bus = site.vehicle.buses[name]
    if settings.get("fd") is False:
        return Fitted(open_python_can(site.clock, name, settings, bus.bitrate))
    return Fitted(open_python_can(site.clock, name, settings, bus.bitrate, bus.data_bitrate))
