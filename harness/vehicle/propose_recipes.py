"""What happens to a car, as recipes of roles: those that a car's own roles allow are proposed for it.

A step of a role that the car lacks is left out; a recipe whose marked step goes is left out too, unless another step can
take the mark over (leaving is marked where the seat says it, else the key, the lock, the door).
"""

# ruff: noqa: E501 - tables read best with one entry on each line
from __future__ import annotations

from collections.abc import Mapping

Step = tuple[str, str | int, str]
"""(role, line or "wait"; state or time; mark or "")."""

INITIAL: dict[str, str | int] = {
    "ignition": "on", "engine": "off", "gear": "P", "brake": "released", "speed": 0, "seat.driver": "occupied",
    "seat.passenger": "empty", "belt.driver": "fastened", "door.driver": "closed", "door.passenger": "closed",
    "lock": "unlocked", "key": "in_car", "camera.reverse": "off", "warning.safety": "none", "phone.call_hfp": "idle",
    "network.vehicle_awake": "awake",
}  # fmt: skip

RECIPES: dict[str, tuple[Step, ...]] = {
    "driver_leaves": (("ignition", "off", ""), ("belt.driver", "open", ""), ("door.driver", "open", ""), ("wait", "500 ms", ""),
                      ("seat.driver", "empty", "left"), ("key", "out", ""), ("wait", "1 s", ""), ("door.driver", "closed", "")),
    "driver_leaves_and_returns_in_time": (
        ("ignition", "off", ""), ("belt.driver", "open", ""), ("door.driver", "open", ""), ("wait", "500 ms", ""),
        ("seat.driver", "empty", "left"), ("wait", "1400 ms", ""), ("seat.driver", "occupied", ""), ("wait", "200 ms", ""),
        ("door.driver", "closed", ""), ("belt.driver", "fastened", ""), ("ignition", "on", "")),
    "driver_returns": (("key", "in_car", ""), ("door.driver", "open", ""), ("wait", "300 ms", ""), ("seat.driver", "occupied", "sits"),
                       ("wait", "200 ms", ""), ("door.driver", "closed", ""), ("belt.driver", "fastened", ""), ("ignition", "on", "")),
    "driver_sits": (("key", "in_car", ""), ("door.driver", "open", ""), ("wait", "300 ms", ""), ("seat.driver", "occupied", "sits"),
                    ("wait", "500 ms", ""), ("door.driver", "closed", ""), ("belt.driver", "fastened", "")),
    "driver_leaves_engine_running": (("engine", "running", ""), ("belt.driver", "open", ""), ("door.driver", "open", ""), ("wait", "500 ms", ""),
                                     ("seat.driver", "empty", ""), ("wait", "500 ms", ""), ("key", "out", "left"), ("wait", "500 ms", ""),
                                     ("door.driver", "closed", "")),
    "passenger_sits": (("door.passenger", "open", ""), ("wait", "300 ms", ""), ("seat.passenger", "occupied", "sits"),
                       ("wait", "500 ms", ""), ("door.passenger", "closed", "")),
    "passenger_leaves": (("seat.passenger", "occupied", ""), ("wait", "1 s", ""), ("door.passenger", "open", ""), ("wait", "300 ms", ""),
                         ("seat.passenger", "empty", "left"), ("wait", "1 s", ""), ("door.passenger", "closed", "")),
    "engine_stop_start": (("engine", "running", ""), ("wait", "2 s", ""), ("engine", "auto_stop", "stopped"), ("wait", "8 s", ""),
                          ("engine", "running", "")),
    "driver_door_opens_seated": (("door.driver", "open", "open"), ("wait", "5 s", ""), ("door.driver", "closed", "")),
    "ignition_off_seated": (("ignition", "off", "off"),),
    "ignition_on": (("ignition", "on", "on"),),
    "seat_flickers": (("ignition", "off", ""), ("belt.driver", "open", ""), ("wait", "500 ms", ""), ("seat.driver", "empty", "flicker"),
                      ("wait", "1500 ms", ""), ("seat.driver", "occupied", "")),
    "drive_off": (("engine", "running", ""), ("brake", "pressed", ""), ("gear", "D", ""), ("wait", "500 ms", ""), ("brake", "released", ""),
                  ("wait", "300 ms", ""), ("speed", 5, "moving"), ("wait", "500 ms", ""), ("speed", 30, ""), ("wait", "1 s", ""), ("speed", 60, "")),
    "crawl": (("engine", "running", ""), ("gear", "D", ""), ("speed", 5, "moving")),
    "stop_in_traffic": (("brake", "pressed", ""), ("speed", 0, "standing"), ("wait", "200 ms", ""), ("brake", "released", "")),
    "park": (("brake", "pressed", ""), ("speed", 0, ""), ("wait", "500 ms", ""), ("gear", "P", "parked"), ("brake", "released", "")),
    "lock_outside": (("lock", "locked_outside", "locked"),),
    "unlock": (("lock", "unlocked", "unlocked"),),
    "seat_invalid": (("seat.driver", "invalid", "invalid"),),
    "reverse_in": (("brake", "pressed", ""), ("gear", "R", ""), ("reverse", "on", "reverse"), ("camera.reverse", "on", "")),
    "reverse_out": (("gear", "P", ""), ("reverse", "off", "out"), ("camera.reverse", "off", ""), ("brake", "released", "")),
    "speed_invalid": (("speed", "invalid", "invalid"),),
    "warning_on": (("warning.safety", "active", "warning"),),
    "warning_off": (("warning.safety", "none", "over"),),
    "phone_rings": (("phone.call_hfp", "ringing", "ringing"),),
    "phone_answered": (("phone.call_hfp", "active", "active"),),
    "phone_ends": (("phone.call_hfp", "idle", "ended"),),
    "car_sleeps": (("ignition", "off", ""), ("lock", "locked_outside", ""), ("wait", "1 s", ""), ("network.vehicle_awake", "asleep", "last_vote")),
}  # fmt: skip
_MARK_ELSE = {
    "driver_leaves": ("key", "door.driver"),
    "driver_returns": ("key", "ignition"),
    "driver_sits": ("key", "door.driver"),
    "car_sleeps": ("ignition",),
}
_NEEDS = {
    "driver_leaves_engine_running": ("engine",),
    "engine_stop_start": ("engine",),
    "seat_flickers": ("seat.driver",),
    "driver_leaves_and_returns_in_time": ("seat.driver",),
}
_LINES = ("wait", "reverse")


