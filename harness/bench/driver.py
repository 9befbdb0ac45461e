"""The driver: presses wheel buttons and speaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.audio.port import MICROPHONE, RATE
from harness.bench.fingers import Presses, press_together, presses_in_a_row, storm
from harness.bench.lasting import Lasting
from harness.bench.stimulus import Speech, Stimulus, Talk
from harness.bench.wheel_events import press_event, repeat_event
from harness.bench.world import World
from harness.foundation.errors import NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.judging.observation import Observation, anchor
from harness.vehicle.button_event import DOUBLE, LONG, SHORT

REACTION: Ns = 250 * MS
"""A person starts to speak so long after a chime has ended (simple auditory reaction time; a scene figure, no
limit)."""
FAINT = -45.0
"""dB, of what is no talking to the unit: a voice out of headphones (a scene figure, no limit)."""
CHIME_WITHIN: Ns = 5 * S
HELD: Ns = 300 * MS
BEFORE_IT_CHANGES: Ns = 200 * MS


class Driver:
    def __init__(self, world: World) -> None:
        self._world = world

    # -- buttons -------------------------------------------------------------------------------------------------
    def press(self, button: str, hold: Ns = 120 * MS) -> Stimulus:
        """Press and release. ``began`` and ``ended``: the first frames that carry 'pressed' and 'released' again.

        Where the wheel module decides, the first and the last frame of its event; ``hold`` and ``gap`` are its affair.
        """
        return self._press(button, hold, f"press {button}")

    def long_press(self, button: str, hold: Ns) -> Stimulus:
        return self._press(button, hold, f"long press {button}", kind=LONG)

    @contextmanager
    def holds(self, button: str) -> Iterator[Lasting]:
        """Keep a button down while the block lasts. ``began`` and ``over``: the first frames that say so."""
        role = self._world.vehicle.role(f"wheel.{button}")
        if role.event is not None:
            raise NotOffered(f"{role.name}: the wheel module decides how long a press is")
        held = Lasting(self._world, f"hold {button}", self._edge(role.name, "pressed"))
        try:
            yield held
        finally:
            held.ends(self._edge(role.name, "released"))

    def brief_press(self, button: str, frames: int) -> Stimulus:
        """'Pressed' in exactly ``frames`` consecutive frames."""
        cycle = self._world.vehicle.period(f"wheel.{button}")
        return self._press(button, frames * cycle, f"press {button} for {frames} frame(s)")

    def double_press(self, button: str, gap: Ns, hold: Ns = 120 * MS) -> Stimulus:
        """Two presses, ``gap`` from the first release to the second press. ``began`` is the second press's."""
        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        if role.event is not None:
            return press_event(world, role, DOUBLE, f"double press {button}")
        with world.step(f"press {button} twice"):
            first = self._press(button, hold, f"first press {button}")
            second = self._press(button, hold, f"second press {button}", begin=first.ended.t + gap)
        return Stimulus(f"double press {button}", second.began, second.ended, {"gap": gap})

    def shows_button(self, button: str, state: str, frames: int) -> Stimulus:
        """Let the wheel say ``state`` ("invalid") for ``frames`` frames; as one event where it sends events."""
        role = self._world.vehicle.role(f"wheel.{button}")
        if role.event is not None:
            return press_event(self._world, role, state, f"{button} says {state}")
        cycle = self._world.vehicle.period(role.name)
        return self._press(button, frames * cycle, f"{button} says {state}", state=state)

    def press_becomes(self, button: str, state: str, frames: int) -> Stimulus:
        """Press, and after a fifth of a second the wheel says ``state`` for ``frames`` frames before 'released'.
        ``began`` is the press, ``ended`` the first frame of the release."""
        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        world.intends(f"{button} becomes {state} in a press")
        began = self._edge(role.name, "pressed")
        world.clock.run_until(began.t + BEFORE_IT_CHANGES)
        self._edge(role.name, state)
        world.wait(frames * world.vehicle.period(role.name))
        ended = self._edge(role.name, "released")
        return world.did(Stimulus(f"{button} becomes {state} in a press", began, ended))

    def holds_button_after(self, button: str, state: str, frames: int) -> Stimulus:
        """The wheel says ``state`` for ``frames`` frames, and then at once 'pressed'. ``began`` is its first frame."""
        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        world.intends(f"{button} comes back pressed after {state}")
        self._edge(role.name, state)
        world.wait(frames * world.vehicle.period(role.name))
        began = self._edge(role.name, "pressed")
        world.wait(HELD)
        ended = self._edge(role.name, "released")
        return world.did(Stimulus(f"{button} comes back pressed after {state}", began, ended))

    def loses_button_mid_press(self, button: str, after: Ns) -> Stimulus:
        """Press, and the wheel's message stops ``after`` the press began. ``ended`` is its last frame."""
        from harness.can.disturbance import silence

        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        world.intends(f"{button} message lost mid-press")
        began = self._edge(role.name, "pressed")
        world.clock.run_until(began.t + after)
        world.restbus[role.bus].disturb(role.message.name, silence())
        last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now())
        ended = Stamp(last.t, last.early, last.late) if last else began
        return world.did(Stimulus(f"{button} message lost mid-press", began, ended))

    def holds_button_while_message_returns(self, button: str, silent: Ns) -> Stimulus:
        """The wheel's message is missing for ``silent``; its first frame afterwards already carries 'pressed'."""
        from harness.can.disturbance import silence

        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        world.intends(f"{button} comes back pressed")
        gone = world.restbus[role.bus].disturb(role.message.name, silence())
        world.wait(silent // 2)
        world.drive(role.name, "pressed")
        world.wait(silent // 2)
        since = world.clock.now()
        gone.end()
        began = world.echo(role, "pressed", since)
        world.wait(HELD)
        ended = self._edge(role.name, "released")
        return world.did(Stimulus(f"{button} comes back pressed", began, ended))

    def wheel_repeats_itself(self, button: str) -> Stimulus:
        """The event of the last press comes once more, with the number it had: no finger has moved."""
        role = self._world.vehicle.role(f"wheel.{button}")
        return repeat_event(self._world, role, SHORT, f"the wheel repeats itself: {button}")

    def _press(
        self, button: str, hold: Ns, what: str, *, begin: Ns | None = None, state: str = "pressed", kind: str = SHORT
    ) -> Stimulus:
        world = self._world
        role = world.vehicle.role(f"wheel.{button}")
        if role.event is not None:
            return press_event(world, role, kind, what)
        world.intends(what)
        cycle = world.vehicle.period(role.name)
        if hold % cycle:
            hold = max(1, round(hold / cycle)) * cycle
        if begin is not None:
            world.clock.run_until(begin - cycle // 2)
        since = world.clock.now()
        world.pulse(role.name, state, "released", hold)
        began = world.echo(role, state, since)
        world.clock.run_until(began.t + hold - cycle // 2)
        ended = world.echo(role, "released", began.t + 1)
        if abs(ended.t - began.t - hold) > cycle // 2:  # one frame more or less than asked for
            raise RigFault(f"{what}: held for {show_time(ended.t - began.t)} instead of {show_time(hold)}: "
                           "the rig let go too late or too early")  # fmt: skip
        return world.did(Stimulus(what, began, ended, {"hold": ended.t - began.t}))

    def answers(self) -> Stimulus:
        """Press the messaging button while it rings; ``began`` is the edge at which the car's table takes the call."""
        return self._acts("messaging", "ringing")

    def hangs_up(self) -> Stimulus:
        """Press it in a call; ``began`` is the edge at which the car's table ends the call."""
        return self._acts("messaging", "call")

    def _acts(self, button: str, context: str) -> Stimulus:
        press = self.press(button)
        moment = self._world.vehicle.gestures.get(context, {}).get("press", "").rpartition("@")[2]
        return Stimulus(press.what, press.ended if moment == "release" else press.began, press.ended, press.arguments)

    def _edge(self, role: str, state: str) -> Stamp:
        world = self._world
        since = world.clock.now()
        return world.echo(world.drive(role, state), state, since)

    def presses(self, button: str, times: int, apart: Ns) -> Presses:
        """``times`` presses, each beginning ``apart`` ns and a little more after the release before it."""
        return presses_in_a_row(self._world, self, button, times, apart)

    def storms(self, button: str, per_second: int, duration: Ns) -> Presses:
        """Press as a child would: ``per_second`` presses for ``duration`` ns."""
        return storm(self._world, self, button, per_second, duration)

    def presses_together(self, *buttons: str, hold: Ns = HELD, last: str | None = None) -> Stimulus:
        """Several buttons at once; ``last`` is let go one ``hold`` later than the others."""
        return press_together(self._world, buttons, hold, last)

    # -- voice ---------------------------------------------------------------------------------------------------
    def says(self, stimulus: str, after: object, reaction: Ns = REACTION) -> Speech:
        """Speak a stored sentence, a human reaction time after ``after`` (an observed chime: after its end)."""
        world = self._world
        spoken = world.library.get(stimulus)
        begin = max(self._waits_for(after).t + reaction, self._soonest())
        world.intends(f"says {stimulus}")
        world.ports.audio.play(MICROPHONE, spoken.samples, begin, name=stimulus)
        length = len(spoken.samples) * S // RATE
        self._until_captured(begin + length)
        began, ended = world.captured(MICROPHONE, begin, begin + length)
        speech = Speech(f"says {stimulus}", began, ended, {"text": spoken.text}, stimulus, MICROPHONE)
        world.did(speech)
        return speech

    def begins_to_say(self, stimulus: str, after: object) -> Stimulus:
        """As ``says``, and the sentence goes on while other things happen. ``ended`` is where it will be over."""
        world = self._world
        spoken = world.library.get(stimulus)
        begin = max(self._waits_for(after).t + REACTION, self._soonest())
        world.intends(f"begins to say {stimulus}")
        world.ports.audio.play(MICROPHONE, spoken.samples, begin, name=stimulus)
        world.clock.run_until(begin + S)
        end = begin + len(spoken.samples) * S // RATE
        what = f"begins to say {stimulus}"
        return world.did(Stimulus(what, Stamp.exact(begin), Stamp.exact(end), {"text": spoken.text}))

    def is_disturbed_by(self, stimulus: str, after: object) -> Stimulus:
        """A stored sentence is heard faintly at the microphone, as out of somebody's headphones, FAINT dB below
        a driver's voice, and goes on while other things happen."""
        import numpy as np

        world = self._world
        spoken = world.library.get(stimulus)
        begin = max(self._waits_for(after).t, self._soonest())
        world.intends(f"faint voice: {stimulus}")
        faint = np.rint(spoken.samples * 10 ** (FAINT / 20)).astype(np.int16)
        world.ports.audio.play(MICROPHONE, faint, begin, name=f"faint {stimulus}")
        end = begin + len(faint) * S // RATE
        return world.did(Stimulus(f"faint voice: {stimulus}", Stamp.exact(begin), Stamp.exact(end)))

    def talks_on(self, stimulus: str, after: object, until: Ns) -> Talk:
        """Repeat a sentence without a pause until ``until`` ns after ``after``'s end."""
        world = self._world
        spoken = world.library.get(stimulus)
        length = len(spoken.samples) * S // RATE
        listening = self._waits_for(after)
        begin = first = max(listening.t + REACTION, self._soonest())
        world.intends(f"talks on with {stimulus}")
        while begin < listening.t + until:
            world.ports.audio.play(MICROPHONE, spoken.samples, begin, name=stimulus)
            begin += length
        self._until_captured(begin)
        began, ended = world.captured(MICROPHONE, first, begin)
        talk = Talk(f"talks on with {stimulus}", began, ended, {"text": spoken.text}, stimulus, MICROPHONE, listening)
        world.did(talk)
        return talk

    def _soonest(self) -> Ns:
        """When the rig can be heard speaking at the earliest: real sound has a way out."""
        return self._world.clock.now() + max(MS, int(getattr(self._world.ports.audio, "lead", 0)))

    def _until_captured(self, end: Ns) -> None:
        """Let time pass until what was spoken up to ``end`` has come back. RigFault when it does not."""
        world = self._world
        world.clock.run_until(end)
        patience = end + world.recorder.stalled("audio")
        while world.recorder.seen_to("audio") < end:
            if world.clock.now() > patience:
                raise RigFault(f"what was spoken up to {show_time(end)} has not come back: the capture stands still")
            world.clock.run_until(world.clock.now() + 10 * MS)

    def _waits_for(self, after: object) -> Stamp:
        """The instant a person reacts to: the end of a chime that is waited for, the beginning of anything else."""
        world = self._world
        if isinstance(after, Observation) and after.found is None:
            world.judge.reached(after, CHIME_WITHIN, f"{after.sentence} (the driver waits for it)")
        instant = anchor(after)
        if isinstance(after, Observation) and after.name == "plays":
            return instant.shifted(world.sound_length(str(after.arguments["sound"])))
        return instant
