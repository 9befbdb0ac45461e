"""Listen to a rig while somebody performs an action: nothing is sent, played or touched.

Theory. What is needed of a rig are its ears, and only those are asked for: the types below have no way to act. Sound
and pictures are fetched second by second, because a driver keeps them for a while only. The engineer marks begin and
end of each repetition; a stretch of rest before and after is recorded to compare with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from harness.audio.port import RATE, SPEAKERS, Capture
from harness.can.port import Heard, Listener
from harness.foundation.clock import Clock
from harness.foundation.errors import NotOffered, RigFault
from harness.foundation.units import MS, Ns, S
from harness.rig.learn_folder import Recording, Sound
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REST: Ns = 5 * S
"""How long everybody keeps still before and after."""
_STEP: Ns = 50 * MS


class HearsBus(Protocol):
    """A bus to listen to."""

    def listen(self, listener: Listener) -> Callable[[], None]: ...


class HearsSound(Protocol):
    """Lines to listen to."""

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture: ...

    def seen_to(self) -> Ns: ...


class SeesPictures(Protocol):
    """A screen to look at."""

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]: ...

    def seen_to(self) -> Ns: ...


Enters = Callable[[], Sequence[Ns | None]]
"""The instants at which Enter was pressed since it was last asked; None: no more actions."""


def listen(
    clock: Clock,
    can: Mapping[str, HearsBus],
    audio: HearsSound | None,
    screen: SeesPictures | None,
    enters: Enters,
    say: Callable[[str], None],
    action: str,
    rest: Ns = REST,
) -> Recording:
    """Record until ``enters`` says that there are no more actions. What cannot be recorded is said and left out."""
    ears = _Ears(audio, screen, say, clock.now())
    heard: dict[str, list[Heard]] = {bus: [] for bus in can}
    ends = [port.listen(heard[bus].append) for bus, port in can.items()]
    began = clock.now()
    try:
        say(f"keep still for {rest / S:g} s: this is what it looks like without the action")
        _pass(clock, rest, ears)
        say(f"now {action or 'the action'}: Enter, do it, Enter; wait some seconds between; 'q' and Enter when done")
        marks = _marks(clock, enters, ears, say)
        say(f"keep still for another {rest / S:g} s")
        _pass(clock, rest, ears)
    finally:
        for end in ends:
            end()
    ears.take(clock.now())
    windows = list(zip(marks[::2], marks[1::2], strict=False))
    return Recording((began, clock.now()), heard, ears.sounds(), ears.pictures, action, windows)


def _pass(clock: Clock, duration: Ns, ears: _Ears) -> None:
    until = clock.now() + duration
    while clock.now() < until:
        clock.run_until(min(until, clock.now() + 4 * _STEP))
        ears.take(clock.now())


def _marks(clock: Clock, enters: Enters, ears: _Ears, say: Callable[[str], None]) -> list[Ns]:
    marks: list[Ns] = []
    while True:
        for mark in enters():
            if mark is None:
                if len(marks) % 2:
                    say("the last repetition has no end and is left out")
                return marks[: len(marks) // 2 * 2]
            marks.append(mark)
            say(f"{(len(marks) + 1) // 2}: {'begins' if len(marks) % 2 else 'done'}")
        clock.run_until(clock.now() + _STEP)
        ears.take(clock.now())


class _Ears:
    """Fetches sound and pictures in whole seconds as they become available."""

    def __init__(
        self, audio: HearsSound | None, screen: SeesPictures | None, say: Callable[[str], None], began: Ns
    ) -> None:
        self.pictures: list[Picture] = []
        self._audio, self._screen, self._say = audio, screen, say
        self._began = self._heard_to = self._seen_to = began
        self._sounds: dict[str, list[NDArray[np.int16]]] = {line: [] for line in SPEAKERS}
        self._loud: set[str] = set()

    def take(self, now: Ns) -> None:
        try:
            self._hear(now)
        except (NotOffered, RigFault) as why:
            self._say(f"sound is not recorded: {why}")
            self._audio = None
        try:
            self._look(now)
        except (NotOffered, RigFault) as why:
            self._say(f"pictures are not recorded: {why}")
            self._screen = None

    def _hear(self, now: Ns) -> None:
        while self._audio is not None and (stop := self._heard_to + S) <= min(self._audio.seen_to(), now):
            for line in self._sounds:
                capture = self._audio.heard(line, self._heard_to, stop)
                self._sounds[line].append(capture.samples)
                if not capture.silent:
                    self._loud.add(line)
            self._heard_to = stop

    def _look(self, now: Ns) -> None:
        if self._screen is None or (stop := min(self._screen.seen_to(), now)) <= self._seen_to:
            return
        for picture in self._screen.frames(self._seen_to, stop):
            if not self.pictures or picture.stamp.t > self.pictures[-1].stamp.t:
                self.pictures.append(picture)
        self._seen_to = stop

    def sounds(self) -> dict[str, Sound]:
        """What was heard; lines that carried nothing at all are left out."""
        import numpy as np

        lines = [line for line in self._sounds if line in self._loud]
        return {line: Sound(np.concatenate(self._sounds[line]), RATE, self._began) for line in lines}
