"""The head unit as it can be observed: what it says on the bus, plays, shows, and draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.bench import private, told
from harness.bench.codes import Codes, codes_on_screen
from harness.bench.fingers import Presses
from harness.bench.loudspeaker import Quality
from harness.bench.loudspeakers import Loudspeakers
from harness.bench.network_management import NetworkManagement
from harness.bench.own_messages import OwnMessages
from harness.bench.phones import Phone
from harness.bench.secrets import Secrets
from harness.bench.stimulus import Stimulus
from harness.bench.tour import Tour, explore, open_view
from harness.bench.traces import Traces
from harness.bench.trouble_codes import TroubleCodes
from harness.bench.unread import Unread
from harness.bench.unsent import Unsent
from harness.bench.world import World
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging.absences import leaves, no_code
from harness.judging.accounts import session_is
from harness.judging.cameras import bears
from harness.judging.foreground import messaging_leaves
from harness.judging.judge import PrerequisiteFailed
from harness.judging.lists import characters
from harness.judging.observation import Observation, anchor
from harness.judging.pictures import code_there, differs, free_of, reads_through, shows
from harness.judging.power import current_after, falls_below
from harness.judging.presses import OF_ALL, by_sound, by_state
from harness.judging.sounds import plays, silent_of
from harness.judging.speech import identity, plays_speech, silent_of_speech
from harness.judging.stillness import motion
from harness.judging.views import codes_on
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODE_WITHIN: Ns = 30 * S
CODE_TRIES = 3
"""Who sees a code go away in the moment he holds up the phone waits for the next one."""
PROMPTS_WITHIN: Ns = 15 * S
SCREEN_RESTS: Ns = 500 * MS
"""The picture follows the state; somebody who waits for rest waits for both."""
LOGS_IN_WITHIN: Ns = 30 * S
ENDS_WITHIN: Ns = 15 * S
CONTENT_WATCH: Ns = 12 * S
LISTENS: Ns = 3 * S


class State:
    """A state of the unit, by role: reported on the bus or, where the car does not say it there, seen on the screen."""

    def __init__(self, world: World, role: str) -> None:
        self._world = world
        self._role = role

    def reaches(self, state: str, after: object) -> Observation:
        return self._world.ask(told.reaches(self._world.vehicle, self._role, state, anchor(after)))

    def stays(self, state: str, after: object) -> Observation:
        return self._world.ask(told.stays(self._world.vehicle, self._role, state, anchor(after)))

    def says(self, state: str, after: object) -> Observation:
        """Like ``reaches``, for a state that may have been there before (silence of the unit in between included)."""
        return self._world.ask(told.says(self._world.vehicle, self._role, state, anchor(after)))

    def never_reaches(self, state: str, after: object) -> Observation:
        return self._world.ask(told.avoids(self._world.vehicle, self._role, state, anchor(after)))

    # Of a row of presses that open and close in turn (harness/judging/presses.py).

    def answers(self, presses: Presses, state: str) -> tuple[Observation, ...]:
        """Whether each press was answered once, how slowly at worst, and whether the answers slow down."""
        source, witness = f"role/{self._role}", self._role
        found = by_state(self._role, state, presses.instants)
        return tuple(self._world.ask(ask(found, source, presses.instants, witness)) for ask in OF_ALL)


class Speaker:
    """The driver's loudspeaker."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._line = world.vehicle.driver_zone
        self.quality = Quality(world)

    def plays(self, sound: str, after: object) -> Observation:
        return self._world.ask(plays(sound, self._line, anchor(after)))

    def rings(self, after: object) -> Observation:
        """Latency until the sound of a call: the car's own, or its prompt where it has none."""
        return self.plays(self._ring, after)

    def rings_no_more(self, after: object) -> Observation:
        """The sound of a call does not begin any more."""
        return self.plays_no(self._ring, after)

    @property
    def _ring(self) -> str:
        return "ring" if "ring" in self._world.vehicle.sounds else "prompt"

    def answers(self, presses: Presses, sound: str) -> tuple[Observation, ...]:
        """As ``State.answers``, by the sound that each opening press is answered with."""
        found = by_sound(sound, self._line, presses.instants)
        return tuple(self._world.ask(ask(found, "audio", presses.instants, sound)) for ask in OF_ALL)

    def plays_no(self, sound: str, after: object) -> Observation:
        return self._world.ask(silent_of(sound, self._line, anchor(after)))

    def plays_message(self, stimulus: str, after: object) -> Observation:
        """Latency until a stored sentence comes out."""
        return self._world.ask(plays_speech(stimulus, self._sentence(stimulus), self._line, anchor(after)))

    def plays_no_message(self, stimulus: str, after: object) -> Observation:
        return self._world.ask(silent_of_speech(stimulus, self._sentence(stimulus), self._line, anchor(after)))

    def message_is(self, stimulus: str, after: object) -> Observation:
        """How like this sentence it is, among all sentences of the library (0: more like another)."""
        return self._identity(stimulus, after, "identity")

    def message_stands_out(self, stimulus: str, after: object) -> Observation:
        """By how much it is more like this sentence than like any other one."""
        return self._identity(stimulus, after, "identity_ratio")

    def _identity(self, stimulus: str, after: object, quantity: str) -> Observation:
        library = self._world.library
        spoken = {i: self._sentence(i) for i in library.ids() if library.entries[i].text}
        return self._world.ask(identity(stimulus, spoken, self._line, anchor(after), quantity))

    def _sentence(self, stimulus: str) -> NDArray[np.int16]:
        from harness.audio.rates import to_rate

        return to_rate(self._world.library.get(stimulus).samples, RATE, JUDGED_RATE)


