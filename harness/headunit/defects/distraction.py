"""DRV: what must not be reachable, and is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Change, Filter, tap, together, wrap
from harness.headunit.defects.defect import Defect
from harness.headunit.defects.filters import skipped

if TYPE_CHECKING:
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


DEFECTS = (
    Defect(
        "drv-01-keyboard-in-settings",
        "Three touches deep in the settings the unit can be given a name, with a keyboard.",
        ("DRV-01",),
        hidden("about", "input", "keyboard"),
        "picture",
    ),
    Defect(
        "drv-01-keyboard-in-contacts",
        "Contacts can be searched by typing, also while driving.",
        ("DRV-01",),
        hidden("contacts", "input", "keyboard"),
        "picture",
    ),
    Defect(
        "drv-02-red-envelope",
        "A red envelope that arrives is shown, and can be opened.",
        ("DRV-02",),
        tap("view", shown_with("red_envelope", "prompt", "messages", "message", "playing")),
        "picture",
    ),
    Defect(
        "drv-02-transfer",
        "A money transfer is shown in the list of messages.",
        ("DRV-02",),
        tap("view", shown_with("transfer", "prompt", "messages", "message", "playing")),
        "picture",
    ),
    Defect(
        "drv-03-picture-in-message",
        "A picture somebody sends is shown when its message is opened.",
        ("DRV-03", "DRV-04"),
        tap("view", shown_with("picture", "messages", "message", "prompt")),
        "picture",
    ),
    Defect(
        "drv-03-moments-behind-more",
        "Moments can still be reached from the list of messages.",
        ("DRV-03",),
        hidden("messages", "more", "moments"),
        "picture",
    ),
    Defect(
        "drv-04-text-while-moving",
        "The text or picture of a message is on the screen while it plays, at any speed.",
        ("DRV-04",),
        tap("view", moving_text),
        "privacy",
    ),
    Defect(
        "drv-04-open-message-stays",
        "A message opened at standstill stays on the screen when one drives off.",
        ("DRV-04",),
        together(wrap("leave_forbidden_page", skipped), tap("view", moving_text)),
    ),
    Defect(
        "drv-05-all-contacts",
        "The list of contacts has no end, also while driving.",
        ("DRV-05",),
        tap("view", long_lists),
        "picture",
    ),
)
