"""An observation: a pure question to the recording, undecided until the recording can answer it.

``look(recording, limit, patience)`` returns Undecided or a Measurement and has no other effect. It may be asked as
often as anybody likes, in any order with others: the answer depends on the recording alone. "It did not happen" is a
Measurement with value None, and is given only when the watermark of its source has passed the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.recording import Recording


class Undecided(NamedTuple):
    """Not before ``until`` can silence decide; something that arrives may decide earlier."""

    until: Ns


class Instant(Protocol):
    """A stimulus: something that began and ended, as seen on the wire or the line."""

    @property
    def began(self) -> Stamp: ...

    @property
    def ended(self) -> Stamp: ...


Look = Callable[[Recording, Limit, Ns], "Undecided | Measurement"]


@dataclass
class Observation:
    """A question about the head unit. ``name`` and ``arguments`` rebuild it from a journal; ``subject`` reads in
    reports.

    ``found`` is the stamp of what was seen, once an answer is known: so an observation can be the ``after=`` of a
    stimulus.
    """

    name: str
    arguments: Mapping[str, Any]
    quantity: str
    source: str
    anchor: Stamp
    look: Look
    sentence: str
    judged: bool = field(default=False, compare=False)
    found: Stamp | None = field(default=None, compare=False)
    roles: tuple[str, ...] = ()

    def measuring(self, quantity: str) -> Observation:
        """The same question, judged against the requirement's limit for ``quantity`` instead of its usual one."""
        self.quantity = quantity
        return self


def anchor(after: object) -> Stamp:
    """The instant meant by ``after=``: a stimulus's beginning, a stamp, or the instant an observation found."""
    if isinstance(after, Stamp):
        return after
    if isinstance(after, Observation):
        if after.found is None:
            raise HarnessError(f"'{after.sentence}' is used as an instant before it was seen")
        return after.found
    began = getattr(after, "began", None)
    if isinstance(began, Stamp):
        return began
    raise HarnessError(f"after={after!r} is no stimulus, observation or stamp")
