"""QR: faults of the login code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import MS, S
from harness.headunit import events as ev
from harness.headunit.blueprint import drop, once_after, row, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect
from harness.headunit.defects.filters import later_by, skipped

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def code_on_console(unit: HeadUnit, event: ev.Event, inner: Action) -> None:
    inner(unit, event)
    unit.log.line(f"login: {unit.ram.code}")


def next_code(unit: HeadUnit, event: ev.Event, inner: Action) -> None:
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


DEFECTS = (
    Defect(
        "qr-01-slow-cold-start",
        "After the battery was changed it takes eleven seconds until a code is there.",
        ("QR-01", "PWR-04"),
        set_figure("boot_cold", 10_500 * MS),
        "timing",
    ),
    Defect(
        "qr-01-slow-resume",
        "After a short stop with the ignition off it takes six seconds until a code is there.",
        ("QR-01", "PWR-04"),
        wrap("fetch_code", later_by(6 * S), when=once_after(ev.IgnitionOff)),
        "timing",
    ),
    Defect(
        "qr-02-slow-login",
        "After confirming on the phone one waits three seconds.",
        ("QR-02",),
        set_figure("login_time", 2600 * MS),
        "timing",
    ),
    Defect(
        "qr-02-screen-behind",
        "The bus says logged in, the screen still asks for the phone.",
        ("QR-02",),
        tap("view", stays_on_code, when=once_after(ev.SessionOpened)),
        "picture",
    ),
    Defect(
        "qr-03-replaced-late",
        "For a quarter of a minute the code on the screen is one the service does not know any more.",
        ("QR-03",),
        set_figure("code_margin", -12 * S),
        "timing",
    ),
    Defect(
        "qr-03-replaced-once",
        "The code is replaced once; the second one is never replaced.",
        ("QR-03",),
        wrap("fetch_code", skipped, when=once_after(ev.RefreshTimer)),
    ),
    Defect(
        "qr-04-second-code",
        "Seconds after a login the unit shows another code, and who scans that takes the car over.",
        ("QR-04", "QR-02"),
        together(
            wrap("session_opened", next_code), row("session", "active", ev.CodeArrived, "code_shown", "keep_code")
        ),
    ),
    Defect(
        "qr-05-refusal-ignored",
        "When the phone refuses, the unit goes on waiting for it.",
        ("QR-05",),
        drop("session", "confirming", ev.CodeRefused),
    ),
    Defect(
        "qr-05-refusal-unsaid",
        "When the phone refuses, the unit just shows another code and says nothing.",
        ("QR-05",),
        row("session", "confirming", ev.CodeRefused, "away", "drop_code", "check_login_again"),
    ),
    Defect(
        "qr-05-timeout-unsaid",
        "When nobody confirms, the unit just shows another code and says nothing.",
        ("QR-05",),
        row("session", "confirming", ev.LoginTimer, "away", "drop_code", "check_login_again"),
    ),
    Defect(
        "qr-07-one-attempt",
        "If the network is not there at the start, the code never comes.",
        ("QR-07", "QR-01"),
        together(drop("session", "offline", ev.RetryTimer), drop("session", "offline", ev.LinkUp)),
    ),
    Defect(
        "qr-08-code-stays-moving",
        "The code stays on the screen for the first seconds of driving.",
        ("QR-08", "DRV-06"),
        set_figure("code_removed_after_moving", 3 * S),
        "timing",
    ),
    Defect(
        "qr-08-code-while-moving",
        "Once shown, the code stays on the screen while driving.",
        ("QR-08", "DRV-06"),
        drop("session", "code_shown", ev.LoginImpossible),
    ),
    Defect(
        "qr-09-revoked-stays",
        "After a login on another car this one goes on as if nothing had happened.",
        ("QR-09",),
        drop("session", "active", ev.SessionRevoked),
    ),
    Defect(
        "qr-10-code-on-console",
        "The login code is written to the serial console.",
        ("QR-10",),
        wrap("keep_code", code_on_console),
        "privacy",
    ),
)