def recipes(roles: Mapping[str, frozenset[str]]) -> dict[str, list[Step]]:
    """The recipes of a car with these ``roles`` (role -> its states; a number role takes any number)."""
    found = {}
    by_key = "seat.driver" not in roles and {"in_car", "out"} <= roles.get("key", frozenset())
    for name, steps in RECIPES.items():
        steps = _by_key(steps) if by_key else steps
        if any(need not in roles for need in _NEEDS.get(name, ()) if not (by_key and need == "seat.driver")):
            continue
        kept = [
            s for s in steps if s[0] in _LINES or (s[0] in roles and (isinstance(s[1], int) or s[1] in roles[s[0]]))
        ]
        if not any(mark for _, _, mark in kept):
            kept = _marked(name, kept, next(mark for _, _, mark in steps if mark))
        while kept and kept[-1][0] == "wait":
            kept.pop()
        while kept and kept[0][0] == "wait":
            kept.pop(0)
        if any(mark for _, _, mark in kept):
            found[name] = kept
    return found


def _by_key(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Where no seat says who sits on it, the key says who is in the car."""
    if any(what == "key" and mark for what, _, mark in steps):
        return steps  # it is the key's already
    states: dict[str | int, str] = {"empty": "out", "occupied": "in_car"}
    return tuple(
        ("key", states.get(value, value), mark) if what == "seat.driver" else (what, value, mark)
        for what, value, mark in steps
        if what != "key"
    )


def _marked(name: str, steps: list[Step], mark: str) -> list[Step]:
    for role in _MARK_ELSE.get(name, ()):
        for i, (what, value, _) in enumerate(steps):
            if what == role:
                return [*steps[:i], (what, value, mark), *steps[i + 1 :]]
    return []


def presence(roles: Mapping[str, frozenset[str]]) -> dict[str, list[dict[str, str]]]:
    """By what the driver is there, has left, has locked; an empty ``present`` or ``left`` where no role says it."""
    seat, belt, door, key = (r in roles for r in ("seat.driver", "belt.driver", "door.driver", "key"))
    off = {"ignition": "off"} if "ignition" in roles else {}
    present: list[dict[str, str]] = []
    left: list[dict[str, str]] = []
    if seat:
        present.append({"seat.driver": "occupied"})
        left.append({"seat.driver": "empty", **off, **({"belt.driver": "open"} if belt else {})})
        if key:
            left.append({"seat.driver": "empty", "key": "out"})
    elif key:
        present.append({"key": "in_car"})
        left.append({"key": "out", **off})
        if "engine" in roles:
            left.append({"key": "out", "engine": "running"})
    elif belt:
        present.append({"belt.driver": "fastened"})
        left.append({"belt.driver": "open", **off, **({"door.driver": "open"} if door else {})})
    locked = [{"lock": "locked_outside"}] if "locked_outside" in roles.get("lock", ()) else []
    return {"present": present, "left": left, "locked": locked}
