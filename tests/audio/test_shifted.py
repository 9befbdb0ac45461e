"""One stream, several time lines: what a case sees of a port that outlives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.audio.memory import MemoryAudio, pair
from harness.audio.port import MICROPHONE, RATE, Capture
from harness.audio.shifted import Shifted
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns, S

OFFSET: Ns = 5 * S


class Counted:
    """The rig's end of memory lines that counts stumbles, as a stream does."""

    def __init__(self, port: MemoryAudio) -> None:
        self._port = port
        self.stumbles = 0
        self.closed = False

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        return self._port.play(line, samples, at, name=name)

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        return self._port.heard(line, start, stop)

    def seen_to(self) -> Ns:
        return self._port.seen_to()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def stream(clock: VirtualClock) -> Counted:
    return Counted(pair(clock)[0])


def share(stream: Counted, offset: Ns = OFFSET, **more: Any) -> Shifted:
    return Shifted(cast("Any", stream), offset, **more)


SOUND = np.random.default_rng(1).integers(-8000, 8000, RATE // 10, np.int16)


def test_instants_are_those_of_the_case(clock: VirtualClock, stream: Counted) -> None:
    clock.run_until(OFFSET)
    case = share(stream)
    case.play(MICROPHONE, SOUND, 1 * S)
    clock.run_until(OFFSET + 2 * S)
    assert case.seen_to() == 2 * S
    capture = case.heard(MICROPHONE, 1 * S, 1100 * MS)
    assert np.array_equal(capture.samples, SOUND)
    assert capture.began.t == 1 * S


def test_before_the_stream_began_there_is_nothing_and_the_capture_says_so(
    clock: VirtualClock, stream: Counted
) -> None:
    clock.run_until(1 * S)
    capture = share(stream, -2 * S).heard(MICROPHONE, 1 * S, 3 * S)
    assert (capture.began.t, len(capture.samples)) == (2 * S, RATE)


def test_what_a_case_plays_ends_with_it_and_the_stream_goes_on(clock: VirtualClock, stream: Counted) -> None:
    first = share(stream, 0)
    first.play(MICROPHONE, SOUND, 0)
    clock.run_until(50 * MS)
    first.close()
    first.close()
    clock.run_until(1 * S)
    assert not stream.closed
    assert not first.heard(MICROPHONE, 0, 50 * MS).silent
    assert first.heard(MICROPHONE, 50 * MS, 1 * S).silent
    with pytest.raises(HarnessError, match="closed"):
        first.play(MICROPHONE, SOUND, 2 * S)


def test_after_lost_frames_a_case_plays_nothing_more_and_the_next_does(clock: VirtualClock, stream: Counted) -> None:
    case = share(stream, 0)
    stream.stumbles = 1
    with pytest.raises(RigFault, match="not known"):
        case.play(MICROPHONE, SOUND, 1 * S, name="hello")
    share(stream, 0).play(MICROPHONE, SOUND, 1 * S)


def test_who_holds_the_stream_for_one_case_only_closes_it_with_the_case(stream: Counted) -> None:
    share(stream, 0, then=stream.close).close()
    assert stream.closed
