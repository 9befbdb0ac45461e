"""Keywords for scenarios that read like a requirement: people, the car, the head unit, and what must be seen."""

from __future__ import annotations

from typing import Any, Literal

from robot.libraries.BuiltIn import BuiltIn

from harness import __version__
from harness.bench.driver import CHIME_WITHIN
from harness.bench.head_unit import ShownCode
from harness.bench.stimulus import Speech, Stimulus, Talk
from harness.bench.tour import Tour
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS
from harness.judging.observation import Observation
from harness.robot_listener import Bench, RobotCases
from harness.robot_values import After, Duration, Whose, duration, guarded

A_PRESS = Duration(120 * MS)


class robot_library:  # noqa: N801 - Robot finds a library's class by the name of its module
    """Scenarios about people, a car and its head unit, and what must be seen of it.

    = How a test works =
    Every test is a case of its own: a fresh rig, recorded from its first instant. The first keyword that needs the
    head unit boots it, unless the test begins with `Car Has Power`. `Driver Logs In` is a good test setup.

    What somebody does is returned with the instants ``began`` and ``ended`` as the recording shows them.
    ``after=${press}`` means its beginning; write ``after=${said.ended}`` where the end counts. Durations have a unit.

    Keywords with *Should* judge; a miss does not end the test. Limits and watch times are the requirement's.
    ``requirement=`` may be left out where the tags name exactly one; ``measuring=`` picks another of its limits.

    = Settings =
    ``--variable HIL_RIG:virtual``, ``HIL_VEHICLE`` (or several, with commas), ``HIL_SEED``, ``HIL_OUT``,
    ``HIL_PROJECT``, ``HIL_DEFECT``, ``HIL_VARIANT_SEED``, or environment variables of these names.
    """

    # One instance for the whole run, so that its files are read once; the listener renews what belongs to a test.
    ROBOT_LIBRARY_SCOPE = "GLOBAL"
    ROBOT_LIBRARY_VERSION = __version__
    ROBOT_LIBRARY_CONVERTERS = {Duration: duration}  # noqa: RUF012 - Robot's own interface

    def __init__(self) -> None:
        self._cases = self.ROBOT_LIBRARY_LISTENER = RobotCases()

    # -- the car -------------------------------------------------------------------------------------------------
    @guarded
    def car_has_power(self) -> Stimulus:
        """The battery is connected and the ignition off. For tests that start the car themselves; must come first."""
        bench = self._open
        if bench.awake:
            raise HarnessError("the car has its power already; 'Car Has Power' must be the first keyword of a test")
        bench.awake = True
        return bench.car.gets_power()

    @guarded
    def car_starts(self) -> Stimulus:
        """Ignition on. ``began`` is the instant of the wire."""
        return self._ready.car.starts()

    @guarded
    def car_stops(self) -> Stimulus:
        """Ignition off."""
        return self._ready.car.stops()

    @guarded
    def car_happens(self, event: str) -> Stimulus:
        """One of the events the car's data describe: ``driver_leaves``, ``drive_off``, ``engine_stop_start`` ...

        ``began`` is the step the car's data mark (the seat is left), ``ended`` the last step.
        """
        return self._ready.car.happens(event)

    @guarded
    def car_is(self, state: Literal["parked", "idling", "moving"]) -> Stimulus:
        """Bring the car into a driving state. ``idling`` stands with a gear engaged."""
        return self._ready.car.is_(state)

    @guarded
    def car_shows(self, role: str, state: str) -> Stimulus:
        """Set one signal of the car by its role (``door.driver``) and see it on the wire."""
        return self._ready.car.shows(role, state)

    @guarded
    def car_falls_asleep(self) -> Stimulus:
        """The car is left alone until its buses are quiet."""
        return self._ready.car.falls_asleep()

    @guarded
    def nothing_happens_for(self, duration: Duration) -> None:
        """Time passes."""
        self._ready.car.goes_on(duration.ns)

    @guarded
    def network_drops(self) -> Stimulus:
        """The head unit's link to the world goes down."""
        return self._ready.network.drops()

    @guarded
    def network_returns(self) -> Stimulus:
        """The link is there again."""
        return self._ready.network.returns()

    # -- what the requirement says, for this car -----------------------------------------------------------------
    @guarded
    def time_just_above(self, limit: str, of: str = "wheel.messaging") -> Duration:
        """The shortest time clearly above a limit such as ``BTN-02.long_press``, in whole cycles of the signal
        ``of``."""
        return Duration(self._open.car.just_outside(limit, of=of))

    @guarded
    def time_just_below(self, limit: str, of: str = "wheel.messaging") -> Duration:
        """The longest time clearly below a limit such as ``BTN-03.double_press_gap``."""
        return Duration(self._open.car.just_inside(limit, of=of))

    @guarded
    def longest_time(self, limit: str) -> Duration:
        """The upper side of a limit that is a time: ``MSG-03.longest_recording``."""
        return Duration(self._open.car.limit_ns(limit))

    @guarded
    def smallest_count(self, limit: str) -> int:
        """The lower side of a limit that counts: ``BTN-04.debounce_frames``, ``DRV-01.depth``."""
        return self._open.car.count(limit)

    # -- the driver ----------------------------------------------------------------------------------------------
    @guarded
    def driver_logs_in(self, whose: Whose = "driver") -> ShownCode:
        """Scan and confirm with a phone, until messaging is ready. Returns the code that was used."""
        return self._ready.head_unit.logs_in(self._ready.phones[whose])

    @guarded
    def driver_presses(self, button: str, hold: Duration = A_PRESS) -> Stimulus:
        """Press a wheel button and release it. ``began`` is the first frame that says pressed."""
        return self._ready.driver.press(button, hold.ns)

    @guarded
    def driver_long_presses(self, button: str, hold: Duration) -> Stimulus:
        """Press and hold; see `Time Just Above`."""
        return self._ready.driver.long_press(button, hold.ns)

    @guarded
    def driver_presses_briefly(self, button: str, frames: int) -> Stimulus:
        """The wheel says pressed in exactly so many frames."""
        return self._ready.driver.brief_press(button, frames)

    @guarded
    def driver_presses_twice(self, button: str, gap: Duration) -> Stimulus:
        """Two presses, ``gap`` from the first release to the second press. ``began`` is the second press."""
        return self._ready.driver.double_press(button, gap.ns)

    @guarded
    def driver_presses_in_bad_frames(self, button: str, fault: str) -> Stimulus:
        """A press while the wheel's message has a fault: ``wrong_checksum``, ``repeated_counter`` ..."""
        with self._ready.car.corrupted(f"wheel.{button}", fault):
            return self._ready.driver.press(button)

    @guarded
    def chime_after(self, after: After, sound: str = "chime") -> Observation:
        """Wait for a sound of the head unit, as a person would who is about to speak."""
        chime = self._ready.head_unit.speaker.plays(sound, after)
        return self._ready.world.judge.reached(chime, CHIME_WITHIN, f"the {sound} is heard")

    @guarded
    def driver_says(self, sentence: str, after: After) -> Speech:
        """Speak a sentence of the stimulus library (``on_my_way.zh``), a human reaction time after the chime's end."""
        return self._ready.driver.says(sentence, after)

    @guarded
    def driver_talks_on(self, sentence: str, after: After, until: Duration) -> Talk:
        """Repeat a sentence without a pause. ``listening`` is the instant the unit had announced to listen."""
        return self._ready.driver.talks_on(sentence, after, until.ns)

    # -- phones and people ---------------------------------------------------------------------------------------
    @guarded
    def code_in_front(self) -> ShownCode:
        """The login code on the screen, waited for as a person would; ``text`` is what a camera reads."""
        return self._ready.head_unit.screen.code_in_front()

    @guarded
    def phone_scans_the_code(self, code: ShownCode | None = None, whose: Whose = "driver") -> Stimulus:
        """Scan the code in front, or one that was seen before."""
        seen = code or self._ready.head_unit.screen.code_in_front()
        return self._ready.phones[whose].scans(seen.text)

    @guarded
    def phone_confirms(self, whose: Whose = "driver") -> Stimulus:
        """The person taps on confirm."""
        return self._ready.phones[whose].confirms()

    @guarded
    def phone_refuses(self, whose: Whose = "driver") -> Stimulus:
        """The person taps on refuse."""
        return self._ready.phones[whose].refuses()

    @guarded
    def phone_should_be_answered(self, whose: Whose = "driver", requirement: str = "") -> None:
        """Judge whether the last scan or tap was accepted, or refused, as the requirement has it."""
        self._cases.judge(requirement, "", self._ready.phones[whose].accepted())

    @guarded
    def account_session_should_open(self, after: After, whose: Whose = "driver", requirement: str = "") -> None:
        """The service, an independent witness, opens the session in time."""
        self._cases.judge(requirement, "", self._ready.phones[whose].account.session_opens(after))

    @guarded
    def account_session_should_close(self, after: After, whose: Whose = "driver", requirement: str = "") -> None:
        """The service closes the session in time."""
        self._cases.judge(requirement, "", self._ready.phones[whose].account.session_closes(after))

    @guarded
    def account_session_should_stay_open(self, after: After, whose: Whose = "driver", requirement: str = "") -> None:
        """The service keeps the session for as long as the requirement watches."""
        self._cases.judge(requirement, "", self._ready.phones[whose].account.session_stays_open(after))

    @guarded
    def contact_sends_voice(self, sentence: str) -> Stimulus:
        """The contact sends a voice message, one of the stimulus library."""
        return self._ready.contact.sends_voice(sentence)

    @guarded
    def contact_sends(self, kind: str, text: str) -> Stimulus:
        """The contact sends ``text``, ``picture``, ``red_envelope``, ``transfer``, ``link`` ..."""
        return self._ready.contact.sends(kind, text)

    @guarded
    def contact_should_receive_whole(self, said: Speech, requirement: str = "") -> None:
        """What was said arrives with its start and its end."""
        heard = self._ready.contact.inbox.message(after=said.ended)
        self._cases.judge(requirement, "", heard.onset_loss(said), heard.end_loss(said))

    @guarded
    def contact_should_understand(self, said: Speech, requirement: str = "") -> None:
        """What was said arrives clear: level, noise, gaps, intelligibility, clipping."""
        heard = self._ready.contact.inbox.message(after=said.ended)
        figures = (heard.level_change, heard.snr, heard.gaps, heard.stoi, heard.clipping)
        self._cases.judge(requirement, "", *(figure(said) for figure in figures))

    @guarded
    def contact_should_receive_a_message(self, after: After, requirement: str = "", measuring: str = "") -> None:
        """A voice message is there in time."""
        self._cases.judge(requirement, measuring, self._ready.contact.inbox.receives(after))

    @guarded
    def contact_should_receive_once(self, after: After, watch: Duration, requirement: str = "") -> None:
        """As many messages as the requirement asks for, counted for ``watch``."""
        self._cases.judge(requirement, "", self._ready.contact.inbox.count(after, watch.ns))

    @guarded
    def contact_should_receive_nothing(self, after: After, requirement: str = "") -> None:
        """No message arrives."""
        self._cases.judge(requirement, "", self._ready.contact.inbox.stays_empty(after))

    @guarded
    def head_unit_prompts(self, after: After) -> Observation:
        """Wait for the prompt of an incoming message, and let its sound end."""
        return self._ready.head_unit.prompts(after)

    @guarded
    def head_unit_ends_recording(self, after: After) -> Observation:
        """Wait for the tone that ends the recording."""
        return self._ready.head_unit.ends_recording(after)

    @guarded
    def head_unit_comes_to_rest(self, after: After | None = None) -> None:
        """Wait until messaging is idle again."""
        self._ready.head_unit.comes_to_rest(after)

    @guarded
    def head_unit_logs_out(self, after: After) -> Observation:
        """Wait until the unit says that nobody is logged in."""
        return self._ready.head_unit.logs_out(after)

    # -- the head unit: what must be seen ------------------------------------------------------------------------
    @guarded
    def head_unit_should_reach(self, state: str, after: After, requirement: str = "", measuring: str = "") -> None:
        """Messaging reports ``idle``, ``listening``, ``sending``, ``prompt`` or ``playing`` on the bus in time."""
        self._cases.judge(requirement, measuring, self._ready.head_unit.app.reaches(state, after))

    @guarded
    def head_unit_should_stay(self, state: str, after: After, requirement: str = "") -> None:
        """Messaging stays in a state for as long as the requirement watches."""
        self._cases.judge(requirement, "", self._ready.head_unit.app.stays(state, after))

    @guarded
    def head_unit_should_never_reach(self, state: str, after: After, requirement: str = "") -> None:
        """Messaging does not get into a state for as long as the requirement watches."""
        self._cases.judge(requirement, "", self._ready.head_unit.app.never_reaches(state, after))

    @guarded
    def session_should_reach(self, state: str, after: After, requirement: str = "", measuring: str = "") -> None:
        """The unit reports its session on the bus: ``active``, ``logged_out`` ..."""
        self._cases.judge(requirement, measuring, self._ready.head_unit.session.reaches(state, after))

    @guarded
    def session_should_stay(self, state: str, after: After, requirement: str = "") -> None:
        """The session stays what it is for as long as the requirement watches."""
        self._cases.judge(requirement, "", self._ready.head_unit.session.stays(state, after))

    @guarded
    def session_should_never_reach(self, state: str, after: After, requirement: str = "") -> None:
        """The session does not become ``active``, for example."""
        self._cases.judge(requirement, "", self._ready.head_unit.session.never_reaches(state, after))

    @guarded
    def speaker_should_play(self, sound: str, after: After, requirement: str = "", measuring: str = "") -> None:
        """One of the car's own sounds is heard in time: ``chime``, ``prompt``, ``end_tone``."""
        self._cases.judge(requirement, measuring, self._ready.head_unit.speaker.plays(sound, after))

    @guarded
    def speaker_should_not_play(self, sound: str, after: After, requirement: str = "") -> None:
        """The sound is not heard for as long as the requirement watches."""
        self._cases.judge(requirement, "", self._ready.head_unit.speaker.plays_no(sound, after))

    @guarded
    def speaker_should_play_message(self, sentence: str, after: After, requirement: str = "") -> None:
        """A message of the stimulus library comes out in time."""
        self._cases.judge(requirement, "", self._ready.head_unit.speaker.plays_message(sentence, after))

    @guarded
    def message_played_should_be(self, sentence: str, after: After, requirement: str = "") -> None:
        """What comes out is this sentence and no other one of the library."""
        self._cases.judge(requirement, "", self._ready.head_unit.speaker.message_is(sentence, after))

    @guarded
    def screen_should_show(self, view: str, after: After, requirement: str = "", measuring: str = "") -> None:
        """A view is on the screen in time: ``home``, ``listening``, ``prompt``, ``logged_out`` ..."""
        self._cases.judge(requirement, measuring, self._ready.head_unit.screen.shows(view, after))

    @guarded
    def screen_should_show_a_code(
        self, after: After, other_than: ShownCode | None = None, requirement: str = "", measuring: str = ""
    ) -> None:
        """A login code that a phone reads is there in time; with ``other_than`` another one than that."""
        screen = self._ready.head_unit.screen
        shown = screen.shows_another_code(other_than.text, after) if other_than else screen.shows_a_code(after)
        self._cases.judge(requirement, measuring, shown)

    @guarded
    def screen_should_show_no_code(self, after: After, requirement: str = "") -> None:
        """The login code goes away in time."""
        self._cases.judge(requirement, "", self._ready.head_unit.screen.shows_no_code(after))

    @guarded
    def screen_should_stay_free_of(self, *things: str, after: After, requirement: str = "") -> None:
        """None of these appears: ``keyboard``, ``red_envelope``, ``video`` ..."""
        self._cases.judge(requirement, "", self._ready.head_unit.screen.stays_free_of(*things, after=after))

    @guarded
    def screen_should_look_the_same(self, first: Stimulus, second: Stimulus, requirement: str = "") -> None:
        """After two messages that say different things, the screen looks the same."""
        self._cases.judge(requirement, "", self._ready.head_unit.screen.differs_between(first, second))

    @guarded
    def all_controls_are_tapped(self, depth: int) -> Tour:
        """Tap everything on the screen that reacts, ``depth`` taps deep."""
        return self._ready.head_unit.screen.explored(depth)

    @guarded
    def tour_should_be_complete(self, tour: Tour, requirement: str = "") -> None:
        """Everything that was planned has been tapped."""
        self._cases.judge(requirement, "", tour.coverage())

    @guarded
    def tour_should_show_none_of(self, tour: Tour, *things: str, requirement: str = "") -> None:
        """None of these was seen on the way: ``keyboard``, ``transfer``, ``moments`` ..."""
        self._cases.judge(requirement, "", tour.shows_none_of(*things))

    @guarded
    def no_trace_should_be_left(self, after: After, requirement: str = "") -> None:
        """Nothing of the user is on a bus, in the console, or on an identifier that diagnostics can read."""
        traces = self._ready.head_unit.traces
        found = (traces.on_the_buses(after), traces.on_the_console(after), traces.in_diagnostics(after))
        self._cases.judge(requirement, "", *found)

    @guarded
    def repeat_as_required(self, requirement: str, keyword: str, *arguments: Any) -> None:
        """Run a keyword as often as the requirement asks for; its samples are judged together at the test's end."""
        world = self._ready.world
        for number in range(world.catalogue[requirement].sample_count(world.level)):
            world.judge.repeat()
            if number:
                self._ready.head_unit.comes_to_rest()
                # samples must not all meet the same phase of the car's cycles
                world.wait(world.rng.randrange(100 * MS))
            BuiltIn().run_keyword(keyword, *arguments)

    @property
    def _open(self) -> Bench:
        return self._cases.bench()

    @property
    def _ready(self) -> Bench:
        return self._cases.ready()
