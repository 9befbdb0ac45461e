"""Words of the table ``phone_call``: what becomes of messaging when a telephone call comes by hands-free.

Theory. The telephone outranks messaging; how far what was going on survives is the car's choice. There is no word for
sending what was half recorded. A state the table leaves out is not judged; the unit does the first word of its row.
"""

from __future__ import annotations

from harness.foundation.config import suggest

WORDS: dict[str, tuple[str, ...]] = {
    "prompt": ("keep", "drop"),
    "listening": ("discard",),
    "sending": ("finish", "discard"),
    "playing": ("stop", "pause"),
    "ringing": ("reject",),
    "call": ("hold", "end"),
}
"""State of messaging -> the words for it, the usual one first."""


def misfit(state: str, word: str) -> str | None:
    """What is wrong with ``state: word``, remedy included after ". "; None when it is right."""
    if state not in WORDS:
        return f"no such state of messaging. {suggest(state, WORDS)}"
    if word not in WORDS[state]:
        return f"{state} cannot be {word!r} under a telephone call. {suggest(word, WORDS[state])}"
    return None
