"""The closed table of roles: what scenarios may ask of a car, whatever its signals are called.

Theory. A scenario says "the driver's seat" and never "BCM_Seats.DrvOccupied". The table names each role, the kinds it
may have, and the states a car must be able to tell apart. A name that is not in the table is a typo and gets a
suggestion. States marked optional by their absence here ("invalid") may be given and then can be stimulated.
"""

from __future__ import annotations

from typing import NamedTuple

BUTTON_KINDS = ("button.level", "button.event")
SNA = "invalid"
"""State name for "the sender has no valid value", whatever the value table calls it."""


class RoleRule(NamedTuple):
    """Kinds a role may have (the first is the default), states it must offer, whether it is a number with a unit."""

    kinds: tuple[str, ...]
    states: frozenset[str] = frozenset()
    unit: str | None = None
    """Not None: the role reads as a number; "" means without unit."""
    about: str = ""


def _button(about: str) -> RoleRule:
    return RoleRule(BUTTON_KINDS, frozenset({"pressed", "released"}), None, about)


def _states(about: str, *states: str) -> RoleRule:
    return RoleRule(("state",), frozenset(states), None, about)


ROLES: dict[str, RoleRule] = {
    "wheel.messaging": _button("the button that wakes messaging"),
    "wheel.next": _button("next"),
    "wheel.previous": _button("previous"),
    "wheel.volume_up": _button("louder"),
    "wheel.volume_down": _button("quieter"),
    "wheel.hangup": _button("ends a call"),
    "wheel.mute": _button("mutes"),
    "seat.driver": _states("who sits on the driver's seat", "occupied", "empty"),
    "seat.passenger": _states("who sits beside the driver", "occupied", "empty"),
    "belt.driver": _states("the driver's belt", "fastened", "open"),
    "door.driver": _states("the driver's door", "open", "closed"),
    "door.passenger": _states("the front passenger's door", "open", "closed"),
    "ignition": _states("position of the ignition", "off", "on"),
    "engine": _states("the engine", "off", "running"),
    "gear": _states("the selector lever", "P", "R", "N", "D"),
    "brake": _states("the brake pedal", "pressed", "released"),
    "speed": RoleRule(("number",), frozenset({SNA}), "km/h", "vehicle speed"),
    "lock": _states("central locking", "unlocked", "locked_outside"),
    "key": _states("where the key is", "in_car", "out"),
    "camera.reverse": _states("the reverse camera's picture", "off", "on"),
    "warning.safety": _states("a safety warning nothing may cover", "none", "active"),
    "network.vehicle_awake": RoleRule(("network",), frozenset({"awake"}), None, "network management of the body"),
    "network.head_unit": RoleRule(("network",), frozenset(), None, "the head unit's own network management"),
    "phone.call_hfp": _states("a phone call over hands-free", "idle", "ringing", "active"),
    "cluster.prompt": _states("what the cluster shows", "none", "new_message"),
    "amplifier.safety_chime": _states("a safety chime sounds", "none", "active"),
    "head_unit.app": _states(
        "what messaging does", "off", "idle", "prompt", "listening", "sending", "playing", "ringing", "call"
    ),
    "head_unit.session": _states(
        "the driver's login", "none", "logged_out", "code_shown", "confirming", "active", "leaving"
    ),
    "head_unit.unread": RoleRule(("number",), frozenset(), "", "messages received and not yet played"),
    "head_unit.audio": _states("what the loudspeakers carry", "silent", "media", "ducked", "voice"),
    "head_unit.alive": RoleRule(("number",), frozenset(), "", "alive counter of the head unit's status"),
    "head_unit.ready": _states("whether the head unit has started", "booting", "ready"),
    "head_unit.cluster": _states("what the head unit asks the cluster to show", "none", "new_message"),
    "head_unit.navigation": _states("whether navigation has a destination", "none", "guiding"),
    "head_unit.view": RoleRule(("state",), frozenset(), None, "the view the screen shows"),
}

WITNESSES = frozenset(
    {"screen", "speaker", "microphone", "console", "account", "diagnostics", "supply", "network", "camera"}
)
"""Ways to see or reach the unit besides its frames; a car's rig offers those it lists under ``witnesses``."""

NAVIGATION = "screen.navigation"
"""Need: the screen shows by a view of its own that navigation has a destination."""

ON_CAN = "button.on_can"
"""Need: at least one wheel button reaches the unit as a CAN frame, not by resistor ladder or LIN."""

COUNTED, CHECKED = "button.counter", "button.checksum"
"""Needs: the messaging button's message has a counter in each frame, a checksum."""

ON_CHANGE = "head_unit.on_change"
"""Need: some cyclic message of the unit is sent on change, too, and repeated (the database's send type)."""

PROFILES = frozenset({"cranking", "undervoltage", "overvoltage", "momentary_drop", "reset_dips", "jump_start"})
"""Voltage profiles a car may bring for the supply."""

IO_LINES = frozenset({"KL30", "KL15", "ACC", "reverse", "bus_short"})
"""Lines an event may switch and a mode may list."""

REQUIRED = frozenset({"wheel.messaging", "ignition", "speed", "gear"})
"""Without these no behaviour can be judged; a car that lacks one is refused. Others only narrow what applies."""
