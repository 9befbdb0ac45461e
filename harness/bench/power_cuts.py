"""KL30 is taken away at every moment of a story, each time in a world of its own, and what is left afterwards is read.

Theory. Virtual worlds of one case are the same to the byte, so the same story (a login, a message, a departure) can be
told again and again, and cut off a little later each time. People and the car go on with it: only the unit loses its
supply, for OFF, and starts again. When it has had its time, three things are read: what the unit says, what the service
says, and whether the session, if there is one, can still be used. A cut leaves one of these:

- ``out``: unit and service say that nobody is logged in;
- ``whole``: both say that the driver is, and a message that is sent to him now is announced;
- ``half``: anything else.

What a driver has said is a message from the moment the unit said that it was sending it. Nothing is written down of
these worlds but their outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.audio.port import MICROPHONE, RATE
from harness.bench import told
from harness.bench.car import Car
from harness.bench.driver import REACTION, Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.people import CONTACT, DRIVER
from harness.bench.phones import Contact, Phone
from harness.bench.routines import boots
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.diag.client import open_tester
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging import seen
from harness.judging.cuts import Cut, delivered_wrongly, kept_after_leaving, left_half, slowest_start, spacing
from harness.judging.observation import Observation

STEP: Ns = 47 * MS
"""Below the 50 ms that are asked for, and no multiple of any cycle on the bus."""
OFF: Ns = 300 * MS
SETTLES: Ns = 15 * S
"""So long the unit may take from KL30 on until it says something that the service agrees with."""
STAYS: Ns = 3 * S
LOOK: Ns = 100 * MS
SENTENCE = "on_my_way.zh"
AFTER_STORY: Ns = 1500 * MS
LEFT_FOR: Ns = 12 * S
"""A driver who has left stays away for so long."""


def login(world: World) -> None:
    """Scan at once, confirm half a second later."""
    phone = world.ports.service.phone(DRIVER.account)
    phone.scan(HeadUnit(world).screen.code())
    world.wait(500 * MS)
    phone.confirm()
    world.wait(AFTER_STORY)


def message(world: World) -> None:
    """Press, speak when the chime is over, press to send."""
    driver = Driver(world)
    press = driver.press("messaging")
    speech = world.library.get(SENTENCE)
    answers = world.catalogue["BTN-01"].limits["latency"].high or 0.0
    begin = press.began.t + round(answers * S) + world.sound_length("chime") + REACTION
    world.ports.audio.play(MICROPHONE, speech.samples, begin, name=SENTENCE)
    world.clock.run_until(begin + len(speech.samples) * S // RATE)
    driver.press("messaging")
    world.wait(AFTER_STORY)


def logout(world: World) -> None:
    """The driver leaves by the car's rule."""
    Car(world).happens("driver_leaves")
    world.wait(2 * S + AFTER_STORY)


@dataclass(frozen=True)
class Story:
    """``before`` brings the world to where the story begins."""

    tell: Callable[[World], None]
    logged_in: bool
    leaves: bool = False


STORIES: Mapping[str, Story] = {
    "login": Story(login, logged_in=False),
    "message": Story(message, logged_in=True),
    "logout": Story(logout, logged_in=True, leaves=True),
}


@dataclass(frozen=True)
class Outcomes(Stimulus):
    """All cuts of one story; each question is about all of them."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    cuts: tuple[Cut, ...] = field(repr=False, default=())

    def are_close_together(self) -> Observation:
        return self.world.ask(spacing(self.cuts, self.began, self.ended))

    def leave_nothing_half(self) -> Observation:
        return self.world.ask(left_half(self.cuts, self.began, self.ended))

    def are_settled_in_time(self) -> Observation:
        return self.world.ask(slowest_start(self.cuts, self.began, self.ended))

    def deliver_once_or_say_so(self) -> Observation:
        return self.world.ask(delivered_wrongly(self.cuts, self.began, self.ended))

    def leave_nobody_logged_in(self) -> Observation:
        return self.world.ask(kept_after_leaving(self.cuts, self.began, self.ended))


class PowerCuts:
    """``another()`` opens one more world of this case that writes nothing."""

    def __init__(self, world: World, another: Callable[[], World]) -> None:
        self._world = world
        self._another = another

    def over(self, name: str) -> Outcomes:
        """Tell the story ``name`` once without a cut, in the case's own world, then once for each cut."""
        if name not in STORIES:
            raise HarnessError(f"no story {name!r}; there are: {', '.join(STORIES)}")
        story, world = STORIES[name], self._world
        with world.step(f"a {name} without a cut"):
            _prepare(world, story)
            began = world.clock.now()
            story.tell(world)
            ended = world.clock.now()
        cuts = []
        with world.step(f"KL30 is cut at every moment of a {name}"):
            for at in range(began, ended, STEP):
                cuts.append(self._cut(story, began, at))
        found = Outcomes(f"{len(cuts)} cuts over a {name}", Stamp.exact(began), Stamp.exact(ended), {"cuts": len(cuts)},
                         world, tuple(cuts))  # fmt: skip
        for state in ("out", "whole", "half"):
            count = sum(cut.left == state for cut in cuts)
            world.journal.write("note", world.clock.now(), text=f"{name}: {count} of {len(cuts)} cuts leave {state}")
        world.did(found)
        return found

    def _cut(self, story: Story, began: Ns, at: Ns) -> Cut:
        world = self._another()
        try:
            _prepare(world, story)
            if world.clock.now() != began:
                raise HarnessError("two worlds of one case differ before anything was cut")
            return _outcome(world, story, at)
        finally:
            world.close()


