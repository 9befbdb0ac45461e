"""The head unit as it can be observed: what it says on the bus, plays, shows, and draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, S
from harness.judging.observation import Observation, anchor
from harness.judging.pictures import code_there, free_of, shows
from harness.judging.power import current_after
from harness.judging.signals import avoids, reaches, silent, stays
from harness.judging.sounds import plays, silent_of
from harness.judging.speech import identity, plays_speech
from harness.judging.views import codes_on
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODE_WITHIN: Ns = 30 * S


class State:
    """A state the unit reports on the bus, by role."""

    def __init__(self, world: World, role: str) -> None:
        self._world = world
        self._role = role

    def reaches(self, state: str, after: object) -> Observation:
        return self._world.ask(reaches(self._role, state, anchor(after)))

    def stays(self, state: str, after: object) -> Observation:
        return self._world.ask(stays(self._role, state, anchor(after)))

    def never_reaches(self, state: str, after: object) -> Observation:
        return self._world.ask(avoids(self._role, state, anchor(after)))


class Speaker:
    """The driver's loudspeaker."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._line = world.vehicle.driver_zone

    def plays(self, sound: str, after: object) -> Observation:
        return self._world.ask(plays(sound, self._line, anchor(after)))

    def plays_no(self, sound: str, after: object) -> Observation:
        return self._world.ask(silent_of(sound, self._line, anchor(after)))

    def plays_message(self, stimulus: str, after: object) -> Observation:
        """Latency until a stored sentence comes out."""
        return self._world.ask(plays_speech(stimulus, self._sentence(stimulus), self._line, anchor(after)))

    def message_is(self, stimulus: str, after: object) -> Observation:
        """Whether it is this sentence and none of the others of the library."""
        library = self._world.library
        spoken = {i: self._sentence(i) for i in library.ids() if library.entries[i].text}
        return self._world.ask(identity(stimulus, spoken, self._line, anchor(after)))

    def _sentence(self, stimulus: str) -> NDArray[np.int16]:
        from harness.audio.rates import to_rate

        return to_rate(self._world.library.get(stimulus).samples, RATE, JUDGED_RATE)


class Screen:
    def __init__(self, world: World) -> None:
        self._world = world

    def shows(self, view: str, after: object) -> Observation:
        return self._world.ask(shows(view, anchor(after)))

    def stays_free_of(self, *things: str, after: object) -> Observation:
        return self._world.ask(free_of(things, anchor(after)))

    def shows_a_code(self, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after)))

    def shows_another_code(self, than: str, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after), other_than=than))

    def shows_no_code(self, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after), gone=True))

    def code(self) -> str:
        """The text of the login code in front, as a phone's camera reads it; waits for one, as a person would."""
        world = self._world
        there = code_there(world.now())
        world.judge.reached(there, CODE_WITHIN, "a login code to scan")
        pictures = world.recorder.pictures(world.clock.now(), world.clock.now())
        texts = [code.text for code in codes_on(pictures[-1])] if pictures else []
        if not texts:
            raise HarnessError("the code went away in the moment it was read")
        return texts[0]


class NetworkManagement:
    """The unit's own vote to keep the bus awake."""

    def __init__(self, world: World) -> None:
        self._world = world

    def stays_silent(self, after: object) -> Observation:
        return self._world.ask(silent("network.head_unit", anchor(after)))


class Current:
    """What the unit draws from KL30."""

    def __init__(self, world: World) -> None:
        self._world = world

    def returns_to_sleep(self, after: object, settle: Ns = 10 * S) -> Observation:
        return self._world.ask(current_after(anchor(after), settle))


class HeadUnit:
    """Everything a scenario can ask of the unit. It knows ports and roles, never what stands behind them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.app = State(world, "head_unit.app")
        self.session = State(world, "head_unit.session")
        self.audio = State(world, "head_unit.audio")
        self.speaker = Speaker(world)
        self.screen = Screen(world)
        self.network_management = NetworkManagement(world)
        self.current = Current(world)

    def comes_to_rest(self, within: Ns = 10 * S) -> None:
        """Wait until messaging is idle again: between two samples of one scenario."""
        world = self._world
        role = world.vehicle.role("head_unit.app")
        last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now())
        if last is None or last.frame is None or role.read(last.frame.data) != "idle":
            world.judge.reached(reaches("head_unit.app", "idle", world.now()), within, "messaging comes to rest")
