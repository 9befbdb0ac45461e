"""PortAudio on null sinks: the audio contract, bit-exactness over seconds, a constant delay.

The contract's sounds are asked for 10 to 20 ms ahead; a real loop has a longer way out. So both ends are seen through
``Led``, whose time line lies by one lead in the past of the drivers': what is asked for at an instant is played and
heard one lead later. Stamps stay as narrow as the driver gives them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate

from harness.audio.port import MICROPHONE, RATE, SPEAKERS, Capture
from harness.audio.portaudio import PortAudio
from harness.contracts.audio import AudioContract, AudioEnds, noise
from harness.foundation.clock import Clock, WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S
from harness.rig import sinks as sound
from harness.rig.drivers_sound import SoundSettings, open_sound
from harness.rig.sinks import UNIT_OUT

pytestmark = pytest.mark.slow

LEAD: Ns = 400 * MS
UNIT = {line: channel for channel, line in enumerate(SPEAKERS)}


def why_not() -> str:
    absent = sound.missing()
    if absent:
        return f"no {', '.join(absent)}: apt-get install {sound.PACKAGES}"
    # not imported here: PortAudio looks for devices when it is loaded, and the sinks are not up yet
    if find_spec("sounddevice") is None or find_library("portaudio") is None:
        return "no PortAudio: pip install sounddevice, apt-get install libportaudio2"
    return ""


@pytest.fixture(scope="module")
def sinks() -> Iterator[Path]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    # not pytest's own folder: its path may be too long for a socket
    with tempfile.TemporaryDirectory(prefix="hil-sound-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        sound.start(place)
        yield place
        sound.stop(place)


class Led:
    """An ``AudioPort`` seen one lead earlier."""

    def __init__(self, clock: Clock, port: PortAudio) -> None:
        self.clock, self.port = clock, port

    def play(self, line: str, samples: np.ndarray, at: Ns, *, name: str = "") -> Callable[[], None]:
        # what is past here and now stays past: the driver itself has to refuse it
        return self.port.play(line, samples, at if at < self.clock.now() - 30 * MS else at + LEAD, name=name)

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        capture = self.port.heard(line, start + LEAD, stop + LEAD)
        return Capture(line, capture.samples, capture.began.shifted(-LEAD), capture.silent)

    def seen_to(self) -> Ns:
        return self.port.seen_to() - LEAD

    def close(self) -> None:
        self.port.close()


@pytest.fixture(scope="module")
def opened(sinks: Path) -> Iterator[list[AudioEnds]]:
    held: list[AudioEnds] = []
    yield held
    for ends in held:
        ends.port.close()
        ends.far.close()


@pytest.fixture
def ends(sinks: Path, opened: list[AudioEnds], request: pytest.FixtureRequest) -> AudioEnds:
    if not opened:
        clock = WallClock()
        settings = SoundSettings(sinks=str(sinks))
        rig = open_sound(clock, settings)
        opened.append(AudioEnds(clock, Led(clock, rig), Led(clock, open_sound(clock, settings, UNIT_OUT, UNIT))))
    if "closing" in request.node.name:
        return opened.pop()
    return opened[0]


class TestPortAudio(AudioContract):
    def test_every_line_comes_back_to_the_bit_and_where_it_was_asked_for(self, ends: AudioEnds) -> None:
        rig, unit, clock = ends.port.port, ends.far.port, ends.clock
        sounds = {line: noise(3 * RATE, k, 8000) for k, line in enumerate((MICROPHONE, *SPEAKERS))}
        at = clock.now() + LEAD
        for line, samples in sounds.items():
            (rig if line == MICROPHONE else unit).play(line, samples, at)
        while rig.seen_to() < at + 4 * S:
            clock.run_until(clock.now() + 50 * MS)
        for line, samples in sounds.items():
            heard = rig.heard(line, at - 100 * MS, at + 4 * S).samples
            first = int(np.flatnonzero(heard == samples[np.flatnonzero(samples)[0]])[0])
            place = next(
                p for p in range(max(first - 200, 0), first + 9600) if np.array_equal(heard[p : p + 50], samples[:50])
            )
            assert np.array_equal(heard[place : place + len(samples)], samples), line
            assert abs(place / RATE - 0.100) < 0.040, line
        assert rig.slips == rig.xruns == 0

    def test_a_sound_asked_for_too_soon_goes_out_whole(self, ends: AudioEnds) -> None:
        port, clock = ends.port.port, ends.clock
        sent = noise(RATE // 10, 7)
        at = clock.now()
        port.play(MICROPHONE, sent, at)
        while port.seen_to() < at + S:
            clock.run_until(clock.now() + 50 * MS)
        heard = port.heard(MICROPHONE, at, at + S).samples.astype(float)
        scores = correlate(heard, sent.astype(float), "valid", "fft")
        place = int(np.argmax(scores))
        assert np.array_equal(heard[place : place + len(sent)], sent)
        assert place > 0

    def test_a_stream_that_starved_leaves_a_gap_that_is_the_rigs_fault(self, ends: AudioEnds) -> None:
        """The callback is held for half a second; PipeWire's devices tell of no xrun, the clock of the samples does."""
        port, clock = ends.port.port, ends.clock
        clock.run_until(clock.now() + 3 * S)
        starved = clock.now()
        with port._guard:
            clock.run_until(starved + S // 2)
        clock.run_until(clock.now() + 3 * S)
        assert port.xruns + port.slips > 0
        with pytest.raises(RigFault, match="unknown"):
            port.heard(MICROPHONE, starved, starved + S // 2)
        assert len(port.heard(MICROPHONE, clock.now() - S, clock.now() - S // 2).samples) == pytest.approx(
            RATE // 2, abs=50
        )

    def test_an_unknown_device_is_named_with_those_there_are(self, ends: AudioEnds) -> None:
        with pytest.raises(RigFault, match="hil_capture"):
            PortAudio(ends.clock, "no such thing", "hil_mic")

    def test_closing_the_server_stops_the_watermark(self, ends: AudioEnds) -> None:
        """Last: ends the devices under the driver's feet by aborting its stream; nothing more comes."""
        port, clock = ends.port.port, ends.clock
        port._stream.abort()
        clock.run_until(clock.now() + 300 * MS)
        seen = port.seen_to()
        clock.run_until(clock.now() + port.stall)
        assert port.seen_to() == seen
        assert clock.now() - seen > port.stall
        with pytest.raises(RigFault, match="has stopped"):
            port.play(MICROPHONE, noise(10, 8), clock.now())
        ends.port.close()
        ends.far.close()
