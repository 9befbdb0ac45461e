"""All disturbances, by id."""

from __future__ import annotations

from harness.rig.gateway.disturbance import Disturbance
from harness.rig.gateway.on_can import ON_CAN
from harness.rig.gateway.on_people import ON_PEOPLE
from harness.rig.gateway.on_power import ON_POWER
from harness.rig.gateway.on_screen import ON_SCREEN
from harness.rig.gateway.on_sound import ON_SOUND


def disturbances() -> dict[str, Disturbance]:
    """In the order of the port families: buses, sound, screen, supply and lines, console, people, network."""
    return {one.id: one for one in (*ON_CAN, *ON_SOUND, *ON_SCREEN, *ON_POWER, *ON_PEOPLE)}
