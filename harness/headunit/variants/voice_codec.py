"""What the unit sends speech in: no requirement asks for one, each is judged by what it can carry."""

from __future__ import annotations

import random

from harness.headunit.blueprint import Change, set_figure

CODECS = ("opus", "amr-nb")
"""Those that need no extra."""


def drawn(rng: random.Random) -> Change:
    return set_figure("voice_codec", rng.choice(CODECS))
