"""The screen out of its pictures: those that show a login code from their originals, where these are there."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.evidence.rejudge.kept import Kept, rows
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.tracks import SCREEN_COLUMNS, Track
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Decoded:
    """Pixels by the file's content: cases show the same few pictures, and what was found on one is kept by its array
    (harness/judging/views.py)."""

    MOST = 64

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, NDArray[np.uint8]] = OrderedDict()

    def pixels(self, path: Path) -> NDArray[np.uint8]:
        """BadInput for a file that is no picture."""
        data = path.read_bytes()
        key = hashlib.sha256(data).digest()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _decode(path)
            if len(self._known) > self.MOST:
                self._known.popitem(last=False)
        return found


class RecordedScreen:
    """As ``ScreenPort.frames``. LeftOut where a picture that is asked for was left out of the pack."""

    def __init__(self, folder: Path, track: Track, decoded: Decoded) -> None:
        self._kept = Kept(folder, track)
        self._decoded = decoded
        kinds = (int, int, int, str, str)
        self._rows = list(rows(self._kept.path, ",".join(SCREEN_COLUMNS), kinds)) if track.file else []
        self._instants = [row[0] for row in self._rows]
        self._pixels: dict[str, NDArray[np.uint8]] = {}

    def between(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        first = max(bisect_right(self._instants, start) - 1, 0)
        return [self._picture(row) for row in self._rows[first : bisect_right(self._instants, stop)]]

    def _picture(self, row: tuple[int, int, int, str, str]) -> Picture:
        t, early, late, file, original = row
        name = original or file
        if name not in self._pixels:
            self._pixels[name] = self._decoded.pixels(self._kept.file(name))
        return Picture(Stamp(t, early, late), self._pixels[name])


def _decode(path: Path) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            pixels: NDArray[np.uint8] = np.array(image.convert("RGB"), np.uint8)
    except (UnidentifiedImageError, OSError, SyntaxError) as why:
        raise BadInput(path, None, "", f"is no picture: {why}", "Restore the recording.") from why
    pixels.flags.writeable = False
    return pixels
