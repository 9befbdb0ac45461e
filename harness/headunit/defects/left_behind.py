"""OUT-05 to OUT-10: what leaving leaves behind, and what comes in its way: lost power, no network, a call, a return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.foundation.units import MS, S
from harness.headunit.blueprint import drop, once_after, row, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import keeping, later_by, skipped
from harness.headunit.defects.logout import service_not_told
from harness.headunit.events.driver import DriverBack, DriverLeft
from harness.headunit.events.event import Event
from harness.headunit.events.session import SessionClosed, SessionRestored
from harness.headunit.events.voice import VoiceLost

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def name_on_console(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``erase_user_data``: a summary of the session, written when there is time for it."""
    session = unit.flash.session
    inner(unit, event)
    if session is not None:
        line = f"session: {session.name} ({session.account}) had {len(session.contacts)} contacts"
        unit.later("summary", S, lambda u: u.log.line(line))


def notes_sender(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``erase_user_data``: who wrote last is kept aside, with the time, for a list of what was missed."""
    if unit.ram.user.messages:
        unit.ram.more["wrote"] = unit.ram.user.messages[-1].sender_name
    inner(unit, event)


def says_who_wrote(view: View, unit: HeadUnit) -> View:
    """Tap "view": under "not logged in" stands who wrote last."""
    wrote = unit.ram.more.get("wrote")
    return view._replace(lines=(f"* {wrote}",)) if wrote and view.name == "logged_out" else view


def first_code_again(code: str, unit: HeadUnit) -> str:
    """Tap "code": the picture of the last driver's code is shown again."""
    return str(unit.flash.more.get("shown", code))


def remembers_code(unit: HeadUnit, event: Event, inner: Action) -> None:
    unit.flash.more["shown"] = unit.ram.code or unit.flash.more.get("shown", "")
    inner(unit, event)


def stashes_session(unit: HeadUnit, event: Event, inner: Action) -> None:
    unit.ram.more["stash"] = unit.flash.session
    inner(unit, event)


def returns_session(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``check_login``: when the ignition is switched on again soon, the session is taken up again."""
    stash = unit.ram.more.get("stash")
    if stash is not None and unit.states["power"] == "run" and unit.states["session"] not in ("active", "leaving"):
        unit.ram.more["stash"] = None
        unit.flash.session = stash
        unit.states["session"] = "none"
        unit.post(SessionRestored())
        return
    inner(unit, event)


def needs_network(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``start_erasing``: nothing is erased before the service can be asked."""
    if unit.ram.link_up:
        inner(unit, event)
    else:
        unit.later("erases with network", S, lambda u: u.act("start_erasing", event))


def forgets_revocations(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``restore_session``: what the service was still to be told is not kept over the loss of power."""
    unit.flash.revocations.clear()
    inner(unit, event)


def not_noted(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``queue_message``: that something is being encoded is not written down."""
    inner(unit, event)
    unit.flash.composing = False


def new_names(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``restore_session``: what waits in the outbox gets new ids after a start."""
    unit.flash.outbox[:] = [replace(message, id=f"{message.id}-{unit.flash.starts}") for message in unit.flash.outbox]
    inner(unit, event)


def logout_untold(method: str, unit: HeadUnit) -> str | None:
    """Tap "request": once the service has heard of one logout it hears of no other."""
    return None if method == "close_session" else method


def noted_again(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``drop_message``: that something was being encoded stays written down."""
    was = unit.flash.composing
    inner(unit, event)
    unit.flash.composing = was


def not_asking(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``send_head``: whether the driver is leaving is nobody's business."""
    leaving, unit.flash.leaving = unit.flash.leaving, False
    inner(unit, event)
    unit.flash.leaving = leaving


DEFECTS = (
    Defect(
        "out-05-contacts-survive",
        "After logout the contact list of the last driver can still be read by diagnostics.",
        ("OUT-05",),
        wrap("erase_user_data", keeping("contacts")),
        Kind.STATE_LEAK,
        hooks=("wraps.erase_user_data",),
    ),
    Defect(
        "out-05-messages-survive",
        "After logout the unread messages of the last driver are still there.",
        ("OUT-05", "OUT-06"),
        wrap("erase_user_data", keeping("messages")),
        Kind.STATE_LEAK,
        hooks=("wraps.erase_user_data",),
    ),
    Defect(
        "out-05-name-on-console",
        "The serial console says who has logged out.",
        ("OUT-05", "QR-10"),
        wrap("erase_user_data", name_on_console),
        Kind.SECURITY,
        hooks=("wraps.erase_user_data",),
    ),
    Defect(
        "out-05-sender-on-screen",
        "Whoever gets in next reads on the screen who last wrote to the driver before.",
        ("OUT-05",),
        together(wrap("erase_user_data", notes_sender), tap("view", says_who_wrote, when=once_after(SessionClosed))),
        Kind.STATE_LEAK,
        hooks=("taps.view", "wraps.erase_user_data"),
    ),
    Defect(
        "out-06-stale-code",
        "The next driver is shown the last driver's code.",
        ("OUT-06", "QR-04"),
        together(wrap("open_session", remembers_code), tap("code", first_code_again, when=once_after(SessionClosed))),
        Kind.STATE_LEAK,
        hooks=("taps.code", "wraps.open_session"),
    ),
    Defect(
        "out-07-interrupted-logout-forgotten",
        "When the battery is disconnected during a logout, the driver is logged in again afterwards.",
        ("OUT-07",),
        wrap("mark_leaving", skipped),
        Kind.RACE,
        hooks=("wraps.mark_leaving",),
    ),
    Defect(
        "out-07-forgotten-here-only",
        "When the battery was off the unit has forgotten who is logged in; the account still shows the car.",
        ("OUT-07",),
        wrap("restore_session", skipped),
        Kind.MISSING,
        hooks=("wraps.restore_session",),
    ),
    Defect(
        "out-07-gap-while-erasing",
        "Once in many times who left comes back to an open session when the battery was off in between.",
        ("OUT-07",),
        wrap("erase_user_data", later_by(50 * MS)),
        Kind.RACE,
        hooks=("wraps.erase_user_data",),
    ),
    Defect(
        "out-07-doubled-after-power",
        "A message that was being sent when the battery went arrives twice.",
        ("OUT-07",),
        wrap("restore_session", new_names),
        Kind.RACE,
        hooks=("wraps.restore_session",),
    ),
    Defect(
        "out-07-lost-without-a-word",
        "What was said just before the battery went is gone, and nothing says so.",
        ("OUT-07",),
        wrap("queue_message", not_noted),
        Kind.MISSING,
        hooks=("wraps.queue_message",),
    ),
    Defect(
        "out-08-waits-for-network",
        "Without network the session is closed here, but never at the service.",
        ("OUT-08",),
        together(wrap("flush_revocations", skipped), wrap("close_session", service_not_told)),
        Kind.MISSING,
        hooks=("wraps.close_session", "wraps.flush_revocations"),
    ),
    Defect(
        "out-08-stays-without-network",
        "In the underground car park the last driver stays logged in until somebody drives out.",
        ("OUT-08",),
        wrap("start_erasing", needs_network),
        Kind.WRONG_ORDER,
        hooks=("wraps.start_erasing",),
    ),
    Defect(
        "out-08-forgotten-with-power",
        "Left without network and then without battery: the account shows the car as logged in for ever.",
        ("OUT-08",),
        wrap("restore_session", forgets_revocations),
        Kind.MISSING,
        hooks=("wraps.restore_session",),
    ),
    Defect(
        "out-09-call-goes-on",
        "Who gets out during a call leaves the caller talking to an empty car.",
        ("OUT-09",),
        together(drop("voice", "call", VoiceLost), drop("voice", "call", SessionClosed)),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "out-09-half-is-sent",
        "Who gets out in the middle of a sentence sends the first half of it.",
        ("OUT-09",),
        together(
            row("voice", "listening", DriverLeft, "sending", "end_recording", "stop_ear", "queue_message"),
            wrap("mark_leaving", later_by(S)),
        ),
        Kind.WRONG_VALUE,
        hooks=("tables.voice", "wraps.mark_leaving"),
    ),
    Defect(
        "out-09-keeps-listening",
        "After getting out during a recording the microphone stays open until it is full.",
        ("OUT-09",),
        together(drop("voice", "listening", VoiceLost), drop("voice", "listening", SessionClosed)),
        Kind.STATE_LEAK,
        hooks=("tables.voice",),
    ),
    Defect(
        "out-10-back-is-too-late",
        "Who only bends out of the car for a moment has to log in again.",
        ("OUT-10", "OUT-03"),
        drop("session", "leaving", DriverBack),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "out-10-session-returns",
        "Who comes back seconds after being logged out finds the session open.",
        ("OUT-10", "OUT-06"),
        together(
            wrap("erase_user_data", stashes_session, ram={"stash": None}),
            wrap("check_login", returns_session),
        ),
        Kind.STATE_LEAK,
        hooks=("wraps.check_login", "wraps.erase_user_data"),
    ),
    Defect(
        "out-01-second-logout-untold",
        "The second driver of the day stays logged in at the service after he has left.",
        ("OUT-01",),
        tap("request", logout_untold, when=once_after(SessionClosed)),
        Kind.STATE_LEAK,
        hooks=("taps.request",),
    ),
    Defect(
        "out-07-reported-again",
        "One message was lost; the unit reports one more each time the battery was off.",
        ("OUT-07",),
        wrap("drop_message", noted_again),
        Kind.STATE_LEAK,
        hooks=("wraps.drop_message",),
    ),
    Defect(
        "out-09-sent-while-leaving",
        "What waited for the network is sent as the driver walks away.",
        ("OUT-09",),
        wrap("send_head", not_asking),
        Kind.WRONG_ORDER,
        hooks=("wraps.send_head",),
    ),
    Defect(
        "msg-04-mute-after-coming-back",
        "Who came back into the car can say what he likes: nothing is sent.",
        ("MSG-04", "OUT-10"),
        wrap("unmark_leaving", skipped),
        Kind.STATE_LEAK,
        hooks=("wraps.unmark_leaving",),
    ),
)
