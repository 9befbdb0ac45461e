"""What can happen to the unit, outside or inside: plain values, whose types the tables are keyed by.

Raw input has become meaning before it is an event, so the tables never see bytes, and nonsense produces no event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.foundation.units import Ns


@dataclass(frozen=True, slots=True)
class Event:
    """The kind every event belongs to."""


# --- power and network management


class SupplyOn(Event):
    """KL30 has risen above the voltage the unit starts at."""


class VoltageLow(Event):
    """KL30 is below what messaging may run at, and above the reset voltage."""


class VoltageHigh(Event):
    """KL30 is above the range the amplifier may run at."""


class VoltageNormal(Event):
    """KL30 is back in the operating range."""


class IgnitionOn(Event):
    """KL15 or ACC has come."""


class IgnitionOff(Event):
    """Neither KL15 nor ACC is on any more."""


class BusAwake(Event):
    """Another node votes to keep the bus awake."""


class BusQuiet(Event):
    """No other node has voted for the network-management time-out."""


class BootDone(Event):
    """Start-up, cold or from sleep, is over."""


class PostRunEnded(Event):
    """The time the unit keeps itself awake after ignition off is over."""


class BusOff(Event):
    """The controller has left a bus after too many errors."""


# --- the wheel button


@dataclass(frozen=True, slots=True)
class ButtonDown(Event):
    """Debounced 'pressed'; ``t`` is the first frame that carried it."""

    t: Ns


@dataclass(frozen=True, slots=True)
class ButtonUp(Event):
    """Debounced 'released'; ``t`` is the first frame that carried it."""

    t: Ns


class ButtonInvalid(Event):
    """The signal says 'invalid' or 'not available', or the protection has given it up."""


class ButtonLost(Event):
    """The button's message has timed out."""


class LongPressTimer(Event):
    """The button has been down for the long-press time."""


class StuckTimer(Event):
    """The button has been down for longer than a person presses."""


class GapTimer(Event):
    """The double-press gap is over."""


# --- what gestures mean (the car's table decides which)


class Listen(Event):
    """Open messaging and record."""


class Undo(Event):
    """Take the press back: to what was in front, nothing sent."""


class Replay(Event):
    """Play the last received message again, dropping what is being recorded."""


class StopCapture(Event):
    """Stop recording; what becomes of it is decided on release."""


class Send(Event):
    """Send what was recorded."""


class Discard(Event):
    """Drop what was recorded."""


class Play(Event):
    """Play the oldest unread message."""


class StopPlaying(Event):
    """Stop what is being played."""


class Answer(Event):
    """Accept the ringing call."""


class HangUp(Event):
    """End the call, or refuse it while it rings."""


# --- voice


@dataclass(frozen=True, slots=True)
class SilenceHeard(Event):
    """Nothing was said for the silence time; ``spoke`` tells whether anything was said at all."""

    spoke: bool


class RecordingFull(Event):
    """The longest recording is reached."""


class NothingSaid(Event):
    """A recording ended without a word in it."""


class NothingToPlay(Event):
    """Asked to play, and there is no message."""


class PlaceTaken(Event):
    """What was to be played is a place: it becomes the destination."""


class PlayEnded(Event):
    """The message has been played to its end."""


class SendingShown(Event):
    """The sending view has been in front long enough."""


class StoppedTimer(Event):
    """A stopped recording was neither sent nor discarded: the release never came."""


class MessageWaits(Event):
    """There is an unread message to announce and nothing else in front."""


class PromptTimer(Event):
    """The prompt has been in front long enough."""


@dataclass(frozen=True, slots=True)
class CallRings(Event):
    """A call arrives from the service: its name there, who rings, and whether it is meant with picture."""

    call: str = ""
    name: str = ""
    video: bool = False


class CallEnds(Event):
    """The other side, or the service, has ended the call."""


class SafetyChime(Event):
    """A safety chime sounds: it outranks messages."""


class SafetyChimeOver(Event):
    """It sounds no longer."""


class HandsFree(Event):
    """The phone's Bluetooth call has begun: it outranks messages."""


class HandsFreeOver(Event):
    """The phone's Bluetooth call is over."""


class VoiceLost(Event):
    """Messaging must stop at once: session over, or power going."""


# --- session


class LoginPossible(Event):
    """Running and PARKED: a code may be shown."""


class LoginImpossible(Event):
    """Not running or not PARKED: no code, no settings."""


@dataclass(frozen=True, slots=True)
class CodeArrived(Event):
    """The service has issued a login code."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeFailed(Event):
    """No code could be had."""

    why: str


class RefreshTimer(Event):
    """The code in front is nearly as old as the service lets it become."""


class RetryTimer(Event):
    """Ask the service again."""


class CodeScanned(Event):
    """A phone has scanned the code."""


@dataclass(frozen=True, slots=True)
class CodeConfirmed(Event):
    """The phone has confirmed: here is the session."""

    token: str
    account: str
    name: str
    contacts: tuple[tuple[str, str], ...]
    """(account, name) of each."""


class CodeRefused(Event):
    """The phone has refused."""


class LoginDone(Event):
    """The confirmed session is ready to use."""


class Erased(Event):
    """The time that erasing takes is over."""


class LoginTimer(Event):
    """Scanned, but never confirmed."""


class NoticeOver(Event):
    """A notice has been in front long enough."""


class DriverLeft(Event):
    """The car's rule for 'the driver has left' holds."""


class DriverBack(Event):
    """It holds no longer."""


class ConfirmTimerEnded(Event):
    """It has held for the confirm time."""


class LockedOutside(Event):
    """The car was locked from outside."""


class SessionRevoked(Event):
    """The service has ended the session (login elsewhere)."""


class SessionOpened(Event):
    """The session machine has opened a session."""


class SessionClosed(Event):
    """The session machine has ended the session and erased the user."""


class SessionRestored(Event):
    """A complete session was found in flash after start."""


# --- messaging


class LinkUp(Event):
    """The network link is there."""


class LinkDown(Event):
    """The network link is gone."""


class MessageArrived(Event):
    """The service has something new for this account."""


class OutboxFilled(Event):
    """A message was queued."""


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """The service has taken the message."""

    id: str


@dataclass(frozen=True, slots=True)
class SendFailed(Event):
    """The service could not be reached or has refused."""

    id: str
    why: str


class SendRetry(Event):
    """Try the head of the outbox again."""


# --- car


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    """A role of the car has a new state (a name, a number, or None for invalid or lost)."""

    role: str
    state: str | float | None


class Parked(Event):
    """The parked rule holds."""


class Idling(Event):
    """Standing, but the parked rule does not hold."""


class Moving(Event):
    """Above zero, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class FaultSeen(Event):
    """A monitor has found a fault, by the name of its DTC."""

    fault: str


@dataclass(frozen=True, slots=True)
class FaultGone(Event):
    """A monitor finds it no longer."""

    fault: str


@dataclass(frozen=True, slots=True)
class Touched(Event):
    """A finger on the screen, 0..1 from the top left."""

    x: float
    y: float


class PageTimer(Event):
    """Nobody has touched the screen for a while."""


@dataclass(frozen=True, slots=True)
class Elapsed(Event):
    """A named timer whose end is work rather than a transition."""

    work: Callable[[Any], None]
