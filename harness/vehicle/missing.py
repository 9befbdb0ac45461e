"""What a car lacks without being wrong: it runs, and somebody should know what that costs.

``missing(vehicle)`` looks at a car that loads; ``Offered`` says what a file that does not load yet would offer, so that
requirements can be held against it while it is being filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from harness.foundation.units import MS, S
from harness.vehicle.propose import is_checksum, is_counter
from harness.vehicle.roles import BUTTON_KINDS, CHECKED, COUNTED, ON_CAN, ON_CHANGE, ROLES, SNA
from harness.vehicle.vehicle import Vehicle

SCREENS = ("boot", "code", "home", "listening", "prompt", "call", "ringing", "no_network", "logged_out", "expired",
           "refused", "keyboard", "messages", "red_envelope", "transfer", "moments", "sticker", "picture", "video",
           "link")  # fmt: skip
"""The views that scenarios look for, or look out for."""
SOUNDS = ("chime", "end_tone", "prompt", "error")
"""The unit's own sounds that scenarios listen for."""
EVENTS = ("driver_leaves", "driver_returns", "driver_sits", "drive_off", "park", "ignition_on", "ignition_off_seated")
"""What happens to the car in the scenarios of every requirement about leaving and driving."""


LONG_PRESS, SCREEN = 800 * MS, 100 * MS
"""What a unit is built to where its car does not say it (harness/headunit/nominal.py)."""


class Lack(NamedTuple):
    """``what`` is not there, so ``cost``; ``remedy`` is what to write."""

    what: str
    cost: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}: {self.cost}. {self.remedy}"


def missing(vehicle: Vehicle) -> list[Lack]:
    """Protection, cycle times, pictures, sounds and recipes that the car's file does not have."""
    return [*_protection(vehicle), *_signs(vehicle), *_events(vehicle), *_states(vehicle), *_screen_for_bus(vehicle)]


def _protection(vehicle: Vehicle) -> Iterable[Lack]:
    seen = set()
    for role in vehicle.roles.values():
        place = (role.bus, role.message.name)
        if place in vehicle.protection or place in seen:
            continue
        seen.add(place)
        sums = [s.name for s in role.message.signals.values() if is_checksum(s)]
        counts = [s.name for s in role.message.signals.values() if is_counter(s)]
        if sums:
            yield Lack(
                f"protection of {'/'.join(place)}",
                f"{', '.join([*counts[:1], *sums[:1]])} look like a counter and a checksum, and stand still",
                f"Add it under protection if a receiver checks them; it carries {role.name}.",
            )


def _signs(vehicle: Vehicle) -> Iterable[Lack]:
    for witness, names, table, kind in (
        ("screen", SCREENS, vehicle.screens, "picture"),
        ("speaker", SOUNDS, vehicle.sounds, "sound"),
    ):
        absent = [name for name in names if name not in table]
        if witness in vehicle.witnesses and absent:
            cost = f"cases that look for {'it' if len(absent) == 1 else 'them'} cannot be judged"
            yield Lack(f"{kind} {', '.join(absent)}", cost, f"Add to {'screens' if kind == 'picture' else 'sounds'}.")


def _events(vehicle: Vehicle) -> Iterable[Lack]:
    for name in EVENTS:
        if name not in vehicle.events:
            yield Lack(f"event {name}", "cases that need it cannot be run", "Add its recipe under events.")


def _states(vehicle: Vehicle) -> Iterable[Lack]:
    for name, role in vehicle.roles.items():
        if role.kind in ("button.level", "state") and SNA not in role.values and not name.startswith("head_unit."):
            yield Lack(
                f"state invalid of {name}",
                "what the unit does with 'not available' cannot be tried",
                "Add invalid: under its values if the sender has such a value.",
            )


def _screen_for_bus(vehicle: Vehicle) -> Iterable[Lack]:
    """What the unit does not say on the bus is judged by its screen, which follows later."""
    latest = (int(vehicle.unit.get("long_press", LONG_PRESS)) + int(vehicle.unit.get("screen_latency", SCREEN))) / S
    held = vehicle.limits.get("BTN-02.long_press")
    levels = any(role.kind == "button.level" for role in vehicle.roles.values())
    if "head_unit.app" in vehicle.roles or not levels:
        return
    if held is None or (held.high is not None and held.high < latest):
        yield Lack(
            "room for the screen in BTN-02.long_press",
            f"without head_unit.app the screen says when a long press was taken, about {latest * 1000:.0f} ms after it",
            "Add the limit under limits, with the screen's time and one page of the wheel in its tolerance.",
        )


@dataclass(frozen=True)
class Offered:
    """What a car's file would offer once its marks are filled in."""

    names: frozenset[str]

    @classmethod
    def by(cls, data: Mapping[str, Any]) -> Offered:
        """``data``: the file as it was read, marks included."""
        roles = _table(data, "roles")
        names = {*roles, *_table(data, "events"), *_table(data, "modes"), *_table(data, "profiles")}
        names |= {f"screen.{name}" for name in _table(data, "screens")}
        names.add(ON_CHANGE)  # a matter of the databases, which are not read here
        names |= {str(w) for w in data.get("witnesses") or [] if isinstance(w, str)}
        for name, role in roles.items():
            fields = role if isinstance(role, Mapping) else {}
            kind = str(fields.get("kind") or (ROLES[name].kinds[0] if name in ROLES else ""))
            names.add(kind)
            if kind in BUTTON_KINDS and fields.get("via", "can") == "can":
                names.add(ON_CAN)
            if name == "wheel.messaging":
                place = str(fields.get("signal") or fields.get("message") or "").partition(".")[0]
                protection = _table(_table(data, "protection"), place)
                names |= {need for need in (COUNTED, CHECKED) if protection.get(need.removeprefix("button."))}
        return cls(frozenset(names))

    def has(self, need: str) -> bool:
        """As ``Vehicle.has``."""
        return any(part.strip() in self.names for part in need.split("|"))


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}
