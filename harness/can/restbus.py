"""The rest of the car on one bus: every message that the unit under test does not send itself.

Theory. Each message is a task with a payload (start values, overlaid by ``set``), a counter and a beat. How it is sent
follows GenMsgSendType: cyclic (GenMsgCycleTime), when a value changes or is written, or cyclic while a signal is away
from its start value; an event is followed by GenMsgNrOfRepetition repetitions at GenMsgCycleTimeFast. As long as the
payload stays the same a message has only as many frames as its counter has values, so those are kept and a cycle
costs a look-up and two events on the clock. A change is on the next frame; the beat never moves because of one.
The phases of the cycles are spread by the injected random numbers, as the nodes of a real car are not in step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from harness.can.database import Database
from harness.can.disturbance import Disturbance
from harness.can.message import Message
from harness.can.port import CanPort
from harness.can.protection import Protection, Protector
from harness.can.sending import Active, Sending
from harness.can.signal import Raw, Value
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns


class RestBus:
    """Sends, on ``port``, the messages of ``database`` whose senders are not among ``nodes_excluded``.

    ``protections`` by message name, and so are ``schedules``: the order in which a multiplexed message goes round its
    pages. HarnessError for a message or signal that is not there, or is not ours to send;
    ValueError (from the codec) for a value that a signal cannot carry. ``unsent`` counts frames that the port refused
    because the bus could not send. """

    def __init__(self, clock: Clock, port: CanPort, database: Database, *, nodes_excluded: set[str],
                 protections: Mapping[str, Protection], random: Random,
                 schedules: Mapping[str, Sequence[int]] | None = None) -> None:
        self._clock = clock
        self._random = random
        self._database = database
        rounds = schedules or {}
        for name in (*protections, *rounds):
            self._message(name)
        self._sendings = {
            message.name: Sending(clock, port, message, _protector(message, protections.get(message.name)),
                                  rounds.get(message.name, ()))
            for message in database.messages.values() if nodes_excluded.isdisjoint(message.senders)
        }

    @property
    def messages(self) -> tuple[str, ...]:
        """Names of the messages that are ours, in the order of the database."""
        return tuple(self._sendings)

    @property
    def unsent(self) -> int:
        return sum(sending.unsent for sending in self._sendings.values())

    def start(self, messages: Iterable[str] | None = None) -> None:
        """Let these messages (all that are ours: None) be sent as the database says; those that run go on."""
        for name in self.messages if messages is None else messages:
            sending = self._sending(name)
            phase = self._random.randrange(sending.message.cycle) if sending.message.cycle else 0
            sending.start(phase)

    def stop_message(self, name: str) -> None:
        """Stop sending one message; its overlay stays."""
        self._sending(name).stop()

    def silence(self) -> None:
        """Stop sending all messages, cycles and repetitions; overlays stay."""
        for sending in self._sendings.values():
            sending.stop()

    def running(self) -> tuple[str, ...]:
        """Names of the messages that are started."""
        return tuple(name for name, sending in self._sendings.items() if sending.started)

    def set(self, message: str, values: Mapping[str, Value]) -> None:
        """Overlay signals (physical numbers or labels) from the next frame on. Where the message is sent on change,
        on writing or while active, it leaves at once, with its repetitions."""
        self._sending(message).set(values)

    def pulse(self, message: str, values: Mapping[str, Value], back: Mapping[str, Value], hold: Ns) -> None:
        """``values`` from the next frame that shows them on, and ``back`` when ``hold`` ns have passed since: in time,
        whatever who asked for it is busy with meanwhile."""
        sending = self._sending(message)
        for one in (values, back):
            sending.payload.changed(one)  # what it cannot carry is told now
        name, cycle = f"rest-bus {message} set", sending.message.cycle or 0
        first = sending.next_beat(values)
        if sending.beats_outside and first - self._clock.now() < cycle // 4:
            # the kernel's beat may be quicker than our exchange of its frames: wait until it is over
            self._clock.at(first + cycle // 4, lambda: sending.set(values), name=name)
            first = sending.next_beat(values, first + 1)
        else:
            sending.set(values)
        self._clock.at(first + hold - cycle // 2, lambda: sending.set(back), name=name)

    def reset(self, message: str) -> None:
        """Back to the start values, from the next frame on."""
        self._sending(message).reset()

    def send_event(self, message: str, values: Mapping[str, Value] | None = None,
                   repetitions: int | None = None) -> None:
        """Send one frame now, with ``values`` overlaid, and ``repetitions`` more at the fast cycle (None: as
        GenMsgNrOfRepetition says)."""
        self._sending(message).send_event(values or {}, repetitions)

    def value(self, message: str, signal: str) -> Raw:
        """What the signal carries now (physical), before any disturbance."""
        sending = self._sending(message)
        if signal not in sending.message.signals:
            raise HarnessError(f"{message} has no signal {signal!r}; signals: {', '.join(sending.message.signals)}")
        found = sending.message.signals[signal]
        shown = [sending.payload.places[place] for place in sending.payload.showing([signal])]
        if not shown:
            raise HarnessError(f"{message} never shows {signal}: its page is not in the schedule")
        return found.to_physical(found.read_raw(shown[0]))

    def disturb(self, message: str, disturbance: Disturbance) -> Active:
        """Make something wrong with a message from its next frame on. HarnessError when it has nothing of the kind."""
        return self._sending(message).disturb(disturbance)

    def _message(self, name: str) -> Message:
        try:
            return self._database.by_name(name)
        except KeyError:
            raise HarnessError(f"{self._database.path.name} has no message {name!r}") from None

    def _sending(self, name: str) -> Sending:
        sending = self._sendings.get(name)
        if sending is None:
            message = self._message(name)
            raise HarnessError(f"{name} is sent by {', '.join(message.senders)}, not by the rest-bus")
        return sending


def _protector(message: Message, protection: Protection | None) -> Protector | None:
    return None if protection is None else Protector(message, protection)
