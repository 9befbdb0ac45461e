"""A sound port that outlives a case, seen by the clock of one case.

Theory. Opening a stream and measuring its loop takes seconds, so one stream serves many cases; each case has a time
line of its own, and they differ by a constant. What a case began to play ends with it; the stream goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.audio.port import Capture
from harness.audio.samples import span
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.uncertainty import Share
from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.audio.calibration import Loop
    from harness.audio.portaudio import PortAudio


class Shifted:
    """An ``AudioPort``. ``port``'s time line shows an instant of ours as ``offset`` ns more."""

    def __init__(self, port: PortAudio, offset: Ns, then: Callable[[], None] = lambda: None) -> None:
        """``then`` is done at ``close``."""
        self._port = port
        self._then = then
        self._offset = offset
        self._cuts: list[tuple[Ns, Callable[[], None]]] = []
        self._closed = False
        self._stumbles = port.stumbles

    @property
    def lines(self) -> tuple[str, ...]:
        return self._port.lines

    @property
    def stall(self) -> Ns:
        return self._port.stall

    @property
    def uncertainty(self) -> tuple[Share, ...]:
        """As ``PortAudio.uncertainty``."""
        return self._port.uncertainty

    @property
    def ahead(self) -> Ns:
        """As ``PortAudio.ahead``."""
        return self._port.ahead

    @property
    def lead(self) -> Ns:
        """As ``PortAudio.lead``."""
        return self._port.lead

    @property
    def stumbles(self) -> int:
        """As ``PortAudio.stumbles``: counted since the stream began, not since this case did."""
        return self._port.stumbles

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """As ``AudioPort.play``. RigFault once frames were lost in this case: the loop may have become longer since, so
        nobody knows any more when this would be heard."""
        if self._closed:
            raise HarnessError(f"{name or 'sound'} on {line}: this case's sound is closed")
        if self.stumbles != self._stumbles:
            raise RigFault(
                f"{name or 'sound'} on {line}: the stream has lost or held back frames in this case; when this is "
                "heard is not known. Close what loads the computer, or raise the latency."
            )
        cut = self._port.play(line, samples, at + self._offset, name=name)
        seen = self.seen_to()
        self._cuts = [kept for kept in self._cuts if kept[0] > seen]
        self._cuts.append((at + span(len(samples)), cut))
        return cut

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """As ``AudioPort.heard``. Where the window begins before the stream did, its capture begins with the stream."""
        if not 0 <= start <= stop:
            raise HarnessError(f"{line}: the window {start}..{stop} ns is not one")
        began, ended = max(start + self._offset, 0), max(stop + self._offset, 0)
        capture = self._port.heard(line, began, ended)
        return Capture(line, capture.samples, capture.began.shifted(-self._offset), capture.silent)

    def active(self, line: str, start: Ns, stop: Ns) -> bool:
        """As ``PortAudio.active``."""
        return self._port.active(line, max(start + self._offset, 0), max(stop + self._offset, 0))

    def seen_to(self) -> Ns:
        return self._port.seen_to() - self._offset

    def measure_loop(self, line: str) -> Loop:
        """As ``PortAudio.measure_loop``."""
        return self._port.measure_loop(line)

    def close(self) -> None:
        """End what is sounding still. What was heard stays readable."""
        if self._closed:
            return
        self._closed = True
        for _, cut in self._cuts:
            cut()
        self._then()
