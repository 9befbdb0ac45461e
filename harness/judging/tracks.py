"""``recordings.json``: which files of a case's folder hold what was recorded, and how sure their stamps are.

Theory. The files are what everybody's tools read (candump, WAV, PNG, JSON lines); what those formats do not keep is
said once here: where a source began, up to where it had delivered everything, by how much its stamps may be wrong, how
long it may lag behind, whether the rig has it at all, and who may see it. With both, the recording that observations
read (harness/judging/recording.py) comes back from files as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.foundation.errors import BadInput
from harness.foundation.units import Ns

INDEX = "recordings.json"
SCHEMA = 1
RESTRICTED_FOLDER = "restricted"
SECRETS = "secrets.json"
"""In it: what checks looked for and must be found nowhere."""
SUPPLY_COLUMNS = ("t", "early", "late", "volts", "amperes", "volts_within", "amperes_within")
"""Of ``supply.csv``; the last two say how far from the truth a reading may be."""
SCREEN_COLUMNS = ("t", "early", "late", "file", "original")
"""Of ``screen.csv``; ``original`` is there where the picture shows a login code, which ``file`` has masked."""
OPEN, RESTRICTED = "open", "restricted"


@dataclass(frozen=True)
class Track:
    """One source, by the name observations call it: "can/body", "audio/amp.front_left", "screen", "account/driver"."""

    track: str
    file: str
    """Relative to the case's folder; "" where the source left nothing."""
    began: Ns
    seen_to: Ns
    stall: Ns
    offered: bool = True
    access: str = OPEN
    spread: tuple[Ns, Ns] | None = (0, 0)
    """All stamps of the file lie within [t - first, t + second]; None where ``stamps`` or the file itself says."""
    stamps: str = ""
    """A file that says ``early`` and ``late`` of each line, where no one spread does."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What only this kind of track has, such as the gaps of sound."""

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "track": self.track,
            "file": self.file,
            "access": self.access,
            "began": self.began,
            "seen_to": self.seen_to,
            "stall": self.stall,
            "offered": self.offered,
            "spread": None if self.spread is None else list(self.spread),
        }
        return {**data, **({"stamps": self.stamps} if self.stamps else {}), **self.more}


_OWN = {"track", "file", "access", "began", "seen_to", "stall", "offered", "spread", "stamps"}


def write_tracks(folder: Path, tracks: Sequence[Track]) -> None:
    """``recordings.json``, the same bytes for the same tracks."""
    data = {"schema": SCHEMA, "tracks": [track.to_json() for track in tracks]}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")


def read_tracks(folder: Path) -> dict[str, Track]:
    """By name. BadInput where there is none, or it is none that is known here."""
    path = folder / INDEX
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        schema, listed = data["schema"], data["tracks"]
        tracks = [_track(entry) for entry in listed] if schema == SCHEMA else []
    except FileNotFoundError:
        raise BadInput(
            path, None, "", "no index of recordings", "Run with recordings (no --hil-no-recordings)."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise BadInput(path, None, "", f"is no index of recordings: {why}", "Restore the file.") from why
    if schema != SCHEMA:
        raise BadInput(path, None, f"schema: {schema}", f"this harness reads schema {SCHEMA}", "Use a newer harness.")
    return {track.track: track for track in tracks}


def _track(entry: Mapping[str, Any]) -> Track:
    spread = entry["spread"]
    return Track(
        str(entry["track"]), str(entry["file"]), int(entry["began"]), int(entry["seen_to"]), int(entry["stall"]),
        bool(entry["offered"]), str(entry["access"]), None if spread is None else (int(spread[0]), int(spread[1])),
        str(entry.get("stamps", "")), {k: v for k, v in entry.items() if k not in _OWN},
    )  # fmt: skip
