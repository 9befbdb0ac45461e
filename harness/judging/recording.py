"""What observations read: the recorded time line, live or from a run's files.

Theory. A verdict is a pure function of what was recorded and a window. Live judging gives observations the recording
that is still growing, re-judging gives them the same from disk; neither lets them see anything else. Each source says
up to where it has delivered everything (``seen_to``); beyond that nothing may be concluded, least of all that
something did not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harness.audio.port import Capture
from harness.can.port import Heard
from harness.console.port import Bytes
from harness.foundation.units import Ns
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread
from harness.screen.port import Picture
from harness.supply.port import Reading
from harness.vehicle.vehicle import Vehicle


class Recording(Protocol):
    """Everything seen since the bench opened. All windows are [start, stop] in ns of bench time."""

    vehicle: Vehicle

    def seen_to(self, source: str) -> Ns:
        """The watermark of "can/<bus>", "role/<name>" (its bus), "audio", "screen", "console", "supply",
        "account/<who>", "diagnostics" (the bus it is on)."""
        ...

    def offers(self, source: str) -> bool:
        """Whether the rig has this witness at all; one without sound is asked nothing about it."""
        ...

    def stalled(self, source: str) -> Ns:
        """How long ``source`` may lag behind the clock before the rig is at fault (its driver's word)."""
        ...

    def frames(self, bus: str, key: tuple[int, bool], start: Ns, stop: Ns) -> Sequence[Heard]:
        """The data frames with this identity, oldest first."""
        ...

    def last_frame(self, bus: str, key: tuple[int, bool], before: Ns) -> Heard | None:
        """The newest frame with this identity that ended before ``before``."""
        ...

    def everything(self, bus: str, start: Ns, stop: Ns) -> Sequence[Heard]:
        """All that was seen on a bus, oldest first: frames, error frames, changes of the rig's own bus state."""
        ...

    def sound(self, line: str, start: Ns, stop: Ns) -> Capture: ...

    def pictures(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """The picture in front at ``start``, and every change up to ``stop``."""
        ...

    def console(self, start: Ns, stop: Ns) -> Sequence[Bytes]: ...

    def supply(self, start: Ns, stop: Ns) -> Sequence[Reading]: ...

    def inbox(self, account: str, start: Ns, stop: Ns) -> Sequence[Delivered]: ...

    def sessions(self, account: str, start: Ns, stop: Ns) -> Sequence[SessionEvent]: ...

    def calls(self, account: str, start: Ns, stop: Ns) -> Sequence[CallEvent]:
        """The service's word on the account's calls, oldest first."""
        ...

    def unread(self, account: str, start: Ns, stop: Ns) -> Sequence[Unread]:
        """How many messages the service held as not played: before ``start``, and each change up to ``stop``."""
        ...
