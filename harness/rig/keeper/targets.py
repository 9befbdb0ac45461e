"""What may be asked of the keeper, by name: nothing else is ever called."""

from __future__ import annotations

ASKABLE: dict[str, frozenset[str]] = {
    "can": frozenset({"send", "cyclic", "stop"}),
    "restbus": frozenset(
        {"start", "stop_message", "silence", "set", "pulse", "reset", "send_event", "disturb", "running", "value"}
    ),
    "supply": frozenset({"set_voltage", "output", "profile", "read"}),
    "io": frozenset({"set"}),
    "task": frozenset({"replace", "stop", "sent"}),
    "active": frozenset({"end", "frames", "over"}),
}
"""Kind of target -> its methods and attributes. A target is "kind/name"."""
HANDLES = {"cyclic": "task", "disturb": "active"}
"""Methods whose result stays in the keeper: the caller gets "kind/number" for it."""
ON_THE_BUS = frozenset({"can", "restbus", "task", "active"})
"""What lives in the thread of the buses; the rest is in the thread of the instruments, which may take their time."""
