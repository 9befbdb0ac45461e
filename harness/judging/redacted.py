"""The last look at what a case leaves: recordings that hold a secret move to ``restricted/``, and a copy without it
takes their place.

A right unit gives no reason for it; a wrong one leaks, and that must be judged again by who is authorised, and seen by
nobody else. Stamps, lengths and everything that is no secret stay in the public copy. What cannot be told apart as a
text or a trace moves away altogether. ``recordings.json`` names the ``original``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.foundation.pseudonyms import PATTERNS, RESTRICTED, Pseudonyms, Secret
from harness.foundation.redaction import redact as redact_text
from harness.foundation.spellings import Hit, Needles

INDEX = "recordings.json"
TRACE, CONSOLE, SOUND = ".log", "console.log", ".wav"
OF_THE_DOOR = ("journal.jsonl", "pending.json", "meta.json", INDEX)
"""Written with pseudonyms already, or by this module."""
NO_TEXT = (".png", SOUND)


class Redacted(NamedTuple):
    """``file`` lost ``places`` stretches that spelled ``secrets`` (pseudonyms)."""

    file: str
    places: int
    secrets: tuple[str, ...]

    def __str__(self) -> str:
        where = f"the original is {RESTRICTED}/{self.file}"
        return f"{self.file}: {', '.join(self.secrets)} blanked in {self.places} place(s); {where}"


def redact_case(folder: Path, pseudonyms: Pseudonyms, *, shapes: bool = True) -> list[Redacted]:
    """Redact what ``folder`` shows everybody; what was done, by file. ``shapes``: also what on the console is known by
    its shape alone. OSError where it cannot be written."""
    if shapes:
        _learn_shapes(folder, pseudonyms)
    needles = pseudonyms.needles
    done = []
    for path in _texts(folder):
        raw = path.read_bytes()
        public, hits = _redacted(path.name, raw, needles)
        if not hits:
            continue
        move_away(path)
        path.write_bytes(public)
        names = Counter(pseudonyms.of(hit.text) for hit in hits)
        done.append(Redacted(path.name, len(hits), tuple(sorted(names))))
    _name_originals(folder, [one.file for one in done])
    return done


def withhold_sound(folder: Path) -> list[str]:
    """Move every recording of a line to the restricted part; their names."""
    moved = [move_away(path).name for path in sorted(folder.glob(f"*{SOUND}"))]
    _index(folder, lambda track: _withheld(track) if track["file"] in moved else track)
    return moved


def move_away(path: Path) -> Path:
    """Into the restricted folder beside it; the new path."""
    restricted = path.parent / RESTRICTED
    restricted.mkdir(mode=0o700, exist_ok=True)
    return path.replace(restricted / path.name)


def _redacted(name: str, raw: bytes, needles: Needles) -> tuple[bytes, list[Hit]]:
    if name == CONSOLE:
        from harness.console import redaction

        try:
            return redaction.redact(raw, needles)
        except ValueError:
            return redact_text(raw, needles)
    if name.endswith(TRACE):
        from harness.can.redaction import redact

        lines, told = redact(raw.splitlines(keepends=True), needles)
        public, hits = redact_text(b"".join(lines), needles)
        return public, [*(one.hit for one in told), *hits]
    return redact_text(raw, needles)


def _texts(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name not in OF_THE_DOOR and path.suffix not in NO_TEXT:
            yield path


def _learn_shapes(folder: Path, pseudonyms: Pseudonyms) -> None:
    """Addresses and telephone numbers on the console."""
    console = folder / CONSOLE
    if console.is_file():
        said = console.read_text(encoding="utf-8", errors="replace")
        pseudonyms.learn(Secret(kind, text) for kind, shape in PATTERNS for text in shape.findall(said))


def _name_originals(folder: Path, files: list[str]) -> None:
    if files:
        _index(folder, lambda t: {**t, "original": f"{RESTRICTED}/{t['file']}"} if t["file"] in files else t)


def _withheld(track: dict[str, Any]) -> dict[str, Any]:
    return {**track, "access": RESTRICTED, "file": f"{RESTRICTED}/{track['file']}"}


def _index(folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    path = folder / INDEX
    if path.is_file():
        data = json.loads(path.read_text(encoding="utf-8"))
        data["tracks"] = [change(track) for track in data["tracks"]]
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
