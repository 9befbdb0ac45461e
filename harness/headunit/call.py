"""A friend's voice call: it rings, is taken, talked through, and ended by either side.

Theory. The call belongs to the states 'ringing' and 'call' of the voice machine; whatever leaves them without the other
side having ended it ends it at the service, also when the session in which it rang is over by then. A call meant with
picture is taken as voice. While a telephone call by hands-free holds it nothing of it is heard or said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.headunit.blueprint import Action
from harness.headunit.events.call import CallEnds, CallRings
from harness.headunit.events.event import Event

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

RING = "ring"


def ring_sound(unit: HeadUnit) -> str:
    """The car's own, or its prompt where it has none."""
    return RING if RING in unit.vehicle.sounds else "prompt"


def note_call(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, CallRings)
    unit.ram.call = (event.call, _token(unit))
    unit.ram.caller = event.name


def ring(unit: HeadUnit, event: Event) -> None:
    unit.mouth.sound(ring_sound(unit), again=unit.figures["ring_period"])


def answer_call(unit: HeadUnit, event: Event) -> None:
    """Tell the service, and talk as soon as it agrees; what cannot be taken any more is over."""
    call, token = unit.ram.call

    def answer(outcome: object) -> None:
        if outcome == "accepted":
            unit.act("start_talk", event)
        else:
            unit.post(CallEnds())

    def failed(why: str) -> None:
        unit.post(CallEnds())

    def still(told: Callable[[Any], None]) -> Callable[[Any], None]:
        """Nothing, once the call is another one or over."""
        return lambda word: told(word) if unit.ram.call == (call, token) else None

    media = unit.figures["call_media"]
    unit.service.call("answer_call", token, call, media, answer=still(answer), failed=still(failed))


def start_talk(unit: HeadUnit, event: Event) -> None:
    """Held at once where the telephone has rung meanwhile."""
    unit.talk.start(*unit.ram.call)
    unit.talk.hold(unit.states["voice"] == "held")


def hold_talk(unit: HeadUnit, event: Event) -> None:
    unit.talk.hold(True)


def resume_talk(unit: HeadUnit, event: Event) -> None:
    unit.talk.hold(False)


def end_call(unit: HeadUnit, event: Event) -> None:
    """Hang up, or refuse; asked again until the service has heard it."""
    call, token = unit.ram.call
    unit.talk.stop()
    unit.ram.call, unit.ram.caller = ("", ""), ""
    _end(unit, token, call)


def refuse_call(unit: HeadUnit, event: Event) -> None:
    """A call that comes at the wrong time."""
    assert isinstance(event, CallRings)
    _end(unit, _token(unit), event.call)


def forget_call(unit: HeadUnit, event: Event) -> None:
    """The other side has ended it."""
    unit.talk.stop()
    unit.ram.call, unit.ram.caller = ("", ""), ""


def _token(unit: HeadUnit) -> str:
    return "" if unit.flash.session is None else unit.flash.session.token


def _end(unit: HeadUnit, token: str, call: str) -> None:
    def failed(why: str) -> None:
        unit.later(f"end {call}", unit.figures["retry_interval"], lambda u: _end(u, token, call))

    unit.service.call("end_call", token, call, failed=failed)


ACTIONS: dict[str, Action] = {
    f.__name__: f
    for f in (
        note_call, ring, answer_call, start_talk, hold_talk, resume_talk, end_call, refuse_call, forget_call,
    )
}  # fmt: skip
