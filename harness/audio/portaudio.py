"""Real sound by PortAudio: stimulus and loudspeaker in one capture stream, what is played in its own frames.

Theory. One full-duplex stream with one callback: input and output advance together, so the loop's delay is a number of
frames and constant, and every line is captured in the same stream, so the stimulus and the answer to it share one time
line. PortAudio's own time stamps are not used (across streams they were seen to be wrong by more than a second); the
instants at which callbacks ran are, see ``sample_clock``.

The callback copies a block into a preallocated ring, stamps it, adds up what is to be played, and does nothing else.
All mapping happens in the caller's thread. A sample once heard is never changed; an xrun makes a gap whose samples
are unknown, and hearing across one is the rig's fault. A stream that dies leaves the watermark where it was.

To be heard at an instant a sound must leave ``lead`` earlier. One that is asked for sooner goes out whole with the next
block; the capture shows when it was truly there.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.audio.calibration import Loop, found, measure
from harness.audio.port import MICROPHONE, RATE, SPEAKERS, Capture
from harness.audio.ring import Lost, Ring
from harness.audio.sample_clock import WINDOW, SampleClock
from harness.audio.samples import index_at, instant, span
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.uncertainty import CLOCK, SAMPLE, Share
from harness.foundation.units import MS, Ns, S, show_time

LINES: Mapping[str, int] = {line: channel for channel, line in enumerate((MICROPHONE, *SPEAKERS))}
"""Capture channel of each line: the stimulus first."""
UNMEASURED = RATE // 2
"""Frames a loop that was never measured is taken to last at most."""
PATIENCE_S = 10.0
"""Seconds a stream gets to open and to deliver its first window: without D-Bus a sound server hangs for ever."""
KEEP: Ns = 600 * S
GRACE: Ns = 10 * MS
"""On a wall clock "now" has passed when it is looked at: what is asked for within the last block means at once."""


_TRIES = 3
NICE = -15


@dataclass
class _Sound:
    channel: int
    first: int
    stop: int
    samples: NDArray[np.int16] = field(repr=False)


class PortAudio:
    """An ``AudioPort`` on real devices; it needs a wall clock.

    ``capture``, ``output``: device names or numbers of PortAudio's. ``lines``: capture channel of each line.
    ``plays``: output channel of each line this end plays (the rig MICROPHONE, a simulated unit SPEAKERS). ``loop``: as
    calibrated; without it nothing is subtracted and stamps are as wide as ``UNMEASURED``. ``latency`` in s, ``keep`` in
    ns, the ring in ``file`` instead of memory if given. RigFault when PortAudio or a device is missing or hangs.
    """

    stall: Ns = 1 * S

    def __init__(
        self,
        clock: Clock,
        capture: str | int,
        output: str | int,
        *,
        lines: Mapping[str, int] = LINES,
        plays: Mapping[str, int] | None = None,
        loop: Loop | None = None,
        latency: float = 0.1,
        blocksize: int = 480,
        keep: Ns = KEEP,
        file: Path | None = None,
    ) -> None:
        if clock.kind != "wall":
            raise HarnessError(f"PortAudio needs a wall clock, this one is {clock.kind}")
        self.name = f"{capture} / {output}"
        self.calibrated = ""
        """The day of the loop's calibration, YYYY-MM-DD; "" where it was measured on opening, or never."""
        self._xruns = 0
        self._clock = clock
        self._lines = dict(lines)
        self._plays = dict(plays if plays is not None else {MICROPHONE: 0})
        self._delay = loop.delay if loop else 0
        self._latency = round(latency * S)
        self._map = SampleClock(blocksize, loop.delay if loop else UNMEASURED)
        blocks = max(index_at(keep) // blocksize, 4 * WINDOW)
        self._ring = Ring(blocks * blocksize, max(self._lines.values()) + 1, file)
        self._stamps = np.zeros(blocks, np.int64)
        self._lost = np.zeros(blocks, np.bool_)
        self._blocks = self._consumed = 0
        self._blocksize = blocksize
        self._sounds: tuple[_Sound, ...] = ()
        self._mix = np.zeros((blocksize, max(self._plays.values(), default=0) + 1), np.int32)
        self._guard = threading.Lock()
        self._news = threading.Event()
        self._closed = self._asked = False
        self._stream = _opened(
            lambda: _stream((capture, output), self._ring_channels(), blocksize, latency, self._callback), self.name
        )
        try:
            self._settle(0)
        except RigFault:
            self.close()
            raise

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    @property
    def uncertainty(self) -> tuple[Share, ...]:
        """What the bounds of an instant on a line consist of: a sample, and how the device's clock was aligned."""
        loop = f"calibration of {self.calibrated}" if self.calibrated else "the loop as found on opening"
        if not self._delay:
            loop = "no loop was measured"
        return Share(SAMPLE, span(1)), Share(CLOCK, None, f"measured, {loop}")

    @property
    def ahead(self) -> Ns:
        """How long from now until that is heard which goes out next. It rises by a fragment with each one taken."""
        self._update()
        next_heard = self._map.stamp(self._ring.written + self._delay).t
        return max(next_heard - self._clock.now(), 0)

    @property
    def lead(self) -> Ns:
        """So long before an instant a sound has to be given to be heard at it: the way out, and a fragment in hand."""
        return self.ahead + self._latency

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """As ``AudioPort.play``; see ``lead``. HarnessError when closed, RigFault when the stream is dead."""
        now = self._clock.now()
        label = f"{name or 'sound'} on {line}"
        if self._closed:
            raise HarnessError(f"{label}: the sound devices {self.name} are closed")
        if line not in self._plays:
            raise HarnessError(f"{label}: this end plays only {', '.join(self._plays)}")
        if at < now - GRACE:
            raise HarnessError(f"{label}: to begin at {show_time(at)}, which has passed (now {show_time(now)})")
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise HarnessError(f"{label}: mono int16 samples wanted, not {samples.dtype} of shape {samples.shape}")
        self._asked = True
        silent = now - int(self._stamps[(self._blocks - 1) % len(self._stamps)])
        if silent > self.stall:
            raise RigFault(f"{label}: {self.name} has stopped, nothing has come for {show_time(silent)}")
        self._update()
        wanted = self._map.frame(index_at(at)) - self._delay
        with self._guard:
            written = self._ring.written
            first = max(wanted, written)
            sound = _Sound(self._plays[line], first, first + len(samples), samples)
            self._sounds = (*(s for s in self._sounds if s.stop > written), sound)

        def cut() -> None:
            with self._guard:
                sound.stop = max(sound.first, min(sound.stop, self._ring.written))

        return cut

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """As ``AudioPort.heard``. RigFault across an xrun, or for what the ring no longer holds."""
        if line not in self._lines:
            raise HarnessError(f"unknown audio line {line!r}; lines: {', '.join(self._lines)}")
        if not 0 <= start <= stop:
            raise HarnessError(f"{line}: the window {start}..{stop} ns is not one")
        if stop > self.seen_to() + 1:
            raise HarnessError(f"{line}: asked up to {show_time(stop)}, but seen only to {show_time(self.seen_to())}")
        self._asked = True
        first, last = index_at(start), index_at(stop)
        gap = self._map.gap_within(first, last)
        if gap is not None:
            at = f"{show_time(instant(gap.start).t)} to {show_time(instant(gap.stop).t)}"
            raise RigFault(
                f"{line}: the sound from {at} is unknown: {self.name} lost or held back frames ({self.xruns} xruns and "
                f"{self.slips} slips so far). Close what loads the computer, or raise the latency."
            )
        low, high = self._map.frame(first), self._map.frame(last)
        try:
            samples = self._ring.read(self._lines[line], low, high)
        except Lost as why:
            raise RigFault(f"{line}: {show_time(start)} is no longer kept ({why}); raise 'keep'") from why
        samples.flags.writeable = False
        return Capture(line, samples, self._map.stamp(low), not samples.any())

    def active(self, line: str, start: Ns, stop: Ns) -> bool:
        """Whether anything but digital silence was on ``line`` within [start, stop), as far as it has been seen."""
        stop = min(stop, self.seen_to())
        return stop > start and not self.heard(line, start, stop).silent

    def seen_to(self) -> Ns:
        self._update()
        return max(instant(self._map.seen).t - 1, 0)

    def measure_loop(self, line: str = MICROPHONE, bursts: int = 3) -> Loop:
        """The loop's delay from the output back into ``line``. RigFault when it is open or not constant."""
        return measure(lambda sent: self._once(line, sent), bursts)

    def adopt(self, loop: Loop) -> None:
        """Take this loop from now on. HarnessError once something was heard: what was mapped stays mapped."""
        if self._asked:
            raise HarnessError(f"{self.name}: the loop is set before anything is heard or played")
        self._delay = loop.delay
        self._map = SampleClock(self._blocksize, loop.delay)
        self._xruns = 0  # told again with the blocks
        self._consumed = max(self._blocks - len(self._stamps) // 2, 0)
        self._settle(0)

    @property
    def residual(self) -> Ns:
        """Spread of the prompt callbacks about their line."""
        return self._map.residual

    @property
    def xruns(self) -> int:
        """Blocks before which PortAudio says that it lost or made up samples."""
        self._update()
        return self._xruns

    @property
    def slips(self) -> int:
        """Times the sound came later from then on, without PortAudio telling of an xrun. Each makes a gap."""
        self._update()
        return self._map.slips

    @property
    def stumbles(self) -> int:
        """Xruns and slips so far: after one, what goes out may be heard later than the measured loop says."""
        self._update()
        return self._xruns + self._map.slips

    @property
    def alive(self) -> bool:
        """Whether blocks are coming."""
        newest = int(self._stamps[(self._blocks - 1) % len(self._stamps)])
        return not self._closed and self._clock.now() - newest <= self.stall

    @property
    def ppm(self) -> float:
        """Drift of the device against the bench clock, parts per million."""
        return self._map.ppm

    def close(self) -> None:
        """End the stream; what was heard stays readable. Twice is harmless."""
        if self._closed:
            return
        self._closed = True
        _opened(lambda: self._stream.close(ignore_errors=True), self.name)
        self._update()

    def _once(self, line: str, sent: NDArray[np.int16]) -> Loop:
        """One burst, and again where frames were lost meanwhile: a stream may stumble while it settles."""
        for _ in range(_TRIES):
            with self._guard:
                first = self._ring.written + self._blocksize
                self._sounds = (*self._sounds, _Sound(self._plays[line], first, first + len(sent), sent))
            end = first + len(sent) + UNMEASURED
            self._settle(end)
            if not any(first <= gap.frame <= end for gap in self._map.gaps):
                return found(sent, self._ring.read(self._lines[line], first, end))
        raise RigFault(f"{self.name} loses frames whenever its loop is measured; try again on a quieter computer")

    def _settle(self, frames: int) -> None:
        """Wait until so many frames have come and the newest can be placed; RigFault when they do not."""
        for _ in range(int(PATIENCE_S * RATE / self._blocksize)):
            self._update()
            if self._map.ready and self._ring.written >= frames:
                return
            self._news.clear()
            if not self._news.wait(PATIENCE_S / 5):
                break
        raise RigFault(f"{self.name} delivers no sound ({self._ring.written} frames so far, {self.xruns} xruns)")

    def _update(self) -> None:
        """Place the blocks that came since. In the caller's thread."""
        until, kept = self._blocks, len(self._stamps)
        skipped = until - self._consumed >= kept
        if skipped:  # nobody has looked for so long that the instants of the oldest blocks are overwritten
            self._consumed = until - kept // 2
        for k in range(self._consumed, until):
            place = k % kept
            lost, skipped = bool(self._lost[place]) or skipped, False
            self._xruns += lost
            self._map.block((k + 1) * self._blocksize, int(self._stamps[place]), lost)
        self._consumed = until

    def _ring_channels(self) -> tuple[int, int]:
        return max(self._lines.values()) + 1, self._mix.shape[1]

    def _callback(self, given: Any, wanted: Any, frames: int, _time: object, status: Any) -> None:
        now = self._clock.now()
        place = self._blocks % len(self._stamps)
        self._stamps[place] = now
        self._lost[place] = bool(status) and not status.priming_output
        with self._guard:
            start = self._ring.written
            self._mix.fill(0)
            for sound in self._sounds:
                low, high = max(start, sound.first), min(start + frames, sound.stop)
                if low < high:
                    part = sound.samples[low - sound.first : high - sound.first]
                    self._mix[low - start : high - start, sound.channel] += part
            np.clip(self._mix, -32768, 32767, out=self._mix)
            wanted[:] = self._mix
            self._ring.write(given)
        self._blocks += 1
        self._news.set()


def _stream(
    devices: tuple[str | int, str | int],
    channels: tuple[int, int],
    blocksize: int,
    latency: float,
    callback: Callable[[Any, Any, int, object, Any], None],
) -> Any:
    """A running duplex stream. RigFault naming what is missing."""
    try:
        import sounddevice  # type: ignore[import-untyped,unused-ignore]
    except ImportError as why:
        raise RigFault(f"sound needs the extra 'sound': pip install 'headunit-hil[sound]' ({why})") from why
    except OSError as why:  # the Python package is there, the library behind it is not
        raise RigFault(f"sound needs the PortAudio library: apt-get install libportaudio2 ({why})") from why
    try:
        stream = sounddevice.Stream(
            samplerate=RATE,
            blocksize=blocksize,
            dtype="int16",
            device=devices,
            channels=channels,
            latency=latency,
            callback=callback,
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as why:
        try:
            known = ", ".join(str(device["name"]) for device in sounddevice.query_devices()) or "none"
        except sounddevice.PortAudioError:
            known = "none"
        raise RigFault(f"sound devices {devices[0]} / {devices[1]} cannot be opened: {why}. Devices: {known}") from why
    return stream


def _first() -> None:
    """On Linux, where the user may: this thread and those that a stream opened in it makes (the callback's, the sound
    server's client) come before others. Not in real time: PortAudio's ALSA thread spins while it waits for that client,
    and two of them in real time were seen to stop a computer with two cores."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, NICE)


def _opened(work: Callable[[], Any], name: str) -> Any:
    """Do ``work`` in a thread of its own and give up on it after ``PATIENCE_S``: a call into a sound server that hangs
    cannot be interrupted. RigFault then."""
    result: list[Any] = []
    fault: list[BaseException] = []

    def run() -> None:
        _first()
        try:
            result.append(work())
        except BaseException as why:  # noqa: BLE001 - raised again in the caller's thread
            fault.append(why)

    thread = threading.Thread(target=run, name=f"opening {name}", daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    if fault:
        raise fault[0]
    if not result:
        raise RigFault(f"the sound server behind {name} hangs; is D-Bus running? Start it anew: hil sound down, up")
    return result[0]
