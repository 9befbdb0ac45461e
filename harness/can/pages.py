"""What a message carries, page by page: one payload per place of a multiplexer's schedule.

Theory. A multiplexed message shows one page at a time; its sender goes round the pages in a fixed order (0, 1, 0, 2,
say), so that a page that matters comes more often. A signal of one page is written there and nowhere else, a signal
outside the multiplexer in all of them. A message without schedule has a single place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.can.message import Message
from harness.can.signal import Value


@dataclass(frozen=True, slots=True)
class Payload:
    """Data before protection, one per place of the schedule. ``pages`` are the multiplexer's ids there; () without."""

    message: Message
    places: tuple[bytes, ...]
    pages: tuple[int, ...] = ()

    def changed(self, values: Mapping[str, Value]) -> Payload:
        """With ``values`` (physical or labels) wherever they are shown. ValueError as from ``Message.encode``, and for
        a signal that no place shows or that chooses the page."""
        if self.pages:
            for name in values:
                if name == self.message.tree.branches[0][0].name:
                    raise ValueError(f"{self.message.name}.{name}: the schedule chooses the page")
                if not self.showing([name]):
                    raise ValueError(f"{self.message.name}.{name}: its page is not in the schedule")
        return Payload(self.message, tuple(self.message.encode(values, start=d) for d in self.places), self.pages)

    def showing(self, signals: Iterable[str]) -> tuple[int, ...]:
        """The places that show any of ``signals``; all of them when none of these is multiplexed."""
        selected = [s.mux[1] for name in signals if (s := self.message.signals.get(name)) is not None and s.mux]
        if not self.pages or not selected:
            return tuple(range(len(self.places)))
        return tuple(i for i, page in enumerate(self.pages) if any(page in ids for ids in selected))


def first_payload(message: Message, schedule: Sequence[int] = ()) -> Payload:
    """All start values. ValueError for a schedule whose message has no multiplexer, or that names no page of it."""
    if not schedule:
        return Payload(message, (message.start_data(),))
    if len(message.tree.branches) != 1:
        raise ValueError(f"{message.name} has {len(message.tree.branches)} multiplexers; a schedule goes round one")
    name = message.tree.branches[0][0].name
    data = {page: message.encode_raw({name: page}) for page in set(schedule)}
    return Payload(message, tuple(data[page] for page in schedule), tuple(schedule))
