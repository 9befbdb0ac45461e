"""All loudspeaker lines of the car together, and the music on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import MEDIA, MICROPHONE, RATE, SPEAKERS
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.errors import NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging import music as tones
from harness.judging import queue, yields, zones
from harness.judging.observation import Observation, anchor
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FREQUENCY = 11_000.0
"""Of the tone that stands for music: above what messages, chimes and voices hold."""
LEVEL = -26.0
"""dBov, the level of the stored stimuli."""
LASTS = 90.0
"""Seconds; longer than any scenario that listens to it."""
SETTLES: Ns = 2 * S


def lines(world: World) -> tuple[str, ...]:
    """What this rig's sound has: an instrument that does not say has the lines of the port."""
    given: tuple[str, ...] = getattr(world.ports.audio, "lines", (MICROPHONE, *SPEAKERS))
    return given


def sentence(world: World, stimulus: str) -> NDArray[np.int16]:
    """A stored sentence at the rate that is judged at."""
    from harness.audio.rates import to_rate

    return to_rate(world.library.get(stimulus).samples, RATE, JUDGED_RATE)


class Loudspeakers:
    def __init__(self, world: World) -> None:
        self._world = world
        self._driver = world.vehicle.driver_zone

    def separate(self, stimulus: str, after: object) -> Observation:
        """How far below the driver's line the others stay while the message sounds. NotOffered where they are not
        wired to the rig."""
        others = tuple(line for line in SPEAKERS if line != self._driver)
        missing = sorted({self._driver, *others} - set(lines(self._world)))
        if missing and getattr(self._world.ports.audio, "offered", True):
            raise NotOffered(f"this rig does not hear {missing[0]}")
        reference = sentence(self._world, stimulus)
        return self._world.ask(zones.separation(stimulus, reference, self._driver, others, anchor(after)))

    def message_gives_way(self, stimulus: str, played_after: object, to: object) -> Observation:
        """Latency until a message that began after one instant is silenced by what happens at the other."""
        found = yields.gives_way(
            stimulus, sentence(self._world, stimulus), self._driver, anchor(played_after), anchor(to)
        )
        return self._world.ask(found)

    def play_in_order(self, *stimuli: str, after: object) -> Observation:
        """How many of these messages, named as they were sent, have begun before their predecessor by now."""
        references = {name: sentence(self._world, name) for name in stimuli}
        return self._world.ask(queue.in_order(references, self._driver, anchor(after), self._world.now()))

    def end_of(self, played: Observation) -> Stamp:
        """When a message that was heard is over."""
        return anchor(played).shifted(len(sentence(self._world, str(played.arguments["stimulus"]))) * S // JUDGED_RATE)


class Music:
    """A source in the car plays, and the unit brings it to the loudspeakers."""

    def __init__(self, world: World) -> None:
        self._world = world
        if MEDIA not in lines(world):
            raise NotOffered("this rig has no source of music (no line into the unit for it)")
        with world.step("music plays"):
            begin = self._source_plays()
            world.clock.run_until(begin + SETTLES)
            began, _ = world.captured(MEDIA, begin, begin + S)
            self._music = tones.Music(world.vehicle.driver_zone, FREQUENCY, world.now())
            if tones.levels_before(world.recorder, self._music).mean.value < LEVEL - 40:
                raise RigFault("the music is not heard on the driver's loudspeaker")
            world.did(Stimulus("music plays", began, world.now(), {"tone": FREQUENCY}))

    def ends(self) -> Stimulus:
        """The source stops in the middle of the piece."""
        world = self._world
        world.intends("the music ends")
        self._cut()
        return world.did(Stimulus("the music ends", world.now(), world.now()))

    def begins(self) -> Stimulus:
        """The source plays the next piece, as loud as the first one."""
        world = self._world
        world.intends("the music begins again")
        began = Stamp.exact(self._source_plays())
        return world.did(Stimulus("the music begins again", began, began, {"tone": FREQUENCY}))

    def _source_plays(self) -> Ns:
        from harness.audio.signals import sine

        begin = self._world.clock.now() + MS
        self._cut = self._world.ports.audio.play(MEDIA, sine(FREQUENCY, LASTS, LEVEL, RATE), begin, name="music")
        return begin

    def gives_way(self, start: object, stop: object) -> Observation:
        """By how much it is lowered between two instants."""
        return self._world.ask(tones.gives_way(self._music, anchor(start), anchor(stop)))

    def returns(self, after: object) -> Observation:
        """Latency until it is as loud as before, for good."""
        tolerance = self._world.catalogue["MSG-08"].limit("level_change").high or 0.0
        return self._world.ask(tones.returns(self._music, anchor(after), tolerance))

    def as_before(self, after: object) -> Observation:
        """By how much it differs from before, once the time to return is over."""
        limit = self._world.catalogue["MSG-08"].limit("latency").high or 0.0
        return self._world.ask(tones.changed(self._music, anchor(after).shifted(round(limit * S))))
