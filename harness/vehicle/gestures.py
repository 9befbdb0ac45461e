"""Words of the gesture table: context x gesture -> action, taken on press or on release.

Theory. What a press means depends on what is in front. ``press`` and ``release`` are the edges of a single press,
``long_press`` one held past the unit's long-press time, ``double_press`` a second press within the gap after the
first release. "action@moment" says at which edge the unit acts; a long press is decided at its release, so that both
sides of the limit can be tried with whole cycle times.
"""

from __future__ import annotations

from harness.foundation.config import suggest

CONTEXTS = ("off", "idle", "prompt", "listening", "sending", "playing", "ringing", "call", "reverse", "warning")
GESTURES = ("press", "release", "long_press", "double_press")
ACTIONS = (
    "ignore", "open", "undo", "replay", "stop_capture", "send", "discard", "play", "stop", "answer", "reject", "hang_up",
)  # fmt: skip
MOMENTS = ("press", "release")


def misfit(text: str) -> str | None:
    """What is wrong with "action@moment", remedy included after ". "; None when it is right."""
    action, at, moment = text.partition("@")
    if not at:
        return "no moment. Write action@press or action@release"
    if action not in ACTIONS:
        return f"unknown action {action!r}. {suggest(action, ACTIONS)}"
    if moment not in MOMENTS:
        return f"unknown moment {moment!r}. {suggest(moment, MOMENTS)}"
    return None
