"""Whose unit this is: login by code, and logout when the driver leaves.

Theory. A code is shown only where one may log in (running, PARKED) and the service is reached; it is replaced before
the service lets it expire. A session is in flash from the instant it is confirmed, so that losing KL30 keeps the same
user's session whole. Leaving is a rule of the car that has to hold for the confirm time; from its first instant flash
says "leaving", so a start that finds that mark erases first and asks afterwards. Erasing is local and at once; the
service is told as soon as it is reached. A timer whose state has been left is not stopped: its event finds no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action, Table
from harness.headunit.events.driver import ConfirmTimerEnded, DriverBack, DriverLeft, LockedOutside
from harness.headunit.events.event import Event
from harness.headunit.events.login import (
    CodeArrived,
    CodeConfirmed,
    CodeFailed,
    CodeRefused,
    CodeScanned,
    LoginDone,
    LoginImpossible,
    LoginPossible,
    LoginTimer,
    RefreshTimer,
    RetryTimer,
)
from harness.headunit.events.messaging import LinkDown, LinkUp, MessageArrived
from harness.headunit.events.session import (
    Erased,
    NoticeOver,
    SessionClosed,
    SessionOpened,
    SessionRestored,
    SessionRevoked,
)
from harness.headunit.events.voice import VoiceLost
from harness.headunit.state import Session, User
from harness.vehicle.driving import DrivingState

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

NONE, AWAY, OFFLINE, FETCHING, CODE, CONFIRMING = "none", "away", "offline", "fetching", "code_shown", "confirming"
NOTICE, OPENING, ACTIVE, LEAVING, ERASING, GOODBYE = "notice", "opening", "active", "leaving", "erasing", "goodbye"
LOGGED_OUT = (AWAY, OFFLINE, FETCHING, CODE, CONFIRMING, NOTICE, GOODBYE)
_HIDES = (OFFLINE, FETCHING, CODE, CONFIRMING, NOTICE)

_GO = ("mark_leaving", "close_session", "start_erasing")

TABLE: Table = {
    (NONE, SessionRestored): (ACTIVE, ("restore_user", "fetch_messages", "look_again")),
    (NONE, LoginImpossible): (AWAY, ()),
    **{(s, LoginPossible): (FETCHING, ("fetch_code",)) for s in (NONE, AWAY)},
    **{(s, LoginImpossible): (AWAY, ("drop_code",)) for s in _HIDES},
    **{(s, CodeArrived): (CODE, ("keep_code",)) for s in (FETCHING, CODE)},
    **{(s, CodeFailed): (OFFLINE, ("drop_code", "start_retry")) for s in (FETCHING, CODE)},
    **{(s, LinkDown): (OFFLINE, ("drop_code", "start_retry")) for s in (FETCHING, CODE, CONFIRMING)},
    (OFFLINE, RetryTimer): (FETCHING, ("fetch_code",)),
    (OFFLINE, LinkUp): (OFFLINE, ("retry_soon",)),
    (CODE, RefreshTimer): (CODE, ("fetch_code",)),
    (CODE, CodeScanned): (CONFIRMING, ("start_login_timer",)),
    **{(s, CodeConfirmed): (OPENING, ("open_session",)) for s in (CODE, CONFIRMING)},
    (CONFIRMING, CodeRefused): (NOTICE, ("drop_code", "say_refused", "start_notice")),
    (CONFIRMING, LoginTimer): (NOTICE, ("drop_code", "say_expired", "start_notice")),
    **{(s, CodeConfirmed): (s, ("reject_session",)) for s in (AWAY, OFFLINE, FETCHING, NOTICE, ACTIVE, GOODBYE)},
    **{(s, NoticeOver): (AWAY, ("check_login_again",)) for s in (NOTICE, GOODBYE)},
    (OPENING, LoginDone): (ACTIVE, ("session_opened", "fetch_messages")),
    **{(s, e): (ERASING, _GO) for s in (OPENING, ACTIVE, LEAVING) for e in (LockedOutside, SessionRevoked)},
    (ACTIVE, DriverLeft): (LEAVING, ("mark_leaving", "start_confirm_timer")),
    (LEAVING, DriverBack): (ACTIVE, ("unmark_leaving",)),
    (LEAVING, ConfirmTimerEnded): (ERASING, _GO),
    (ERASING, Erased): (GOODBYE, ("erase_user_data", "unmark_leaving", "start_notice")),
}


def check_login(unit: HeadUnit, event: Event) -> None:
    """Tell the session machine when it has become possible, or impossible, to log in."""
    if unit.states["power"] not in ("run", "post_run"):
        return  # before the start is over nobody knows whose unit it is
    allowed = unit.vehicle.driving.allows(DrivingState(unit.states["driving"])).login
    possible = unit.states["power"] == "run" and allowed
    if possible != unit.ram.login_possible:
        unit.ram.login_possible = possible
        unit.post(LoginPossible() if possible else LoginImpossible())


def check_login_again(unit: HeadUnit, event: Event) -> None:
    unit.ram.login_possible = None
    unit.act("check_login", event)


def fetch_code(unit: HeadUnit, event: Event) -> None:
    unit.service.new_code()


def keep_code(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, CodeArrived)
    unit.ram.code = event.text
    unit.start("refresh", unit.figures["code_validity"] - unit.figures["code_margin"], RefreshTimer())


def drop_code(unit: HeadUnit, event: Event) -> None:
    unit.ram.code = ""


def start_retry(unit: HeadUnit, event: Event) -> None:
    unit.start("retry", unit.figures["retry_interval"], RetryTimer())


def retry_soon(unit: HeadUnit, event: Event) -> None:
    unit.start("retry", unit.figures["code_after_network"], RetryTimer())


def start_login_timer(unit: HeadUnit, event: Event) -> None:
    unit.start("login", unit.figures["confirm_timeout"] - unit.figures["confirm_margin"], LoginTimer())


def say_refused(unit: HeadUnit, event: Event) -> None:
    unit.ram.notice = "refused"


def say_expired(unit: HeadUnit, event: Event) -> None:
    unit.ram.notice = "expired"


def start_notice(unit: HeadUnit, event: Event) -> None:
    unit.start("notice", unit.figures["notice_time"], NoticeOver())


def open_session(unit: HeadUnit, event: Event) -> None:
    """Into flash at once, and the service told by asking for it: a session that its unit never asked for, the service
    ends when the unit starts again. In front a little later."""
    assert isinstance(event, CodeConfirmed)
    unit.ram.code = ""
    accounts = tuple(account for account, _ in event.contacts)
    names = tuple(name for _, name in event.contacts)
    unit.flash.session = Session(event.token, event.account, event.name, accounts, names)
    unit.service.check_session()
    unit.act("restore_user", event)
    unit.start("login_time", unit.figures["login_time"], LoginDone())


def restore_user(unit: HeadUnit, event: Event) -> None:
    session = unit.flash.session
    unit.ram.user = User(contacts=[*unit.ram.user.contacts, *(session.names if session else ())])


def session_opened(unit: HeadUnit, event: Event) -> None:
    unit.log.line("session: opened")
    unit.post(SessionOpened())
    if unit.ram.left:  # the driver has left while the login was being finished
        unit.post(DriverLeft())


def reject_session(unit: HeadUnit, event: Event) -> None:
    """Confirmed when the unit was not to be logged in any more: give the session back."""
    assert isinstance(event, CodeConfirmed)
    unit.flash.revocations.append(event.token)
    unit.service.revoke()


def start_confirm_timer(unit: HeadUnit, event: Event) -> None:
    unit.start("confirm_leave", unit.figures["confirm_leave"], ConfirmTimerEnded())


def mark_leaving(unit: HeadUnit, event: Event) -> None:
    unit.flash.leaving = True


def unmark_leaving(unit: HeadUnit, event: Event) -> None:
    unit.flash.leaving = False


def close_session(unit: HeadUnit, event: Event) -> None:
    session = unit.flash.session
    unit.post(VoiceLost())
    if session is not None and type(event) is not SessionRevoked:
        unit.flash.revocations.append(session.token)
    unit.service.revoke()


def start_erasing(unit: HeadUnit, event: Event) -> None:
    unit.start("erase", unit.figures["logout_time"], Erased())


def erase_user_data(unit: HeadUnit, event: Event) -> None:
    """Everything of the user, in ram and flash. What was not sent is not sent any more, and is reported so."""
    unit.act("drop_message", event)
    unit.flash.unsent += len(unit.flash.outbox)
    unit.flash.outbox.clear()
    unit.flash.session = None
    unit.ram.user = User()
    unit.ram.page = "home"
    unit.mouth.silence()
    unit.log.line("session: closed")
    unit.post(SessionClosed())


def restore_session(unit: HeadUnit, event: Event) -> None:
    """After a start: finish a logout that was interrupted, else take up the session that was there. What a unit that
    only slept has missed it asks for; what came while nobody could be told is announced."""
    flash = unit.flash
    if unit.states["session"] != NONE:
        unit.service.check_session()
        unit.service.fetch()
        unit.post(MessageArrived())
        return
    unit.act("drop_message", event)
    if flash.leaving:
        if flash.session is not None:
            flash.revocations.append(flash.session.token)
        unit.act("erase_user_data", event)
        flash.leaving = False
    elif flash.session is not None:
        unit.post(SessionRestored())
    unit.service.revoke()


def look_again(unit: HeadUnit, event: Event) -> None:
    """The driver may have left while nobody was looking."""
    unit.service.check_session()
    if unit.ram.locked:
        unit.post(LockedOutside())
    elif unit.ram.left:
        unit.post(DriverLeft())


ACTIONS: dict[str, Action] = {
    f.__name__: f
    for f in (
        check_login, check_login_again, fetch_code, keep_code, drop_code, start_retry, retry_soon, start_login_timer,
        say_refused, say_expired, start_notice, open_session, restore_user, session_opened,
        reject_session, start_confirm_timer, mark_leaving, unmark_leaving, close_session,
        start_erasing, erase_user_data, restore_session, look_again,
    )
}  # fmt: skip
