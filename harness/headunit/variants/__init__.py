"""Right units that are not alike: as many makers would build them, each within the requirements.

Theory. A judge that passes one right unit may have learnt its habits by heart. A variant draws every figure anew from
where the requirements leave room, clear of the limits by what a measurement may be uncertain (one cycle of the button's
message, one step of the microphone), looks, sounds and starts differently, keeps its own time, and lives in another
neighbourhood. It is a function of its seed alone: each part below draws from a generator of its own, so that a part
that is widened leaves the others as they were.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.headunit.blueprint import Change, together
from harness.headunit.variants import chimes, figures, microphone, quartz, start, voice_codec
from harness.headunit.variants.surroundings import Surroundings, drawn

if TYPE_CHECKING:
    from harness.vehicle.vehicle import Vehicle

PARTS = {
    "start": start.drawn,
    "quartz": quartz.drawn,
    "codec": voice_codec.drawn,
    "microphone": microphone.drawn,
}


def variant(seed: int) -> Change:
    """The right unit number ``seed``."""
    parts = [part(random.Random(f"variant {seed} {name}")) for name, part in PARTS.items()]
    return together(figures.drawn(random.Random(f"variant {seed}")), *parts)


def surroundings(seed: int) -> Surroundings:
    """What lies round the right unit number ``seed`` in a simulated world."""
    return drawn(random.Random(f"variant {seed} surroundings"))


def fitted(vehicle: Vehicle, seed: int | None) -> Vehicle:
    """The car's data as they are with the right unit number ``seed`` in it: what it sounds like is its maker's affair,
    and stands in the car's data. The car itself for None."""
    if seed is None:
        return vehicle
    sounds = chimes.chosen(random.Random(f"variant {seed} chimes"))
    return replace(vehicle, sounds={name: sounds.get(name, path) for name, path in vehicle.sounds.items()})


__all__ = ["Surroundings", "fitted", "surroundings", "variant"]
