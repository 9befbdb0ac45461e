"""The memory drivers as a rig fits them, and the simulated head unit between their far ends."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from harness.bench.people import PEOPLE
from harness.foundation.clock import Clock
from harness.foundation.errors import BadInput
from harness.rig.drivers import Fitted, Site
from harness.vehicle.vehicle import Vehicle


def can(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.can.memory import MemoryBus

    bus = site.vehicle.buses[name]
    memory = MemoryBus(site.clock, bus.bitrate, bus.data_bitrate, name)
    return Fitted(memory.node("rig"), memory.node("head_unit"))


def audio(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.audio.memory import pair

    return Fitted(*pair(site.clock))


def supply(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.supply.memory import pair

    return Fitted(*pair(site.clock))


def console(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.console.memory import pair

    return Fitted(*pair(site.clock))


def screen(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.screen.memory import pair

    return Fitted(*pair(site.clock))


def phone(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.phone.memory import MemoryService

    service = MemoryService(site.clock, random.Random(site.rng.getrandbits(64)), codec_of(settings))
    for person in PEOPLE:
        service.add_account(person.account, person.name)
    for person in PEOPLE:
        for friend in person.contacts:
            service.backend.befriend(person.account, friend)
    return Fitted(service, service)


def codec_of(settings: dict[str, object]) -> str:
    """What the phones of a rig send speech in (``codec:`` of its phone). BadInput for one that cannot be used."""
    from harness.phone.codecs import DEFAULT, codec

    name = str(settings.get("codec", DEFAULT))
    try:
        codec(name)
    except ValueError as why:
        raise BadInput("phone", None, f"codec: {name}", str(why), "Leave it out for opus.") from why
    return name


def network(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.network.memory import pair

    return Fitted(*pair(site.clock))


def io(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    from harness.io.memory import pair

    return Fitted(*pair(site.clock))


def unit(
    vehicle: Vehicle,
    clock: Clock,
    far: Mapping[str, Any],
    rng: random.Random,
    defects: Sequence[str],
    variant_seed: int | None,
) -> Any:
    """The simulated unit on the far ends. BadInput, with a suggestion, for an unknown defect."""
    from harness.headunit.embedded import build
    from harness.headunit.ends import Ends

    _wire_short(vehicle, far)
    ends = Ends(
        can={bus: far[f"can/{bus}"] for bus in vehicle.buses},
        audio=far["audio"],
        screen=far["screen"],
        supply=far["supply"],
        console=far["console"],
        io=far["io"],
        network=far["network"],
        service=far["phone"],
    )
    if variant_seed is not None:
        from harness.headunit.variants import surroundings
        from harness.rig.surroundings import surround

        surround(vehicle, far, surroundings(variant_seed))
    return build(vehicle, clock, ends, rng, defects, variant_seed)


def _wire_short(vehicle: Vehicle, far: Mapping[str, Any]) -> None:
    """The relay ``bus_short`` shorts every bus; when it opens, the rig's own interface is restarted."""

    def switched(line: str, on: bool) -> None:
        if line != "bus_short":
            return
        for name in vehicle.buses:
            bus = far[f"can/{name}"].bus
            bus.short(on)
            if not on:
                bus.node("rig").recover()

    far["io"].on_change(switched)
