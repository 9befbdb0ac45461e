"""What is in front: one view, derived from the states, and what a finger can reach from it.

Theory. The front view is a function of what the machines say, asked again after every event; a change comes to the
screen after the unit's reaction time. Pages are a small tree (home - messages, contacts, settings - about): no
keyboard, no payment, none of the phone's other entertainments is anywhere in it, and a message is heard, never read.
While not PARKED the car's table of restrictions decides what is left: login and settings go, lists and strings get
short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action, Table
from harness.headunit.decoration import KINDS
from harness.headunit.events.event import Event
from harness.headunit.events.screen import PageTimer, Touched
from harness.headunit.render import Style, View, black, picture, target
from harness.vehicle.driving import DrivingState, Restrictions

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

ON = "on"
DARK = View("off")
MOST_LINES = 21
VOICE = {"listening", "sending", "prompt", "playing", "ringing", "call"}
PAGES: dict[str, tuple[str, ...]] = {
    "home": ("messages", "contacts", "settings"),
    "messages": ("back",),
    "contacts": ("back",),
    "settings": ("back", "language", "theme", "about"),
    "about": ("back",),
    "navigation": ("back",),
}
BACK = {"about": "settings"}

TABLE: Table = {(ON, Touched): (ON, ("touch",)), (ON, PageTimer): (ON, ("go_home",))}


def restrictions(unit: HeadUnit) -> Restrictions:
    return unit.vehicle.driving.allows(DrivingState(unit.states["driving"]))


def front(unit: HeadUnit) -> View:
    """The view that belongs in front now."""
    power, session = unit.states["power"], unit.states["session"]
    if power == "boot":
        return View("boot")
    if power not in ("run", "post_run"):
        return DARK
    if unit.ram.roles.get("camera.reverse") == "on":
        return View("reverse")
    if session in ("active", "leaving", "erasing"):
        voice = unit.states["voice"]
        voice = "listening" if voice == "stopped" else voice
        return _page(unit) if voice not in VOICE else _voice(unit, voice)
    if power == "post_run":
        return View("logged_out") if session == "goodbye" else DARK
    if session == "code_shown":
        return View("code", code=unit.tapped("code", unit.ram.code))
    if session in ("confirming", "opening"):
        return View("confirming")
    if session == "offline":
        return View("no_network")
    return View(unit.ram.notice if session == "notice" else "logged_out")


def _voice(unit: HeadUnit, voice: str) -> View:
    showing = unit.ram.user.showing
    if voice in ("prompt", "playing") and showing is not None:
        return View(voice, (_short(unit, showing.sender_name),))
    if voice in ("ringing", "call") and unit.ram.caller:
        return View(voice, (_short(unit, unit.ram.caller),))
    return View(voice)


def _page(unit: HeadUnit) -> View:
    page, user = unit.ram.page, unit.ram.user
    rules = restrictions(unit)
    most = min(MOST_LINES, rules.list_items or MOST_LINES)
    lines: tuple[str, ...] = ()
    if page == "messages":
        latest = user.messages[-most:][::-1]
        lines = tuple(
            _short(unit, f"{'  ' if m.played else '* '}{m.sender_name}  {KINDS.get(m.kind, '')}") for m in latest
        )
    elif page == "contacts":
        lines = tuple(_short(unit, name) for name in user.contacts[:most])
    elif page == "about":
        lines = (f"{unit.figures['software']}  {unit.figures['hardware']}",)
    elif page == "navigation":
        lines = (_short(unit, user.destination),) if rules.message_text and user.destination else ()
    elif page == "home":
        unread = sum(not m.played for m in user.messages)
        lines = (f"{unread} 条未读  {unread} unread",) if unread else ()
    return View(page, lines, PAGES[page])


def _short(unit: HeadUnit, line: str) -> str:
    longest = restrictions(unit).characters
    return line if longest is None or len(line) <= longest else line[: longest - 1] + "…"


class Screens:
    """``shown`` is the name of the view that is in front, as the unit tells the bus."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._view = DARK
        self._dark = False
        self.shown = "off"
        unit.ends.screen.on_touch(self._touched)

    def refresh(self) -> None:
        unit = self._unit
        if not unit.alive or unit.running("show"):
            return
        view = self._wanted()
        if view != self._view:
            name = "code_removed_after_moving" if self._view.code and not view.code else "screen_latency"
            when = unit.clock.now() + unit.figures[name]
            unit.quietly("show", when if self._view != DARK else max(when, unit.ram.lit_from), self._show)

    def _wanted(self) -> View:
        view: View | None = self._unit.tapped("view", front(self._unit))
        return view or DARK

    def _show(self) -> None:
        unit = self._unit
        self._view = view = self._wanted()
        self.shown = view.name
        if view == DARK:
            unit.ends.screen.show(black())
        else:
            icons = tuple(sorted(unit.vehicle.screens.items()))
            language = str(unit.ram.more.get("language", unit.figures["language"]))
            theme = int(unit.ram.more.get("theme", unit.figures["theme"]))
            unit.ends.screen.show(picture(view, Style(theme, language, icons)))
        unit.telegrams.refresh()

    def sleep(self) -> None:
        """Backlight off at once."""
        self._unit.stop("show")
        if self._view != DARK or not self._dark:
            self._view, self.shown, self._dark = DARK, "off", True
            self._unit.ends.screen.show(black())

    def die(self) -> None:
        self.sleep()

    def _touched(self, x: float, y: float) -> None:
        if self._unit.alive:
            self._unit.post(Touched(x, y))

    def under(self, x: float, y: float) -> str | None:
        """What lies under a finger on the view that is in front."""
        return target(self._view, x, y)


def touch(unit: HeadUnit, event: Event) -> None:
    """Follow a touch on a page; while something speaks or the screen is not a page, there is nothing to touch."""
    assert isinstance(event, Touched)
    name: str | None = unit.tapped("touch", unit.screens.under(event.x, event.y) or "")
    ram = unit.ram
    if not name or unit.states["session"] not in ("active", "leaving"):
        return
    unit.start("page", unit.figures["idle_to_background"], PageTimer())
    if name == "back":
        ram.page = BACK.get(ram.page, "home")
    elif name == "language":
        first = ram.more.get("language", unit.figures["language"])
        ram.more["language"] = "en" if first == "zh" else "zh"
    elif name == "theme":
        day = int(unit.figures["theme"])
        ram.more["theme"] = day + 1 if ram.more.get("theme", day) == day else day
    elif name in PAGES and (name not in ("settings", "about") or restrictions(unit).settings):
        ram.page = name


def go_home(unit: HeadUnit, event: Event) -> None:
    """Nobody has touched anything for a while: messaging and settings leave the foreground."""
    unit.ram.page = "navigation" if unit.ram.user.destination else "home"


def leave_forbidden_page(unit: HeadUnit, event: Event) -> None:
    """Driving has begun: what may not be in front any more goes."""
    rules, ram = restrictions(unit), unit.ram
    if ram.page in ("settings", "about") and not rules.settings:
        ram.page = "home"


ACTIONS: dict[str, Action] = {"touch": touch, "go_home": go_home, "leave_forbidden_page": leave_forbidden_page}
