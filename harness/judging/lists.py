"""How much there is to read on a picture: rows of a list, and characters of one string.

Theory. Nothing is known of the unit's layout. A list is the longest series of text boxes that begin at one edge and
follow each other at one pitch; boxes of further columns on the same rows are items too. A string's characters are
counted where a scenario has planted one of equal, unconnected strokes (a name of nothing but "l"): the alike marks that
stand in one row are its characters. Text of any other kind is not counted: that would need a reader for each script.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTRAST = 40
"""Brightness (of 255) by which writing differs from what it stands on."""
WORD_GAP = 25
"""Pixels between two pieces of one line at most."""
HEIGHTS = (12, 60)
STROKE = 10
"""Pixels that a character of a planted string is high at least."""
SAME_EDGE, SAME_ROW, SAME_SIZE = 20, 5, 2
WIDEST_PITCH = 120


class Box(NamedTuple):
    top: int
    left: int
    height: int
    width: int


def rows(pixels: NDArray[np.uint8]) -> int:
    """Items of the longest list on the picture; 0 where no two lines follow each other like one."""
    from scipy import ndimage

    ink = _ink(pixels)
    lines = ndimage.binary_dilation(ink, structure=_flat(WORD_GAP))
    boxes = [b for b in _boxes(lines) if HEIGHTS[0] <= b.height <= HEIGHTS[1]]
    tops = max((_series(boxes, box.left) for box in boxes), key=len, default=[])
    if len(tops) < 2:
        return 0
    return sum(any(abs(_middle(box) - top) <= 2 * SAME_ROW for top in tops) for box in boxes)


def strokes(pixels: NDArray[np.uint8]) -> int:
    """The most alike marks in one row."""
    marks = [box for box in _boxes(_ink(pixels)) if box.height >= STROKE]
    alike = Counter((box.top // SAME_ROW, box.height // SAME_SIZE, box.width // SAME_SIZE) for box in marks)
    return max(alike.values(), default=0)


def list_items(start: Stamp, stop: Stamp) -> Observation:
    """The most items of a list on any picture between two instants."""
    return _most("list_items", rows, "items of one list", start, stop)


def characters(start: Stamp, stop: Stamp) -> Observation:
    """The most characters of a planted string (see above) on any picture between two instants."""
    return _most("characters", strokes, "characters of one string", start, stop)


def _most(quantity: str, count: Any, what: str, start: Stamp, stop: Stamp) -> Observation:
    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("screen") < stop.t:
            return Undecided(stop.t)
        pictures: dict[int, Picture] = {id(p.pixels): p for p in recording.pictures(start.t, stop.t)}
        counts = {picture.stamp.t: count(picture.pixels) for picture in pictures.values()}
        at = max(counts, key=lambda t: counts[t])
        said = f"at most {counts[at]} {what} on {len(counts)} pictures, at {show_time(at)}"
        refs = ({"track": "screen", "t": at},)
        return Measurement(quantity, "1", Interval.exact(counts[at]), said, refs, (start.t, stop.t))

    arguments = {"start": list(start), "stop": list(stop)}
    return Observation(quantity, arguments, quantity, "screen", start, look, f"{what} on the screen")


def _series(boxes: list[Box], left: int) -> list[int]:
    """Middles of the longest run of boxes beginning at ``left`` that follow each other at one pitch."""
    middles = sorted({_middle(box) for box in boxes if abs(box.left - left) <= SAME_EDGE})
    best: list[int] = []
    for i, first in enumerate(middles):
        for second in middles[i + 1 :]:
            pitch = second - first
            if not HEIGHTS[0] < pitch <= WIDEST_PITCH:
                continue
            run = [first, second]
            while nearest := [m for m in middles if abs(m - run[-1] - pitch) <= SAME_ROW]:
                run.append(nearest[0])
            best = max(best, run, key=len)
    return best


def _middle(box: Box) -> int:
    return box.top + box.height // 2


def _ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import numpy as np

    grey = pixels.astype(np.float32).mean(axis=2)
    ink: NDArray[np.bool_] = np.abs(grey - np.median(grey)) > CONTRAST
    return ink


def _flat(width: int) -> NDArray[np.bool_]:
    import numpy as np

    return np.ones((1, width), bool)


def _boxes(ink: NDArray[np.bool_]) -> list[Box]:
    from scipy import ndimage

    labels, _ = ndimage.label(ink)
    found = ndimage.find_objects(labels)
    return [Box(r.start, c.start, r.stop - r.start, c.stop - c.start) for r, c in found]
