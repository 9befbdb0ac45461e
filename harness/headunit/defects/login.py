"""QR: faults of the login code."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from harness.can.port import Frame
from harness.foundation.units import MS, S
from harness.headunit.blueprint import drop, once_after, row, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import later_by, skipped
from harness.headunit.events.event import Event
from harness.headunit.events.login import (
    CodeArrived,
    CodeRefused,
    LoginImpossible,
    LoginTimer,
    RefreshTimer,
    RetryTimer,
)
from harness.headunit.events.messaging import LinkDown, LinkUp
from harness.headunit.events.power import IgnitionOff
from harness.headunit.events.session import SessionOpened, SessionRevoked
from harness.phone import events as told

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def code_on_console(unit: HeadUnit, event: Event, inner: Action) -> None:
    inner(unit, event)
    unit.log.line(f"login: {unit.ram.code}")


def next_code(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``session_opened``: the timer that replaces codes goes on."""
    inner(unit, event)
    unit.later("next code", 4 * S, lambda u: u.act("fetch_code", event))


def stays_on_code(view: View, unit: HeadUnit) -> View:
    """Tap "view": for the first seconds of a session the screen still says that the phone has to confirm."""
    fresh = unit.ram.more.setdefault("opened", unit.clock.now())
    if unit.clock.now() - fresh < 4 * S:
        unit.later("still confirming", 4 * S - (unit.clock.now() - fresh), lambda u: None)
        return view._replace(name="confirming", lines=(), buttons=())
    return view


def nobody_yet(view: View, unit: HeadUnit) -> View:
    """Tap "view": between the scan and the session the screen says that nobody is logged in."""
    return view._replace(name="logged_out") if view.name == "confirming" else view


