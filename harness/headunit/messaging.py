"""The outbox: each message exactly once, in order, over a link that comes and goes.

Theory. Messages wait in flash; only the first is ever under way. An answer that was lost leaves it unknown whether the
service has it, so it is sent again under the same id, which the service takes once. When the link returns nobody waits
for an old time-out: the head is sent again at once, and the answer to an older attempt is as good as to a newer one.
While the driver is leaving nothing is sent; if he comes back it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action, Table
from harness.headunit.events.event import Event
from harness.headunit.events.messaging import LinkUp, MessageSent, OutboxFilled, SendFailed, SendRetry
from harness.headunit.events.session import SessionClosed, SessionRestored

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

IDLE, SENDING, WAITING = "idle", "sending", "waiting"

TABLE: Table = {
    (IDLE, OutboxFilled): (SENDING, ("send_head",)),
    **{(s, MessageSent): (IDLE, ("drop_head", "pump")) for s in (SENDING, WAITING)},
    (SENDING, SendFailed): (WAITING, ("start_send_retry",)),
    (WAITING, SendRetry): (SENDING, ("send_head",)),
    **{(s, LinkUp): (SENDING, ("send_head", "fetch_messages", "flush_revocations")) for s in (SENDING, WAITING)},
    (IDLE, SessionRestored): (IDLE, ("pump",)),
    **{(s, SessionClosed): (IDLE, ()) for s in (SENDING, WAITING)},
    (IDLE, LinkUp): (IDLE, ("fetch_messages", "flush_revocations")),
}


def send_head(unit: HeadUnit, event: Event) -> None:
    outbox, session = unit.flash.outbox, unit.flash.session
    if not outbox or session is None:
        unit.post(MessageSent(""))
    elif unit.flash.leaving:
        unit.post(SendFailed(outbox[0].id, "leaving"))
    else:
        unit.service.send(session.token, outbox[0])


def drop_head(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, MessageSent)
    outbox = unit.flash.outbox
    if outbox and outbox[0].id == event.id:
        outbox.pop(0)
        unit.flash.sent += 1
        unit.log.line("messaging: sent")


def pump(unit: HeadUnit, event: Event) -> None:
    if unit.flash.outbox:
        unit.post(OutboxFilled())


def start_send_retry(unit: HeadUnit, event: Event) -> None:
    unit.start("send_retry", unit.figures["retry_interval"], SendRetry())


def fetch_messages(unit: HeadUnit, event: Event) -> None:
    unit.service.fetch()


def flush_revocations(unit: HeadUnit, event: Event) -> None:
    unit.service.revoke()


ACTIONS: dict[str, Action] = {
    "send_head": send_head,
    "drop_head": drop_head,
    "pump": pump,
    "start_send_retry": start_send_retry,
    "fetch_messages": fetch_messages,
    "flush_revocations": flush_revocations,
}
