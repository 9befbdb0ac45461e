"""One case's world: the opened rig, its recording, the judge and the journal; people and things are built on it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.audio.port import RATE
from harness.audio.stimuli import Library
from harness.bench import private
from harness.bench.network_votes import last_vote, vote
from harness.bench.ports import Ports
from harness.bench.recorder import Recorder
from harness.bench.stimulus import Stimulus
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.journal import Journal
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Check
from harness.judging.judge import Judge
from harness.judging.observation import Observation
from harness.judging.requirements import Catalogue
from harness.judging.sounds import read_sound
from harness.judging.uncertainty import Origins
from harness.vehicle.role import ASLEEP, Role
from harness.vehicle.vehicle import Vehicle

ECHO_WITHIN: Ns = 1 * S
"""An overlay that is not seen on the wire within this time means the rig does not send: BLOCKED. A rig that may be late
gets ten times its lateness."""


class World:
    """Built fresh for each virtual case. ``touched`` names the roles worth drawing in the report."""

    def __init__(
        self,
        ports: Ports,
        catalogue: Catalogue,
        library: Library,
        journal: Journal,
        rng: random.Random,
        *,
        level: str = "virtual",
    ) -> None:
        self.level = level
        self.ports = ports
        self.clock: Clock = ports.clock
        self.vehicle: Vehicle = ports.vehicle
        self.catalogue = catalogue
        self.library = library
        self.journal = journal
        self.rng = rng
        self.recorder = Recorder(ports)
        private.follow(journal.pseudonyms, ports)
        self.origins = Origins(self.recorder.uncertainty)
        self.judge = Judge(self.clock, self.recorder, catalogue, self._check, self.origins)
        self.touched: dict[str, None] = {}
        self.marks: list[tuple[Ns, str]] = []
        self.secrets: list[tuple[str, ...]] = []
        """What checks look for and nothing may show; the journal names it by its place here."""
        self._seen: dict[Stamp, dict[str, Any]] = {}
        self._depth = 0
        self._announced = 0
        self.restbus = {name: ports.restbus(name, random.Random(rng.getrandbits(64))) for name in self.vehicle.buses}

    def secret(self, *texts: str) -> int:
        """The number by which checks name these texts; they are kept with the restricted recordings only."""
        if texts not in self.secrets:
            self.secrets.append(texts)
        return self.secrets.index(texts)

    # -- what is written down ------------------------------------------------------------------------------------
    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step a person would name; steps within it are shown below it."""
        self.journal.write("step", self.clock.now(), name=name, depth=self._depth)
        self._announced += 1
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def intends(self, what: str) -> None:
        """Write down what is about to be done, where no step says it: after a kill the journal names it."""
        self.journal.write("intent", self.clock.now(), what=what)
        self._announced += 1

    def did(self, stimulus: Stimulus) -> Stimulus:
        """Write down a stimulus with its instants. HarnessError when no step or intent of its own went before it."""
        if not self._announced:
            raise HarnessError(f"'{stimulus.what}' was done before it was written down; begin it in a step")
        self._announced -= 1
        arguments: dict[str, Any] = {k: v for k, v in stimulus.arguments.items() if v is not None}
        self.journal.write(
            "stimulus",
            self.clock.now(),
            what=stimulus.what,
            arguments=arguments,
            began=list(stimulus.began),
            ended=list(stimulus.ended),
            seen={end: self._seen.get(stamp) for end, stamp in (("began", stimulus.began), ("ended", stimulus.ended))},
        )
        self.judge.did(stimulus)
        self.marks.append((stimulus.began.t, stimulus.what))
        return stimulus

    def saw(self, stamp: Stamp, **where: Any) -> Stamp:
        """Remember in which recording an instant was read: a stimulus that has it as an end says so in the journal."""
        self._seen[stamp] = where
        self.origins.note(stamp, str(where["track"]))
        return stamp

    def ask(self, observation: Observation, **more: Any) -> Observation:
        """``more``: what else has to be known to ask this again, beside the observation's own arguments."""
        if more:
            observation.arguments = {**observation.arguments, **more}
        for role in observation.roles:
            if role in self.vehicle.roles:
                self.touched[role] = None
        return self.judge.asked(observation)

    def _check(self, check: Check) -> None:
        self.journal.write("check", self.clock.now(), **check.to_json())
        if check.measurement.refs:
            t = check.measurement.refs[0].get("t")
            if isinstance(t, int):
                self.marks.append((t, f"{check.requirement or 'step'}: {check.observation} {check.verdict}"))

    # -- time ----------------------------------------------------------------------------------------------------
    def wait(self, duration: Ns) -> None:
        self.clock.run_until(self.clock.now() + duration)

    def now(self) -> Stamp:
        """When something is done from here on: no sooner, and later by no more than the rig may be late."""
        now = self.clock.now()
        return Stamp(now, now, now + self.ports.lateness)

    # -- sound ---------------------------------------------------------------------------------------------------
    def sound_length(self, sound: str) -> Ns:
        """How long one of the car's own sounds lasts, in ns."""
        return len(read_sound(self.vehicle.sounds[sound])) * S // RATE

    def captured(self, line: str, start: Ns, stop: Ns) -> tuple[Stamp, Stamp]:
        """Where a stimulus of exactly this length lies in the captured channel. RigFault when the channel is silent."""
        capture = self.recorder.sound(line, start, stop)
        if capture.silent:
            raise RigFault(f"nothing of the stimulus was captured on {line}: the rig does not play")
        spread = capture.began.late - capture.began.t
        return self.saw(capture.began, track=f"audio/{line}", until=stop), Stamp.within(stop, spread)

    # -- the car's signals ---------------------------------------------------------------------------------------
    def drive(self, role_name: str, state: str | float) -> Role:
        """Overlay a role's signal on the rest-bus; takes effect with the next frame."""
        role = self.vehicle.role(role_name)
        if role.by_presence:
            vote(self, role, state)
            return role
        if role.signal is None:
            raise HarnessError(f"{role_name} has no signal to set")
        self.touched[role_name] = None
        raw = role.raw(state)
        self.restbus[role.bus].set(role.message.name, {role.signal.name: role.signal.to_physical(raw)})
        return role

    def pulse(self, role_name: str, state: str | float, back: str | float, hold: Ns) -> Role:
        """Overlay a role's signal for ``hold``, counted from its first frame."""
        role = self.vehicle.role(role_name)
        signal = role.signal
        if signal is None:
            raise HarnessError(f"{role_name} has no signal to set")
        self.touched[role_name] = None
        there, again = ({signal.name: signal.to_physical(role.raw(one))} for one in (state, back))
        self.restbus[role.bus].pulse(role.message.name, there, again, hold)
        return role

    def echo(self, role: Role, state: str | float, since: Ns) -> Stamp:
        """Let time pass until our own frame carrying ``state`` has been on the wire. RigFault when it never is."""
        if role.by_presence and state == ASLEEP:
            return last_vote(self)
        within = max(ECHO_WITHIN, 10 * self.ports.lateness)
        key, deadline = role.message.key, max(since, self.clock.now()) + within
        while True:
            for heard in self.recorder.frames(role.bus, key, since, deadline):
                if heard.own and heard.frame is not None and _same(role.read(heard.frame.data), state):
                    return self.saw(Stamp(*heard[:3]), track=f"can/{role.bus}", role=role.name, state=state)
            if self.clock.now() >= deadline:
                raise RigFault(
                    f"{role.message.name} carrying {role.name}={state} was not seen on {role.bus} "
                    f"within {show_time(within)}: the rig does not send"
                )
            self.clock.run_until(min(deadline, self.clock.now() + max(MS, (role.message.cycle or 10 * MS) // 4)))

    def close(self) -> None:
        self.recorder.close()
        for bus in self.restbus.values():
            bus.silence()
        self.ports.close()


def _same(read: object, wanted: str | float) -> bool:
    if isinstance(wanted, str) or not isinstance(read, int | float):
        return read == wanted
    return abs(float(read) - float(wanted)) <= 0.05
