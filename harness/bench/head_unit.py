"""The head unit as it can be observed: what it says on the bus, plays, shows, and draws."""

from __future__ import annotations

from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, S
from harness.judging.observation import Observation, anchor
from harness.judging.pictures import code_there, free_of, shows
from harness.judging.signals import reaches, stays
from harness.judging.sounds import plays, silent_of
from harness.judging.views import codes_on

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


class Speaker:
    """The driver's loudspeaker."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._line = world.vehicle.driver_zone

    def plays(self, sound: str, after: object) -> Observation:
        return self._world.ask(plays(sound, self._line, anchor(after)))

    def plays_no(self, sound: str, after: object) -> Observation:
        return self._world.ask(silent_of(sound, self._line, anchor(after)))


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


class HeadUnit:
    """Everything a scenario can ask of the unit. It knows ports and roles, never what stands behind them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.app = State(world, "head_unit.app")
        self.session = State(world, "head_unit.session")
        self.audio = State(world, "head_unit.audio")
        self.speaker = Speaker(world)
        self.screen = Screen(world)

    def comes_to_rest(self, within: Ns = 10 * S) -> None:
        """Wait until messaging is idle again: between two samples of one scenario."""
        world = self._world
        role = world.vehicle.role("head_unit.app")
        last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now())
        if last is None or last.frame is None or role.read(last.frame.data) != "idle":
            world.judge.reached(reaches("head_unit.app", "idle", world.now()), within, "messaging comes to rest")
