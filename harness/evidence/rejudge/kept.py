"""Reading the files that a track names, with a word on each that is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.foundation.errors import BadInput
from harness.foundation.units import Ns
from harness.judging.tracks import RESTRICTED_FOLDER, Track


class LeftOut(Exception):
    """A restricted file is not here: what needs it cannot be judged again."""


class Kept:
    """The files of one track in a case's folder."""

    def __init__(self, folder: Path, track: Track) -> None:
        self.folder = folder
        self._name = str(track.more.get("original", "")) or track.file
        self._stamps = track.stamps

    @property
    def path(self) -> Path:
        """The track's own file: the original, where secrets were blanked in what everybody sees. As ``file``."""
        return self.file(self._name)

    def file(self, name: str) -> Path:
        """LeftOut for a restricted file that is not here, BadInput for any other."""
        path = self.folder / name
        if path.is_file():
            return path
        if name.startswith(f"{RESTRICTED_FOLDER}/"):
            raise LeftOut(f"{name} is not here: the pack was made without restricted recordings")
        raise BadInput(path, None, "", "a recording is missing", "Restore the file.")

    def stamps(self) -> list[tuple[Ns, Ns, Ns]] | None:
        """(t, early, late) of each line, where they are kept in a file of their own."""
        if not self._stamps:
            return None
        return [(row[0], row[1], row[2]) for row in rows(self.file(self._stamps), "t,early,late", (int, int, int))]

    def json_lines(self, name: str = "") -> list[dict[str, Any]]:
        """Of the track's own file, or of one beside it."""
        path = self.file(name) if name else self.path
        found = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                entry = json.loads(line)
            except ValueError as why:
                raise BadInput(path, number, line[:80], str(why), "Restore the recording.") from why
            if not isinstance(entry, dict):
                raise BadInput(path, number, line[:80], "is no record", "Restore the recording.")
            found.append(entry)
        return found


def rows(path: Path, header: str, kinds: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The lines of a CSV file whose fields hold no commas. BadInput for any other."""
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    if lines[0] != header:
        raise BadInput(path, 1, lines[0][:80], f"should be {header}", "Restore the recording.")
    for number, line in enumerate(lines[1:-1], 2):
        parts = line.split(",")
        try:
            yield tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
        except ValueError as why:
            raise BadInput(path, number, line[:80], str(why), "Restore the recording.") from why
