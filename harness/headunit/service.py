"""The messaging service as this unit speaks it: calls over its link, and what it is told without asking.

Whatever comes back is checked for what it is; nonsense is counted and changes nothing. Answers that arrive after KL30
was lost belong to another life and are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.headunit.events.call import CallEnds, CallRings
from harness.headunit.events.login import CodeArrived, CodeConfirmed, CodeFailed, CodeRefused, CodeScanned
from harness.headunit.events.messaging import MessageArrived, MessageSent, SendFailed
from harness.headunit.events.session import SessionRevoked
from harness.headunit.state import Outgoing, Received
from harness.phone import events as told
from harness.phone.messages import Message, Voice

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


def _nothing(value: Any) -> None:
    """For answers and failures nobody waits for."""


class Service:
    """``revoking``: the service is being told that a session has ended."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._client = unit.ends.service.unit_link(unit.ends.network, unit.vehicle.serial)
        self._client.on_push(self._pushed)
        self.revoking = False

    def call(
        self,
        method: str,
        *values: Any,
        answer: Callable[[Any], None] = _nothing,
        failed: Callable[[str], None] = _nothing,
    ) -> None:
        """Ask the service, unless the tap "request" swallows it."""
        unit = self._unit
        asked = unit.tapped("request", method)
        if asked is not None:
            self._client.call(asked, *values, answer=unit.guarded(answer), failed=unit.guarded(failed))

    # -- login --------------------------------------------------------------------------------------------------

    def register(self) -> None:
        self.call("register_unit", self._unit.vehicle.serial, str(self._unit.figures["key"]))

    def new_code(self) -> None:
        unit = self._unit

        def answer(text: Any) -> None:
            if isinstance(text, str) and text:
                unit.post(CodeArrived(text))
            else:
                self.register()
                unit.post(CodeFailed("no code"))

        self.call("new_code", unit.vehicle.serial, answer=answer, failed=lambda why: unit.post(CodeFailed(why)))

    def check_session(self) -> None:
        """Whether the session that was found after a start still stands."""
        unit, session = self._unit, self._unit.flash.session

        def answer(value: Any) -> None:
            if value is None and unit.flash.session == session:
                unit.post(SessionRevoked())

        if session is not None:
            self.call("session", session.token, answer=answer)

    def revoke(self) -> None:
        """End, at the service, the sessions that have ended here; tried again each time the link returns."""
        unit = self._unit
        if self.revoking or not unit.flash.revocations:
            return
        token = unit.flash.revocations[0]
        self.revoking = True

        def answer(value: Any) -> None:
            self.revoking = False
            if token in unit.flash.revocations:
                unit.flash.revocations.remove(token)
            self.revoke()

        def failed(why: str) -> None:
            self.revoking = False
            unit.later("revoke", unit.figures["retry_interval"], lambda u: u.service.revoke())

        self.call("close_session", token, answer=answer, failed=failed)

    def die(self) -> None:
        self.revoking = False

    # -- messages -----------------------------------------------------------------------------------------------

    def send(self, token: str, message: Outgoing) -> None:
        unit = self._unit

        def answer(outcome: Any) -> None:
            if outcome == "invalid_session":
                unit.post(SessionRevoked())
            else:
                unit.post(MessageSent(message.id))

        def failed(why: str) -> None:
            unit.post(SendFailed(message.id, why))

        self.call("send", token, message.to, "voice", message.voice, message.id, answer=answer, failed=failed)

    def fetch(self) -> None:
        unit, session = self._unit, self._unit.flash.session
        if session is None:
            return

        def answer(messages: Any) -> None:
            if unit.flash.session != session or not isinstance(messages, tuple):
                return
            for one in messages:
                if isinstance(one, told.MessageArrived):
                    self._take(one.message, one.sender_name, one.muted)
            unit.post(MessageArrived())

        self.call("fetch", session.token, answer=answer)

    # -- a call's voice ------------------------------------------------------------------------------------------

    def talk(self, token: str, call: str, heard: Callable[[Any], None]) -> Callable[[Any], None] | None:
        """The way out for packets of a call; None where this link carries no voice."""
        return self._client.talk(token, call, self._unit.guarded(heard))

    def end_talk(self) -> None:
        self._client.end_talk()

    # -- what it tells ------------------------------------------------------------------------------------------

    def _pushed(self, event: Any) -> None:
        unit = self._unit
        if not unit.alive or unit.states["power"] not in ("run", "post_run", "standby"):
            return
        event = unit.tapped("push", event)
        session, code = unit.flash.session, unit.ram.code
        match event:
            case told.CodeScanned() if event.code == code:
                unit.post(CodeScanned())
            case told.CodeConfirmed():
                contacts = tuple((c.account, c.name) for c in event.contacts)
                unit.post(CodeConfirmed(event.token, event.account, event.name, contacts))
            case told.CodeRefused() if event.code == code:
                unit.post(CodeRefused())
            case told.SessionRevoked() if session and event.token == session.token:
                unit.post(SessionRevoked())
            case told.MessageArrived() if session and event.token == session.token:
                self._take(event.message, event.sender_name, event.muted)
                unit.post(MessageArrived())
            case told.CallArrived() if session and event.token == session.token:
                unit.post(CallRings(event.call_id, event.sender_name, event.video))
            case told.CallEnded() if unit.ram.call == (event.call_id, event.token):
                unit.post(CallEnds())
            case _:
                unit.counted["push not for now"] += 1

    def _take(self, message: Message, name: str, muted: bool) -> None:
        messages = self._unit.ram.user.messages
        if any(m.id == message.id and m.sender == message.sender for m in messages):
            return
        voice = message.payload if isinstance(message.payload, Voice) else None
        text = message.payload if isinstance(message.payload, str) else ""
        messages.append(Received(message.id, message.sender, message.kind, text, voice, name, muted=muted))