class Screen:
    def __init__(self, world: World) -> None:
        self._world = world

    def shows(self, view: str, after: object) -> Observation:
        return self._world.ask(shows(view, anchor(after)))

    def stays_still(self, after: object) -> Observation:
        """The most pictures that came within a second, for as long as CALL-02 watches."""
        return self._world.ask(motion(anchor(after), self._world.catalogue["CALL-02"].watch or 0))

    def leaves_messaging(self, after: object) -> Observation:
        """Latency until none of messaging's views is in front any more."""
        return self._world.ask(messaging_leaves(anchor(after)))

    def stays_free_of(self, *things: str, after: object) -> Observation:
        return self._world.ask(free_of(things, anchor(after)))

    def shows_a_code(self, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after)))

    def shows_another_code(self, than: str, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after), other_than=than), secret=self._world.secret(than))

    def shows_no_code(self, after: object) -> Observation:
        return self._world.ask(code_there(anchor(after), gone=True))

    def stays_without_code(self, after: object) -> Observation:
        return self._world.ask(no_code(anchor(after)))

    def leaves(self, view: str, after: object) -> Observation:
        """How soon ``view``, which is in front, is not any more."""
        return self._world.ask(leaves(view, anchor(after)))

    def codes(self, count: int) -> Codes:
        """``count`` login codes, one after another."""
        return codes_on_screen(self._world, count)

    def differs_between(self, first: Stimulus, second: Stimulus) -> Observation:
        """How much of the screen differs after two messages that say different things."""
        return self._world.ask(differs(first.began, second.began, CONTENT_WATCH))

    def code_reads_through(self, camera: str) -> Observation:
        """Whether a phone's camera reads the code in front: blur, glare, tilt, half_brightness."""
        self.code()
        return self._world.ask(reads_through(camera, self._world.rng.getrandbits(32), self._world.now()))

    def code_bears(self, kind: str) -> Observation:
        """How far a camera's picture may be spoiled until the code in front is not read: blur, tilt, moire, low light,
        noise, dimming, glare."""
        self.code()
        return self._world.ask(bears(kind, self._world.rng.getrandbits(32), self._world.now()))

    def explored(self, depth: int) -> Tour:
        """Tap everything that reacts, ``depth`` taps deep (harness/bench/tour.py)."""
        return explore(self._world, depth)

    def opens(self, view: str, depth: int = 2) -> Stimulus:
        """Tap until ``view`` is in front."""
        return open_view(self._world, view, depth)

    def longest_string(self, after: object, watch: Ns = CONTENT_WATCH) -> Observation:
        """Characters of the longest string in ``watch`` ns, where all strings on the screen are strokes."""
        start = anchor(after)
        return self._world.ask(characters(start, start.shifted(watch)))

    def code(self) -> str:
        """The text of the login code in front, as a phone's camera reads it; waits for one, as a person would."""
        return self.code_in_front().text

    def code_in_front(self) -> ShownCode:
        """The login code in front and since when it has been there."""
        world = self._world
        for _ in range(CODE_TRIES):
            world.judge.reached(code_there(world.now()), CODE_WITHIN, "a login code to scan")
            pictures = world.recorder.pictures(0, world.clock.now())
            if pictures and (codes := codes_on(pictures[-1])):
                break
        else:
            raise PrerequisiteFailed("a login code to scan: each time it went away in the moment it was read")
        text, since = codes[0].text, pictures[-1].stamp
        world.journal.pseudonyms.learn([private.code(text)])
        for picture in reversed(pictures):
            if text not in [c.text for c in codes_on(picture)]:
                break
            since = picture.stamp
        return ShownCode("the code is shown", since, since, {}, text)


@dataclass(frozen=True)
class ShownCode(Stimulus):
    """A code on the screen; ``began`` is the picture that brought it."""

    text: str = field(default="", repr=False)


class Current:
    """What the unit draws from KL30."""

    def __init__(self, world: World) -> None:
        self._world = world

    def falls_to_sleep(self, after: object) -> Observation:
        """When the current is below PWR-03's sleep limit and stays there."""
        limit = self._world.catalogue["PWR-03"].limit("sleep_current")
        return self._world.ask(falls_below(limit.high or 0.0, anchor(after)))

    def stays_low(self, after: object, watch: Ns = 60 * S) -> Observation:
        """The highest current of the whole watch."""
        return self._world.ask(current_after(anchor(after), 0, watch))

    def returns_to_sleep(self, after: object, settle: Ns = 10 * S) -> Observation:
        return self._world.ask(current_after(anchor(after), settle))

    def at_work(self, after: object, watch: Ns = 10 * S) -> Observation:
        """The highest current of the watch, as what a running unit may draw."""
        return self._world.ask(current_after(anchor(after), 0, watch).measuring("active_current"))

    def standing_by(self, after: object, watch: Ns = 30 * S) -> Observation:
        """The highest current of the watch, as what a unit may draw that is awake for others only."""
        return self._world.ask(current_after(anchor(after), 0, watch).measuring("standby_current"))


