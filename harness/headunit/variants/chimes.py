"""Other chimes: sets of sounds with other pitches, lengths and timbres, stored beside the unit (tools/make_chimes.py).

Theory. Which sounds a unit has is its maker's affair; a car's data name their files, and the bench looks for those. So
a unit with another set is right when the car's data come with it.
"""

from __future__ import annotations

import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "chimes"
SETS = ("", "bar", "bell", "glide", "reed", "soft")
"""The first: the car's own."""


def chosen(rng: random.Random) -> dict[str, Path]:
    """Sound -> file of the set that is drawn; empty for the car's own."""
    name = rng.choice(SETS)
    return {path.stem: path for path in sorted((FOLDER / name).glob("*.flac"))} if name else {}
