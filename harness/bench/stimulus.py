"""What people and the car did, with the instants as the recording shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.foundation.stamps import Stamp


@dataclass(frozen=True)
class Stimulus:
    """``began`` and ``ended`` come from the wire or the line (an echo, a captured channel), never from the call."""

    what: str
    began: Stamp
    ended: Stamp
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Speech(Stimulus):
    """Something said aloud: ``stimulus`` is its name in the library, ``line`` where it was spoken."""

    stimulus: str = ""
    line: str = ""


@dataclass(frozen=True)
class Talk(Speech):
    """Talking on and on; ``listening`` is the instant from which the unit had announced to listen."""

    listening: Stamp = field(default_factory=lambda: Stamp.exact(0))