class HeadUnit:
    """Everything a scenario can ask of the unit. It knows ports and roles, never what stands behind them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.app = State(world, "head_unit.app")
        self.session = State(world, "head_unit.session")
        self.audio = State(world, "head_unit.audio")
        self.cluster = State(world, "head_unit.cluster")
        self.navigation = State(world, "head_unit.navigation")
        self.speaker = Speaker(world)
        self.screen = Screen(world)
        self.network_management = NetworkManagement(world)
        self.current = Current(world)
        self.traces = Traces(world)
        self.trouble_codes = TroubleCodes(world)
        self.own_messages = OwnMessages(world)
        self.loudspeakers = Loudspeakers(world)
        self.unread = Unread(world)
        self.unsent = Unsent(world)

    # Steps on the way: they wait as a person would, and a unit that does not get there fails as a prerequisite.

    def comes_to_rest(self, after: object = None, within: Ns = 30 * S) -> Stamp:
        """Wait until messaging is idle again (after it has left idle, where ``after`` is given); the instant then."""
        world = self._world
        if after is not None:
            rest = told.reaches(world.vehicle, "head_unit.app", "idle", anchor(after))
            world.judge.reached(rest, within, "messaging comes to rest")
        elif not told.is_now(world, "head_unit.app", "idle"):
            rest = told.reaches(world.vehicle, "head_unit.app", "idle", world.now())
            world.judge.reached(rest, within, "messaging comes to rest")
        world.wait(SCREEN_RESTS)
        return world.now()

    def prompts(self, after: object) -> Observation:
        """Wait for the prompt of an incoming message, and let its sound end."""
        prompt = told.reaches(self._world.vehicle, "head_unit.app", "prompt", anchor(after))
        self._world.judge.reached(prompt, PROMPTS_WITHIN, "the head unit prompts")
        self._world.wait(1 * S)
        return prompt

    def is_rung(self, after: object) -> None:
        """Wait until a call can be heard, and let its first ring end."""
        self._world.judge.reached(self.speaker.rings(after), PROMPTS_WITHIN, "the head unit rings")
        self._world.wait(1 * S)

    def plays_for_a_while(self, after: object) -> None:
        """Wait until a message plays, and listen to its beginning."""
        app = told.reaches(self._world.vehicle, "head_unit.app", "playing", anchor(after))
        self._world.judge.reached(app, PROMPTS_WITHIN, "the head unit plays")
        self._world.wait(LISTENS)

    def hears_out(self, stimulus: str, after: object) -> Stamp:
        """Wait until a message has been heard to its end; the instant at which it was over."""
        message = self.speaker.plays_message(stimulus, after)
        return self.loudspeakers.end_of(self._world.judge.reached(message, PROMPTS_WITHIN, "the message is heard"))

    def sends(self, after: object) -> Observation:
        """Wait until the unit says that it is sending."""
        sending = told.reaches(self._world.vehicle, "head_unit.app", "sending", anchor(after))
        return self._world.judge.reached(sending, ENDS_WITHIN, "the head unit sends")

    def ends_recording(self, after: object) -> Observation:
        """Wait for the tone that ends the recording."""
        tone = plays("end_tone", self._world.vehicle.driver_zone, anchor(after))
        return self._world.judge.reached(tone, ENDS_WITHIN, "the end of the recording is announced")

    def logs_out(self, after: object) -> Observation:
        """Wait until the unit says that nobody is logged in."""
        out = told.reaches(self._world.vehicle, "head_unit.session", "logged_out", anchor(after))
        return self._world.judge.reached(out, ENDS_WITHIN, "the head unit logs out")

    def logs_in(self, phone: Phone) -> ShownCode:
        """Scan and confirm, until account and unit agree that the session is there and messaging rests."""
        world = self._world
        with world.step("the driver logs in"):
            code = self.screen.code_in_front()
            phone.scans(code.text)
            if phone.outcome != "accepted":
                raise PrerequisiteFailed(f"the code was not accepted: {phone.outcome}")
            confirmed = phone.confirms()
            opened = session_is(phone.account.name, "opened", confirmed.began)
            world.judge.reached(opened, LOGS_IN_WITHIN, "the service opens the session")
            if world.vehicle.has("head_unit.session | screen"):
                active = told.reaches(world.vehicle, "head_unit.session", "active", confirmed.began)
                world.judge.reached(active, LOGS_IN_WITHIN, "the head unit reports the session")
            world.wait(1 * S)
            self.comes_to_rest()
        return code

    def secrets(self, phone: Phone, code: ShownCode) -> Secrets:
        """What the login just made must keep to itself."""
        return Secrets(self._world, phone, code.text)
