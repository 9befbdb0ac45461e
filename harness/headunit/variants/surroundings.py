"""What is round a unit and not of it: how slow the network is, what phones send, how much else is on the buses."""

from __future__ import annotations

import random
from dataclasses import dataclass

from harness.foundation.units import MS, Ns

SLOWER = (0, 90)
"""Milliseconds one way beside the link's own: a login has three of them and the unit's own time in 2 s (QR-02)."""
CODECS = ("opus", "amr-nb")
NEIGHBOURS = (0.0, 0.0, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Surroundings:
    """``slower``: added to the link's delay, one way, in ns. ``phone_codec``: a name of ``harness.phone.codecs``.
    ``neighbours``: frames of other control units, per frame of the rest-bus."""

    slower: Ns
    phone_codec: str
    neighbours: float


def drawn(rng: random.Random) -> Surroundings:
    return Surroundings(rng.randint(*SLOWER) * MS, rng.choice(CODECS), rng.choice(NEIGHBOURS))