def _prepare(world: World, story: Story) -> None:
    boots(world, Car(world))
    if story.logged_in:
        HeadUnit(world).logs_in(Phone(world, DRIVER.account))


def _outcome(world: World, story: Story, at: Ns) -> Cut:
    supply, clock = world.ports.supply, world.clock
    meant = [False]

    def cut() -> None:
        meant[0] = _said_sending(world, at)
        supply.output(False)

    clock.at(at, cut, name="KL30 off")
    clock.at(at + OFF, lambda: supply.output(True), name="KL30 on")
    contact = world.ports.service.account(CONTACT.account)
    story.tell(world)
    clock.run_until(max(clock.now(), at + OFF))
    powered = at + OFF
    if story.leaves:
        world.wait(LEFT_FOR)
        powered = clock.now()
        Car(world).happens("driver_returns")
    settled = _settles(world, powered, at + OFF)
    left = _state(world, at + OFF)
    world.wait(STAYS)
    if _state(world, at + OFF) != left:
        left = "half"
    unsent = _unsent(world)
    delivered = sum(m.kind == "voice" and m.sender == DRIVER.account for m in contact.inbox())
    if left == "whole" and not _usable(world):
        left = "half"
    took = None if settled is None else (settled - powered) / S
    return Cut(at, left, took, delivered, unsent, meant[0])


def _said_sending(world: World, at: Ns) -> bool:
    """Whether the unit has said before ``at`` that it sends, on the bus or on its screen."""
    role = world.vehicle.roles.get("head_unit.app")
    if role is None:
        shows = seen.STATES["head_unit.app", "sending"]
        return any(shows(world.recorder, picture) for picture in world.recorder.pictures(0, at))
    frames = world.recorder.frames(role.bus, role.message.key, 0, at)
    return any(heard.frame is not None and role.read(heard.frame.data) == "sending" for heard in frames)


def _state(world: World, alive: Ns) -> str:
    """out, whole or half, as unit and service say now; the unit has its supply since ``alive``."""
    sessions = world.ports.service.account(DRIVER.account).sessions()
    is_open = bool(sessions) and sessions[-1].what == "opened"
    if _says(world, "active", alive):
        return "whole" if is_open else "half"
    return "out" if not is_open and (_says(world, "logged_out", alive) or _says(world, "code_shown", alive)) else "half"


def _says(world: World, state: str, alive: Ns) -> bool:
    """What the unit says of the session now; what it said before it died is no word of it."""
    role = world.vehicle.roles.get("head_unit.session")
    if role is not None:
        last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now() + 1)
        if last is None or last.t < alive:
            return False
    return told.is_now(world, "head_unit.session", state)


def _settles(world: World, since: Ns, alive: Ns) -> Ns | None:
    """When unit and service first agree; None when they never do within SETTLES."""
    while world.clock.now() < since + SETTLES:
        if _state(world, alive) != "half":
            return world.clock.now()
        world.wait(LOOK)
    return None


def _usable(world: World) -> bool:
    """A message to the driver is announced."""
    Contact(world, CONTACT.account, DRIVER.account).sends("text", "hello")
    end = world.clock.now() + STAYS
    while world.clock.now() < end:
        if told.is_now(world, "head_unit.app", "prompt"):
            return True
        world.wait(LOOK)
    return False


def _unsent(world: World) -> int | None:
    """How many messages the unit reports as not sent; None where the car's diagnostics do not say."""
    number = world.vehicle.diagnostics.dids.get("unsent")
    if number is None:
        return None
    tester: Any = open_tester(world.vehicle, world.clock, world.ports.can[world.vehicle.diagnostics.bus])
    try:
        answer = tester.read(number)
    finally:
        tester.close()
    return answer[0] if answer else None
