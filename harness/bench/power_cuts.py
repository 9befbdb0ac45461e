"""KL30 is taken away at every moment of a story, each time in a world of its own, and what is left afterwards is read.

Theory. Virtual worlds of one case are the same to the byte, so the same story (a login, a message, a departure) can be
told again and again, and cut off a little later each time. People and the car go on with it: only the unit loses its
supply, for OFF, and starts again; where the driver leaves, it gets its supply back when the next one has sat down, so
that nothing but its own memory tells it what was going on. The network takes its time, so that a cut can fall between a
question and its answer. When the unit has had its time, three things are read: what it says, what the service says, and
whether the session, if there is one, can still be used. A cut leaves one of these:

- ``out``: unit and service say that nobody is logged in;
- ``whole``: both say that the driver is, and a message that is sent to him now is announced;
- ``half``: anything else.

What a driver has said is a message from the moment the unit said that it was sending it; a logout is under way from the
moment the unit said so, or, where a car does not let it say so, UNDER_WAY after the car's rule was met. Nothing is
written down of these worlds but their outcomes.
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
from harness.judging.cuts import (
    Cut,
    delivered_wrongly,
    half,
    kept_after_leaving,
    left_half,
    misdelivered,
    slowest_start,
    spacing,
    undone,
)
from harness.judging.observation import Observation
from harness.network.port import Link

STEP: Ns = 47 * MS
"""Below the 50 ms that are asked for, and no multiple of any cycle on the bus."""
OFF: Ns = 300 * MS
SETTLES: Ns = 15 * S
"""So long the unit may take from KL30 on until it says something that the service agrees with."""
STAYS: Ns = 3 * S
LOOK: Ns = 100 * MS
SENTENCE = "on_my_way.zh"
AFTER_STORY: Ns = 1500 * MS
LEFT_FOR: Ns = 5 * S
"""So long nobody is in the car; then the next driver sits down."""
DELAY: Ns = 100 * MS
"""Of the network, each way."""
UNDER_WAY: Ns = 1 * S


def login(world: World) -> Stamp | None:
    """Scan at once, confirm half a second later."""
    world.ports.network.link(Link(delay=DELAY))
    phone = world.ports.service.phone(DRIVER.account)
    phone.scan(HeadUnit(world).screen.code())
    world.wait(500 * MS)
    phone.confirm()
    world.wait(AFTER_STORY)
    return None


def message(world: World) -> Stamp | None:
    """Press, speak when the chime is over, press to send."""
    world.ports.network.link(Link(delay=DELAY))
    driver = Driver(world)
    press = driver.press("messaging")
    speech = world.library.get(SENTENCE)
    answers = world.catalogue["BTN-01"].limits["latency"].high or 0.0
    begin = press.began.t + round(answers * S) + world.sound_length("chime") + REACTION
    world.ports.audio.play(MICROPHONE, speech.samples, begin, name=SENTENCE)
    world.clock.run_until(begin + len(speech.samples) * S // RATE)
    driver.press("messaging")
    world.wait(AFTER_STORY)
    return None


def logout(world: World) -> Stamp | None:
    """The driver leaves by the car's rule; the instant at which it is met."""
    world.ports.network.link(Link(delay=DELAY))
    left = Car(world).happens("driver_leaves")
    world.wait(2 * S + AFTER_STORY)
    return left.began


@dataclass(frozen=True)
class Story:
    """``tell`` it in a world where the driver is ``logged_in`` or not yet; it answers when the driver has left, if he
    does. ``says`` is what the unit says on the bus when what is told is under way."""

    tell: Callable[[World], Stamp | None]
    logged_in: bool
    says: tuple[str, str]
    wrong: Callable[[Cut], bool] = half
    """What none of its cuts may leave, beside ``half``."""


STORIES: Mapping[str, Story] = {
    "login": Story(login, False, ("head_unit.session", "confirming")),
    "message": Story(message, True, ("head_unit.app", "sending"), misdelivered),
    "logout": Story(logout, True, ("head_unit.session", "leaving"), undone),
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
    """``another()`` opens one more world of this case that writes nothing. ``to_the_first``: the sweep ends with the
    first cut that must not be: its verdict stands, only how many there are of them is not known then."""

    def __init__(self, world: World, another: Callable[[], World], *, to_the_first: bool = False) -> None:
        self._world = world
        self._another = another
        self._to_the_first = to_the_first

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
        with world.step(f"KL30 is cut at every moment of a {name}"):
            cuts: list[Cut] = []
            for at in range(began, ended, STEP):
                cuts.append(self._cut(story, began, at))
                # two at least: they have a distance, which is judged too
                if self._to_the_first and len(cuts) > 1 and any(half(cut) or story.wrong(cut) for cut in cuts):
                    break
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
    said = [False]

    def cut() -> None:
        said[0] = _has_said(world, *story.says, at)
        supply.output(False)

    leaves = story.says[1] == "leaving"
    clock.at(at, cut, name="KL30 off")
    if not leaves:
        clock.at(at + OFF, lambda: supply.output(True), name="KL30 on")
    contact = world.ports.service.account(CONTACT.account)
    left_at = story.tell(world)
    clock.run_until(max(clock.now(), at + OFF))
    on = at + OFF
    if leaves:
        world.wait(LEFT_FOR)
        Car(world).happens("driver_returns")
        on = clock.now()
        supply.output(True)
    settled = _settles(world, on)
    left = _state(world, on)
    world.wait(STAYS)
    if _state(world, on) != left:
        left = "half"
    unsent = _unsent(world)
    delivered = sum(m.kind == "voice" and m.sender == DRIVER.account for m in contact.inbox())
    if left == "whole" and not _usable(world):
        left = "half"
    if leaves and left == "out" and _has_said(world, "head_unit.session", "active", clock.now(), since=on):
        left = "half"  # the next driver has seen a session that was not his, however short
    took = None if settled is None else (settled - on) / S
    if left_at is not None and story.says[0] not in world.vehicle.roles:
        said[0] = at >= left_at.late + UNDER_WAY
    return Cut(at, left, took, delivered, unsent, said[0])


def _has_said(world: World, name: str, state: str, at: Ns, since: Ns = 0) -> bool:
    """Whether the unit has said ``state`` from ``since`` to ``at``, on the bus or on its screen."""
    role = world.vehicle.roles.get(name)
    if role is None:
        shows = seen.STATES.get((name, state))
        return shows is not None and any(shows(world.recorder, p) for p in world.recorder.pictures(since, at))
    frames = world.recorder.frames(role.bus, role.message.key, since, at)
    return any(heard.frame is not None and role.read(heard.frame.data) == state for heard in frames)


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


def _settles(world: World, alive: Ns) -> Ns | None:
    """When unit and service first agree; None when they never do within SETTLES."""
    while world.clock.now() < alive + SETTLES:
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
