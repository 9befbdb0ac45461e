"""The unit's audio plug on a real device: it plays late and hears late, by constants it declares.

Theory. A device takes sound in fragments, so what is given to it now comes out anything up to ``OUTPUT`` later. The
plug gives each sound its full ``OUTPUT``: then equal times apart inside are equal times apart outside, blocks of music
join without a seam, and a latency measured twice is the same twice. What is heard arrives late too: a window that the
unit asks for is answered with what the line carried ``INPUT`` earlier; before anything came there was silence.

Whoever designs a unit knows these two and takes them off: ``sooner`` does that with the figures that say when something
is to be heard, or how long nothing has been heard, so the unit does outside what its figures say.

Where the device itself loses frames while the unit speaks or listens, the computer is at fault and not the unit: that
ends it with a RigFault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from harness.audio.port import RATE, AudioPort, Capture
from harness.audio.samples import index_at, span
from harness.foundation.clock import Clock
from harness.foundation.errors import RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.blueprint import Blueprint

OUTPUT_MARGIN: Ns = 20 * MS
INPUT_MARGIN: Ns = 60 * MS
"""What a device needs beside its own latency: 100 ms of it were seen to be 101 ms out and 111 ms in at most."""
WATCH: Ns = 200 * MS
NOTICED: Ns = 2 * S
"""So long after it happened a stumble may be told."""
LATE: Ns = 40 * MS
"""A sound that comes out later than promised by more than this is the device's fault."""


class Device(AudioPort, Protocol):
    """What the plug wants of a sound driver (``harness.audio.portaudio``, ``harness.audio.shifted``)."""

    @property
    def ahead(self) -> Ns: ...

    @property
    def stumbles(self) -> int: ...


class Sound:
    """In the place of ``harness.audio.memory``'s far end. ``latency``: the device's own, as it was opened."""

    def __init__(self, clock: Clock, device: Device, latency: Ns) -> None:
        self.output, self.input = latency + OUTPUT_MARGIN, latency + INPUT_MARGIN
        self._clock = clock
        self._device = device
        self._stumbles = device.stumbles
        self._busy: Ns = -NOTICED
        self._closed = False
        self._watch()

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """As ``AudioPort.play``, heard ``output`` later. RigFault when the device has fallen behind."""
        behind = self._clock.now() + self._device.ahead - (at + self.output)
        if behind > LATE:
            raise RigFault(f"the unit's sound device is {show_time(behind)} late with {name or 'a sound'} on {line}")
        self._busy = max(self._busy, at + self.output + span(len(samples)))
        return self._device.play(line, samples, at + self.output, name=name)

    def on_played(self, line: str, callback: Callable[[], None]) -> None:
        """No source is plugged in here: never."""

    def active(self, line: str, start: Ns, stop: Ns) -> bool:
        """Whether anything but digital silence came within the window."""
        return not self.heard(line, start, stop).silent

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """What came in [start, stop): the line's own sound of ``input`` earlier. Silence for what lies before this
        unit, and for what the device has not delivered yet. RigFault where it lost frames."""
        import numpy as np

        count = index_at(stop) - index_at(start)
        samples: NDArray[np.int16] = np.zeros(count, np.int16)
        low, high = max(start - self.input, 0), min(stop - self.input, self._device.seen_to())
        if high > low:
            self._busy = max(self._busy, self._clock.now())
            came = self._device.heard(line, low, high).samples
            first = (low - (start - self.input)) * RATE // S
            came = came[: max(count - first, 0)]
            samples[first : first + len(came)] = came
        return Capture(line, samples, Stamp.exact(start), not samples.any())

    def close(self) -> None:
        self._closed = True
        self._device.close()

    def _watch(self) -> None:
        if self._closed:
            return
        stumbles = self._device.stumbles
        if stumbles > self._stumbles and self._clock.now() < self._busy + NOTICED:
            raise RigFault("the unit's sound device lost frames while the unit spoke or listened")
        self._stumbles = stumbles
        self._clock.at(self._clock.now() + WATCH, self._watch, name="sound delivery")


def sooner(blueprint: Blueprint, output: Ns, input_: Ns) -> Blueprint:
    """The unit with the latencies of its sound device taken off its figures, as far as they go."""
    off: Mapping[str, Ns] = {
        "chime_latency": output, "end_tone_latency": output, "playback_latency": output, "silence_end": input_,
    }  # fmt: skip
    figures = dict(blueprint.figures)
    for name, latency in off.items():
        figures[name] = max(figures[name] - latency, 0)
    return replace(blueprint, figures=figures)
