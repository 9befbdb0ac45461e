"""What a head unit is made of, and how a car, a right variant or a defect changes it.

Theory. A unit is a value before it is a device: tables (what happens in which state), actions (what that does), figures
(how long, how loud) and taps (filters on what goes in and out). A ``Change`` is a function from one such value to the
next; builders here make the changes people write. A change that names something the unit does not have raises: a
defect that silently does nothing would pass for a defect that nobody can detect.

Conditions say from when on a filter or wrapper is at work. Their state is an ``int`` kept in ram or flash, as declared,
so that losing KL30 forgets it or not, as it would in the field.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from harness.foundation.errors import HarnessError
from harness.headunit.events.event import Event

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

Row = tuple[str, tuple[str, ...]]
Table = Mapping[tuple[str, type[Event]], Row]
Action = Callable[["HeadUnit", Event], None]
Wrapper = Callable[["HeadUnit", Event, Action], None]
Filter = Callable[[Any, "HeadUnit"], Any]
"""Value in, value out; None swallows it where swallowing makes sense."""
Kept = Literal["ram", "flash"]

TAPS = (
    "can_in",  # Heard -> Heard | None, before anything looks at it
    "can_out",  # Frame -> Frame | None, before it is queued
    "check",  # Checked of a wheel frame -> Checked, before the receiver's state machine
    "e2e",  # status name of the wheel message -> status name
    "role",  # RoleChanged -> RoleChanged | None
    "ear",  # int16 samples of a finished recording -> the same
    "gate",  # bool: this step of the microphone has speech in it
    "mouth",  # Utterance -> Utterance | None
    "music",  # float -> float: factor on the music that is aimed at
    "talk_out",  # int16 samples of a packet of a call, on their way out -> the same | None
    "talk_in",  # int16 samples of a packet of a call that has arrived -> the same | None
    "log_line",  # str -> str | None
    "view",  # View -> View
    "touch",  # target name -> target name | None
    "request",  # name of a call to the service -> the same | None
    "push",  # a server event -> the same | None
    "volt",  # float -> float
    "did",  # (identifier, bytes) -> (identifier, bytes)
    "uds",  # (request, functional, answer or None) -> the same
    "telegram",  # (role, state) -> (role, state)
    "code",  # text of the code as drawn
)


@dataclass(frozen=True)
class Condition:
    """When a tap or wrapper is at work. ``seen`` is told of each event of ``watch``, ``used`` of each use."""

    watch: type[Event] | None = None
    start: int = 0
    seen: Callable[[int], int] = lambda n: n
    used: Callable[[int], int] = lambda n: n
    holds: Callable[[int, HeadUnit], bool] = lambda n, unit: True
    kept: Kept = "ram"


def once_after(event: type[Event], kept: Kept = "ram") -> Condition:
    """From the first ``event`` on."""
    return Condition(watch=event, seen=lambda n: 1, holds=lambda n, unit: n > 0, kept=kept)


def after(count: int, kept: Kept = "ram") -> Condition:
    """From the use after ``count`` uses on."""
    return Condition(used=lambda n: n + 1, holds=lambda n, unit: n > count, kept=kept)


def every(count: int, kept: Kept = "ram") -> Condition:
    """Each ``count``-th use."""
    return Condition(used=lambda n: n + 1, holds=lambda n, unit: n > 0 and n % count == 0, kept=kept)


def while_in(table: str, *states: str) -> Condition:
    """While the machine ``table`` is in one of ``states``."""
    return Condition(holds=lambda n, unit: unit.states.get(table) in states)


@dataclass(frozen=True)
class Tap:
    """A filter, and when it is at work (None: always)."""

    filter: Filter
    when: Condition | None = None


@dataclass(frozen=True)
class Wrap:
    """A function round an action, outermost last, and when it is at work."""

    wrapper: Wrapper
    when: Condition | None = None


@dataclass(frozen=True)
class Blueprint:
    """Everything that makes one unit differ from another. Frozen: a change returns a new one."""

    tables: Mapping[str, Table]
    initial: Mapping[str, str]
    actions: Mapping[str, Action]
    figures: Mapping[str, Any]
    gestures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    taps: Mapping[str, tuple[Tap, ...]] = field(default_factory=lambda: dict.fromkeys(TAPS, ()))
    wraps: Mapping[str, tuple[Wrap, ...]] = field(default_factory=dict)
    ram: Mapping[str, Any] = field(default_factory=dict)
    flash: Mapping[str, Any] = field(default_factory=dict)
    """State that wrappers declare beside the core's own, with its first value."""


