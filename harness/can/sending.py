"""One message of the rest-bus: its payload, its counter, its beat, and what is being made wrong with it.

Theory. A multiplexed message with a schedule goes round its pages, a place each beat (pages.py). The beat is a callback
on the clock, unless the port keeps one outside this process (``keeps_beat``: the kernel's). Then a whole turn of
counter and pages is precomputed, handed over, and exchanged when the payload changes. What cannot be a turn stays on
the clock: messages with a counter that also leave on an event (the extra frame takes a counter value), those that
change their cycle, and any message while something is made wrong with it. On the way from one to the other the counter
goes on from the echoes, so no value is sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import lcm

from harness.can.disturbance import Disturbance, disturb_frame, disturb_payload, disturbed_counter, problem_with
from harness.can.message import Message
from harness.can.pages import Payload, first_payload
from harness.can.port import CanPort, CyclicTask, Frame
from harness.can.protection import Protector
from harness.can.signal import Value
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns

FAST_CYCLE: Ns = 10 * MS
"""Between repetitions where the database gives no GenMsgCycleTimeFast."""
LONGEST_TURN = 256
"""Frames that the kernel's beat takes in one sequence."""
_ON_EVENT = ("onwrite", "event", "spontan", "trigger")


class _Turn:
    """A beat kept outside: the counter value, the place in the schedule and the instant (ns) it began with."""

    def __init__(self, task: CyclicTask, first_counter: int, first_place: int, first: Ns, cycle: Ns) -> None:
        self.task = task
        self.first_counter = first_counter
        self.first_place = first_place
        self._first = first
        self._cycle = cycle
        self._beats = 0

    def next_due(self, now: Ns) -> Ns:
        return self._first + max(0, (now - self._first) // self._cycle + 1) * self._cycle

    def place_at(self, due: Ns) -> int:
        """How many places on from the first one the beat at ``due`` is."""
        return self.first_place + (due - self._first) // self._cycle

    def end(self, now: Ns) -> None:
        self.task.stop()
        self._beats = max(0, (now - self._first) // self._cycle + 1)

    def sent(self, *, sure: bool) -> int:
        """How many frames went out. Not ``sure`` yet: rather one too many, for a counter may leave out a value (a lost
        frame does) and never repeat one."""
        return self.task.sent if sure else max(self.task.sent, self._beats)


class Active:
    """A disturbance at work. ``frames`` is how many frames it has touched (dropped ones included)."""

    def __init__(self, disturbance: Disturbance, frozen: Payload, until: Ns | None) -> None:
        self.disturbance = disturbance
        self.frozen = frozen
        self.until = until
        self.frames = 0
        self.over = False

    def end(self) -> None:
        """From the next frame on all is right again. Idempotent."""
        self.over = True

    def expired(self, now: Ns) -> bool:
        """Whether it has done its frames or its time."""
        limit = self.disturbance.for_frames
        done = limit is not None and self.frames >= limit
        return self.over or done or (self.until is not None and now >= self.until)


class Sending:
    """Sends ``message`` on ``port`` as its send type says. ``payload`` is the data before protection; ``schedule`` the
    ids of its multiplexer in the order in which their pages are sent (none: it always shows the same page)."""

    def __init__(self, clock: Clock, port: CanPort, message: Message, protector: Protector | None,
                 schedule: Sequence[int] = ()) -> None:
        self.message = message
        self.payload = self._rest = first_payload(message, schedule)
        self.started = False
        self.unsent = 0
        self._clock = clock
        self._port = port
        self._protector = protector
        self._counter = self._last = 0
        self._modulus = 1 if protector is None else protector.modulus
        self._places = len(self.payload.places)
        self._place = 0
        self._turn_length = lcm(self._modulus, self._places)
        self._frames: list[Frame | None] = [None for _ in range(self._modulus * self._places)]
        self._active: list[Active] = []
        self._name = f"rest-bus {message.name}"
        kind = message.send_type.lower().replace("_", "")
        self._on_change = "onchange" in kind
        self._on_event = any(word in kind for word in _ON_EVENT)
        self._fast_if_active = "ifactivefast" in kind and message.cycle is not None and message.fast_cycle is not None
        self._if_active = "ifactive" in kind and message.cycle is not None and not self._fast_if_active
        triggered = self._on_change or self._on_event
        self._cyclic = message.cycle is not None and not self._if_active and ("cyclic" in kind or not triggered)
        self._cycle: Ns = message.cycle or 0
        self._fast: Ns = message.fast_cycle or message.cycle or FAST_CYCLE
        self._outside = (
            bool(getattr(port, "keeps_beat", False))
            and self._cyclic
            and not self._fast_if_active
            and (self._turn_length == 1 or not triggered)
            and self._turn_length <= LONGEST_TURN
        )
        self._turn: _Turn | None = None
        self._ended: _Turn | None = None
        self._due: Ns = 0
        self._beat: Handle | None = None
        self._burst: Handle | None = None
        self._left = 0

    def start(self, phase: Ns) -> None:
        if self.started:
            return
        self.started = True
        if self._cyclic or (self._if_active and self.payload != self._rest):
            self._begin_beat(self._clock.now() + phase)

    def stop(self) -> None:
        self.started = False
        if self._burst is not None:
            self._burst.cancel()
            self._burst = None
        self._end_beat()
        self._left = 0

    def set(self, values: Mapping[str, Value]) -> None:
        self._change(self.payload.changed(values))

    def reset(self) -> None:
        self._change(self._rest)

    @property
    def beats_outside(self) -> bool:
        """Whether the beat is kept by the port at present."""
        return self._turn is not None

    def next_beat(self, signals: Iterable[str] = (), not_before: Ns = 0) -> Ns:
        """When the next frame is due that shows one of ``signals`` (none: any frame), not before that instant; now,
        where a change sends one or nothing is sent by itself."""
        now = self._clock.now()
        if self._on_event or self._on_change or not self.started:
            return now
        due = self._turn.next_due(now) if self._turn is not None else self._due
        if self._turn is None and self._beat is None:
            return now
        place = self._place if self._turn is None else self._turn.place_at(due)
        showing = self.payload.showing(signals)
        while due < not_before or place % self._places not in showing:
            due, place = due + self._cycle, place + 1
        return due

    def send_event(self, values: Mapping[str, Value], repetitions: int | None) -> None:
        turn, now = self._turn, self._clock.now()
        if turn is not None and self._turn_length > 1:  # the frame in between takes a value of the counter
            self._end_beat()
            self._take_counter(sure=False)
        self._put(self.payload.changed(values))
        showing = self.payload.showing(values)
        self._place = min(showing, key=lambda shown: (shown - self._place) % self._places)
        self._trigger(self.message.repetitions if repetitions is None else repetitions)
        if turn is not None and self._turn is None:
            self._begin_beat(turn.next_due(now))

    def disturb(self, disturbance: Disturbance) -> Active:
        problem = problem_with(disturbance, self.message, self._protector)
        if problem:
            raise HarnessError(problem)
        for data in self.payload.places:
            disturb_payload(disturbance, self.message, data, data)  # out of range is told now
        until = None if disturbance.for_time is None else self._clock.now() + disturbance.for_time
        active = Active(disturbance, self.payload, until)
        self._active.append(active)
        if self._turn is not None:
            due = self._turn.next_due(self._clock.now())
            self._end_beat()
            self._begin_beat(due)
        return active

    # -- beat and bursts --------------------------------------------------------------------------------------

    def _change(self, payload: Payload) -> None:
        changed = payload != self.payload
        self._put(payload)
        if not self.started:
            return
        triggered = self._on_event or (self._on_change and changed)
        over = payload == self._rest
        if changed and self._if_active:
            if over:
                self._end_beat()
                triggered = True  # the last word is that it is over
            elif self._beat is None:
                self._begin_beat(self._clock.now() + (self._cycle if triggered else 0))
        elif changed and self._fast_if_active and not over:
            self._end_beat()
            self._begin_beat(self._clock.now())
        if triggered:
            self._trigger(self.message.repetitions)

    def _put(self, payload: Payload) -> None:
        if payload != self.payload:
            self.payload = payload
            self._frames = [None for _ in range(self._modulus * self._places)]
            if self._turn is not None:
                self._turn.task.replace(self._whole_turn(self._turn.first_counter, self._turn.first_place))

    def _begin_beat(self, first: Ns) -> None:
        self._due = first
        if self._outside and not self._active:
            self._take_counter(sure=False)
            task = self._port.cyclic(self._whole_turn(self._counter, self._place), self._cycle, first)
            self._turn = _Turn(task, self._counter, self._place, first, self._cycle)
        else:
            self._beat = self._clock.at(first, self._fire, name=self._name)

    def _end_beat(self) -> None:
        if self._turn is not None:
            self._turn.end(self._clock.now())
            self._ended, self._turn = self._turn, None
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    def _fire(self) -> None:
        self._due += self._fast if self._fast_if_active and self.payload != self._rest else self._cycle
        if self._ended is not None:
            self._take_counter(sure=True)
        if self._outside:
            self._emit()
            self._begin_beat(self._due)
            return
        self._beat = self._clock.at(self._due, self._fire, name=self._name)
        self._emit()

    def _whole_turn(self, counter: int, place: int) -> list[Frame]:
        places = self.payload.places
        return [self._frame(self._protect(places[(place + n) % self._places], (counter + n) % self._modulus))
                for n in range(self._turn_length)]

    def _take_counter(self, *, sure: bool) -> None:
        """Go on from where the beat outside ended; ``sure``: its last echo has had a whole cycle to come."""
        if self._ended is not None:
            sent = self._ended.sent(sure=sure)
            self._counter = (self._ended.first_counter + sent) % self._modulus
            self._place = (self._ended.first_place + sent) % self._places
            self._last = (self._counter - 1) % self._modulus
            self._ended = None

    def _trigger(self, repetitions: int) -> None:
        if self._burst is not None:
            self._burst.cancel()
            self._burst = None
        self._left = repetitions
        self._repeat_later()
        self._emit()

    def _repeat_later(self) -> None:
        if self._left > 0:
            name = f"{self._name} repetition"
            self._burst = self._clock.at(self._clock.now() + self._fast, self._repeat, name=name)

    def _repeat(self) -> None:
        self._burst = None
        self._left -= 1
        self._repeat_later()
        self._emit()

    # -- frames -----------------------------------------------------------------------------------------------

    def _emit(self) -> None:
        if self._active:
            self._emit_disturbed()
            return
        counter, place = self._counter, self._place
        index = place * self._modulus + counter
        frame = self._frames[index]
        if frame is None:
            frame = self._frames[index] = self._frame(self._protect(self.payload.places[place], counter))
        self._last = counter
        self._place = (place + 1) % self._places
        self._counter = (counter + 1) % self._modulus
        try:
            self._port.send(frame)
        except RigFault:  # bus-off: the car goes on, and a node that cannot send does not bring it down
            self.unsent += 1

    def _emit_disturbed(self) -> None:
        now = self._clock.now()
        self._active = [active for active in self._active if not active.expired(now)]
        if not self._active:
            self._emit()
            return
        kinds = {active.disturbance.kind for active in self._active}
        if "silence" in kinds:
            self._count_frame()
            return
        counter, payload = self._counter, self.payload.places[self._place]
        for active in self._active:
            counter = disturbed_counter(active.disturbance, counter, self._last, active.frames, self._modulus)
            payload = disturb_payload(active.disturbance, self.message, payload, active.frozen.places[self._place])
        data = self._protect(payload, counter)
        late: Ns = 0
        for active in self._active:
            data = disturb_frame(active.disturbance, self._protector, data)
            late += int(active.disturbance.amount) if active.disturbance.kind == "delay" else 0
        self._last = counter
        self._counter = (counter + 1) % self._modulus
        self._place = (self._place + 1) % self._places
        self._count_frame()
        if "drop" not in kinds:
            self._send_late(self._frame(data), late)

    def _count_frame(self) -> None:
        for active in self._active:
            active.frames += 1

    def _send_late(self, frame: Frame, late: Ns) -> None:
        def send() -> None:
            try:
                self._port.send(frame)
            except RigFault:
                self.unsent += 1

        if late:
            self._clock.at(self._clock.now() + late, send, name=f"{self._name} late")
        else:
            send()

    def _protect(self, payload: bytes, counter: int) -> bytes:
        return payload if self._protector is None else self._protector.apply(payload, counter)

    def _frame(self, data: bytes) -> Frame:
        m = self.message
        return Frame(m.id, data, m.extended, m.fd, m.brs)
