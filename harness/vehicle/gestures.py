"""Words of the gesture table: context x gesture -> "action@moment", several divided by commas.

Theory. What a press means depends on what is in front when it begins. ``press`` is a single press, ``long`` one held
past the unit's long-press time, ``double`` a second press within the gap after the first release. "@press" acts at the
edge that makes the gesture certain (for ``long`` that is the instant the long-press time is over, the button still
held), "@release" at the release that follows. A gesture that is not in the table does nothing there.
"""

from __future__ import annotations

from harness.foundation.config import suggest

CONTEXTS = ("off", "idle", "prompt", "listening", "sending", "playing", "ringing", "call", "reverse", "warning")
GESTURES = ("press", "long", "double")
ACTIONS = (
    "none",
    "ignore",
    "listen",
    "undo",
    "replay",
    "stop_capture",
    "send",
    "discard",
    "play",
    "stop",
    "answer",
    "hang_up",
)
MOMENTS = ("press", "release")


def misfit(text: str) -> str | None:
    """What is wrong with "action@moment, ...", remedy included after ". "; None when it is right."""
    for part in text.split(","):
        action, at, moment = part.strip().partition("@")
        if action not in ACTIONS:
            return f"unknown action {action!r}. {suggest(action, ACTIONS)}"
        if not at:
            return f"the action {action!r} has no moment. Write {action}@press or {action}@release"
        if moment not in MOMENTS:
            return f"unknown moment {moment!r}. {suggest(moment, MOMENTS)}"
    return None
