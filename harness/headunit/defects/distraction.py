"""DRV: what must not be reachable, and is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Change, Filter, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import skipped

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.events.event import Event
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def hidden(page: str, button: str, thing: str) -> Change:
    """On ``page`` there is a ``button`` more; behind it, ``thing`` until one goes back."""

    def view(view: View, unit: HeadUnit) -> View:
        if view.name != page:
            return view
        extra = (thing,) if unit.ram.more.get("open") == thing else ()
        return view._replace(buttons=(*view.buttons, button), extra=(*view.extra, *extra))

    def touch(name: str, unit: HeadUnit) -> str:
        if name == button:
            unit.ram.more["open"] = thing
        elif name:
            unit.ram.more.pop("open", None)
        return name

    return together(tap("view", view), tap("touch", touch))


def shown_with(kind: str, *pages: str) -> Filter:
    """Tap "view": a message of ``kind`` brings its icon along on ``pages``."""

    def changed(view: View, unit: HeadUnit) -> View:
        user = unit.ram.user
        if view.name not in pages:
            return view
        asked = [user.showing] if view.name != "messages" else user.messages
        there = any(message is not None and message.kind == kind for message in asked)
        return view._replace(extra=(*view.extra, kind)) if there else view

    return changed


def moving_text(view: View, unit: HeadUnit) -> View:
    """Tap "view": while a message plays, its text or picture is on the screen, moving or not."""
    showing = unit.ram.user.showing
    if view.name not in ("prompt", "playing", "message") or showing is None:
        return view
    lines = (*view.lines, showing.text) if showing.text and showing.text not in view.lines else view.lines
    extra = (*view.extra, "picture") if showing.kind == "picture" else view.extra
    return view._replace(lines=lines, extra=extra)


def long_lists(view: View, unit: HeadUnit) -> View:
    """Tap "view": the contacts are all there, however many."""
    return view._replace(lines=tuple(unit.ram.user.contacts)) if view.name == "contacts" else view


def whole_names(view: View, unit: HeadUnit) -> View:
    """Tap "view": who writes is shown with the whole name, however long."""
    showing = unit.ram.user.showing
    if view.name not in ("prompt", "playing") or showing is None:
        return view
    return view._replace(lines=(showing.sender_name, *view.lines[1:]))


def one_more_below(levels: int) -> Change:
    """Behind the contacts there is a page, and a page behind that one, ``levels`` deep."""

    def view(view: View, unit: HeadUnit) -> View:
        level = unit.ram.more.get("level", 0)
        if view.name != "contacts":
            return view
        return view._replace(
            buttons=(*view.buttons, "more"), lines=(*view.lines, "more " * level) if level else view.lines
        )

    def touch(name: str, unit: HeadUnit) -> str:
        level = unit.ram.more.get("level", 0)
        unit.ram.more["level"] = min(level + 1, levels) if name == "more" else level if not name else 0
        return name

    return together(tap("view", view), tap("touch", touch))


def settings_open(name: str, unit: HeadUnit) -> str | None:
    """Tap "touch": the settings open at any speed."""
    if name != "settings" or unit.states["session"] != "active":
        return name
    unit.ram.page = "settings"
    return None


def only_when_moving(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``check_login``: a car that stands is taken for a parked one."""
    if unit.states["driving"] != "IDLING":
        inner(unit, event)


DEFECTS = (
    Defect(
        "drv-01-keyboard-in-settings",
        "Three touches deep in the settings the unit can be given a name, with a keyboard.",
        ("DRV-01",),
        hidden("about", "input", "keyboard"),
        Kind.MISSING,
        hooks=("taps.touch", "taps.view"),
    ),
    Defect(
        "drv-01-keyboard-in-contacts",
        "Contacts can be searched by typing, also while driving.",
        ("DRV-01",),
        hidden("contacts", "input", "keyboard"),
        Kind.MISSING,
        hooks=("taps.touch", "taps.view"),
    ),
    Defect(
        "drv-02-red-envelope",
        "A red envelope that arrives is shown, and can be opened.",
        ("DRV-02",),
        tap("view", shown_with("red_envelope", "prompt", "messages", "message", "playing")),
        Kind.MISSING,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-02-transfer",
        "A money transfer is shown in the list of messages.",
        ("DRV-02",),
        tap("view", shown_with("transfer", "prompt", "messages", "message", "playing")),
        Kind.MISSING,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-03-picture-in-message",
        "A picture somebody sends is shown when its message is opened.",
        ("DRV-03", "DRV-04"),
        tap("view", shown_with("picture", "messages", "message", "prompt")),
        Kind.MISSING,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-03-moments-behind-more",
        "Moments can still be reached from the list of messages.",
        ("DRV-03",),
        hidden("messages", "more", "moments"),
        Kind.MISSING,
        hooks=("taps.touch", "taps.view"),
    ),
    Defect(
        "drv-04-text-while-moving",
        "The text or picture of a message is on the screen while it plays, at any speed.",
        ("DRV-04",),
        tap("view", moving_text),
        Kind.MISSING,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-04-open-message-stays",
        "A message opened at standstill stays on the screen when one drives off.",
        ("DRV-04",),
        together(wrap("leave_forbidden_page", skipped), tap("view", moving_text)),
        Kind.STATE_LEAK,
        hooks=("taps.view", "wraps.leave_forbidden_page"),
    ),
    Defect(
        "drv-05-all-contacts",
        "The list of contacts has no end, also while driving.",
        ("DRV-05",),
        tap("view", long_lists),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-05-whole-names",
        "A friend with a name as long as a sentence fills the screen with it while driving.",
        ("DRV-05",),
        tap("view", whole_names),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "drv-05-pages-below-pages",
        "Behind the contacts one page opens the next, four deep, while driving.",
        ("DRV-05",),
        one_more_below(4),
        Kind.WRONG_VALUE,
        hooks=("taps.touch", "taps.view"),
    ),
    Defect(
        "drv-06-settings-stay",
        "Settings opened at standstill stay on the screen when one drives off.",
        ("DRV-06",),
        wrap("leave_forbidden_page", skipped),
        Kind.STATE_LEAK,
        hooks=("wraps.leave_forbidden_page",),
    ),
    Defect(
        "drv-06-settings-open-while-driving",
        "The settings can be opened at any speed.",
        ("DRV-06",),
        together(tap("touch", settings_open), wrap("leave_forbidden_page", skipped)),
        Kind.MISSING,
        hooks=("taps.touch", "wraps.leave_forbidden_page"),
    ),
    Defect(
        "drv-06-login-at-traffic-light",
        "The code stays on the screen at the traffic light, and one may log in there.",
        ("DRV-06",),
        wrap("check_login", only_when_moving),
        Kind.WRONG_VALUE,
        hooks=("wraps.check_login",),
    ),
)
