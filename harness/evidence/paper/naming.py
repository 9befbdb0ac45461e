"""What a limit is called in the report's language: its quantity, its bounds, and who set it.

Runs record quantities and sources in English. Those of our catalogue have Chinese words (``q_`` and ``l_`` in
``words.json``); what a project adds of its own, and the names of standards, stay as they were recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.evidence.wording import show_limit

Words = Mapping[str, str]

OURS = ("maker's value", "project figure")
"""Sources that a clause may follow which is plain language and not the name of a standard's clause."""
_FOR = "for "


def quantity(name: str, words: Words) -> str:
    """ "stuck_time" -> "stuck time"."""
    return words.get(f"q_{name}", name.replace("_", " "))


def bounds(limit: Mapping[str, Any], words: Words) -> str:
    """ "<= 250 ms", "for 3 s"."""
    text = show_limit(limit)
    return words["l_for"].format(duration=text.removeprefix(_FOR)) if text.startswith(_FOR) else text


def source(limit: Mapping[str, Any], words: Words) -> str:
    """Who set it, with the status where the source does not say it already."""
    recorded, status = str(limit.get("source") or ""), str(limit.get("status") or "")
    said = _source(recorded, words)
    if not status or status in recorded:
        return said
    return words["l_status"].format(source=said, status=words.get(f"l_{status}", status))


def _source(recorded: str, words: Words) -> str:
    for ours in OURS:
        if recorded.startswith(f"{ours} "):
            part = recorded.removeprefix(f"{ours} ")
            return words["l_part"].format(source=words[f"l_{ours}"], part=words.get(f"l_{part}", part))
    return words.get(f"l_{recorded}", recorded)
