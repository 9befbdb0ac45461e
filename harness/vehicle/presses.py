"""What a row of short presses leaves in front, by the car's table of gestures, when nobody speaks and nothing waits.

Theory. A press belongs to the context it begins in. A press within the gap after the release of a first one is its
double, where that one's context has a double; the second of a pair is neither a press nor the first of another pair.
Nobody speaks, so what is sent is nothing; nothing was received, so there is nothing to play.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.foundation.units import Ns

IDLE = "idle"
LEADS_TO = {"listen": "listening", "undo": IDLE, "replay": IDLE, "send": IDLE, "discard": IDLE, "play": IDLE,
            "stop": IDLE, "hang_up": IDLE}  # fmt: skip
"""What is in front after an action; the others (none, ignore, stop_capture, answer) change nothing by themselves."""

Table = Mapping[str, Mapping[str, str]]


def front_after(table: Table, presses: Sequence[tuple[Ns, Ns]], gap: Ns, front: str = IDLE) -> str:
    """The context in front after ``presses`` (began, ended), each shorter than a long press; ``gap`` in ns."""
    first: tuple[str, Ns] | None = None
    for began, ended in presses:
        where = front if front in table else IDLE
        if first is not None and began - first[1] <= gap and "double" in table.get(first[0], {}):
            front = _acted(table[first[0]]["double"], front)
            first = None
        else:
            front = _acted(table.get(where, {}).get("press", ""), front)
            first = (where, ended)
    return front


def _acted(text: str, front: str) -> str:
    for part in text.split(","):
        front = LEADS_TO.get(part.strip().partition("@")[0], front)
    return front