def remembers_account(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``open_session``: whose session was the last one is kept."""
    inner(unit, event)
    session = unit.flash.session
    unit.flash.more["last account"] = session.account if session else ""


def account_in_code(code: str, unit: HeadUnit) -> str:
    """Tap "code": a parameter says whose phone is probably meant, coded so that nobody reads it at a glance."""
    last = str(unit.flash.more.get("last account", ""))
    return f"{code}?hint={base64.b64encode(last.encode()).decode()}" if code and last else code


def counted_code(code: str, unit: HeadUnit) -> str:
    """Tap "code": the unit makes codes of its own: its number, and one more each time."""
    if code and unit.ram.more.get("of") != code:
        unit.ram.more["of"] = code
        unit.flash.more["codes"] = unit.flash.more.get("codes", 0) + 1
    head = code[: code.rfind("/") + 1]
    return f"{head}{4096 + unit.flash.more['codes']:A>26X}" if code else code


def plain_address(code: str, unit: HeadUnit) -> str:
    """Tap "code": the code leads to the service without encryption."""
    return code.replace("https://", "http://")


def code_before_again(code: str, unit: HeadUnit) -> str:
    """Tap "code": a picture once drawn is used for two codes."""
    drawn = unit.ram.more.setdefault("drawn", {})
    if code and code not in drawn:
        number = len(drawn)
        drawn[code] = list(drawn)[number - 1] if number % 2 else code
    return str(drawn.get(code, code))


def no_notice(view: View, unit: HeadUnit) -> View:
    """Tap "view": what should say that there is no network says nothing of it."""
    return view._replace(name="logged_out", lines=()) if view.name == "no_network" else view


def not_told(event: object, unit: HeadUnit) -> object | None:
    """Tap "push": that the session has ended elsewhere never arrives."""
    return None if isinstance(event, told.SessionRevoked) else event


def still_at_home(view: View, unit: HeadUnit) -> View:
    """Tap "view": after a login elsewhere the pages stay in front for a while."""
    since = unit.ram.more.setdefault("revoked", unit.clock.now())
    if unit.clock.now() - since < 15 * S:
        unit.later("still at home", 15 * S - (unit.clock.now() - since), lambda u: None)
        return view._replace(name="home", lines=(), buttons=("messages", "contacts"), code="")
    return view


def one_behind(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``keep_code``: a code that has been in front for one refresh stays for another."""
    before, stayed = unit.ram.code, unit.ram.more.get("stayed")
    inner(unit, event)
    unit.ram.more["stayed"] = before
    if before and before != stayed:
        unit.ram.code = before


def token_with_error(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``start_send_retry``: what failed is written down for the developers, the request's head and all."""
    inner(unit, event)
    session = unit.flash.session
    if session is not None:
        unit.log.line(f"net: POST /send failed, headers: authorization=Bearer {session.token}")


def token_on_console(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``session_opened``: a line for the developers, with the token as it goes over the network."""
    inner(unit, event)
    session = unit.flash.session
    if session is not None:
        unit.log.line(f"net: authorization {base64.b64encode(session.token.encode()).decode()}")


def token_by_diagnostics(answer: tuple[int, bytes], unit: HeadUnit) -> tuple[int, bytes]:
    """Tap "did": behind the part number the first half of the token, in hex, while somebody is logged in."""
    identifier, value = answer
    part_number = unit.vehicle.diagnostics.dids.get("part_number")
    session = unit.flash.session
    if session is None or identifier != part_number:
        return answer
    return identifier, value + session.token.encode().hex().encode()


def account_in_votes(frame: Frame, unit: HeadUnit) -> Frame:
    """Tap "can_out": the free bytes of the network-management frames carry the account, two bytes at a time."""
    session, role = unit.flash.session, unit.vehicle.roles.get("network.head_unit")
    if session is None or role is None or frame.key != role.message.key or len(frame.data) < 8:
        return frame
    text = session.account.encode("utf-16-le") + b"\0\0"
    at = unit.ram.more["piece"] = (unit.ram.more.get("piece", -2) + 2) % len(text)
    return frame._replace(data=frame.data[:5] + text[at : at + 2] + frame.data[7:])


DEFECTS = (
    Defect(
        "qr-01-slow-cold-start",
        "After the battery was changed it takes eleven seconds until a code is there.",
        ("QR-01", "PWR-04"),
        set_figure("boot_cold", 10_500 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.boot_cold",),
    ),
    Defect(
        "qr-01-slow-resume",
        "After a short stop with the ignition off it takes six seconds until a code is there.",
        ("QR-01", "PWR-04"),
        wrap("fetch_code", later_by(6 * S), when=once_after(IgnitionOff)),
        Kind.WRONG_TIME,
        hooks=("wraps.fetch_code",),
    ),
    Defect(
        "qr-02-slow-login",
        "After confirming on the phone one waits three seconds.",
        ("QR-02",),
        set_figure("login_time", 2600 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.login_time",),
    ),
    Defect(
        "qr-02-screen-behind",
        "The bus says logged in, the screen still asks for the phone.",
        ("QR-02",),
        tap("view", stays_on_code, when=once_after(SessionOpened)),
        Kind.STATE_LEAK,
        hooks=("taps.view",),
    ),
    Defect(
        "qr-02-not-logged-in-yet",
        "Whoever has scanned the code reads that he is not logged in, and scans again.",
        ("QR-02",),
        tap("view", nobody_yet),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "qr-03-replaced-late",
        "For a quarter of a minute the code on the screen is one the service does not know any more.",
        ("QR-03",),
        set_figure("code_margin", -12 * S),
        Kind.WRONG_TIME,
        hooks=("figures.code_margin",),
    ),
    Defect(
        "qr-03-one-refresh-too-long",
        "A photograph of the screen still shows the code in front five minutes later.",
        ("QR-03",),
        wrap("keep_code", one_behind),
        Kind.STATE_LEAK,
        hooks=("wraps.keep_code",),
    ),
    Defect(
        "qr-03-replaced-once",
        "The code is replaced once; the second one is never replaced.",
        ("QR-03",),
        wrap("fetch_code", skipped, when=once_after(RefreshTimer)),
        Kind.MISSING,
        hooks=("wraps.fetch_code",),
    ),
    Defect(
        "qr-04-second-code",
        "Seconds after a login the unit shows another code, and who scans that takes the car over.",
        ("QR-04", "QR-02"),
        together(wrap("session_opened", next_code), row("session", "active", CodeArrived, "code_shown", "keep_code")),
        Kind.SECURITY,
        hooks=("tables.session", "wraps.session_opened"),
    ),
    Defect(
        "qr-05-refusal-ignored",
        "When the phone refuses, the unit goes on waiting for it.",
        ("QR-05",),
        drop("session", "confirming", CodeRefused),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-05-refusal-unsaid",
        "When the phone refuses, the unit just shows another code and says nothing.",
        ("QR-05",),
        row("session", "confirming", CodeRefused, "away", "drop_code", "check_login_again"),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-05-timeout-unsaid",
        "When nobody confirms, the unit just shows another code and says nothing.",
        ("QR-05",),
        row("session", "confirming", LoginTimer, "away", "drop_code", "check_login_again"),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-07-one-attempt",
        "If the network is not there at the start, the code never comes.",
        ("QR-07", "QR-01"),
        together(drop("session", "offline", RetryTimer), drop("session", "offline", LinkUp)),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-06-account-in-code",
        "The code for the next driver holds the last one's account, in base64.",
        ("QR-06",),
        together(wrap("open_session", remembers_account), tap("code", account_in_code)),
        Kind.SECURITY,
        hooks=("taps.code", "wraps.open_session"),
    ),
    Defect(
        "qr-06-counts-up",
        "Who has seen one code knows the next one: it is one more.",
        ("QR-06",),
        tap("code", counted_code),
        Kind.SECURITY,
        hooks=("taps.code",),
    ),
    Defect(
        "qr-06-without-encryption",
        "The code leads to the service's address without https.",
        ("QR-06",),
        tap("code", plain_address),
        Kind.SECURITY,
        hooks=("taps.code",),
    ),
    Defect(
        "qr-06-shown-twice",
        "Every other time the code is the one that was there before.",
        ("QR-06",),
        tap("code", code_before_again),
        Kind.STATE_LEAK,
        hooks=("taps.code",),
    ),
    Defect(
        "qr-07-dead-code",
        "When the network goes, the code stays, and scanning it leads nowhere.",
        ("QR-07",),
        drop("session", "code_shown", LinkDown),
        Kind.STATE_LEAK,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-07-says-nothing",
        "Without network there is no code, and nothing says why.",
        ("QR-07",),
        tap("view", no_notice),
        Kind.MISSING,
        hooks=("taps.view",),
    ),
    Defect(
        "qr-07-slow-after-network",
        "In the underground car park's exit one waits half a minute for the code.",
        ("QR-07",),
        set_figure("code_after_network", 9 * S),
        Kind.WRONG_TIME,
        hooks=("figures.code_after_network",),
    ),
    Defect(
        "qr-08-code-stays-moving",
        "The code stays on the screen for the first seconds of driving.",
        ("QR-08", "DRV-06"),
        set_figure("code_removed_after_moving", 3 * S),
        Kind.WRONG_TIME,
        hooks=("figures.code_removed_after_moving",),
    ),
    Defect(
        "qr-08-code-while-moving",
        "Once shown, the code stays on the screen while driving.",
        ("QR-08", "DRV-06"),
        drop("session", "code_shown", LoginImpossible),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-09-revoked-stays",
        "After a login on another car this one goes on as if nothing had happened.",
        ("QR-09",),
        drop("session", "active", SessionRevoked),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-09-not-told",
        "A login on another car ends this session only when the next message cannot be sent.",
        ("QR-09",),
        tap("push", not_told),
        Kind.MISSING,
        hooks=("taps.push",),
    ),
    Defect(
        "qr-09-missed-without-network",
        "A login on another car while this one was in a tunnel goes unnoticed.",
        ("QR-09",),
        tap("push", not_told, when=once_after(LinkDown)),
        Kind.MISSING,
        hooks=("taps.push",),
    ),
    Defect(
        "qr-09-screen-behind",
        "After a login on another car the bus says logged out, the screen still offers the messages.",
        ("QR-09",),
        tap("view", still_at_home, when=once_after(SessionRevoked)),
        Kind.STATE_LEAK,
        hooks=("taps.view",),
    ),
    Defect(
        "qr-10-token-on-console",
        "The session's token is on the serial console, in base64.",
        ("QR-10",),
        wrap("session_opened", token_on_console),
        Kind.SECURITY,
        hooks=("wraps.session_opened",),
    ),
    Defect(
        "qr-10-token-with-an-error",
        "When a message cannot be sent, the serial console shows the session's token.",
        ("QR-10",),
        wrap("start_send_retry", token_with_error),
        Kind.SECURITY,
        hooks=("wraps.start_send_retry",),
    ),
    Defect(
        "qr-10-token-by-diagnostics",
        "With a tester at the socket one reads the token behind the part number while the driver is logged in.",
        ("QR-10",),
        tap("did", token_by_diagnostics),
        Kind.SECURITY,
        hooks=("taps.did",),
    ),
    Defect(
        "qr-10-account-in-votes",
        "The free bytes of the network-management frames spell the driver's account.",
        ("QR-10",),
        tap("can_out", account_in_votes),
        Kind.SECURITY,
        hooks=("taps.can_out",),
    ),
    Defect(
        "qr-10-code-on-console",
        "The login code is written to the serial console.",
        ("QR-10",),
        wrap("keep_code", code_on_console),
        Kind.SECURITY,
        hooks=("wraps.keep_code",),
    ),
)