Change = Callable[[Blueprint], Blueprint]


def apply(base: Blueprint, *changes: Change) -> Blueprint:
    """``base`` after each of ``changes`` in turn. HarnessError names what a change asked for and the unit has not."""
    for change in changes:
        base = change(base)
    return base


def together(*changes: Change) -> Change:
    """Several changes as one."""
    return lambda base: apply(base, *changes)


def set_figure(name: str, value: Any) -> Change:
    """Give figure ``name`` another value (times in ns)."""

    def change(base: Blueprint) -> Blueprint:
        _known("figure", name, base.figures)
        return replace(base, figures={**base.figures, name: value})

    return change


def scale_figure(name: str, factor: float) -> Change:
    """Give figure ``name``, a number, ``factor`` times its value: as wrong in a car whose own figure is another one."""

    def change(base: Blueprint) -> Blueprint:
        _known("figure", name, base.figures)
        value = base.figures[name]
        scaled = round(value * factor) if isinstance(value, int) else value * factor
        return replace(base, figures={**base.figures, name: scaled})

    return change


def row(table: str, state: str, event: type[Event], to: str, *actions: str) -> Change:
    """Add or replace the row (state, event) of ``table``."""

    def change(base: Blueprint) -> Blueprint:
        _known("table", table, base.tables)
        states = _states(base, table)
        for name in (state, to):
            _known(f"state of {table}", name, states)
        for action in actions:
            _known("action", action, base.actions)
        changed = {**base.tables[table], (state, event): (to, actions)}
        return replace(base, tables={**base.tables, table: changed})

    return change


def drop(table: str, state: str, event: type[Event], action: str | None = None) -> Change:
    """Remove the row (state, event) of ``table``, or only ``action`` from it."""

    def change(base: Blueprint) -> Blueprint:
        _known("table", table, base.tables)
        rows = dict(base.tables[table])
        if (state, event) not in rows:
            raise HarnessError(f"{table} has no row ({state}, {event.__name__})")
        if action is None:
            del rows[(state, event)]
        else:
            to, actions = rows[(state, event)]
            _known(f"action of ({state}, {event.__name__}) in {table}", action, actions)
            rows[(state, event)] = (to, tuple(a for a in actions if a != action))
        return replace(base, tables={**base.tables, table: rows})

    return change


def wrap(
    action: str,
    wrapper: Wrapper,
    *,
    when: Condition | None = None,
    ram: Mapping[str, Any] | None = None,
    flash: Mapping[str, Any] | None = None,
) -> Change:
    """Put ``wrapper(unit, event, original)`` round ``action``. State it needs is declared, with its first value."""

    def change(base: Blueprint) -> Blueprint:
        _known("action", action, base.actions)
        return replace(
            base,
            wraps={**base.wraps, action: (*base.wraps.get(action, ()), Wrap(wrapper, when))},
            ram={**base.ram, **(ram or {})},
            flash={**base.flash, **(flash or {})},
        )

    return change


def tap(name: str, work: Filter, *, when: Condition | None = None) -> Change:
    """Add ``work(value, unit)`` to tap ``name``."""

    def change(base: Blueprint) -> Blueprint:
        _known("tap", name, base.taps)
        return replace(base, taps={**base.taps, name: (*base.taps[name], Tap(work, when))})

    return change


def gesture(context: str, kind: str, meaning: str) -> Change:
    """Let ``kind`` ("press", "long", "double") in ``context`` mean "action@press" or "action@release"."""

    def change(base: Blueprint) -> Blueprint:
        _known("gesture context", context, base.gestures)
        changed = {**base.gestures[context], kind: meaning}
        return replace(base, gestures={**base.gestures, context: changed})

    return change


def differing(one: Blueprint, other: Blueprint) -> frozenset[str]:
    """Names of the hooks in which two blueprints differ: "figures.long_press", "actions.erase_user_data", ..."""
    found = set()
    for part in ("tables", "initial", "actions", "figures", "gestures", "taps", "wraps", "ram", "flash"):
        a: Mapping[str, Any] = getattr(one, part)
        b: Mapping[str, Any] = getattr(other, part)
        found |= {f"{part}.{name}" for name in a.keys() | b.keys() if a.get(name) != b.get(name)}
    return frozenset(found)


def _states(base: Blueprint, table: str) -> set[str]:
    rows = base.tables[table]
    return {state for state, _ in rows} | {to for to, _ in rows.values()} | {base.initial[table]}


def _known(what: str, name: str, names: Iterable[str]) -> None:
    known = list(names)
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"
        raise HarnessError(f"unknown {what} {name!r}{hint}")
